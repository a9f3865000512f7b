//! A file of another program on the disk: found, read, and replaced if it still is what was read.

use crate::shown;
use crate::table::{Spot, all};
use crate::trouble::Trouble;
use files::draft::{Draft, sweep};
use import::{Folders, LIMIT, within_limit};
use rustix::fs::{Access, Mode, OFlags, access};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use words::say;

/// The rights of a file that was not there: it may get keys.
const OWN: u32 = 0o600;

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it really is.
    pub path: PathBuf,
    /// Whether it is reached by links.
    pub by_link: bool,
    /// What is in it; nothing if there is none.
    pub text: Option<String>,
    /// What tells this file from another in its place.
    id: Option<(u64, u64)>,
    mode: u32,
    group: Option<u32>,
}

/// Who may do what with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rights {
    mode: u32,
    group: Option<u32>,
}

impl Rights {
    /// These for a file that gets secrets back: no more than it had with them, which its owner alone has
    /// where that is not known.
    pub(crate) fn with_secrets(self, then: Option<Self>) -> Self {
        let then = then.unwrap_or(Self { mode: 0o700, group: None });
        if self.group == then.group {
            return Self { mode: self.mode & then.mode, ..self };
        }
        Self { mode: self.mode & then.mode & !0o070, group: None }
    }
}

impl Found {
    /// Its rights.
    pub(crate) const fn rights(&self) -> Rights {
        Rights { mode: self.mode, group: self.group }
    }

    /// One as if it were on the disk.
    #[cfg(any(test, feature = "fuzz"))]
    pub(crate) const fn of_text(path: PathBuf, text: String) -> Self {
        Self { path, by_link: false, text: Some(text), id: None, mode: OWN, group: None }
    }

    /// A mark of what is in it.
    #[must_use]
    pub fn mark(&self) -> String {
        self.text.as_deref().map_or_else(String::new, mark)
    }
}

/// A mark of what is in a file.
#[must_use]
pub fn mark(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Looks where a spot is, and reads it.
///
/// # Errors
/// It is nothing that may be written.
pub fn look(spot: &Spot, folders: &Folders) -> Result<Found, Trouble> {
    let path = match &spot.project {
        Some(project) => in_project(project, spot)?,
        None => end_of_links(&spot.path)?,
    };
    let by_link = path != spot.path;
    not_ours(&path, folders)?;
    if by_link && spot.project.is_none() {
        not_of_another(spot, &path, folders)?;
    }
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Found { path, by_link, text: None, id: None, mode: OWN, group: None })
        }
        Err(error) => Err(refused(&error)),
        Ok(_) => read(path, by_link),
    }
}

/// Puts `after` in the place of what was found. Nothing is lost where that is cut off.
///
/// # Errors
/// It is no longer what was found, or the system refused.
pub fn put(spot: &Spot, folders: &Folders, found: &Found, after: &str) -> Result<(), Trouble> {
    put_with(found.rights(), spot, folders, found, after)
}

/// The same with these rights.
pub(crate) fn put_with(
    rights: Rights,
    spot: &Spot,
    folders: &Folders,
    found: &Found,
    after: &str,
) -> Result<(), Trouble> {
    let folder = found.path.parent().unwrap_or(&found.path);
    if found.text.is_none() && spot.project.is_none() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| refused(&error))?;
    }
    sweep(&found.path, false, Default::default());
    let draft = Draft::of(&found.path, after.as_bytes(), rights.mode).map_err(|error| refused(&error))?;
    let draft = match rights.group {
        Some(group) => draft.of_group(group).map_err(|error| refused(&error))?,
        None => draft,
    };
    if look(spot, folders)? != *found {
        return Err(Trouble::Changed);
    }
    draft.place().map_err(|error| refused(&error))
}

/// Takes away a file that was not there before, if it still is what was found.
///
/// # Errors
/// It is no longer what was found, or the system refused.
pub fn take_away(spot: &Spot, folders: &Folders, found: &Found) -> Result<(), Trouble> {
    if look(spot, folders)? != *found {
        return Err(Trouble::Changed);
    }
    fs::remove_file(&found.path).map_err(|error| refused(&error))
}

/// Nothing on the way from the project may be a link: a repository is written by others.
fn in_project(project: &Path, spot: &Spot) -> Result<PathBuf, Trouble> {
    let project = project.canonicalize().map_err(|error| refused(&error))?;
    let mut path = project.clone();
    for part in Path::new(spot.row.path).components() {
        let Component::Normal(part) = part else { return Err(Trouble::Unusual) };
        path.push(part);
        if let Ok(to) = fs::read_link(&path) {
            return Err(Trouble::Link(shown::one_line(&to.to_string_lossy())));
        }
    }
    let folder = path.parent().unwrap_or(&path);
    if !folder.is_dir() {
        return Err(Trouble::Refused(say!(
            setup_no_folder,
            folder = shown::one_line(&folder.to_string_lossy())
        )));
    }
    Ok(path)
}

/// Where the person's own file really is. People keep such files elsewhere; a link that leads nowhere is no
/// such place.
fn end_of_links(path: &Path) -> Result<PathBuf, Trouble> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => path.canonicalize().map_err(|_| {
            let to = fs::read_link(path).unwrap_or_default();
            Trouble::Link(shown::one_line(&to.to_string_lossy()))
        }),
        Ok(_) => path.canonicalize().map_err(|error| refused(&error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
                return Err(Trouble::Unusual);
            };
            Ok(real(folder).join(name))
        }
        Err(error) => Err(refused(&error)),
    }
}

/// Where a folder really is, or would be.
fn real(folder: &Path) -> PathBuf {
    match (folder.canonicalize(), folder.parent(), folder.file_name()) {
        (Err(_), Some(parent), Some(name)) => real(parent).join(name),
        (found, ..) => found.unwrap_or_else(|_| folder.to_owned()),
    }
}

/// What leads programs here would lead the valet to itself in its own configuration.
fn not_ours(path: &Path, folders: &Folders) -> Result<(), Trouble> {
    let ours = folders.config.join("mcp-valet/config.json").canonicalize();
    if ours.is_ok_and(|ours| ours == path) { Err(Trouble::OfAnother("MCP Valet")) } else { Ok(()) }
}

fn not_of_another(spot: &Spot, path: &Path, folders: &Folders) -> Result<(), Trouble> {
    let other = all(folders).find(|other| {
        other.client != spot.client && other.path.canonicalize().is_ok_and(|other| other == path)
    });
    other.map_or(Ok(()), |other| Err(Trouble::OfAnother(other.client.name())))
}

fn read(path: PathBuf, by_link: bool) -> Result<Found, Trouble> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    may_be_written(&fs::symlink_metadata(&path).map_err(|error| refused(&error))?)?;
    let file = rustix::fs::open(&path, flags, Mode::empty()).map_err(|error| refused(&error.into()))?;
    let file = File::from(file);
    let about = file.metadata().map_err(|error| refused(&error))?;
    may_be_written(&about)?;
    let folder = path.parent().unwrap_or(&path);
    let writable = access(&path, Access::WRITE_OK).is_ok() && access(folder, Access::WRITE_OK).is_ok();
    if !writable || about.mode() & 0o200 == 0 {
        return Err(Trouble::ReadOnly);
    }
    within_limit(about.len()).map_err(Trouble::Unread)?;
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    within_limit(bytes.len() as u64).map_err(Trouble::Unread)?;
    let text = String::from_utf8(bytes).map_err(|_| Trouble::Unread(say!(import_no_text)))?;
    Ok(Found {
        path,
        by_link,
        text: Some(text),
        id: Some((about.dev(), about.ino())),
        mode: about.permissions().mode() & 0o7777,
        group: Some(about.gid()),
    })
}

fn may_be_written(about: &Metadata) -> Result<(), Trouble> {
    if !about.is_file() {
        return Err(Trouble::Unread(say!(import_no_file)));
    }
    if about.uid() != rustix::process::geteuid().as_raw() {
        return Err(Trouble::NotOwn);
    }
    if about.nlink() > 1 {
        return Err(Trouble::Linked);
    }
    Ok(())
}

fn refused(error: &io::Error) -> Trouble {
    let read_only = [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem];
    if read_only.contains(&error.kind()) { Trouble::ReadOnly } else { Trouble::Refused(error.to_string()) }
}
