// A call that is asked about, in words.

import { say } from './say';
import type { About, Difference, Lasts } from './types';

export type CallAbout = Extract<About, { kind: 'call' }>;

/** From the shortest. */
const LASTS: Lasts[] = ['quarter_hour', 'hour', 'today', 'for_now', 'always'];

/** How long an answer may hold for the tool, from the shortest; none where it is for one call alone. */
export const lengthsOf = ({ longest }: CallAbout): Lasts[] => LASTS.slice(0, LASTS.indexOf(longest) + 1);

/** How a tool is not what it was. */
export function difference(one: Difference): string {
  switch (one.what) {
    case 'class':
      return say('question-difference-class', { was: say(`server-tool-class-${one.was}`), is: say(`server-tool-class-${one.is}`) });
    case 'schema':
      return say('question-difference-schema');
    case 'added':
    case 'removed':
    case 'other':
      return say(`question-difference-${one.what}`, { name: one.name });
  }
}
