// What to put into another program's list, so that its entries lead to the valet.

import { snippet } from '../lib/snippet';
import type { Client, Offer, Places, Seen } from '../lib/types';

type Where = Pick<Places, 'command' | 'socket'>;
type Named = Pick<Offer, 'name' | 'url'>;

/** One file of one program, and what goes into it. */
export interface Pointer {
  program: string;
  file: string;
  text: string;
}

/** For each file in which one of these servers is listed: the entries for all of them. */
export function pointers(added: Offer[], places: Where): Pointer[] {
  const files = new Map<string, { seen: Seen; servers: Named[] }>();
  for (const offer of added) {
    for (const seen of offer.seen) {
      const file = files.get(seen.file) ?? { seen, servers: [] };
      if (!file.servers.some((server) => server.name === offer.name)) file.servers.push(offer);
      files.set(seen.file, file);
    }
  }
  return [...files.values()].map(({ seen, servers }) => ({
    program: seen.program,
    file: seen.file,
    text: entries(seen.client, servers, places),
  }));
}

/** Entries in the form that this program reads. */
export function entries(client: Client, servers: Named[], places: Where): string {
  const command = (name: string): string[] => [places.command, 'connect', ...(name.startsWith('-') ? ['--', name] : [name])];
  switch (client) {
    case 'vscode':
      return merged(servers.map((server) => snippet('vscode', server, places)));
    case 'codex':
      return servers.map((server) => snippet('codex', server, places)).join('\n\n');
    case 'zed': {
      const started = servers.map(({ name }) => [name, { command: places.command, args: command(name).slice(1) }]);
      return json({ context_servers: Object.fromEntries(started) });
    }
    case 'opencode':
      return json({ mcp: Object.fromEntries(servers.map(({ name }) => [name, { type: 'local', command: command(name) }])) });
    case 'goose':
      return ['extensions:', ...servers.flatMap(({ name }) => goose(name, command(name)))].join('\n');
    case 'cline':
      return json({ mcpServers: Object.fromEntries(servers.map(({ name }) => [name, { transport: { type: 'stdio', command: places.command, args: command(name).slice(1) } }])) });
    case 'continue':
      return ['mcpServers:', ...servers.flatMap(({ name }) => listed(name, command(name)))].join('\n');
    case 'claude-code':
    case 'claude-desktop':
    case 'copilot':
    case 'cursor':
    case 'gemini':
    case 'mcporter':
    case 'qwen':
    case 'windsurf':
      return merged(servers.map((server) => snippet('other', server, places)));
  }
}

/** Snippets with the same root as one. */
function merged(snippets: string[]): string {
  const all: Record<string, Record<string, unknown>> = {};
  for (const text of snippets) {
    for (const [root, servers] of Object.entries(JSON.parse(text) as typeof all)) all[root] = { ...all[root], ...servers };
  }
  return json(all);
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** YAML reads JSON's texts and lists as its own. */
const flow = (value: unknown): string => JSON.stringify(value);

function goose(name: string, [cmd, ...args]: string[]): string[] {
  const lines = [`name: ${flow(name)}`, 'type: stdio', `cmd: ${flow(cmd)}`, `args: ${flow(args)}`, 'enabled: true', 'timeout: 300'];
  return [`  ${flow(name)}:`, ...lines.map((line) => `    ${line}`)];
}

function listed(name: string, [command, ...args]: string[]): string[] {
  return [`  - name: ${flow(name)}`, `    command: ${flow(command)}`, `    args: ${flow(args)}`];
}
