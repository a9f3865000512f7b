//! Who is at the other end of the socket: the process, and the application that a person would name for it.

mod agents;
mod application;
mod applications;
mod by;
mod contained;
mod far;
mod folder;
mod kept;
mod linux;
mod others;
mod places;
mod role;
mod room;
mod script;
mod standing;
mod start;

use linux as system;

use application::Label;
pub use application::{Application, Identity, Longest, Program};
pub use applications::{Applications, Visitor};
pub use by::By;
pub use contained::Container;
pub use far::{ByDoor, Far};
pub use folder::folder_at;
pub use kept::Keeper;
pub use room::Room;
pub use start::Moment;

use role::Unclear;
use standing::{KnownProcess, Standing, unknown};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
pub use system::{Folder, FolderId, NoFolder, Process, owner_of};
use system::{HeldProcess, OtherEnd};

/// The process that opened a connection, and the application behind it, as they were then.
#[derive(Debug)]
pub struct Peer {
    process: Process,
    held: Option<Arc<HeldProcess>>,
    standing: Option<Arc<Standing>>,
    label: Option<Label>,
    application: Application,
    /// The place that it is at, if that is led here.
    far: Option<Arc<Far>>,
    /// Who it is once it is not who it was. It never becomes anybody else again.
    stranger: OnceLock<Application>,
    /// The mark of who it was.
    mark: OnceLock<String>,
    /// Whether the look that told who it is was taken in this very turn.
    seen: AtomicBool,
}

/// Why a connection is not served.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// It comes from another user.
    #[error("user {0} is not the user whose valet this is")]
    AnotherUser(u32),
    /// The socket does not say who is there.
    #[error("the process behind the connection cannot be told ({0})")]
    Unknown(#[from] io::Error),
}

impl Peer {
    fn new(known: &KnownProcess) -> Self {
        Self {
            process: known.held.sighting.process,
            held: Some(Arc::clone(&known.held)),
            application: known.standing.application(known.label.as_ref()),
            standing: Some(Arc::clone(&known.standing)),
            label: known.label.clone(),
            far: None,
            stranger: OnceLock::new(),
            mark: OnceLock::new(),
            seen: AtomicBool::new(false),
        }
    }

    /// One that had ended before it could be looked at.
    fn gone(caller: &OtherEnd) -> Self {
        let process = Process::out_of_sight(caller.pid);
        Self {
            process,
            held: None,
            application: unknown(Identity::Unknown(process), Unclear::Changed, None),
            standing: None,
            label: None,
            far: None,
            stranger: OnceLock::new(),
            mark: OnceLock::new(),
            seen: AtomicBool::new(false),
        }
    }

    /// Does what was asked for before the look that told who this is: the same look is good for it as long
    /// as nobody else has a turn. What is not done at once by then is looked at again.
    pub async fn seen_just_now<F: Future + ?Sized>(
        &self,
        mut is_so: bool,
        mut work: Pin<&mut F>,
    ) -> F::Output {
        poll_fn(|context| {
            self.seen.store(std::mem::take(&mut is_so), Ordering::Relaxed);
            let done = work.as_mut().poll(context);
            self.seen.store(false, Ordering::Relaxed);
            done
        })
        .await
    }

    /// Whether the same process still runs the same program, and whatever it is known by is still there. One
    /// of which that is not so is no longer known, from then on.
    pub fn is_unchanged(&self) -> bool {
        let is_seen = || self.seen.swap(false, Ordering::Relaxed);
        let unchanged = self.stranger.get().is_none() && (is_seen() || self.stands());
        if !unchanged {
            self.stranger.get_or_init(|| {
                let nobody = Identity::Unknown(Process::out_of_sight(self.process.pid()));
                let nobody = unknown(nobody, Unclear::Changed, None);
                if self.is_elsewhere() { nobody.still_elsewhere() } else { nobody }
            });
        }
        unchanged
    }

    fn stands(&self) -> bool {
        if let Some(far) = &self.far {
            return far.stands();
        }
        let (Some(held), Some(standing)) = (&self.held, &self.standing) else { return false };
        let lent = standing.is_lent_to(self.process);
        let is_itself = if lent { held.stands_by_its_parent() } else { held.stands() };
        is_itself && standing.holds_beside(self.process)
    }

    /// The run of the program that asks.
    pub const fn process(&self) -> Process {
        self.process
    }

    /// The application that asks.
    pub fn application(&self) -> &Application {
        self.stranger.get().unwrap_or(&self.application)
    }

    /// By what a surface names that application ([`Identity::mark`]).
    #[must_use]
    pub fn mark(&self) -> String {
        match self.stranger.get() {
            Some(stranger) => stranger.identity().mark(),
            None => self.mark.get_or_init(|| self.application.identity().mark()).clone(),
        }
    }

    /// The number of the process that connected, where it sees other files than we do and nobody is known
    /// behind it: an engine may know which container that is.
    #[must_use]
    pub fn in_an_unknown_world(&self) -> Option<u32> {
        let held = self.held.as_ref().filter(|_| self.application().longest() == Longest::Once)?;
        let number = u32::try_from(held.sighting.pid().as_raw_pid()).ok()?;
        (!held.sighting.shares("mnt")).then_some(number)
    }

    /// The path of the program that connected, where it is not the application's own, as a person can read
    /// it.
    pub fn through(&self) -> Option<&str> {
        let path = self.label.as_ref().map(|label| label.path.as_str());
        path.filter(|path| *path != self.application().path())
    }
}

impl Peer {
    /// The process behind a connection, looked at at once and by itself.
    ///
    /// # Errors
    /// As [`Applications::greet`].
    pub fn of(stream: &impl std::os::fd::AsFd) -> Result<Self, PeerError> {
        let applications = Applications::default();
        let visitor = applications.receive(stream)?;
        Ok(applications.greet(visitor).unwrap_or_else(|newcomer| applications.meet(newcomer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::pin::pin;
    use std::process::{Child, Command, Stdio};
    use std::task::{Context, Poll, Waker};

    /// A program that has connected and lives until its standard input ends, and the connection.
    fn connected() -> (Child, UnixStream) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).unwrap();
        let script =
            "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\nsys.stdin.read()";
        let mut command = Command::new("python3");
        let child = command.args(["-c", script]).arg(&path).stdin(Stdio::piped()).spawn().unwrap();
        (child, listener.accept().unwrap().0)
    }

    #[test]
    fn what_we_start_is_not_taken_for_us() {
        let (mut child, connection) = connected();
        let peer = Peer::of(&connection).unwrap();
        assert_eq!(peer.application().longest(), Longest::Once);
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    #[test]
    fn what_was_seen_just_now_holds_for_one_turn_and_one_question() {
        let (mut child, connection) = connected();
        let looked = || Peer::of(&connection).unwrap();
        let (now, twice, later, not) = (looked(), looked(), looked(), looked());
        drop(child.stdin.take());
        child.wait().unwrap();
        let mut context = Context::from_waker(Waker::noop());
        let mut in_turn = |peer: &Peer, is_so, work: Pin<&mut dyn Future<Output = bool>>| match pin!(
            peer.seen_just_now(is_so, work)
        )
        .poll(&mut context)
        {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        };
        assert_eq!(in_turn(&now, true, pin!(async { now.is_unchanged() })), Some(true));
        assert!(!now.is_unchanged(), "the turn is over");
        let asks_twice = pin!(async { twice.is_unchanged() && !twice.is_unchanged() });
        assert_eq!(in_turn(&twice, true, asks_twice), Some(true));
        assert_eq!(in_turn(&later, true, pin!(std::future::pending())), None);
        assert!(!later.is_unchanged(), "others had a turn");
        assert_eq!(in_turn(&not, false, pin!(async { not.is_unchanged() })), Some(false));
    }

    #[test]
    fn we_know_ourselves() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        assert!(peer.is_unchanged());
        assert_eq!(std::path::Path::new(peer.application().path()), std::env::current_exe().unwrap());
        assert_eq!(peer.application().longest(), Longest::Always);
        assert_eq!(peer.through(), None);
    }
}
