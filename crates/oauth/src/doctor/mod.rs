//! `doctor`: the way to a sign-in, step by step, as a person would want to see it. It reads public documents
//! only, and goes on after what would stop a sign-in, to find all that is wrong at once.
//!
//! What it says is judged by the same functions that a sign-in goes through, and in the end a real discovery
//! has the last word.

mod client;
mod issuer;
mod remedy;
mod report;
mod resource;
mod rule;
mod server;

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use crate::discovery::{self, Discovery};
use crate::fault::{Fault, Kind};
use crate::full_response::FullResponse;
use crate::http::Http;
use crate::issuer::Issuer;
use crate::said::shown;
use crate::server::{Overrides, ServerUrl};
use crate::transport::Transport;
pub use report::{Exchange, Finding, Outcome, Remedy, Report, Rule, Step, Verdict, Who};
use words::say;

/// The longest that an examination takes. What was found by then is reported.
const LIMIT: Duration = Duration::from_secs(60);
/// Most authorization servers that are examined.
const ISSUERS: usize = 4;

/// Who we would be at an authorization server.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The server's name in the configuration, if it is there.
    pub name: Option<String>,
    /// The client that the person registered.
    pub client_id: Option<String>,
    /// The document that describes our client, if there is one.
    pub client_metadata_url: Option<Url>,
    /// How the server spoke when it was last used, if it was.
    pub transport: Option<Transport>,
    /// The scopes that we are registered for already, by issuer.
    pub registered: BTreeMap<String, Vec<String>>,
    /// The redirect URI to register by hand.
    pub redirect_uri: String,
    /// The redirect URI of a client that is registered without the person, in words.
    pub own_redirect_uri: String,
}

/// Examines a server and the authorization servers that it names, in at most a minute. Nothing is registered
/// anywhere.
pub async fn examine(http: &Http, server: &ServerUrl, overrides: &Overrides, plan: &Plan) -> Report {
    let mut report = Report::default();
    let examination = Examination { http, server, overrides, plan, report: &mut report };
    if tokio::time::timeout(LIMIT, examination.run()).await.is_err() {
        let mut step = Step::new(say!(doctor_rest));
        let text = say!(doctor_too_slow, seconds = LIMIT.as_secs());
        step.find(Finding::trouble("slow", text).remedy(Who::Server, say!(doctor_find_slowness)));
        report.steps.push(step);
    }
    report
}

struct Examination<'a> {
    http: &'a Http,
    server: &'a ServerUrl,
    overrides: &'a Overrides,
    plan: &'a Plan,
    report: &'a mut Report,
}

impl Examination<'_> {
    async fn run(mut self) {
        let Some(seen) = self.reach().await else { return };
        self.challenge(&seen);
        let named = self.resource(&seen).await;
        let discovery = match discovery::discover(self.http, self.server, self.overrides).await {
            Ok(discovery) => {
                self.report.steps.last_mut().map(Step::forgive);
                Some(discovery)
            }
            Err(fault) => {
                self.stopped(&fault);
                None
            }
        };
        let reach = discovery.as_ref().map_or(seen.reach, |discovery| discovery.reach);
        let issuers = discovery.as_ref().map_or(named, |discovery| discovery.issuers.clone());
        for issuer in issuers.iter().take(ISSUERS) {
            let examined = self.issuer(issuer, reach, discovery.as_ref()).await;
            if let Some(examined) = examined {
                self.client(issuer, discovery.as_ref(), &examined).await;
            }
        }
        if issuers.len() > ISSUERS {
            let mut step = Step::new(say!(doctor_other_issuers));
            let text = say!(doctor_issuers_left, seen = ISSUERS, all = issuers.len());
            step.find(Finding::note("not_examined", text));
            self.done(step);
        }
    }

    /// Why a real discovery fails, where nothing that was found so far tells.
    fn stopped(&mut self, fault: &Fault) {
        if self.report.steps.iter().any(Step::in_trouble) {
            return;
        }
        let mut step = Step::new(say!(doctor_discovery));
        if matches!(fault.kind(), Kind::NoSignIn { .. }) {
            step.find(
                Finding::note("no_sign_in_needed", say!(doctor_open))
                    .remedy(Who::Person, say!(doctor_use_openly)),
            );
        } else {
            step.find(remedy::trouble(fault, self.server));
        }
        self.report.steps.push(step);
    }

    /// Whether the product itself can use this issuer.
    async fn verdict(&self, issuer: &Issuer, discovery: Option<&Discovery>) -> Option<Result<(), Fault>> {
        let metadata = discovery?.metadata(self.http, issuer).await;
        Some(metadata.map(|_| ()))
    }

    fn done(&mut self, step: Step) {
        self.report.steps.push(step);
    }
}

/// In the place of an answer; the finding beside it says more.
pub(super) fn no_answer() -> String {
    say!(doctor_no_answer)
}

/// What an answer is, in a few words.
fn kind(answer: &FullResponse, asked: &Url) -> String {
    let status = answer.status.as_u16();
    let first = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    let kind = match first {
        _ if answer.json::<serde_json::Value>().is_ok() => ", JSON".to_owned(),
        None => String::new(),
        Some(b'<') => say!(doctor_kind_page),
        Some(_) => say!(doctor_kind_no_json),
    };
    let redirected =
        if answer.url == *asked { String::new() } else { format!(", from {}", shown(answer.url.as_str())) };
    format!("{status}{kind}{redirected}")
}
