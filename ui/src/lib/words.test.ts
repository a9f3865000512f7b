import { describe, expect, it } from 'vitest';
import { EMPTY, problem, server } from '../dev/pieces';
import { host, isOnlyHere, port, withPort } from './address';
import { diagnostics } from './diagnostics';
import { ending, isOver, removal } from './ending';
import { shortened } from './home';
import { link, read, saysNoTray, type Place } from './place';
import { next, past, until } from './time';
import type { Outcome, Revocation, View } from './types';

const now = new Date(2026, 4, 3, 13, 0);
const at = (day: number, hour: number, minute = 0): Date => new Date(2026, 4, day, hour, minute);

it('says when something was', () => {
  expect(past(at(3, 13), now)).toBe('just now');
  expect(past(at(3, 12, 59), now)).toBe('1 minute ago');
  expect(past(at(3, 12, 48), now)).toBe('12 minutes ago');
  expect(past(at(3, 9), now)).toBe('4 hours ago');
  expect(past(at(2, 23, 30), now)).toBe('yesterday at 23:30');
  expect(past(at(1, 9), now)).toBe('on 1 May');
  expect(past(new Date(2025, 11, 24), now)).toBe('on 24 December 2025');
});

it('says when something will be', () => {
  expect(next(at(3, 14, 5), now)).toBe('at 14:05');
  expect(next(at(4, 14, 5), now)).toBe('tomorrow at 14:05');
  expect(next(at(9, 14, 5), now)).toBe('on 9 May at 14:05');
  expect(until(at(3, 14, 5), now)).toBe('14:05');
  expect(until(at(9, 14, 5), now)).toBe('9 May at 14:05');
});

it('puts another port into a redirect URI', () => {
  expect(withPort('http://localhost:3118/callback', 4000)).toBe('http://localhost:4000/callback');
  expect(withPort('http://localhost/callback', 4000)).toBe('http://localhost:4000/callback');
  expect(port('http://localhost:3118/callback')).toBe(3118);
  expect(port('https://valet.example.org/callback')).toBeUndefined();
  expect(host('http://127.0.0.1:8976/mcp')).toBe('127.0.0.1:8976');
});

it('knows the addresses that only this computer reaches', () => {
  const here = ['http://localhost:8976/mcp', 'http://127.0.0.1/mcp', 'http://[::1]:80', 'http://mcp.localhost'];
  for (const address of here) expect(isOnlyHere(address)).toBe(true);
  for (const address of ['https://localhost.example.com', 'https://127.example.com/mcp', 'https://mcp.linear.app/localhost'])
    expect(isOnlyHere(address)).toBe(false);
});

it('finds its way by the address', () => {
  const places: Place[] = [
    { at: 'list' },
    { at: 'about' },
    { at: 'add' },
    { at: 'activity' },
    { at: 'settings' },
    { at: 'revoke' },
    { at: 'passphrase' },
    { at: 'backup', file: '/home/a b/mcp-valet.backup' },
    { at: 'restore', file: '' },
    { at: 'question', id: 7 },
    { at: 'server', name: 'my work/50%' },
  ];
  for (const place of places) expect(read(link(place))).toEqual(place);
  for (const text of ['', '#', '#/servers/', '#/questions/x', '#/?notray=1', '#/elsewhere']) expect(read(text)).toEqual({ at: 'list' });
  expect(saysNoTray('#/?notray=1')).toBe(true);
  expect(saysNoTray('#/servers/notray=1')).toBe(false);
});

describe('what became of a grant', () => {
  const of = (refresh_token: Outcome, access_token: Outcome, wiped = true): Revocation => ({
    server: 'linear',
    refresh_token,
    access_token,
    wiped,
    client: 'nothing',
  });

  it('is said as it is', () => {
    expect(ending(of('revoked', 'revoked'))).toBe('The provider confirmed it.');
    expect(ending(of('revoked', 'nothing'))).toBe('The provider confirmed it.');
    expect(ending(of('revoked', 'failed'))).toMatch(/^The provider confirmed it; /);
    expect(ending(of('failed', 'revoked'))).toMatch(/did not confirm/);
    expect(ending(of('not_offered', 'not_offered'))).toMatch(/offers no way/);
    expect(ending(of('nothing', 'nothing'))).toMatch(/nothing to end/);
    expect(ending(of('revoked', 'revoked', false))).toMatch(/could not be deleted/);
    expect(ending(of('unread', 'unread', false))).toMatch(/^It is not revoked/);
    expect(ending({ ...of('revoked', 'revoked'), client: 'deregistered' })).toBe(
      'The provider confirmed it. MCP Valet is no longer registered there.',
    );
    const alone = { ...of('revoked', 'revoked'), self_contained: true, ends_at: new Date(2026, 4, 3, 14, 5).toISOString() };
    expect(ending(alone, new Date(2026, 4, 3, 12))).toBe(
      'The provider confirmed it; keys that are already in use may work until 14:05.',
    );
    expect(isOver(alone)).toBe(false);
    expect(isOver(of('revoked', 'nothing'))).toBe(true);
    for (const left of [of('failed', 'revoked'), of('not_offered', 'nothing'), of('unread', 'unread'), of('revoked', 'revoked', false)]) {
      expect(isOver(left)).toBe(false);
    }
    expect(isOver({ ...of('revoked', 'revoked'), client: 'failed' })).toBe(false);
  });

  it('is not said to be gone as long as it is there', () => {
    const key = { ...of('nothing', 'nothing'), keys: 1 };
    expect(ending(key)).toMatch(/^The API key is gone here/);
    expect(ending({ ...key, wiped: false })).toMatch(/^It could not be deleted/);
    expect(ending({ ...key, wiped: false, in_file: true })).toMatch(/^The key is still in the configuration/);
  });

  it('is not spoken of where there was none', () => {
    expect(removal('linear', { revocation: of('nothing', 'nothing'), removed: true })).toBe('linear was removed.');
    expect(removal('linear', { revocation: of('revoked', 'revoked'), removed: true })).toBe(
      'linear was removed. The provider confirmed it.',
    );
    expect(removal('linear', { revocation: of('revoked', 'revoked'), removed: false })).toMatch(/still in the configuration/);
  });
});

it('writes the home as a person does', () => {
  expect(shortened('/home/ada/.config/x', '/home/ada')).toBe('~/.config/x');
  expect(shortened('/home/ada/.config/x', '/home/ada/')).toBe('~/.config/x');
  expect(shortened('/home/adam/x', '/home/ada')).toBe('/home/adam/x');
  expect(shortened('/run/user/1000/x', '')).toBe('/run/user/1000/x');
});

it('reports no secret, no name and no address beyond its host', () => {
  const view: View = {
    ...EMPTY,
    servers: [
      server('private-name', 'https://ada:pass@mcp.example.com/mcp?key=secret', {
        state: 'failed',
        attempt: 'failed',
        scopes_wanted: ['read'],
        account: 'secret',
        problem: problem({ detail: 'https://x/?code=secret', advice: 'secret', reason: 'no_pkce' }),
      }),
    ],
    notices: ['secret'],
  };
  const text = diagnostics(view, '0.1.0', 'Linux');
  expect(text).toContain('- mcp.example.com: state=failed grant=none attempt=failed scopes=0/1 problem=failed/no_pkce');
  expect(text).not.toMatch(/secret|pass|private-name|ada/);
});
