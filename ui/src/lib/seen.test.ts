import { expect, test } from 'vitest';
import { Seen } from './seen';

test('what fits on the screen is seen at once', () => {
  const seen = new Seen();
  seen.see(0, 300.4, 300);
  expect(seen.all).toBe(true);
});

test('what is long is seen piece by piece, in any order', () => {
  const seen = new Seen();
  seen.see(0, 300, 900);
  seen.see(600, 900, 900);
  expect(seen.all).toBe(false);
  seen.see(250, 620, 900);
  expect(seen.all).toBe(true);
});

test('whoever jumps to the end has not seen the middle', () => {
  const seen = new Seen();
  seen.see(0, 300, 900);
  seen.see(600, 900, 900);
  expect(seen.all).toBe(false);
});

test('nothing is seen where nothing of it is on the screen', () => {
  const seen = new Seen();
  seen.see(300, 200, 900);
  expect(seen.all).toBe(false);
});

test('what became longer before all was seen is read anew', () => {
  const seen = new Seen();
  seen.see(0, 600, 900);
  seen.see(600, 1000, 1000);
  expect(seen.all).toBe(false);
});

test('what was seen stays so in another shape, but not with another content', () => {
  const seen = new Seen();
  seen.see(0, 900, 900);
  seen.see(0, 300, 1800);
  expect(seen.all).toBe(true);
  seen.forget();
  seen.see(0, 300, 1800);
  expect(seen.all).toBe(false);
});
