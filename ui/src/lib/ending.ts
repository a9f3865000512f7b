// What became of a grant that was revoked, in words.

import { say } from './say';
import { until } from './time';
import type { Removed, Revocation } from './types';

/** One or two sentences. */
export function ending(revocation: Revocation, now = new Date()): string {
  const client = revocation.client === 'nothing' ? '' : say(`revoke-client-${revocation.client}`);
  const said = [sentence(revocation, now), client, left(revocation)];
  return said.filter((one) => one !== '').join(' ');
}

/** What is still here, as a sentence of its own. */
function left({ wiped, in_file }: Revocation): string {
  if (in_file === true) return say('revoke-in-file');
  return wiped ? '' : say('revoke-not-wiped');
}

/** Whether nothing of it is left, neither here nor at its provider. */
export const isOver = ({ refresh_token, access_token, wiped, client, self_contained, keys }: Revocation): boolean =>
  wiped &&
  keys === undefined &&
  self_contained !== true &&
  client !== 'failed' &&
  [refresh_token, access_token].every((outcome) => outcome === 'revoked' || outcome === 'nothing');

function sentence(revocation: Revocation, now: Date): string {
  if (revocation.keys !== undefined) {
    if (!revocation.wiped) return '';
    return revocation.key_page === undefined ? say('revoke-key') : say('revoke-key-at', { page: revocation.key_page });
  }
  const { refresh_token, access_token } = revocation;
  const outcomes = [refresh_token, access_token].filter((outcome) => outcome !== 'nothing');
  if (outcomes.length === 0) return say('revoke-nothing');
  if (outcomes.includes('unread')) return say('revoke-unread');
  const all = outcomes.every((outcome) => outcome === 'revoked');
  if (revocation.self_contained === true && (all || refresh_token === 'revoked')) {
    return revocation.ends_at === undefined ? say('revoke-confirmed-mostly') : say('revoke-confirmed-until', { time: until(new Date(revocation.ends_at), now) });
  }
  if (all) return say('revoke-confirmed');
  if (refresh_token === 'revoked') return say('revoke-confirmed-mostly');
  return outcomes.includes('failed') ? say('revoke-not-confirmed') : say('revoke-not-offered');
}

/** The same for a server that was removed. Nothing is said of a grant that there was not. */
export function removal(name: string, removed: Removed): string {
  if (!removed.removed) return say('revoke-not-removed');
  const { refresh_token, access_token, wiped, client, keys } = removed.revocation;
  const nothing = keys === undefined && refresh_token === 'nothing' && access_token === 'nothing' && client === 'nothing' && wiped;
  return nothing ? say('revoke-removed', { name }) : `${say('revoke-removed', { name })} ${ending(removed.revocation)}`;
}
