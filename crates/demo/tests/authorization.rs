//! Asking a person, and taking the answer.

mod common;

use common::{ALL, Demo, REDIRECT, location, parameter};
use serde_json::json;

#[tokio::test]
async fn an_answer_carries_code_state_and_issuer() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    let response = demo.answer(&page, "allow").await;
    assert_eq!(response.status(), 303);
    let answer = location(&response);
    assert!(answer.as_str().starts_with(REDIRECT));
    assert_eq!(parameter(&answer, "state").as_deref(), Some("a state&more"));
    assert_eq!(parameter(&answer, "iss"), Some(demo.base.clone()));
    assert!(parameter(&answer, "code").is_some());
}

#[tokio::test]
async fn an_unknown_client_or_redirect_uri_is_told_on_a_page_and_never_redirected() {
    let demo = Demo::start();
    let app = demo.app().await;
    let evil = "https://evil.example/cb";
    let mut twice = demo.authorization(&app.id, &[]);
    twice.query_pairs_mut().append_pair("redirect_uri", evil);
    for url in [
        demo.authorization("nobody", &[]),
        demo.authorization(&app.id, &[("client_id", "")]),
        demo.authorization(&app.id, &[("redirect_uri", evil)]),
        demo.authorization(&app.id, &[("redirect_uri", "http://127.0.0.1:4711/other")]),
        demo.authorization(&app.id, &[("redirect_uri", "http://localhost:4711/cb")]),
        demo.authorization(&app.id, &[("redirect_uri", "")]),
        twice,
    ] {
        let response = demo.http.get(url.clone()).send().await.unwrap();
        assert_eq!(response.status(), 400, "{url}");
        assert!(response.headers().get("location").is_none(), "{url}");
        assert!(!response.text().await.unwrap().contains("evil.example"), "nothing sent is repeated");
    }
}

#[tokio::test]
async fn a_bad_request_goes_back_with_error_state_and_issuer() {
    let demo = Demo::start();
    let app = demo.app().await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("resource", "", "invalid_target"),
        ("resource", "https://other.example/mcp", "invalid_target"),
        ("resource", &demo.base, "invalid_target"),
        ("resource", &format!("{}/", demo.resource()), "invalid_target"),
        ("scope", "demo:read demo:everything", "invalid_scope"),
    ] {
        let url = demo.authorization(&app.id, &[(name, value)]);
        let response = demo.http.get(url).send().await.unwrap();
        assert_eq!(response.status(), 302, "{name}={value}");
        let answer = location(&response);
        assert!(answer.as_str().starts_with(REDIRECT));
        assert_eq!(parameter(&answer, "error").as_deref(), Some(error), "{name}={value}");
        assert_eq!(parameter(&answer, "state").as_deref(), Some("a state&more"));
        assert_eq!(parameter(&answer, "iss"), Some(demo.base.clone()));
    }
}

#[tokio::test]
async fn a_second_resource_beside_ours_is_no_way_in() {
    let demo = Demo::start();
    let app = demo.app().await;
    let mut url = demo.authorization(&app.id, &[]);
    url.query_pairs_mut().append_pair("resource", "https://other.example/mcp");
    let answer = location(&demo.http.get(url).send().await.unwrap());
    assert_eq!(parameter(&answer, "error").as_deref(), Some("invalid_target"));
}

#[tokio::test]
async fn the_page_shows_the_question_in_plain_words() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    for part in [
        "A Test",
        "127.0.0.1:4711",
        r#"id="allow""#,
        r#"id="deny""#,
        r#"id="account-ada""#,
        r#"id="account-grace""#,
        "See which demo account you are",
    ] {
        assert!(page.html.contains(part), "{part}");
    }
    assert!(page.policy.contains("form-action 'self' http://127.0.0.1:4711;"), "{}", page.policy);
    assert!(page.policy.contains("frame-ancestors 'none'") && !page.policy.contains("unsafe"));
}

#[tokio::test]
async fn a_script_in_a_client_name_is_shown_as_text() {
    let demo = Demo::start();
    let name = "<script>alert(1)</script>&lt;b\u{202e}\"'";
    let (_, registration) = demo
        .register(json!({
            "client_name": name, "redirect_uris": ["http://127.0.0.1/cb"], "token_endpoint_auth_method": "none",
        }))
        .await;
    let page = demo.page(demo.authorization(common::text(&registration, "client_id"), &[])).await;
    assert!(page.html.contains("alert") && page.html.contains("&amp;lt;b"), "{}", page.html);
    assert!(!page.html.contains("<script") && !page.html.contains('\u{202e}'));
}

#[tokio::test]
async fn a_get_grants_nothing() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    let query = format!("/authorize/consent?csrf={}&account=ada&decision=allow", page.csrf);
    let request = demo.http.get(demo.url(&query)).header("cookie", &page.cookie);
    assert_eq!(request.send().await.unwrap().status(), 405);

    let mut url = demo.authorization(&app.id, &[]);
    url.query_pairs_mut().append_pair("decision", "allow").append_pair("account", "ada");
    assert_eq!(demo.http.get(url).send().await.unwrap().status(), 200, "only the question again");
}

#[tokio::test]
async fn consent_without_the_csrf_token_is_refused() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    for form in [
        vec![("account", "ada"), ("decision", "allow")],
        vec![("csrf", "guessed"), ("account", "ada"), ("decision", "allow")],
        vec![("csrf", page.csrf.as_str()), ("account", "eve"), ("decision", "allow")],
        vec![("csrf", page.csrf.as_str()), ("decision", "allow")],
        vec![("csrf", page.csrf.as_str()), ("account", "ada")],
    ] {
        let request =
            demo.http.post(demo.url("/authorize/consent")).form(&form).header("cookie", &page.cookie);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400, "{form:?}");
        assert!(response.headers().get("location").is_none());
    }
}

#[tokio::test]
async fn consent_from_another_browser_is_refused() {
    let demo = Demo::start();
    let app = demo.app().await;
    let other = demo.page(demo.authorization(&app.id, &[])).await;
    let stolen = other.cookie.split_once('=').unwrap().1;
    for value in [None, Some(""), Some(stolen)] {
        let mut page = demo.page(demo.authorization(&app.id, &[])).await;
        let name = page.cookie.split_once('=').unwrap().0;
        page.cookie = value.map(|value| format!("{name}={value}")).unwrap_or_default();
        let response = demo.answer(&page, "allow").await;
        assert_eq!(response.status(), 403);
        assert!(response.headers().get("location").is_none());
    }
}

#[tokio::test]
async fn consent_from_a_foreign_page_is_refused() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    let form = [("csrf", page.csrf.as_str()), ("account", "ada"), ("decision", "allow")];
    let request = demo.http.post(demo.url("/authorize/consent")).form(&form).header("cookie", &page.cookie);
    let response = request.header("origin", "https://evil.example").send().await.unwrap();
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn a_page_is_answered_once() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    assert_eq!(demo.answer(&page, "allow").await.status(), 303);
    assert_eq!(demo.answer(&page, "allow").await.status(), 400);
}

#[tokio::test]
async fn two_pages_in_one_browser_do_not_end_each_other() {
    let demo = Demo::start();
    let app = demo.app().await;
    let mut one = demo.page(demo.authorization(&app.id, &[])).await;
    let two = demo.page(demo.authorization(&app.id, &[])).await;
    one.cookie = format!("{}; {}", two.cookie, one.cookie);
    assert_eq!(demo.answer(&one, "allow").await.status(), 303);
    assert_eq!(demo.answer(&two, "allow").await.status(), 303);
}

#[tokio::test]
async fn a_denial_goes_back_as_access_denied() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    let answer = location(&demo.answer(&page, "deny").await);
    assert_eq!(parameter(&answer, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&answer, "state").as_deref(), Some("a state&more"));
    assert_eq!(parameter(&answer, "iss"), Some(demo.base.clone()));
    assert!(parameter(&answer, "code").is_none());
}

#[tokio::test]
async fn without_a_scope_the_registered_ones_are_asked_for() {
    let demo = Demo::start();
    let (_, registration) = demo
        .register(json!({
            "redirect_uris": ["http://127.0.0.1/cb"], "token_endpoint_auth_method": "none", "scope": "demo:write",
        }))
        .await;
    let id = common::text(&registration, "client_id").to_owned();
    let page = demo.page(demo.authorization(&id, &[("scope", "")])).await;
    assert!(page.html.contains("demo:write") && !page.html.contains("demo:read"));
    let wider = demo.page(demo.authorization(&id, &[("scope", ALL)])).await;
    assert!(wider.html.contains("offline_access"));
}
