//! The one valet of this user.

use crate::run::quit::Quit;
use crate::run::{Shares, StartError};
use files::paths::{self, Paths};
use rustix::fs::{FlockOperation, flock};
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Signal, kill_process};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What a valet says in its lock that makes way for the person's own.
const MAKES_WAY: &str = "makes way";
/// Longer than it takes to end.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// Who has a valet started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartedBy {
    /// The person: by hand, or with their session.
    Person,
    /// A program that asked for something while none ran. What the person had said holds on.
    Program,
}

/// The one valet of this user, which only one process can be at a time.
pub struct Instance {
    pub(crate) paths: Paths,
    pub(crate) lock: File,
    pub(crate) by: StartedBy,
    pub(crate) shares: Option<Box<Shares>>,
}

impl Instance {
    /// Becomes it. Quick: neither the keychain nor the configuration is looked at. A valet that was started
    /// for a program and can ask nobody makes way for the person's.
    ///
    /// # Errors
    /// Another valet of this user runs, or the person quit and it is a program that has it started, or the
    /// folder of its state cannot be used.
    pub fn take(paths: Paths, by: StartedBy) -> Result<Self, StartError> {
        let quit = Quit::of(&paths);
        let lock = match (take_lock(&paths), by) {
            (Err(StartError::Running), StartedBy::Person) if makes_way(&paths) => take_over(&paths)?,
            // It may be about to end, and whoever asks waits for the next.
            (Err(StartError::Running), StartedBy::Program) => outlast(&paths, || listens(&paths))?,
            (taken, _) => taken?,
        };
        match by {
            StartedBy::Person => quit.take_back(),
            StartedBy::Program if quit.holds() => {
                quit.tell();
                return Err(StartError::Quit);
            }
            StartedBy::Program => {}
        }
        Ok(Self { paths, lock, by, shares: None })
    }

    /// Has a vault that several machines share opened so, where the configuration names one.
    #[must_use]
    pub fn sharing(mut self, shares: Box<Shares>) -> Self {
        self.shares = Some(shares);
        self
    }

    /// By what the person's *Quit* is noted.
    #[must_use]
    pub fn quit(&self) -> Quit {
        Quit::of(&self.paths)
    }

    /// Says, for as long as it runs, that it makes way for the person's own.
    pub(crate) fn make_way(&mut self) {
        if let Err(error) = self.lock.write_all(MAKES_WAY.as_bytes()) {
            tracing::warn!(%error, "this valet makes way for no other");
        }
    }
}

fn makes_way(paths: &Paths) -> bool {
    fs::read_to_string(paths.lock()).is_ok_and(|text| text == MAKES_WAY)
}

/// Has the one that runs end, and takes its place. One that is only starting is told once it listens.
fn take_over(paths: &Paths) -> Result<File, StartError> {
    let mut is_told = false;
    outlast(paths, || {
        is_told = is_told || tells_to_end(paths);
        false
    })
}

/// Takes the place of the one that runs, once it has ended, unless it is `here_to_stay`.
fn outlast(paths: &Paths, mut here_to_stay: impl FnMut() -> bool) -> Result<File, StartError> {
    let begun = Instant::now();
    loop {
        match take_lock(paths) {
            Err(StartError::Running) if begun.elapsed() < PATIENCE && !here_to_stay() => sleep(PAUSE),
            taken => return taken,
        }
    }
}

/// As the system tells programs to. False where nobody listens yet.
fn tells_to_end(paths: &Paths) -> bool {
    let peer = UnixStream::connect(&paths.socket).and_then(|socket| Ok(socket_peercred(&socket)?));
    peer.is_ok_and(|peer| kill_process(peer.pid, Signal::TERM).is_ok())
}

fn listens(paths: &Paths) -> bool {
    UnixStream::connect(&paths.socket).is_ok()
}

/// One valet a user: the lock is beside what must not be written twice at a time.
fn take_lock(paths: &Paths) -> Result<File, StartError> {
    let file = |source| StartError::File { path: paths.state.clone(), source };
    paths.make_state().map_err(file)?;
    if let Some(folder) = paths.config.parent() {
        paths::make_private(folder).map_err(|source| StartError::File { path: folder.to_owned(), source })?;
    }
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(paths.lock())
        .map_err(file)?;
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(rustix::io::Errno::WOULDBLOCK) => return Err(StartError::Running),
        Err(error) => return Err(file(error.into())),
    }
    lock.set_len(0).map_err(file)?;
    Ok(lock)
}
