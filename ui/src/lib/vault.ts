// What there is to do about the vault, by its state.

import { say } from './say';
import type { Problem, View } from './types';

/** What the page about the encrypted file asks for; `none` where its trouble has another remedy. */
export type Asks = 'choose' | 'enter' | 'mend' | 'anew' | 'change' | 'move' | 'none';

export function passphrase({ vault, locked }: View): Asks {
  switch (locked?.reason) {
    case 'keychain_other':
    case 'vault_file_gone':
    case 'vault_file_other':
      return 'anew';
    case 'vault_newer':
      return 'none';
    default:
      if (vault === 'shared') return 'none';
      return vault === 'file' ? ofFile(locked) : elsewhere(locked);
  }
}

const elsewhere = (locked: Problem | null): Asks => (locked === null || hasNoKeychain(locked) ? 'move' : 'none');

/** It does not run, or was never set up. */
const hasNoKeychain = ({ reason }: Problem): boolean => reason === 'keychain_absent' || reason === 'keychain_without_collection';

function ofFile(locked: Problem | null): Asks {
  switch (locked?.reason) {
    case undefined:
      return locked === null ? 'change' : 'enter';
    case 'passphrase_unset':
      return 'choose';
    case 'vault_file_damaged':
      return 'mend';
    case 'vault_file_refused':
      return 'none';
    default:
      return 'enter';
  }
}

/** Whether an encrypted file is the way on from here: there is no keychain that could be opened. */
export const leavesTo = ({ vault, locked }: View): boolean => vault === 'keychain' && locked !== null && hasNoKeychain(locked);

/** Where sign-ins are kept, and whether that is open; memory, and what takes no sign-ins now, is neither. */
export function vaultName({ vault, locked }: View, unsaved: boolean): string {
  const name = say(`setting-vault-${vault}-name`);
  if (vault === 'memory' || (unsaved && !locked)) return name;
  return locked ? say('setting-vault-locked', { name }) : say('setting-vault-unlocked', { name });
}

/** Fewest letters of a new passphrase; the valet itself holds to it. */
export const LEAST = 12;

/** What is wrong with a new passphrase that was typed twice. */
export function wrong(first: string, second: string): 'short' | 'differ' | undefined {
  if ([...first].length < LEAST) return 'short';
  return first === second ? undefined : 'differ';
}
