//! How many servers programs may add that no person has made use of.

use peer::{Application, Room};
use state::added::AddedBy;
use state::agreed::Agreed;
use state::book::Book;
use state::held::{Held, Noted};
use state::server::Server;
use wire::Problem;

/// Of one program; all that cannot be told from each other are one.
const OF_ONE: usize = 64;
/// Of all programs.
const OF_ALL: usize = 256;

/// Whether a program may add one more.
///
/// # Errors
/// There are as many already that only programs wanted.
pub(crate) fn has_room(book: &Book, by: &Application) -> Result<(), Problem> {
    let unused = || book.servers.values().filter_map(unused);
    let own = match Room::of(by) {
        Room::Application(_) => unused().filter(|added| added.by == by.name()).count(),
        Room::Unknown | Room::Newcomers => unused().filter(|added| !added.known).count(),
    };
    match (own, unused().count()) {
        (OF_ONE.., _) => Err(problems::too_many_added(by.name(), OF_ONE)),
        (_, OF_ALL..) => Err(problems::too_many_added("programs", OF_ALL)),
        _ => Ok(()),
    }
}

/// How a server came that nobody has agreed to, and nobody has signed in to.
fn unused(server: &Server) -> Option<&AddedBy> {
    let nothing = match server.held {
        Held::Nothing | Held::Sealed(Noted::Nothing | Noted::Lapsed(_)) => true,
        Held::Sealed(Noted::Granted)
        | Held::Live(_)
        | Held::Unsaved(_)
        | Held::Unregistered(..)
        | Held::Keys(_)
        | Held::Lapsed(_) => false,
    };
    server.added.as_ref().filter(|added| nothing && added.agreed == Agreed::ByNobody)
}
