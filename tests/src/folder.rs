//! Folders in which somebody writes meanwhile.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The files of a folder, with what is in them. One that goes between two looks was a draft, and is in its
/// place by then.
pub fn files_in(folder: &Path) -> Vec<(PathBuf, Metadata, Vec<u8>)> {
    fs::read_dir(folder).unwrap().filter_map(|entry| opened(entry.unwrap().path())).collect()
}

fn opened(path: PathBuf) -> Option<(PathBuf, Metadata, Vec<u8>)> {
    let mut content = Vec::new();
    let mut file = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        file => file.unwrap(),
    };
    file.read_to_end(&mut content).unwrap();
    Some((path, file.metadata().unwrap(), content))
}
