//! A sign-in that came back without success: over, or begun again in the same tab.

use super::conclude;
use super::prepare::Preparation;
use super::start::wait_for_browser;
use crate::valet::Valet;
use config::ServerConfig;
use oauth::ResourceChoice;
use state::attempt::Attempt;
use state::waiting::Return;
use std::pin::Pin;
use std::sync::Arc;
use tracing::field;
use wire::{Authorization, Problem, Reason};

/// What follows when a sign-in came back.
#[derive(Debug)]
pub(crate) enum Next {
    /// Nothing: the server is ready.
    Ready,
    /// The browser goes to this address, for another turn.
    Again(String),
}

/// Ends a sign-in that did not succeed; or, where the issuer would not have `resource`, begins it again
/// without one, and remembers that. Then only the person's own scopes are asked for: no other limit would be
/// left.
pub(super) async fn fail(
    valet: &Arc<Valet>,
    name: &str,
    back: Return,
    problem: Problem,
) -> Result<Next, Problem> {
    tracing::info!(server = name, reason = problem.reason().map(field::display), "a sign-in did not succeed");
    let refused = problem.reason() == Some(Reason::ResourceRefused) && back.parts.resource.is_some();
    let Some(config) = refused.then(|| learn(valet, name, &back)).flatten() else {
        conclude(valet, name, back.number, Attempt::ended_in(problem.clone()));
        return Err(problem);
    };
    let Return { number, server_id, by, account, parts, .. } = back;
    let url = config.place.url().ok_or_else(|| problems::runs_here(name))?;
    let attempt = Preparation { valet, name, number, server_id, by, account, config: &config, url };
    let authorization = turn(attempt, &parts.issuer).await?;
    Ok(Next::Again(authorization.authorization_url))
}

type Turn<'a> = Pin<Box<dyn Future<Output = Result<Authorization, Problem>> + Send + 'a>>;

/// Boxed, because what waits for the browser leads here again.
fn turn<'a>(attempt: Preparation<'a>, issuer: &'a str) -> Turn<'a> {
    Box::pin(wait_for_browser(attempt, Some(issuer)))
}

/// Remembers that the issuer wants no `resource`. Nothing if the person chose the one that was sent.
fn learn(valet: &Valet, name: &str, back: &Return) -> Option<Arc<ServerConfig>> {
    let learned = valet.change_server(name, |server| {
        let config = &server.config;
        if server.id != back.server_id || config.oauth.resource != ResourceChoice::Auto {
            return None;
        }
        server.resource_refused_by = Some(back.parts.issuer.clone());
        Some(config.clone())
    });
    learned.flatten()
}
