import { expect, it } from 'vitest';
import { bars, counted, sentenceOf } from './activity';
import type { Chart } from './types';

const now = new Date(2026, 4, 3, 13, 20);
const QUARTER = 15 * 60_000;
const QUARTERS = 8 * 24 * 4;
const end = new Date(2026, 4, 3, 13, 30).getTime();
const empty: Chart = {
  from: new Date(end - QUARTERS * QUARTER).toISOString(),
  counts: Array<number>(QUARTERS).fill(0),
  agents: [],
  servers: [],
};
const at = (day: number, hour: number, minute = 0): string => new Date(2026, 4, day, hour, minute).toISOString();
const charted = (...times: string[]): Chart => times.reduce<Chart>((chart, time) => counted(chart, time) ?? chart, empty);

it('says what was done', () => {
  const entry = { at: at(3, 12), by: 'program', agent: 'Claude Code', server: 'linear' } as const;
  expect(sentenceOf({ ...entry, what: 'hand_out' })).toBe('Claude Code got a token for linear');
  expect(sentenceOf({ ...entry, what: 'refused', outcome: 'denied' })).toBe('Claude Code was not allowed to use linear');
  expect(sentenceOf({ ...entry, what: 'allow_always' })).toBe('You allowed Claude Code to use linear always');
  expect(sentenceOf({ at: at(3, 12), by: 'person', agent: 'the person', what: 'revoke', server: 'linear' })).toBe('You revoked linear');
  expect(sentenceOf({ ...entry, agent: 'the person', what: 'revoke' })).toBe('“the person” revoked linear');
  expect(sentenceOf({ ...entry, agent: 'You', what: 'decline' })).toBe('“You” said “not now” to linear');
  expect(sentenceOf({ ...entry, what: 'not_known_here' })).toBe('Claude Code: not known here linear');
  expect(sentenceOf({ ...entry, what: 'constructor' })).toBe('Claude Code: constructor linear');
  expect(sentenceOf({ ...entry, what: 'refused', outcome: 'not_known_here' })).toBe('Claude Code got nothing for linear');
});

it('counts by the days and hours of the calendar here', () => {
  const chart = charted(at(3, 13, 10), at(3, 13, 5), at(3, 0), at(2, 23, 59), at(27 - 30, 0), at(26 - 30, 23));
  const days = bars(chart, 'days', now);
  expect(days.map((bar) => bar.count)).toEqual([1, 0, 0, 0, 0, 1, 3]);
  expect(days.at(-1)?.label).toBe('Sun');
  const hours = bars(chart, 'hours', now);
  expect(hours).toHaveLength(24);
  expect(hours.at(-1)).toEqual({ label: '', name: '13:00', count: 2 });
  expect(hours.find((bar) => bar.name === '00:00')).toEqual({ label: '00:00', name: '00:00', count: 1 });
  expect(hours.reduce((sum, bar) => sum + bar.count, 0)).toBe(4);
});

it('has to be drawn anew for what lies beyond it', () => {
  expect(counted(empty, at(3, 13, 31))).toBeUndefined();
  expect(counted(empty, at(3, 13, 29))?.counts.at(-1)).toBe(1);
});
