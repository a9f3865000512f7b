// Which server comes first: what waits for the person, then what works, then what may rest.

import { locale } from './say';
import type { Server, ServerState, View } from './types';

export type Group = 'attention' | 'ready' | 'resting';

const RANK: Record<ServerState, number> = {
  lapsed: 0,
  registration_lost: 0,
  key_refused: 0,
  failed: 1,
  needs_client_id: 2,
  choosing_issuer: 3,
  waiting: 4,
  authorization_required: 5,
  key_required: 5,
  locked: 6,
  opening: 6,
  ready: 7,
  declined: 8,
};

const names = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });

export function groupOf(server: Server): Group {
  if (server.state === 'declined') return 'resting';
  return server.state === 'ready' || server.state === 'opening' ? 'ready' : 'attention';
}

/**
 * What somebody waits for: each server that a question is about, each question about none, and each server
 * that a program wants signed in to and no question is about.
 */
export function waiting(view: View): number {
  const subjects = view.questions.map(({ about }) => ('servers' in about ? about.servers.map((one) => one.server) : 'server' in about ? [about.server] : ['']));
  const asked = new Set(subjects.flat());
  const wanted = new Set(view.wanted.map((one) => one.server).filter((server) => !asked.has(server)));
  return subjects.flat().length + view.more_questions + wanted.size;
}

/** The servers that match `filter`, attention first. Those that an agent waits for come before all others. */
export function ordered(view: View, filter = ''): Server[] {
  const wanted = new Set(view.wanted.map((one) => one.server));
  const rank = (server: Server): number => (wanted.has(server.name) && server.state !== 'ready' ? -1 : RANK[server.state]);
  return view.servers
    .filter((server) => matches(server, filter))
    .sort((one, other) => rank(one) - rank(other) || names.compare(one.name, other.name));
}

/** The addresses that several servers share: those are accounts of one thing. */
export function shared(servers: Server[]): Set<string> {
  const seen = new Set<string>();
  return new Set(servers.map((server) => server.url).filter((url) => seen.has(url) || !seen.add(url)));
}

/** All words of `filter` have to be somewhere in name or address. */
function matches(server: Server, filter: string): boolean {
  const text = `${server.name} ${server.url}`.toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

export interface Section {
  group: Group;
  servers: Server[];
}

/** The same in sections; an empty one is left out. */
export function sections(servers: Server[]): Section[] {
  const groups: Group[] = ['attention', 'ready', 'resting'];
  return groups
    .map((group) => ({ group, servers: servers.filter((server) => groupOf(server) === group) }))
    .filter((section) => section.servers.length > 0);
}

export interface Scope {
  name: string;
  wanted: boolean;
  granted: boolean;
}

/** The scopes of a server, each with whether it was wanted and granted; what is missing comes first. */
export function scopes(server: Server): Scope[] {
  const wanted = new Set(server.scopes_wanted);
  const granted = new Set(server.scopes_granted);
  const all = [...new Set([...server.scopes_wanted, ...server.scopes_granted])];
  return all
    .map((name) => ({ name, wanted: wanted.has(name), granted: granted.has(name) }))
    .sort((one, other) => Number(one.granted) - Number(other.granted));
}
