// Stands in for `@tauri-apps/api/core` where there is no shell: a small valet in the page. `?sample=NAME`
// chooses its picture.

import { isYes } from '../lib/program';
import { freeName, nameFor } from '../lib/paste';
import type {
  Begun,
  Edit,
  Preview,
  NewServer,
  OwnClient,
  Report,
  Revocation,
  RevokedAll,
  RevokedOne,
  Server,
  Settings,
  StandingAnswer,
  View,
} from '../lib/types';
import { activity, BROKEN, SOUND_RECORD } from './activity';
import { CHANGED, CLIENTS, LOST, LYING, MOVES_PLANNED, PLANNED } from './clients';
import { LISTED } from './listed';
import { REPORT } from './report';
import { problem, server } from './pieces';
import { TOOLS } from './rules';
import { SAMPLES } from './samples';

const options = new URLSearchParams(location.search);
let view: View = (SAMPLES[options.get('sample') ?? 'list'] ?? SAMPLES.list ?? SAMPLES.first)!();
const SOUND: Report = { ...REPORT, outcome: 'works', steps: REPORT.steps.slice(0, 1) };
const NEEDS_CLIENT: Report = { ...SOUND, outcome: 'needs_client_id' };
let deliver: ((text: string) => void) | undefined;

export class Channel<T> {
  onmessage: (message: T) => void = () => undefined;
}

interface Call {
  method: string;
  path: string;
  body: Record<string, unknown> | null;
}

type Reply = { status: number; body: unknown };

export async function invoke(command: string, args: unknown): Promise<unknown> {
  if (command === 'close' || command === 'zoom') return null;
  if (command === 'icon') return icon((args as { name: string }).name);
  if (options.has('lost')) {
    if (command === 'events') (args as { channel: Channel<string> }).channel.onmessage(JSON.stringify(view));
    throw new Error('closed');
  }
  if (command === 'events') {
    const { channel } = args as { channel: Channel<string> };
    deliver = (text) => channel.onmessage(text);
    publish();
    return new Promise(() => undefined);
  }
  const { method, path, body } = args as Call;
  await new Promise((wake) => setTimeout(wake, path === '/v1/discover' ? 400 : 60));
  return answer(method, path, body ?? {});
}

/** As a desktop theme would have it. */
const icon = (name: string): string | null =>
  name === 'claude'
    ? `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="11" fill="#c96442"/><path d="M24 10v28M10 24h28M14 14l20 20M34 14 14 34" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>')}`
    : null;

const publish = (): void => deliver?.(JSON.stringify(view));
const good = (body: unknown = null): Reply => ({ status: body === null ? 204 : 200, body });
const bad = (detail: string, advice: string): Reply => ({ status: 502, body: problem({ detail, advice }) });

function draw(next: Partial<View>): void {
  view = { ...view, ...next };
  publish();
}

function alter(name: string, change: Partial<Server>): void {
  draw({ servers: view.servers.map((one) => (one.name === name ? { ...one, ...change } : one)) });
}

function clients(path: string): Reply {
  if (path.endsWith('/move/plan')) return good(MOVES_PLANNED);
  if (path.endsWith('/move') || path.endsWith('/change')) return good(CHANGED);
  if (path.endsWith('/secrets')) return good(LYING);
  if (path.endsWith('/plan') && options.has('ways')) return good({ ...PLANNED, files: [], lost: LOST });
  return good(path.endsWith('/plan') ? PLANNED : CLIENTS);
}

function answer(method: string, path: string, body: Record<string, unknown>): Reply {
  const [, , noun, part = '', verb] = path.split('/');
  const name = decodeURIComponent(part);
  if (noun === 'questions') return answered(Number(part));
  if (noun === 'discover') return discovered(String(body.url));
  if (noun === 'clients') return clients(path);
  if (noun === 'import') return good(view.servers.length === 0 ? { ...LISTED, others: [], notices: [] } : LISTED);
  if (noun === 'doctor') return good(options.has('sound') ? SOUND : options.has('client') ? NEEDS_CLIENT : REPORT);
  if (noun?.startsWith('activity')) return good(part.startsWith('check') ? checked() : activity(new URLSearchParams(path.split('?')[1])));
  if (noun === 'connected') return good({ programs: options.has('busy') ? ['Claude Code', 'Codex', 'Visual Studio Code'] : [] });
  if (noun === 'quit') return good();
  if (noun === 'demo') return added({ name: 'demo', url: 'http://127.0.0.1:8976/mcp' });
  if (noun === 'lock' || noun === 'unlock') return lock(noun === 'lock');
  if (noun === 'vault' || noun === 'backup' || noun === 'restore') return vault(part, body);
  if (noun === 'settings') return settings(body as Settings);
  if (noun === 'revoke') return revokedAll();
  if (noun === 'programs') return tookBack(name);
  if (noun === 'client-page') return good({ opened: !options.has('unopened') });
  if (noun === 'deeds') {
    draw({ deeds: view.deeds.filter((one) => one.id !== Number(part)) });
    return good();
  }
  if (noun === 'servers' && method === 'PUT' && verb === undefined) {
    const { name: to, url, scopes, folders } = body as unknown as Edit;
    alter(name, { name: to, url, scopes_configured: scopes ?? undefined, ...(folders ? { folders } : {}) });
    return good();
  }
  if (noun === 'servers' && part === '') return added(body as unknown as NewServer);
  if (method === 'DELETE' && verb === undefined) {
    draw({ servers: view.servers.filter((one) => one.name !== name) });
    return good({ revocation: revocation(name), removed: true });
  }
  switch (verb) {
    case 'said':
      return good({ lines: ['listening on standard input', 'GET /search 200 in 212 ms'] });
    case 'tools':
      return method === 'GET' ? good(options.get('sample') === 'ruled' ? TOOLS : []) : good();
    case 'client':
      alter(name, { state: 'authorization_required', attempt: 'none', client_id: (body as unknown as OwnClient).client_id });
      return good();
    case 'cancel':
      alter(name, { attempt: 'none', device: undefined, ...(stateOf(name) === 'waiting' && { state: 'authorization_required' }) });
      return good();
    case 'authorize':
      return body.device === true ? beganOnDevice(name) : begun(name);
    case 'decline':
      if (method === 'DELETE') {
        alter(name, { state: 'authorization_required', declined: false, declined_for_good: false });
        return good();
      }
      if (path.endsWith('/for-good')) {
        alter(name, { state: 'declined', declined: true, declined_for_good: true, attempt: 'none', device: undefined });
        return good();
      }
      alter(name, { state: 'declined', declined: true, attempt: 'none', device: undefined });
      return good();
    case 'revoke':
      alter(name, { state: 'authorization_required', grant: 'none', renews: false, scopes_granted: [] });
      return good(revocation(name));
    default:
      draw({ answers: view.answers.filter((one) => one.server !== name || one.mark !== body.mark) });
      return good();
  }
}

const stateOf = (name: string) => view.servers.find((one) => one.name === name)?.state;

function tookBack(mark: string): Reply {
  const goes = (one: StandingAnswer): boolean => one.mark === mark && isYes(one.consent);
  const servers = view.answers.filter(goes).map((one) => one.server);
  draw({ answers: view.answers.filter((one) => !goes(one)) });
  return good({ servers });
}

const revocation = (name: string): Revocation => ({
  server: name,
  refresh_token: 'revoked',
  access_token: 'revoked',
  wiped: true,
  client: 'kept',
});

/** The first server's provider takes its time, and the last does not answer at all. */
function revokedAll(): Reply {
  const granted = view.servers.filter((one) => one.grant !== 'none');
  const one = (server: Server, at: number): RevokedOne => ({
    server: server.name,
    listed: true,
    revocation:
      at === granted.length - 1
        ? { ...revocation(server.name), refresh_token: 'failed', access_token: 'failed', client: 'failed' }
        : { ...revocation(server.name), client: at === 0 ? 'not_offered' : 'deregistered' },
  });
  const done: RevokedAll = { done: true, servers: granted.map(one), answers_wiped: true };
  const servers = done.servers.map((row, at) => (at === 0 ? { server: row.server, listed: true } : row));
  draw({
    answers: [],
    servers: view.servers.map((one) => ({ ...one, state: 'authorization_required', grant: 'none', renews: false })),
    revoked_all: options.has('slow') ? { ...done, done: false, servers } : done,
  });
  return good(done);
}

const checked = () => (options.has('broken') ? BROKEN : options.has('unproven') ? { ...SOUND_RECORD, unvouched: 12, torn: 1, unchained: 40, summed: 210_000 } : SOUND_RECORD);

/** One more entry every few seconds, if that is asked for. */
if (options.has('busy')) setInterval(() => draw({ activity: view.activity + 1 }), 2_000);

function settings(set: Settings): Reply {
  draw({ agents: set.agents ?? view.agents, lock: set.lock ?? view.lock, start_at_login: set.start_at_login ?? view.start_at_login });
  return good();
}

function answered(id: number): Reply {
  const taken = view.questions.some((question) => question.id === id);
  draw({ questions: view.questions.filter((question) => question.id !== id) });
  return good({ taken });
}

function discovered(url: string): Reply {
  if (url.includes('nowhere')) {
    return bad(`${new URL(url).host} could not be reached`, `Check the network, and whether ${new URL(url).host} is right.`);
  }
  const found: Preview = {
    issuers: [url.includes('github') ? 'https://github.com/login/oauth' : new URL(url).origin],
    scopes: ['read', 'write', 'offline_access'],
    registers: !url.includes('github'),
    redirect_uri: 'http://localhost:3118/callback',
    client_page: url.includes('github') ? 'https://github.com/settings/developers' : null,
  };
  return good(found);
}

function added(body: NewServer): Reply {
  const url = body.url ?? '';
  const name = body.name ?? freeName(nameFor(url), view.servers.map((one) => one.name));
  if (!view.servers.some((one) => one.name === name)) draw({ servers: [...view.servers, server(name, url)] });
  return good({ name });
}

function begun(name: string): Reply {
  const state = stateOf(name) === 'ready' ? 'ready' : 'waiting';
  alter(name, { state, attempt: 'waiting', declined: false, declined_for_good: false });
  const reply: Begun = {
    server: name,
    authorization_url:
      'https://linear.app/oauth/authorize?response_type=code&client_id=5f1c9a7be204&redirect_uri=http%3A%2F%2F127.0.0.1%3A41763%2Fcallback&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=xyz',
    redirect_uri: 'http://127.0.0.1:41763/callback',
    expires_at: new Date(Date.now() + 600_000).toISOString(),
    opened: !options.has('unopened'),
  };
  return good(reply);
}

function beganOnDevice(name: string): Reply {
  if (options.has('nodevice')) {
    const refused = problem({
      detail: 'linear.app offers no sign-in on another device',
      advice: 'Sign in with `mcp-valet authorize SERVER --no-browser`, and take "device_code" out of oauth.grant.',
      reason: 'no_device_sign_in',
    });
    alter(name, { state: 'failed', attempt: 'failed', problem: refused });
    return { status: 502, body: refused };
  }
  const device = { user_code: 'WDJB-MJHT', verification_uri: 'https://linear.app/oauth/device' };
  alter(name, { state: 'waiting', attempt: 'waiting', declined: false, declined_for_good: false, device });
  const reply: Begun = {
    server: name,
    authorization_url: `${device.verification_uri}?user_code=${device.user_code}`,
    device,
    expires_at: new Date(Date.now() + 900_000).toISOString(),
    opened: false,
  };
  return good(reply);
}

function vault(verb: string, body: Record<string, unknown>): Reply {
  const wrong = { code: 'locked', detail: 'this is not the passphrase of the encrypted file', advice: 'Try again; nothing was changed.' } as const;
  if (body.passphrase === 'wrong') return { status: 423, body: problem({ ...wrong, reason: 'passphrase_wrong' }) };
  if (verb === 'mend') {
    draw({ locked: problem({ code: 'locked', detail: '', advice: '', reason: body.how === 'copy' ? 'passphrase_needed' : 'passphrase_unset' }) });
    return good();
  }
  if (verb === 'move') draw({ vault: body.to as View['vault'], vault_notices: [] });
  return verb === 'open' ? lock(false) : good();
}

function lock(on: boolean): Reply {
  const locked = problem({
    code: 'locked',
    detail: 'you locked MCP Valet',
    advice: 'Unlock MCP Valet where it runs, or restart it.',
    reason: 'locked_by_person',
  });
  draw({
    locked: on ? locked : null,
    locked_by: on ? 'person' : null,
    servers: view.servers.map((one) =>
      one.grant === 'live' ? { ...one, state: on ? 'locked' : 'ready' } : one,
    ),
  });
  return good();
}
