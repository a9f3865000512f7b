//! Having a valet started where none runs. Who does that is none of the socket's business; what is said about
//! it lies beside the socket.

use crate::ClientError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;

/// Has a valet started where none listens.
pub trait Starter: fmt::Debug + Send + Sync {
    /// Waits until one listens at `socket`.
    fn start<'a>(&'a self, socket: &'a Path) -> Starting<'a>;
}

/// A start on its way. It fails where nobody starts one, or what was started does not listen.
pub type Starting<'a> = Pin<Box<dyn Future<Output = Result<(), ClientError>> + Send + 'a>>;

/// The file that says that the person quit the valet of this socket: from then on nobody else starts it. To
/// the valet itself another one counts, in its own folder.
#[must_use]
pub fn quit_mark(socket: &Path) -> PathBuf {
    socket.with_file_name("quit")
}

/// The file with the times at which a valet was started for a program, in seconds since the system was
/// started, one a line. It goes once such a valet has proven to be well.
#[must_use]
pub fn starts(socket: &Path) -> PathBuf {
    socket.with_file_name("starts")
}
