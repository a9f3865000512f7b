//! Where a program works, for whoever goes by that. It is the program's own choice: a program can work in
//! any folder that it can enter.

use super::Peer;
use super::system::{self, Folder, FolderId, NoFolder};
use plain::plain;
use std::path::Path;

/// Most characters of a folder's path that are shown.
const MAX_PATH: usize = 300;

impl Peer {
    /// The folder that the process that connected works in now. It may wait for a file system.
    ///
    /// # Errors
    /// Nobody can tell.
    pub fn folder(&self) -> Result<Folder, NoFolder> {
        let held = self.held.as_ref().filter(|_| self.is_unchanged()).ok_or(NoFolder::Unreadable)?;
        Folder::of(held)
    }
}

impl Folder {
    /// Its path, as a person can read it.
    pub fn path(&self) -> String {
        plain(&self.path.to_string_lossy(), MAX_PATH)
    }

    /// Its path as it is, where that is what a person reads: nothing of it was cut or written otherwise.
    pub fn path_as_read(&self) -> Option<&Path> {
        (self.path.to_str() == Some(&self.path())).then_some(&*self.path)
    }

    /// Which one it is.
    pub fn here(&self) -> FolderId {
        self.here
    }

    /// Which one it is, and those that it is in, up to the root.
    pub fn line(&self) -> &[FolderId] {
        &self.line
    }
}

/// The folder that is at a path, behind links too. It may wait for a file system.
pub fn folder_at(path: &Path) -> Option<FolderId> {
    system::folder_at(path)
}
