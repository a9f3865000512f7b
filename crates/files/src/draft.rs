//! A file on its way: whole and on the disk beside its place before it takes it. So an error, such as a full
//! disk, comes before anything is changed, and what a kill leaves behind has a name that the next start
//! knows.

use crate::regular;
use jiff::{SignedDuration, Timestamp};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use words::say;

/// What the names of drafts hold, after the name of the file.
const MARK: &str = ".mcp-valet-draft-";
/// What earlier versions called theirs: this, and then six letters or digits.
const BEFORE: &str = ".tmp";
/// How old a file of an earlier version must be. Nobody of ours runs any more who could still write to it;
/// others may.
const OLD: SignedDuration = SignedDuration::from_secs(60);
/// Links that are followed, one after another.
const LINKS: usize = 16;

static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// A file that waits to take its place. It goes if it is not placed.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    target: PathBuf,
}

impl Draft {
    /// Writes `bytes` beside `target`, down to the disk.
    pub fn of(target: &Path, bytes: &[u8], mode: u32) -> io::Result<Self> {
        regular::may_be_placed(target)?;
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let path = beside(target, &format!("{MARK}{}-{number}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let draft = Self { path, target: target.to_owned() };
        file.write_all(bytes)?;
        file.set_permissions(Permissions::from_mode(mode))?;
        file.sync_all()?;
        Ok(draft)
    }

    /// The same, of this group of users.
    pub fn of_group(self, group: u32) -> io::Result<Self> {
        if fs::metadata(&self.path)?.gid() != group {
            chown(&self.path, None, Some(group))?;
        }
        Ok(self)
    }

    /// Puts it into its place.
    pub fn place(self) -> io::Result<()> {
        regular::may_be_placed(&self.target)?;
        fs::rename(&self.path, &self.target)?;
        let folder = self.target.parent().unwrap_or(&self.target);
        // It is there; that it is on the disk as well is worth a try.
        File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Nothing, once it was placed.
        let _ = fs::remove_file(&self.path);
    }
}

/// Where `path` leads, whether there is anything or not: a link stays a link, and what it names is written.
pub fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    let mut end = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&end) {
            Ok(next) => end = end.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(end),
        }
    }
    Err(io::Error::other(say!(file_circle)))
}

/// Clears away what an end before its time left of drafts of the file at `path`. Only where one valet runs;
/// in a folder of our own alone, names of earlier versions count as well.
pub fn sweep(path: &Path, own_folder: bool, now: Timestamp) {
    let Some(folder) = path.parent() else { return };
    let begin = beside(path, MARK);
    let begin = begin.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let name = name.to_string_lossy();
        let ours = name.strip_prefix(&begin).is_some_and(is_numbers);
        let before = own_folder && name.strip_prefix(BEFORE).is_some_and(is_random);
        let Ok(meta) = fs::symlink_metadata(file.path()) else { continue };
        if !meta.is_file() || meta.uid() != rustix::process::geteuid().as_raw() {
            continue;
        }
        if ours || (before && is_old(&meta, now)) {
            tracing::info!(file = %file.path().display(), "a draft that an end before its time left is removed");
            let _ = fs::remove_file(file.path());
        }
    }
}

fn beside(target: &Path, end: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}{end}"))
}

/// Such as "4711-3".
fn is_numbers(text: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(process, count)| number(process) && number(count))
}

fn is_random(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_old(meta: &fs::Metadata, now: Timestamp) -> bool {
    let then = meta.modified().ok().and_then(|then| Timestamp::try_from(then).ok());
    then.is_some_and(|then| now.duration_since(then) >= OLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_that_is_not_placed_goes_and_one_that_is_takes_the_place_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("config.json");
        fs::write(&target, "before").unwrap();
        drop(Draft::of(&target, b"never", 0o600).unwrap());
        assert_eq!(fs::read_to_string(&target).unwrap(), "before");
        Draft::of(&target, b"after", 0o640).unwrap().place().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "after");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_drafts_of_ours_are_swept_and_old_names_only_where_all_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in [
            ".config.json.mcp-valet-draft-12-3",
            ".config.json.mcp-valet-draft-x",
            ".servers.json.mcp-valet-draft-1-2",
            ".tmpAb3Xyz",
            ".tmpAb3Xyz9",
            "config.json",
        ] {
            File::create(path(name)).unwrap();
        }
        let made =
            Timestamp::try_from(fs::metadata(path("config.json")).unwrap().modified().unwrap()).unwrap();
        let (soon, later) = (made + OLD / 2, made + OLD * 2);
        std::os::unix::fs::symlink("config.json", path(".config.json.mcp-valet-draft-1-1")).unwrap();
        sweep(&path("config.json"), false, later);
        assert!(!path(".config.json.mcp-valet-draft-12-3").exists());
        assert!(path(".tmpAb3Xyz").exists() && path(".config.json.mcp-valet-draft-1-1").exists());
        sweep(&path("config.json"), true, soon);
        assert!(path(".tmpAb3Xyz").exists(), "somebody may be writing to it");
        sweep(&path("config.json"), true, later);
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [
                ".config.json.mcp-valet-draft-1-1",
                ".config.json.mcp-valet-draft-x",
                ".servers.json.mcp-valet-draft-1-2",
                ".tmpAb3Xyz9",
                "config.json"
            ]
        );
    }
}
