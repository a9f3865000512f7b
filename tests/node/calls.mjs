// How long a tool call takes, as the official TypeScript SDK sees it.
//
// Usage: calls.mjs COUNT stdio COMMAND ARGUMENT...   of a server that is a program
//        calls.mjs COUNT http URL TOKEN              of a server that is asked straight
// Calls $TOOL, or else echo. Prints the middle one of so many calls, in microseconds.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [count, kind, where, ...args] = process.argv.slice(2);
const straight = () => new StreamableHTTPClientTransport(new URL(where), { requestInit: { headers: { authorization: `Bearer ${args[0]}` } } });
const program = () => new StdioClientTransport({ command: where, args, env: process.env, stderr: 'inherit' });
const client = new Client({ name: 'bench', version: '1.0.0' });
await client.connect(kind === 'http' ? straight() : program());
const times = [];
for (let call = 0; call < Number(count) * 1.25; call++) {
  const begun = process.hrtime.bigint();
  await client.callTool({ name: process.env.TOOL ?? 'echo', arguments: { text: 'hello' } });
  times.push(Number(process.hrtime.bigint() - begun) / 1000);
}
const counted = times.slice(-Number(count)).sort((one, other) => one - other);
console.log(counted[counted.length >> 1].toFixed(0));
await client.close();
