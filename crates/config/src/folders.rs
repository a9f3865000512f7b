//! The folders that an account is for.

use super::ConfigError;
use super::error::Location;
use plain::plain;
use std::path::{Component, Path, PathBuf};
use words::say;

/// Folders of one server; more than that nobody keeps in mind.
const MOST: usize = 32;
/// Characters of a path.
const LONGEST: usize = 1000;
/// What the person's own folder is called.
const HOME: &str = "~";

/// Checks what the file says. Whether a folder is there is looked at when it matters.
pub(super) fn check(folders: &[String], place: &Location) -> Result<(), ConfigError> {
    if folders.len() > MOST {
        return Err(place.error(say!(config_folders_many, most = MOST), say!(config_folders_many_advice)));
    }
    match folders.iter().find(|folder| !is_folder(folder)) {
        Some(wrong) => {
            let problem = say!(config_folder, folder = plain(wrong, LONGEST));
            Err(place.error(problem, say!(config_folder_advice)))
        }
        None => Ok(()),
    }
}

/// Whether it reads as the one place that it is.
fn is_folder(folder: &str) -> bool {
    let is_short = folder.chars().count() <= LONGEST;
    let is_seen = !folder.chars().any(plain::misleads) && !folder.contains('\0');
    let from = folder.strip_prefix(HOME).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_whole = from.is_some() || folder.starts_with('/');
    let goes_back = || Path::new(folder).components().any(|part| part == Component::ParentDir);
    is_short && is_seen && is_whole && !goes_back()
}

/// A path as the file may have it; nothing where it could not be read there as what it is.
pub fn as_written(path: &Path) -> Option<String> {
    path.to_str().filter(|path| is_folder(path)).map(ToOwned::to_owned)
}

/// Where a folder of the file is, for whoever has this home.
pub fn folder_in(home: &Path, folder: &str) -> PathBuf {
    match folder.strip_prefix(HOME) {
        Some(rest) => home.join(rest.trim_start_matches('/')),
        None => PathBuf::from(folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_by_a_whole_path_that_reads_as_what_it_is() {
        for folder in ["~", "~/work/acme", "/", "/srv/acme/", "~/a b", "~/...", "~/Wörk"] {
            assert!(is_folder(folder), "{folder}");
        }
        for folder in ["", "work", "./work", "~ada/work", "~/work/../home", "/a/..", "~/a\u{202e}b", "~/a\0"]
        {
            assert!(!is_folder(folder), "{folder}");
        }
    }

    #[test]
    fn the_persons_own_folder_is_their_home() {
        let of = |folder| folder_in(Path::new("/home/ada"), folder);
        assert_eq!((of("~/work"), of("/work")), ("/home/ada/work".into(), "/work".into()));
        assert_eq!(of("~"), Path::new("/home/ada/"));
        assert_eq!(of("~//work"), Path::new("/home/ada/work"));
    }
}
