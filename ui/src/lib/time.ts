// Moments, as a person says them.

import { locale, say } from './say';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });

const midnight = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** How many days `at` is after `now`, as the calendar counts. */
const daysFrom = (now: Date, at: Date): number => Math.round((midnight(at) - midnight(now)) / DAY);

const named = (at: Date, now: Date): string =>
  (at.getFullYear() === now.getFullYear() ? day : dayOfYear).format(at);

/** "just now", "5 minutes ago", "yesterday at 14:05", "on 3 May". */
export function past(at: Date, now: Date): string {
  const since = now.getTime() - at.getTime();
  if (since < MINUTE) return say('time-just-now');
  if (since < HOUR) return say('time-minutes', { count: Math.floor(since / MINUTE) });
  const days = daysFrom(now, at);
  if (days === 0) return say('time-hours', { count: Math.floor(since / HOUR) });
  if (days === -1) return say('time-yesterday', { time: clock.format(at) });
  return say('time-on', { day: named(at, now) });
}

/** "at 14:05", "tomorrow at 14:05", "on 3 May at 14:05". */
export function next(at: Date, now: Date): string {
  const time = clock.format(at);
  const days = daysFrom(now, at);
  if (days === 0) return say('time-at', { time });
  if (days === 1) return say('time-tomorrow', { time });
  return say('time-on-at', { day: named(at, now), time });
}

/** "14:05", or "tomorrow at 14:05": for behind "until". */
export function until(at: Date, now: Date): string {
  const days = daysFrom(now, at);
  if (days === 0) return clock.format(at);
  return days === 1 ? next(at, now) : say('time-day-at', { day: named(at, now), time: clock.format(at) });
}
