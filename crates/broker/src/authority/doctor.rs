//! Looking at a server from outside, whether it is configured or not. Only public documents are read.

use crate::authority::examine_key;
use crate::valet::Valet;
use config::redirect::WantedRedirect;
use config::{OauthBlock, RedirectHost};
use oauth::{Plan, ServerUrl};
use state::item::Registration;
use std::collections::BTreeMap;
use url::Url;
use vault::Key;
use wire::doctor::{Conclusion, Exchange, Finding, Remedy, Report, Rule, Step, Verdict, Who};
use wire::{Code, ConsentState, Problem};
use words::say;

/// Examines a server by name or URL, as it is configured; a URL that is not configured is examined as if it
/// were added.
pub(crate) async fn examine(valet: &Valet, server: &str) -> Result<Report, Problem> {
    if let Some(report) = of_keys(valet, server) {
        return Ok(report);
    }
    let (name, url, oauth) = subject(valet, server)?;
    let document = oauth.client_metadata_url.clone();
    let document = document.or_else(|| valet.book().config.valet.client_metadata_url.clone());
    let seen = name.as_ref().and_then(|name| valet.book().servers.get(name)?.transport);
    let own = WantedRedirect::dynamic(&oauth, "/callback/…", RedirectHost::Ipv4);
    let plan = Plan {
        name,
        client_id: oauth.client_id.clone(),
        client_metadata_url: document.and_then(|document| Url::parse(document.as_str()).ok()),
        transport: seen,
        redirect_uri: WantedRedirect::by_hand(&oauth, None).example(),
        registered: registered(valet, server).await,
        own_redirect_uri: own.redirect_uri().unwrap_or_else(|| own.pattern()),
    };
    let report = oauth::examine(&valet.http(), &url, &oauth.overrides(), &plan).await;
    Ok(Report {
        url: url.to_string(),
        outcome: conclusion(report.outcome()),
        steps: report.steps.into_iter().map(step).collect(),
    })
}

fn of_keys(valet: &Valet, server: &str) -> Option<Report> {
    let book = valet.book();
    let server = book.find(server).ok().filter(|server| server.takes_keys())?;
    Some(examine_key::report(server, &server.to_wire(book.why_locked(), ConsentState::None)))
}

/// The scopes that our clients at the server's issuers are registered for. A vault that is not open yet is
/// not opened for it.
async fn registered(valet: &Valet, server: &str) -> BTreeMap<String, Vec<String>> {
    let issuers = {
        let book = valet.book();
        let open = book.lock.is_none() && book.sealed().next().is_none();
        let found = book.find(server).ok().filter(|_| open);
        found.map(|server| server.registered_at.clone()).unwrap_or_default()
    };
    let mut all = BTreeMap::new();
    for issuer in issuers {
        let kept = valet.vault.read::<Registration>(Key::Registration(issuer.clone())).await.ok().flatten();
        all.extend(kept.map(|kept| (issuer, kept.value().scopes.clone())));
    }
    all
}

fn subject(valet: &Valet, server: &str) -> Result<(Option<String>, ServerUrl, OauthBlock), Problem> {
    let book = valet.book();
    match book.find(server) {
        Ok(found) => Ok((Some(found.name.clone()), found.url()?.clone(), found.config.oauth.clone())),
        Err(problem) if problem.code == Code::UnknownServer && server.contains("://") => {
            let url = ServerUrl::parse(server).map_err(|fault| {
                problems::invalid_request(fault.to_string(), say!(problem_whole_address_advice))
            })?;
            Ok((None, url, OauthBlock::default()))
        }
        Err(problem) => Err(problem),
    }
}

const fn conclusion(outcome: oauth::Outcome) -> Conclusion {
    match outcome {
        oauth::Outcome::Works => Conclusion::Works,
        oauth::Outcome::NoSignIn => Conclusion::NoSignIn,
        oauth::Outcome::NeedsClientId => Conclusion::NeedsClientId,
        oauth::Outcome::Trouble => Conclusion::Trouble,
    }
}

fn step(step: oauth::Step) -> Step {
    let exchange = |one: oauth::Exchange| Exchange { request: one.request, answer: one.answer };
    Step {
        title: step.title,
        exchanges: step.exchanges.into_iter().map(exchange).collect(),
        findings: step.findings.into_iter().map(finding).collect(),
    }
}

fn finding(finding: oauth::Finding) -> Finding {
    let rule = |rule: oauth::Rule| Rule { says: (rule.says)(), source: rule.source.to_owned() };
    Finding {
        verdict: match finding.verdict {
            oauth::Verdict::Ok => Verdict::Ok,
            oauth::Verdict::Note => Verdict::Note,
            oauth::Verdict::Trouble => Verdict::Trouble,
        },
        code: finding.code.to_owned(),
        text: finding.text,
        rule: finding.rule.map(rule),
        remedy: finding.remedy.map(remedy),
    }
}

fn remedy(remedy: oauth::Remedy) -> Remedy {
    let who = match remedy.who {
        oauth::Who::Person => Who::Person,
        oauth::Who::Server => Who::ServerOperator,
        oauth::Who::Issuer => Who::IssuerOperator,
    };
    Remedy { who, what: remedy.what }
}
