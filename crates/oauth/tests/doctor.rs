//! Looking at a server step by step, where only the protocol counts.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use axum::response::Response;
use common::{Fake, Seen, challenge, http, metadata, not_found, ordinary, redirect, reply, with};
use oauth::{Outcome, Overrides, Plan, Report, Verdict, Who, examine};
use serde_json::{Value, json};

async fn report(fake: &Fake, plan: Plan) -> Report {
    examine(&http(), &fake.server(), &Overrides::default(), &plan).await
}

/// Verdict and remedy of the finding with this code.
fn finding(report: &Report, code: &str) -> Option<(Verdict, Option<(Who, String)>)> {
    let found = report.steps.iter().flat_map(|step| &step.findings).find(|finding| finding.code == code)?;
    Some((found.verdict, found.remedy.clone().map(|remedy| (remedy.who, remedy.what))))
}

/// An issuer that takes client documents, and one document beside it.
fn with_document(seen: &Seen, document: fn(&str) -> Value) -> Response {
    let url = format!("{}/client.json", seen.base);
    let changes = json!({ "client_id_metadata_document_supported": true, "registration_endpoint": null });
    match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => {
            reply(200, with(metadata(&seen.base, &seen.base), changes))
        }
        "GET /client.json" if document(&url).is_null() => not_found(),
        "GET /client.json" => reply(200, document(&url)),
        _ => ordinary(seen),
    }
}

async fn with_client(document: fn(&str) -> Value) -> Report {
    let fake = Fake::start(move |seen| with_document(seen, document)).await;
    let client_metadata_url = Some(format!("{}/client.json", fake.base).parse().unwrap());
    report(&fake, Plan { client_metadata_url, ..Plan::default() }).await
}

#[tokio::test]
async fn a_clients_own_document_is_fetched_as_the_issuer_will() {
    let good = with_client(|url| json!({ "client_id": url })).await;
    assert_eq!(good.outcome(), Outcome::Works, "{good:#?}");
    assert!(finding(&good, "client_document_found").is_some());
    for document in
        [|_: &str| json!({ "client_id": "https://other.example/client.json" }), |_: &str| Value::Null]
    {
        let bad = with_client(document).await;
        assert_eq!(bad.outcome(), Outcome::Trouble);
        let trouble =
            bad.steps.iter().flat_map(|step| &step.findings).find(|one| one.verdict == Verdict::Trouble);
        let remedy = trouble.unwrap().remedy.clone().unwrap();
        assert_eq!((trouble.unwrap().code.as_str(), remedy.who), ("client_document", Who::Person));
        assert!(remedy.what.contains("\"client_id\": \"http://127.0.0.1"), "{}", remedy.what);
    }
}

#[tokio::test]
async fn a_server_that_asks_for_a_sign_in_at_its_calls_only_is_asked_a_call() {
    let fake = Fake::start(|seen| match seen.line().as_str() {
        "POST /mcp" if seen.body.contains("\"initialize\"") => reply(200, json!({})),
        "POST /mcp" => {
            assert_eq!(seen.headers["mcp-protocol-version"], "2026-07-28");
            assert_eq!(seen.headers["mcp-method"], "tools/list");
            challenge(&["Bearer"])
        }
        _ => ordinary(seen),
    })
    .await;
    let report = report(&fake, Plan::default()).await;
    assert_eq!(report.outcome(), Outcome::Works, "{report:#?}");
    assert_eq!(finding(&report, "late_challenge").unwrap().0, Verdict::Note);
}

#[tokio::test]
async fn every_challenge_is_shown_and_none_can_order_a_terminal_about() {
    let fake = Fake::start(|seen| match seen.line().as_str() {
        "POST /mcp" => challenge(&["Basic realm=\"\u{e9}\"", "Bearer scope=\"a b\"", "DPoP algs=\"ES256\""]),
        _ => ordinary(seen),
    })
    .await;
    let report = report(&fake, Plan::default()).await;
    let step = report.steps.iter().find(|step| step.title == "What it asks for").unwrap();
    let shown: Vec<_> = step.exchanges.iter().map(|one| one.answer.as_str()).collect();
    assert_eq!(shown, ["Basic realm=\"\u{e9}\"", "Bearer scope=\"a b\"", "DPoP algs=\"ES256\""]);
    assert!(finding(&report, "challenge_scope").is_some());
}

#[tokio::test]
async fn the_well_known_places_are_tried_in_order() {
    let fake = Fake::start(|seen| match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => not_found(),
        "GET /.well-known/openid-configuration" => reply(200, metadata(&seen.base, &seen.base)),
        "GET /.well-known/oauth-protected-resource/mcp" => redirect("/.well-known/oauth-protected-resource"),
        "GET /.well-known/oauth-protected-resource" => reply(200, common::resource(&seen.base)),
        _ => ordinary(seen),
    })
    .await;
    let report = report(&fake, Plan::default()).await;
    assert_eq!(report.outcome(), Outcome::Works, "{report:#?}");
    let came_from = format!("200, JSON, from {}/.well-known/oauth-protected-resource", fake.base);
    let mut exchanges = report.steps.iter().flat_map(|step| &step.exchanges);
    assert!(exchanges.any(|one| one.answer == came_from), "{report:#?}");
    let asked: Vec<_> =
        report.steps.iter().flat_map(|step| &step.exchanges).map(|one| one.request.as_str()).collect();
    let places = ["oauth-protected-resource/mcp", "oauth-authorization-server", "openid-configuration"];
    let asked: Vec<_> = asked.iter().filter_map(|request| request.split_once("/.well-known/")).collect();
    assert_eq!(asked.iter().map(|(_, place)| *place).collect::<Vec<_>>(), places);
}

#[tokio::test]
async fn a_report_stays_small_and_plain_whatever_a_server_says() {
    let fake = Fake::start(|seen| match seen.line().as_str() {
        "GET /.well-known/oauth-protected-resource/mcp" => {
            let evil: Vec<_> =
                (0..9000).map(|number| format!("javascript:{number}\u{202e}\u{1b}[31m")).collect();
            let mut servers = vec![seen.base.clone()];
            servers.extend(evil.iter().cloned());
            let resource = format!("{}/mcp", seen.base);
            reply(
                200,
                json!({ "resource": resource, "authorization_servers": servers, "scopes_supported": evil }),
            )
        }
        _ => ordinary(seen),
    })
    .await;
    let text = format!("{:?}", report(&fake, Plan::default()).await);
    assert!(text.len() < 64 * 1024, "{} bytes", text.len());
    assert!(!text.contains("u{202e}") && !text.contains("u{1b}"), "{text}");
}
