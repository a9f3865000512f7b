//! Looking at what other programs list, for the person to choose from. Adding is what it is elsewhere.

use crate::valet::Valet;
use import::{Folders, Listing, look};
use wire::Problem;
use words::say;

/// Reads files, so it is not for a task that others wait for.
pub(crate) fn listing(valet: &Valet) -> Result<Listing, Problem> {
    let folders = Folders::from_env(None)
        .ok_or_else(|| problems::internal(say!(problem_no_home), say!(problem_no_home_advice)))?;
    let findings = look(&folders, None);
    let book = valet.book();
    let there = book.servers.values().map(|server| (server.name.as_str(), server.config.place.as_str()));
    Ok(import::listing(findings, there))
}
