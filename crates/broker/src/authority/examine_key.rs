//! Looking at a server that takes keys. What is known of them is told; trying them shows them to the server,
//! which no program can have done.

use crate::hand_out;
use crate::valet::Valet;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use oauth::{Forward, Upload};
use state::held::RefusedToken;
use state::meant::Meant;
use state::server::Server;
use std::time::Duration;
use wire::doctor::{Conclusion, Finding, Report, Step, Verdict};
use wire::{Problem, ServerState};
use words::say;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is known of the keys of a server, and of how it took them the last time.
pub(crate) fn report(server: &Server, shown: &wire::Server) -> Report {
    let stands = shown.state == ServerState::Ready;
    let used = match server.last_used {
        Some(at) => say!(doctor_key_used, at = format!("{at:.0}")),
        None => say!(doctor_key_unused),
    };
    let problem = shown.problem.as_ref().filter(|_| !stands);
    let found = match problem {
        None => Finding::of(Verdict::Ok, "key", used, None),
        Some(problem) => {
            let reason = problem.reason().map(|reason| reason.to_string());
            let code = reason.as_deref().unwrap_or(problem.code.as_str());
            Finding::of(Verdict::Trouble, code, problem.detail.clone(), Some(problem.advice.clone()))
        }
    };
    Report {
        // What is started is nobody's business but the person's.
        url: if server.runs_here() { String::new() } else { server.config.place.to_string() },
        outcome: if stands { Conclusion::KeyStands } else { Conclusion::KeyNeeded },
        steps: vec![Step { title: say!(doctor_key), exchanges: Vec::new(), findings: vec![found] }],
    }
}

/// Tries the keys of a server for the person, by what begins every session. What comes of it is known from
/// then on.
pub(crate) async fn try_keys(valet: &Valet, server: &str) -> Result<(), Problem> {
    let (meant, url) = {
        let book = valet.book();
        let server = book.find(server)?;
        if !server.takes_keys() || server.fitting_keys().is_err() {
            return Ok(());
        }
        (Meant::of(server), server.url()?.clone())
    };
    let (keys, credential) = hand_out::for_person(valet, &meant)?;
    let (mut headers, url) = (credential.headers, credential.url.unwrap_or(url));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    let body = Upload::Whole(oauth::initialize().to_string().into());
    let forward = Forward { server: &url, method: Method::POST, headers, body };
    let answer = tokio::time::timeout(PATIENCE, valet.http().forward(forward)).await;
    let answer = answer.map_err(|_| problems::timeout(&say!(problem_waited_server)))?;
    let status = answer.map_err(|fault| problems::fault(&fault))?.status();
    let refused = match status {
        StatusCode::UNAUTHORIZED => Some(problems::key_refused(&meant.name, false)),
        status if status.is_success() => None,
        // What else it says is no word about the key.
        _ => return Ok(()),
    };
    let refused = refused.map(|problem| RefusedToken { problem, operation: "initialize".to_owned() });
    valet.change_server(&meant.name, |server| {
        if server.held.has(&keys) {
            server.doubts.refused = refused;
        }
    });
    Ok(())
}
