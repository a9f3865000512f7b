// The state of a server, in one sentence and one button.

import { isOnlyHere } from './address';
import { say } from './say';
import { next, until } from './time';
import type { Cause, LookAlike, Server, VaultKind } from './types';

/** One sentence that says how a server stands. */
export function sentence(server: Server, now: Date): string {
  if (server.state === 'ready') return ready(server, now);
  if (server.state === 'waiting') return waiting(server);
  if (server.state === 'failed' && server.unattended) return say('server-sentence-failed-by-itself');
  if ((server.state === 'lapsed' || server.state === 'registration_lost') && server.problem) return whole(server.problem.detail);
  if (server.state === 'declined' && server.declined_for_good) return say('server-sentence-declined-for-good');
  return say(`server-sentence-${server.state}`);
}

function waiting(server: Server): string {
  if (server.device) return say('server-sentence-on-device');
  return server.attempt === 'preparing' ? say('server-sentence-preparing') : say('server-sentence-waiting');
}

function ready(server: Server, now: Date): string {
  if (server.program) return say('server-sentence-program', { running: server.program.running });
  if (server.credential === 'key') return say('server-sentence-key');
  const as = server.account ? say('server-sentence-as', { account: server.account }) : '';
  if (server.device) return say('server-sentence-another-on-device', { as });
  if (server.attempt === 'waiting' || server.attempt === 'preparing') return say('server-sentence-another', { as });
  if (server.grant === 'none') return say('server-sentence-by-itself');
  if (server.grant === 'unsaved') return say('server-sentence-unsaved', { as });
  if (server.expires_at === undefined) return server.renews ? say('server-sentence-renews', { as }) : say('server-sentence-ready', { as });
  const end = new Date(server.expires_at);
  if (server.renews) return end > now ? say('server-sentence-renews-at', { as, when: next(end, now) }) : say('server-sentence-renews', { as });
  return end > now ? say('server-sentence-until', { as, when: until(end, now) }) : say('server-sentence-ended', { as });
}

/** What the one primary button of a server's page does. */
export type Primary = 'authorize' | 'again' | 'retry' | 'choose' | 'client' | 'unlock' | 'undecline' | 'key';

export function primary(server: Server): Primary | undefined {
  switch (server.state) {
    case 'key_required':
    case 'key_refused':
      return 'key';
    case 'declined':
      if (server.credential !== 'sign_in') return 'undecline';
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
    case 'opening':
      return undefined;
    case 'ready':
      return readyPrimary(server);
  }
}

/**
 * What works needs no button, unless a newer sign-in was begun and stopped half way, or the last renewal
 * failed.
 */
function readyPrimary(server: Server): Primary | undefined {
  if (server.unattended || server.credential !== 'sign_in') return undefined;
  if (server.attempt === 'choosing_issuer') return 'choose';
  if (server.attempt === 'failed') return 'retry';
  return server.problem === undefined || isWarning(server) ? undefined : 'again';
}

/**
 * Whether its problem is one to know of only: what it has works, and another sign-in would bring the same.
 */
export const isWarning = ({ state, attempt, problem }: Server): boolean =>
  state === 'ready' && attempt !== 'failed' && problem?.reason === 'token_wrong';

/**
 * Whether it makes sense to sign in on another device: not where that was refused, nor to a server that only
 * this computer reaches.
 */
export const mayUseDevice = ({ url, problem }: Server): boolean => problem?.reason !== 'no_device_sign_in' && !isOnlyHere(url);

/** Whether "Not now" has a meaning: somebody waits for a sign-in. */
export function mayDecline(server: Server, wanted: boolean): boolean {
  return wanted && !server.declined && !['ready', 'locked', 'opening'].includes(server.state);
}

/** That a name looks like another's, or like what it is not. */
export const careful = (look: LookAlike): string =>
  look.why === 'of' ? say('server-look-alike-of', { server: look.server }) : say('server-look-alike-mixes_alphabets');
/** Whether a sign-in is under way that somebody else has the turn in. */
export const mayCancel = ({ attempt }: Server): boolean => attempt === 'waiting' || attempt === 'preparing';

/** Whether another sign-in to what works can be begun: for more, or as somebody else. */
export const mayRenew = (server: Server): boolean => server.state === 'ready' && server.attempt === 'none' && !server.unattended && server.credential === 'sign_in';

/** What locked the valet, and what that means with this vault. */
export function lockedBy(cause: Cause, vault: VaultKind): string {
  const said = say(`setting-locked-by-${cause}`);
  return vault === 'memory' ? `${said} ${say('setting-locked-memory')}` : said;
}

/**
 * Whether "Don't ask again" has a meaning: the person could be asked to sign in, now or in another session.
 */
export const mayDeclineForGood = (server: Server): boolean =>
  !server.declined_for_good && ['authorization_required', 'lapsed', 'registration_lost', 'waiting', 'declined'].includes(server.state);

/** The text with a capital at its beginning, unless that is a host or a path, and a full stop at its end. */
export function whole(text: string): string {
  if (text === '') return '';
  const stop = /[.!?…”“"]$/.test(text) ? '' : '.';
  const first = /^\p{Ll}+(?=[\s,;:]|$)/u.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0);
  return first + text.slice(1) + stop;
}

/** The account that is signed in, to tell servers apart that have one address. */
export function accountOf({ account, grant, credential }: Server): string {
  if (credential === 'key') return say('server-kind-key');
  if (credential === 'none') return say('server-kind-here');
  if (account !== undefined) return account;
  return say(grant === 'live' || grant === 'unsaved' ? 'server-account-unknown' : 'server-account-none');
}
