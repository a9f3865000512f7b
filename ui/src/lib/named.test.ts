import { expect, it } from 'vitest';
import { named } from './named';

it('leaves a simple name as it is', () => {
  for (const name of ['linear', 'claude-code', 'a.b_2', 'почта']) expect(named(name)).toBe(name);
});

it('quotes what could be more of the sentence', () => {
  expect(named('linear (mcp.linear.app), signed in as you')).toBe('“linear (mcp.linear.app), signed in as you”');
  expect(named('You')).toBe('“You”');
  expect(named('the person')).toBe('“the person”');
  expect(named('a” wants “b')).toBe("“a' wants 'b”");
  expect(named('')).toBe('“”');
});
