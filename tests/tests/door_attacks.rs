//! What the door gives to those whom it was not opened for: nothing.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use mcp_valet_tests::attacker::{self, Attacker, CALLBACK, Form, PING, VERIFIER};
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Rogue, Terminal, Valet, until};
use serde_json::{Value, json};

/// A door to one server that is signed in.
fn open<'home>(home: &'home Home, rogue: &Rogue, more: &Value) -> (Door, Valet<'home>, Terminal) {
    rogue.is_a_server();
    let door = Door::configure(home, &[("rogue", &rogue.mcp())], more);
    let (valet, terminal) = door.valet(home);
    valet.sign_in("rogue");
    (door, valet, terminal)
}

#[test]
fn a_page_in_the_browser_gets_nothing_by_name_frame_form_or_navigation() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (door, _valet, mut terminal) = open(&home, &rogue, &json!({}));
    let attacker = Attacker::new(&door);
    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f");
    let token = format!("Authorization: Bearer {}", client.does("tokens")["access_token"].as_str().unwrap());
    let asked = terminal.screen().matches("wants to use").count();
    // A name that was rebound to this machine, and a page of another origin, even with a token.
    for (header, status) in [
        ("Host: evil.example", 421),
        ("Host: localhost", 421),
        ("Origin: http://evil.example", 403),
        ("Origin: null", 403),
    ] {
        let message = ["-H", header, "-H", &token, "-H", "Content-Type: application/json", "-d", PING];
        attacker.get("/mcp/rogue", &message).expect_status(status);
    }
    let id = attacker.client();
    // What another page embeds or has fetched is no page that somebody sees.
    for header in [
        "Sec-Fetch-Dest: iframe",
        "Sec-Fetch-Dest: image",
        "Sec-Fetch-Mode: no-cors",
        "Sec-Purpose: prefetch",
    ] {
        attacker.get(&attacker.request(&id, ("state", "s")), &["-H", header]).expect_status(403);
    }
    // Navigation asks nothing, and its page stands in no frame.
    let page = attacker.get(&attacker.request(&id, ("state", "s")), &[]).expect_status(200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert_eq!(
        (page.header("x-frame-options"), page.header("cache-control")),
        (Some("DENY"), Some("no-store"))
    );
    let form = Form::of(&page);
    let (cookie, body) = (&form.cookie, format!("csrf={}&decision=go_on", form.csrf));
    let own = format!("Origin: {}", door.origin);
    // A form of another page, of one that hides where it is, and one of another browser.
    for (headers, status) in [
        (vec![cookie.as_str(), "Origin: http://evil.example"], 403),
        (vec![cookie.as_str(), "Origin: null"], 403),
        (vec![cookie.as_str()], 403),
        (vec![cookie.as_str(), own.as_str(), "Sec-Fetch-Site: cross-site"], 403),
    ] {
        let headers: Vec<&str> = headers.iter().flat_map(|header| ["-H", header]).collect();
        attacker.get("/authorize", &[&headers[..], &["-d", &body]].concat()).expect_status(status);
    }
    attacker.get("/authorize", &["-H", &own, "-d", &body]).expect_status(403);
    let other = Form { csrf: form.csrf.clone(), cookie: Form::of(&attacker.page(&id)).cookie };
    attacker.goes_on(&other).expect_status(403);
    // What it is about stands under a seal.
    let (seal, sealed) = form.csrf.split_once('.').unwrap();
    for csrf in [sealed.to_owned(), format!("{seal}.9{sealed}"), format!("{}A", form.csrf)] {
        attacker.goes_on(&Form { csrf, cookie: form.cookie.clone() }).expect_status(410);
    }
    for path in ["/authorize/wait?ticket=made-up", "/authorize/wait", "/authorize/wait?ticket=made-up&back=1"]
    {
        attacker.get(path, &[]).expect_status(410);
    }
    assert_eq!(terminal.screen().matches("wants to use").count(), asked);
    // Nothing of the socket is at the door.
    for path in ["/v1/servers", "/v1/token", "/v1/health", "/v1/door", "/callback"] {
        assert_eq!(attacker.get(path, &["-H", &token]).status, 404, "{path}");
    }
}

#[test]
fn a_request_out_of_order_leads_nowhere_and_forged_headers_change_no_document() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let listed = "https://app.example.com/cb";
    let (door, _valet, _terminal) = open(&home, &rogue, &json!({ "redirects": [listed] }));
    let attacker = Attacker::new(&door);
    let uris = |uris: &[&str]| json!({ "redirect_uris": uris, "token_endpoint_auth_method": "none" });
    for uri in [
        "https://evil.example/cb",
        "https://app.example.com/cb/",
        "javascript:alert(1)",
        "http://evil.example",
    ] {
        let refused = attacker.register(&uris(&[uri])).expect_status(400);
        assert_eq!(refused.text("error"), "invalid_redirect_uri", "{uri}");
    }
    // A client that works in several places keeps those that are allowed here.
    let several = attacker.register(&uris(&["https://evil.example/cb", listed, CALLBACK])).expect_status(201);
    assert_eq!(several.json()["redirect_uris"], json!([listed, CALLBACK]));

    let id = attacker.client();
    // Who or where is not certain: the browser stays.
    for change in [
        ("redirect_uri", "http://127.0.0.1:43117/other"),
        ("redirect_uri", "http://localhost:43117/callback"),
        ("redirect_uri", "http://2130706433:43117/callback"),
        ("redirect_uri", "https://evil.example/cb"),
        ("client_id", "made-up"),
    ] {
        let page = attacker.get(&attacker.request(&id, change), &[]).expect_status(400);
        assert_eq!(page.header("location"), None, "{change:?}");
    }
    // The port alone is the client's to choose (RFC 8252, section 7.3).
    attacker
        .get(&attacker.request(&id, ("redirect_uri", "http://127.0.0.1:1/callback")), &[])
        .expect_status(200);
    for (change, error) in [
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("resource", ""), "invalid_target"),
        (("resource", "https://mcp.example.com/mcp"), "invalid_target"),
        (("resource", &format!("{}/mcp/none", door.origin)), "invalid_target"),
        (("resource", &format!("{}/mcp/rogue/", door.origin)), "invalid_target"),
    ] {
        let back = attacker.get(&attacker.request(&id, change), &[]).expect_status(303);
        let back = url::Url::parse(back.header("location").unwrap()).unwrap();
        let told: std::collections::HashMap<_, _> = back.query_pairs().into_owned().collect();
        assert_eq!((told["error"].as_str(), told["state"].as_str()), (error, "s"), "{change:?}");
        assert_eq!(told["iss"], door.origin);
    }
    // What stands in front of the door may say what it likes.
    let forged = [
        ["-H", "X-Forwarded-Host: evil.example"],
        ["-H", "X-Forwarded-Proto: https"],
        ["-H", "Forwarded: host=evil.example;proto=https"],
        ["-H", "X-Forwarded-For: 127.0.0.1"],
    ]
    .concat();
    let metadata = "/.well-known/oauth-authorization-server";
    let resource = "/.well-known/oauth-protected-resource/mcp/rogue";
    for path in [metadata, resource] {
        let plain = attacker.get(path, &[]).expect_status(200).json();
        assert_eq!(attacker.get(path, &forged).expect_status(200).json(), plain);
        assert!(!plain.to_string().contains("evil"), "{plain}");
    }
    assert_eq!(attacker.get(metadata, &[]).text("issuer"), door.origin);
    assert_eq!(attacker.get(resource, &[]).json()["resource"], door.mcp("rogue"));
    let bare = attacker.get("/mcp/rogue", &[&forged[..], &["-d", PING]].concat()).expect_status(401);
    let challenge = bare.header("www-authenticate").unwrap();
    assert!(challenge.contains(&format!(r#"resource_metadata="{}{resource}""#, door.origin)), "{challenge}");
    // A server that is not there looks the same from outside.
    attacker.get("/mcp/none", &["-d", PING]).expect_status(401);
}

#[test]
fn a_stolen_code_a_replayed_ticket_and_a_flood_of_clients_come_to_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (door, valet, mut terminal) = open(&home, &rogue, &json!({}));
    let attacker = Attacker::new(&door);
    let id = attacker.client();
    let form = Form::of(&attacker.page(&id));
    let waits = attacker.goes_on(&form).expect_status(303);
    // It is answered once.
    attacker.goes_on(&form).expect_status(410);
    let ticket = waits.header("location").unwrap().strip_prefix(&door.origin).unwrap().to_owned();
    let cookie = attacker::cookie(&waits);
    terminal.shows("wants to use");
    // Another browser does not get on with it.
    attacker.get(&format!("{ticket}&held=1"), &[]).expect_status(410);
    terminal.types("f");
    let back = attacker.get(&format!("{ticket}&held=1"), &["-H", &cookie]).expect_status(303);
    let back = url::Url::parse(back.header("location").unwrap()).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    attacker.get(&format!("{ticket}&held=1"), &["-H", &cookie]).expect_status(410);

    let exchange = |client: &str, verifier: &str| {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("client_id", client),
                ("redirect_uri", CALLBACK),
                ("code_verifier", verifier),
                ("resource", &attacker.resource),
            ])
            .finish();
        attacker.get("/token", &["-d", &body])
    };
    // Of another client, and without what only the client has: and that spends it.
    assert_eq!(exchange(&attacker.client(), VERIFIER).expect_status(400).text("error"), "invalid_grant");
    let guessed = "another-verifier-that-is-long-enough-for-the-rules-01234";
    assert_eq!(exchange(&id, guessed).expect_status(400).text("error"), "invalid_grant");
    assert_eq!(exchange(&id, VERIFIER).expect_status(400).text("error"), "invalid_grant");
    assert_eq!(valet.get("/v1/door").json(), json!([]), "what came to nothing is not listed");

    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f");
    let metadata = json!({ "redirect_uris": [CALLBACK] }).to_string();
    attacker
        .get("/register?[1-300]", &["-H", "Content-Type: application/json", "-d", &metadata])
        .expect_status(201);
    assert_eq!(client.does("refresh")["status"], 200, "who is in use is not pushed out");
    // While the valet is locked nothing is answered, and it goes on afterwards.
    valet.cli(&["lock"]).expect_code(0);
    // The lock ends connections, and one may have a request on its way.
    let told = until("it is answered", || Some(client.does("ask")).filter(|told| told["text"].is_string()));
    assert!(told["text"].as_str().unwrap().contains("locked"), "{told}");
}

#[test]
fn another_user_of_the_machine_is_not_answered() {
    if !rustix::process::getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let (door, _valet, _terminal) = open(&home, &rogue, &json!({}));
    let address = format!("{}/.well-known/oauth-authorization-server", door.origin);
    let asks = |user: &str| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", user, "--clear-groups", "curl", "-s", "-m", "10", &address]);
        command.output().unwrap()
    };
    assert!(asks("0").status.success());
    let other = asks("65534");
    assert!(!other.status.success() && other.stdout.is_empty(), "{other:?}");
}

/// Connects as often as it can, says nothing, and stays.
const CROWD: &str = "
import socket, sys, time
port, many = int(sys.argv[1]), int(sys.argv[2])
all = []
for _ in range(many):
    one = socket.create_connection(('127.0.0.1', port))
    one.settimeout(30)
    all.append(one)
print('refused', sum(one.recv(1) == b'' for one in all), flush=True)
";

#[test]
fn connections_of_another_user_take_no_place_of_this_one() {
    if !rustix::process::getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let (door, _valet, mut terminal) = open(&home, &rogue, &json!({}));
    let streams = rogue.streams();
    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f");
    let token = client.does("tokens")["access_token"].as_str().unwrap().to_owned();
    let authorization = format!("Authorization: Bearer {token}");
    let mut listens = home.command("curl");
    listens.args(["-s", "-N", "-H", &authorization, "-H", "Accept: text/event-stream", &door.mcp("rogue")]);
    let mut stream = home.spawn(&mut listens, "stream");
    until("the stream has begun", || stream.stdout().contains("here").then_some(()));
    let mut crowd = Command::new("setpriv");
    crowd.args([
        "--reuid",
        "65534",
        "--clear-groups",
        "/usr/bin/python3",
        "-c",
        CROWD,
        &door.port.to_string(),
        "600",
    ]);
    let output = crowd.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "refused 600\n", "{output:?}");
    assert_eq!(client.does("ask")["status"], 200);
    streams.says("after");
    until("the stream goes on", || stream.stdout().contains("after").then_some(()));
    assert!(stream.ended().is_none());
}

#[test]
fn a_flood_of_pages_pushes_out_none_that_somebody_looks_at() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (door, _valet, mut terminal) = open(&home, &rogue, &json!({}));
    let attacker = Attacker::new(&door);
    let id = attacker.client();
    let form = Form::of(&attacker.page(&id));
    let request = attacker.request(&id, ("state", "s"));
    let flood = format!("{request}&n=[1-500]");
    attacker.get(&flood, &["-o", "/dev/null"]);
    attacker.goes_on(&form).expect_status(303);
    terminal.shows("wants to use");
    terminal.types("n");
    // A browser has one cookie for all of them, and a request that no page has room for is none.
    let again = attacker.get(&request, &["-H", &form.cookie]).expect_status(200);
    assert_eq!(attacker::cookie(&again), form.cookie);
    attacker.get(&format!("{request}&x={}", "x".repeat(20_000)), &[]).expect_status(414);
}

#[test]
fn who_asks_from_outside_again_and_again_is_put_off_for_longer_each_time() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let outside = "https://valet.example.com";
    let more = json!({ "externalUrl": outside, "redirects": ["http://127.0.0.1/callback"] });
    let (door, _valet, mut terminal) = open(&home, &rogue, &more);
    let attacker = Attacker::wants(&door, &format!("{outside}/mcp/rogue"));
    let asked = |terminal: &Terminal| terminal.screen().matches("wants to use").count();
    let refuses = |terminal: &mut Terminal| {
        let before = asked(terminal);
        let (path, cookie) = attacker.waits(&attacker.client());
        until("the person is asked", || (asked(terminal) > before).then_some(()));
        terminal.types("n");
        let back = attacker.get(&format!("{path}&held=1"), &["-H", &cookie]).expect_status(303);
        assert!(back.header("location").unwrap().contains("error=access_denied"), "{back:?}");
    };
    // As somebody else each time, which costs nothing.
    let is_put_off = || {
        let form = Form::of(&attacker.page(&attacker.client()));
        let back = attacker.goes_on(&form).expect_status(303);
        back.header("location").unwrap().contains("error=temporarily_unavailable")
    };
    refuses(&mut terminal);
    assert!(is_put_off());
    home.move_clock(61);
    refuses(&mut terminal);
    home.move_clock(61 + 61);
    assert!(is_put_off());
    home.move_clock(61 + 121);
    let before = asked(&terminal);
    let (path, cookie) = attacker.waits(&attacker.client());
    until("the person is asked", || (asked(&terminal) > before).then_some(()));
    terminal.types("f");
    let back = attacker.get(&format!("{path}&held=1"), &["-H", &cookie]).expect_status(303);
    assert!(back.header("location").unwrap().contains("code="), "{back:?}");
    assert!(!is_put_off(), "a yes ends that");
}
