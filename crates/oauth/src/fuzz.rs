//! Doors for the fuzzer, and for replaying its seeds: each reader of what comes from outside, called as the
//! rest of this crate calls it, with what must hold for whatever it accepts. Not for programs.
#![allow(clippy::unwrap_used, reason = "a finding is a panic")]

use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use url::Url;

use crate::address::Reach;
use crate::authorization::{self, AuthorizationRequest, Pending};
use crate::callback::CallbackQuery;
use crate::challenge::Challenge;
use crate::endpoint::Endpoint;
use crate::fault::{Fault, FaultCode, Party};
use crate::full_response::FullResponse;
use crate::issuer::Issuer;
use crate::metadata::Metadata;
use crate::registration::Client;
use crate::resource::{self, Nameable, ProtectedResource};
use crate::server::ServerUrl;
use crate::target::Target;
use crate::token_answer::{self, TokenAnswer};
use crate::walk;
use terms::AuthMethod;

const ORIGIN: &str = "https://a.example";

/// `WWW-Authenticate` headers, one a line.
pub fn challenge(data: &[u8]) {
    let values = data.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok());
    let headers: HeaderMap = values.map(|value| (WWW_AUTHENTICATE, value)).collect();
    let found = Challenge::bearer(&headers);
    if let (1, Some(Ok(text))) = (headers.len(), headers.values().next().map(HeaderValue::to_str)) {
        assert_eq!(found, Challenge::parse(text), "one header reads the same as its text");
    }
}

/// A protected resource's metadata.
pub fn resource(data: &[u8]) {
    let server = ServerUrl::parse("https://a.example/mcp").unwrap();
    for status in [StatusCode::OK, StatusCode::NOT_FOUND] {
        match resource::read(&answer(data, status, Party::Server))
            .and_then(|document| ProtectedResource::accept(document, &server, Nameable::Parent))
        {
            Ok(found) => {
                let resource = Url::parse(&found.resource).unwrap();
                assert_eq!(resource.origin(), server.url().origin(), "a foreign resource was accepted");
                found
                    .authorization_servers
                    .iter()
                    .flatten()
                    .for_each(|issuer| is_safe(issuer.url(), Reach::Loopback));
            }
            Err(fault) => is_plain(&fault),
        }
    }
}

/// An authorization server's metadata.
pub fn metadata(data: &[u8]) {
    let issuer = Issuer::parse(ORIGIN).unwrap();
    let Ok(document) = walk::document(&answer(data, StatusCode::OK, Party::Issuer)) else { return };
    match Metadata::accept(document, &issuer, Reach::Public) {
        Ok(found) => {
            assert_eq!(found.issuer, issuer, "another issuer was accepted");
            let optional = [
                &found.authorization_endpoint,
                &found.device_authorization_endpoint,
                &found.jwks_uri,
                &found.registration_endpoint,
                &found.revocation_endpoint,
                &found.introspection_endpoint,
                &found.pushed_authorization_request_endpoint,
            ];
            for url in optional.into_iter().flatten().chain([&found.token_endpoint]) {
                is_safe(url, Reach::Public);
            }
        }
        Err(fault) => is_plain(&fault),
    }
}

/// The query that a browser comes back with.
pub fn callback(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(query) = CallbackQuery::parse(text) else { return };
    assert!(!query.state().is_empty(), "an empty state was accepted");
    let pending = pending();
    let fault = pending.check(&query, Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(fault.code(), FaultCode::StateUnknown, "a state was guessed");
    let guessed = format!("{text}&state={}", pending.state.expose());
    assert!(CallbackQuery::parse(&guessed).is_err(), "a second state was accepted");
}

/// What a token endpoint answers.
pub fn token(data: &[u8]) {
    let issuer = Issuer::parse(ORIGIN).unwrap();
    let client = Client::preregistered("c".to_owned(), None, AuthMethod::None);
    let now = Timestamp::UNIX_EPOCH;
    let url = issuer.url();
    let endpoint = Endpoint { issuer: &issuer, url, reach: Reach::Public, client: &client, dpop: None, now };
    for status in [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED] {
        let answer = answer(data, status, Party::Issuer);
        let read = || answer.json::<TokenAnswer>()?.into_tokens(&endpoint, &[]);
        match token_answer::check(&answer, &[]).and_then(|()| read()) {
            Ok(tokens) => {
                assert!(status.is_success(), "tokens were taken from an error");
                let value = format!("Bearer {}", tokens.access.expose());
                assert!(HeaderValue::from_str(&value).is_ok(), "a token cannot be sent");
            }
            Err(fault) => is_plain(&fault),
        }
    }
}

fn answer(data: &[u8], status: StatusCode, whose: Party) -> FullResponse {
    FullResponse {
        status,
        headers: HeaderMap::new(),
        body: data.to_vec(),
        host: "a.example".to_owned(),
        url: Url::parse(ORIGIN).unwrap(),
        whose,
    }
}

fn pending() -> Pending {
    let base = r#"{"issuer":"https://a.example","authorization_endpoint":"https://a.example/authorize","token_endpoint":"https://a.example/token"}"#;
    let document = serde_json::from_str(base).unwrap();
    let metadata = Metadata::accept(document, &Issuer::parse(ORIGIN).unwrap(), Reach::Public).unwrap();
    let request = AuthorizationRequest {
        account: crate::AccountChoice::ByTheIssuer,
        metadata: &metadata,
        client_id: "c",
        redirect_uri: "http://127.0.0.1:1/callback",
        scopes: &[],
        resource: None,
        extra: &[],
        dpop: None,
    };
    authorization::begin(&request, Timestamp::UNIX_EPOCH).unwrap().1
}

#[track_caller]
fn is_safe(url: &Url, reach: Reach) {
    Target { url, whose: Party::Issuer, reach }.permit().unwrap();
}

/// What a person is shown holds nothing that a terminal or a page would take for orders, and a remedy.
#[track_caller]
fn is_plain(fault: &Fault) {
    let shown = fault.to_string() + &fault.advice();
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(shown.len() < 4096, "{} bytes are shown", shown.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each seed and each former finding, read again.
    fn replay(name: &str, target: fn(&[u8])) {
        let folder = format!("{}/../../fuzz/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
        let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|seed| seed.unwrap().path()).collect();
        assert!(!seeds.is_empty());
        for seed in seeds {
            target(&std::fs::read(seed).unwrap());
        }
    }

    #[test]
    fn the_seeds_of_the_fuzzer_are_read_without_a_finding() {
        replay("challenge", challenge);
        replay("resource", resource);
        replay("metadata", metadata);
        replay("callback", callback);
        replay("token", token);
    }
}
