// An authorization server that we did not write: npm's certified oidc-provider, with the extensions MCP
// clients meet.
//
// Usage: issuer.mjs [--format opaque|jwt] [--lifetime SECONDS] [--push] [--robot-keys JWKS]
// Prints "listening on URL" once. GET /counters answers how often each endpoint was called.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import Provider, { errors } from 'oidc-provider';

const { values: options } = parseArgs({
  options: {
    format: { type: 'string', default: 'opaque' },
    lifetime: { type: 'string', default: '600' },
    push: { type: 'boolean', default: false },
    'robot-keys': { type: 'string' },
  },
});

/** What an MCP server accepts. The protected resource proves itself by these when it introspects. */
const SCOPE = 'mcp:tools';
const RESOURCE_SERVER = { id: 'mcp-server', secret: 'mcp-server-secret' };

const counters = {};
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (pathname === '/counters') {
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify(counters));
  }
  const endpoint = `${request.method} ${pathname}`;
  counters[endpoint] = (counters[endpoint] ?? 0) + 1;
  return handle(request, response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

/** JWTs are checked by the resource alone; only opaque ones can be revoked and introspected. */
function resourceServer(_context, resource) {
  if (!resource.endsWith('/mcp')) throw new errors.InvalidTarget();
  return {
    scope: SCOPE,
    audience: resource,
    accessTokenFormat: options.format,
    accessTokenTTL: Number(options.lifetime),
    jwt: { sign: { alg: 'RS256' } },
  };
}

/** Clients that people registered by hand; robots sign in by themselves. */
const ROBOT = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: SCOPE };
const robots = [{ ...ROBOT, client_id: 'robot', client_secret: 'robot-secret' }];
if (options['robot-keys']) {
  robots.push({
    ...ROBOT,
    client_id: 'robot-with-a-key',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: JSON.parse(options['robot-keys']),
  });
}
const television = {
  client_id: 'television',
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  response_types: [],
  redirect_uris: [],
};

const provider = new Provider(issuer, {
  clients: [
    ...robots,
    television,
    {
      client_id: RESOURCE_SERVER.id,
      client_secret: RESOURCE_SERVER.secret,
      grant_types: [],
      response_types: [],
      redirect_uris: [],
    },
  ],
  cookies: { keys: ['only for tests'] },
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access', SCOPE],
  rotateRefreshToken: true,
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  ttl: { AccessToken: Number(options.lifetime) },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: options.push },
    introspection: { enabled: true, allowedPolicy: () => true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    resourceIndicators: { enabled: true, getResourceServerInfo: resourceServer },
    revocation: { enabled: true, allowedPolicy: () => true },
  },
});
provider.on('server_error', (_context, error) => console.error(error));
const handle = provider.callback();

console.log(`listening on ${issuer}`);
