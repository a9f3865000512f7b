/** A path as a person knows it: their home is `~`. */
export function shortened(path: string, home: string): string {
  const inside = home !== '' && path.startsWith(home.endsWith('/') ? home : `${home}/`);
  return inside ? `~/${path.slice(home.length).replace(/^\/+/, '')}` : path;
}
