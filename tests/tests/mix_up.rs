//! Issuers that do not say who they are (RFC 9207): none gets what comes back from another, whatever is
//! signed in, and in whatever order things happen (RFC 9700 §4.4).

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, HttpResponse, Internet, Keychain, Reply, Rogue, Valet, curl, free_port, until};
use serde_json::{Value, json};
use url::Url;

const ISS: &str = "authorization_response_iss_parameter_supported";
const DOCUMENT: &str = "https://me.example/client.json";

/// An issuer, and its server, that does not say who it is.
fn silent() -> Rogue {
    silenced(Rogue::start())
}

fn silenced(rogue: Rogue) -> Rogue {
    rogue.edit_metadata(ISS, Value::Null);
    rogue.gives_iss(None);
    rogue
}

/// Servers with clients made by hand, all with one ID and one redirect URI.
fn configure(home: &Home, servers: &[(&str, &Rogue)], port: u16) {
    let entry = |rogue: &Rogue| json!({ "url": rogue.mcp(), "oauth": { "clientId": "public", "callbackPort": port } });
    let servers: serde_json::Map<String, Value> =
        servers.iter().map(|(name, rogue)| ((*name).to_owned(), entry(rogue))).collect();
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "keychain" } }));
}

fn authorize(valet: &Valet<'_>, name: &str) -> HttpResponse {
    valet.post(&format!("/v1/servers/{name}/authorize"), &json!({}))
}

#[track_caller]
fn refused(valet: &Valet<'_>, name: &str, reason: &str) -> HttpResponse {
    let answer = authorize(valet, name).expect_status(502);
    assert_eq!(answer.text("reason"), reason, "{answer:?}");
    answer
}

fn comes_back(rogue: &Rogue, valet: &Valet<'_>, name: &str) {
    curl(&[rogue.agree(&valet.begin(name)).as_str()]).expect_status(200);
    valet.settles(name, "ready");
}

fn parameter(authorization: &Url, name: &str) -> String {
    authorization.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[test]
fn a_redirect_uri_stays_its_issuers_after_a_revocation_a_removal_and_a_restart() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (good, harmless) = (silent(), silent());
    let port = free_port();
    configure(&home, &[("good", &good)], port);
    let valet = Valet::start(&home);
    comes_back(&good, &valet, "good");
    valet.cli(&["revoke", "good"]).expect_code(0);
    valet.stop();
    configure(&home, &[("good", &good), ("harmless", &harmless)], port);
    let valet = Valet::start(&home);
    let told = refused(&valet, "harmless", "redirect_uri_shared");
    assert!(told.text("detail").contains(&good.origin()[7..]), "{told:?}");
    assert!(told.text("advice").contains("callbackPath"), "{told:?}");
    valet.stop();

    configure(&home, &[("harmless", &harmless)], port);
    let valet = Valet::start(&home);
    refused(&valet, "harmless", "redirect_uri_shared");
    // What it says of itself is its own to say.
    harmless.edit_metadata(ISS, json!(true));
    refused(&valet, "harmless", "redirect_uri_shared");
    assert_eq!((harmless.count("/authorize"), harmless.count("/token")), (0, 0));

    valet.stop();
    configure(&home, &[("good", &good), ("harmless", &harmless)], port);
    let valet = Valet::start(&home);
    comes_back(&good, &valet, "good");
}

#[test]
fn one_client_id_is_no_sign_of_one_issuer_where_nobody_has_signed_in_yet() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (good, harmless, same) = (silent(), silent(), Rogue::start());
    harmless.edit_metadata("authorization_endpoint", json!(format!("{}/authorize", good.origin())));
    same.edit("/.well-known/oauth-protected-resource/mcp", "authorization_servers", json!([good.origin()]));
    let port = free_port();
    configure(&home, &[("good", &good), ("harmless", &harmless), ("same", &same)], port);
    let valet = Valet::start(&home);
    refused(&valet, "harmless", "redirect_uri_shared");
    assert_eq!((good.count("/authorize"), harmless.count("/token")), (0, 0));
    // Nor does one that only wants to begin stand in the way of those who are at one place.
    configure(&home, &[("good", &good), ("same", &same)], port);
    until("the edit is seen", || (valet.get("/v1/servers/harmless").status == 404).then_some(()));
    comes_back(&good, &valet, "good");
    comes_back(&good, &valet, "same");
}

#[test]
fn a_page_of_an_issuer_that_is_known_leads_to_no_other() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (good, harmless) = (silent(), silent());
    harmless.edit_metadata("authorization_endpoint", json!(format!("{}/authorize", good.origin())));
    home.configure(&json!({
        "mcpServers": { "good": { "url": good.mcp() }, "harmless": { "url": harmless.mcp() } },
        "valet": { "agents": "ask", "vault": "keychain" },
    }));
    let valet = Valet::start(&home);
    // As long as nobody knows better, pages may be anywhere.
    let early = good.agree(&valet.begin("harmless"));
    comes_back(&good, &valet, "good");
    // By now they do, and what was begun before comes to nothing.
    assert!(curl(&[early.as_str()]).body.contains("harmless is not ready"));
    assert_eq!(harmless.count("/token"), 0);
    valet.cli(&["revoke", "good"]).expect_code(0);
    let told = refused(&valet, "harmless", "page_shared");
    for named in [&good, &harmless] {
        assert!(told.text("detail").contains(&named.origin()[7..]), "{told:?}");
    }
    valet.stop();
    let valet = Valet::start(&home);
    refused(&valet, "harmless", "page_shared");
    // Nor is a code redeemed there, wherever the page is.
    harmless.behave("/.well-known/oauth-authorization-server");
    harmless.edit_metadata("token_endpoint", json!(format!("{}/token", good.origin())));
    refused(&valet, "harmless", "page_shared");
    // Who writes the issuer down knows it.
    home.configure(&json!({
        "mcpServers": { "harmless": { "url": harmless.mcp(), "oauth": { "authorizationServer": harmless.origin() } } },
        "valet": { "agents": "ask", "vault": "keychain" },
    }));
    valet.stop();
    let valet = Valet::start(&home);
    authorize(&valet, "harmless").expect_status(200);
}

#[test]
fn the_person_is_asked_with_both_named_and_gives_the_redirect_uri_away() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (good, moved) = (silent(), silent());
    let port = free_port();
    configure(&home, &[("good", &good), ("moved", &moved)], port);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let authorizing = home.start_cli(&["authorize", "good", "--no-browser"]);
    // The other one signs in elsewhere, as its server says.
    let asked = terminal.shows("Give that address to");
    assert!(asked.contains("\"moved\"") && asked.contains(&good.origin()[7..]), "{asked}");
    terminal.types("y");
    until("the sign-in waits", || (valet.server("good")["attempt"] == "waiting").then_some(()));
    drop(authorizing);
    comes_back(&good, &valet, "good");

    let said_no = home.start_cli(&["authorize", "moved", "--no-browser"]);
    terminal.shows(&format!("belongs to {} (\"good\")", &good.origin()[7..]));
    terminal.types("n");
    terminal.shows("The sign-in goes no further.");
    valet.settles("moved", "failed");
    drop(said_no);
    assert_eq!(moved.count("/token"), 0);

    let said_yes = home.start_cli(&["authorize", "moved", "--no-browser"]);
    until("it is asked again", || (terminal.screen().matches("belongs to").count() > 2).then_some(()));
    terminal.types("y");
    until("the sign-in waits", || (valet.server("moved")["attempt"] == "waiting").then_some(()));
    drop(said_yes);
    comes_back(&moved, &valet, "moved");
    valet.stop();

    let valet = Valet::start(&home);
    valet.token("moved");
    refused(&valet, "good", "redirect_uri_shared");
}

#[test]
fn issuers_that_shared_a_redirect_uri_before_are_shown_and_go_on() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (one, two, third) = (silent(), silent(), silent());
    let port = free_port();
    let uri = format!("http://localhost:{port}/callback");
    let state = home.path().join("state/mcp-valet");
    std::fs::create_dir_all(&state).unwrap();
    let issuers = json!({ one.origin(): {}, two.origin(): {} });
    let ledger = json!({ "ledger": { "seeded": true, "redirect_uris": { uri.clone(): issuers } } });
    std::fs::write(state.join("servers.json"), ledger.to_string()).unwrap();
    configure(&home, &[("one", &one), ("two", &two), ("third", &third)], port);
    let valet = Valet::start(&home);
    comes_back(&one, &valet, "one");
    comes_back(&two, &valet, "two");
    let health = valet.get("/v1/health").expect_status(200).body;
    assert!(health.contains(&uri) && health.contains("callbackPath"), "{health}");
    refused(&valet, "third", "redirect_uri_shared");
}

#[test]
fn a_sign_in_on_another_device_does_not_go_by_another_issuers_page() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (good, harmless) = (Rogue::start(), Rogue::start());
    good.edit_metadata("device_authorization_endpoint", json!(format!("{}/device", good.origin())));
    harmless.edit_metadata("device_authorization_endpoint", json!(format!("{}/device", good.origin())));
    let code = json!({
        "device_code": "d", "user_code": "ABCD", "expires_in": 600, "interval": 1,
        "verification_uri": format!("{}/activate", good.origin()),
    });
    good.reply("/device", Reply::Json(200, code.clone()));
    configure(&home, &[("good", &good), ("harmless", &harmless)], free_port());
    let valet = Valet::start(&home);
    let device =
        |name: &str| valet.post(&format!("/v1/servers/{name}/authorize"), &json!({ "device": true }));
    // The code would be redeemed elsewhere than it was given, and nobody has signed in yet.
    assert_eq!(device("harmless").expect_status(502).text("reason"), "page_shared");
    assert_eq!((good.count("/device"), harmless.count("/token")), (0, 0));
    comes_back(&good, &valet, "good");
    // Nor is a code typed at a page that is known to be another's.
    harmless.edit_metadata("device_authorization_endpoint", json!(format!("{}/device", harmless.origin())));
    harmless.reply("/device", Reply::Json(200, code));
    assert_eq!(device("harmless").expect_status(502).text("reason"), "page_shared");
    device("good").expect_status(200);
}

#[test]
fn a_client_with_a_document_has_a_path_for_each_issuer_and_the_person_is_told_which_to_add() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let taker = |host| {
        let rogue = silenced(internet.server(host));
        rogue.edit_metadata("client_id_metadata_document_supported", json!(true));
        rogue.edit_metadata("registration_endpoint", Value::Null);
        rogue
    };
    let (one, two, me) = (taker("one.example"), taker("two.example"), internet.server("me.example"));
    let host = |uris: &[&str]| {
        let document =
            json!({ "client_id": DOCUMENT, "redirect_uris": uris, "token_endpoint_auth_method": "none" });
        me.reply("/client.json", Reply::Json(200, document));
    };
    let port = free_port();
    let usual = format!("http://localhost:{port}/callback");
    let oauth = json!({ "callbackPort": port });
    let servers =
        json!({ "one": { "url": one.mcp(), "oauth": oauth }, "two": { "url": two.mcp(), "oauth": oauth } });
    internet.configure_with(&home, &servers, "memory", json!({ "clientMetadataUrl": DOCUMENT }));
    let valet = Valet::start(&home);
    host(&[&usual]);
    let authorization = valet.begin("one");
    assert_eq!(parameter(&authorization, "redirect_uri"), usual);
    assert_eq!(internet.browse_on(authorization.as_str()).status, 200);
    valet.settles("one", "ready");

    let told = refused(&valet, "two", "client_document_invalid");
    let advice = told.text("advice");
    let wanted = advice.split('"').find(|part| part.starts_with(&usual)).unwrap().to_owned();
    assert!(wanted.starts_with(&format!("{usual}/")), "{advice}");
    host(&[&usual, &wanted]);
    let authorization = valet.begin("two");
    assert_eq!(parameter(&authorization, "redirect_uri"), wanted);
    assert_eq!(internet.browse_on(authorization.as_str()).status, 200);
    valet.settles("two", "ready");
    assert_eq!(parameter(&valet.begin("one"), "redirect_uri"), usual, "it keeps what it has");
}

#[test]
fn the_redirect_uri_of_a_registration_is_no_other_clients() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (good, harmless) = (silent(), silent());
    let servers = |more: Value| {
        let mut servers = json!({ "good": { "url": good.mcp() } });
        servers.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "keychain" } }));
    };
    servers(json!({}));
    let valet = Valet::start(&home);
    // Begun and never finished, it is known to the issuer all the same.
    let authorization = valet.begin("good");
    let redirect: Url = parameter(&authorization, "redirect_uri").parse().unwrap();
    let own = json!({
        "clientId": parameter(&authorization, "client_id"),
        "callbackPath": redirect.path(),
        "callbackPort": redirect.port(),
        "redirectHost": "127.0.0.1",
    });
    valet.stop();
    servers(json!({ "harmless": { "url": harmless.mcp(), "oauth": own } }));
    let valet = Valet::start(&home);
    refused(&valet, "harmless", "redirect_uri_shared");
    assert_eq!(harmless.count("/authorize"), 0);
    comes_back(&good, &valet, "good");
}

#[test]
fn what_a_program_did_alone_locks_nobody_out_and_another_port_is_no_other_place_for_it() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (good, harmless) = (silent(), silent());
    let port = free_port();
    configure(&home, &[], port);
    let valet = Valet::start(&home);
    valet.post("/v1/servers", &json!({ "name": "harmless", "url": harmless.mcp() })).expect_status(200);
    valet.stop();

    // As versions had it that took all of it over the socket. The program needs nobody to complete what it
    // began.
    configure(&home, &[("harmless", &harmless)], port);
    let valet = Valet::start(&home);
    comes_back(&harmless, &valet, "harmless");
    valet.stop();

    configure(&home, &[("harmless", &harmless), ("good", &good)], port);
    let valet = Valet::start(&home);
    comes_back(&good, &valet, "good");
    refused(&valet, "harmless", "redirect_uri_shared");
    valet.stop();

    configure(&home, &[("harmless", &harmless)], free_port());
    let valet = Valet::start(&home);
    refused(&valet, "harmless", "redirect_uri_shared");
}
