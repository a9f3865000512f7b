//! Client ID Metadata Documents: our client ID is the address of a document that the person hosts.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::net::TcpListener;

use mcp_valet_tests::{Home, Internet, Reply, Rogue, Valet};
use serde_json::{Value, json};
use url::Url;

const METADATA: &str = "/.well-known/oauth-authorization-server";
const DOCUMENT: &str = "https://me.example/client.json";

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server, and an issuer in one, that takes documents.
fn taker(internet: &Internet, host: &str) -> Rogue {
    let rogue = internet.server(host);
    rogue.edit(METADATA, "client_id_metadata_document_supported", json!(true));
    rogue
}

/// Hosts a document that allows these redirect URIs.
fn host(me: &Rogue, redirect_uris: &[String]) {
    let document = json!({
        "client_id": DOCUMENT,
        "client_name": "MCP Valet",
        "redirect_uris": redirect_uris,
        "token_endpoint_auth_method": "none",
    });
    me.reply("/client.json", Reply::Json(200, document));
}

fn configure(home: &Home, internet: &Internet, rogue: &Rogue, oauth: &Value) {
    internet.configure(home, &json!({ "it": { "url": rogue.mcp(), "oauth": oauth } }));
}

fn parameter(authorization: &Url, name: &str) -> Option<String> {
    authorization.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[track_caller]
fn refused(valet: &Valet<'_>) -> (String, String) {
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "client_document_invalid");
    (answer.text("detail"), answer.text("advice"))
}

#[test]
fn an_issuer_that_takes_a_document_gets_its_address_and_registers_nobody() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (rogue, me) = (taker(&internet, "tool.example"), internet.server("me.example"));
    let port = free_port();
    let redirect_uri = format!("http://localhost:{port}/callback");
    host(&me, std::slice::from_ref(&redirect_uri));
    configure(&home, &internet, &rogue, &json!({ "clientMetadataUrl": DOCUMENT, "callbackPort": port }));
    let valet = Valet::start(&home);
    let authorization = valet.begin("it");
    assert_eq!(parameter(&authorization, "client_id").as_deref(), Some(DOCUMENT));
    assert_eq!(parameter(&authorization, "redirect_uri"), Some(redirect_uri));
    assert_eq!(internet.browse_on(authorization.as_str()).status, 200);
    valet.settles("it", "ready");
    home.move_clock(601);
    valet.token("it").expect_status(200);
    for request in rogue.requests("/token") {
        assert_eq!(request.field("client_id").as_deref(), Some(DOCUMENT));
    }
    assert_eq!(rogue.count("/register"), 0);
}

#[test]
fn without_a_port_of_the_persons_it_is_3118() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (rogue, me) = (taker(&internet, "tool.example"), internet.server("me.example"));
    host(&me, &[]);
    configure(&home, &internet, &rogue, &json!({ "clientMetadataUrl": DOCUMENT }));
    let valet = Valet::start(&home);
    assert!(refused(&valet).1.contains("http://localhost:3118/callback"));
}

#[test]
fn a_client_made_by_hand_goes_first_and_an_issuer_that_takes_no_document_registers_us() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (rogue, _me) = (taker(&internet, "tool.example"), internet.server("me.example"));
    let by_hand = json!({ "clientId": "ours", "clientMetadataUrl": DOCUMENT, "callbackPort": free_port() });
    configure(&home, &internet, &rogue, &by_hand);
    let valet = Valet::start(&home);
    assert_eq!(parameter(&valet.begin("it"), "client_id").as_deref(), Some("ours"));
    valet.stop();

    rogue.behave(METADATA);
    configure(&home, &internet, &rogue, &json!({ "clientMetadataUrl": DOCUMENT }));
    let valet = Valet::start(&home);
    assert!(parameter(&valet.begin("it"), "client_id").unwrap().starts_with("client-"));
    assert_eq!(rogue.count("/register"), 1);
}

#[test]
fn an_issuer_that_registers_nobody_but_takes_documents_says_so() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let rogue = taker(&internet, "tool.example");
    rogue.edit(METADATA, "registration_endpoint", Value::Null);
    configure(&home, &internet, &rogue, &json!({}));
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(401);
    assert!(answer.text("advice").contains("clientMetadataUrl"), "{answer:?}");
}

#[test]
fn a_document_that_is_not_there_is_spelt_out_for_hosting() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (rogue, me) = (taker(&internet, "tool.example"), internet.server("me.example"));
    configure(
        &home,
        &internet,
        &rogue,
        &json!({ "clientMetadataUrl": DOCUMENT, "callbackPort": free_port() }),
    );
    let valet = Valet::start(&home);
    let (detail, advice) = refused(&valet);
    assert!(detail.contains(DOCUMENT) && detail.contains("404"), "{detail}");
    assert_eq!(rogue.count("/authorize"), 0);

    let document = serde_json::from_str(&advice[advice.find('{').unwrap()..]).unwrap();
    me.reply("/client.json", Reply::Json(200, document));
    assert_eq!(internet.browse_on(valet.begin("it").as_str()).status, 200);
    valet.settles("it", "ready");
}

#[test]
fn a_document_of_another_client_or_for_other_addresses_is_explained() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (rogue, me) = (taker(&internet, "tool.example"), internet.server("me.example"));
    let port = free_port();
    configure(&home, &internet, &rogue, &json!({ "clientMetadataUrl": DOCUMENT, "callbackPort": port }));
    let valet = Valet::start(&home);
    let redirect_uri = format!("http://localhost:{port}/callback");
    host(&me, &["http://localhost:9/callback".to_owned()]);
    assert!(refused(&valet).1.contains(&format!("Add \"{redirect_uri}\"")));
    host(&me, &[redirect_uri]);
    me.edit("/client.json", "client_id", json!("https://you.example/client.json"));
    assert!(refused(&valet).1.contains(DOCUMENT));
    me.reply("/client.json", Reply::Html(200, "<html>".into()));
    assert!(refused(&valet).1.contains("Host this there"));
}

#[test]
fn a_document_that_cannot_be_reached_from_here_is_left_to_the_issuer() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let rogue = taker(&internet, "tool.example");
    configure(
        &home,
        &internet,
        &rogue,
        &json!({ "clientMetadataUrl": DOCUMENT, "callbackPort": free_port() }),
    );
    let valet = Valet::start(&home);
    assert_eq!(parameter(&valet.begin("it"), "client_id").as_deref(), Some(DOCUMENT));
}

#[test]
fn one_document_can_serve_every_server_that_wants_no_port_of_its_own() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (rogue, me) = (taker(&internet, "tool.example"), internet.server("me.example"));
    let port = free_port();
    host(&me, &[format!("http://localhost:{port}/callback")]);
    let servers = json!({
        "it": { "url": rogue.mcp(), "oauth": { "callbackPort": port } },
        "any": { "url": rogue.mcp(), "oauth": { "callbackPort": 0 } },
    });
    internet.configure_with(&home, &servers, "memory", json!({ "clientMetadataUrl": DOCUMENT }));
    let valet = Valet::start(&home);
    assert_eq!(parameter(&valet.begin("it"), "client_id").as_deref(), Some(DOCUMENT));
    assert!(parameter(&valet.begin("any"), "client_id").unwrap().starts_with("client-"));
}

#[test]
fn issuers_that_do_not_say_who_they_are_do_not_share_the_documents_redirect_uri() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (one, two) = (taker(&internet, "one.example"), taker(&internet, "two.example"));
    let me = internet.server("me.example");
    for rogue in [&one, &two] {
        rogue.edit(METADATA, "authorization_response_iss_parameter_supported", Value::Null);
        rogue.gives_iss(None);
    }
    let port = free_port();
    host(&me, &[format!("http://localhost:{port}/callback")]);
    let oauth = json!({ "callbackPort": port });
    let servers = json!({
        "one": { "url": one.mcp(), "oauth": oauth },
        "two": { "url": two.mcp(), "oauth": oauth },
    });
    internet.configure_with(&home, &servers, "memory", json!({ "clientMetadataUrl": DOCUMENT }));
    let valet = Valet::start(&home);
    let (first, second) = (valet.begin("one"), valet.begin("two"));
    assert_eq!(parameter(&first, "client_id").as_deref(), Some(DOCUMENT));
    assert!(parameter(&second, "client_id").unwrap().starts_with("client-"));
    assert_ne!(parameter(&first, "redirect_uri"), parameter(&second, "redirect_uri"));
}
