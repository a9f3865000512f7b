// Every word that a person reads in the window, but for what the valet itself says.

import { named } from './named';
import type { ServerState, What } from './types';
import { activity } from './words/activity';
import { adding, importing } from './words/adding';
import { advice } from './words/advice';
import { plural } from './words/plural';
import { question } from './words/question';
import { all, check, client, end, server, WORDS } from './words/server';
import { setting, vault, vaultNotice } from './words/setting';

export const strings = {
  app: 'MCP Valet',
  back: 'Back',
  servers: 'Servers',
  add: 'Add server',
  settings: 'Settings',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Select and copy it yourself',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  connecting: 'Connecting…',
  lostLine: 'MCP Valet does not answer. Trying again…',
  lost: { detail: 'MCP Valet does not answer', advice: 'Nothing was changed. Open MCP Valet again if this stays.' },
  unclear: { detail: 'The answer was not understood', advice: 'Restart MCP Valet; its parts may have different versions.' },

  advice,

  words: (state: ServerState): string => WORDS[state],

  vaultNotice,

  first: {
    title: 'One place for your MCP sign-ins',
    lines: [
      'Sign in to a server once, in your browser.',
      'Your programs ask here before they use it.',
      'Take it back at any time.',
    ],
    demo: 'Try the demo',
    demoNote: 'The demo is a small server on this computer, with no account to make.',
  },

  list: {
    questions: 'Questions',
    attention: 'Needs you',
    ready: 'Ready',
    resting: 'Not now',
    filter: 'Filter servers',
    none: (text: string): string => `No server matches “${text}”.`,
    more: (count: number): string => `Show ${count} more`,
    fewer: 'Show fewer',
    later: (count: number): string => `${count} more come up as you answer these.`,
    wanted: (agent: string): string => `${named(agent)} waits for this`,
    onDevice: 'On another device',
    noTray: 'This desktop shows no tray icon. MCP Valet goes on when you close this window; start it again to come back.',
    pick: 'Choose a server on the left.',
    summary: (ready: number, waiting: number): string =>
      waiting === 0 ? `${ready} ready` : `${ready} ready, ${waiting} waiting`,
    answer: 'Answer',
    locked: 'Locked',
    forgets: 'Sign-ins are forgotten when MCP Valet ends',
    forgetsNote: 'This computer has no keychain to keep them in.',
    trouble: 'The configuration needs a look',
  },

  activity,
  question,
  server,
  check,
  end,
  all,
  client,
  adding,
  importing,
  setting,
  vault,

  snippet: {
    where: {
      claude: 'In .mcp.json of your project, or ~/.claude.json:',
      codex: 'In ~/.codex/config.toml:',
      vscode: 'In .vscode/mcp.json of your project:',
      other: 'In Claude Desktop, Cursor, and others that start their servers:',
      curl: 'In a terminal:',
    },
  },

  deed: {
    says: {
      revoked: (agent: string, server: string): string => `${agent} revoked ${server}.`,
      removed: (agent: string, server: string): string => `${agent} removed ${server}.`,
      declined: (agent: string, server: string): string => `${agent} said “not now” to signing in to ${server}.`,
      signed_in: (agent: string, server: string): string => `${agent} signed in to ${server}, to which you had said “not now”.`,
      revoked_all: (agent: string): string => `${agent} revoked everything.`,
      locked: (agent: string): string => `${agent} locked MCP Valet.`,
    } satisfies Record<What, (agent: string, server: string) => string>,
    seen: 'OK',
  },

  time: {
    justNow: 'just now',
    minutes: (count: number): string => `${plural(count, 'minute', 'minutes')} ago`,
    hours: (count: number): string => `${plural(count, 'hour', 'hours')} ago`,
    at: (time: string): string => `at ${time}`,
    yesterday: (time: string): string => `yesterday at ${time}`,
    tomorrow: (time: string): string => `tomorrow at ${time}`,
    on: (day: string): string => `on ${day}`,
    onAt: (day: string, time: string): string => `on ${day} at ${time}`,
  },
};
