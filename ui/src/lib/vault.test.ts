import { expect, it } from 'vitest';
import { EMPTY, problem } from '../dev/pieces';
import type { Reason, VaultKind, View } from './types';
import { leavesTo, passphrase, wrong } from './vault';

const of = (vault: VaultKind, reason?: Reason): View => ({
  ...EMPTY,
  vault,
  locked: reason === undefined ? null : problem({ code: 'locked', reason }),
});

it('is asked for what opens it', () => {
  expect(passphrase(of('file', 'passphrase_unset'))).toBe('choose');
  expect(passphrase(of('file', 'passphrase_needed'))).toBe('enter');
  expect(passphrase(of('file', 'locked_by_person'))).toBe('enter');
  expect(passphrase(of('file', 'vault_file_damaged'))).toBe('mend');
  expect(passphrase(of('file', 'vault_file_refused'))).toBe('none');
  expect(passphrase(of('file', 'vault_file_gone'))).toBe('anew');
  expect(passphrase(of('file', 'vault_newer'))).toBe('none');
  expect(passphrase(of('keychain', 'keychain_other'))).toBe('anew');
  expect(passphrase(of('file'))).toBe('change');
});

it('can be moved to from what can be read, and from what is away', () => {
  expect(passphrase(of('memory'))).toBe('move');
  expect(passphrase(of('keychain'))).toBe('move');
  expect(passphrase(of('keychain', 'keychain_absent'))).toBe('move');
  expect(passphrase(of('keychain', 'keychain_without_collection'))).toBe('move');
  expect(passphrase(of('keychain', 'keychain_locked'))).toBe('none');
  expect(leavesTo(of('keychain', 'keychain_absent'))).toBe(true);
  expect(leavesTo(of('keychain', 'keychain_without_collection'))).toBe(true);
  expect(leavesTo(of('keychain', 'keychain_slow'))).toBe(false);
});

it('has a passphrase that is long enough and was typed twice', () => {
  expect(wrong('eleven char', 'eleven char')).toBe('short');
  expect(wrong('twelve chars', 'twelve char!')).toBe('differ');
  expect(wrong('twelve chars', 'twelve chars')).toBeUndefined();
});
