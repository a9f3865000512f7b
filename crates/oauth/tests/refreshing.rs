//! Refresh and revocation, and which answers end a grant.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use common::{Fake, Seen, html, http, redirect, reply};
use jiff::Timestamp;
use oauth::{
    AuthMethod, Client, DpopKey, Endpoint, Fault, Http, HttpOptions, Issuer, Reach, RefreshRequest, Revoked,
    Secret, SigningKey, TokenHint, Tokens, refresh, revoke,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use url::Url;

fn client(auth: AuthMethod) -> Client {
    Client::preregistered("c".to_owned(), Some(Secret::from("s".to_owned())), auth)
}

fn issuer(base: &str) -> Issuer {
    Issuer::parse(base).unwrap()
}

fn endpoint<'a>(issuer: &'a Issuer, url: &'a Url, client: &'a Client) -> Endpoint<'a> {
    Endpoint { issuer, url, reach: Reach::Loopback, client, dpop: None, now: Timestamp::UNIX_EPOCH }
}

async fn refreshed(fake: &Fake) -> Result<Tokens, Fault> {
    let token_endpoint = Url::parse(&format!("{}/token", fake.base)).unwrap();
    let request = RefreshRequest {
        refresh_token: &Secret::from("r1".to_owned()),
        resource: Some("https://a.example"),
        scopes: &[],
    };
    let client = client(AuthMethod::Post);
    refresh(&http(), &endpoint(&issuer(&fake.base), &token_endpoint, &client), &request).await
}

/// The fault of a refresh that is answered like this; it must have been asked exactly once.
async fn answered(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Fault {
    let fake = Fake::start(move |_| answer()).await;
    let fault = refreshed(&fake).await.unwrap_err();
    assert_eq!(fake.lines(), ["POST /token"]);
    fault
}

#[tokio::test]
async fn an_answer_is_waited_for_longer_than_any_other_and_not_for_ever() {
    let fake = Fake::start(|_| Response::new(Body::from_stream(common::pending()))).await;
    let token_endpoint = Url::parse(&format!("{}/token", fake.base)).unwrap();
    let token = Secret::from("r1".to_owned());
    let request = RefreshRequest { refresh_token: &token, resource: None, scopes: &[] };
    let (client, issuer) = (client(AuthMethod::Post), issuer(&fake.base));
    let short = Duration::from_millis(100);
    let options = HttpOptions { request_timeout: short, token_timeout: 5 * short, ..HttpOptions::default() };
    let start = Instant::now();
    let http = Http::new(&options).unwrap();
    let fault = refresh(&http, &endpoint(&issuer, &token_endpoint, &client), &request).await.unwrap_err();
    assert!(start.elapsed() >= 5 * short);
    assert_eq!((fault.code().to_string().as_str(), fault.leaves_open()), ("issuer_unanswered", true));
    assert!(
        fault.is_transient() && !fault.ends_grant() && !fault.advice().contains("lost"),
        "{}",
        fault.advice()
    );
}

#[tokio::test]
async fn what_never_reached_the_issuer_used_up_nothing() {
    let mut fake = Fake::start(|_| html(500)).await;
    fake.base = "http://127.0.0.1:1".to_owned();
    let fault = refreshed(&fake).await.unwrap_err();
    assert_eq!((fault.code().to_string().as_str(), fault.leaves_open()), ("issuer_unreachable", false));
}

#[tokio::test]
async fn a_refresh_names_the_resource_again() {
    let body = json!({ "access_token": "a2", "token_type": "Bearer", "expires_in": 60, "refresh_token": "" });
    let fake = Fake::start(move |_| reply(200, body.clone())).await;
    let tokens = refreshed(&fake).await.unwrap();
    assert_eq!(tokens.access.expose(), "a2");
    assert!(tokens.refresh.is_none() && tokens.scopes.is_none());
    let seen = fake.last();
    for (name, value) in [
        ("grant_type", "refresh_token"),
        ("refresh_token", "r1"),
        ("resource", "https://a.example"),
        ("client_id", "c"),
    ] {
        assert_eq!(seen.form(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(seen.form("scope"), None);
}

#[tokio::test]
async fn only_invalid_grant_ends_a_grant() {
    for status in [400, 401] {
        let fault = answered(move || {
            reply(status, json!({ "error": "invalid_grant", "error_description": "expired" }))
        })
        .await;
        assert_eq!(
            (fault.code().to_string().as_str(), fault.ends_grant(), fault.is_transient()),
            ("invalid_grant", true, false)
        );
        assert!(fault.to_string().contains("\"expired\""));
    }
    for (status, error, code) in [
        (403, "invalid_grant", "provider_error"),
        (200, "invalid_grant", "provider_error"),
        (400, "invalid_request", "provider_error"),
        (400, "invalid_target", "provider_error"),
        (401, "invalid_client", "invalid_client"),
    ] {
        let fault = answered(move || reply(status, json!({ "error": error }))).await;
        assert_eq!(
            (fault.code().to_string().as_str(), fault.ends_grant(), fault.is_transient()),
            (code, false, false),
            "{status} {error}"
        );
    }
}

#[tokio::test]
async fn an_outage_ends_nothing() {
    for status in [500, 502, 503, 429] {
        let fault = answered(move || reply(status, json!({ "error": "invalid_grant" }))).await;
        assert_eq!(
            (fault.code().to_string().as_str(), fault.ends_grant(), fault.is_transient()),
            ("issuer_unavailable", false, true)
        );
    }
}

#[tokio::test]
async fn strange_answers_end_nothing() {
    let empty = answered(|| Response::builder().status(400).body(Body::empty()).unwrap()).await;
    assert_eq!((empty.code().to_string().as_str(), empty.ends_grant()), ("unexpected_status", false));
    assert_eq!(answered(|| html(400)).await.code().to_string().as_str(), "unexpected_status");
    assert_eq!(answered(|| html(200)).await.code().to_string().as_str(), "not_json");
    assert_eq!(
        answered(|| reply(400, json!({ "error": { "code": 1 } }))).await.code().to_string().as_str(),
        "unexpected_status"
    );
    assert_eq!(answered(|| reply(200, json!([]))).await.code().to_string().as_str(), "answer_invalid");
}

#[tokio::test]
async fn a_token_request_follows_no_redirect() {
    assert_eq!(answered(|| redirect("/elsewhere")).await.code().to_string().as_str(), "unexpected_status");
}

#[tokio::test]
async fn a_providers_words_are_bounded_and_quoted() {
    let long = "x\u{1b}[2J\u{202e}".repeat(500);
    let fault = answered(move || reply(400, json!({ "error": "odd", "error_description": long }))).await;
    let text = fault.to_string();
    assert!(text.len() < 400 && !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
}

/// What a JWT says.
fn claims(jwt: &str) -> Value {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

fn proof(seen: &Seen) -> Value {
    claims(seen.headers["dpop"].to_str().unwrap())
}

#[tokio::test]
async fn what_is_asked_again_with_a_nonce_is_signed_anew() {
    let fake = Fake::start(|seen| {
        if proof(seen)["nonce"] == "n" {
            return reply(200, json!({ "access_token": "a2", "token_type": "DPoP" }));
        }
        let mut answer = reply(400, json!({ "error": "use_dpop_nonce" }));
        answer.headers_mut().insert("dpop-nonce", "n".parse().unwrap());
        answer
    })
    .await;
    let pem = Secret::from(rcgen::KeyPair::generate().unwrap().serialize_pem());
    let key = Some(SigningKey::parse(&pem, None).unwrap());
    let client = Client { key, ..Client::preregistered("c".to_owned(), None, AuthMethod::PrivateKeyJwt) };
    let (issuer, url) = (issuer(&fake.base), Url::parse(&format!("{}/token", fake.base)).unwrap());
    let dpop = DpopKey::generate().unwrap();
    let endpoint = Endpoint { dpop: Some(&dpop), ..endpoint(&issuer, &url, &client) };
    let refresh_token = Secret::from("r1".to_owned());
    let request = RefreshRequest { refresh_token: &refresh_token, resource: None, scopes: &[] };
    assert_eq!(refresh(&http(), &endpoint, &request).await.unwrap().access.expose(), "a2");
    let [first, second] = fake.all().try_into().ok().unwrap();
    let assertion = |seen: &Seen| claims(&seen.form("client_assertion").unwrap());
    assert_ne!(assertion(&first)["jti"], assertion(&second)["jti"]);
    assert_ne!(proof(&first)["jti"], proof(&second)["jti"]);
    assert_eq!(second.body.matches("client_assertion=").count(), 1);
    assert_eq!(
        (second.form("client_id").as_deref(), second.form("refresh_token").as_deref()),
        (Some("c"), Some("r1"))
    );
}

async fn revoked(auth: AuthMethod, status: u16) -> (Fake, Result<Revoked, Fault>) {
    let fake = Fake::start(move |_| reply(status, json!({ "error": "invalid_request" }))).await;
    let url = Url::parse(&format!("{}/revoke", fake.base)).unwrap();
    let token = Secret::from("r1".to_owned());
    let (issuer, client) = (issuer(&fake.base), client(auth));
    let result = revoke(&http(), &endpoint(&issuer, &url, &client), &token, TokenHint::Refresh).await;
    (fake, result)
}

#[tokio::test]
async fn a_token_is_given_back() {
    let (fake, result) = revoked(AuthMethod::Basic, 200).await;
    assert_eq!(result.unwrap(), Revoked::Done);
    assert_eq!(fake.last().headers["authorization"], "Basic Yzpz");
    assert_eq!(fake.last().form("token").as_deref(), Some("r1"));
    assert_eq!(fake.last().form("token_type_hint").as_deref(), Some("refresh_token"));
    let (fake, _) = revoked(AuthMethod::Post, 200).await;
    assert_eq!(fake.last().form("client_secret").as_deref(), Some("s"));
    let (fake, _) = revoked(AuthMethod::None, 200).await;
    assert_eq!(
        (fake.last().form("client_id").as_deref(), fake.last().form("client_secret")),
        (Some("c"), None)
    );
    assert_eq!(
        revoked(AuthMethod::None, 400).await.1.unwrap_err().code().to_string().as_str(),
        "provider_error"
    );
    assert!(revoked(AuthMethod::None, 503).await.1.unwrap_err().is_transient());
}

#[tokio::test]
async fn requests_can_run_in_tasks_of_their_own() {
    let body = json!({ "access_token": "a", "token_type": "Bearer" });
    let fake = Fake::start(move |_| reply(200, body.clone())).await;
    assert!(tokio::spawn(async move { refreshed(&fake).await }).await.unwrap().is_ok());
    assert!(tokio::spawn(revoked(AuthMethod::Basic, 200)).await.unwrap().1.is_ok());
}

#[tokio::test]
async fn a_kind_of_token_that_cannot_be_revoked_is_no_failure() {
    let fake = Fake::start(|_| reply(400, json!({ "error": "unsupported_token_type" }))).await;
    let url = Url::parse(&format!("{}/revoke", fake.base)).unwrap();
    let token = Secret::from("a1".to_owned());
    let client = client(AuthMethod::None);
    let issuer = issuer(&fake.base);
    let revoked = revoke(&http(), &endpoint(&issuer, &url, &client), &token, TokenHint::Access).await;
    assert_eq!(revoked.unwrap(), Revoked::NotThisKind);
}
