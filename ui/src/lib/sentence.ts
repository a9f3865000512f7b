// The state of a server, in one sentence and one button.

import { isOnlyHere } from './address';
import { strings } from './strings';
import { next, until } from './time';
import type { Cause, Problem, Server, VaultKind } from './types';

const said = strings.server.sentence;

/** One sentence that says how a server stands. */
export function sentence(server: Server, now: Date): string {
  if (server.state === 'ready') return ready(server, now);
  if (server.state === 'waiting') return waiting(server);
  if (server.state === 'failed' && server.unattended) return said.failedByItself;
  if ((server.state === 'lapsed' || server.state === 'registration_lost') && server.problem) return whole(server.problem.detail);
  if (server.state === 'declined' && server.declined_for_good) return said.declinedForGood;
  return said[server.state];
}

function waiting(server: Server): string {
  if (server.device) return said.onDevice;
  return server.attempt === 'preparing' ? said.preparing : said.waiting;
}

function ready(server: Server, now: Date): string {
  const as = server.account ? said.as(server.account) : '';
  if (server.device) return said.anotherOnDevice(as);
  if (server.attempt === 'waiting' || server.attempt === 'preparing') return said.another(as);
  if (server.grant === 'none') return said.byItself;
  if (server.grant === 'unsaved') return said.unsaved(as);
  if (server.expires_at === undefined) return server.renews ? said.renews(as) : said.ready(as);
  const end = new Date(server.expires_at);
  if (server.renews) return end > now ? said.renewsAt(as, next(end, now)) : said.renews(as);
  return end > now ? said.until(as, until(end, now)) : said.ended(as);
}

/** What the one primary button of a server's page does. */
export type Primary = 'authorize' | 'again' | 'retry' | 'choose' | 'client' | 'unlock' | 'undecline';

export function primary(server: Server): Primary | undefined {
  switch (server.state) {
    case 'declined':
      if (server.grant === 'live' || server.grant === 'unsaved') return 'undecline';
      return ['lapsed', 'registration_lost'].includes(server.grant) ? 'again' : 'authorize';
    case 'authorization_required':
      return ['lapsed', 'registration_lost'].includes(server.grant) ? 'again' : 'authorize';
    case 'lapsed':
    case 'registration_lost':
      return 'again';
    case 'failed':
      if (server.unattended) return undefined;
      return server.problem?.reason === 'no_device_sign_in' ? 'authorize' : 'retry';
    case 'choosing_issuer':
      return 'choose';
    case 'needs_client_id':
      return 'client';
    case 'locked':
      return 'unlock';
    case 'waiting':
      return undefined;
    case 'ready':
      return readyPrimary(server);
  }
}

/** What works needs no button, unless a newer sign-in was begun and stopped half way, or the last renewal failed. */
function readyPrimary(server: Server): Primary | undefined {
  if (server.unattended) return undefined;
  if (server.attempt === 'choosing_issuer') return 'choose';
  if (server.attempt === 'failed') return 'retry';
  return server.problem === undefined || isWarning(server) ? undefined : 'again';
}

/** Whether its problem is one to know of only: what it has works, and another sign-in would bring the same. */
export const isWarning = ({ state, attempt, problem }: Server): boolean =>
  state === 'ready' && attempt !== 'failed' && problem?.reason === 'token_wrong';

/** Whether it makes sense to sign in on another device: not where that was refused, nor to a server that only this computer reaches. */
export const mayUseDevice = ({ url, problem }: Server): boolean => problem?.reason !== 'no_device_sign_in' && !isOnlyHere(url);

/** Whether "Not now" has a meaning: a sign-in is waited for or under way. */
export function mayDecline(server: Server, wanted: boolean): boolean {
  if (server.state === 'ready' || server.state === 'locked' || server.declined) return false;
  return wanted || server.state === 'waiting';
}

/** What locked the valet, and what that means with this vault. */
export function lockedBy(cause: Cause, vault: VaultKind): string {
  const said = strings.setting.lockedBy(cause);
  return vault === 'memory' ? `${said} ${strings.setting.lockedMemory}` : said;
}

/** Whether "Don't ask again" has a meaning: the person could be asked to sign in, now or in another session. */
export const mayDeclineForGood = (server: Server): boolean =>
  !server.declined_for_good && ['authorization_required', 'lapsed', 'registration_lost', 'waiting', 'declined'].includes(server.state);

/** A problem as a person should read it in the window: whole sentences, and what to do here rather than elsewhere. */
export function told(problem: Problem, unattended = false): { detail: string; advice: string } {
  return { detail: whole(problem.detail), advice: unattended ? adviceAlone(problem) : advice(problem) };
}

/** Nobody can sign in where nobody signs in: then a setting is what helps, if anything does. */
function adviceAlone(problem: Problem): string {
  const own = problem.reason && strings.advice.alone[problem.reason];
  return own === undefined || (own === '' && problem.setting) ? advice(problem) : own;
}

/** The window's own words where it has a button or a page for it, else the valet's. */
function advice({ code, reason, advice, setting }: Problem): string {
  const own = (reason && strings.advice.reason[reason]) ?? strings.advice.code[code];
  if (own !== null) return own;
  const plain = whole(advice.replaceAll('`', ''));
  return setting ? `${plain} ${strings.advice.file}` : plain;
}

/** The text with a capital at its beginning, unless that is a host or a path, and a full stop at its end. */
export function whole(text: string): string {
  if (text === '') return '';
  const stop = /[.!?…”"]$/.test(text) ? '' : '.';
  const first = /^[a-z]+(?=[\s,;:]|$)/.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0);
  return first + text.slice(1) + stop;
}
