// An MCP client that knows nothing but HTTP and OAuth, and the browser of whoever uses it: the official
// TypeScript SDK with its own OAuth, at an address of the door.
//
// Usage: door-client.mjs URL, with DOOR_REDIRECT where the answer is to go elsewhere, and DOOR_DOCUMENT where
// its ID is the address of that document.
// Reads what to do from lines: the names of `deeds` below. Prints "answer: {…}" for each, and for "connect"
// each address that the browser was at.

import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [address] = process.argv.slice(2);
const { DOOR_DOCUMENT: clientMetadataUrl } = process.env;
const redirectUrl = process.env.DOOR_REDIRECT ?? 'http://127.0.0.1:43117/callback';
const tell = (answer) => console.log(`answer: ${JSON.stringify(answer)}`);
const kept = { tokens: [] };
let decisions = { door: 'go_on', upstream: 'allow' };

const provider = {
  redirectUrl,
  clientMetadataUrl,
  clientMetadata: {
    client_name: 'Web Tester',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  },
  state: () => 'its-own-state',
  clientInformation: () => kept.client,
  saveClientInformation: (client) => (kept.client = client),
  tokens: () => kept.tokens.at(-1),
  saveTokens: (tokens) => kept.tokens.push(tokens),
  redirectToAuthorization: (url) => (kept.authorization = url),
  saveCodeVerifier: (verifier) => (kept.verifier = verifier),
  codeVerifier: () => kept.verifier,
  invalidateCredentials: (scope) => {
    if (scope === 'all' || scope === 'tokens') kept.tokens = [];
    if (scope === 'all' || scope === 'client') kept.client = undefined;
  },
  saveDiscoveryState: (state) => (kept.discovery = state),
  discoveryState: () => kept.discovery,
};

/** One tab of a browser, with cookies, that follows redirects and pages that go on by themselves. */
async function browse(url, redirect = redirectUrl) {
  const [jar, visited] = [new Map(), []];
  let code;
  let request = { url: new URL(url), init: {} };
  for (let step = 0; step < 60; step += 1) {
    const { url: at, init } = request;
    visited.push(`${init.method ?? 'GET'} ${at.origin}${at.pathname}`);
    const cookies = [...(jar.get(at.host) ?? new Map())].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, ...(cookies ? { cookie: cookies } : {}) };
    const response = await fetch(at, { ...init, headers, redirect: 'manual' });
    const own = jar.get(at.host) ?? new Map();
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const cut = pair.indexOf('=');
      own.set(pair.slice(0, cut), pair.slice(cut + 1));
    }
    jar.set(at.host, own);
    const text = await response.text();
    code ??= /class="code">([A-Z]+)</.exec(text)?.[1];
    const location = response.headers.get('location');
    if (location) {
      const next = new URL(location, at);
      if (next.href.startsWith(redirect)) return { visited, code, back: Object.fromEntries(next.searchParams), url: next.href };
      request = { url: next, init: {} };
      continue;
    }
    const refresh = response.headers.get('refresh')?.split('url=')[1];
    if (refresh) {
      request = { url: new URL(refresh, at), init: {} };
      continue;
    }
    const form = /<form method="post" action="([^"]*)">/.exec(text);
    if (!form) return { visited, status: response.status, page: /<p>([^<]*)</.exec(text)?.[1] ?? text.slice(0, 200) };
    const csrf = /name="csrf" value="([^"]*)"/.exec(text)[1];
    const isDoor = text.includes('value="go_on"');
    const decision = isDoor ? decisions.door : decisions.upstream;
    const body = new URLSearchParams({ csrf, decision, ...(isDoor ? {} : { account: 'ada' }) });
    request = {
      url: new URL(form[1].replaceAll('&amp;', '&'), at),
      init: { method: 'POST', body, headers: { origin: at.origin, 'sec-fetch-site': 'same-origin' } },
    };
  }
  return { visited, page: 'it never ends' };
}

const transport = () => new StreamableHTTPClientTransport(new URL(address), { authProvider: provider });
let client;

async function connect() {
  // One that is left open would sign in by itself once it is let in no more.
  await client?.close();
  client = new Client({ name: 'another-name', version: '1.0.0' });
  try {
    await client.connect(transport());
    return { connected: true };
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
  }
  const went = await browse(kept.authorization);
  if (!went.back?.code) return went;
  const finishing = transport();
  await finishing.finishAuth(went.back.code);
  client = new Client({ name: 'another-name', version: '1.0.0' });
  await client.connect(transport());
  return { ...went, connected: true };
}

/** A form to an endpoint of the authorization server. */
async function form(name, fields) {
  const { authorizationServerMetadata: server } = kept.discovery;
  const body = new URLSearchParams({ client_id: kept.client.client_id, ...fields });
  const response = await fetch(server[name], { method: 'POST', body });
  return { status: response.status, body: await response.json() };
}

async function refresh(tokens) {
  const answer = await form('token_endpoint', {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
    resource: address,
  });
  if (answer.status === 200) kept.tokens.push(answer.body);
  return { status: answer.status, error: answer.body.error, fresh: answer.body.refresh_token !== tokens.refresh_token };
}

async function post(url, token, message) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
  return { status: response.status, challenge: response.headers.get('www-authenticate'), text: await response.text() };
}

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
/** The browser alone, as far as whoever listens at the redirect URI of another client on this machine. */
async function visit(url) {
  const went = await browse(url, new URL(url).searchParams.get('redirect_uri') ?? redirectUrl);
  if (went.url?.startsWith('http:')) await fetch(went.url);
  return went;
}

const deeds = {
  connect,
  // One that is left open refreshes its tokens by itself.
  leave: () => client.close(),
  visit,
  list: async () => ({ tools: (await client.listTools()).tools.map(({ name }) => name) }),
  call: async (name, said) => await client.callTool({ name, arguments: JSON.parse(said ?? '{}') }),
  send: (message) => post(address, kept.tokens.at(-1).access_token, JSON.parse(message)),
  refresh: () => refresh(kept.tokens.at(-1)),
  reuse: () => refresh(kept.tokens.at(0)),
  revoke: () => form('revocation_endpoint', { token: kept.tokens.at(-1).refresh_token }),
  earlier: () => post(address, kept.tokens.at(0).access_token, ping),
  ask: () => post(address, kept.tokens.at(-1)?.access_token, ping),
  bare: () => post(address, undefined, ping),
  elsewhere: (url) => post(url, kept.tokens.at(-1).access_token, ping),
  deny: () => (decisions = { ...decisions, upstream: 'deny' }),
  stop: () => (decisions = { ...decisions, door: 'stop' }),
  go: () => (decisions = { door: 'go_on', upstream: 'allow' }),
  tokens: () => ({ ...kept.tokens.at(-1), client: kept.client.client_id, issuer: kept.discovery?.authorizationServerMetadata?.issuer }),
  known: () => kept.discovery,
  client: () => kept.client,
};

async function act(line) {
  const [deed, ...rest] = line.trim().split(' ');
  try {
    tell((await deeds[deed](...rest)) ?? {});
  } catch (error) {
    tell({ error: error.message, code: error.code, kind: error.name });
  }
}

for await (const line of createInterface({ input: process.stdin })) await act(line);
