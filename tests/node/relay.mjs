// A port of this machine that leads to an address for which the caller alone knows the way in: a token, or a
// socket. What comes passes as it is, by the name of the address where it came by that of the port.
//
// Usage: relay.mjs URL [--socket PATH] [--token TOKEN]. Prints "listening on URL" once.

import { createServer, request as ask } from 'node:http';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { socket: { type: 'string' }, token: { type: 'string' } },
});
const target = new URL(positionals[0]);
const way = options.socket ? { socketPath: options.socket } : { host: target.hostname, port: target.port };

const http = createServer((request, response) => {
  const own = `127.0.0.1:${http.address().port}`;
  const headers = { ...request.headers };
  if (headers.host === own) headers.host = target.host;
  if (headers.origin === `http://${own}`) headers.origin = target.origin;
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  const asked = ask({ ...way, path: target.pathname, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', () => response.destroy());
  response.on('close', () => asked.destroy());
  request.pipe(asked);
});
await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
console.log(`listening on http://127.0.0.1:${http.address().port}`);
