import { expect, it } from 'vitest';
import { EMPTY, server as sample } from '../dev/pieces';
import { ordered, scopes, sections } from './order';
import type { Server, ServerState, View } from './types';

const server = (name: string, state: ServerState): Server =>
  sample(name, `https://${name}.example.com/mcp`, { state, declined: state === 'declined' });

const view = (servers: Server[], wanted: string[] = []): View => ({
  ...EMPTY,
  servers,
  wanted: wanted.map((name) => ({ server: name, agent: 'codex' })),
});

const all = [
  server('a', 'declined'),
  server('b10', 'ready'),
  server('b9', 'ready'),
  server('c', 'authorization_required'),
  server('d', 'failed'),
  server('e', 'lapsed'),
];

it('puts attention first and rest last, and numbers in their order', () => {
  expect(ordered(view(all)).map((one) => one.name)).toEqual(['e', 'd', 'c', 'b9', 'b10', 'a']);
});

it('puts what an agent waits for before all others', () => {
  expect(ordered(view(all, ['c', 'b9']))[0]?.name).toBe('c');
});

it('finds servers by words of their name and address', () => {
  expect(ordered(view(all), 'B9').map((one) => one.name)).toEqual(['b9']);
  expect(ordered(view(all), 'mcp d.ex').map((one) => one.name)).toEqual(['d']);
  expect(ordered(view(all), 'nothing')).toEqual([]);
});

it('leaves empty sections out', () => {
  expect(sections(ordered(view(all))).map((section) => section.group)).toEqual(['attention', 'ready', 'resting']);
  expect(sections([server('b', 'ready')]).map((section) => section.group)).toEqual(['ready']);
});

it('shows what is missing among the scopes first', () => {
  const one = { ...server('x', 'ready'), scopes_wanted: ['read', 'write'], scopes_granted: ['read', 'email'] };
  expect(scopes(one)).toEqual([
    { name: 'write', wanted: true, granted: false },
    { name: 'read', wanted: true, granted: true },
    { name: 'email', wanted: false, granted: true },
  ]);
});
