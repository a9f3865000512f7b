//! The window, as the process that started it sees it.

use crate::resident::environment;
use broker::{Page, Person, serve_window};
use std::future::pending;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// A link to the program that runs, also when a new version has been installed in its place.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// A window that ends so soon after a page was offered to it was closing already, and nobody saw the page.
const CLOSING_TAKES: Duration = Duration::from_secs(3);

/// The window's process, if there is one, and what it is to show.
pub(crate) struct Window {
    person: Person,
    /// The page that was asked for and is not shown yet.
    wanted: watch::Sender<Option<Page>>,
    /// The page that was offered last while it was open, and when.
    offered: Option<(Page, Instant)>,
    open: Option<Open>,
}

/// A process, and the service at our end of its channel, which ends with it.
struct Open {
    child: Child,
    served: AbortHandle,
    /// Has not changed as long as the process has shown nothing.
    wanted: watch::Receiver<Option<Page>>,
}

impl Window {
    pub(crate) fn new(person: Person) -> Self {
        Self { person, wanted: watch::Sender::new(None), offered: None, open: None }
    }

    /// Whether it is open now.
    pub(crate) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Brings `page` to the front.
    pub(crate) fn show(&mut self, page: Page) {
        self.wanted.send_replace(Some(page.clone()));
        if self.is_open() {
            return;
        }
        match self.start(page.activation_token.as_deref()) {
            Ok(open) => self.open = Some(open),
            Err(error) => tracing::error!(%error, "the window could not be opened"),
        }
    }

    /// Brings `page` to the front unless it is open anyway: then its own page announces what is new.
    pub(crate) fn offer(&mut self, page: Page) {
        if self.is_open() {
            self.offered = Some((page, Instant::now()));
        } else {
            self.show(page);
        }
    }

    /// Waits until it is closed. A page that was asked for while it was closing is shown by another one.
    pub(crate) async fn closed(&mut self) {
        let Some(open) = &mut self.open else { return pending().await };
        let _ = open.child.wait().await;
        open.served.abort();
        let has_shown = open.wanted.has_changed().unwrap_or(false);
        self.open = None;
        let unseen = self.offered.take().filter(|(_, at)| at.elapsed() < CLOSING_TAKES);
        let Some(page) = self.wanted.send_replace(None) else {
            return unseen.into_iter().for_each(|(page, _)| self.show(page));
        };
        if has_shown {
            self.show(page);
        } else {
            // The next one would fare no better.
            tracing::error!("the window ended before it showed anything");
        }
    }

    fn start(&self, activation_token: Option<&str>) -> io::Result<Open> {
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let ours = tokio::net::UnixStream::from_std(ours)?;
        let child = command(activation_token, theirs).spawn()?;
        let served = tokio::spawn(serve_window(self.person.clone(), self.wanted.clone(), ours));
        Ok(Open { child, served: served.abort_handle(), wanted: self.wanted.subscribe() })
    }
}

/// End of file on the channel ends the process.
fn command(activation_token: Option<&str>, channel: UnixStream) -> Command {
    let mut command = Command::new(THIS_PROGRAM);
    environment::clean(&mut command);
    command.env_remove("XDG_ACTIVATION_TOKEN").env_remove("DESKTOP_STARTUP_ID");
    if let Some(token) = activation_token {
        command.env("XDG_ACTIVATION_TOKEN", token).env("DESKTOP_STARTUP_ID", token);
    }
    command
        .arg0("mcp-valet-tray")
        .arg("--window")
        .stdin(Stdio::from(OwnedFd::from(channel)))
        .kill_on_drop(true);
    command
}
