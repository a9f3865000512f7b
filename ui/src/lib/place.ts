// Places in the window. The place is the fragment of the address, so that back works and a shell can open one
// directly.

export type Place =
  | { at: 'list' }
  | { at: 'server'; name: string }
  | { at: 'question'; id: number }
  | { at: 'add' }
  | { at: 'import' }
  | { at: 'move' }
  | { at: 'revoke' }
  | { at: 'settings' }
  | { at: 'passphrase' }
  | { at: 'backup' | 'restore'; file?: string }
  | { at: 'activity' }
  | { at: 'about' }
  | { at: 'programs' }
  | { at: 'program'; mark: string };

export function read(fragment: string): Place {
  const [path = ''] = fragment.replace(/^#/, '').split('?');
  const [, kind, rest = ''] = path.split('/', 3);
  if (kind === 'servers' && rest !== '') return { at: 'server', name: decoded(rest) };
  if (kind === 'programs') return rest === '' ? { at: 'programs' } : { at: 'program', mark: decoded(rest) };
  if (kind === 'backup' || kind === 'restore') return { at: kind, file: decoded(rest) };
  if (kind === 'questions' && /^\d+$/.test(rest)) return { at: 'question', id: Number(rest) };
  if (kind === 'about' || kind === 'add' || kind === 'import' || kind === 'move' || kind === 'activity' || kind === 'settings' || kind === 'revoke' || kind === 'passphrase') {
    return { at: kind };
  }
  return { at: 'list' };
}

export function link(place: Place): string {
  if (place.at === 'server') return `#/servers/${encodeURIComponent(place.name)}`;
  if (place.at === 'program') return `#/programs/${encodeURIComponent(place.mark)}`;
  if (place.at === 'question') return `#/questions/${place.id}`;
  if (place.at === 'backup' || place.at === 'restore') return `#/${place.at}/${encodeURIComponent(place.file ?? '')}`;
  return place.at === 'list' ? '#/' : `#/${place.at}`;
}

/** Whether the shell says that this desktop shows no tray icon. */
export const saysNoTray = (fragment: string): boolean => /\?(.*&)?notray=1\b/.test(fragment);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
