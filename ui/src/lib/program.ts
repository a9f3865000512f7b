// Programs that the person has answered about, each with all of its answers.

import { locale, say } from './say';
import { past, until } from './time';
import type { AuditEntry, Consent, StandingAnswer } from './types';

export interface Program {
  mark: string;
  name: string;
  icon: string | null;
  executable: string;
  answers: StandingAnswer[];
}

const names = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });

/** By name; the answers of each as they come, those that are allowed first. */
export function programsOf(answers: StandingAnswer[]): Program[] {
  const programs = new Map<string, Program>();
  for (const answer of answers) {
    const { mark, icon, executable, consent } = answer;
    const known = programs.get(mark);
    if (known) known.answers.push(answer);
    else programs.set(mark, { mark, name: consent.name, icon, executable, answers: [answer] });
  }
  return [...programs.values()].sort((one, other) => names.compare(one.name, other.name));
}

/** The program that an entry of the audit is about, if there is an answer about it. */
export const programOf = ({ agent, executable }: AuditEntry, answers: StandingAnswer[]): string | undefined =>
  answers.find((answer) => answer.consent.name === agent && answer.executable === executable)?.mark;

/** How many servers it may use, and how many not. */
export function sums(answers: StandingAnswer[]): string {
  const may = answers.filter((answer) => isYes(answer.consent)).length;
  const not = answers.length - may;
  const sums = [may > 0 ? say('program-may-use', { count: may }) : '', not > 0 ? say('program-may-not-use', { count: not }) : ''];
  return sums.filter((one) => one !== '').join(' · ');
}

export const isYes = ({ answer }: Consent): boolean => answer.startsWith('allowed_');

/** The answer in words, with its end if it has one. */
export const standing = (consent: Consent, now: Date): string =>
  'until' in consent
    ? say(`server-answers-${consent.answer}`, { until: until(new Date(consent.until), now) })
    : say(`server-answers-${consent.answer}`);

/** What a yes reaches to. */
export function extent(consent: Consent): string {
  const scopes = consent.scopes === null ? say('server-any-scope') : consent.scopes.join(', ');
  const form = consent.reach === 'everything' ? say(`server-forms-${consent.form}`) : say(consent.reach === 'proxy_only' ? 'server-proxy-only' : 'server-by-rules');
  return scopes === '' ? form : `${form}: ${scopes}`;
}

/** When it was said, and what came of it. Answers of before anybody wrote the time down have none. */
export function history(consent: Consent, now: Date): string {
  const ago = (at: string): string => past(new Date(at), now);
  const since = new Date(consent.since).getTime() === 0 ? [] : [say('server-answered', { when: ago(consent.since) })];
  if (!isYes(consent)) return since.join('');
  const used = consent.last_used === null ? say('server-unused') : say('server-used', { count: consent.uses, when: ago(consent.last_used) });
  return [...since, used].join(' · ');
}
