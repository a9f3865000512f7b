//! The encrypted file, for machines without a keychain: shut, or open with everything in it in memory.
//!
//! It is written beside its place, read back from there, and then renamed: `kill -9` leaves what was or what
//! is to be, never less. A second copy is written after it, for the day on which the first one is damaged.

use super::VaultError;
use super::passphrase::LEAST;
use super::sealed::{Items, Kind, Lid, Unopened, is_whole};
use secret::Secret;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Most bytes of the file.
const LARGEST: u64 = 32 << 20;
/// Most files that are set aside.
const MOST_ASIDE: u32 = 1000;

/// The file, and what is in it as long as it is open.
pub(super) struct EncryptedFile {
    path: PathBuf,
    open: Option<Open>,
    /// Whether there must be one: then none is made in its place unless the person says so.
    expected: bool,
}

struct Open {
    lid: Lid,
    items: Items,
}

/// What is in the file's place.
enum There {
    Nothing,
    Whole(Vec<u8>),
    /// Damaged, or gone although its copy is there.
    Damaged,
    /// In a form that a later version writes.
    Newer,
    /// It and its copy are gone.
    Gone,
}

/// How a damaged file is mended. It is set aside each time, not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// Its copy takes its place.
    Copy,
    /// A new, empty one takes its place.
    Anew,
}

impl EncryptedFile {
    /// The file at `path`, shut.
    pub(super) const fn at(path: PathBuf) -> Self {
        Self { path, open: None, expected: false }
    }

    /// The same file, of which it is known whether it was ever made.
    pub(super) fn expected(self, expected: bool) -> Self {
        Self { expected, ..self }
    }

    /// A new file with these items, open. What was in its place is set aside.
    pub(super) fn filled(path: PathBuf, passphrase: &Secret, items: Items) -> Result<Self, VaultError> {
        long_enough(passphrase)?;
        let mut file = Self::at(path);
        file.set_aside()?;
        file.make(passphrase, items)?;
        Ok(file)
    }

    pub(super) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let open = self.open.as_ref().ok_or_else(|| self.why_shut())?;
        Ok(open.items.get(name).cloned())
    }

    pub(super) fn write(&mut self, name: String, value: Zeroizing<Vec<u8>>) -> Result<(), VaultError> {
        self.change(|items| drop(items.insert(name, value)))
    }

    pub(super) fn delete(&mut self, name: &str) -> Result<(), VaultError> {
        self.change(|items| drop(items.remove(name)))
    }

    /// Everything in it.
    pub(super) fn items(&self) -> Result<Items, VaultError> {
        let open = self.open.as_ref().ok_or_else(|| self.why_shut())?;
        Ok(open.items.clone())
    }

    /// Whether it can be read now.
    pub(super) fn probe(&self) -> Result<(), VaultError> {
        if self.open.is_some() { Ok(()) } else { Err(self.why_shut()) }
    }

    /// Opens it with its passphrase, or makes it with a first one. Takes about a second.
    pub(super) fn open(&mut self, passphrase: &Secret) -> Result<(), VaultError> {
        if self.open.is_some() {
            return Ok(());
        }
        match self.there()? {
            There::Nothing => self.make(passphrase, Items::new()),
            There::Damaged => Err(VaultError::FileDamaged),
            There::Newer => Err(VaultError::Newer),
            There::Gone => Err(VaultError::FileGone),
            There::Whole(file) => {
                let (lid, items) = Lid::open(Kind::Vault, &file, passphrase).map_err(VaultError::from)?;
                self.open = Some(Open { lid, items });
                Ok(())
            }
        }
    }

    /// Puts another passphrase in the place of this one. What the file is encrypted to changes with it, so
    /// the old passphrase opens old copies alone.
    pub(super) fn change_passphrase(&mut self, old: &Secret, new: &Secret) -> Result<(), VaultError> {
        let There::Whole(file) = self.there()? else { return Err(self.why_shut()) };
        let (_, items) = Lid::open(Kind::Vault, &file, old).map_err(VaultError::from)?;
        self.make(new, items)
    }

    /// Wipes what is in memory.
    pub(super) fn lock(&mut self) {
        self.open = None;
    }

    /// Does something about a damaged file.
    pub(super) fn mend(&mut self, how: Mend, other: bool) -> Result<(), VaultError> {
        match self.there()? {
            There::Damaged => {}
            There::Gone if how == Mend::Anew => {
                self.expected = false;
                return Ok(());
            }
            // Another one than it was: whole, and set aside all the same.
            There::Whole(_) if how == Mend::Anew && other => {}
            There::Nothing | There::Whole(_) | There::Newer | There::Gone => return Ok(()),
        }
        self.lock();
        if how == Mend::Anew {
            self.set_aside()?;
            self.expected = false;
            return remove(&self.copy());
        }
        let copy = bytes_of(&self.copy())?
            .filter(|file| is_whole(Kind::Vault, file))
            .ok_or(VaultError::FileDamaged)?;
        self.set_aside()?;
        replace(&self.path, &copy, |_| true)
    }

    /// Deletes the file and its copy.
    pub(super) fn destroy(&mut self) -> Result<(), VaultError> {
        self.lock();
        remove(&self.path)?;
        remove(&self.copy())
    }

    fn make(&mut self, passphrase: &Secret, items: Items) -> Result<(), VaultError> {
        long_enough(passphrase)?;
        let lid = Lid::make(passphrase).ok_or(VaultError::Broken)?;
        let open = Open { lid, items };
        self.save(&open)?;
        self.open = Some(open);
        self.expected = true;
        Ok(())
    }

    /// Changes what is in it, on disk first.
    fn change(&mut self, change: impl FnOnce(&mut Items)) -> Result<(), VaultError> {
        let Some(Open { lid, items: before }) = self.open.take() else { return Err(self.why_shut()) };
        let mut items = before.clone();
        change(&mut items);
        let open = Open { lid, items };
        let saved = self.make_way(&open.lid).and_then(|()| self.save(&open));
        self.open = Some(match saved {
            Ok(()) => open,
            Err(_) => Open { items: before, ..open },
        });
        saved
    }

    /// Looks at what is about to be replaced. While this one is open, a restored copy, another valet's file
    /// or a later version's may have been put in its place.
    fn make_way(&self, lid: &Lid) -> Result<(), VaultError> {
        match bytes_of(&self.path)? {
            Some(file) if Kind::Vault.is_newer(&file) => Err(VaultError::Newer),
            Some(file) if !is_whole(Kind::Vault, &file) => {
                tracing::warn!(file = %self.path.display(), "the encrypted file was damaged while in use; it is set aside");
                self.set_aside()
            }
            Some(file) if !lid.fits(&file) => Err(VaultError::FileOther),
            Some(_) | None => Ok(()),
        }
    }

    fn save(&self, open: &Open) -> Result<(), VaultError> {
        let file = open.lid.seal(Kind::Vault, &open.items).ok_or(VaultError::Broken)?;
        let as_meant = |read: &[u8]| open.lid.items(Kind::Vault, read).is_ok_and(|items| items == open.items);
        replace(&self.path, &file, as_meant)?;
        if let Err(error) = replace(&self.copy(), &file, |_| true) {
            tracing::warn!(%error, "the second copy of the encrypted file could not be written");
        }
        Ok(())
    }

    fn there(&self) -> Result<There, VaultError> {
        Ok(match bytes_of(&self.path)? {
            Some(file) if is_whole(Kind::Vault, &file) => There::Whole(file),
            Some(file) if Kind::Vault.is_newer(&file) => There::Newer,
            Some(_) => There::Damaged,
            None if self.copy().exists() => There::Damaged,
            None if self.expected => There::Gone,
            None => There::Nothing,
        })
    }

    fn why_shut(&self) -> VaultError {
        match self.there() {
            Ok(There::Nothing) => VaultError::NoPassphrase,
            Ok(There::Whole(_)) => VaultError::PassphraseNeeded,
            Ok(There::Damaged) => VaultError::FileDamaged,
            Ok(There::Newer) => VaultError::Newer,
            Ok(There::Gone) => VaultError::FileGone,
            Err(error) => error,
        }
    }

    fn copy(&self) -> PathBuf {
        self.path.with_extension("copy")
    }

    /// Gives the file another name, under which nothing is written any more.
    fn set_aside(&self) -> Result<(), VaultError> {
        if !self.path.exists() {
            return Ok(());
        }
        let aside = (1..MOST_ASIDE).map(|number| self.path.with_extension(format!("aside-{number}")));
        let free = aside.into_iter().find(|path| !path.exists()).ok_or(VaultError::FileRefused)?;
        fs::rename(&self.path, free).map_err(|error| refused(&self.path, &error))
    }
}

fn long_enough(passphrase: &Secret) -> Result<(), VaultError> {
    if passphrase.expose().chars().count() < LEAST { Err(VaultError::PassphraseShort) } else { Ok(()) }
}

impl From<Unopened> for VaultError {
    fn from(shut: Unopened) -> Self {
        match shut {
            Unopened::WrongPassphrase => Self::PassphraseWrong,
            Unopened::Damaged => Self::FileDamaged,
        }
    }
}

/// An ordinary file that is not too large; `None` where there is none.
fn bytes_of(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    let read = || -> io::Result<Vec<u8>> {
        if !fs::symlink_metadata(path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(refused(path, &error)),
    }
}

/// Writes a file whole or not at all. It is in its place only once it was read back and `as_meant` agreed.
fn replace(path: &Path, bytes: &[u8], as_meant: impl FnOnce(&[u8]) -> bool) -> Result<(), VaultError> {
    let draft = path.with_extension("new");
    let write = || -> io::Result<()> {
        // What an earlier end left half written has no say in how this one is opened.
        let _ = fs::remove_file(&draft);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|error| refused(path, &error))?;
    let back = bytes_of(&draft)?.filter(|back| back == bytes && as_meant(back));
    if back.is_none() {
        return Err(VaultError::Broken);
    }
    let place = || -> io::Result<()> {
        fs::rename(&draft, path)?;
        File::open(path.parent().unwrap_or(path))?.sync_all()
    };
    place().map_err(|error| refused(path, &error))
}

fn remove(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(refused(path, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn refused(path: &Path, error: &io::Error) -> VaultError {
    tracing::error!(file = %path.display(), %error, "the encrypted file cannot be used");
    VaultError::FileRefused
}
