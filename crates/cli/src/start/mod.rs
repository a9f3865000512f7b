//! Having the valet started where none runs: by whoever starts the person's programs, the service manager or
//! the session bus, with nothing of the environment or the namespaces of this one. Only the valet of the
//! usual place is, since no other would be found there.

mod bus;
mod detached;
mod manager;
mod program;
mod turn;
mod world;

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};
use turn::Turn;
use wire::{ClientError, Starting, quit_mark};
use words::say;

/// How long a valet may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

/// Starts what the person uses here: on their desktop, or without a screen.
#[derive(Debug)]
pub(crate) struct Starter {
    /// Whether it says on standard error what a person may wonder about.
    pub(crate) tells: bool,
}

/// What came of asking one of those that start programs.
enum Asked {
    /// It starts a valet, whose life can be looked at.
    Starts(Box<dyn FnMut() -> bool>),
    /// It is not there, or knows no valet.
    Unable,
}

impl wire::Starter for Starter {
    fn start<'a>(&'a self, socket: &'a Path) -> Starting<'a> {
        let (socket, tells) = (socket.to_owned(), self.tells);
        Box::pin(async move {
            let started = tokio::task::spawn_blocking(move || start(&socket, tells)).await;
            started.unwrap_or_else(|error| Err(ClientError::NotStarted(error.to_string())))
        })
    }
}

/// One at a time: whoever comes second finds what the first one has had started.
fn start(socket: &Path, tells: bool) -> Result<(), ClientError> {
    let not_running = || ClientError::NotRunning(socket.to_owned());
    if !wire::is_usual(socket) {
        return Err(not_running());
    }
    let Ok(mut turn) = Turn::take(socket) else { return Err(not_running()) };
    if listens(socket) {
        return Ok(());
    }
    if was_quit(socket) {
        return Err(ClientError::Quit);
    }
    turn.may_start()?;
    for ask in [manager::start, bus::start] {
        if let Asked::Starts(is_alive) = ask(socket, &mut || turn.note())? {
            return wait(socket, is_alive);
        }
    }
    match detached::start(&mut || turn.note())? {
        Asked::Starts(is_alive) => {
            tell(tells);
            wait(socket, is_alive)
        }
        Asked::Unable => Err(not_running()),
    }
}

fn wait(socket: &Path, mut is_alive: Box<dyn FnMut() -> bool>) -> Result<(), ClientError> {
    let begun = Instant::now();
    loop {
        if listens(socket) {
            return Ok(());
        }
        if was_quit(socket) {
            return Err(ClientError::Quit);
        }
        // Whatever has made way for another one has ended as well.
        if !is_alive() && !listens(socket) {
            return Err(ClientError::NotStarted(say!(client_not_started_ended)));
        }
        if begun.elapsed() > PATIENCE {
            return Err(ClientError::NotStarted(say!(client_not_started_silent)));
        }
        sleep(PAUSE);
    }
}

fn tell(tells: bool) {
    if tells {
        let _ = writeln!(io::stderr(), "mcp-valet: {}", say!(cli_started_detached));
    }
}

fn listens(socket: &Path) -> bool {
    UnixStream::connect(socket).is_ok()
}

fn was_quit(socket: &Path) -> bool {
    quit_mark(socket).exists()
}
