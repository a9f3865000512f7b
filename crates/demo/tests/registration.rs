//! Registering, reading and deleting a client.

mod common;

use common::{ALL, Demo, text};
use serde_json::json;

#[tokio::test]
async fn a_public_client_gets_an_id_and_no_secret() {
    let demo = Demo::start();
    let app = demo.app().await;
    assert_eq!(app.registration["application_type"], "native");
    assert_eq!(app.registration["grant_types"], json!(["authorization_code", "refresh_token"]));
    assert_eq!(app.registration["redirect_uris"], json!(["http://127.0.0.1/cb"]));
    assert!(app.registration.get("client_secret").is_none());
}

#[tokio::test]
async fn a_client_that_says_nothing_gets_a_secret_and_basic() {
    let demo = Demo::start();
    let (status, registration) = demo.register(json!({"redirect_uris": ["https://a.example/cb"]})).await;
    assert_eq!(status, 201);
    assert_eq!(registration["token_endpoint_auth_method"], "client_secret_basic");
    assert!(text(&registration, "client_secret").len() >= 43);
    assert_eq!(registration["client_secret_expires_at"], 0);
    assert_eq!(registration["grant_types"], json!(["authorization_code"]));
}

#[tokio::test]
async fn a_bad_redirect_uri_is_named_as_such() {
    let demo = Demo::start();
    for uris in [
        json!([]),
        json!(["http://a.example/cb"]),
        json!(["http://127.0.0.1.evil.example/cb"]),
        json!(["https://a.example/cb#fragment"]),
        json!(["https://user@a.example/cb"]),
        json!(["https://a.example/cb", "javascript:alert(1)"]),
        json!(vec!["https://a.example/cb"; 11]),
    ] {
        let (status, error) = demo.register(json!({"redirect_uris": uris})).await;
        assert_eq!((status, text(&error, "error")), (400, "invalid_redirect_uri"), "{uris}");
    }
    let web = json!({"redirect_uris": ["http://127.0.0.1/cb"], "application_type": "web"});
    assert_eq!(text(&demo.register(web).await.1, "error"), "invalid_redirect_uri");
}

#[tokio::test]
async fn metadata_that_cannot_be_served_is_refused() {
    let demo = Demo::start();
    for (name, value) in [
        ("token_endpoint_auth_method", json!("private_key_jwt")),
        ("grant_types", json!(["implicit"])),
        ("response_types", json!(["token"])),
        ("application_type", json!("toaster")),
        ("scope", json!("demo:read everything")),
        ("client_name", json!(7)),
    ] {
        let mut metadata = json!({"redirect_uris": ["https://a.example/cb"]});
        metadata[name] = value;
        let (status, error) = demo.register(metadata).await;
        assert_eq!((status, text(&error, "error")), (400, "invalid_client_metadata"), "{name}");
    }
    let response = demo.http.post(demo.url("/register")).body("not json").send().await.unwrap();
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn a_client_reads_and_deletes_its_own_registration_only() {
    let demo = Demo::start();
    let (app, other) = (demo.app().await, demo.app().await);
    let access = demo.sign_in(&app, ALL).await;
    let url = text(&app.registration, "registration_client_uri");
    let (own, foreign) = (&app.registration, &other.registration);
    let token = |registration| text(registration, "registration_access_token").to_owned();

    assert_eq!(demo.http.get(url).send().await.unwrap().status(), 401);
    assert_eq!(demo.http.delete(url).bearer_auth(token(foreign)).send().await.unwrap().status(), 401);
    let read = demo.http.get(url).bearer_auth(token(own)).send().await.unwrap();
    let read = read.json::<serde_json::Value>().await.unwrap();
    for member in ["client_id", "registration_client_uri", "registration_access_token"] {
        assert_eq!(read[member], own[member], "{member}");
    }

    assert_eq!(demo.http.delete(url).bearer_auth(token(own)).send().await.unwrap().status(), 204);
    assert_eq!(demo.http.get(url).bearer_auth(token(own)).send().await.unwrap().status(), 401);
    assert_eq!(demo.status_of(text(&access, "access_token")).await, 401);
    assert_eq!(demo.http.get(demo.authorization(&app.id, &[])).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn with_a_client_everything_ends_that_was_granted_to_it() {
    let demo = Demo::start();
    let (app, other) = (demo.app().await, demo.app().await);
    let (tokens, others) = (demo.sign_in(&app, ALL).await, demo.sign_in(&other, ALL).await);
    let url = text(&app.registration, "registration_client_uri");
    let own = text(&app.registration, "registration_access_token").to_owned();
    // Registrations are not edited here (RFC 7592 section 2.2 is optional), and a client is told so.
    let put = demo.http.put(url).bearer_auth(&own).body("{}").send().await.unwrap();
    assert_eq!(put.status(), 405);
    let allowed = put.headers()["allow"].to_str().unwrap().to_owned();
    assert!(allowed.contains("GET") && allowed.contains("DELETE"), "{allowed}");

    let deleted = demo.http.delete(url).bearer_auth(&own).send().await.unwrap();
    assert_eq!(
        (deleted.status(), deleted.text().await.unwrap().as_str()),
        (reqwest::StatusCode::NO_CONTENT, "")
    );
    let again = demo.http.delete(url).bearer_auth(&own).send().await.unwrap();
    assert_eq!(again.status(), 401);
    assert!(again.headers()["www-authenticate"].to_str().unwrap().contains("invalid_token"));
    let (status, refused) = demo.refresh(&app.id, text(&tokens, "refresh_token"), &[]).await;
    assert_eq!((status, text(&refused, "error")), (401, "invalid_client"));
    assert_eq!(demo.status_of(text(&tokens, "access_token")).await, 401);
    assert_eq!(demo.status_of(text(&others, "access_token")).await, 200);
}

#[tokio::test]
async fn a_flood_of_registrations_pushes_out_the_oldest_and_nothing_else() {
    let demo = Demo::with(&["--client-id", "known", "--redirect-uri", common::REDIRECT]);
    let first = demo.app().await;
    for _ in 0..512 {
        demo.app().await;
    }
    let last = demo.app().await;
    let status = async |id: &str| demo.http.get(demo.authorization(id, &[])).send().await.unwrap().status();
    assert_eq!(status(&first.id).await, 400);
    assert_eq!(status(&last.id).await, 200);
    assert_eq!(status("known").await, 200);
}
