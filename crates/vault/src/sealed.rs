//! The form of the encrypted file, as bytes: one file, so that it is replaced whole and no item of one day
//! stands beside another's.
//!
//! A head line names the lengths of what follows and its SHA-256, so that damage is told from a wrong
//! passphrase. Then comes an X25519 identity that is encrypted by the passphrase, then all items, encrypted
//! to that identity; both are age files (<https://age-encryption.org/v1>). The identity's public half is
//! written nowhere: who does not have the passphrase can make no items that would be taken for ours.

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, scrypt, x25519};
use secret::Secret;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use zeroize::Zeroizing;

/// What the vault keeps, by the names of the keys.
pub(super) type Items = BTreeMap<String, Zeroizing<Vec<u8>>>;

/// What a file is, by its first words. The number of its form follows: 1, until there is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The vault itself.
    Vault,
    /// A copy of all that the valet keeps.
    Backup,
}

/// The newest form.
const FORM: u32 = 1;
/// Most bytes of a head line.
const LONGEST_HEAD: usize = 160;
/// scrypt with N = 2^18 and r = 8: about a second, and 256 MiB for that time. A file that asks for more is
/// not opened.
const WORK: u8 = 18;

/// Why sealed bytes were not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unopened {
    /// The passphrase is another one.
    WrongPassphrase,
    /// They are not what was written.
    Damaged,
}

/// What opens and seals the file, as long as it is open. It is wiped on drop.
pub(super) struct Lid {
    identity: x25519::Identity,
    /// The identity as it stands in the file.
    locked: Vec<u8>,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::Vault => "mcp-valet vault ",
            Self::Backup => "mcp-valet backup ",
        }
    }

    /// Whether a later version wrote the file.
    pub(super) fn is_newer(self, file: &[u8]) -> bool {
        let form = file.strip_prefix(self.words().as_bytes()).unwrap_or_default();
        let digits = form.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(form.get(..digits).unwrap_or_default()).ok();
        number.and_then(|number| number.parse::<u32>().ok()).is_some_and(|number| number > FORM)
    }
}

impl Lid {
    /// A new identity, locked by `passphrase`.
    pub(super) fn make(passphrase: &Secret) -> Option<Self> {
        let identity = x25519::Identity::generate();
        let mut lock = scrypt::Recipient::new(SecretString::from(passphrase.expose().to_owned()));
        lock.set_work_factor(work());
        let locked = age::encrypt(&lock, identity.to_string().expose_secret().as_bytes()).ok()?;
        Some(Self { identity, locked })
    }

    /// The whole file with these items.
    pub(super) fn seal(&self, kind: Kind, items: &Items) -> Option<Vec<u8>> {
        let sealed = age::encrypt(&self.identity.to_public(), &packed(items)?).ok()?;
        let sum = sum(&[&self.locked, &sealed]);
        let head = format!("{}{FORM} {} {} {sum}\n", kind.words(), self.locked.len(), sealed.len());
        Some([head.as_bytes(), &self.locked, &sealed].concat())
    }

    /// The items in a file of this lid.
    pub(super) fn items(&self, kind: Kind, file: &[u8]) -> Result<Items, Unopened> {
        let parts = Parts::of(kind, file)?;
        if parts.locked != self.locked {
            return Err(Unopened::Damaged);
        }
        let packed = decrypted(parts.sealed, &self.identity).map_err(|_| Unopened::Damaged)?;
        unpacked(&packed).ok_or(Unopened::Damaged)
    }

    /// Whether a file has this lid.
    pub(super) fn fits(&self, file: &[u8]) -> bool {
        Parts::of(Kind::Vault, file).is_ok_and(|parts| parts.locked == self.locked)
    }

    /// Opens a file. Takes about a second.
    pub(super) fn open(kind: Kind, file: &[u8], passphrase: &Secret) -> Result<(Self, Items), Unopened> {
        let parts = Parts::of(kind, file)?;
        let mut key = scrypt::Identity::new(SecretString::from(passphrase.expose().to_owned()));
        key.set_max_work_factor(WORK);
        let identity = decrypted(parts.locked, &key).map_err(|error| {
            let wrong = matches!(error, DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed);
            if wrong { Unopened::WrongPassphrase } else { Unopened::Damaged }
        })?;
        let identity = std::str::from_utf8(&identity).ok().and_then(|text| text.parse().ok());
        let lid = Self { identity: identity.ok_or(Unopened::Damaged)?, locked: parts.locked.to_vec() };
        let items = lid.items(kind, file)?;
        Ok((lid, items))
    }
}

/// Whether a file is whole, as far as one can tell without the passphrase.
pub(super) fn is_whole(kind: Kind, file: &[u8]) -> bool {
    Parts::of(kind, file).is_ok()
}

struct Parts<'file> {
    locked: &'file [u8],
    sealed: &'file [u8],
}

impl<'file> Parts<'file> {
    fn of(kind: Kind, file: &'file [u8]) -> Result<Self, Unopened> {
        Self::split(kind, file).ok_or(Unopened::Damaged)
    }

    fn split(kind: Kind, file: &'file [u8]) -> Option<Self> {
        let end = file.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n')?;
        let (head, rest) = file.split_at(end);
        let rest = rest.get(1..)?;
        let words = std::str::from_utf8(head).ok()?.strip_prefix(kind.words())?;
        let [form, locked, sealed, said] = words.split(' ').collect::<Vec<_>>().try_into().ok()?;
        if form.parse() != Ok(FORM) {
            return None;
        }
        let (locked, sealed): (usize, usize) = (locked.parse().ok()?, sealed.parse().ok()?);
        if locked.checked_add(sealed)? != rest.len() {
            return None;
        }
        let (locked, sealed) = rest.split_at(locked);
        (sum(&[locked, sealed]) == said).then_some(Self { locked, sealed })
    }
}

fn sum(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decrypted(bytes: &[u8], key: &dyn age::Identity) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let mut clear = Decryptor::new_buffered(bytes)?.decrypt(std::iter::once(key))?;
    // What is inside is shorter: the vector never grows, which would leave copies behind.
    let mut inside = Zeroizing::new(Vec::with_capacity(bytes.len()));
    clear.read_to_end(&mut inside)?;
    Ok(inside)
}

/// Each name and each value behind its length.
fn packed(items: &Items) -> Option<Zeroizing<Vec<u8>>> {
    let length = items.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    for (name, value) in items {
        for part in [name.as_bytes(), value] {
            bytes.extend_from_slice(&u32::try_from(part.len()).ok()?.to_be_bytes());
            bytes.extend_from_slice(part);
        }
    }
    Some(bytes)
}

fn unpacked(mut bytes: &[u8]) -> Option<Items> {
    let mut items = Items::new();
    while !bytes.is_empty() {
        let name = String::from_utf8(next(&mut bytes)?.to_vec()).ok()?;
        items.insert(name, Zeroizing::new(next(&mut bytes)?.to_vec()));
    }
    Some(items)
}

fn next<'bytes>(bytes: &mut &'bytes [u8]) -> Option<&'bytes [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (part, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    *bytes = rest;
    Some(part)
}

#[cfg(not(feature = "test-hooks"))]
const fn work() -> u8 {
    WORK
}

/// A test does not wait for what makes guessing slow.
#[cfg(feature = "test-hooks")]
fn work() -> u8 {
    let asked = std::env::var("MCP_VALET_TEST_WORK").ok().and_then(|text| text.parse().ok());
    asked.filter(|work| (1..=WORK).contains(work)).unwrap_or(WORK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_owned())
    }

    /// A lid as [`Lid::make`] makes it, without the work, or with more than we ever ask for.
    fn lid(passphrase: &str, work: u8) -> Lid {
        let identity = x25519::Identity::generate();
        let mut lock = scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
        lock.set_work_factor(work);
        let locked = age::encrypt(&lock, identity.to_string().expose_secret().as_bytes()).unwrap();
        Lid { identity, locked }
    }

    fn items() -> Items {
        let item = |name: &str, value: &[u8]| (name.to_owned(), Zeroizing::new(value.to_vec()));
        Items::from([item("grant/1", b"refresh-token"), item("consents", b""), item("x", &[0, 255])])
    }

    #[test]
    fn what_was_sealed_is_opened_with_the_same_passphrase_alone() {
        let file = lid("correct horse", 2).seal(Kind::Vault, &items()).unwrap();
        assert_eq!(Lid::open(Kind::Vault, &file, &secret("correct horse")).unwrap().1, items());
        assert_eq!(
            Lid::open(Kind::Vault, &file, &secret("correct horsf")).err(),
            Some(Unopened::WrongPassphrase)
        );
    }

    #[test]
    fn nothing_of_it_can_be_read_in_the_file() {
        let file = lid("correct horse", 2).seal(Kind::Vault, &items()).unwrap();
        let text = String::from_utf8_lossy(&file);
        assert!(!text.contains("refresh-token") && !text.contains("grant/1"), "{text}");
    }

    #[test]
    fn each_truncation_and_each_changed_byte_is_damage() {
        let file = lid("correct horse", 2).seal(Kind::Vault, &items()).unwrap();
        for length in 0..file.len() {
            assert!(!is_whole(Kind::Vault, &file[..length]), "{length} bytes of {}", file.len());
        }
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(!is_whole(Kind::Vault, &changed), "byte {at}");
        }
    }

    #[test]
    fn a_vault_is_no_backup_and_a_later_form_is_told() {
        let file = lid("correct horse", 2).seal(Kind::Backup, &items()).unwrap();
        assert!(is_whole(Kind::Backup, &file) && !is_whole(Kind::Vault, &file));
        assert_eq!(Lid::open(Kind::Backup, &file, &secret("correct horse")).unwrap().1, items());
        assert!(Kind::Backup.is_newer(b"mcp-valet backup 2 1 1 x\n") && !Kind::Backup.is_newer(&file));
    }

    #[test]
    fn items_of_another_identity_are_damage() {
        let (ours, other) = (lid("correct horse", 2), lid("correct horse", 2));
        let mixed = Lid { identity: other.identity.clone(), locked: ours.locked.clone() };
        let file = mixed.seal(Kind::Vault, &items()).unwrap();
        assert_eq!(Lid::open(Kind::Vault, &file, &secret("correct horse")).err(), Some(Unopened::Damaged));
        assert_eq!(
            ours.items(Kind::Vault, &other.seal(Kind::Vault, &items()).unwrap()).err(),
            Some(Unopened::Damaged)
        );
    }

    #[test]
    fn a_file_that_asks_for_more_work_than_ours_is_not_worked_on() {
        let file = lid("correct horse", 2).seal(Kind::Vault, &items()).unwrap();
        let parts = Parts::of(Kind::Vault, &file).unwrap();
        let greedy = String::from_utf8_lossy(&parts.locked[..80]).replacen(" 2\n", " 40\n", 1);
        assert!(greedy.contains(" 40\n"), "{greedy}");
        let at = parts.locked.windows(3).position(|three| three == b" 2\n").unwrap();
        let locked = [&parts.locked[..at], b" 40\n", &parts.locked[at + 3..]].concat();
        let greedy =
            Lid { identity: x25519::Identity::generate(), locked }.seal(Kind::Vault, &items()).unwrap();
        assert_eq!(Lid::open(Kind::Vault, &greedy, &secret("correct horse")).err(), Some(Unopened::Damaged));
    }
}
