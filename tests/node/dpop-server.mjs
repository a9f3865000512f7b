// An MCP server that takes nothing but tokens bound to a key, each with a fresh proof and a nonce of its own
// (RFC 9449).
//
// Usage: dpop-server.mjs --issuer URL
// Prints "listening on URL" once; its MCP endpoint is URL/mcp.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { EmbeddedJWK, calculateJwkThumbprint, createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';

const { values: options } = parseArgs({ options: { issuer: { type: 'string' } } });
const NONCE = 'a nonce of the server';
const metadata = await (await fetch(`${options.issuer}/.well-known/openid-configuration`)).json();
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
const proofs = new Set();

const server = createServer(async (request, response) => {
  const resource = `http://${request.headers.host}/mcp`;
  const answer = (status, headers, body) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  if (request.url.startsWith('/.well-known/oauth-protected-resource')) {
    return answer(200, {}, {
      resource,
      authorization_servers: [options.issuer],
      dpop_bound_access_tokens_required: true,
    });
  }
  const refuse = (error) => {
    const challenge = error ? `DPoP error="${error}"` : 'DPoP';
    answer(401, { 'www-authenticate': challenge, 'dpop-nonce': NONCE }, { error });
  };
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (!token) return refuse('');
  try {
    const { nonce } = await check(scheme, token, request.headers.dpop, request.method, resource);
    if (nonce !== NONCE) return refuse('use_dpop_nonce');
  } catch (error) {
    console.error(error.message);
    return refuse('invalid_token');
  }
  answer(200, { 'dpop-nonce': NONCE }, { jsonrpc: '2.0', id: 1, result: { proofs: proofs.size } });
});

async function check(scheme, token, proof, method, resource) {
  if (scheme !== 'DPoP') throw new Error(`the scheme is ${scheme}`);
  const { payload: claims } = await jwtVerify(token, keys, { issuer: options.issuer, audience: resource });
  const { payload } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] });
  const ath = createHash('sha256').update(token).digest('base64url');
  if (payload.htm !== method || payload.htu !== resource || payload.ath !== ath) throw new Error('for another request');
  if (claims.cnf?.jkt !== (await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk))) {
    throw new Error('of another key');
  }
  if (proofs.has(payload.jti)) throw new Error('used before');
  proofs.add(payload.jti);
  return payload;
}

server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
