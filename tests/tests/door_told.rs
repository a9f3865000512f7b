//! What a client of the door is told: what came of its request, and nothing that a server, its issuer or the
//! person said.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Stdio;

use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Reply, Rogue, curl, until};
use serde_json::json;

#[test]
fn an_endpoint_of_the_older_transport_that_is_elsewhere_is_told_to_programs_of_this_machine_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    rogue.plan(|request| {
        request.headers.get("authorization").filter(|_| request.path == "/mcp" && request.method == "GET")?;
        let headers = vec![("content-type", "text/event-stream".to_owned())];
        let event = "event: endpoint\ndata: https://elsewhere.example/messages\n\n".to_owned();
        Some(Reply::Whole(200, headers, event))
    });
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f");
    let token = client.does("tokens")["access_token"].as_str().unwrap().to_owned();
    let authorization = format!("Authorization: Bearer {token}");
    let accept = "Accept: text/event-stream";
    let by_door = curl(&["-H", &authorization, "-H", accept, &door.mcp("rogue")]).body;
    assert!(by_door.contains("event: problem"), "{by_door}");
    assert!(by_door.contains("\"failed\"") && !by_door.contains("rogue"), "{by_door}");

    let mut asks = home.command("curl");
    let socket = home.socket();
    asks.args(["-s", "-N", "-H", accept, "--unix-socket"]).arg(socket).arg("http://localhost/mcp/rogue");
    let asked = || terminal.screen().matches("wants to use").count();
    let before = asked();
    let process = home.spawn(asks.stdin(Stdio::null()), "by-socket");
    until("the person is asked about a program", || (asked() > before).then_some(()));
    terminal.types("f");
    until("it is told all of it", || {
        let said = process.stdout();
        (said.contains("event: problem") && said.contains("rogue")).then_some(())
    });
}
