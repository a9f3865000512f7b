//! What the door gives to those whom it was not opened for: nothing.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, HttpResponse, Rogue, Terminal, Valet, curl};
use serde_json::{Value, json};

const CALLBACK: &str = "http://127.0.0.1:43117/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rules-0123456789";
/// S256 of it.
const CHALLENGE: &str = "x3oYpN92HYfw9318G1IAkXGSBuNB6F_meaY5VhBR3DE";
const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

/// A door to one server that is signed in.
fn open<'home>(home: &'home Home, rogue: &Rogue, more: &Value) -> (Door, Valet<'home>, Terminal) {
    rogue.is_a_server();
    let door = Door::configure(home, &[("rogue", &rogue.mcp())], more);
    let (valet, terminal) = door.valet(home);
    valet.sign_in("rogue");
    (door, valet, terminal)
}

impl Attacker {
    fn new(door: &Door) -> Self {
        Self { origin: door.origin.clone(), resource: door.mcp("rogue") }
    }

    fn get(&self, path: &str, more: &[&str]) -> HttpResponse {
        curl(&[more, &[&format!("{}{path}", self.origin)]].concat())
    }

    fn register(&self, metadata: &Value) -> HttpResponse {
        let body = metadata.to_string();
        self.get("/register", &["-H", "Content-Type: application/json", "-d", &body])
    }

    fn client(&self) -> String {
        let metadata = json!({ "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none" });
        self.register(&metadata).expect_status(201).text("client_id")
    }

    /// The path of a request for authorization, with a part of it changed.
    fn request(&self, client: &str, change: (&str, &str)) -> String {
        let mut all = vec![
            ("client_id", client),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", &self.resource),
            ("state", "s"),
        ];
        all.retain(|(name, _)| *name != change.0);
        all.push(change);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        format!("/authorize?{query}")
    }
}

/// Somebody who reaches the door's port.
struct Attacker {
    origin: String,
    resource: String,
}

/// What the form of a page has, and the cookie that came with it.
fn form(page: &HttpResponse) -> (String, String) {
    let csrf = page.body.split(r#"name="csrf" value=""#).nth(1).unwrap().split('"').next().unwrap();
    let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap();
    (csrf.to_owned(), cookie.to_owned())
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
    // What another page embeds or has fetched takes no room for pages that are seen.
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
    let (csrf, cookie) = form(&page);
    let (cookie, body) = (format!("Cookie: {cookie}"), format!("csrf={csrf}&decision=go_on"));
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
    // That one has spent the page: it cannot be guessed at.
    attacker.get("/authorize", &["-H", &own, "-H", &cookie, "-d", &body]).expect_status(410);
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
    let page = attacker.get(&attacker.request(&id, ("state", "s")), &[]).expect_status(200);
    let (csrf, cookie) = form(&page);
    let own = format!("Origin: {}", door.origin);
    let body = format!("csrf={csrf}&decision=go_on");
    let sent = ["-H", &own, "-H", &format!("Cookie: {cookie}"), "-d", &body];
    let waits = attacker.get("/authorize", &sent).expect_status(303);
    let ticket = waits.header("location").unwrap().strip_prefix(&door.origin).unwrap().to_owned();
    let cookie = format!("Cookie: {}", waits.header("set-cookie").unwrap().split(';').next().unwrap());
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
    let locked = client.does("ask");
    assert!(locked["text"].as_str().unwrap().contains("locked"), "{locked}");
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
