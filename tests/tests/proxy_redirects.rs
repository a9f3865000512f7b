//! Redirects of single calls, and the cookies of load balancers: what a server does within itself is
//! followed, and nothing leaves it.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, RawClient, Reply, Rogue, Valet, copies_in_memory, until};
use serde_json::{Value, json};

fn call() -> Value {
    json!({ "jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": { "name": "a" } })
}

fn initialize() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "protocolVersion": "2025-11-25" } })
}

fn to(status: u16, location: &str) -> Reply {
    Reply::Bare(status, vec![("location", location.to_owned())])
}

fn done() -> Reply {
    Reply::Json(200, json!({ "jsonrpc": "2.0", "id": 9, "result": { "text": "a ok" } }))
}

#[test]
fn a_call_is_sent_on_within_its_server_with_body_and_token() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let absolute = format!("{}/mcp/", rogue.origin());
    for (status, location, path) in [
        (308, "/mcp/docs/1", "/mcp/docs/1"),
        (307, absolute.as_str(), "/mcp/"),
        (307, "mcp/", "/mcp/"),
        (308, "/mcp/a#fragment", "/mcp/a"),
    ] {
        rogue.reply("/mcp", to(status, location));
        rogue.reply(path, done());
        let answer = valet.proxy("rogue", &call(), &["-H", "Mcp-Session-Id:"]).expect_status(200);
        assert_eq!(answer.json()["result"]["text"], "a ok", "{location}");
        let arrived = rogue.requests(path).pop().unwrap();
        assert_eq!(
            (arrived.method.as_str(), serde_json::from_str::<Value>(&arrived.body).unwrap()),
            ("POST", call())
        );
        assert!(rogue.accepts(arrived.headers["authorization"].strip_prefix("Bearer ").unwrap()));
    }
}

#[test]
fn no_token_goes_elsewhere_and_no_other_request_is_made_of_one() {
    let (home, rogue, other) = (Home::new(), Rogue::start(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let origin = rogue.origin();
    let elsewhere = [
        other.mcp(),
        format!("//{}/mcp/", other.address()),
        origin.replacen("http:", "https:", 1) + "/mcp/",
        origin.replacen("http://", "http://user@", 1) + "/mcp/",
        origin.replacen("127.0.0.1", "localhost", 1) + "/mcp/",
        "/mcp2".to_owned(),
        "/admin".to_owned(),
        "/mcp/../admin".to_owned(),
        "/mcp/%2e%2e%2fadmin".to_owned(),
    ];
    let refused = |status: u16, location: &str| {
        rogue.reply("/mcp", to(status, location));
        let before = rogue.count("/mcp");
        let answer = valet.proxy("rogue", &call(), &[]).expect_status(200).json();
        assert_eq!(answer["error"]["data"]["reason"], "redirect_refused", "{status} {location}: {answer}");
        assert_eq!(rogue.count("/mcp"), before + 1, "{location}");
    };
    for location in &elsewhere {
        refused(307, location);
    }
    for status in [300, 301, 302, 303, 305] {
        refused(status, "/mcp/");
    }
    rogue.reply("/mcp", Reply::Bare(307, Vec::new()));
    assert_eq!(valet.proxy("rogue", &call(), &[]).json()["error"]["data"]["reason"], "redirect_refused");
    let both = vec![("location", "/mcp/".to_owned()), ("location", "/mcp/x".to_owned())];
    rogue.reply("/mcp", Reply::Bare(307, both));
    assert_eq!(valet.proxy("rogue", &call(), &[]).json()["error"]["data"]["reason"], "redirect_refused");
    assert_eq!(other.count("/mcp") + rogue.count("/admin") + rogue.count("/mcp2") + rogue.count("/mcp/"), 0);
}

#[test]
fn a_circle_ends_and_what_is_too_long_to_keep_is_not_sent_twice() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.reply("/mcp", to(307, "/mcp/"));
    rogue.reply("/mcp/", to(307, "/mcp"));
    let before = rogue.count("/mcp");
    let answer = valet.proxy("rogue", &call(), &[]).json();
    assert_eq!(answer["error"]["data"]["reason"], "redirect_refused");
    assert!(rogue.count("/mcp") + rogue.count("/mcp/") - before <= 6);
    rogue.reply("/mcp/", done());
    let arrived = rogue.count("/mcp/");
    let long = home.path().join("long.json");
    let argument = "x".repeat(2 << 20);
    let text = json!({ "jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": { "x": argument } });
    std::fs::write(&long, text.to_string()).unwrap();
    let file = format!("@{}", long.display());
    valet.curl(&[
        "http://localhost/mcp/rogue",
        "-H",
        "Content-Type: application/json",
        "--data-binary",
        &file,
    ]);
    assert_eq!(rogue.count("/mcp/"), arrived);
}

#[test]
fn a_stream_that_a_client_opens_is_looked_for_where_the_server_says() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    for status in [301, 302, 303, 307, 308] {
        rogue.reply("/mcp", to(status, "/mcp/stream"));
        let events = vec![("content-type", "text/event-stream".to_owned())];
        rogue.reply("/mcp/stream", Reply::Whole(200, events, "data: {}\n\n".to_owned()));
        let answer = valet.curl(&["http://localhost/mcp/rogue", "-H", "Accept: text/event-stream"]);
        assert_eq!(answer.expect_status(200).body, "data: {}\n\n");
    }
}

#[test]
fn a_challenge_behind_a_redirect_renews_the_token_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.end_access();
    rogue.plan({
        let seen = std::sync::Mutex::new(0);
        move |request| match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/mcp") => Some(to(307, "/mcp/")),
            ("POST", "/mcp/") => {
                let mut seen = seen.lock().unwrap();
                *seen += 1;
                Some(if *seen == 1 {
                    Reply::Bare(401, vec![("www-authenticate", "Bearer".to_owned())])
                } else {
                    done()
                })
            }
            _ => None,
        }
    });
    assert_eq!(valet.proxy("rogue", &call(), &[]).json()["result"]["text"], "a ok");
    assert_eq!(rogue.refreshes(), 1);
}

/// Answers with a session, and sets these cookies where the request has none.
fn sticky(rogue: &Rogue, session: Option<&'static str>, cookies: &'static [&'static str]) {
    rogue.plan(move |request| {
        if request.path != "/mcp" || request.method != "POST" {
            return None;
        }
        let known = request.headers.contains_key("cookie");
        if !known && !request.body.contains("initialize") {
            return Some(Reply::error(503, "wrong_machine"));
        }
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(session.map(|id| ("mcp-session-id", id.to_owned())));
        headers.extend(cookies.iter().filter(|_| !known).map(|cookie| ("set-cookie", (*cookie).to_owned())));
        Some(Reply::Whole(200, headers, r#"{"jsonrpc":"2.0","id":9,"result":{}}"#.to_owned()))
    });
}

#[test]
fn a_load_balancers_cookies_are_kept_for_one_session_and_never_shown() {
    for session in [None, Some("s-1")] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = Valet::signed_in(&home, &rogue);
        sticky(
            &rogue,
            session,
            &["lb=m1; Path=/; HttpOnly", "other=2; Max-Age=60", "gone=3; Path=/elsewhere"],
        );
        let mut agent = RawClient::connect(&home.socket());
        agent.ask_proxy("rogue", "", &initialize().to_string());
        let begun = agent.reads("\"result\"");
        assert!(!begun.to_lowercase().contains("cookie"), "{begun}");
        let named = session.map(|id| format!("Mcp-Session-Id: {id}\r\n")).unwrap_or_default();
        for _ in 0..2 {
            agent.ask_proxy("rogue", &format!("{named}Cookie: own=1\r\n"), &call().to_string());
            agent.reads("\"result\"");
            assert_eq!(rogue.requests("/mcp").pop().unwrap().headers["cookie"], "lb=m1; other=2");
        }
        home.move_clock(61);
        agent.ask_proxy("rogue", &named, &call().to_string());
        agent.reads("\"result\"");
        assert_eq!(rogue.requests("/mcp").pop().unwrap().headers["cookie"], "lb=m1");
        assert!(!valet.log().contains("lb=m1"));
        agent.ask_proxy("rogue", "", &initialize().to_string());
        agent.reads("\"result\"");
        assert!(
            !rogue.requests("/mcp").pop().unwrap().headers.contains_key("cookie"),
            "another session has it"
        );
    }
}

#[test]
fn a_cookie_set_by_a_redirect_goes_along_at_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.plan(|request| {
        if request.path != "/mcp" || request.method != "POST" {
            return None;
        }
        let set = vec![("location", "/mcp".to_owned()), ("set-cookie", "lb=1".to_owned())];
        Some(if request.headers.contains_key("cookie") { done() } else { Reply::Bare(307, set) })
    });
    assert_eq!(valet.proxy("rogue", &call(), &[]).json()["result"]["text"], "a ok");
}

#[test]
fn a_lock_wipes_the_cookies() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    sticky(&rogue, Some("s-1"), &["lb=COOKIE-OF-ONE-MACHINE-7f3a91c2; Path=/"]);
    valet.proxy("rogue", &initialize(), &[]).expect_status(200);
    let left = || copies_in_memory(valet.id(), b"COOKIE-OF-ONE-MACHINE-7f3a91c2");
    assert!(left() > 0, "this test sees nothing");
    valet.post("/v1/lock", &json!({})).expect_status(204);
    until("no cookie is left", || (left() == 0).then_some(()));
}

#[test]
fn cookies_are_bounded() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.plan(|request| {
        if request.path != "/mcp" || request.method != "POST" {
            return None;
        }
        let mut headers =
            vec![("content-type", "application/json".to_owned()), ("mcp-session-id", "s".to_owned())];
        headers.extend((0..50).map(|n| ("set-cookie", format!("c{n}={}", "x".repeat(1000)))));
        Some(Reply::Whole(200, headers, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned()))
    });
    valet.proxy("rogue", &initialize(), &[]).expect_status(200);
    valet.proxy("rogue", &call(), &["-H", "Mcp-Session-Id: s"]).expect_status(200);
    assert!(rogue.requests("/mcp").pop().unwrap().headers["cookie"].len() <= 4096);
}

#[test]
fn a_server_that_adds_a_slash_is_signed_in_to_and_doctor_says_that_it_is_followed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let resource = format!("{}/mcp/", rogue.origin());
    rogue.edit_resource(json!(resource));
    let challenge =
        format!("Bearer resource_metadata=\"{}/.well-known/oauth-protected-resource/mcp\"", rogue.origin());
    rogue.plan(move |request| match (request.path.as_str(), request.headers.contains_key("authorization")) {
        ("/mcp", _) => Some(to(307, "/mcp/")),
        ("/mcp/", false) => Some(Reply::Bare(401, vec![("www-authenticate", challenge.clone())])),
        ("/mcp/", true) => Some(done()),
        _ => None,
    });
    let valet = Valet::start(&home);
    let said = valet.cli(&["doctor", "rogue", "--json"]).expect_code(0).stdout;
    assert!(said.contains("\"sent_on\"") && said.contains("\"unauthorized\""), "{said}");
    valet.sign_in("rogue");
    assert_eq!(valet.proxy("rogue", &call(), &[]).json()["result"]["text"], "a ok");
}
