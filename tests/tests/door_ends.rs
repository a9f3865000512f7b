//! What begins and ends at the door, and when.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::net::TcpListener;

use mcp_valet_tests::attacker::Attacker;
use mcp_valet_tests::audit;
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Process, Rogue, Valet, until};
use serde_json::{Value, json};

/// A stream that a client has opened by GET, on which the server says something now and then.
fn listens(home: &Home, client: &mut WebClient, url: &str, name: &str) -> Process {
    let token = client.does("tokens")["access_token"].as_str().unwrap().to_owned();
    let mut curl = home.command("curl");
    let authorization = format!("Authorization: Bearer {token}");
    curl.args(["-s", "-N", "-H", &authorization, "-H", "Accept: text/event-stream", url]);
    let stream = home.spawn(&mut curl, name);
    until("the stream has begun", || stream.stdout().contains("data: here").then_some(()));
    stream
}

fn ends(stream: &mut Process, why: &str) {
    until(why, || stream.ended());
}

#[test]
fn a_stream_ends_with_the_token_that_it_was_opened_by() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    rogue.streams();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    rogue.token_lifetime(Some(100_000));
    let url = door.mcp("rogue");
    let mut client = WebClient::start(&home, &url);
    client.connects(&mut terminal, "f");
    // Revoked by its client.
    let mut stream = listens(&home, &mut client, &url, "revoked");
    client.does("revoke");
    ends(&mut stream, "the stream of a token that was revoked ends");
    // Taken back by the person.
    client.connects(&mut terminal, "f");
    let mut stream = listens(&home, &mut client, &url, "taken-back");
    let number = valet.cli(&["door", "list", "--json"]).expect_code(0).json()[0]["number"].to_string();
    valet.cli(&["door", "take-back", &number]).expect_code(0);
    ends(&mut stream, "the stream of what was taken back ends");
    // While the valet is locked.
    client.connects(&mut terminal, "f");
    let mut stream = listens(&home, &mut client, &url, "locked");
    valet.cli(&["lock"]).expect_code(0);
    ends(&mut stream, "the stream ends while it is locked");
    terminal.shows("Press Enter to unlock");
    terminal.types("");
    // Over, after a quarter of an hour. Its client goes on by the next.
    until("it is unlocked", || (client.does("ask")["status"] == 200).then_some(()));
    let mut stream = listens(&home, &mut client, &url, "over");
    home.move_clock(901);
    ends(&mut stream, "the stream of a token that is over ends");
    assert_eq!(client.does("ask")["status"], 401);
    assert_eq!(client.does("refresh")["status"], 200);
    assert_eq!(client.does("ask")["status"], 200);
}

#[test]
fn a_yes_that_no_browser_comes_back_for_is_taken_back_and_a_server_that_goes_takes_its_clients_along() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp()), ("other", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let attacker = Attacker::new(&door);
    let (path, cookie) = attacker.waits(&attacker.client());
    terminal.shows("wants to use");
    terminal.types("f");
    until("it is written down", || audit::text(&home).contains("allow_session").then_some(()));
    // It may have been decided a moment after it was written down.
    let (mut looks, mut later) = (0, 0);
    until("it is taken back", || {
        if looks % 40 == 0 {
            later += 61;
            home.move_clock(later);
        }
        looks += 1;
        (attacker.get(&path, &["-H", &cookie]).status == 410).then_some(())
    });
    assert!(later < 600, "a page that is forgotten by itself looks the same");
    assert_eq!(valet.cli(&["door", "list", "--json"]).expect_code(0).json(), json!([]));

    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f");
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(home.config()).unwrap()).unwrap();
    config["mcpServers"].as_object_mut().unwrap().remove("rogue");
    home.configure(&config);
    until("its client is let in no more", || (client.does("ask")["status"] == 401).then_some(()));
    assert_eq!(valet.cli(&["door", "list", "--json"]).expect_code(0).json(), json!([]));
}

#[test]
fn a_door_whose_port_is_taken_opens_once_that_is_free() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let taken = TcpListener::bind(("127.0.0.1", door.port)).unwrap();
    let (valet, _terminal) = Valet::on_terminal(&home);
    until("it is told", || valet.cli(&["doctor"]).stdout.contains("cannot be opened").then_some(()));
    drop(taken);
    let attacker = Attacker::new(&door);
    let metadata = "/.well-known/oauth-authorization-server";
    until("it is open", || (attacker.get(metadata, &[]).status == 200).then_some(()));
}

#[test]
fn by_an_address_from_outside_no_tab_is_led_to_the_sign_in_of_a_server() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let outside = "https://valet.example.com";
    let more = json!({ "externalUrl": outside, "redirects": ["http://127.0.0.1/callback"] });
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &more);
    let (valet, mut terminal) = door.valet(&home);
    let attacker = Attacker::wants(&door, &format!("{outside}/mcp/rogue"));
    let (path, cookie) = attacker.waits(&attacker.client());
    let asked = terminal.shows("wants to use");
    // Its loopback address is the machine of whoever asks.
    assert!(asked.contains("whoever"), "{asked}");
    terminal.types("f");
    let waits = until("the sign-in is wanted", || {
        let page = attacker.get(&path, &["-H", &cookie]);
        page.body.contains("Sign in from MCP Valet").then_some(page)
    });
    assert_eq!((waits.status, waits.header("location")), (200, None), "{waits:?}");
    assert_eq!(rogue.count("/authorize"), 0);
    valet.sign_in("rogue");
    let back = attacker.get(&format!("{path}&held=1"), &["-H", &cookie]).expect_status(303);
    assert!(
        back.header("location").unwrap().starts_with("http://127.0.0.1:43117/callback?code="),
        "{back:?}"
    );
}

#[test]
fn after_a_restart_a_client_signs_in_by_the_registration_that_it_has() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f");
    let before = client.does("tokens");
    let file = home.path().join("state/mcp-valet/web-clients.json");
    let id = before["client"].as_str().unwrap();
    until("it is written down", || std::fs::read_to_string(&file).ok().filter(|text| text.contains(id)));
    // So is one that was only asked about, and not one that nobody was asked about.
    let attacker = Attacker::new(&door);
    let (new, asked) = (attacker.client(), attacker.client());
    attacker.waits(&asked);
    until("that is written down too", || {
        std::fs::read_to_string(&file).ok().filter(|text| text.contains(&asked))
    });
    client.does("leave");
    valet.stop();
    let text = std::fs::read_to_string(&file).unwrap();
    for secret in ["access_token", "refresh_token"] {
        assert!(!text.contains(before[secret].as_str().unwrap()), "{text}");
    }
    assert!(!text.contains(&new), "{text}");
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    for (client, status) in [(&asked, 200), (&new, 400)] {
        attacker.get(&attacker.request(client, ("state", "s")), &[]).expect_status(status);
    }
    assert_eq!(
        (&client.does("ask")["status"], &client.does("refresh")["error"]),
        (&json!(401), &json!("invalid_grant"))
    );
    let went = client.connects(&mut terminal, "f");
    assert_eq!((&went["connected"], &client.does("tokens")["client"]), (&json!(true), &json!(id)), "{went}");
    assert_eq!(client.does("list")["tools"], json!(["echo"]));
}
