//! What is asked of the place where the person is.

use std::io;
use url::Url;
use wire::Show;

/// What the broker asks of the place where the person is. All else a shell does by itself, from the
/// [`View`](crate::View).
pub trait Shell: Send + Sync + 'static {
    /// Opens a page in the person's browser, and says whether that worked. It is called only after the person
    /// asked for it there, only with http(s) URLs, and may block for a few seconds.
    fn open_url(&self, url: &Url) -> bool;

    /// Whether the person can be asked here. It holds for the whole run; a shell that says so opens a surface
    /// once it has started.
    fn asks(&self) -> bool {
        true
    }

    /// Brings the shell's window to the front, opening it if need be. Must not block.
    fn show_window(&self, asked: &Show) -> Shown {
        let _ = asked;
        Shown::NoWindow
    }

    /// Whether the valet starts when the person logs in. `None` where the shell has no say in it. May read a
    /// file.
    fn starts_at_login(&self) -> Option<bool> {
        None
    }

    /// Has the valet start when the person logs in, or not any more.
    ///
    /// # Errors
    /// The system refused, or the shell has no say in it.
    fn start_at_login(&self, start: bool) -> io::Result<()> {
        let _ = start;
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Starts the demo provider, unless it runs, and answers the address of its MCP server once that listens.
    /// May block for some seconds.
    ///
    /// # Errors
    /// It did not start, or the shell has none.
    fn start_demo(&self) -> io::Result<String> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Ends the valet, as the person said. Must not block.
    fn quit(&self) {}
}

/// What became of a wish for the shell's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It comes to the front.
    Here,
    /// It would come up on a screen where whoever asked does not see it.
    Elsewhere,
    /// This shell has none.
    NoWindow,
}
