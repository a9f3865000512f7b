// Questions, in words.

import { strings } from './strings';
import type { Answer, Question } from './types';

/** What is asked, in one line. */
export function asked({ about }: Question): string {
  switch (about.kind) {
    case 'use':
      return strings.question.use(about.agent, about.server);
    case 'replace':
      return strings.question.replace(about.server);
    case 'configuration':
      return strings.question.configuration;
  }
}

export interface Choice {
  answer: Answer;
  label: string;
  note: string;
  /** The answer that a person most likely means. */
  main?: boolean;
  /** Milliseconds until it can be given, where that is longer than usual. */
  arming?: number;
}

/** What is given for good is not given by a click that was meant for something else. */
const ALWAYS: Choice = {
  answer: 'allow_always',
  label: strings.question.always,
  note: strings.question.alwaysNote,
  arming: 1000,
};

/** The answers that a question has, in the order of their keys. */
export function choices({ about }: Question): Choice[] {
  const said = strings.question;
  switch (about.kind) {
    case 'use':
      return [
        { answer: 'allow_once', label: said.once, note: said.onceNote, main: true },
        { answer: 'allow_session', label: said.session, note: said.sessionNote },
        { answer: 'deny', label: said.deny, note: said.denyNote },
        ...(about.may_stay ? [ALWAYS] : []),
      ];
    case 'replace':
      return [
        { answer: 'allow_once', label: said.replaceYes, note: '' },
        { answer: 'deny', label: said.replaceNo, note: '' },
      ];
    case 'configuration':
      return [
        { answer: 'allow_once', label: said.configurationYes, note: '' },
        { answer: 'deny', label: said.configurationNo, note: '' },
      ];
  }
}
