// How the valet itself is set.

import { plural } from './plural';
import type { AgentsPolicy, Cause, VaultKind, VaultNotice } from '../types';

const VAULTS: Record<VaultKind, { name: string; text: string }> = {
  keychain: { name: 'Keychain', text: 'Sign-ins are kept in the keychain of your desktop.' },
  file: { name: 'Encrypted file', text: 'Sign-ins are kept in a file that only your passphrase opens.' },
  memory: { name: 'Memory', text: 'Sign-ins are kept in memory and are gone when MCP Valet ends.' },
};

/** What locked MCP Valet, and when that ends. */
const LOCKED_BY: Record<Cause, string> = {
  person: 'Nothing can be used until you unlock it.',
  idle: 'Nothing used it for a while. Nothing can be used until you unlock it.',
  screen: 'The screen was locked. It unlocks with the screen.',
  sleep: 'The computer went to sleep. It unlocks when your screen is unlocked.',
};

export const vaultNotice: Record<VaultNotice, string> = {
  forgets: 'What you authorize is forgotten when MCP Valet ends.',
  no_keychain: 'No keychain is running: what you authorize is forgotten when MCP Valet ends. Settings has another place for it.',
  at_next_start: 'The other place for your sign-ins is used when MCP Valet is started again.',
};

const LOCK_NOTES: Record<VaultKind, string> = {
  keychain: 'Forgets every key in memory. Programs wait until you unlock.',
  file: 'Forgets every key and the passphrase. Programs wait until you enter it.',
  memory: 'Programs wait until you unlock. Keys stay in memory, as there is no other place for them.',
};

export const setting = {
  start: 'Start when I log in',
  startNote: 'Your programs can use it right after you log in.',
  agents: 'New programs',
  agentsChoice: {
    ask: { name: 'Ask me', text: 'You decide the first time.' },
    allow: { name: 'Allow all', text: 'Every program may use every server.' },
    deny: { name: 'Allow none', text: 'Only programs that you have allowed may use a server.' },
  } satisfies Record<AgentsPolicy, { name: string; text: string }>,
  vault: 'Where sign-ins are kept',
  vaultName: (vault: VaultKind, locked: boolean, unsaved: boolean): string => {
    if (vault === 'memory' || (unsaved && !locked)) return VAULTS[vault].name;
    return `${VAULTS[vault].name}, ${locked ? 'locked' : 'unlocked'}`;
  },
  unsaved: 'New sign-ins cannot be stored now. They are kept in memory meanwhile, and it is tried again. Check that the disk is not full, and look at the keychain with the password program of your desktop.',
  vaultText: (vault: VaultKind): string => VAULTS[vault].text,
  lockedBy: (cause: Cause): string => LOCKED_BY[cause],
  lockedMemory: 'What you signed in to is still in memory, as there is no other place for it.',
  unlock: 'Unlock',
  unlocking: 'Unlocking…',
  lock: 'Lock now',
  lockNote: (vault: VaultKind): string => LOCK_NOTES[vault],
  lockRules: 'Lock automatically',
  lockRule: {
    suspend: { name: 'Before the computer sleeps', text: 'It unlocks when you are back.' },
    screen: { name: 'While the screen is locked', text: 'Programs cannot work on meanwhile. It unlocks with the screen.' },
    idle: { name: 'When nothing uses it', text: 'You unlock it yourself.' },
  },
  pause: (minutes: number): string => {
    if (minutes === 0) return 'Never';
    return minutes % 60 === 0 ? `After ${plural(minutes / 60, 'hour', 'hours')}` : `After ${plural(minutes, 'minute', 'minutes')}`;
  },
  notices: 'Notices',
  trouble: 'Configuration',
  callbacks: 'Where sign-ins come back',
  callbacksNote: 'Your browser returns to these addresses. With a client ID of your own the port is set under Details; host and TLS are set in the configuration file.',
  callbackAddress: 'Address',
  files: 'Files',
  log: 'Log',
  configuration: 'Configuration',
  audit: 'Who used what',
  socket: 'Socket for programs',
  diagnostics: 'Diagnostics',
  diagnosticsNote: 'Versions, states and codes, for a report. No keys and no secrets.',
  diagnosticsCopy: 'Copy diagnostics',
  show: 'Show what is copied',
  version: (version: string): string => `Version ${version}`,
};

export const vault = {
  title: 'Encrypted file',
  least: (count: number): string => `at least ${count} letters; several words are best`,
  chooseNote: 'Your sign-ins are kept in a file that nobody opens without this passphrase. Nobody can recover it, so keep it somewhere safe.',
  moveNote: 'Everything that is kept now moves there.',
  awayNote: 'What is in the keychain stays there, because it cannot be read now; you will have to authorize those servers again.',
  enterNote: 'Your sign-ins are in an encrypted file. It waits for its passphrase.',
  changeNote: 'The old passphrase opens nothing any more, except copies of the file that were made before.',
  old: 'Passphrase',
  oldNow: 'Current passphrase',
  new: 'New passphrase',
  again: 'Repeat it',
  short: (count: number): string => `A passphrase has at least ${count} letters.`,
  differ: 'The two do not match.',
  open: 'Unlock',
  choose: 'Set the passphrase',
  move: 'Move everything there',
  change: 'Change the passphrase',
  working: 'A moment…',
  opened: 'Unlocked.',
  chosen: 'Your sign-ins are kept in the encrypted file from now on.',
  changed: 'The passphrase was changed.',
  moved: 'Your sign-ins are in the keychain now.',
  damaged: 'The encrypted file is damaged. It is kept as it is, whatever you choose here.',
  copy: 'Use its copy',
  copyNote: 'MCP Valet keeps a second copy of it. You give the passphrase next.',
  anew: 'Begin a new file',
  lost: 'Begin anew',
  lostNote: 'Only if it is lost for good: you authorize your servers again, and answer again about programs.',
  anewNote: 'You choose a passphrase next, and authorize your servers again.',
  keepIn: 'Keep secrets in',
  choice: {
    keychain: { name: 'Keychain', text: 'Opens when you log in.' },
    file: { name: 'Encrypted file', text: 'For computers without a keychain. You give a passphrase each time.' },
  },
  toFile: 'Keep them in an encrypted file',
  toPassphrase: { choose: 'Choose a passphrase', enter: 'Enter the passphrase', mend: 'Look at it' },
};
