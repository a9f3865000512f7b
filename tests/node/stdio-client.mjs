// An MCP client that starts its server as a program, as desktop clients do: the official TypeScript SDK.
//
// Usage: stdio-client.mjs COMMAND ARGUMENT... Prints "connected", then takes one JSON request a line and
// prints "answer N: {…}" to each, and "notice: {…}" for what the server says by itself. It declines whatever
// the server asks of the person, has a model that says "hm", and works in one folder.

import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js';

const [command, ...args] = process.argv.slice(2);
const transport = new StdioClientTransport({ command, args, env: process.env, stderr: 'inherit' });
const client = new Client({ name: 'tester', version: '1.0.0' }, { capabilities: { elicitation: {}, sampling: {}, roots: {} } });
client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
client.setRequestHandler(CreateMessageRequestSchema, () => ({
  model: 'scripted',
  role: 'assistant',
  content: { type: 'text', text: 'hm' },
}));
client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///work', name: 'work' }] }));
client.fallbackNotificationHandler = (notice) => console.log(`notice: ${JSON.stringify(notice)}`);
client.onerror = (error) => console.log(`trouble: ${error}`);
await client.connect(transport);
console.log('connected');

let asked = 0;
const waiting = [];
for await (const line of createInterface({ input: process.stdin })) {
  const number = ++asked;
  const answered = client.request(JSON.parse(line), ResultSchema).then(
    (result) => ({ result }),
    (error) => ({ error: { code: error.code, message: error.message, data: error.data } }),
  );
  waiting.push(answered.then((answer) => console.log(`answer ${number}: ${JSON.stringify(answer)}`)));
}
await Promise.all(waiting);
await client.close();
