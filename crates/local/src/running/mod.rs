//! All programs that run.

mod forward;
mod places;
mod shared;
mod shell;

use crate::bounds::Bounds;
use crate::environment;
use crate::fault::Fault;
use crate::held::Room;
use crate::http::{Answer, Request};
use crate::keeper::ARGUMENT;
use crate::keeper::mark::Mark;
use crate::process::kept::{Kept, Streams};
use crate::process::{self, Input, Work};
use crate::program::{Owner, Program, Word};
use crate::run::Run;
use crate::stderr::Ring;
use crate::talk::{Parts, Talk};
use ground::clock::Clock;
use places::{Place, Taken};
use shared::Shared;
use shell::LoginPath;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// How a process that keeps a program is started.
#[derive(Debug, Clone)]
pub struct Keeper {
    /// The program whose `main` calls [`crate::keep`] where it is told to.
    pub(crate) program: PathBuf,
    /// What tells it to.
    pub(crate) args: Vec<OsString>,
    /// By what is known which programs are of this valet, and of this run of it.
    pub(crate) mark: Mark,
}

impl Keeper {
    /// This program, for the valet of this name, of which one runs at a time.
    #[must_use]
    pub fn new(program: PathBuf, args: Vec<OsString>, valet: &str) -> Self {
        Self { program, args, mark: Mark::of(valet) }
    }

    /// The program that runs here, whatever is installed in its place meanwhile.
    #[must_use]
    pub fn ours(valet: &str) -> Self {
        Self::new("/proc/self/exe".into(), vec![ARGUMENT.into()], valet)
    }
}

/// All programs that run. Each handle is one on the same.
#[derive(Clone)]
pub struct Running(Arc<All>);

struct All {
    bounds: Bounds,
    keeper: Keeper,
    clock: Clock,
    room: Room,
    talks: Mutex<Talks>,
    /// What serves whole runs of applications.
    shared: Shared,
    login_path: LoginPath,
    changes: watch::Sender<u64>,
}

#[derive(Default)]
struct Talks {
    next: u64,
    /// Each program that runs or is being started.
    places: BTreeMap<u64, Taken>,
    all: BTreeMap<u64, Arc<Talk>>,
    /// Room for the messages of each application.
    rooms: BTreeMap<String, Room>,
    /// By the ID of the server.
    stderr: BTreeMap<String, Arc<Mutex<Ring>>>,
}

/// Says that a program is gone once it is, however its task came to its end.
struct Gone(Arc<Talk>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.close(Fault::NoSession);
        self.0.is_gone();
    }
}

impl Running {
    /// Runs nothing yet.
    #[must_use]
    pub fn new(bounds: Bounds, keeper: Keeper, clock: Clock) -> Self {
        Self(Arc::new(All {
            room: Room::of_all(&bounds),
            bounds,
            keeper,
            clock,
            talks: Mutex::default(),
            shared: Shared::default(),
            login_path: LoginPath::default(),
            changes: watch::channel(0).0,
        }))
    }

    /// Answers a request as the server would by Streamable HTTP. Where a process is needed for it, `begin`
    /// says which program that is.
    ///
    /// # Errors
    /// As `begin` says, or a [`Fault`].
    pub async fn forward<E, F>(
        &self,
        owner: &Owner,
        request: Request,
        begin: impl FnOnce() -> F,
    ) -> Result<Answer, E>
    where
        E: From<Fault>,
        F: Future<Output = Result<Program, E>>,
    {
        self.0.forward(owner, request, begin).await
    }

    /// What a program is told of the person's environment, with the `PATH` of their login shell, which is
    /// asked once.
    pub async fn environment(&self) -> Vec<(OsString, Word)> {
        let path = self.0.login_path.by(&self.0.keeper, self.0.clock.now()).await;
        environment::with_path(environment::handed_on(), path)
    }

    /// The programs that run, those that were started first before the others.
    #[must_use]
    pub fn list(&self) -> Vec<Run> {
        self.0.talks().all.values().map(|talk| talk.run()).collect()
    }

    /// The processes that keep programs, each with the ID of its server. Each is here before its program is
    /// started.
    #[must_use]
    pub fn keepers(&self) -> Vec<(u32, String)> {
        let talks = self.0.talks();
        let kept =
            talks.places.values().filter_map(|taken| Some((taken.keeper?, taken.owner.server.clone())));
        kept.collect()
    }

    /// What the programs of a server wrote last to their standard error, secrets covered.
    #[must_use]
    pub fn stderr(&self, server: &str) -> Vec<String> {
        let ring = self.0.talks().stderr.get(server).cloned();
        ring.map(|ring| ring.lock().unwrap_or_else(PoisonError::into_inner).all()).unwrap_or_default()
    }

    /// Forgets what the programs of a server wrote, such as when it is removed.
    pub fn forget(&self, server: &str) {
        self.0.talks().stderr.remove(server);
    }

    /// Changes whenever a program begins or ends.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Ends what an earlier run of this valet left behind: where it was killed together with a keeper.
    pub async fn end_left_behind(&self) {
        let mark = self.0.keeper.mark.clone();
        let _ = tokio::task::spawn_blocking(move || mark.end_left_behind()).await;
    }

    /// Ends all programs of a server, to their end.
    pub async fn stop(&self, server: &str) {
        self.0.end(|owner| owner.server == server).await;
    }

    /// Ends all programs of these, to their end.
    pub async fn stop_owners(&self, owners: &[Owner]) {
        self.0.end(|one| owners.contains(one)).await;
    }

    /// Ends all programs, to their end.
    pub async fn stop_all(&self) {
        self.0.end(|_| true).await;
    }
}

impl All {
    fn talks(&self) -> MutexGuard<'_, Talks> {
        self.talks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|number| *number += 1);
    }

    async fn end(&self, is_meant: impl Fn(&Owner) -> bool) {
        let mut changes = self.changes.subscribe();
        let meant: Vec<u64> = {
            let mut talks = self.talks();
            let meant = talks.places.iter_mut().filter(|(_, taken)| is_meant(&taken.owner));
            let numbers = meant.map(|(number, taken)| {
                taken.stopped = true;
                *number
            });
            let numbers: Vec<u64> = numbers.collect();
            let all = numbers.iter().filter_map(|number| talks.all.get(number));
            all.for_each(|talk| talk.close(Fault::Stopped));
            numbers
        };
        let is_over = |_: &u64| {
            let talks = self.talks();
            !meant.iter().any(|number| talks.places.contains_key(number))
        };
        let _ = changes.wait_for(is_over).await;
    }

    /// Starts a program that nobody talks to yet.
    async fn start(
        self: &Arc<Self>,
        place: Place,
        owner: &Owner,
        program: Program,
        session: Option<String>,
    ) -> Result<Arc<Talk>, Fault> {
        let (kept, streams) = Kept::start(&self.keeper, &program, |keeper| place.is_kept_by(keeper)).await?;
        let Streams { input, output, errors } = streams;
        let (input, said) = Input::of(input);
        let (stderr, room) = self.of(owner);
        let talk = Arc::new(Talk::new(Parts {
            number: place.number(),
            owner: owner.clone(),
            processes: (kept.keeper, kept.pid),
            since: self.clock.now(),
            unheard: self.bounds.unheard,
            input: Arc::clone(&input),
            stderr,
            session,
        }));
        let texts = process::texts(&program);
        drop(program);
        if self.put(&talk) {
            talk.close(Fault::Stopped);
        }
        self.changed();
        let work = Work { talk: Arc::clone(&talk), bounds: self.bounds.clone(), room, texts, input, said };
        let gone = Gone(Arc::clone(&talk));
        tokio::spawn(async move {
            let _gone = gone;
            let _place = place;
            process::serve(work, kept, output, errors).await;
        });
        Ok(talk)
    }

    /// From now on it is seen. Whether it was stopped while it was started.
    fn put(&self, talk: &Arc<Talk>) -> bool {
        let mut talks = self.talks();
        talks.all.insert(talk.number, Arc::clone(talk));
        talks.places.get(&talk.number).is_some_and(|taken| taken.stopped)
    }

    fn of(&self, owner: &Owner) -> (Arc<Mutex<Ring>>, Room) {
        let mut talks = self.talks();
        let stderr = Arc::clone(talks.stderr.entry(owner.server.clone()).or_default());
        let room = talks.rooms.entry(owner.application.clone());
        (stderr, room.or_insert_with(|| self.room.of_application(&self.bounds)).clone())
    }
}
