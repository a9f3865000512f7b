// Rules, tools and a question about a call, in the samples.

import type { Question, StandingAnswer, ToolSeen, View } from '../lib/types';
import { base, from, servers } from './pieces';

const tool = (name: string, rest: Partial<ToolSeen> = {}): ToolSeen => ({
  name,
  title: null,
  description: '',
  class: 'read',
  said_by: 'server',
  by_server: 'read',
  is_new: false,
  differences: [],
  says_else: false,
  mark: name,
  ...rest,
});

export const TOOLS: ToolSeen[] = [
  tool('list_issues', { title: 'List issues', description: 'Lists the issues of a team, newest first.' }),
  tool('create_issue', { title: 'Create issue', class: 'change', by_server: 'change', description: 'Creates an issue in a team.' }),
  tool('delete_issue', { class: 'destroy', by_server: 'destroy', said_by: 'nobody', differences: [{ what: 'added', name: 'permanently' }] }),
  tool('export_workspace', { class: 'destroy', said_by: 'person', is_new: true, says_else: true }),
];

const byRules = (answer: StandingAnswer): StandingAnswer => ({
  ...answer,
  consent: {
    ...answer.consent,
    form: 'proxied',
    reach: 'proxy_only',
    rules: {
      classes: { read: 'free', change: 'ask', destroy: 'never' },
      tools: [{ tool: 'create_issue', rule: 'free', until: from(60) }],
    },
  },
});

/** An answer that goes by rules. */
export const ruled = (): View => ({
  ...base,
  servers: servers.filter((one) => one.state === 'ready'),
  answers: base.answers.map((answer) => (answer.server === 'linear' && answer.mark === '1' ? byRules(answer) : answer)),
});

export const asksForAccount: Question = {
  id: 9,
  about: {
    kind: 'account',
    agent: 'Claude Code',
    icon: 'claude',
    executable: '/home/ada/.local/share/claude/versions/2.1.30/claude',
    by: null,
    host: 'mcp.linear.app',
    folder: '/home/ada/work/attic',
    named: false,
    lasting: true,
    accounts: [
      { server: 'linear', account: 'ada@example.com', unread: false, folders: [] },
      { server: 'linear-acme', account: 'ada@acme.example', unread: false, folders: ['~/work/acme', '~/work/acme-tools'] },
    ],
  },
};

export const asksAboutCall: Question = {
  id: 8,
  about: {
    kind: 'call',
    agent: 'Claude Code',
    icon: 'claude',
    executable: '/home/ada/.local/share/claude/versions/2.1.30/claude',
    by: null,
    call: {
      server: 'linear',
      host: 'mcp.linear.app',
      account: 'ada@example.com',
      name: 'delete_issue',
      is_tool: true,
      title: 'Delete issue',
      looks_like: null,
      class: 'destroy',
      why: { why: 'changed', differences: [{ what: 'added', name: 'permanently' }, { what: 'class', was: 'change', is: 'destroy' }] },
      says_else: true,
      arguments: [
        { name: 'id', value: 'ENG-4711' },
        { name: 'reason', value: 'Twice the same.\nSee ENG-12.' },
        { name: 'permanently', value: 'true' },
      ],
    },
    count: 2,
    longest: 'hour',
  },
};
