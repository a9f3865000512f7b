//! That the person quit: from then on nobody but the person starts the valet.

use files::paths::Paths;
use std::fs;
use std::path::PathBuf;

/// Where it is written down: among the valet's own files, where it counts, and beside the socket, where
/// programs look before they have a valet started.
#[derive(Debug, Clone)]
pub struct Quit {
    own: PathBuf,
    beside_the_socket: PathBuf,
}

impl Quit {
    pub(crate) fn of(paths: &Paths) -> Self {
        Self { own: paths.state.join("quit"), beside_the_socket: wire::quit_mark(&paths.socket) }
    }

    /// The person quits.
    pub fn note(&self) {
        write(&self.own);
        self.tell();
    }

    /// Whether they did, and have not started the valet since.
    pub(crate) fn holds(&self) -> bool {
        self.own.exists()
    }

    /// Tells programs.
    pub(crate) fn tell(&self) {
        write(&self.beside_the_socket);
    }

    /// The person starts the valet.
    pub(crate) fn take_back(&self) {
        let _ = fs::remove_file(&self.own);
        let _ = fs::remove_file(&self.beside_the_socket);
    }
}

fn write(mark: &PathBuf) {
    if let Some(folder) = mark.parent() {
        let _ = files::paths::make_private(folder);
    }
    if let Err(error) = fs::File::create(mark) {
        tracing::warn!(%error, "that the person quit could not be written down: programs may start the valet");
    }
}
