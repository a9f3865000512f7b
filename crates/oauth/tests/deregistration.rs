//! Giving a registration back (RFC 7592).
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use common::{Fake, Seen, html, http, redirect, reply};
use oauth::{AuthMethod, Client, Deregistered, Fault, Issuer, Reach, Registrar, Secret, deregister};
use serde_json::json;

const TOKEN: &str = "registration-SECRET";

fn client(uri: Option<String>, token: Option<&str>) -> Client {
    let client = Client::preregistered("c".to_owned(), Some(Secret::from("s".to_owned())), AuthMethod::Post);
    Client {
        registration_access_token: token.map(|token| Secret::from(token.to_owned())),
        registration_client_uri: uri,
        ..client
    }
}

async fn given_back(fake: &Fake, client: &Client) -> Result<Deregistered, Fault> {
    let issuer = Issuer::parse(&fake.base).unwrap();
    let registrar = Registrar { issuer: &issuer, endpoint: None, reach: Reach::Loopback };
    deregister(&http(), &registrar, client).await
}

async fn answered(status: u16) -> (Fake, Result<Deregistered, Fault>) {
    let fake = Fake::start(move |_: &Seen| html(status)).await;
    let client = client(Some(format!("{}/register/c", fake.base)), Some(TOKEN));
    let outcome = given_back(&fake, &client).await;
    (fake, outcome)
}

#[tokio::test]
async fn a_client_is_deleted_with_its_registration_token_and_nothing_else() {
    let (fake, outcome) = answered(204).await;
    assert_eq!(outcome.unwrap(), Deregistered::Done);
    let seen = fake.last();
    assert_eq!((seen.line().as_str(), seen.body.as_str()), ("DELETE /register/c", ""));
    assert_eq!(seen.headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(fake.all().len(), 1);
}

#[tokio::test]
async fn a_client_that_is_not_known_is_gone_already() {
    for status in [401, 404, 410] {
        assert_eq!(answered(status).await.1.unwrap(), Deregistered::GoneAlready, "{status}");
    }
    for status in [405, 501] {
        assert_eq!(answered(status).await.1.unwrap(), Deregistered::NotOffered, "{status}");
    }
}

#[tokio::test]
async fn a_refusal_says_no_more_than_its_status() {
    for (status, code) in
        [(403, "unexpected_status"), (400, "unexpected_status"), (503, "issuer_unavailable")]
    {
        let fault = answered(status).await.1.unwrap_err();
        assert_eq!(fault.code().to_string().as_str(), code);
        assert!(
            !format!("{fault} {fault:?}").contains(TOKEN) && !fault.to_string().contains("oops"),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Fake::start(|_: &Seen| reply(204, json!({}))).await;
    let to = other.base.clone();
    let fake = Fake::start(move |_: &Seen| redirect(&to)).await;
    let client = client(Some(format!("{}/c", fake.base)), Some(TOKEN));
    assert!(given_back(&fake, &client).await.is_err());
    assert!(other.all().is_empty());
}

#[tokio::test]
async fn another_origin_never_sees_the_registration_token() {
    let (fake, other) = (Fake::start(|_: &Seen| html(204)).await, Fake::start(|_: &Seen| html(204)).await);
    let stray = client(Some(format!("{}/register/c", other.base)), Some(TOKEN));
    assert_eq!(given_back(&fake, &stray).await.unwrap_err().code().to_string().as_str(), "url_invalid");
    let broken = client(Some(format!("{}/c", fake.base)), Some("a\r\nHost: b"));
    assert_eq!(given_back(&fake, &broken).await.unwrap_err().code().to_string().as_str(), "answer_invalid");
    assert!(fake.all().is_empty() && other.all().is_empty());
}

#[tokio::test]
async fn without_both_values_there_is_nothing_to_delete_by() {
    let fake = Fake::start(|_: &Seen| html(204)).await;
    for (uri, token) in [(None, Some(TOKEN)), (Some(format!("{}/c", fake.base)), None)] {
        assert_eq!(given_back(&fake, &client(uri, token)).await.unwrap(), Deregistered::NotOffered);
    }
    assert!(fake.all().is_empty());
}
