// What a person pasted: an address, or a snippet from the configuration of another program.

import { isWeb } from './address';
import type { NewServer } from './types';

/** A server that was found in a snippet, with its headers: a key among them goes into the vault. */
export interface Entry extends NewServer {
  name: string;
  url: string;
}

/** An entry that is no server for the valet, and why. */
export interface Skipped {
  name: string;
  why: 'local' | 'address';
}

export type Pasted =
  | { kind: 'address'; url: string }
  | { kind: 'snippet'; entries: Entry[]; skipped: Skipped[] }
  | { kind: 'wrong'; why: 'empty' | 'address' | 'json' | 'none' };

const ROOTS = ['mcpServers', 'servers', 'mcp_servers', 'context_servers', 'mcp'];

export function pasted(text: string): Pasted {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'wrong', why: 'empty' };
  if (!/[{}]/.test(trimmed)) return address(trimmed);
  const file = parsed(trimmed);
  if (file === undefined) return { kind: 'wrong', why: 'json' };
  return snippet(servers(file));
}

function address(text: string): Pasted {
  const bare = text.replace(/^["'<]+|["'>,]+$/g, '');
  const url = /^[\w-]+(\.[\w-]+)+([/:].*)?$/.test(bare) ? `https://${bare}` : bare;
  return isWeb(url) && !/\s/.test(url) ? { kind: 'address', url } : { kind: 'wrong', why: 'address' };
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An object; also the inside of one, as it is often quoted, and with the comments and commas that editors
 * allow.
 */
function parsed(text: string): Json | undefined {
  const plain = withoutComments(text);
  for (const attempt of [plain, `{${plain}}`]) {
    try {
      const value: unknown = JSON.parse(attempt.replace(/,(\s*[}\]])/g, '$1').replace(/,\s*}$/, '}'));
      if (isObject(value)) return value;
    } catch {
      // The next form may fit.
    }
  }
  return undefined;
}

function withoutComments(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith('"') ? part : ''))
    .trim();
}

/** The map of servers: below one of the known roots, or the object itself, or itself a single server. */
function servers(file: Json): Json {
  for (const root of ROOTS) {
    const found = file[root];
    if (isObject(found)) return isObject(found.servers) ? found.servers : found;
  }
  return addressOf(file) === undefined ? file : { '': file };
}

function snippet(found: Json): Pasted {
  const entries: Entry[] = [];
  const skipped: Skipped[] = [];
  for (const [name, value] of Object.entries(found)) {
    if (!isObject(value)) continue;
    const url = addressOf(value);
    if (url !== undefined) entries.push(entry(name, url, value));
    else skipped.push({ name, why: 'command' in value ? 'local' : 'address' });
  }
  const [only] = entries;
  if (only === undefined) return { kind: 'wrong', why: 'none' };
  if (entries.length === 1 && only.name === '' && only.oauth === undefined && only.headers === undefined) return { kind: 'address', url: only.url };
  return { kind: 'snippet', entries, skipped };
}

function entry(name: string, url: string, value: Json): Entry {
  const oauth = isObject(value.oauth) ? { oauth: value.oauth } : {};
  return { name, url, ...oauth, ...headersOf(value) };
}

/** What is no text is left to the valet to refuse. */
function headersOf({ headers }: Json): Pick<Entry, 'headers'> {
  return isObject(headers) && Object.keys(headers).length > 0 ? { headers: headers as Record<string, string> } : {};
}

/** The address of an entry. A bridge such as mcp-remote stands for the server behind it. */
function addressOf(value: Json): string | undefined {
  const bridged = Array.isArray(value.args) && value.args.some((arg) => /^mcp-remote(@|$)/.test(String(arg)));
  const named = bridged ? (value.args as unknown[]) : [value.url, value.serverUrl, value.httpUrl, value.uri];
  return named.find((one): one is string => typeof one === 'string' && isWeb(one));
}

/** A short name from the host, as the valet makes it: `mcp.linear.app` is "linear". */
export function nameFor(url: string): string {
  const { hostname } = new URL(url);
  const labels = hostname.split('.').filter((label) => !['', 'mcp', 'www', 'api'].includes(label));
  const isName = hostname.includes('.') && !/^[\d.]+$/.test(hostname) && labels.length > 1;
  return isName ? (labels[0] ?? hostname) : hostname.replace(/^\[|\]$/g, '');
}

/** `name`, or with a number behind it if that is taken. */
export function freeName(name: string, taken: string[]): string {
  let free = name;
  for (let number = 2; taken.includes(free); number += 1) free = `${name}-${number}`;
  return free;
}
