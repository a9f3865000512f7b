//! The proxy: an agent uses a server and never sees its token.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Home, RawClient, Reply, Rogue, SessionServer, Valet, client_on_socket, until};
use serde_json::{Value, json};

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

fn initialize() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "protocolVersion": "2025-11-25" } })
}

fn asks(home: &Home, rogue: &Rogue) {
    home.asks_about(&[("rogue", &rogue.mcp())]);
}

/// The JSON-RPC error that answers request 1.
#[track_caller]
fn error(answer: mcp_valet_tests::HttpResponse) -> Value {
    let body = answer.expect_status(200).json();
    assert_eq!(body["id"], 1, "{body}");
    let error = body["error"].clone();
    assert!(error["code"].is_i64() && !error["data"]["advice"].as_str().unwrap().is_empty(), "{body}");
    error
}

#[test]
fn the_token_is_put_in_and_nothing_of_it_or_of_the_agent_goes_where_it_should_not() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("set-cookie", "a=b".to_owned()),
        ("www-authenticate", "Bearer realm=x".to_owned()),
        ("connection", "x-hop".to_owned()),
        ("x-hop", "1".to_owned()),
        ("x-kept", "1".to_owned()),
    ];
    rogue.reply("/mcp", Reply::Whole(200, headers, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned()));
    let before = rogue.count("/mcp");
    let sent = [
        "Authorization: Bearer mine",
        "Cookie: a=b",
        "Forwarded: for=me",
        "X-Forwarded-For: me",
        "Proxy-Authorization: Basic x",
        "Connection: keep-alive, X-Local",
        "X-Local: 1",
        "Mcp-Valet-Wait: 5",
        "MCP-Protocol-Version: 2026-07-28",
        "Mcp-Method: tools/list",
        "Last-Event-ID: 7",
        "X-Own: 1",
    ];
    let more: Vec<&str> = sent.iter().flat_map(|header| ["-H", header]).collect();
    let answer = valet.proxy("rogue", &list(), &more).expect_status(200);
    for gone in ["set-cookie", "www-authenticate", "x-hop"] {
        assert_eq!(answer.header(gone), None, "{answer:?}");
    }
    assert_eq!(answer.header("x-kept"), Some("1"));
    let arrived = rogue.requests("/mcp").split_off(before);
    let [arrived] = arrived.as_slice() else { panic!("{arrived:?}") };
    let bearer = arrived.headers["authorization"].strip_prefix("Bearer ").unwrap();
    assert!(rogue.accepts(bearer));
    assert!(!format!("{answer:?}").contains(bearer), "the agent saw the token");
    assert!(!valet.log().contains(bearer), "the log has the token");
    for gone in ["cookie", "forwarded", "x-forwarded-for", "proxy-authorization", "x-local", "mcp-valet-wait"]
    {
        assert!(!arrived.headers.contains_key(gone), "{gone} arrived: {arrived:?}");
    }
    for kept in ["mcp-protocol-version", "mcp-method", "last-event-id", "x-own", "accept", "content-type"] {
        assert!(arrived.headers.contains_key(kept), "{kept} is missing: {arrived:?}");
    }
    assert_eq!(serde_json::from_str::<Value>(&arrived.body).unwrap(), list());
    assert_eq!(rogue.origin().strip_prefix("http://").unwrap(), arrived.headers["host"]);
}

#[test]
fn each_request_is_in_the_audit_with_its_method_and_without_its_parameters() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let call =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "PARAMETER" } });
    valet.proxy("rogue", &call, &[]).expect_status(200);
    let audit = valet.get("/v1/audit").expect_status(200);
    let entries = audit.json();
    let entry = entries.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&entry["what"], &entry["server"], &entry["method"]),
        (&json!("proxied"), &json!("rogue"), &json!("tools/call"))
    );
    assert!(!audit.body.contains("PARAMETER"));
}

#[test]
fn a_server_whose_token_is_never_handed_out_works_through_the_proxy() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "handOut": "proxy" } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    assert_eq!(valet.token("rogue").expect_status(403).text("code"), "proxy_only");
    assert_eq!(valet.proxy("rogue", &list(), &[]).expect_status(200).json()["result"], json!({}));
}

#[test]
fn a_token_that_lives_longer_than_a_day_is_handed_out_only_if_the_person_says_so() {
    let (home, rogue) = (Home::new(), Rogue::start());
    for lifetime in [None, Some(90_000)] {
        rogue.token_lifetime(lifetime);
        let valet = Valet::signed_in(&home, &rogue);
        let refusal = valet.token("rogue").expect_status(403);
        assert_eq!(
            (refusal.text("code"), refusal.text("reason")),
            ("proxy_only".to_owned(), "lasting_token".to_owned())
        );
        valet.proxy("rogue", &list(), &[]).expect_status(200);
        valet.stop();
    }
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "handOut": "token" } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn what_stands_in_the_way_is_a_json_rpc_error_and_never_a_401() {
    let (home, rogue) = (Home::new(), Rogue::start());
    asks(&home, &rogue);
    let valet = Valet::start(&home);
    assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["code"], "consent_required");
    assert_eq!(error(valet.proxy("nothing", &list(), &[]))["data"]["code"], "unknown_server");
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    drop(valet);
    let valet = Valet::start(&home);
    let mut numbers = std::collections::HashSet::new();
    let mut told = |code: &str| {
        let error = error(valet.proxy("rogue", &list(), &[]));
        assert_eq!(error["data"]["code"], code);
        assert!(numbers.insert(error["code"].as_i64().unwrap()), "{code} has the number of another");
        let notification = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        let answer = valet.proxy("rogue", &notification, &[]);
        assert!(![200, 202, 401, 403].contains(&answer.status), "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.text("code"), code);
    };
    told("authorization_required");
    valet.cli(&["decline", "rogue"]).expect_code(0);
    told("declined");
    valet.sign_in("rogue");
    rogue.end_grants();
    home.move_clock(601);
    told("lapsed");
    rogue.go_down();
    home.move_clock(0);
    rogue.come_back();
    valet.sign_in("rogue");
    rogue.go_down();
    told("failed");
    rogue.come_back();
    valet.post("/v1/lock", &json!({})).expect_status(204);
    told("locked");
}

#[test]
fn a_denied_agent_is_told_so() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "deny", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["code"], "denied");
}

#[test]
fn a_clients_own_oauth_finds_nothing_on_the_socket() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    for path in [
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp/rogue",
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration/mcp/rogue",
        "/mcp/rogue/.well-known/openid-configuration",
        "/mcp/rogue/",
        "/authorize",
        "/token",
        "/register",
    ] {
        valet.get(path).expect_status(404);
        valet.post(path, &json!({})).expect_status(404);
    }
}

#[test]
fn exactly_the_configured_address_is_asked_and_no_redirect_followed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let before = rogue.count("/mcp");
    valet.curl(&["http://localhost/mcp/rogue?x=1", "--data-raw", &list().to_string()]).expect_status(400);
    assert_eq!(rogue.count("/mcp"), before);
    rogue.reply("/mcp", Reply::Redirect(format!("{}/elsewhere", rogue.origin())));
    let refused = error(valet.proxy("rogue", &list(), &[]));
    assert_eq!(refused["data"]["reason"], "redirect_refused");
    assert!(refused["message"].as_str().unwrap().contains("/elsewhere"));
    assert_eq!(rogue.count("/elsewhere"), 0);
}

#[test]
fn an_agent_that_reads_slowly_holds_the_server_back_and_not_the_valets_memory() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.reply("/mcp", Reply::Endless);
    let before = valet.memory();
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_proxy("rogue", "", &list().to_string());
    agent.reads("200 OK");
    let still = RawClient::connect(&home.socket());
    // Other agents are served while this one does not read on.
    for _ in 0..50 {
        valet.token("rogue").expect_status(200);
    }
    drop(still);
    assert!(valet.memory() < before + (16 << 10), "{} KiB became {}", before, valet.memory());
}

/// An agent that listens to a stream of events from the rogue.
fn listening(home: &Home, rogue: &Rogue) -> RawClient {
    rogue
        .reply("/mcp", Reply::Events(vec![r#"{"jsonrpc":"2.0","method":"notifications/first"}"#.to_owned()]));
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_proxy(
        "rogue",
        "Connection: close\r\nAccept: application/json, text/event-stream\r\n",
        &list().to_string(),
    );
    agent.reads("notifications/first");
    agent
}

#[test]
fn whatever_takes_the_leave_back_ends_an_open_stream_at_once_and_says_why() {
    for (what, code) in [
        ("revoke", "authorization_required"),
        ("decline", "declined"),
        ("lock", "locked"),
        ("remove", "unknown_server"),
    ] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = Valet::signed_in(&home, &rogue);
        let agent = listening(&home, &rogue);
        match what {
            "lock" => valet.post("/v1/lock", &json!({})).expect_status(204),
            "remove" => valet.delete("/v1/servers/rogue").expect_status(200),
            other => valet.post(&format!("/v1/servers/rogue/{other}"), &json!({})).expect_status(200),
        };
        let rest = agent.answer();
        let text = format!("{}{}", rest.head, rest.body);
        // A removal is a revocation first.
        let told = text.contains(&format!("\"code\":\"{code}\"")) || text.contains("authorization_required");
        assert!(told && text.contains("\"id\":1"), "{what}: {text}");
    }
}

#[test]
fn a_valet_that_is_killed_ends_its_streams() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let agent = listening(&home, &rogue);
    valet.kill();
    let rest = agent.answer();
    assert!(!rest.head.contains("error"), "{rest:?}");
}

#[test]
fn an_agent_that_goes_away_lets_the_server_go() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let descriptors = || std::fs::read_dir(format!("/proc/{}/fd", valet.id())).unwrap().count();
    valet.proxy("rogue", &list(), &[]).expect_status(200);
    let agents: Vec<_> = (0..10).map(|_| listening(&home, &rogue)).collect();
    let during = descriptors();
    drop(agents);
    until("both ends of every stream are closed", || (descriptors() + 20 <= during).then_some(()));
}

fn with_session(id: &str) -> Reply {
    let headers = vec![("content-type", "application/json".to_owned()), ("mcp-session-id", id.to_owned())];
    Reply::Whole(200, headers, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned())
}

#[test]
fn a_session_belongs_to_the_agent_that_it_was_given_to() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.reply("/mcp", with_session("session-1"));
    let begun = valet.proxy("rogue", &initialize(), &[]).expect_status(200);
    assert_eq!(begun.header("mcp-session-id"), Some("session-1"));
    let own = ["-H", "Mcp-Session-Id: session-1"];
    valet.proxy("rogue", &list(), &own).expect_status(200);
    let arrived = rogue.count("/mcp");
    let ask =
        "curl -s --unix-socket $SOCKET -H 'Content-Type: application/json' -H 'Mcp-Session-Id: session-1'";
    let other = Agent::new(&home, "another");
    let refused = other.runs(&format!("{ask} --data-raw '{}' http://localhost/mcp/rogue", list())).json();
    assert_eq!((&refused["id"], &refused["error"]["data"]["reason"]), (&json!(1), &json!("unknown_session")));
    valet.proxy("rogue", &list(), &["-H", "Mcp-Session-Id: invented"]).expect_status(404);
    assert_eq!(rogue.count("/mcp"), arrived, "it was asked");
    let delete = ["-X", "DELETE", "http://localhost/mcp/rogue", "-H", "Mcp-Session-Id: session-1"];
    valet.curl(&delete).expect_status(200);
    valet.proxy("rogue", &list(), &own).expect_status(404);
}

#[test]
fn a_yes_for_once_is_for_one_session_and_the_next_one_is_asked_about() {
    let (home, rogue) = (Home::new(), Rogue::start());
    asks(&home, &rogue);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let questions = |terminal: &mcp_valet_tests::Terminal| terminal.screen().matches("Allow [o]nce").count();
    rogue.reply("/mcp", with_session("session-1"));
    let mut agent = RawClient::connect(&home.socket());
    let ask = |agent: &mut RawClient, headers: &str, message: &Value| {
        agent.ask_proxy("rogue", headers, &message.to_string());
    };
    ask(&mut agent, "", &initialize());
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    agent.reads("\"result\"");
    for _ in 0..3 {
        ask(&mut agent, "Mcp-Session-Id: session-1\r\n", &list());
        agent.reads("\"result\"");
    }
    assert_eq!(questions(&terminal), 1);
    ask(&mut agent, "", &initialize());
    until("the second session is asked about", || (questions(&terminal) == 2).then_some(()));
    terminal.types("d");
    agent.reads("\"denied\"");
    ask(&mut agent, "Mcp-Session-Id: session-1\r\n", &list());
    agent.reads("\"denied\"");
}

#[test]
fn where_a_server_knows_no_sessions_a_yes_for_once_is_for_one_run_of_the_program() {
    let (home, rogue) = (Home::new(), Rogue::start());
    asks(&home, &rogue);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_proxy("rogue", "", &initialize().to_string());
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    agent.reads("\"result\"");
    agent.ask_proxy("rogue", "", &list().to_string());
    agent.reads("\"result\"");
    assert_eq!(terminal.screen().matches("Allow [o]nce").count(), 1);
}

#[test]
fn the_official_client_works_over_the_socket_and_begins_no_oauth_of_its_own() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(&home);
    let said = client_on_socket(&home, "toolbox");
    assert!(said.contains("\"code\":\"authorization_required\"") && !said.contains("oauth"), "{said}");
    valet.sign_in("toolbox");
    let said = client_on_socket(&home, "toolbox");
    assert!(said.contains("\"tools\":6") && said.contains("\"hello\"") && !said.contains("oauth"), "{said}");
    until("the session ends", || (server.sessions() == (1, 1)).then_some(()));
}
