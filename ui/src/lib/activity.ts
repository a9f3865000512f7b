// What was done, in words and in numbers over time.

import type { Messages } from './messages';
import { isMessage, locale, say } from './say';
import { until } from './time';
import type { Act, AnyAct, AuditEntry, AuditFault, Chart } from './types';

const QUARTER = 15 * 60_000;

/** One entry as a sentence. */
export function sentenceOf(entry: AuditEntry): string {
  const by = entry.by === 'person' ? 'person' : 'program';
  const told = { by, who: named(entry.agent), server: entry.server ?? say('activity-server') };
  const why = entry.outcome ?? entry.result ?? '';
  const end = entry.until === undefined ? '' : until(new Date(entry.until), new Date(entry.at));
  const { what } = entry;
  if (!isKnown(what)) return say('activity-unknown', { ...told, what: what.replaceAll('_', ' ') }).trim();
  if (what === 'refused' && isRefused(why)) return say(`activity-refused-${why}`, told);
  if (why !== '' && saysWhy(what)) return say(BECAUSE[what], { ...told, why });
  return say(`activity-done-${what}`, { ...told, until: end });
}

/** What an entry that says why has to say beyond that it was done. */
const BECAUSE = {
  add: 'activity-done-add-agreed',
  lock: 'activity-done-lock-because',
  unlock: 'activity-done-unlock-because',
  unproven: 'activity-done-unproven-which',
} as const satisfies Partial<Record<Act, keyof Messages>>;

const saysWhy = (what: Act): what is keyof typeof BECAUSE => Object.hasOwn(BECAUSE, what);

/** Another version may have written of acts, and of outcomes, that this one does not know. */
const isKnown = (what: AnyAct): what is Act => isMessage(`activity-done-${what}`);

/** The outcomes of a refusal that there are words for. */
type Refused = { [Id in keyof Messages]: Id extends `activity-refused-${infer Outcome}` ? Outcome : never }[keyof Messages];

const isRefused = (outcome: string): outcome is Refused => isMessage(`activity-refused-${outcome}`);

/** What is wrong with the record, and where. */
export function brokenAt({ what, seq, through }: AuditFault): string {
  return say(`activity-broken-${what}`, { seq, through, count: through - seq + 1 });
}

/** A program's name, in quotes where it reads like somebody who is no program. */
const named = (agent: string): string => (/^\s*(you|the person|mcp valet|the configuration|du|sie|die person|die konfiguration)\b/i.test(agent) ? `“${agent}”` : agent);

export type Span = 'days' | 'hours';

export interface Bar {
  /** Under the bar; empty where there is no room for one. */
  label: string;
  /** Of the bar, in full. */
  name: string;
  count: number;
}

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });

/** The last seven days, or the last 24 hours, today or this hour last; as the calendar here counts. */
export function bars(chart: Chart, span: Span, now: Date): Bar[] {
  const starts = span === 'days' ? days(now) : hours(now);
  const made = starts.map((start) => ({ label: label(start, span), name: name(start, span), count: 0 }));
  const from = new Date(chart.from).getTime();
  chart.counts.forEach((count, at) => {
    const time = from + at * QUARTER;
    const bar = count > 0 ? made[starts.findLastIndex((start) => start.getTime() <= time)] : undefined;
    if (bar) bar.count += count;
  });
  return made;
}

const days = (now: Date): Date[] =>
  Array.from({ length: 7 }, (_, at) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - 6 + at));

function hours(now: Date): Date[] {
  const hour = new Date(now);
  hour.setMinutes(0, 0, 0);
  return Array.from({ length: 24 }, (_, at) => new Date(hour.getTime() - (23 - at) * 4 * QUARTER));
}

const clock = (start: Date): string => `${String(start.getHours()).padStart(2, '0')}:00`;
const name = (start: Date, span: Span): string => (span === 'days' ? weekday.format(start) : clock(start));
const label = (start: Date, span: Span): string => (span === 'days' || start.getHours() % 6 === 0 ? name(start, span) : '');

/** The chart with one more at this time. `undefined` if it does not reach so far: it has to be drawn anew. */
export function counted(chart: Chart, at: string): Chart | undefined {
  const quarter = Math.floor((new Date(at).getTime() - new Date(chart.from).getTime()) / QUARTER);
  if (quarter < 0 || quarter >= chart.counts.length) return undefined;
  return { ...chart, counts: chart.counts.with(quarter, (chart.counts[quarter] ?? 0) + 1) };
}
