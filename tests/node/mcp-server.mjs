// An MCP server whose protection we did not write: the official TypeScript SDK's transport, bearer check and
// metadata.
//
// Usage: mcp-server.mjs --issuer URL [--format opaque|jwt]
// Prints "listening on URL" once; its MCP endpoint is URL/mcp.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js';

const { values: options } = parseArgs({
  options: { issuer: { type: 'string' }, format: { type: 'string', default: 'opaque' } },
});
const SCOPE = 'mcp:tools';

const metadata = await (await fetch(`${options.issuer}/.well-known/openid-configuration`)).json();
const app = express();
const http = createServer(app);
await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
const resource = new URL(`http://127.0.0.1:${http.address().port}/mcp`);

const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));

async function introspect(token) {
  const answer = await fetch(metadata.introspection_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('mcp-server:mcp-server-secret')}` },
    body: new URLSearchParams({ token }),
  });
  const claims = await answer.json();
  if (!claims.active) throw new InvalidTokenError('The issuer says that the token is not active');
  return claims;
}

async function verifySignature(token) {
  try {
    const { payload } = await jwtVerify(token, keys, { issuer: options.issuer, audience: resource.href });
    return payload;
  } catch (error) {
    throw new InvalidTokenError(error.message);
  }
}

async function verifyAccessToken(token) {
  const claims = await (options.format === 'jwt' ? verifySignature(token) : introspect(token));
  return {
    token,
    clientId: claims.client_id,
    scopes: claims.scope.split(' '),
    expiresAt: claims.exp,
    resource: new URL(claims.aud),
  };
}

function toolbox() {
  const server = new McpServer({ name: 'toolbox', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Who holds the token' }, (extra) => ({
    content: [{ type: 'text', text: `client ${extra.authInfo.clientId}` }],
  }));
  return server;
}

app.use(
  mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: resource, scopesSupported: [SCOPE] }),
);
app.all(
  '/mcp',
  requireBearerAuth({
    verifier: { verifyAccessToken },
    requiredScopes: [SCOPE],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
    expectedResource: resource,
  }),
  async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    await toolbox().connect(transport);
    await transport.handleRequest(request, response);
  },
);

console.log(`listening on ${resource.origin}`);
