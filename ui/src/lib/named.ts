// What sentences call others than programs and servers, in each language that there is.
const OURS = new Set(
  'you i it nobody somebody someone person du dich dir sie ihnen ich er es niemand jemand wer man'.split(' '),
);

/**
 * A name in a sentence: as it is where it is one simple word, else in quotes, so that nothing in it reads
 * like the rest.
 */
export function named(name: string, [open = '“', close = '”']: string[] = []): string {
  if (/^[\p{L}\p{N}._-]+$/u.test(name) && !OURS.has(name.normalize('NFKC').toLowerCase())) return name;
  return `${open}${name.replace(/["“”„«»‟]/g, "'")}${close}`;
}
