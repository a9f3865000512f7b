// Pictures of the valet to look at the window with. None of this is in what people get.

import type { Problem, Question, Reason, Server, ServerState, View } from '../lib/types';

const MINUTE = 60_000;
const from = (minutes: number): string => new Date(Date.now() + minutes * MINUTE).toISOString();

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
  answers: [],
  questions: [],
  more_questions: 0,
  vault: 'keychain',
  agents: 'ask',
  lock: { screen: false, suspend: true, idleMinutes: 0 },
  start_at_login: true,
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

const ready = (name: string, url: string, rest: Partial<Server> = {}): Server =>
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

const linear = ready('linear', 'https://mcp.linear.app/mcp', {
  scopes_wanted: ['read', 'write', 'issues:create'],
  scopes_granted: ['read', 'write'],
  last_used: from(-0.2),
  account: 'ada@example.com',
  client_id: '5f1c9a7be204',
});

const servers: Server[] = [
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

export const question = (id: number, agent: string, name: string, host: string): Question => ({
  id,
  about: {
    kind: 'use',
    agent,
    icon: agent === 'Claude Code' ? 'claude' : null,
    executable: '/home/ada/.local/share/claude/versions/2.1.30/claude',
    by: null,
    server: name,
    host,
    resource: null,
    form: 'token',
    scopes: ['read', 'write'],
    lives: 3600,
    before: null,
    answers: ['allow_once', 'allow_session', 'allow_always', 'deny', 'deny_always'],
  },
});

/** The same question about something else. */
function asks(rest: Partial<Extract<Question['about'], { kind: 'use' }>>): Question {
  const asked = question(7, 'Claude Code', 'linear', 'mcp.linear.app');
  return { ...asked, about: { ...asked.about, ...rest } as Question['about'] };
}

const base: View = {
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
      consent: { name: 'codex', answer: 'denied_always', scopes: [], form: 'proxied', since: from(-90), last_used: null, uses: 0 },
    },
  ],
};

const asked = question(7, 'Claude Code', 'linear', 'mcp.linear.app');

const many = (): Server[] => {
  const states: ServerState[] = ['ready', 'ready', 'ready', 'lapsed', 'ready', 'authorization_required', 'declined'];
  return Array.from({ length: 200 }, (_, at) => {
    const state = states[at % states.length] ?? 'ready';
    const url = `https://mcp.team-${at + 1}.example.com/mcp`;
    return state === 'ready' ? ready(`team-${at + 1}`, url) : server(`team-${at + 1}`, url, { state });
  });
};

const locked = (view: View): View => ({
  ...view,
  locked: problem({
    code: 'locked',
    detail: 'the keychain is locked',
    advice: 'Unlock your login keychain (signing in to the desktop does it), then try again.',
    reason: 'keychain_locked',
  }),
  servers: view.servers.map((one) => (one.grant === 'live' ? { ...one, state: 'locked' } : one)),
});

const shut = (view: View, vault: View['vault'], reason: Reason, detail: string): View => ({
  ...locked(view),
  vault,
  locked: problem({ code: 'locked', detail, advice: '', reason }),
});

export const SAMPLES: Record<string, () => View> = {
  first: () => ({ ...base, servers: [], answers: [] }),
  one: () => ({
    ...base,
    answers: [],
    servers: [server('demo', 'http://127.0.0.1:8976/mcp')],
  }),
  ways: () => ({
    ...base,
    servers: [
      server('sentry', 'https://mcp.sentry.dev/mcp'),
      server('nightly', 'https://reports.contoso.example/mcp', { state: 'ready', unattended: true, scopes_wanted: ['reports:read'] }),
      server('robots', 'https://robots.contoso.example/mcp', {
        state: 'failed',
        attempt: 'failed',
        unattended: true,
        problem: problem({ detail: 'login.contoso.example does not know the client', advice: 'Check `oauth.clientId`.', reason: 'invalid_client' }),
      }),
      ready('wiki', 'https://wiki.contoso.example/mcp', {
        problem: problem({
          detail: 'login.contoso.example issued an access token for another resource: https://graph.contoso.example',
          advice: 'Tell the server\'s operator. If the operator confirms that this is meant, set "verify": "off" for this server.',
          reason: 'token_wrong',
        }),
      }),
      server('elsewhere', 'https://mcp.example.com/mcp', {
        state: 'waiting',
        attempt: 'waiting',
        device: { user_code: 'BCDFGHJK-LMNPQRST', verification_uri: 'https://login.microsoftonline.com/common/oauth2/deviceauth' },
      }),
    ],
  }),
  list: () => ({ ...base, questions: [asked], wanted: [{ server: 'sentry', agent: 'codex' }] }),
  calm: () => ({ ...base, servers: servers.filter((one) => one.state === 'ready') }),
  deeds: () => ({
    ...base,
    servers: servers.filter((one) => one.state === 'ready'),
    deeds: [
      { id: 1, agent: 'curl', what: 'revoked', server: 'github' },
      { id: 2, agent: 'claude-code', what: 'declined', server: 'hugging-face' },
    ],
  }),
  question: () => ({ ...base, questions: [asked] }),
  wider: () => ({
    ...base,
    questions: [
      asks({
        form: 'proxied',
        scopes: ['read', 'write', 'issues:create', 'comments:create'],
        before: { form: 'proxied', new_scopes: ['issues:create', 'comments:create'] },
      }),
    ],
  }),
  lasting: () => ({ ...base, questions: [asks({ form: 'lasting_token', lives: 90 * 86_400, before: { form: 'token', new_scopes: [] } })] }),
  courier: () => ({
    ...base,
    questions: [
      asks({ agent: 'curl', icon: null, executable: '/usr/bin/curl', scopes: null, lives: null, answers: ['allow_once', 'allow_session', 'deny'] }),
    ],
  }),
  unknown: () => ({
    ...base,
    questions: [asks({ agent: 'An unknown program', icon: null, executable: '/proc/self/fd/7 (deleted)', by: 'its own word', answers: ['allow_once', 'deny'] })],
  }),
  proposal: () => ({
    ...base,
    questions: [
      {
        id: 5,
        about: {
          kind: 'add',
          agent: 'Scribe',
          icon: null,
          executable: '/home/ada/.local/share/scribe/bin/scribe',
          by: null,
          server: 'slack',
          url: 'https://mcp.slack.com/mcp',
          host: 'mcp.slack.com',
          settings: [
            { key: 'clientId', value: '1234567890.0987654321' },
            { key: 'clientSecret', value: null },
            { key: 'callbackPort', value: '3118' },
            { key: 'authorizationServer', value: 'https://slack.com' },
            { key: 'resource', value: 'https://files.example.com/workspaces/finance/mcp' },
            { key: 'scopes', value: 'search:read.public, channels:history, chat:write' },
          ],
        },
      },
    ],
  }),
  'sign-in': () => ({
    ...base,
    questions: [
      {
        id: 4,
        about: {
          kind: 'sign_in',
          agent: null,
          server: 'harmless',
          issuer: 'auth.harmless.example',
          other: 'mcp.linear.app ("linear")',
          shared: { what: 'redirect_uri', address: 'http://localhost:3118/callback' },
        },
      },
    ],
  }),
  replace: () => ({ ...base, questions: [{ id: 3, about: { kind: 'replace', agent: 'codex', server: 'linear' } }] }),
  configuration: () => ({
    ...base,
    questions: [
      {
        id: 4,
        about: {
          kind: 'configuration',
          raises: ['every program may use every server', '"linear" signs in somewhere else'],
        },
      },
    ],
  }),
  many: () => ({
    ...base,
    servers: many(),
    more_questions: 936,
    questions: Array.from({ length: 50 }, (_, at) =>
      question(at + 1, at % 2 ? 'Claude Code' : 'codex', `team-${at + 1}`, `mcp.team-${at + 1}.example.com`),
    ),
  }),
  locked: () => locked(base),
  nowhere: () => ({
    ...base,
    vault: 'memory',
    vault_notices: ['no_keychain'],
  }),
  away: () => shut(base, 'keychain', 'keychain_absent', 'no keychain is running'),
  hangs: () => shut(base, 'keychain', 'keychain_slow', 'the keychain does not answer'),
  unset: () => shut(base, 'file', 'passphrase_unset', 'the encrypted file has no passphrase yet'),
  needed: () => shut(base, 'file', 'passphrase_needed', 'the encrypted file waits for its passphrase'),
  damaged: () => shut(base, 'file', 'vault_file_damaged', 'the encrypted file is damaged'),
  file: () => ({ ...base, vault: 'file' }),
  screen: () => ({ ...locked(base), locked_by: 'screen' }),
  trouble: () => ({
    ...base,
    vault: 'memory',
    trouble: problem({
      code: 'invalid_request',
      detail: '/home/ada/.config/mcp-valet/config.json: mcpServers.slack.oauth.scopes: this must be a list',
      advice: 'Write "scopes": ["search:read.public"]. The last good configuration stays in use.',
      reason: 'configuration',
    }),
    notices: [
      'There is no keychain here, so sign-ins are kept in memory and are gone when MCP Valet ends.',
      '"files" runs on this machine and needs no sign-in; it is left alone.',
    ],
  }),
};
