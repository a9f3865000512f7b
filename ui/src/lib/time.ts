// Moments, as a person says them.

import { strings } from './strings';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

const midnight = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** How many days `at` is after `now`, as the calendar counts. */
const daysFrom = (now: Date, at: Date): number => Math.round((midnight(at) - midnight(now)) / DAY);

const named = (at: Date, now: Date): string =>
  (at.getFullYear() === now.getFullYear() ? day : dayOfYear).format(at);

/** "just now", "5 minutes ago", "yesterday at 14:05", "on 3 May". */
export function past(at: Date, now: Date): string {
  const since = now.getTime() - at.getTime();
  if (since < MINUTE) return strings.time.justNow;
  if (since < HOUR) return strings.time.minutes(Math.floor(since / MINUTE));
  const days = daysFrom(now, at);
  if (days === 0) return strings.time.hours(Math.floor(since / HOUR));
  if (days === -1) return strings.time.yesterday(clock.format(at));
  return strings.time.on(named(at, now));
}

/** "at 14:05", "tomorrow at 14:05", "on 3 May at 14:05". */
export function next(at: Date, now: Date): string {
  const time = clock.format(at);
  const days = daysFrom(now, at);
  if (days === 0) return strings.time.at(time);
  if (days === 1) return strings.time.tomorrow(time);
  return strings.time.onAt(named(at, now), time);
}

/** "14:05", or "tomorrow at 14:05": for behind "until". */
export function until(at: Date, now: Date): string {
  return daysFrom(now, at) === 0 ? clock.format(at) : next(at, now).replace(/^on /, '');
}
