// Where browsers come back to after a sign-in.

import type { View } from './types';

export interface Callback {
  address: string;
  /** The servers whose sign-ins come back here. */
  servers: string[];
}

/**
 * Each address once, as the sign-ins of the listed servers use or would use it. Those that need no browser
 * have none.
 */
export function callbacks(view: View): Callback[] {
  const found = new Map<string, string[]>();
  for (const server of view.servers) {
    const address = server.redirect_uri ?? server.own_redirect_uri;
    if (server.unattended || server.credential !== 'sign_in' || address === undefined) continue;
    found.set(address, [...(found.get(address) ?? []), server.name]);
  }
  return [...found].map(([address, servers]) => ({ address, servers }));
}
