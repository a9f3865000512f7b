// What the person chooses beside a yes or a no about use: which servers, how far, how long.

import { say } from './say';
import { until } from './time';
import type { About, Choice, Lasts, AccessLevel, UseAnswer, Wish } from './types';

export type Use = Extract<About, { kind: 'use' }>;

/** From the shortest. */
const LASTS: Lasts[] = ['once', 'quarter_hour', 'hour', 'today', 'for_now', 'always'];

/** How far an answer may reach. What goes through MCP Valet anyway is no less than everything. */
export const reaches = (about: Use): AccessLevel[] => (getsKey(about) ? ['everything', 'by_rules', 'proxy_only'] : ['everything', 'by_rules']);

const MINUTES: Partial<Record<Lasts, number>> = { quarter_hour: 15, hour: 60 };

/** How long an answer may hold, from the shortest. */
export const lengths = ({ longest }: Use): Lasts[] => LASTS.slice(0, LASTS.indexOf(longest) + 1);

/** Whether whoever asks can be told from others. */
export const isKnown = (about: Use): boolean => about.longest !== 'once';

const getsKey = ({ servers }: Use): boolean => servers.some(({ form }) => form !== 'proxied');

/** What it comes to, where something was chosen that is not offered any more. */
export function within(about: Use, { reach, lasts }: Choice): Choice {
  const offered = lengths(about);
  return {
    reach: reaches(about).includes(reach) ? reach : 'everything',
    lasts: offered.includes(lasts) ? lasts : about.longest,
  };
}

/** What the length means, in a sentence. */
export function meaning(lasts: Lasts, now: Date): string {
  const minutes = MINUTES[lasts];
  if (minutes !== undefined) return say('question-means-until', { until: until(new Date(now.getTime() + minutes * 60_000), now) });
  if (lasts === 'once') return say('question-means-once');
  if (lasts === 'today') return say('question-means-today');
  return lasts === 'for_now' ? say('question-means-for_now') : say('question-means-always');
}

/** Why an answer cannot hold for longer, where it cannot. */
export function limit(about: Use): string {
  if (about.longest === 'always') return '';
  return isKnown(about) ? say('question-for-now-at-most', { agent: about.agent }) : say('question-cannot-be-told', { agent: about.agent });
}

/** A yes to all of these that are ticked, and a no to the rest: what was on the screen, and nothing else. */
export function yes(servers: Wish[], isTicked: (server: string) => boolean, choice: Choice): UseAnswer {
  const names = servers.map(({ server }) => server);
  return { allow: names.filter(isTicked), deny: names.filter((name) => !isTicked(name)), ...choice };
}

/** A no to all of these. */
export const no = (servers: Wish[], choice: Choice): UseAnswer => ({ allow: [], deny: servers.map(({ server }) => server), ...choice });
