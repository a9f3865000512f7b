// An MCP server with tools of all kinds, whoever brings its messages: the official TypeScript SDK.

import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  ElicitResultSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const text = (text) => ({ content: [{ type: 'text', text }] });

/** With `everything`, it has all that a server may have. */
export function toolbox(everything) {
  const capabilities = { logging: {}, ...(everything && { resources: { subscribe: true } }) };
  const server = new McpServer({ name: 'toolbox', version: '1.0.0' }, { capabilities });
  const tool = (name, work) => server.registerTool(name, { description: name }, work);
  tool('hello', () => text('hello'));
  tool('admin', () => text('at your service'));
  tool('big', () => text('x'.repeat(5 << 20)));
  tool('steps', async (extra) => {
    for (const step of [1, 2, 3]) {
      await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data: `step ${step}` } });
    }
    return text('done');
  });
  tool('ask', async (extra) => {
    const params = { message: 'Which?', requestedSchema: { type: 'object', properties: {} } };
    const answer = await extra.sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema);
    return text(`they ${answer.action}`);
  });
  // Without a request of the client's to belong to, this goes over the stream that the client opened by GET.
  tool('announce', async () => {
    server.sendToolListChanged();
    return text('announced');
  });
  if (everything) addEverything(server, tool);
  return server;
}

/** Resources, prompts, completions, and tools that ask the client or tell what it wants of this session. */
function addEverything(server, tool) {
  const wants = { level: 'none', watched: new Set() };
  const handle = (schema, work) => server.server.setRequestHandler(schema, ({ params }) => (work(params), {}));
  handle(SetLevelRequestSchema, ({ level }) => (wants.level = level));
  handle(SubscribeRequestSchema, ({ uri }) => wants.watched.add(uri));
  handle(UnsubscribeRequestSchema, ({ uri }) => wants.watched.delete(uri));
  tool('wants', () => text(JSON.stringify({ level: wants.level, watched: [...wants.watched] })));
  tool('touch', async (extra) => {
    for (const uri of wants.watched) {
      await extra.sendNotification({ method: 'notifications/resources/updated', params: { uri } });
    }
    return text('touched');
  });
  tool('think', async () => {
    const messages = [{ role: 'user', content: { type: 'text', text: 'What?' } }];
    const answer = await server.server.createMessage({ messages, maxTokens: 9 });
    return text(`it thinks ${answer.content.text}`);
  });
  tool('roots', async () => text((await server.server.listRoots()).roots.map((root) => root.uri).join()));
  const read = (uri) => ({ contents: [{ uri: uri.href, text: `this is ${uri.href}` }] });
  server.registerResource('today', 'note://today', {}, read);
  const complete = { day: (begun) => ['monday', 'tuesday'].filter((day) => day.startsWith(begun)) };
  server.registerResource('day', new ResourceTemplate('note://{day}', { list: undefined, complete }), {}, read);
  const name = completable(z.string(), (begun) => ['ann', 'bob'].filter((name) => name.startsWith(begun)));
  server.registerPrompt('greet', { argsSchema: { name } }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Greet ${name}.` } }],
  }));
}
