// What a program may do at a server, in words and as it is set.

import { say } from './say';
import type { ClassRules, Ruling, StandingAnswer, ToolClass, ToolSaid } from './types';

export const CLASSES: ToolClass[] = ['read', 'change', 'destroy'];
export const RULINGS: Ruling[] = ['free', 'ask', 'never'];
export const EVERYTHING: ClassRules = { read: 'free', change: 'free', destroy: 'free' };

/** The rules for single tools, as they are set. */
export const rulesOf = ({ consent }: StandingAnswer): ToolSaid[] => (consent.rules?.tools ?? []).map(({ tool, rule }) => ({ tool, rule }));

/**
 * What was chosen and is not set yet: what differs from the rules that are set. A tool may be left to its
 * class.
 */
export interface Draft {
  classes: Partial<ClassRules>;
  tools: Readonly<Record<string, Ruling | 'class'>>;
}

export const NOTHING_CHOSEN: Draft = { classes: {}, tools: {} };

/** The rules of an answer with what was chosen, whatever else was set meanwhile. */
export function drafted(answer: StandingAnswer, { classes, tools }: Draft): { classes: ClassRules; tools: ToolSaid[] } {
  const all = new Map<string, Ruling | 'class'>(rulesOf(answer).map(({ tool, rule }) => [tool, rule]));
  for (const [tool, rule] of Object.entries(tools)) all.set(tool, rule);
  const own = [...all].flatMap(([tool, rule]) => (rule === 'class' ? [] : [{ tool, rule }]));
  return { classes: { ...(answer.consent.rules?.classes ?? EVERYTHING), ...classes }, tools: own };
}

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
