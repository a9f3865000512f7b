//! The MCP endpoint: who is let in, and what is answered.

#![allow(clippy::unwrap_used, reason = "test code fails by panicking")]

mod common;

use common::{ALL, Demo, text, whoami};
use reqwest::Response;
use serde_json::{Value, json};

async fn signed_in() -> (Demo, String) {
    let demo = Demo::start();
    let app = demo.app().await;
    let tokens = demo.sign_in(&app, ALL).await;
    let token = text(&tokens, "access_token").to_owned();
    (demo, token)
}

fn request(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
}

async fn call(demo: &Demo, token: &str, message: Value) -> (u16, Value) {
    let response = demo.mcp(token).json(&message).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn challenge(response: &Response) -> String {
    response.headers()["www-authenticate"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn without_a_token_the_challenge_says_where_to_get_one() {
    let demo = Demo::start();
    let response = demo.http.post(demo.resource()).json(&whoami()).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let metadata = demo.url("/.well-known/oauth-protected-resource/mcp");
    assert_eq!(challenge(&response), format!(r#"Bearer resource_metadata="{metadata}", scope="demo:read""#));
}

#[tokio::test]
async fn a_token_that_is_no_good_is_an_invalid_token() {
    let (demo, token) = signed_in().await;
    let (_other_demo, foreign) = signed_in().await;
    let mut forged = token.clone();
    forged.replace_range(token.len() - 10..token.len() - 9, if token.ends_with('A') { "B" } else { "A" });
    let forged = if forged == token { format!("{token}A") } else { forged };
    for bad in ["nonsense", "a.b.c", &foreign, &forged] {
        let response = demo.mcp(bad).json(&whoami()).send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert!(challenge(&response).contains(r#"error="invalid_token""#));
        assert!(challenge(&response).contains("resource_metadata="));
    }
}

#[tokio::test]
async fn a_token_counts_in_the_header_only() {
    let (demo, token) = signed_in().await;
    let url = format!("{}?access_token={token}", demo.resource());
    assert_eq!(demo.http.post(url).json(&whoami()).send().await.unwrap().status(), 401);
    let basic = demo.http.post(demo.resource()).basic_auth("x", Some(&token)).json(&whoami());
    assert_eq!(basic.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_token_without_the_scope_is_told_which_one() {
    let demo = Demo::start();
    let app = demo.app().await;
    let tokens = demo.sign_in(&app, "demo:write").await;
    let response = demo.mcp(text(&tokens, "access_token")).json(&whoami()).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert!(challenge(&response).contains(r#"error="insufficient_scope""#));
    assert!(challenge(&response).contains(r#"scope="demo:read""#));
}

#[tokio::test]
async fn whoami_says_who_with_what_and_for_how_long() {
    let (demo, token) = signed_in().await;
    let (status, answer) = call(&demo, &token, whoami()).await;
    assert_eq!(status, 200);
    let content = &answer["result"]["structuredContent"];
    assert_eq!(content["account"], "grace");
    assert_eq!(content["scopes"], json!(["demo:read", "demo:write", "offline_access"]));
    assert!((290..=300).contains(&content["secondsLeft"].as_i64().unwrap()));
    assert!(text(&answer["result"]["content"][0], "text").contains("Grace Hopper"));
}

#[tokio::test]
async fn a_handshake_agrees_on_the_clients_version_or_the_newest_with_one() {
    let (demo, token) = signed_in().await;
    for (wish, agreed) in [
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
    ] {
        let params =
            json!({"protocolVersion": wish, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        let (status, answer) = call(&demo, &token, request("initialize", params)).await;
        assert_eq!(status, 200);
        assert_eq!(answer["result"]["protocolVersion"], agreed, "{wish}");
        assert_eq!(answer["result"]["serverInfo"]["name"], "mcp-valet-demo");
    }
}

#[tokio::test]
async fn a_notification_is_accepted_without_an_answer() {
    let (demo, token) = signed_in().await;
    let message = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let response = demo.mcp(&token).json(&message).send().await.unwrap();
    assert_eq!(response.status(), 202);
    assert_eq!(response.text().await.unwrap(), "");
}

#[tokio::test]
async fn ping_and_tools_list_are_answered_with_the_id_that_was_sent() {
    let (demo, token) = signed_in().await;
    let (_, pong) = call(&demo, &token, json!({"jsonrpc": "2.0", "id": "a", "method": "ping"})).await;
    assert_eq!(pong, json!({"jsonrpc": "2.0", "id": "a", "result": {}}));
    let (_, list) = call(&demo, &token, request("tools/list", json!({}))).await;
    assert_eq!(list["result"]["tools"].as_array().unwrap().len(), 2);
    assert_eq!(list["result"]["tools"][0]["name"], "whoami");
}

#[tokio::test]
async fn a_stateless_request_needs_no_handshake() {
    let (demo, token) = signed_in().await;
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let send = async |method: &str, name: &str, version: &str| {
        let message = request(method, json!({"name": "whoami", "_meta": meta}));
        let request = demo.mcp(&token).header("mcp-protocol-version", version).header("mcp-method", method);
        let response = request.header("mcp-name", name).json(&message).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let (status, answer) = send("tools/call", "whoami", "2026-07-28").await;
    assert_eq!((status, &answer["result"]["resultType"]), (200, &json!("complete")), "{answer}");
    let (_, discovered) = send("server/discover", "whoami", "2026-07-28").await;
    assert_eq!(discovered["result"]["supportedVersions"][0], "2026-07-28");
    let (_, list) = send("tools/list", "whoami", "2026-07-28").await;
    assert_eq!(list["result"]["cacheScope"], "private");

    let (status, answer) = send("tools/call", "other", "2026-07-28").await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32020)));
    let (status, answer) = send("tools/call", "whoami", "2025-11-25").await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32020)));
    let (status, answer) = send("resources/list", "whoami", "2026-07-28").await;
    assert_eq!((status, &answer["error"]["code"]), (404, &json!(-32601)));
}

#[tokio::test]
async fn an_unknown_version_is_told_the_known_ones() {
    let (demo, token) = signed_in().await;
    let message = request("tools/list", json!({}));
    let request = demo.mcp(&token).header("mcp-protocol-version", "1999-01-01").json(&message);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["error"]["code"], -32022);
    assert_eq!(answer["error"]["data"]["supported"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_its_code() {
    let (demo, token) = signed_in().await;
    let (status, answer) = call(&demo, &token, request("resources/list", json!({}))).await;
    assert_eq!((status, &answer["error"]["code"], &answer["id"]), (200, &json!(-32601), &json!(7)));
    let (_, answer) = call(&demo, &token, request("tools/call", json!({"name": "other"}))).await;
    assert_eq!(answer["error"]["code"], -32602);
    let arguments = json!({"name": "whoami", "arguments": {"a": 1}});
    let (_, answer) = call(&demo, &token, request("tools/call", arguments)).await;
    assert_eq!(answer["error"]["code"], -32602);
    for message in
        [json!(1), json!({"id": 1}), json!({"jsonrpc": "2.0", "id": null, "method": "ping"}), json!([])]
    {
        let (status, answer) = call(&demo, &token, message).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32600)));
    }
    let broken = demo.mcp(&token).header("content-type", "application/json").body("{").send().await.unwrap();
    assert_eq!(broken.status(), 400);
    assert_eq!(broken.json::<Value>().await.unwrap()["error"]["code"], -32700);
}

#[tokio::test]
async fn only_the_oldest_version_has_batches() {
    let (demo, token) = signed_in().await;
    let batch = json!([
        {"jsonrpc": "2.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "nonsense"},
    ]);
    let (status, answer) = call(&demo, &token, batch.clone()).await;
    assert_eq!((status, answer.as_array().unwrap().len()), (200, 2));
    let newer = demo.mcp(&token).header("mcp-protocol-version", "2025-11-25").json(&batch);
    assert_eq!(newer.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_client_that_takes_only_an_event_stream_gets_one() {
    let (demo, token) = signed_in().await;
    let send = async |accept: &str| {
        let request = demo.http.post(demo.resource()).bearer_auth(&token).header("accept", accept);
        request.json(&whoami()).send().await.unwrap()
    };
    let response = send("text/event-stream").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let body = response.text().await.unwrap();
    let data = body.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let answer: Value = serde_json::from_str(data).unwrap();
    assert_eq!(answer["result"]["structuredContent"]["account"], "grace");
    assert_eq!(send("application/json").await.headers()["content-type"], "application/json");
    assert_eq!(send("*/*").await.headers()["content-type"], "application/json");
    assert_eq!(send("text/html").await.status(), 406);
}

#[tokio::test]
async fn there_is_no_stream_and_no_session_to_end() {
    let (demo, token) = signed_in().await;
    for method in [reqwest::Method::GET, reqwest::Method::DELETE] {
        let response = demo.http.request(method, demo.resource()).bearer_auth(&token).send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "POST");
    }
    let text = demo.mcp(&token).header("content-type", "text/plain").body("{}").send().await.unwrap();
    assert_eq!(text.status(), 415);
}

#[tokio::test]
async fn a_tool_that_needs_another_scope_names_it() {
    let demo = Demo::start();
    let app = demo.app().await;
    let change = request("tools/call", json!({"name": "change"}));
    let narrow = demo.sign_in(&app, "demo:read").await;
    let response = demo.mcp(text(&narrow, "access_token")).json(&change).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert!(challenge(&response).contains(r#"error="insufficient_scope""#));
    assert!(challenge(&response).contains(r#"scope="demo:write""#));
    let wide = demo.sign_in(&app, ALL).await;
    let (status, answer) = call(&demo, text(&wide, "access_token"), change).await;
    assert_eq!((status, &answer["result"]["isError"]), (200, &json!(false)));
}
