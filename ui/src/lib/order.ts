// Which server comes first: what waits for the person, then what works, then what may rest.

import type { Server, ServerState, View } from './types';

export type Group = 'attention' | 'ready' | 'resting';

const RANK: Record<ServerState, number> = {
  lapsed: 0,
  registration_lost: 0,
  failed: 1,
  needs_client_id: 2,
  choosing_issuer: 3,
  waiting: 4,
  authorization_required: 5,
  locked: 6,
  ready: 7,
  declined: 8,
};

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function groupOf(server: Server): Group {
  if (server.state === 'declined') return 'resting';
  return server.state === 'ready' ? 'ready' : 'attention';
}

/** The servers that match `filter`, attention first. Those that an agent waits for come before all others. */
export function ordered(view: View, filter = ''): Server[] {
  const wanted = new Set(view.wanted.map((one) => one.server));
  const rank = (server: Server): number => (wanted.has(server.name) && server.state !== 'ready' ? -1 : RANK[server.state]);
  return view.servers
    .filter((server) => matches(server, filter))
    .sort((one, other) => rank(one) - rank(other) || names.compare(one.name, other.name));
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
