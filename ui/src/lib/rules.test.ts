import { expect, test } from 'vitest';
import { ruled } from '../dev/rules';
import { NOTHING_CHOSEN, drafted } from './rules';
import type { StandingAnswer, ToolRule } from './types';

const answer = (tools: ToolRule[]): StandingAnswer => {
  const found = ruled().answers.find(({ consent }) => consent.rules);
  if (!found?.consent.rules) throw new Error('no answer goes by rules');
  return { ...found, consent: { ...found.consent, rules: { ...found.consent.rules, tools } } };
};

test('what was chosen stays while other rules are set, and takes none of them back', () => {
  const draft = { classes: { change: 'free' as const }, tools: { add: 'never' as const, gone: 'class' as const } };
  const { classes, tools } = drafted(answer([{ tool: 'gone', rule: 'free' }, { tool: 'meanwhile', rule: 'never' }]), draft);
  expect(classes).toEqual({ read: 'free', change: 'free', destroy: 'never' });
  expect(tools).toEqual([
    { tool: 'meanwhile', rule: 'never' },
    { tool: 'add', rule: 'never' },
  ]);
});

test('where nothing was chosen the rules are those that are set', () => {
  expect(drafted(answer([{ tool: 'add', rule: 'ask' }]), NOTHING_CHOSEN).tools).toEqual([{ tool: 'add', rule: 'ask' }]);
});
