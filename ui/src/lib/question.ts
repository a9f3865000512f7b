// Questions, in words.

import { strings } from './strings';
import type { Answer, Question } from './types';

/** What is asked, in one line. */
export function asked({ about }: Question): string {
  switch (about.kind) {
    case 'use':
      return strings.question.use(about.agent, about.server);
    case 'add':
      return strings.question.add(about.agent, about.server);
    case 'replace':
      return strings.question.replace(about.server);
    case 'sign_in':
      return strings.question.signIn(about.server);
    case 'configuration':
      return strings.question.configuration;
  }
}

export interface Choice {
  answer: Answer;
  label: string;
  note: string;
  /** The digit that gives it: the same in every question about use. */
  key: number;
  /** Milliseconds until it can be given, where that is longer than usual. */
  arming?: number;
}

/** What is said for good is not said by a click that was meant for something else. */
const FOR_GOOD = 1000;

const said = strings.question;

const USE: Choice[] = [
  { answer: 'allow_once', key: 1, label: said.once, note: said.onceNote },
  { answer: 'allow_session', key: 2, label: said.session, note: said.sessionNote },
  { answer: 'allow_always', key: 3, label: said.always, note: said.alwaysNote, arming: FOR_GOOD },
  { answer: 'deny', key: 4, label: said.deny, note: said.denyNote },
  { answer: 'deny_always', key: 5, label: said.never, note: said.neverNote, arming: FOR_GOOD },
];

/** The answers that a question has. */
export function choices(question: Question): Choice[] {
  const { about } = question;
  switch (about.kind) {
    case 'use':
      return USE.filter(({ answer }) => about.answers.includes(answer)).map((choice) =>
        choice.answer === 'deny' && !isKnown(question) ? { ...choice, note: said.denyOnceNote } : choice,
      );
    case 'add':
      return [
        { answer: 'allow_once', key: 1, label: said.addYes, note: said.addYesNote, arming: FOR_GOOD },
        { answer: 'deny', key: 2, label: said.addNo, note: said.denyNote },
      ];
    case 'replace':
      return [
        { answer: 'allow_once', key: 1, label: said.replaceYes, note: '' },
        { answer: 'deny', key: 2, label: said.replaceNo, note: '' },
      ];
    case 'sign_in':
      return [
        { answer: 'allow_once', key: 1, label: said.signInYes[about.shared.what], note: '', arming: FOR_GOOD },
        { answer: 'deny', key: 2, label: said.signInNo, note: '' },
      ];
    case 'configuration':
      return [
        { answer: 'allow_once', key: 1, label: said.configurationYes, note: '' },
        { answer: 'deny', key: 2, label: said.configurationNo, note: '' },
      ];
  }
}

export const isYes = (answer: Answer): boolean => answer.startsWith('allow');

/** Whether whoever asks can be told from others. */
export const isKnown = ({ about }: Question): boolean => about.kind === 'use' && about.answers.includes('allow_session');

/** Why an answer cannot stand for longer, where it cannot. */
export function limit(question: Question): string {
  const { about } = question;
  if (about.kind !== 'use' || about.answers.includes('allow_always')) return '';
  return isKnown(question) ? said.forNowAtMost(about.agent) : said.cannotBeTold(about.agent);
}

const HOUR = 3600;

/** For how long a token is good, in words; nothing if it has no end or is not known. */
export function untilGood(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 0.9 * HOUR) return said.minutes(Math.max(1, Math.round(seconds / 60)));
  if (seconds <= 36 * HOUR) return said.hours(Math.round(seconds / HOUR));
  return said.days(Math.round(seconds / (24 * HOUR)));
}
