// An MCP client that reaches its server over a Unix socket, as VS Code does for unix:///path.sock#/mcp/NAME:
// the official TypeScript SDK, with the HTTP client and the dispatcher that VS Code gives it, and with OAuth
// of its own at the ready.
//
// Usage: http-client.mjs SOCKET PATH [older]
// Prints "answer: {…}" with what came of each step, and "oauth: …" should it begin to sign in by itself.

import { Agent, fetch } from 'undici';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [socketPath, path, older] = process.argv.slice(2);
const dispatcher = new Agent({ connect: { socketPath } });
const tell = (answer) => console.log(`answer: ${JSON.stringify(answer)}`);
const ownOauth = {
  redirectUrl: 'http://127.0.0.1:1/callback',
  clientMetadata: { redirect_uris: ['http://127.0.0.1:1/callback'] },
  clientInformation: () => console.log('oauth: client'),
  saveClientInformation: () => console.log('oauth: registered'),
  tokens: () => undefined,
  saveTokens: () => console.log('oauth: tokens'),
  redirectToAuthorization: () => console.log('oauth: browser'),
  saveCodeVerifier: () => {},
  codeVerifier: () => 'verifier',
};
const Transport = older ? SSEClientTransport : StreamableHTTPClientTransport;
const transport = new Transport(new URL(`http://localhost${path}`), {
  fetch: (url, init) => fetch(url, { ...init, dispatcher }),
  authProvider: ownOauth,
});
const client = new Client({ name: 'tester', version: '1.0.0' });
try {
  await client.connect(transport);
  tell({ tools: (await client.listTools()).tools.length });
  tell(await client.callTool({ name: 'hello', arguments: {} }));
  await transport.terminateSession?.();
  await client.close();
} catch (error) {
  tell({ error: error.message, code: error.code, data: error.data });
}
await dispatcher.destroy();
