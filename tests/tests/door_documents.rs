//! Clients of the door that are known by a document, which is fetched from the open internet alone, where it
//! stands, and a few at a time.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fs, thread};

use mcp_valet_tests::attacker::{Attacker, CALLBACK, Form};
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Internet, Reply, Rogue, curl};
use serde_json::{Value, json};

const DOCUMENT: &str = "https://app.example/client.json";

/// What a document says whose address is this.
fn document(id: &str) -> Value {
    json!({
        "client_id": id, "client_name": "Chat App", "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"],
    })
}

/// A door of a valet that reaches the internet, with a server that is signed in, and the host of a client's
/// document.
fn with_document(home: &Home, internet: &Internet) -> (Door, Rogue, Rogue) {
    let (rogue, app) = (Rogue::start(), internet.server("app.example"));
    rogue.is_a_server();
    app.reply("/client.json", Reply::Json(200, document(DOCUMENT)));
    let door = Door::at_free_port();
    let settings = json!({ "agents": "ask", "door": door.setting(&json!({})) });
    internet.configure_with(home, &json!({ "rogue": { "url": rogue.mcp() } }), "memory", settings);
    (door, rogue, app)
}

#[test]
fn a_client_with_a_document_is_asked_about_by_its_host_and_its_document_counts_each_time() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (door, _rogue, app) = with_document(&home, &internet);
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let mut client = WebClient::with(&home, &door.mcp("rogue"), &[("DOOR_DOCUMENT", DOCUMENT)]);
    // Nothing is fetched before somebody goes on.
    client.does("stop");
    client.does("connect");
    assert_eq!(app.count("/client.json"), 0);
    client.does("go");
    let went = client.connects(&mut terminal, "f");
    assert_eq!(went["connected"], true, "{went}");
    assert!(terminal.screen().contains("app.example (Chat App, it says)"), "{}", terminal.screen());
    assert_eq!((app.count("/client.json"), &client.does("tokens")["client"]), (1, &json!(DOCUMENT)));
    assert_eq!(client.does("refresh"), json!({ "status": 200, "fresh": true }));
    // Its ID may be anybody's who copies it. The person is asked again, and answers go where the document
    // says.
    let mut copy = WebClient::with(&home, &door.mcp("rogue"), &[("DOOR_DOCUMENT", DOCUMENT)]);
    let denied = copy.connects(&mut terminal, "n");
    assert_eq!(denied["back"]["error"], "access_denied", "{denied}");
    let elsewhere = [("DOOR_DOCUMENT", DOCUMENT), ("DOOR_REDIRECT", "http://127.0.0.1:1/elsewhere")];
    let foreign = WebClient::with(&home, &door.mcp("rogue"), &elsewhere).does("connect");
    assert_eq!((&foreign["status"], &foreign["back"]), (&json!(400), &Value::Null), "{foreign}");
    // The document is gone, or another's: nobody is asked.
    for reply in [
        Reply::Bare(404, Vec::new()),
        Reply::Json(
            200,
            json!({ "client_id": "https://app.example/other.json", "redirect_uris": [CALLBACK] }),
        ),
        Reply::Json(200, json!({ "client_id": DOCUMENT, "redirect_uris": ["https://app.example/cb"] })),
    ] {
        app.reply("/client.json", reply);
        let refused = copy.does("connect");
        assert_eq!((&refused["status"], &refused["back"]), (&json!(400), &Value::Null), "{refused}");
    }
}

#[test]
fn after_a_restart_a_client_with_a_document_is_asked_to_sign_in_again_and_keeps_its_id() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (door, _rogue, _app) = with_document(&home, &internet);
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let mut client = WebClient::with(&home, &door.mcp("rogue"), &[("DOOR_DOCUMENT", DOCUMENT)]);
    client.connects(&mut terminal, "f");
    client.does("leave");
    valet.stop();
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    assert_eq!(client.does("ask")["status"], 401);
    // Many that hear that they are unknown give up what they are known by.
    assert_eq!(client.does("refresh")["error"], "invalid_grant");
    assert_eq!(client.does("revoke")["status"], 200);
    let went = client.connects(&mut terminal, "f");
    assert_eq!((&went["connected"], &client.does("tokens")["client"]), (&json!(true), &json!(DOCUMENT)));
    assert_eq!(terminal.screen().matches("wants to use").count(), 1);
}

#[test]
fn a_document_at_an_address_of_this_machine_is_not_fetched() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let own_name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    for host in ["127.0.0.1", "localhost", own_name.trim(), "[::1]", "10.0.0.1", "169.254.169.254"] {
        let document = format!("https://{host}:{}/client.json", rogue.address().port());
        let asked = rogue.count("/client.json");
        let mut client = WebClient::with(&home, &door.mcp("rogue"), &[("DOOR_DOCUMENT", &document)]);
        let refused = client.does("connect");
        assert_eq!((&refused["status"], &refused["back"]), (&json!(400), &Value::Null), "{host}: {refused}");
        assert_eq!(rogue.count("/client.json"), asked, "{host}");
    }
    assert!(!terminal.screen().contains("wants to use"), "{}", terminal.screen());
    // An address that is no document's is no client.
    for id in
        ["http://app.example/client.json", "https://app.example", "https://app.example/a/../client.json"]
    {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("client_id", id).finish();
        curl(&[&format!("{}/authorize?{query}", door.origin)]).expect_status(400);
    }
}

/// *Go on* on the page about a client with this ID, which is the address of a document.
fn goes_on(attacker: &Attacker, id: &str) -> mcp_valet_tests::HttpResponse {
    attacker.goes_on(&Form::of(&attacker.page(id)))
}

#[test]
fn a_document_counts_where_it_stands_alone_and_is_no_longer_than_one_may_be() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (door, _rogue, app) = with_document(&home, &internet);
    let (valet, terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let (attacker, evil) = (Attacker::new(&door), internet.server("evil.example"));
    evil.reply("/client.json", Reply::Json(200, document(DOCUMENT)));
    let mut long = document(DOCUMENT);
    long["client_name"] = "A name ".repeat(500_000).into();
    for reply in [
        // Who leads elsewhere vouches for nobody there, and a host that redirects anywhere is not rare.
        Reply::Redirect("https://evil.example/client.json".to_owned()),
        Reply::Redirect("https://app.example/moved.json".to_owned()),
        Reply::Redirect("https://127.0.0.1/client.json".to_owned()),
        Reply::Json(203, document(DOCUMENT)),
        Reply::Json(200, long),
        Reply::Endless,
        Reply::BreaksOff("application/json", document(DOCUMENT).to_string()[..40].to_owned()),
        Reply::Json(200, json!([document(DOCUMENT)])),
        Reply::Html(200, "<html></html>".to_owned()),
    ] {
        app.reply("/moved.json", Reply::Json(200, document(DOCUMENT)));
        app.reply("/client.json", reply.clone());
        let page = goes_on(&attacker, DOCUMENT).expect_status(400);
        assert!(
            page.body.contains("app.example") && page.header("location").is_none(),
            "{reply:?}: {page:?}"
        );
    }
    assert_eq!((evil.count("/client.json"), app.count("/moved.json")), (0, 0));
    assert!(!terminal.screen().contains("wants to use"), "{}", terminal.screen());
    // What has a redirect in its own query is another address, and so another client.
    app.reply("/client.json", Reply::Json(200, document(DOCUMENT)));
    goes_on(&attacker, &format!("{DOCUMENT}?to=https://evil.example/client.json")).expect_status(400);
    goes_on(&attacker, DOCUMENT).expect_status(303);
}

#[test]
fn four_documents_are_fetched_at_a_time_and_who_comes_then_is_told_to_come_again() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (door, _rogue, app) = with_document(&home, &internet);
    let (valet, _terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let attacker = Attacker::new(&door);
    let slow = ["/1.json", "/2.json", "/3.json", "/4.json"];
    let id = |path: &str| format!("https://app.example{path}");
    let gates = slow.map(|path| {
        app.reply(path, Reply::Json(200, document(&id(path))));
        app.hold(path)
    });
    thread::scope(|all| {
        let under_way = slow.map(|path| all.spawn(|| goes_on(&attacker, &id(path)).status));
        gates.iter().for_each(mcp_valet_tests::Gate::reached);
        let page = goes_on(&attacker, DOCUMENT).expect_status(503);
        assert_eq!(page.header("location"), None);
        assert_eq!(app.count("/client.json"), 0, "{page:?}");
        // Who has registered needs none of these places.
        attacker.waits(&attacker.client());
        gates.iter().for_each(mcp_valet_tests::Gate::open);
        for one in under_way {
            assert_eq!(one.join().unwrap(), 303);
        }
    });
    goes_on(&attacker, DOCUMENT).expect_status(303);
    assert_eq!(app.count("/client.json"), 1);
}
