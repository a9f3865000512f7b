//! From metadata to tokens: registration, the browser's way, and the exchange.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::collections::HashMap;
use std::time::Duration;

use common::{Fake, Seen, found, html, http, metadata, now, ordinary, reply, with};
use jiff::{SignedDuration, Timestamp};
use oauth::{
    AccountChoice, AuthMethod, AuthorizationRequest, CallbackQuery, Client, Fault, Metadata, Party, Pending,
    RegistrationRequest,
};
use oauth::{Secret, Tokens, auth_method, begin, exchange, register, scopes_asked};
use serde_json::{Value, json};

const REDIRECT: &str = "http://127.0.0.1:3118/callback/x";

fn wanted() -> RegistrationRequest {
    RegistrationRequest {
        client_name: "MCP Valet".to_owned(),
        redirect_uris: vec![REDIRECT.to_owned()],
        scopes: vec![],
        auth: None,
    }
}

fn public() -> Client {
    Client::preregistered("c".to_owned(), None, AuthMethod::None)
}

/// A provider whose metadata is changed so, and that answers like this to POST requests of an issuer.
async fn provider(changes: Value, status: u16, body: Value) -> Fake {
    Fake::start(move |seen: &Seen| match seen.line().as_str() {
        "GET /.well-known/oauth-authorization-server" => {
            reply(200, with(metadata(&seen.base, &seen.base), changes.clone()))
        }
        "POST /register" | "POST /token" => reply(status, body.clone()),
        _ => ordinary(seen),
    })
    .await
}

async fn registered(changes: Value, status: u16, body: Value) -> (Fake, Result<Client, Fault>) {
    let fake = provider(changes, status, body).await;
    let metadata = found(&fake).await;
    let client = register(&http(), &metadata, &wanted()).await;
    (fake, client)
}

#[tokio::test]
async fn a_public_native_client_is_registered() {
    for status in [200, 201] {
        let (fake, client) = registered(json!({}), status, json!({ "client_id": "c" })).await;
        let client = client.unwrap();
        assert_eq!((client.id.as_str(), client.auth), ("c", AuthMethod::None));
        let sent: Value = serde_json::from_str(&fake.last().body).unwrap();
        assert_eq!(sent["application_type"], "native");
        assert_eq!(sent["grant_types"], json!(["authorization_code", "refresh_token"]));
        assert_eq!(sent["response_types"], json!(["code"]));
        assert_eq!(sent["token_endpoint_auth_method"], "none");
        assert_eq!(sent["redirect_uris"], json!([REDIRECT]));
        assert_eq!(sent.get("scope"), None);
    }
}

#[tokio::test]
async fn the_issuer_decides_how_a_client_authenticates() {
    let methods = |list: Value| json!({ "token_endpoint_auth_methods_supported": list });
    let secret = json!({ "client_id": "c", "client_secret": "s", "client_secret_expires_at": 0 });
    let (fake, client) = registered(methods(json!(["client_secret_post"])), 201, secret.clone()).await;
    assert_eq!(client.unwrap().auth, AuthMethod::Post);
    assert!(fake.last().body.contains("client_secret_post"));
    // A secret that nobody asked for is kept.
    let (_, client) = registered(json!({}), 201, secret.clone()).await;
    let client = client.unwrap();
    assert_eq!((client.auth, client.secret.unwrap().expose()), (AuthMethod::Basic, "s"));
    assert_eq!(client.secret_expires_at, None);
    let none = with(
        secret.clone(),
        json!({ "token_endpoint_auth_method": "none", "client_secret_expires_at": 1893456000 }),
    );
    let client = registered(json!({}), 201, none).await.1.unwrap();
    assert_eq!(client.auth, AuthMethod::None);
    assert_eq!(client.secret_expires_at, Some("2030-01-01T00:00:00Z".parse().unwrap()));
    let unknown = with(secret, json!({ "token_endpoint_auth_method": "private_key_jwt" }));
    assert_eq!(
        registered(json!({}), 201, unknown).await.1.unwrap_err().code().to_string().as_str(),
        "answer_invalid"
    );
}

#[tokio::test]
async fn a_refused_registration_says_why() {
    let body = json!({ "error": "invalid_client_metadata", "error_description": "no\u{1b} thanks" });
    let fault = registered(json!({}), 400, body).await.1.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "registration_refused");
    assert!(fault.to_string().contains("\"no thanks\""));
    for body in [json!({ "error": "invalid_redirect_uri" }), json!({ "disallowed_uris": [REDIRECT] })] {
        let fault = registered(json!({}), 400, body).await.1.unwrap_err();
        assert_eq!(fault.code().to_string().as_str(), "redirect_uri_refused");
        assert!(fault.to_string().contains(REDIRECT) && fault.advice().contains(REDIRECT));
    }
    let fault = registered(json!({ "registration_endpoint": null }), 500, json!({})).await.1.unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "registration_missing");
    assert!(registered(json!({}), 500, json!({})).await.1.unwrap_err().is_transient());
    assert_eq!(
        registered(json!({}), 201, json!({ "client_id": "" }))
            .await
            .1
            .unwrap_err()
            .code()
            .to_string()
            .as_str(),
        "answer_invalid"
    );
}

#[tokio::test]
async fn a_secret_in_the_body_is_asked_for_before_one_in_a_header() {
    let both =
        json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"] });
    let (fake, _) = registered(both, 201, json!({ "client_id": "c", "client_secret": "s" })).await;
    assert!(fake.last().body.contains("client_secret_post"));
}

#[tokio::test]
async fn an_issuer_that_wants_no_public_client_after_all_is_asked_for_another() {
    let all = json!({ "token_endpoint_auth_methods_supported": ["none", "client_secret_basic"] });
    let refusal = json!({ "error": "invalid_client_metadata", "error_description": "not public" });
    let (fake, refused) = registered(all, 400, refusal).await;
    assert!(fake.last().body.contains("client_secret_basic"));
    assert!(refused.unwrap_err().to_string().contains("not public"));
}

#[tokio::test]
async fn a_preregistered_client_authenticates_as_the_issuer_can() {
    let of = |list: Value| async move {
        let fake = provider(json!({ "token_endpoint_auth_methods_supported": list }), 500, json!({})).await;
        found(&fake).await
    };
    assert_eq!(auth_method(&of(json!(null)).await, true, None), AuthMethod::Basic);
    let post = of(json!(["client_secret_post", "none"])).await;
    assert_eq!(auth_method(&post, true, None), AuthMethod::Post);
    assert_eq!(auth_method(&post, false, None), AuthMethod::None);
    assert_eq!(auth_method(&post, true, Some(AuthMethod::Basic)), AuthMethod::Basic);
}

fn request(metadata: &Metadata) -> AuthorizationRequest<'_> {
    AuthorizationRequest {
        account: AccountChoice::ByTheIssuer,
        metadata,
        client_id: "c",
        redirect_uri: REDIRECT,
        scopes: &[],
        resource: Some("https://a.example"),
        extra: &[],
        dpop: None,
    }
}

/// Begins a sign-in at a provider with this metadata; gives the query of its URL too.
async fn begun(changes: Value) -> (HashMap<String, String>, Pending, Fake) {
    let fake = provider(changes, 500, json!({})).await;
    let metadata = found(&fake).await;
    let scopes = scopes_asked(&metadata, Vec::new(), false);
    let (url, pending) =
        begin(&AuthorizationRequest { scopes: &scopes, ..request(&metadata) }, now()).unwrap();
    (url.query_pairs().into_owned().collect(), pending, fake)
}

#[tokio::test]
async fn the_browser_is_sent_with_all_that_is_needed() {
    let changes = json!({ "scopes_supported": ["offline_access"], "authorization_endpoint": "https://a.example/o?tenant=1" });
    let (query, pending, _fake) = begun(changes).await;
    let expected =
        [("tenant", "1"), ("response_type", "code"), ("client_id", "c"), ("redirect_uri", REDIRECT)];
    for (name, value) in expected.into_iter().chain([
        ("resource", "https://a.example"),
        ("scope", "offline_access"),
        ("prompt", "consent"),
    ]) {
        assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!((query["state"].len(), query["code_challenge"].len()), (43, 43));
    assert!(pending.matches_state(&query["state"]) && !pending.matches_state(""));
    assert!(!format!("{pending:?}").contains(&query["state"]));
}

#[tokio::test]
async fn the_persons_scopes_are_sent_as_they_are() {
    let fake = provider(json!({ "scopes_supported": ["offline_access"] }), 500, json!({})).await;
    let metadata = found(&fake).await;
    let scopes = scopes_asked(&metadata, vec!["one".to_owned()], true);
    let (url, _) = begin(&AuthorizationRequest { scopes: &scopes, ..request(&metadata) }, now()).unwrap();
    let asked = url.query_pairs().find(|(name, _)| name == "scope").map(|(_, value)| value.into_owned());
    assert_eq!(asked.as_deref(), Some("one"));
}

#[tokio::test]
async fn what_the_sign_in_sets_cannot_be_set_by_hand() {
    let fake = provider(json!({}), 500, json!({})).await;
    let metadata = found(&fake).await;
    for name in ["state", "redirect_uri", "code_challenge", "resource"] {
        let extra = [(name.to_owned(), "x".to_owned())];
        let fault = begin(&AuthorizationRequest { extra: &extra, ..request(&metadata) }, now()).unwrap_err();
        assert_eq!(
            (fault.code().to_string().as_str(), fault.party()),
            ("parameter_reserved", Party::Configuration)
        );
    }
    let extra = [("prompt".to_owned(), "consent".to_owned())];
    assert!(begin(&AuthorizationRequest { extra: &extra, ..request(&metadata) }, now()).is_ok());
}

#[tokio::test]
async fn an_issuer_that_wants_pushed_requests_must_say_where() {
    let fake = provider(json!({ "require_pushed_authorization_requests": true }), 500, json!({})).await;
    let fault = begin(&request(&found(&fake).await), now()).unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "pushed_requests_required");
}

fn callback(rest: &str, state: &str) -> CallbackQuery {
    CallbackQuery::parse(&format!("{rest}&state={state}")).unwrap()
}

#[tokio::test]
async fn a_foreign_state_or_a_late_answer_is_refused() {
    let (query, pending, _fake) = begun(json!({})).await;
    assert_eq!(
        pending.check(&callback("code=a", "other"), now()).unwrap_err().code().to_string().as_str(),
        "state_unknown"
    );
    let right = callback("code=a", &query["state"]);
    let after = |seconds: i64| -> Timestamp { now() + SignedDuration::from_secs(seconds) };
    assert!(pending.check(&right, after(600)).is_ok());
    assert_eq!(pending.check(&right, after(601)).unwrap_err().code().to_string().as_str(), "attempt_expired");
    assert_eq!(pending.accept(right, after(601)).unwrap_err().code().to_string().as_str(), "attempt_expired");
}

#[tokio::test]
async fn the_issuer_of_an_answer_is_compared_byte_for_byte() {
    let (query, pending, fake) = begun(json!({})).await;
    let check = |rest: &str| pending.check(&callback(rest, &query["state"]), now());
    assert!(check(&format!("code=a&iss={}", fake.base)).is_ok());
    assert!(check("code=a").is_ok());
    for iss in [format!("{}/", fake.base), "https://evil.example".to_owned(), String::new()] {
        let fault = check(&format!("error=secret_words&error_description=evil&iss={iss}")).unwrap_err();
        assert_eq!(fault.code().to_string().as_str(), "callback_issuer_mismatch");
        assert!(!fault.to_string().contains("evil"));
    }
}

#[tokio::test]
async fn a_promised_issuer_may_not_be_missing() {
    let promise = json!({ "authorization_response_iss_parameter_supported": true });
    let (query, pending, _fake) = begun(promise).await;
    assert_eq!(
        pending.check(&callback("code=a", &query["state"]), now()).unwrap_err().code().to_string().as_str(),
        "callback_issuer_mismatch"
    );
    let error = callback("error=access_denied&error_description=evil", &query["state"]);
    assert!(pending.check(&error, now()).is_ok());
    let fault = pending.accept(error, now()).unwrap_err();
    assert_eq!(fault.code().to_string().as_str(), "sign_in_failed");
    assert!(!fault.to_string().contains("evil"));
}

#[tokio::test]
async fn a_refusal_by_the_person_is_a_kind_of_its_own() {
    let (query, pending, _fake) = begun(json!({})).await;
    let fault = pending.accept(callback("error=access_denied", &query["state"]), now()).unwrap_err();
    assert_eq!((fault.code().to_string().as_str(), fault.party()), ("access_denied", Party::Person));
    let (query, pending, _fake) = begun(json!({})).await;
    let other = callback("error=invalid_target&error_description=AADSTS9010010", &query["state"]);
    let fault = pending.accept(other, now()).unwrap_err();
    assert_eq!((fault.code().to_string().as_str(), fault.party()), ("provider_error", Party::Issuer));
    assert!(fault.to_string().contains("\"AADSTS9010010\"") && fault.advice().contains("oauth.resource"));
}

/// Signs in at a provider whose token endpoint answers like this.
async fn exchanged(status: u16, body: Value, client: &Client) -> (Fake, Result<Tokens, Fault>) {
    let fake = provider(json!({}), status, body).await;
    let metadata = found(&fake).await;
    let (url, pending) = begin(&request(&metadata), now()).unwrap();
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    let code = pending.accept(callback("code=the%20code", &query["state"]), now()).unwrap();
    let tokens = exchange(&http(), code, client, None, now()).await;
    (fake, tokens)
}

#[tokio::test]
async fn a_code_is_exchanged_with_its_verifier_and_resource() {
    let body = json!({ "access_token": "a", "token_type": "bEARER", "expires_in": "3600", "refresh_token": "r", "scope": "x y", "extra": {} });
    let (fake, tokens) = exchanged(200, body, &public()).await;
    let tokens = tokens.unwrap();
    assert_eq!((tokens.access.expose(), tokens.refresh.unwrap().expose()), ("a", "r"));
    assert_eq!(tokens.expires_in, Some(Duration::from_secs(3600)));
    assert_eq!(tokens.scopes.unwrap(), ["x", "y"]);
    let seen = fake.last();
    assert_eq!(seen.headers["accept"], "application/json");
    assert!(seen.headers.get("authorization").is_none());
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "the code"),
        ("redirect_uri", REDIRECT),
        ("client_id", "c"),
    ];
    for (name, value) in expected.into_iter().chain([("resource", "https://a.example")]) {
        assert_eq!(seen.form(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(seen.form("code_verifier").unwrap().len(), 43);
}

#[tokio::test]
async fn a_secret_travels_as_registered() {
    let body = json!({ "access_token": "a", "token_type": "Bearer" });
    let client = |auth| Client::preregistered("c:1".to_owned(), Some(Secret::from("s/2".to_owned())), auth);
    let (fake, _) = exchanged(200, body.clone(), &client(AuthMethod::Basic)).await;
    assert_eq!(fake.last().headers["authorization"], "Basic YyUzQTE6cyUyRjI=");
    assert_eq!(fake.last().form("client_secret"), None);
    let (fake, _) = exchanged(200, body.clone(), &client(AuthMethod::Post)).await;
    assert_eq!(fake.last().form("client_secret").as_deref(), Some("s/2"));
    let (fake, _) = exchanged(200, body, &client(AuthMethod::None)).await;
    assert_eq!((fake.last().form("client_secret"), fake.last().headers.get("authorization")), (None, None));
}

#[tokio::test]
async fn only_bearer_tokens_are_taken() {
    for kind in [json!("mac"), json!("DPoP"), json!("N_A")] {
        let body = with(json!({ "access_token": "a" }), json!({ "token_type": kind }));
        assert_eq!(
            exchanged(200, body, &public()).await.1.unwrap_err().code().to_string().as_str(),
            "token_type"
        );
    }
    for token in [json!(""), json!("a b"), json!("a\r\nx: y"), json!(7), json!(null)] {
        let body = json!({ "access_token": token, "token_type": "Bearer" });
        assert_eq!(
            exchanged(200, body, &public()).await.1.unwrap_err().code().to_string().as_str(),
            "answer_invalid",
            "{token}"
        );
    }
}

#[tokio::test]
async fn a_fault_never_repeats_an_answer() {
    let body =
        json!({ "access_token": "SECRET", "token_type": { "x": "SECRET" }, "refresh_token": "SECRET" });
    let fault = exchanged(200, body, &public()).await.1.unwrap_err();
    assert!(!format!("{fault} {fault:?} {}", fault.advice()).contains("SECRET"));
}

#[tokio::test]
async fn an_error_inside_a_success_is_an_error() {
    let body = json!({ "ok": false, "error": "bad_code" });
    assert_eq!(
        exchanged(200, body, &public()).await.1.unwrap_err().code().to_string().as_str(),
        "provider_error"
    );
}

#[tokio::test]
async fn html_is_no_token() {
    let fake = Fake::start(|seen| if seen.path == "/token" { html(200) } else { ordinary(seen) }).await;
    let metadata = found(&fake).await;
    let (url, pending) = begin(&request(&metadata), now()).unwrap();
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    let code = pending.accept(callback("code=a", &query["state"]), now()).unwrap();
    assert_eq!(
        exchange(&http(), code, &public(), None, now()).await.unwrap_err().code().to_string().as_str(),
        "not_json"
    );
}

#[tokio::test]
async fn a_whole_sign_in_can_run_in_a_task_of_its_own() {
    let body = json!({ "client_id": "c", "access_token": "a", "token_type": "Bearer" });
    let fake = provider(json!({}), 200, body).await;
    let task = async move {
        let metadata = found(&fake).await;
        let client = register(&http(), &metadata, &wanted()).await.unwrap();
        let (url, pending) = begin(&request(&metadata), now()).unwrap();
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let code = pending.accept(callback("code=a", &query["state"]), now()).unwrap();
        exchange(&http(), code, &client, None, now()).await.unwrap()
    };
    assert_eq!(tokio::spawn(task).await.unwrap().access.expose(), "a");
}
