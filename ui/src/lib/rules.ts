// What a program may do at a server, in words and as it is set.

import { say } from './say';
import type { ClassRules, Ruling, StandingAnswer, ToolClass, ToolSaid } from './types';

export const CLASSES: ToolClass[] = ['read', 'change', 'destroy'];
export const RULINGS: Ruling[] = ['free', 'ask', 'never'];
export const EVERYTHING: ClassRules = { read: 'free', change: 'free', destroy: 'free' };

/** The rules for single tools, as they are set. */
export const rulesOf = ({ consent }: StandingAnswer): ToolSaid[] => (consent.rules?.tools ?? []).map(({ tool, rule }) => ({ tool, rule }));

/** All rules of an answer in one line; nothing where it may do everything. */
export function summed({ consent }: StandingAnswer): string {
  if (!consent.rules) return '';
  const { classes, tools } = consent.rules;
  const sum = say('server-rules-sum', {
    read: say(`server-rule-${classes.read}`),
    change: say(`server-rule-${classes.change}`),
    destroy: say(`server-rule-${classes.destroy}`),
  });
  return tools.length > 0 ? `${sum} ${say('server-rules-more', { count: tools.length })}` : sum;
}
