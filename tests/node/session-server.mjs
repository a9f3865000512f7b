// An MCP server with sessions, event streams and requests of its own: the official TypeScript SDK, protected
// by the tokens of an issuer that it asks about each one.
//
// Usage: session-server.mjs --issuer URL [--port PORT] [--older]
// Prints "listening on URL" once, and when sessions begin and end; its MCP endpoint is URL/mcp. With --older
// it speaks HTTP+SSE (2024-11-05) alone; with --everything it has all that a server may have.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import express from 'express';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  ElicitResultSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { z } from 'zod';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js';

const { values: options } = parseArgs({
  options: { issuer: { type: 'string' }, port: { type: 'string', default: '0' }, older: { type: 'boolean' }, everything: { type: 'boolean' } },
});
const metadata = await (await fetch(`${options.issuer}/.well-known/oauth-authorization-server`)).json();
const app = express();
const http = createServer(app);
await new Promise((resolve) => http.listen(Number(options.port), '127.0.0.1', resolve));
const resource = new URL(`http://127.0.0.1:${http.address().port}/mcp`);

async function verifyAccessToken(token) {
  const answer = await fetch(`${options.issuer}/introspect`, {
    method: 'POST',
    body: new URLSearchParams({ token }),
  });
  const claims = await answer.json();
  if (!claims.active) throw new InvalidTokenError('The issuer says that the token is not active');
  const scopes = claims.scope.split(' ');
  return { token, clientId: 'valet', scopes, expiresAt: Date.now() / 1000 + 60, resource };
}

const text = (text) => ({ content: [{ type: 'text', text }] });

function toolbox() {
  const capabilities = { logging: {}, ...(options.everything && { resources: { subscribe: true } }) };
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
  if (options.everything) everything(server, tool);
  return server;
}

/** Resources, prompts, completions, and tools that ask the client or tell what it wants of this session. */
function everything(server, tool) {
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

const transports = new Map();

app.use(
  mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: resource, scopesSupported: ['tools'] }),
);
app.use(
  requireBearerAuth({
    verifier: { verifyAccessToken },
    requiredScopes: ['tools'],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
    expectedResource: resource,
  }),
);
app.use(express.json({ limit: '20mb' }));
if (options.older) {
  app.get('/mcp', async (_request, response) => {
    const transport = new SSEServerTransport('/messages', response);
    transports.set(transport.sessionId, transport);
    response.on('close', () => {
      transports.delete(transport.sessionId);
      console.log('session ends');
    });
    await toolbox().connect(transport);
    console.log('session begins');
  });
  app.all('/mcp', (_request, response) => response.sendStatus(405));
  app.post('/messages', async (request, response) => {
    const transport = transports.get(request.query.sessionId);
    if (transport) await transport.handlePostMessage(request, response, request.body);
    else response.status(404).send('Session not found');
  });
}
app.all('/mcp', async (request, response) => {
  if (request.body?.params?.name === 'admin' && !request.auth.scopes.includes('admin')) {
    response.set('WWW-Authenticate', 'Bearer error="insufficient_scope", scope="admin"').sendStatus(403);
    return;
  }
  const named = request.get('mcp-session-id');
  if (named && !transports.has(named)) {
    response.status(404).json({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } });
    return;
  }
  const transport = named ? transports.get(named) : await begin();
  await transport.handleRequest(request, response, request.body);
});

async function begin() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => {
      transports.set(id, transport);
      console.log('session begins');
    },
    onsessionclosed: (id) => {
      transports.delete(id);
      console.log('session ends');
    },
  });
  await toolbox().connect(transport);
  return transport;
}

console.log(`listening on ${resource.origin}`);
