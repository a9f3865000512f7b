// Pictures of the valet to look at the window with. None of this is in what people get.

import { CHANGES, LOST, MOVES } from './clients';
import type { View } from '../lib/types';
import { asked, asks, base, from, linear, locked, many, problem, question, ready, server, servers, shut, wish } from './pieces';
import { asksAboutCall, asksForAccount, ruled } from './rules';

const ABOUT_FILES = {
  kind: 'files' as const,
  agent: 'mcp-valet',
  icon: null,
  executable: '/home/ada/.local/bin/mcp-valet',
  by: null,
  undo: false,
  files: CHANGES,
  moves: null,
  returns: [],
  lost: [],
};

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
  programs: () => ({
    ...base,
    servers: [
      server('brave', 'npx -y @brave/brave-search-mcp-server', {
        state: 'ready',
        credential: 'key',
        scopes_wanted: [],
        scopes_granted: [],
        keys: [{ name: 'key', headers: ['BRAVE_API_KEY'], set_at: from(-60 * 24 * 3) }],
        headers: [
          { name: 'BRAVE_API_KEY', value: '${key}' },
          { name: 'LOG', value: 'info' },
        ],
        program: { command: 'npx', args: ['-y', '@brave/brave-search-mcp-server'], cwd: '~/work', running: 2 },
      }),
      server('files', 'uvx mcp-server-git', { state: 'ready', credential: 'none', program: { command: 'uvx', args: ['mcp-server-git'], running: 0 } }),
    ],
    programs: [
      { server: 'brave', application: 'Claude Code', since: from(-12) },
      { server: 'brave', application: null, since: from(-3) },
    ],
    asleep: [
      {
        server: 'notes',
        mark: '5f1c9a7be204',
        settings: [
          { key: 'command', value: 'node' },
          { key: 'args[0]', value: '/home/ada/notes/server.js' },
          { key: 'env.NOTES_TOKEN', value: '${key}' },
          { key: '${key}', value: null },
        ],
      },
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
  keys: () => ({
    ...base,
    servers: [
      ready('github', 'https://api.githubcopilot.com/mcp/', {
        credential: 'key',
        scopes_wanted: [],
        scopes_granted: [],
        keys: [{ name: 'key', headers: ['Authorization'], set_at: from(-60 * 24 * 40) }],
        headers: [
          { name: 'Authorization', value: 'Bearer ${key}' },
          { name: 'X-MCP-Readonly', value: 'true' },
        ],
        key_page: 'https://github.com/settings/tokens',
        last_used: from(-14),
      }),
      server('datadog', 'https://mcp.datadoghq.com/mcp', {
        state: 'key_required',
        credential: 'key',
        keys: [
          { name: 'api', headers: ['DD-API-KEY'], set_at: from(-5), set_by: 'curl' },
          { name: 'app', headers: ['DD-APPLICATION-KEY'] },
        ],
        problem: problem({ code: 'authorization_required', detail: '"datadog" takes several API keys, and "app" is not there', advice: 'Set it.', reason: 'key_missing' }),
      }),
      server('tavily', 'https://mcp.tavily.com/mcp/', {
        state: 'key_refused',
        grant: 'live',
        credential: 'key',
        keys: [{ name: 'key', headers: ['X-Api-Key'], set_at: from(-60 * 24) }],
        offers_sign_in: true,
        problem: problem({ code: 'authorization_required', detail: '"tavily" refused the key', advice: 'Replace it.', reason: 'key_refused' }),
      }),
      linear,
    ],
  }),
  key: () => ({
    ...base,
    questions: [
      {
        id: 7,
        about: {
          kind: 'key',
          agent: 'mcp-valet',
          icon: null,
          executable: '/home/ada/.local/bin/mcp-valet',
          by: null,
          server: 'github',
          url: 'https://api.githubcopilot.com/mcp/',
          host: 'api.githubcopilot.com',
          runs_here: false,
          key: 'key',
          headers: ['Authorization'],
          replaces: true,
        },
      },
    ],
  }),
  ruled,
  forward: () => ({
    ...base,
    questions: [
      {
        id: 8,
        about: {
          kind: 'forward',
          agent: 'mcp-valet',
          icon: null,
          executable: '/home/ada/.local/bin/mcp-valet',
          by: null,
          host: 'ada@build.example.com',
          servers: [
            { server: 'linear', host: 'mcp.linear.app', whole: 'https://mcp.linear.app/mcp', runs_here: false },
            { server: 'files', host: 'npx', whole: 'npx files-mcp /home/ada', runs_here: true },
          ],
        },
      },
    ],
  }),
  forwarded: () => ({
    ...base,
    forwards: [
      { number: 3, host: 'ada@build.example.com', servers: ['linear'], state: 'open', socket: '/home/ada/.mcp-valet/agent.sock', since: from(-12), refused: 2 },
      { number: 4, host: 'lab', servers: ['linear', 'sentry'], state: 'lost', trouble: 'the host does not answer', since: from(-40), refused: 0 },
    ],
  }),
  web: () => ({
    ...base,
    web_clients: [
      { number: 5, name: 'app.example.com (Chat App, it says)', server: 'linear', redirect: 'https://app.example.com/oauth/callback', since: from(-60 * 26), last_used: from(-3) },
      { number: 6, name: 'MCP Inspector, it says', server: 'sentry', redirect: 'http://127.0.0.1:6276/oauth/callback', since: from(-2) },
    ],
  }),
  webAsks: () => ({
    ...base,
    questions: [
      asks({
        agent: 'app.example.com (Chat App, it says)',
        icon: null,
        executable: 'https://app.example.com/oauth/callback',
        by: 'with the code XJBK, by the address for web clients; its answer goes there',
        longest: 'for_now',
        wish: { form: 'proxied' },
      }),
    ],
  }),
  files: () => ({ ...base, questions: [{ id: 7, about: ABOUT_FILES }] }),
  forgets: () => ({ ...base, questions: [{ id: 7, about: { ...ABOUT_FILES, undo: true, files: [], lost: LOST } }] }),
  moves: () => ({
    ...base,
    questions: [
      {
        id: 7,
        about: {
          ...ABOUT_FILES,
          agent: 'Codex',
          moves: MOVES,
          returns: [{ server: 'github', key: 'key', program: 'Codex', comes: 'back' }],
        },
      },
    ],
  }),
  call: () => ({ ...base, questions: [asksAboutCall] }),
  account: () => ({ ...base, questions: [asksForAccount] }),
  question: () => ({ ...base, questions: [asked] }),
  wider: () => ({
    ...base,
    questions: [
      asks({
        wish: {
          form: 'proxied',
          scopes: ['read', 'write', 'issues:create', 'comments:create'],
          before: { form: 'proxied', new_scopes: ['issues:create', 'comments:create'] },
        },
      }),
    ],
  }),
  lasting: () => ({ ...base, questions: [asks({ wish: { form: 'lasting_token', lives: 90 * 86_400, before: { form: 'token', new_scopes: [] } } })] }),
  courier: () => ({
    ...base,
    questions: [
      asks({ agent: 'curl', icon: null, executable: '/usr/bin/curl', longest: 'for_now', wish: { scopes: null, lives: null } }),
    ],
  }),
  unknown: () => ({
    ...base,
    questions: [asks({ agent: 'An unknown program', icon: null, executable: '/proc/self/fd/7 (deleted)', by: 'its own word', longest: 'once' })],
  }),
  several: () => ({
    ...base,
    questions: [
      asks({
        servers: [
          wish('linear', 'mcp.linear.app'),
          { ...wish('github', 'api.githubcopilot.com'), scopes: null, lives: null },
          { ...wish('figma', 'mcp.figma.com'), form: 'proxied', scopes: [], before: null },
        ],
        suggested: { reach: 'everything', lasts: 'today' },
      }),
    ],
  }),
  long: () => ({
    ...base,
    questions: [
      asks({
        agent: 'Enterprise Agent Orchestration Workbench (Preview, Nightly)',
        icon: null,
        executable: '/home/ada/.local/share/enterprise-agent-orchestration-workbench/versions/2026.11.29-nightly+8f1c2d/bin/enterprise-agent-orchestration-workbench',
        by: 'its own word, in a program that an interpreter runs',
        servers: [
          {
            ...wish('finance-department-reporting-and-forecasting', 'reporting-and-forecasting.mcp.finance.emea.contoso-enterprises.example.com'),
            resource: 'https://graph.contoso-enterprises.example.com/workspaces/finance-department/resources/everything',
            scopes: ['https://graph.contoso-enterprises.example.com/Reports.ReadWrite.All', 'offline_access', 'files:read:department-wide'],
            before: { form: 'proxied', new_scopes: ['files:read:department-wide'] },
          },
        ],
        longest: 'for_now',
        suggested: { reach: 'proxy_only', lasts: 'hour' },
      }),
    ],
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
          runs_here: false,
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
  twins: () => ({
    ...base,
    servers: [
      linear,
      ready('linear-work', 'https://mcp.linear.app/mcp', { account: 'ada.lovelace@contoso.example' }),
      server('linear-third', 'https://mcp.linear.app/mcp'),
      ready('figma', 'https://mcp.figma.com/mcp', { state: 'opening' }),
      server('notion', 'https://mcp.notion.com/mcp', { state: 'waiting', attempt: 'waiting' }),
    ],
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
