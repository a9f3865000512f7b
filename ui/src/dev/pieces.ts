// Pieces of pictures of the valet: servers, questions, and how they stand. None of this is in what people
// get.

import type { Problem, Question, Reason, Server, ServerState, View, Wish } from '../lib/types';

const MINUTE = 60_000;
export const from = (minutes: number): string => new Date(Date.now() + minutes * MINUTE).toISOString();

export function server(name: string, url: string, rest: Partial<Server> = {}): Server {
  return {
    name,
    url,
    state: 'authorization_required',
    grant: 'none',
    attempt: 'none',
    declined: false,
    declined_for_good: false,
    consent: 'none',
    scopes_wanted: [],
    scopes_granted: [],
    own_redirect_uri: 'http://localhost:3118/callback',
    renews: false,
    unattended: false,
    credential: 'sign_in',
    ...rest,
  };
}

export const problem = (rest: Partial<Problem>): Problem => ({
  type: 'urn:mcp-valet:failed',
  code: 'failed',
  title: 'Sign-in failed',
  status: 502,
  detail: 'linear.app answered with an error',
  advice: 'Try again later.',
  ...rest,
});

/** A valet with nothing in it. */
export const EMPTY: View = {
  servers: [],
  wanted: [],
  programs: [],
  forwards: [],
  web_clients: [],
  asleep: [],
  answers: [],
  questions: [],
  more_questions: 0,
  vault: 'keychain',
  agents: 'ask',
  rules: { read: 'free', change: 'free', destroy: 'free' },
  lock: { screen: false, suspend: true, idleMinutes: 0 },
  start_at_login: true,
  icon_shown: true,
  places: {
    home: '/home/ada',
    config: '/home/ada/.config/mcp-valet/config.json',
    log: '/home/ada/.local/state/mcp-valet/log',
    audit: '/home/ada/.local/state/mcp-valet/audit',
    socket: '/run/user/1000/mcp-valet/agent.sock',
    command: 'mcp-valet',
  },
  activity: 128,
  locked: null,
  locked_by: null,
  wanted_while_locked: null,
  trouble: null,
  vault_notices: [],
  notices: [],
  deeds: [],
  revoked_all: null,
};

export const ready = (name: string, url: string, rest: Partial<Server> = {}): Server =>
  server(name, url, {
    state: 'ready',
    grant: 'live',
    issuer: new URL(url).origin,
    resource: url,
    redirect_uri: 'http://127.0.0.1:41763/callback/5f1c9a7be204',
    renews: true,
    expires_at: from(47),
    ...rest,
  });

export const linear = ready('linear', 'https://mcp.linear.app/mcp', {
  scopes_wanted: ['read', 'write', 'issues:create'],
  scopes_granted: ['read', 'write'],
  last_used: from(-0.2),
  account: 'ada@example.com',
  client_id: '5f1c9a7be204',
});

export const servers: Server[] = [
  server('slack', 'https://mcp.slack.com/mcp', {
    state: 'lapsed',
    grant: 'lapsed',
    last_used: from(-60 * 26),
    problem: problem({
      code: 'lapsed',
      detail: 'the sign-in to "slack" has ended: slack.com no longer accepts it',
      advice: 'Run `mcp-valet authorize slack` to sign in again.',
    }),
  }),
  server('entra-files', 'https://files.contoso.example/mcp', {
    state: 'failed',
    attempt: 'failed',
    problem: problem({
      code: 'failed',
      detail: 'login.microsoftonline.com answered "invalid_target": AADSTS9010010: the resource is not the one of the scopes',
      advice: 'Set oauth.resource to the identifier that the operator names, or to "omit".',
      reason: 'provider_error',
    }),
  }),
  server('github', 'https://api.githubcopilot.com/mcp/', {
    state: 'needs_client_id',
    attempt: 'needs_client_id',
    client_page: 'https://github.com/settings/developers',
    problem: problem({
      code: 'failed',
      detail: 'github.com registers no programs by itself',
      advice: 'Register a client there and set oauth.clientId (and oauth.clientSecret if you got one).',
      reason: 'registration_missing',
    }),
  }),
  server('atlassian', 'https://mcp.atlassian.com/v1/mcp', {
    state: 'choosing_issuer',
    attempt: 'choosing_issuer',
    issuers: ['https://auth.atlassian.com', 'https://atlassian-eu.okta.example/oauth2/default'],
  }),
  server('notion', 'https://mcp.notion.com/mcp', { state: 'waiting', attempt: 'waiting' }),
  server('sentry', 'https://mcp.sentry.dev/mcp', { added_by: 'Claude Code' }),
  linear,
  ready('figma', 'https://mcp.figma.com/mcp', { last_used: from(-14) }),
  ready('stripe', 'https://mcp.stripe.com/', { last_used: from(-60 * 5) }),
  server('hugging-face', 'https://huggingface.co/mcp', { state: 'declined', declined: true }),
  server('canva', 'https://mcp.canva.com/mcp', { state: 'declined', declined: true, declined_for_good: true }),
];

export const wish = (server: string, host: string): Wish => ({
  server,
  host,
  account: null,
  folder: null,
  resource: null,
  form: 'token',
  scopes: ['read', 'write'],
  lives: 3600,
  before: null,
});

export const question = (id: number, agent: string, name: string, host: string): Question => ({
  id,
  about: {
    kind: 'use',
    agent,
    icon: agent === 'Claude Code' ? 'claude' : null,
    executable: '/home/ada/.local/share/claude/versions/2.1.30/claude',
    by: null,
    servers: [wish(name, host)],
    longest: 'always',
    suggested: { reach: 'everything', lasts: 'for_now' },
  },
});

/** The same question about something else. */
export function asks({ wish: other = {}, ...rest }: Partial<Extract<Question['about'], { kind: 'use' }>> & { wish?: Partial<Wish> }): Question {
  const asked = question(7, 'Claude Code', 'linear', 'mcp.linear.app');
  if (asked.about.kind !== 'use') return asked;
  const servers = asked.about.servers.map((one) => ({ ...one, ...other }));
  return { ...asked, about: { ...asked.about, servers, ...rest } };
}

export const base: View = {
  ...EMPTY,
  servers,
  answers: [
    {
      server: 'linear',
      mark: '1',
      icon: 'claude',
      executable: '/home/ada/.local/share/claude/versions/2.1.30/claude',
      consent: {
        name: 'Claude Code',
        answer: 'allowed_always',
        scopes: ['read', 'write'],
        form: 'token',
        reach: 'everything',
        since: from(-60 * 24 * 9),
        last_used: from(-4),
        uses: 212,
      },
    },
    {
      server: 'linear',
      mark: '2',
      icon: null,
      executable: '/usr/local/bin/codex',
      consent: { name: 'codex', answer: 'denied_always', scopes: [], form: 'proxied', reach: 'everything', since: from(-90), last_used: null, uses: 0 },
    },
    {
      server: 'figma',
      mark: '1',
      icon: 'claude',
      executable: '/home/ada/.local/share/claude/versions/2.1.30/claude',
      consent: { name: 'Claude Code', answer: 'allowed_for_now', scopes: null, form: 'proxied', reach: 'everything', since: from(-40), last_used: null, uses: 0 },
    },
    {
      server: 'slack',
      mark: '1',
      icon: 'claude',
      executable: '/home/ada/.local/share/claude/versions/2.1.30/claude',
      consent: { name: 'Claude Code', answer: 'denied_for_now', scopes: [], form: 'token', reach: 'everything', since: from(-12), last_used: null, uses: 0 },
    },
  ],
};

export const asked = question(7, 'Claude Code', 'linear', 'mcp.linear.app');

export const many = (): Server[] => {
  const states: ServerState[] = ['ready', 'ready', 'ready', 'lapsed', 'ready', 'authorization_required', 'declined'];
  return Array.from({ length: 200 }, (_, at) => {
    const state = states[at % states.length] ?? 'ready';
    const url = `https://mcp.team-${at + 1}.example.com/mcp`;
    return state === 'ready' ? ready(`team-${at + 1}`, url) : server(`team-${at + 1}`, url, { state });
  });
};

export const locked = (view: View): View => ({
  ...view,
  locked: problem({
    code: 'locked',
    detail: 'the keychain is locked',
    advice: 'Unlock your login keychain (signing in to the desktop does it), then try again.',
    reason: 'keychain_locked',
  }),
  servers: view.servers.map((one) => (one.grant === 'live' ? { ...one, state: 'locked' } : one)),
});

export const shut = (view: View, vault: View['vault'], reason: Reason, detail: string): View => ({
  ...locked(view),
  vault,
  locked: problem({ code: 'locked', detail, advice: '', reason }),
});
