// The one way to the valet: calls through one command of the shell, events through one channel.

import { Channel, invoke } from '@tauri-apps/api/core';
import { strings } from './strings';
import type {
  Activity,
  Address,
  Answered,
  AuthorizeRequest,
  Begun,
  Examine,
  Forgotten,
  Found,
  Listing,
  Name,
  NewServer,
  OwnClient,
  Mended,
  Move,
  NewPassphrase,
  Passphrase,
  Problem,
  Removed,
  Report,
  Revocation,
  RevokedAll,
  Settings,
  Taken,
  Verified,
  View,
} from './types';

interface Reply {
  status: number;
  body: unknown;
}

/** What a call did not do, in the words of the valet. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Nobody answers at the other end. */
export class Lost extends Error {}

/** The problem to show for whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  return { type: '', code: 'internal', title: '', status: 500, ...(error instanceof Lost ? strings.lost : strings.unclear) };
}

async function call<T>(method: string, path: string, body: object | null = null): Promise<T> {
  let reply: Reply;
  try {
    reply = await invoke<Reply>('call', { method, path, body });
  } catch {
    throw new Lost();
  }
  if (reply.status < 400) return reply.body as T;
  throw isProblem(reply.body) ? new Refused(reply.body) : new Error(`status ${reply.status}`);
}

const isProblem = (body: unknown): body is Problem => typeof body === 'object' && body !== null && 'detail' in body && 'advice' in body;

const at = (server: string, verb = ''): string => `/v1/servers/${encodeURIComponent(server)}${verb}`;

export const answer = (question: number, { answer }: Answered): Promise<Taken> =>
  call('POST', `/v1/questions/${question}`, { answer });
export const add = (server: NewServer): Promise<Name> => call('POST', '/v1/servers', server);
export const remove = (server: string): Promise<Removed> => call('DELETE', at(server));
export const authorize = (server: string, request: AuthorizeRequest): Promise<Begun> =>
  call('POST', at(server, '/authorize'), request);
export const decline = (server: string): Promise<void> => call('POST', at(server, '/decline'), {});
export const declineForGood = (server: string): Promise<void> => call('POST', at(server, '/decline/for-good'), {});
export const undecline = (server: string): Promise<void> => call('DELETE', at(server, '/decline'));
export const revoke = (server: string): Promise<Revocation> => call('POST', at(server, '/revoke'), {});
export const revokeAll = (): Promise<RevokedAll> => call('POST', '/v1/revoke', {});
export const putAway = (deed: number): Promise<void> => call('POST', `/v1/deeds/${deed}/seen`, {});
export const forget = (server: string, agent: Forgotten): Promise<void> => call('POST', at(server, '/forget'), agent);
export const setClient = (server: string, client: OwnClient): Promise<void> => call('PUT', at(server, '/client'), client);
export const discover = (address: Address): Promise<Found> => call('POST', '/v1/discover', address);
export const elsewhere = (): Promise<Listing> => call('GET', '/v1/import');
export const examine = (server: Examine): Promise<Report> => call('POST', '/v1/doctor', server);
export const set = (settings: Settings): Promise<void> => call('PUT', '/v1/settings', settings);
export const activity = (ask: Record<string, string>): Promise<Activity> => call('GET', `/v1/activity?${new URLSearchParams(ask)}`);
export const checkActivity = (): Promise<Verified> => call('GET', '/v1/activity/check');
export const lock = (): Promise<void> => call('POST', '/v1/lock', {});
export const unlock = (): Promise<void> => call('POST', '/v1/unlock', {});
export const openVault = (given: Passphrase): Promise<void> => call('POST', '/v1/vault/open', given);
export const changePassphrase = (given: NewPassphrase): Promise<void> => call('PUT', '/v1/vault/passphrase', given);
export const mendVault = (mended: Mended): Promise<void> => call('POST', '/v1/vault/mend', mended);
export const moveVault = (wanted: Move): Promise<void> => call('POST', '/v1/vault/move', wanted);

/** Has the view drawn, now and whenever it changes. The promise settles when nothing more comes. */
export async function follow(draw: (view: View) => void): Promise<void> {
  const channel = new Channel<string>();
  channel.onmessage = (text) => draw(JSON.parse(text) as View);
  await invoke('events', { channel });
}

/** The picture of an icon of the desktop, as an address; nothing where there is none. */
export const icon = (name: string): Promise<string | null> => invoke<string | null>('icon', { name }).catch(() => null);
