// What to paste into other programs.

import { say } from './say';
import type { Places } from './types';

export const CLIENTS = ['claude', 'codex', 'vscode', 'other', 'curl'] as const;
export type Client = (typeof CLIENTS)[number];

export const CLIENT_NAMES: Record<Client, string> = {
  claude: 'Claude Code',
  codex: 'Codex',
  vscode: 'VS Code',
  other: say('snippet-others'),
  curl: 'curl',
};

interface Named {
  name: string;
}

interface Listed extends Named {
  url: string;
  folders?: string[];
}

/** What a program asks by: a name, or an address where the folder says which account of it is meant. */
export const askedBy = (server: Listed, all: Listed[]): string =>
  all.some((one) => one.url === server.url && (one.folders ?? []).length > 0) ? server.url : server.name;

export function snippet(
  client: Client,
  server: Named,
  places: Pick<Places, 'command' | 'socket'>,
  asked = server.name,
): string {
  const { name } = server;
  const args = ['connect', ...argument(asked)];
  switch (client) {
    case 'claude':
      return `claude mcp add -s user ${operand(name)} -- ${[places.command, ...args].map(shellWord).join(' ')}`;
    case 'codex':
      return [
        `[mcp_servers.${tomlKey(name)}]`,
        `command = ${tomlText(places.command)}`,
        `args = [${args.map(tomlText).join(', ')}]`,
      ].join('\n');
    case 'vscode':
      return json({ servers: { [name]: { type: 'http', url: mounted(places.socket, asked) } } });
    case 'other':
      return json({ mcpServers: { [name]: { command: places.command, args } } });
    case 'curl':
      return [
        `curl --unix-socket ${shellWord(places.socket)} \\`,
        '  http://localhost/v1/token \\',
        `  -d ${quoted(JSON.stringify({ server: asked }))}`,
      ].join('\n');
  }
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** VS Code's address of what a Unix socket serves at a path. */
const mounted = (socket: string, asked: string): string =>
  `unix://${socket.split('/').map(encodeURIComponent).join('/')}#/mcp/${encodeURIComponent(asked)}`;

/** A text as a shell takes it for one word. */
const shellWord = (text: string): string => (/^[\w./:@%+-]+$/.test(text) ? text : quoted(text));

/** A name as arguments: it is no option even if it begins with a dash. */
const argument = (name: string): string[] => (name.startsWith('-') ? ['--', name] : [name]);

/** The same for a shell. */
const operand = (name: string): string => argument(name).map(shellWord).join(' ');

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** TOML's basic strings escape as JSON's do. */
const tomlText = (text: string): string => JSON.stringify(text);

const tomlKey = (text: string): string => (/^[A-Za-z0-9_-]+$/.test(text) ? text : tomlText(text));
