// Addresses, as much of them as a person needs to see.

/** The host of an address with its port, or the text itself where it is none. */
export function host(address: string): string {
  try {
    return new URL(address).host || address;
  } catch {
    return address;
  }
}

/** Whether this is the address of a web server. */
export function isWeb(address: string): boolean {
  try {
    const url = new URL(address);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '';
  } catch {
    return false;
  }
}

/** Whether this is the address of a server on this computer, which no other reaches by it. */
export function isOnlyHere(address: string): boolean {
  return /^\w+:\/\/(localhost|[^/:]+\.localhost|127(\.\d+){3}|\[::1\])([:/]|$)/i.test(address);
}

/** The same address with another port. */
export function withPort(address: string, port: number): string {
  return address.replace(/^(\w+:\/\/(?:\[[^\]]*\]|[^/:]+))(:\d+)?/, `$1:${port}`);
}

/** The port that an address names. */
export function port(address: string): number | undefined {
  const named = /^\w+:\/\/(?:\[[^\]]*\]|[^/:]+):(\d+)/.exec(address)?.[1];
  return named === undefined ? undefined : Number(named);
}
