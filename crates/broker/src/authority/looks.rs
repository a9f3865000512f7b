//! Looks at files of other programs. They may be on a file system that never answers, and whoever looks there
//! is stuck for good: so it is one at a time.

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
/// How often programs together may have all files looked through in a minute: it is much work for one
/// request.
const MOST: usize = 30;
const MINUTE: Duration = Duration::from_secs(60);

static ASKED: Mutex<VecDeque<Timestamp>> = Mutex::new(VecDeque::new());

static OF_PROGRAMS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));
static OF_THE_PERSON: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// Counts that a program asks for it.
pub(crate) fn counted(valet: &Valet) -> Result<(), Problem> {
    let (now, mut asked) = (valet.clock.now(), ASKED.lock().unwrap_or_else(PoisonError::into_inner));
    // What lies ahead is of before the clock was set back.
    let is_past = |at: &Timestamp| now.duration_since(*at).unsigned_abs() >= MINUTE;
    asked.retain(|at| !is_past(at));
    if asked.len() >= MOST {
        return Err(problems::files_busy());
    }
    asked.push_back(now);
    Ok(())
}

/// For whom it is looked. A program may name any folder, so it never takes the person's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    Programs,
    ThePerson,
}

impl For {
    pub(crate) const fn of(by: &By) -> Self {
        match by {
            By::Person => Self::ThePerson,
            By::Agent(_) => Self::Programs,
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
            () = valet.clock.wait(PATIENCE) => Err(problems::files_unanswered()),
        }
    }

    /// Does what is not left half done, as long as it takes. What is stuck keeps its place, even where nobody
    /// waits for it any more.
    pub(crate) async fn does<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = Arc::clone(self.place()).acquire_owned();
        let Ok(Ok(place)) = timeout(BEFORE, place).await else { return Err(problems::files_busy()) };
        let work = move || {
            let _place = place;
            work()
        };
        let broke_off =
            |_| problems::internal(say!(problem_broke_off_here), say!(problem_broke_off_here_advice));
        tokio::task::spawn_blocking(work).await.map_err(broke_off)?
    }

    fn place(self) -> &'static Arc<Semaphore> {
        match self {
            Self::Programs => &OF_PROGRAMS,
            Self::ThePerson => &OF_THE_PERSON,
        }
    }
}
