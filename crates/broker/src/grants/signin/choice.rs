//! A server that lets the person choose where to sign in.

use crate::grants::stopped::Stopped;
use oauth::{Discovery, Http, Issuer};
use state::attempt::Attempt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wire::Reason;
use words::say;

/// How long it may take to find an issuer that answers, before the person chooses.
const PATIENCE: Duration = Duration::from_secs(8);

/// The choice, for the person. The first issuer that answers comes first: one that does not leads nowhere
/// now.
pub(super) async fn of(server: &str, http: &Http, discovery: &Discovery) -> Stopped {
    let troubles = troubles(http, discovery).await;
    let mut issuers = discovery.issuers.clone();
    if troubles.len() < issuers.len() {
        issuers.rotate_left(troubles.len());
    }
    let names: Vec<String> = issuers.iter().map(Issuer::to_string).collect();
    let first = names.first().map_or("URL", String::as_str);
    let command = plain::command_with("mcp-valet authorize", &[("--issuer", first)], &[server]);
    let mut detail = say!(problem_choose, server = server, names = names.join(", "));
    if let Some(doubt) = &discovery.doubt {
        detail = say!(problem_choose_doubt, detail = detail, doubt = doubt.to_string());
    }
    for trouble in troubles {
        detail = say!(problem_choose_trouble, detail = detail, trouble = trouble);
    }
    let problem = problems::invalid_request(detail, say!(problem_choose_advice, command = command));
    Stopped::new(Attempt::ChoosingIssuer(issuers), problem.because(Reason::ChoosingIssuer))
}

/// Why nobody could sign in now at the issuers before the first that answers. Those behind that one are not
/// asked: the person may never choose them.
async fn troubles(http: &Http, discovery: &Discovery) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    let mut troubles = Vec::new();
    for issuer in &discovery.issuers {
        match timeout_at(deadline, discovery.metadata(http, issuer)).await {
            Ok(Ok(_)) => break,
            Ok(Err(fault)) => troubles.push(fault.to_string()),
            Err(_) => {
                troubles.push(say!(problem_issuer_late, host = issuer.host()));
                break;
            }
        }
    }
    troubles
}
