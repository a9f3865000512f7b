// What sentences call others than programs and servers.
const OURS = new Set(['you', 'i', 'it', 'nobody', 'somebody', 'someone', 'person']);

/** A name in a sentence: as it is where it is one simple word, else in quotes, so that nothing in it reads like the rest. */
export function named(name: string): string {
  if (/^[\p{L}\p{N}._-]+$/u.test(name) && !OURS.has(name.normalize('NFKC').toLowerCase())) return name;
  return `“${name.replace(/[“”"]/g, "'")}”`;
}
