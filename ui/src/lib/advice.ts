// What to do about a problem: the window's own words where it has a button or a page for it, else the
// valet's.

import type { Messages } from './messages';
import { isMessage, say } from './say';
import { whole } from './sentence';
import type { Problem, Reason } from './types';

/** Reasons that the message files advise about. An empty text there: the button beside it says it. */
type Advised = { [R in Reason]: `advice-${R}` extends keyof Messages ? R : never }[Reason];

/** What the valet says of these is right here as well, or depends on the case. */
const LEFT_TO_THE_VALET: Record<Exclude<Reason, Advised>, true> = {
  server_slow: true,
  server_unavailable: true,
  issuer_slow: true,
  issuer_unanswered: true,
  issuer_unavailable: true,
  certificate_refused: true,
  address_refused: true,
  insecure_endpoint: true,
  proxy_refused: true,
  network_sign_in: true,
  answer_too_large: true,
  answer_invalid: true,
  not_json: true,
  answer_broke_off: true,
  unexpected_status: true,
  forbidden: true,
  authorization_limit: true,
  too_long_to_repeat: true,
  resource_mismatch: true,
  issuer_mismatch: true,
  metadata_missing: true,
  no_pkce: true,
  scopes_needed: true,
  pushed_requests_required: true,
  client_document_invalid: true,
  sign_in_failed: true,
  provider_error: true,
  resource_refused: true,
  callback_refused: true,
  not_back_yet: true,
  source_unreadable: true,
  token_type: true,
  unknown_session: true,
  looks_alike: true,
  mixes_alphabets: true,
  name_not_simple: true,
  configuration: true,
  too_many_connections: true,
  too_many_listeners: true,
  too_many_servers: true,
  too_many_sign_ins: true,
  passphrase_wrong: true,
  passphrase_short: true,
  passphrase_busy: true,
  several_keys: true,
  no_such_key: true,
  key_invalid: true,
  folder_unknown: true,
  folder_changed: true,
  account_asked: true,
  account_refused: true,
  against_the_rules: true,
  call_refused: true,
  call_asked: true,
  too_long_to_judge: true,
  ambiguous: true,
  header_mismatch: true,
  batch_held: true,
};

const isLeft = (reason: Reason): boolean => Object.hasOwn(LEFT_TO_THE_VALET, reason);

/**
 * A problem as a person should read it in the window: whole sentences, and what to do here rather than
 * elsewhere.
 */
export function told(problem: Problem, unattended = false): { detail: string; advice: string } {
  return { detail: whole(problem.detail), advice: unattended ? adviceAlone(problem) : advice(problem) };
}

function advice({ code, reason, advice, setting }: Problem): string {
  const own = reason && !isLeft(reason) ? said(`advice-${reason}`) : undefined;
  const here = own ?? said(`advice-code-${code}`);
  if (here !== undefined) return here;
  const plain = whole(advice.replaceAll('`', ''));
  return setting ? `${plain} ${say('advice-file')}` : plain;
}

/** Nobody can sign in where nobody signs in: then a setting is what helps, if anything does. */
function adviceAlone(problem: Problem): string {
  const own = problem.reason && said(`advice-alone-${problem.reason}`);
  return own === undefined || (own === '' && problem.setting) ? advice(problem) : own;
}

type Advice = Extract<keyof Messages, `advice-${string}`>;

const isAdvice = (id: string): id is Advice => isMessage(id);

/** The message, where there is one. */
const said = (id: string): string | undefined => (isAdvice(id) ? say(id) : undefined);
