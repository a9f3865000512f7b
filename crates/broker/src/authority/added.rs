//! How many servers programs may add that no person has made use of.

use crate::base::problems;
use crate::state::book::Book;
use crate::state::held::Held;
use crate::state::server::Server;
use peer::{Application, Room};
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
    let unused = || book.servers.values().filter(|server| is_unused(server)).filter_map(adder);
    let own = match Room::of(by) {
        Room::Application(_) => unused().filter(|(name, _)| *name == by.name()).count(),
        Room::Unknown | Room::Newcomers => unused().filter(|(_, is_known)| !is_known).count(),
    };
    match (own, unused().count()) {
        (OF_ONE.., _) => Err(problems::too_many_added(by.name(), OF_ONE)),
        (_, OF_ALL..) => Err(problems::too_many_added("programs", OF_ALL)),
        _ => Ok(()),
    }
}

/// The name of the program that added a server, and whether it can be told from others.
fn adder(server: &Server) -> Option<(&str, bool)> {
    server.added_by.as_deref().map(|name| (name, !server.added_by_unknown))
}

/// Whether nobody has agreed to it, and nobody has signed in.
fn is_unused(server: &Server) -> bool {
    !server.agreed && matches!(server.held, Held::Nothing | Held::Sealed { granted: false })
}
