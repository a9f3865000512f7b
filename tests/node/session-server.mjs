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
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js';
import { toolbox } from './toolbox.mjs';

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
    await toolbox(options.everything).connect(transport);
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
  await toolbox(options.everything).connect(transport);
  return transport;
}

console.log(`listening on ${resource.origin}`);
