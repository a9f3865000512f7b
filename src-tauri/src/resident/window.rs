//! The window, as the process that started it sees it.

use crate::resident::environment;
use broker::{Page, Person, serve_window};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A link to the program that runs, also when a new version has been installed in its place.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// The window's process, if there is one.
pub(crate) struct Window {
    person: Person,
    page: watch::Sender<Page>,
    open: Option<JoinHandle<()>>,
}

impl Window {
    pub(crate) fn new(person: Person) -> Self {
        Self { person, page: watch::Sender::new(Page::default()), open: None }
    }

    /// Whether it is open now.
    pub(crate) fn is_open(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.is_finished())
    }

    /// Brings `page` to the front.
    pub(crate) fn show(&mut self, page: Page) {
        let token = page.activation_token.clone();
        self.page.send_replace(page);
        if self.is_open() {
            return;
        }
        match open(token) {
            Ok((child, channel)) => {
                let served = serve_window(self.person.clone(), self.page.subscribe(), channel);
                self.open = Some(tokio::spawn(live(child, served)));
            }
            Err(error) => tracing::error!(%error, "the window could not be opened"),
        }
    }
}

/// Both ends hang together: without its process the channel is of no use, and without the channel its process ends.
async fn live(mut child: Child, served: impl Future<Output = ()>) {
    tokio::select! {
        _ = child.wait() => return,
        () = served => {}
    }
    let _ = child.wait().await;
}

fn open(activation_token: Option<String>) -> io::Result<(Child, tokio::net::UnixStream)> {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let mut command = Command::new(THIS_PROGRAM);
    environment::clean(&mut command);
    command.env_remove("XDG_ACTIVATION_TOKEN").env_remove("DESKTOP_STARTUP_ID");
    if let Some(token) = activation_token {
        command.env("XDG_ACTIVATION_TOKEN", &token).env("DESKTOP_STARTUP_ID", token);
    }
    command
        .arg0("mcp-valet-tray")
        .arg("--window")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .kill_on_drop(true);
    Ok((command.spawn()?, tokio::net::UnixStream::from_std(ours)?))
}
