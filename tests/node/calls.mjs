// How long a tool call takes, as the official TypeScript SDK sees it.
//
// Usage: calls.mjs COUNT stdio COMMAND ARGUMENT...   of a server that is a program
//        calls.mjs COUNT http URL TOKEN              of a server that is asked straight
//        calls.mjs COUNT socket SOCKET PATH          of a server that is asked over a Unix socket
// Calls $TOOL with the JSON of $ARGUMENTS, or else echo. Prints the middle one of so many calls, in
// microseconds.

import { Agent, fetch } from 'undici';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [count, kind, where, ...args] = process.argv.slice(2);
const straight = () => new StreamableHTTPClientTransport(new URL(where), { requestInit: { headers: { authorization: `Bearer ${args[0]}` } } });
const program = () => new StdioClientTransport({ command: where, args, env: process.env, stderr: 'inherit' });
const dispatcher = kind === 'socket' ? new Agent({ connect: { socketPath: where } }) : undefined;
const socket = () => new StreamableHTTPClientTransport(new URL(`http://localhost${args[0]}`), { fetch: (url, init) => fetch(url, { ...init, dispatcher }) });
const client = new Client({ name: 'bench', version: '1.0.0' });
await client.connect({ http: straight, stdio: program, socket }[kind]());
const call = { name: process.env.TOOL ?? 'echo', arguments: JSON.parse(process.env.ARGUMENTS ?? '{"text":"hello"}') };
const times = [];
for (let made = 0; made < Number(count) * 1.25; made++) {
  const begun = process.hrtime.bigint();
  await client.callTool(call);
  times.push(Number(process.hrtime.bigint() - begun) / 1000);
}
const counted = times.slice(-Number(count)).sort((one, other) => one - other);
console.log(counted[counted.length >> 1].toFixed(0));
await client.close();
await dispatcher?.destroy();
