// Where the person is. The place is the fragment of the address, so that back works and a shell can open one directly.

export type Place =
  | { at: 'list' }
  | { at: 'server'; name: string }
  | { at: 'question'; id: number }
  | { at: 'add' }
  | { at: 'settings' };

export function read(fragment: string): Place {
  const [, kind, rest = ''] = fragment.replace(/^#/, '').split('/', 3);
  if (kind === 'server' && rest !== '') return { at: 'server', name: decoded(rest) };
  if (kind === 'question' && /^\d+$/.test(rest)) return { at: 'question', id: Number(rest) };
  if (kind === 'add' || kind === 'settings') return { at: kind };
  return { at: 'list' };
}

export function link(place: Place): string {
  if (place.at === 'server') return `#/server/${encodeURIComponent(place.name)}`;
  if (place.at === 'question') return `#/question/${place.id}`;
  return place.at === 'list' ? '#/' : `#/${place.at}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
