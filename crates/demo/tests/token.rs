//! From a code to tokens, and what ends them.

mod common;

use common::{ALL, Demo, VERIFIER, text};
use serde_json::Value;

fn refused(answer: &(u16, Value), error: &str) {
    assert_eq!((answer.0, text(&answer.1, "error")), (400, error), "{}", answer.1);
}

#[tokio::test]
async fn a_code_becomes_tokens_that_work() {
    let demo = Demo::with(&["--token-lifetime", "42"]);
    let app = demo.app().await;
    let tokens = demo.sign_in(&app, ALL).await;
    assert_eq!((text(&tokens, "token_type"), text(&tokens, "scope")), ("Bearer", ALL));
    assert_eq!(tokens["expires_in"], 42);
    assert!(tokens.get("refresh_token").is_some());
    assert_eq!(demo.status_of(text(&tokens, "access_token")).await, 200);
}

#[tokio::test]
async fn there_is_no_refresh_token_without_offline_access() {
    let demo = Demo::start();
    let app = demo.app().await;
    assert!(demo.sign_in(&app, "demo:read").await.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_wrong_verifier_is_an_invalid_grant_and_wastes_the_code() {
    let demo = Demo::start();
    let app = demo.app().await;
    let code = demo.code(&app, ALL).await;
    let wrong = VERIFIER.replace("long", "l0ng");
    refused(&demo.exchange(&app.id, &code, &[("code_verifier", &wrong)]).await, "invalid_grant");
    refused(&demo.exchange(&app.id, &code, &[]).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_is_bound_to_its_redirect_uri_client_and_resource() {
    let demo = Demo::start();
    let (app, other) = (demo.app().await, demo.app().await);
    let code = demo.code(&app, ALL).await;
    let port = [("redirect_uri", "http://127.0.0.1:4712/cb")];
    refused(&demo.exchange(&app.id, &code, &port).await, "invalid_grant");

    let code = demo.code(&app, ALL).await;
    refused(&demo.exchange(&other.id, &code, &[]).await, "invalid_grant");
    for resource in ["", "https://other.example/mcp", &demo.base] {
        refused(&demo.exchange(&app.id, &code, &[("resource", resource)]).await, "invalid_target");
    }
    assert_eq!(
        demo.exchange(&app.id, &code, &[]).await.0,
        200,
        "none of that was an attempt to use the code"
    );
}

#[tokio::test]
async fn a_replayed_code_revokes_what_it_became() {
    let demo = Demo::start();
    let app = demo.app().await;
    let code = demo.code(&app, ALL).await;
    let (_, tokens) = demo.exchange(&app.id, &code, &[]).await;
    refused(&demo.exchange(&app.id, &code, &[]).await, "invalid_grant");
    assert_eq!(demo.status_of(text(&tokens, "access_token")).await, 401);
    refused(&demo.refresh(&app.id, text(&tokens, "refresh_token"), &[]).await, "invalid_grant");
}

#[tokio::test]
async fn of_many_who_show_one_code_at_once_one_at_most_gets_tokens() {
    let demo = std::sync::Arc::new(Demo::start());
    let app = demo.app().await;
    let code = demo.code(&app, ALL).await;
    let tries: Vec<_> = (0..16)
        .map(|_| {
            let (demo, id, code) = (demo.clone(), app.id.clone(), code.clone());
            tokio::spawn(async move { demo.exchange(&id, &code, &[]).await.0 })
        })
        .collect();
    let mut good = 0;
    for one in tries {
        good += usize::from(one.await.unwrap() == 200);
    }
    assert_eq!(good, 1);
}

#[tokio::test]
async fn a_refresh_rotates_and_a_reused_token_revokes_the_family() {
    let demo = Demo::start();
    let app = demo.app().await;
    let first = demo.sign_in(&app, ALL).await;
    let (status, second) = demo.refresh(&app.id, text(&first, "refresh_token"), &[]).await;
    assert_eq!(status, 200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let (_, third) = demo.refresh(&app.id, text(&second, "refresh_token"), &[]).await;
    assert_eq!(demo.status_of(text(&third, "access_token")).await, 200);

    refused(&demo.refresh(&app.id, text(&first, "refresh_token"), &[]).await, "invalid_grant");
    refused(&demo.refresh(&app.id, text(&third, "refresh_token"), &[]).await, "invalid_grant");
    for tokens in [&first, &second, &third] {
        assert_eq!(demo.status_of(text(tokens, "access_token")).await, 401);
    }
}

#[tokio::test]
async fn a_refresh_may_narrow_scopes_and_never_widen_them() {
    let demo = Demo::start();
    let app = demo.app().await;
    let first = demo.sign_in(&app, "demo:read offline_access").await;
    let wide = demo.refresh(&app.id, text(&first, "refresh_token"), &[("scope", ALL)]).await;
    refused(&wide, "invalid_scope");
    let (_, second) = demo.refresh(&app.id, text(&first, "refresh_token"), &[("scope", "demo:read")]).await;
    assert_eq!(text(&second, "scope"), "demo:read");
    let (_, third) = demo.refresh(&app.id, text(&second, "refresh_token"), &[]).await;
    assert_eq!(text(&third, "scope"), "demo:read offline_access", "the grant keeps what was granted");
}

#[tokio::test]
async fn a_refresh_keeps_its_resource_and_its_client() {
    let demo = Demo::start();
    let (app, other) = (demo.app().await, demo.app().await);
    let tokens = demo.sign_in(&app, ALL).await;
    let refresh = text(&tokens, "refresh_token");
    for resource in ["", "https://other.example/mcp"] {
        refused(&demo.refresh(&app.id, refresh, &[("resource", resource)]).await, "invalid_target");
    }
    refused(&demo.refresh(&other.id, refresh, &[]).await, "invalid_grant");
    refused(&demo.refresh(&app.id, "made.up", &[]).await, "invalid_grant");
    assert_eq!(demo.refresh(&app.id, refresh, &[]).await.0, 200);
}

#[tokio::test]
async fn only_a_well_formed_request_is_answered() {
    let demo = Demo::start();
    let app = demo.app().await;
    let code = demo.code(&app, ALL).await;
    refused(&demo.exchange(&app.id, &code, &[("grant_type", "password")]).await, "unsupported_grant_type");
    for name in ["grant_type", "code", "redirect_uri", "code_verifier"] {
        refused(&demo.exchange(&app.id, &code, &[(name, "")]).await, "invalid_request");
    }
    let twice = [("code", code.as_str()), ("code", "other")];
    refused(&demo.exchange(&app.id, &code, &twice).await, "invalid_request");

    assert_eq!(demo.get("/token").await.status(), 405);
    let json = demo.http.post(demo.url("/token")).json(&serde_json::json!({"grant_type": "x"}));
    assert_eq!(json.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_confidential_client_proves_itself_in_the_way_it_registered() {
    let demo = Demo::start();
    let (basic, post) =
        (demo.app_with("client_secret_basic").await, demo.app_with("client_secret_post").await);
    let secret = |app: &common::App| text(&app.registration, "client_secret").to_owned();

    let code = demo.code(&post, ALL).await;
    let unproven = [vec![], vec![("client_secret", "wrong")]];
    for changes in unproven {
        let (status, error) = demo.exchange(&post.id, &code, &changes).await;
        assert_eq!((status, text(&error, "error")), (401, "invalid_client"));
    }
    assert_eq!(demo.exchange(&post.id, &code, &[("client_secret", &secret(&post))]).await.0, 200);

    let code = demo.code(&basic, ALL).await;
    let (status, _) = demo.exchange(&basic.id, &code, &[("client_secret", &secret(&basic))]).await;
    assert_eq!(status, 401, "the right secret in the wrong place");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", common::REDIRECT),
        ("code_verifier", VERIFIER),
        ("resource", &demo.resource()),
    ];
    let send = async |password: &str| {
        let request = demo.http.post(demo.url("/token")).basic_auth(&basic.id, Some(password));
        request.form(&form).send().await.unwrap()
    };
    let response = send("wrong").await;
    assert_eq!(response.status(), 401);
    assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    let response = send(&secret(&basic)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn two_ways_of_authentication_at_once_are_refused() {
    let demo = Demo::start();
    let app = demo.app_with("client_secret_basic").await;
    let request = demo.http.post(demo.url("/token")).basic_auth(&app.id, Some("x"));
    let response =
        request.form(&[("client_secret", "x"), ("grant_type", "refresh_token")]).send().await.unwrap();
    assert_eq!(text(&response.json().await.unwrap(), "error"), "invalid_request");
}

#[tokio::test]
async fn revoking_an_access_token_ends_it_alone() {
    let demo = Demo::start();
    let app = demo.app().await;
    let tokens = demo.sign_in(&app, ALL).await;
    let access = text(&tokens, "access_token");
    assert_eq!(demo.form("/revoke", &[("client_id", &app.id), ("token", access)]).await.0, 200);
    assert_eq!(demo.status_of(access).await, 401);
    assert_eq!(demo.refresh(&app.id, text(&tokens, "refresh_token"), &[]).await.0, 200);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_the_whole_grant() {
    let demo = Demo::start();
    let app = demo.app().await;
    let tokens = demo.sign_in(&app, ALL).await;
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let hint = [("client_id", app.id.as_str()), ("token", refresh), ("token_type_hint", "access_token")];
    assert_eq!(demo.form("/revoke", &hint).await.0, 200, "a wrong hint is only a hint");
    assert_eq!(demo.status_of(access).await, 401);
    refused(&demo.refresh(&app.id, refresh, &[]).await, "invalid_grant");
}

#[tokio::test]
async fn revoking_what_is_unknown_succeeds_and_what_is_anothers_does_not() {
    let demo = Demo::start();
    let (app, other) = (demo.app().await, demo.app().await);
    for token in ["unknown", "un.known", "a.b.c"] {
        assert_eq!(demo.form("/revoke", &[("client_id", &app.id), ("token", token)]).await.0, 200);
    }
    assert_eq!(demo.form("/revoke", &[("client_id", "nobody"), ("token", "x")]).await.0, 401);
    refused(&demo.form("/revoke", &[("client_id", &app.id)]).await, "invalid_request");

    let tokens = demo.sign_in(&app, ALL).await;
    for name in ["access_token", "refresh_token"] {
        let form = [("client_id", other.id.as_str()), ("token", text(&tokens, name))];
        refused(&demo.form("/revoke", &form).await, "invalid_grant");
    }
    assert_eq!(demo.status_of(text(&tokens, "access_token")).await, 200);
}

#[tokio::test]
async fn a_client_may_ask_about_its_own_tokens_only() {
    let demo = Demo::start();
    let (app, other) = (demo.app().await, demo.app().await);
    let tokens = demo.sign_in(&app, ALL).await;
    let ask = async |id: &str, name: &str| {
        demo.form("/introspect", &[("client_id", id), ("token", text(&tokens, name))]).await.1
    };
    let access = ask(&app.id, "access_token").await;
    assert_eq!(access["active"], true);
    assert_eq!((text(&access, "username"), text(&access, "aud")), ("grace", demo.resource().as_str()));
    assert_eq!(ask(&app.id, "refresh_token").await["active"], true);
    for name in ["access_token", "refresh_token"] {
        assert_eq!(ask(&other.id, name).await, serde_json::json!({"active": false}));
    }

    demo.form("/revoke", &[("client_id", &app.id), ("token", text(&tokens, "refresh_token"))]).await;
    for name in ["access_token", "refresh_token"] {
        assert_eq!(ask(&app.id, name).await, serde_json::json!({"active": false}));
    }
    assert_eq!(demo.form("/introspect", &[("token", "x")]).await.0, 401);
}
