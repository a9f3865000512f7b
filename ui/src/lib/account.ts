// A question about the account for a folder.

import type { About } from './types';

export type AccountAbout = Extract<About, { kind: 'account' }>;

/** The account that a yes names: the only one that was asked for, or the one that was chosen. Else none. */
export function named(about: AccountAbout, chosen: string): string {
  const offered = about.accounts.map(({ server }) => server);
  if (about.named) return offered[0] ?? '';
  return offered.includes(chosen) ? chosen : '';
}
