//! Renewing tokens: one refresh at a time for each grant, in a task of its own that no caller can cancel.

mod ask;
mod renewal;

use crate::grants::unattended;
use crate::valet::Valet;
use oauth::{Mask, Secret};
use renewal::Renewal;
use state::flight::{Flight, Landing};
use state::item::Grant;
use state::server::Server;
use std::sync::Arc;
use tokio::sync::watch;
use wire::{Code, Problem};
use words::say;

/// Joins the refresh of `grant` that is under way, or begins one.
pub(crate) fn join(valet: &Arc<Valet>, server: &mut Server, grant: &Arc<Grant>) -> Flight {
    if let Some(unattended) = server.config.oauth.grant.unattended().cloned() {
        return unattended::join(valet, server, unattended);
    }
    if let Some(flight) = server.upkeep.under_way() {
        return flight;
    }
    let task = Renewal::of(valet, server, grant);
    launch(valet, server, async move { task.fly().await })
}

/// Whether it says what the state of the server says as well.
const fn needs_sign_in(problem: &Problem) -> bool {
    matches!(problem.code, Code::Lapsed | Code::RegistrationLost)
}

/// Sends work on its way that no caller can cancel. A failure is shown until a later flight succeeds.
pub(crate) fn launch(
    valet: &Arc<Valet>,
    server: &mut Server,
    work: impl Future<Output = Landing> + Send + 'static,
) -> Flight {
    let (landed, waiting) = watch::channel(None);
    let flight = Flight::new(waiting);
    server.upkeep.begin(flight.clone());
    let (own, name) = (flight.clone(), server.name.clone());
    let held = server.held.kept().cloned();
    let shared = Arc::clone(valet);
    valet.runtime.spawn(async move {
        let landing = work.await.map_err(|problem| without_secrets(problem, &mask(held.as_deref())));
        drop(held);
        let problem = landing.as_ref().err().filter(|problem| !needs_sign_in(problem)).cloned();
        shared.change_server(&name, |server| server.upkeep.end(&own, problem));
        landed.send_replace(Some(landing));
    });
    flight
}

/// Somebody may say a token again that it was not shown now. What went wrong is told to everybody and kept.
pub(crate) fn without_secrets(mut problem: Problem, mask: &Mask) -> Problem {
    if mask.hides(problem.detail.as_bytes()) || mask.hides(problem.advice.as_bytes()) {
        let said = say!(problem_refused_in_secret);
        problem.detail = said.to_owned();
        problem.advice = say!(problem_refused_in_secret_advice);
    }
    problem
}

/// The tokens that a new grant of a server takes the place of.
pub(crate) fn outdated(valet: &Valet, name: &str) -> Vec<Secret> {
    let book = valet.book();
    let held = book.servers.get(name).and_then(|server| server.held.kept());
    held.map(|grant| grant.outdated()).unwrap_or_default()
}

/// What the other side must not have said again.
pub(crate) fn mask<'a>(grants: impl IntoIterator<Item = &'a Grant>) -> Mask {
    Mask::all(grants.into_iter().map(Grant::mask))
}
