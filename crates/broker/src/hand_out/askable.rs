//! Whether the person can be asked anything now.

use crate::hand_out::caller::Caller;
use crate::valet::{Valet, idle};
use consent::surfaces::Surfaces;
use tokio::time::{Instant, timeout_at};
use wire::Problem;

/// Nobody is asked anything while the valet is locked. Whoever asks for something meanwhile reminds the
/// person of it: once, however many ask, and where the person sees it.
pub(crate) fn not_while_locked(agent: &Caller) -> Result<(), Problem> {
    let valet = &agent.valet;
    idle::look(valet);
    let locked = valet.not_locked().map_err(Problem::from);
    let unseen = {
        let book = valet.book();
        !book.nobody_looks && book.lock.as_ref().is_some_and(|lock| lock.wanted_by.is_none())
    };
    if unseen {
        valet.change(|book| book.lock.as_mut().map(|lock| lock.wanted_by = Some(agent.name())));
    }
    locked
}

/// Waits while the shell starts. A shell that can show nothing says so.
pub(crate) async fn somebody_can_be_asked(valet: &Valet, deadline: Instant) -> bool {
    let mut surfaces = valet.surfaces.subscribe();
    let known = timeout_at(deadline, surfaces.wait_for(|surfaces| *surfaces != Surfaces::Starting)).await;
    matches!(known.as_ref().map(|known| known.as_deref()), Ok(Ok(Surfaces::Open(1..))))
}
