//! Looks at files of other programs. They may be on a file system that never answers, and whoever looks there
//! is stuck for good: so it is a few at a time. Whoever only looks holds up nobody else, least of all what
//! somebody has agreed to, which is one at a time.

use crate::valet::Valet;
use jiff::Timestamp;
use peer::By;
use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use wire::Problem;
use words::say;

/// How long somebody waits for those who look already.
const BEFORE: Duration = Duration::from_secs(2);
/// How long the files have to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same of both for what was agreed to: nobody is asked for the same answer twice because many files are
/// long ones.
const ONCE_AGREED: Duration = Duration::from_secs(30);
/// How often programs together may have all files looked through in a minute: it is much work for one
/// request.
const MOST: usize = 30;
const MINUTE: Duration = Duration::from_secs(60);

static ASKED: Mutex<VecDeque<Timestamp>> = Mutex::new(VecDeque::new());

/// How many look at once for programs and for the person, who may have several windows; and how many do what
/// each of them wanted, which writes.
const AT_ONCE: [usize; 4] = [4, 8, 1, 1];

static PLACES: LazyLock<[Arc<Semaphore>; 4]> =
    LazyLock::new(|| AT_ONCE.map(|places| Arc::new(Semaphore::new(places))));

/// Counts that a program asks for it.
pub(crate) fn counted(valet: &Valet) -> Result<(), Problem> {
    let (now, mut asked) = (valet.clock.now(), ASKED.lock().unwrap_or_else(PoisonError::into_inner));
    // What lies ahead is of before the clock was set back.
    let is_past = |at: &Timestamp| now.duration_since(*at).unsigned_abs() >= MINUTE;
    asked.retain(|at| !is_past(at));
    if asked.len() >= MOST {
        return Err(problems::files_often());
    }
    asked.push_back(now);
    Ok(())
}

/// For whom it is looked. A program may name any folder, so it never takes the person's place, and whoever
/// looks takes no place of what was agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// A program that asks.
    Programs,
    /// The person, who looks.
    ThePerson,
    /// A program, once the person has agreed to what it wants.
    AgreedProgram,
    /// The person, once they have agreed to what they saw.
    AgreedPerson,
}

impl For {
    /// Whoever wanted what was agreed to.
    pub(crate) const fn agreed(by: &By) -> Self {
        match by {
            By::Person => Self::AgreedPerson,
            By::Agent(_) => Self::AgreedProgram,
        }
    }

    /// Looks, and says so where that takes too long.
    pub(crate) async fn looks<T: Send + 'static>(
        self,
        valet: &Valet,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        tokio::select! {
            done = self.does(work) => done,
            () = valet.clock.wait(self.patience()) => Err(problems::files_unanswered()),
        }
    }

    /// Does what is not left half done, as long as it takes. What is stuck keeps its place, even where nobody
    /// waits for it any more.
    pub(crate) async fn does<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = Arc::clone(self.place()).acquire_owned();
        let Ok(Ok(place)) = timeout(self.before(), place).await else { return Err(problems::files_busy()) };
        let work = move || {
            let _place = place;
            work()
        };
        let broke_off =
            |_| problems::internal(say!(problem_broke_off_here), say!(problem_broke_off_here_advice));
        tokio::task::spawn_blocking(work).await.map_err(broke_off)?
    }

    /// How long it waits for its place.
    const fn before(self) -> Duration {
        match self {
            Self::Programs | Self::ThePerson => BEFORE,
            Self::AgreedProgram | Self::AgreedPerson => ONCE_AGREED,
        }
    }

    /// How long the files have to answer it.
    const fn patience(self) -> Duration {
        match self {
            Self::Programs | Self::ThePerson => PATIENCE,
            Self::AgreedProgram | Self::AgreedPerson => ONCE_AGREED,
        }
    }

    fn place(self) -> &'static Arc<Semaphore> {
        let [programs, person, agreed_program, agreed_person] = &*PLACES;
        match self {
            Self::Programs => programs,
            Self::ThePerson => person,
            Self::AgreedProgram => agreed_program,
            Self::AgreedPerson => agreed_person,
        }
    }
}
