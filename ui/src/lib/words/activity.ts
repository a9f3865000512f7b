// What was done, and by whom.

import { plural } from './plural';
import type { Act, ActKind, AnyAct, AuditFault } from '../types';

/** One act in words. `who` is a program, or you. */
type Told = (who: string, server: string, why: string) => string;

/** What an entry of the audit says. */
const DONE: Record<Act, Told> = {
  hand_out: (who, server) => `${who} got a token for ${server}`,
  proxied: (who, server) => `${who} used ${server}`,
  refused: (who, server) => `${who} got nothing for ${server}`,
  allow_once: (who, server) => `You allowed ${who} to use ${server} once`,
  allow_session: (who, server) => `You allowed ${who} to use ${server} for now`,
  allow_always: (who, server) => `You allowed ${who} to use ${server} always`,
  deny: (who, server) => `You did not allow ${who} to use ${server}`,
  deny_always: (who, server) => `You chose never to allow ${who} to use ${server}`,
  forget_answer: (who, server) =>
    who === YOU ? `You took back an answer about ${server}` : `You took back your answer about ${who} and ${server}`,
  set_agents: () => 'You set what new programs get',
  sign_in: (who, server) => (who === YOU ? `You signed in to ${server}` : `You signed in to ${server}, as ${who} asked`),
  obtain: (_, server) => `MCP Valet signed in to ${server} by itself`,
  decline: (who, server) => (who === YOU ? `You said “not now” to ${server}` : `${who} said “not now” to ${server}`),
  decline_for_good: (_, server) => `You are not asked to sign in to ${server} any more`,
  undecline: (_, server) => `You are asked to sign in to ${server} again`,
  revoke: (who, server) => `${who} revoked ${server}`,
  revoke_all: (who) => `${who} revoked everything`,
  remove: (who, server) => `${who} removed ${server}`,
  add: (who, server, why) => (why ? `${who} added ${server}, as you agreed` : `${who} added ${server}`),
  add_refused: (who, server) => `You did not let ${who} add ${server}`,
  set_client: (_, server) => `You filled in a client ID for ${server}`,
  set_lock: () => 'You set when MCP Valet locks',
  configuration: () => 'The configuration file was changed',
  configuration_raised: () => 'The configuration file allowed more than at the last start',
  lock: (who, _, why) => (why ? `MCP Valet was locked: ${why}` : `${who} locked MCP Valet`),
  unlock: (who, _, why) => (why ? `MCP Valet was unlocked: ${why}` : `${who} unlocked MCP Valet`),
  move_vault: () => 'You moved your sign-ins to another place',
  change_passphrase: () => 'You changed the passphrase',
  mend_vault: () => 'You repaired the encrypted file',
  torn: () => 'A crash left an entry unfinished here',
  audit_damaged: () => 'The record before this was changed from outside',
  unproven: (_, __, which) => `${which ? `Before this, ${which}` : 'Entries before this'} cannot be proven`,
};

const YOU = 'You';

/** What it says of a refusal, by its outcome. */
const REFUSED: Record<string, Told> = {
  denied: (who, server) => `${who} was not allowed to use ${server}`,
  declined: (who, server) => `${who} wanted ${server}, to which you said “not now”`,
  consent_required: (who, server) => `${who} wanted ${server}, and nobody could be asked`,
  timeout: (who, server) => `${who} wanted ${server}, and there was no answer in time`,
  locked: (who, server) => `${who} wanted ${server} while MCP Valet was locked`,
  sign_in_under_way: (who, server) => `${who} wanted to sign in to ${server}, while somebody else did`,
  busy: (who, server) => `${who} wanted to sign in to ${server}, beside too many others`,
};

/** Another version may have written of acts that this one does not know. */
const isKnown = (what: AnyAct): what is Act => Object.hasOwn(DONE, what);

const KINDS: Record<ActKind, string> = {
  use: 'Use',
  refusal: 'Refusals',
  answer: 'Your answers',
  sign_in: 'Sign-ins',
  other: 'Other',
};

const entries = ({ seq, through }: AuditFault): string => (seq === through ? `Entry ${seq}` : `Entries ${seq} to ${through}`);

/** What is wrong with the record, and where. */
const BROKEN: Record<AuditFault['what'], (fault: AuditFault) => string> = {
  changed: (fault) => `${entries(fault)} ${fault.seq === fault.through ? 'was' : 'were'} changed.`,
  missing: (fault) => `${entries(fault)} ${fault.seq === fault.through ? 'is' : 'are'} missing.`,
  moved: (fault) => `${entries(fault)} ${fault.seq === fault.through ? 'was' : 'were'} moved.`,
  inserted: (fault) => `Something was put in at entry ${fault.seq}.`,
  seal: (fault) => `${entries(fault)} cannot be proven: the key in the keychain is another one.`,
};

export const activity = {
  title: 'Activity',
  you: YOU,
  said: (what: AnyAct, why: string, who: string, server: string): string => {
    if (!isKnown(what)) return `${who}: ${what.replaceAll('_', ' ')} ${server}`.trim();
    const told = what === 'refused' && Object.hasOwn(REFUSED, why) ? REFUSED[why] : undefined;
    return (told ?? DONE[what])(who, server, why);
  },
  server: 'a server',
  program: 'Program',
  everyProgram: 'All programs',
  serverLabel: 'Server',
  everyServer: 'All servers',
  kind: 'Kind',
  everyKind: 'All kinds',
  kinds: KINDS,
  find: 'Find in activity',
  none: 'Nothing was done yet.',
  noMatch: 'Nothing matches.',
  more: 'Show older',
  loading: 'Looking…',
  days: '7 days',
  hours: '24 hours',
  span: 'Span of the chart',
  uses: 'Uses',
  chart: (what: string, span: string, sums: string): string => `${what} in the last ${span}: ${sums}`,
  bar: (label: string, count: number): string => `${label} ${count}`,
  scopes: (scopes: string): string => `Permissions: ${scopes}`,
  check: 'Check again',
  checking: 'Checking the record…',
  intact: (count: number): string => `Nothing was changed or removed: ${plural(count, 'entry', 'entries')} checked.`,
  intactExcept: (count: number, unproven: number): string =>
    `No change was found, but ${unproven} of ${plural(count, 'entry', 'entries')} cannot be proven.`,
  through: (program: string): string => `Through ${program}`,
  broken: 'This record was changed from outside.',
  brokenAt: (fault: AuditFault): string => BROKEN[fault.what](fault),
  brokenWhen: (when: string): string => `Written ${when}.`,
  unchained: (count: number): string => `${plural(count, 'entry', 'entries')} from before records could be checked.`,
  torn: (count: number): string => `${plural(count, 'entry was', 'entries were')} left unfinished by a crash.`,
  unvouched: 'MCP Valet found them when it started, and nothing shows that it wrote them: it may have been locked or had no keychain then.',
};
