//! Programs that the valet itself has started as servers: whatever they run is theirs, and nobody else's.

use super::standing::{self, KnownProcess};
use super::system::HeldProcess;
use std::fmt;
use std::sync::Arc;

/// Parents that are looked at, at most.
const HIGHEST: usize = 48;

/// A process that keeps the program of a server now.
#[derive(Debug, Clone)]
pub struct Keeper {
    /// Its number.
    pub pid: u32,
    /// The server, by what it is told from others by, whatever it is called.
    pub server_id: String,
    /// What it is called.
    pub server: String,
}

/// Says which there are.
type Keepers = dyn Fn() -> Vec<Keeper> + Send + Sync;

/// Who knows the processes that keep programs.
#[derive(Default)]
pub(super) struct Kept(Option<Box<Keepers>>);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl Kept {
    pub(super) fn by(keepers: impl Fn() -> Vec<Keeper> + Send + Sync + 'static) -> Self {
        Self(Some(Box::new(keepers)))
    }

    /// The server that a process belongs to, if it is below one that keeps a program. A keeper takes in
    /// whatever is left behind below it, so nothing gets away from there.
    pub(super) fn find(&self, held: &Arc<HeldProcess>) -> Option<KnownProcess> {
        let keepers = self.0.as_ref().map(|keepers| keepers()).filter(|keepers| !keepers.is_empty())?;
        let mut at = Arc::clone(held);
        for _ in 0..HIGHEST {
            let pid = at.sighting.parent?;
            let parent = Arc::new(HeldProcess::open(pid).ok()?);
            if !parent.sighting.process.is_no_younger_than(at.sighting.process) {
                return None;
            }
            let is_it = |keeper: &&Keeper| i64::from(keeper.pid) == i64::from(pid.as_raw_pid());
            if let Some(keeper) = keepers.iter().find(is_it) {
                return Some(standing::of_local_server(held, keeper, parent));
            }
            at = parent;
        }
        // Nobody is that far below a program by chance.
        Some(standing::of_nobody(held))
    }
}
