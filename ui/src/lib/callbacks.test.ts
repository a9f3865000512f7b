import { expect, it } from 'vitest';
import { EMPTY, server } from '../dev/pieces';
import { callbacks } from './callbacks';

const one = (name: string, rest: object) => server(name, 'https://a.example/mcp', rest);

it('names each address once, with all servers whose sign-ins come back there', () => {
  const servers = [
    one('a', { redirect_uri: undefined, own_redirect_uri: 'http://localhost:3118/callback' }),
    one('b', { redirect_uri: 'http://127.0.0.1:4000/callback/x', own_redirect_uri: 'http://localhost:3118/callback' }),
    one('c', { redirect_uri: undefined, own_redirect_uri: 'http://localhost:3118/callback' }),
    one('d', { unattended: true, own_redirect_uri: 'http://localhost:3118/callback' }),
  ];
  expect(callbacks({ ...EMPTY, servers })).toEqual([
    { address: 'http://localhost:3118/callback', servers: ['a', 'c'] },
    { address: 'http://127.0.0.1:4000/callback/x', servers: ['b'] },
  ]);
});
