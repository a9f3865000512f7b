//! How a client finds its way to the demo, and who is not let near it.

mod common;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use common::{ALL, Demo, location, parameter, text};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

#[tokio::test]
async fn resource_and_issuer_point_at_each_other() {
    let demo = Demo::start();
    let resource = demo.get_json("/.well-known/oauth-protected-resource/mcp").await;
    assert_eq!(text(&resource, "resource"), demo.resource());
    assert_eq!(resource["authorization_servers"], json!([demo.base]));
    assert_eq!(resource["scopes_supported"], json!(["demo:read", "demo:write"]));
    assert_eq!(resource, demo.get_json("/.well-known/oauth-protected-resource").await);

    let issuer = demo.get_json("/.well-known/oauth-authorization-server").await;
    assert_eq!(text(&issuer, "issuer"), demo.base);
    assert_eq!(issuer["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(issuer["authorization_response_iss_parameter_supported"], true);
    assert_eq!(issuer["scopes_supported"], json!(["demo:read", "demo:write", "offline_access"]));
    for name in ["authorization_endpoint", "token_endpoint", "registration_endpoint", "jwks_uri"] {
        assert!(text(&issuer, name).starts_with(&demo.base), "{name}");
    }
}

#[tokio::test]
async fn the_published_key_verifies_an_access_token() {
    let demo = Demo::start();
    let app = demo.app().await;
    let tokens = demo.sign_in(&app, ALL).await;
    let (message, signature) = text(&tokens, "access_token").rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let part = |part: &str| -> Value {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };

    let key = &demo.get_json("/jwks.json").await["keys"][0];
    assert!(key.get("d").is_none(), "the private half stays inside");
    let x = BASE64_URL_SAFE_NO_PAD.decode(text(key, "x")).unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&ED25519, x).verify(message.as_bytes(), &signature).unwrap();
    assert_eq!(part(header), json!({"typ": "at+jwt", "alg": "EdDSA", "kid": key["kid"]}));

    let claims = part(claims);
    assert_eq!((text(&claims, "iss"), text(&claims, "aud")), (demo.base.as_str(), demo.resource().as_str()));
    assert_eq!((text(&claims, "sub"), text(&claims, "client_id")), ("grace", app.id.as_str()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    assert!(!text(&claims, "jti").is_empty() && text(&claims, "scope") == ALL);
}

#[tokio::test]
async fn with_no_iss_neither_metadata_nor_redirects_have_it() {
    let demo = Demo::with(&["--no-iss"]);
    let issuer = demo.get_json("/.well-known/oauth-authorization-server").await;
    assert_eq!(issuer["authorization_response_iss_parameter_supported"], false);
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    let answer = location(&demo.answer(&page, "allow").await);
    assert!(parameter(&answer, "code").is_some() && parameter(&answer, "iss").is_none());
}

#[tokio::test]
async fn without_registration_only_the_client_of_the_command_line_signs_in() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "p:ä+ss wörd\n").unwrap();
    let path = secret.path().to_str().unwrap();
    let demo = Demo::with(&["--no-registration", "--client-id", "known", "--client-secret-file", path]);
    let issuer = demo.get_json("/.well-known/oauth-authorization-server").await;
    assert!(issuer.get("registration_endpoint").is_none());
    assert_eq!(demo.get("/register").await.status(), 404);

    let url = demo.authorization("known", &[("redirect_uri", "http://localhost:1/callback")]);
    let page = demo.page(url).await;
    let code = parameter(&location(&demo.answer(&page, "allow").await), "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "http://localhost:1/callback"),
        ("code_verifier", common::VERIFIER),
        ("resource", &demo.resource()),
    ];
    // Both halves are form-encoded first (RFC 6749 §2.3.1).
    let request = demo.http.post(demo.url("/token")).basic_auth("known", Some("p%3A%C3%A4%2Bss+w%C3%B6rd"));
    let response = request.form(&form).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_request_by_a_foreign_name_is_refused() {
    let demo = Demo::start();
    for host in ["evil.example", "127.0.0.1", "localhost:1", ""] {
        let response = demo.http.get(demo.url("/")).header("host", host).send().await.unwrap();
        assert_eq!(response.status(), 421, "{host}");
    }
}

#[tokio::test]
async fn a_post_from_a_foreign_page_is_refused() {
    let demo = Demo::start();
    for path in ["/mcp", "/token", "/register", "/authorize/consent", "/revoke"] {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
            let response = demo.http.post(demo.url(path)).header("origin", origin).send().await.unwrap();
            assert_eq!(response.status(), 403, "{path} {origin}");
        }
    }
}

#[tokio::test]
async fn every_answer_says_how_it_may_be_used() {
    let demo = Demo::start();
    for path in ["/", "/jwks.json", "/nothing-here", "/authorize", "/mcp"] {
        let response = demo.get(path).await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
    }
}
