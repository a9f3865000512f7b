import { expect, test } from 'vitest';
import { Arming, DOUBLE_CLICK, SILENCE } from './arming';

/** Armed since `SILENCE`. */
const armed = (): Arming => {
  const arming = new Arming(0);
  expect(arming.isArmed(SILENCE)).toBe(true);
  return arming;
};

test('a yes needs a second of silence', () => {
  const arming = new Arming(0);
  expect(arming.isArmed(0)).toBe(false);
  expect(arming.isArmed(SILENCE - 1)).toBe(false);
  expect(arming.isArmed(SILENCE)).toBe(true);
});

test('what is pressed too early starts the second again', () => {
  const arming = new Arming(0);
  arming.press('Enter', 900);
  arming.release('Enter', 950);
  expect(arming.isArmed(SILENCE + 900)).toBe(false);
  expect(arming.isArmed(SILENCE + 950)).toBe(true);
});

test('what went down too early is no yes when it comes up, however long that takes', () => {
  const arming = new Arming(0);
  arming.press('pointer', 100);
  expect(arming.isArmed(60_000)).toBe(false);
  arming.release('pointer', 60_000);
  expect(arming.isArmed(60_000)).toBe(false);
  expect(arming.isArmed(60_000 + SILENCE)).toBe(true);
});

test('a key that is held, and so goes down again and again, never becomes a yes', () => {
  const arming = new Arming(0);
  for (let now = 0; now < 10_000; now += 30) {
    arming.press('Enter', now);
    expect(arming.isArmed(now)).toBe(false);
  }
});

test('another key does not set free a button that went down too early', () => {
  const arming = new Arming(0);
  arming.press('pointer', 100);
  arming.press('Shift', 200);
  arming.release('Shift', 300);
  expect(arming.isArmed(300 + SILENCE)).toBe(false);
});

test('once armed, what is pressed is a yes and disarms nothing', () => {
  const arming = armed();
  arming.press('pointer', 5000);
  expect(arming.isArmed(5000)).toBe(true);
  arming.release('pointer', 5100);
  expect(arming.isArmed(5100)).toBe(true);
});

test('what changes while a button is down takes its yes away', () => {
  const arming = armed();
  arming.press('pointer', 5000);
  arming.startOver(5050);
  arming.release('pointer', 5100);
  expect(arming.isArmed(5100)).toBe(false);
  expect(arming.isArmed(5100 + SILENCE)).toBe(true);
});

test('away there is no yes, and the second starts again on coming back', () => {
  const arming = armed();
  arming.leave();
  expect(arming.isArmed(60_000)).toBe(false);
  arming.comeBack(60_000);
  expect(arming.isArmed(60_000)).toBe(false);
  expect(arming.isArmed(60_000 + SILENCE)).toBe(true);
});

test('a key whose release went to another window keeps nothing disarmed', () => {
  const arming = new Arming(0);
  arming.press('Alt', 100);
  arming.leave();
  arming.comeBack(200);
  expect(arming.isArmed(200 + SILENCE)).toBe(true);
});

test('a no waits for no silence, only for a stray double click', () => {
  const arming = new Arming(0);
  expect(arming.mayRefuse(DOUBLE_CLICK - 1)).toBe(false);
  arming.press('pointer', DOUBLE_CLICK);
  arming.startOver(DOUBLE_CLICK);
  expect(arming.mayRefuse(DOUBLE_CLICK)).toBe(true);
  arming.comeBack(10_000);
  expect(arming.mayRefuse(10_000)).toBe(false);
});
