//! Signing in to a server: from discovery to the page that the person opens, and from the code to the grant.

mod again;
mod choice;
mod device;
mod finish;
mod news;
mod prepare;
mod receive;
mod shared;
mod start;
mod under_way;

pub(crate) use news::not_taken;
pub(crate) use receive::{Received, receive_in_time};
pub(crate) use start::start;

use crate::grants::stopped::Stopped;
use crate::valet::Valet;
use jiff::SignedDuration;
use oauth::AccountChoice;
use state::attempt::Attempt;
use wire::{AuthorizeRequest, Problem};

/// What is asked of a sign-in.
pub(crate) struct Request {
    pub(crate) how: AuthorizeRequest,
    pub(crate) account: AccountChoice,
}

impl From<AuthorizeRequest> for Request {
    fn from(how: AuthorizeRequest) -> Self {
        Self { how, account: AccountChoice::ByTheIssuer }
    }
}

/// How long a sign-in is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// Ends a step of attempt `number`. False if a newer attempt has taken its place.
fn conclude(valet: &Valet, name: &str, number: u64, next: Attempt) -> bool {
    valet.change(|book| {
        let server = book.servers.get_mut(name).filter(|server| server.attempt.number() == Some(number));
        server.map(|server| server.attempt = next).is_some()
    })
}

/// Ends once something else was done with the server than attempt `number`.
async fn is_overtaken(valet: &Valet, name: &str, number: u64) {
    let mut changes = valet.changes();
    let is_wanted = || {
        let book = valet.book();
        book.servers.get(name).and_then(|server| server.attempt.number()) == Some(number)
    };
    while is_wanted() && changes.changed().await.is_ok() {}
}

impl Stopped {
    /// Ends attempt `number` in it, unless a newer one has taken its place. Answers what the asker is told.
    fn end(self, valet: &Valet, name: &str, number: u64) -> Problem {
        let (attempt, problem) = self.into_parts();
        conclude(valet, name, number, attempt);
        problem
    }
}
