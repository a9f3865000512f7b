//! Showing the person what programs did.

use crate::valet::Valet;
use peer::By;
use state::deed::{self, Deed, What};

/// Shows the person what a program did; what they did themselves they know.
pub(crate) fn show(valet: &Valet, by: &By, what: What, server: Option<&str>) {
    if *by == By::Person {
        return;
    }
    let id = valet.number();
    let deed = Deed { id, agent: by.name().to_owned(), what, server: server.map(ToOwned::to_owned) };
    valet.change(|book| deed::add(&mut book.deeds, deed));
}

/// The person has seen it.
pub(crate) fn put_away(valet: &Valet, id: u64) {
    valet.change(|book| book.deeds.retain(|deed| deed.id != id));
}
