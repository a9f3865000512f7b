//! What time ends. Only a build with test hooks has a clock that can be moved.

#![cfg(feature = "test-hooks")]

mod common;

use common::{ALL, Demo, location, parameter, text};

#[tokio::test]
async fn an_expired_token_is_refused() {
    let demo = Demo::start();
    let app = demo.app().await;
    let tokens = demo.sign_in(&app, ALL).await;
    let access = text(&tokens, "access_token");
    demo.move_clock(290);
    assert_eq!(demo.status_of(access).await, 200);
    demo.move_clock(301);
    let response = demo.mcp(access).json(&common::whoami()).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains(r#"error="invalid_token""#));
    let asked = demo.form("/introspect", &[("client_id", &app.id), ("token", access)]).await.1;
    assert_eq!(asked["active"], false);
    let (status, fresh) = demo.refresh(&app.id, text(&tokens, "refresh_token"), &[]).await;
    assert_eq!(status, 200);
    assert_eq!(demo.status_of(text(&fresh, "access_token")).await, 200);
}

#[tokio::test]
async fn a_code_waits_a_minute() {
    let demo = Demo::start();
    let app = demo.app().await;
    let code = demo.code(&app, ALL).await;
    demo.move_clock(61);
    let (status, error) = demo.exchange(&app.id, &code, &[]).await;
    assert_eq!((status, text(&error, "error")), (400, "invalid_grant"));
}

#[tokio::test]
async fn a_code_replayed_after_its_time_still_revokes() {
    let demo = Demo::start();
    let app = demo.app().await;
    let code = demo.code(&app, ALL).await;
    let (_, tokens) = demo.exchange(&app.id, &code, &[]).await;
    demo.move_clock(100);
    demo.exchange(&app.id, &code, &[]).await;
    assert_eq!(demo.status_of(text(&tokens, "access_token")).await, 401);
}

#[tokio::test]
async fn a_page_waits_ten_minutes() {
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    demo.move_clock(601);
    assert_eq!(demo.answer(&page, "allow").await.status(), 400);
}

#[tokio::test]
async fn a_grant_lasts_a_month_after_its_last_use() {
    let day = 24 * 3600;
    let demo = Demo::start();
    let app = demo.app().await;
    let page = demo.page(demo.authorization(&app.id, &[])).await;
    let code = parameter(&location(&demo.answer(&page, "allow").await), "code").unwrap();
    let (_, first) = demo.exchange(&app.id, &code, &[]).await;
    demo.move_clock(29 * day);
    let (status, second) = demo.refresh(&app.id, text(&first, "refresh_token"), &[]).await;
    assert_eq!(status, 200);
    demo.move_clock(58 * day);
    let (status, third) = demo.refresh(&app.id, text(&second, "refresh_token"), &[]).await;
    assert_eq!(status, 200);
    demo.move_clock(89 * day);
    let (status, _) = demo.refresh(&app.id, text(&third, "refresh_token"), &[]).await;
    assert_eq!(status, 400);
}
