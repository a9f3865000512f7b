// What became of a grant that was revoked, in words.

import { strings } from './strings';
import { until } from './time';
import type { Removed, Revocation } from './types';

const said = strings.end;

/** One or two sentences. */
export function ending(revocation: Revocation, now = new Date()): string {
  const said = [sentence(revocation, now), strings.end.client[revocation.client], revocation.wiped ? '' : strings.end.notWiped];
  return said.filter((one) => one !== '').join(' ');
}

/** Whether nothing of it is left, neither here nor at its provider. */
export const isOver = ({ refresh_token, access_token, wiped, client, self_contained }: Revocation): boolean =>
  wiped &&
  self_contained !== true &&
  client !== 'failed' &&
  [refresh_token, access_token].every((outcome) => outcome === 'revoked' || outcome === 'nothing');

function sentence(revocation: Revocation, now: Date): string {
  const { refresh_token, access_token } = revocation;
  const outcomes = [refresh_token, access_token].filter((outcome) => outcome !== 'nothing');
  if (outcomes.length === 0) return said.nothing;
  if (outcomes.includes('unread')) return said.unread;
  const all = outcomes.every((outcome) => outcome === 'revoked');
  if (revocation.self_contained === true && (all || refresh_token === 'revoked')) {
    return revocation.ends_at === undefined ? said.confirmedMostly : said.confirmedUntil(until(new Date(revocation.ends_at), now));
  }
  if (all) return said.confirmed;
  if (refresh_token === 'revoked') return said.confirmedMostly;
  return outcomes.includes('failed') ? said.notConfirmed : said.notOffered;
}

/** The same for a server that was removed. Nothing is said of a grant that there was not. */
export function removal(name: string, removed: Removed): string {
  if (!removed.removed) return said.notRemoved;
  const { refresh_token, access_token, wiped, client } = removed.revocation;
  const nothing = refresh_token === 'nothing' && access_token === 'nothing' && client === 'nothing' && wiped;
  return nothing ? said.removed(name) : `${said.removed(name)} ${ending(removed.revocation)}`;
}
