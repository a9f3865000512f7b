// The one way to the valet: calls through one command of the shell, events through one channel.

import { Channel, invoke } from '@tauri-apps/api/core';
import { say } from './say';
import type {
  Activity,
  Address,
  Answered,
  BackupFile,
  Begun,
  ClientStanding,
  Connected,
  Edit,
  Examine,
  FilesAgreed,
  FilesMeant,
  FilesPlanned,
  Forgotten,
  Forward,
  Listing,
  Mended,
  Move,
  MovesAgreed,
  MovesMeant,
  Name,
  NewForward,
  NewPassphrase,
  NewServer,
  Opened,
  OwnClient,
  Passphrase,
  Preview,
  Problem,
  Removed,
  Report,
  Revocation,
  RevokedAll,
  RulesSaid,
  SaidByProgram,
  SecretsLying,
  SetUpFile,
  Settings,
  SignIn,
  Taken,
  TakenBack,
  ToolSeen,
  ToolsSaid,
  TypedKey,
  Verified,
  View,
  WebClient,
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

/** What is said of an error that the valet did not tell of. */
function lost(error: unknown): { detail: string; advice: string } {
  if (error instanceof Lost) return { detail: say('window-lost-detail'), advice: say('window-lost-advice') };
  return { detail: say('window-unclear-detail'), advice: say('window-unclear-advice') };
}

/** The problem to show for whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  return { type: '', code: 'internal', title: '', status: 500, ...lost(error) };
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

export const answer = (question: number, answered: Answered): Promise<Taken> =>
  call('POST', `/v1/questions/${question}`, answered);
export const add = (server: NewServer): Promise<Name> => call('POST', '/v1/servers', server);
export const tryDemo = (): Promise<Name> => call('POST', '/v1/demo', {});
export const remove = (server: string): Promise<Removed> => call('DELETE', at(server));
export const edit = (server: string, wanted: Edit): Promise<void> => call('PUT', at(server), wanted);
export const authorize = (server: string, request: SignIn): Promise<Begun> =>
  call('POST', at(server, '/authorize'), request);
export const cancel = (server: string): Promise<void> => call('POST', at(server, '/cancel'), {});
export const decline = (server: string): Promise<void> => call('POST', at(server, '/decline'), {});
export const declineForGood = (server: string): Promise<void> => call('POST', at(server, '/decline/for-good'), {});
export const undecline = (server: string): Promise<void> => call('DELETE', at(server, '/decline'));
export const revoke = (server: string): Promise<Revocation> => call('POST', at(server, '/revoke'), {});
export const revokeAll = (): Promise<RevokedAll> => call('POST', '/v1/revoke', {});
export const putAway = (deed: number): Promise<void> => call('POST', `/v1/deeds/${deed}/seen`, {});
export const forget = (server: string, agent: Forgotten): Promise<void> => call('POST', at(server, '/forget'), agent);
export const setRules = (server: string, said: RulesSaid): Promise<void> => call('PUT', at(server, '/rules'), said);
export const tools = (server: string): Promise<ToolSeen[]> => call('GET', at(server, '/tools'));
export const sayOfTools = (server: string, said: ToolsSaid): Promise<Taken> => call('PUT', at(server, '/tools'), said);
export const takeBack = (program: string): Promise<TakenBack> =>
  call('POST', `/v1/programs/${encodeURIComponent(program)}/take-back`, {});
export const openClientPage = (address: Address): Promise<Opened> => call('POST', '/v1/client-page', address);
export const setClient = (server: string, client: OwnClient): Promise<void> => call('PUT', at(server, '/client'), client);
export const setKey = (server: string, key: string, typed: TypedKey): Promise<void> =>
  call('PUT', at(server, `/keys/${encodeURIComponent(key)}`), typed);
export const wipeKey = (server: string, key: string): Promise<void> => call('DELETE', at(server, `/keys/${encodeURIComponent(key)}`));
export const stop = (server: string): Promise<void> => call('POST', at(server, '/stop'), {});
export const said = (server: string): Promise<SaidByProgram> => call('GET', at(server, '/said'));
export const wake = (server: string, mark: string): Promise<void> => call('POST', at(server, '/wake'), { mark });
export const signInInstead = (server: string): Promise<void> => call('POST', at(server, '/sign-in-instead'), {});
export const discover = (address: Address): Promise<Preview> => call('POST', '/v1/discover', address);
export const elsewhere = (): Promise<Listing> => call('GET', '/v1/import');
export const forward = (asked: NewForward): Promise<Forward> => call('POST', '/v1/forwards', asked);
export const closeForward = (number: number): Promise<Forward> => call('DELETE', `/v1/forwards/${number}`);
export const takeBackWeb = (number: number): Promise<WebClient> => call('DELETE', `/v1/door/${number}`);
export const clients = (): Promise<ClientStanding[]> => call('GET', '/v1/clients');
export const planFiles = (meant: FilesMeant): Promise<FilesPlanned> => call('POST', '/v1/clients/plan', meant);
export const changeFiles = (agreed: FilesAgreed): Promise<SetUpFile[]> => call('POST', '/v1/clients/change', agreed);
export const lying = (): Promise<SecretsLying> => call('GET', '/v1/clients/secrets');
export const planMoves = (meant: MovesMeant): Promise<FilesPlanned> => call('POST', '/v1/clients/move/plan', meant);
export const move = (agreed: MovesAgreed): Promise<SetUpFile[]> => call('POST', '/v1/clients/move', agreed);
export const examine = (server: Examine): Promise<Report> => call('POST', '/v1/doctor', server);
export const set = (settings: Settings): Promise<void> => call('PUT', '/v1/settings', settings);
export const activity = (ask: Record<string, string>): Promise<Activity> => call('GET', `/v1/activity?${new URLSearchParams(ask)}`);
export const checkActivity = (): Promise<Verified> => call('GET', '/v1/activity/check');
export const connected = (): Promise<Connected> => call('GET', '/v1/connected');
export const quit = (): Promise<void> => call('POST', '/v1/quit', {});
export const lock = (): Promise<void> => call('POST', '/v1/lock', {});
export const unlock = (): Promise<void> => call('POST', '/v1/unlock', {});
export const openVault = (given: Passphrase): Promise<void> => call('POST', '/v1/vault/open', given);
export const changePassphrase = (given: NewPassphrase): Promise<void> => call('PUT', '/v1/vault/passphrase', given);
export const mendVault = (mended: Mended): Promise<void> => call('POST', '/v1/vault/mend', mended);
export const moveVault = (wanted: Move): Promise<void> => call('POST', '/v1/vault/move', wanted);
export const backUp = (file: BackupFile): Promise<void> => call('POST', '/v1/backup', file);
export const restore = (file: BackupFile): Promise<void> => call('POST', '/v1/restore', file);

/** Has the view drawn, now and whenever it changes. The promise settles when nothing more comes. */
export async function follow(draw: (view: View) => void): Promise<void> {
  const channel = new Channel<string>();
  channel.onmessage = (text) => draw(JSON.parse(text) as View);
  await invoke('events', { channel });
}

/** The picture of an icon of the desktop, as an address; nothing where there is none. */
export const icon = (name: string): Promise<string | null> => invoke<string | null>('icon', { name }).catch(() => null);

/** Closes the window; the valet goes on. */
export const close = (): Promise<void> => invoke('close');

/** Makes everything larger or smaller, also in the next window. */
export const zoom = (zoom: 'in' | 'out' | 'usual'): Promise<void> => invoke('zoom', { zoom });
