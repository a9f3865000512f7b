//! `mcp-valet connect` for all that a server may have, whether it was there when the client began or not: the
//! official SDK on both sides.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Rogue, SessionServer, StdioClient, Valet, until};
use serde_json::{Value, json};

const NOTE: &str = "note://today";

fn request(method: &str, params: &Value) -> Value {
    json!({ "method": method, "params": params })
}

/// Uses all of it, and says what came of each.
fn uses_everything(client: &mut StdioClient) -> Vec<Value> {
    let greet = json!({ "type": "ref/prompt", "name": "greet" });
    let day = json!({ "type": "ref/resource", "uri": "note://{day}" });
    let argument = |name: &str, value: &str| json!({ "name": name, "value": value });
    let requests = [
        request("ping", &json!({})),
        request("tools/list", &json!({})),
        request("prompts/list", &json!({})),
        request("prompts/get", &json!({ "name": "greet", "arguments": { "name": "ann" } })),
        request("resources/list", &json!({})),
        request("resources/templates/list", &json!({})),
        request("resources/read", &json!({ "uri": NOTE })),
        request("resources/read", &json!({ "uri": "note://monday" })),
        request("completion/complete", &json!({ "ref": greet, "argument": argument("name", "b") })),
        request("completion/complete", &json!({ "ref": day, "argument": argument("day", "t") })),
        request("resources/subscribe", &json!({ "uri": NOTE })),
    ];
    let mut answers: Vec<Value> = requests.iter().map(|one| client.request(one)).collect();
    answers.extend(["think", "roots", "ask", "touch", "wants"].map(|tool| client.calls(tool).into()));
    assert!(client.log().contains("notifications/resources/updated"), "{}", client.log());
    assert!(answers.iter().all(|answer| answer["error"].is_null()), "{answers:#?}");
    answers
}

fn level(client: &mut StdioClient, level: &str) {
    let answer = client.request(&request("logging/setLevel", &json!({ "level": level })));
    assert!(answer["error"].is_null(), "{answer}");
}

/// The tool that says what the client wants of this session.
fn wants(client: &mut StdioClient) -> Value {
    serde_json::from_str(&client.calls("wants")).unwrap()
}

/// A client that begins before anybody has signed in, with what it then uses, and one that begins later.
fn early_and_late(server: &SessionServer, home: &Home) -> [Vec<Value>; 2] {
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(home);
    let mut early = StdioClient::start(home, "toolbox");
    level(&mut early, "warning");
    assert_eq!(early.request(&request("prompts/list", &json!({})))["result"], json!({ "prompts": [] }));
    valet.sign_in("toolbox");
    until("all lists are announced", || {
        let has = |what: &str| early.log().contains(&format!("notifications/{what}/list_changed"));
        (has("tools") && has("prompts") && has("resources")).then_some(())
    });
    let mut late = StdioClient::start(home, "toolbox");
    level(&mut late, "warning");
    [&mut early, &mut late].map(uses_everything)
}

#[test]
fn all_of_a_server_works_after_an_early_beginning_as_it_does_else() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start_with_everything(&home, &rogue.origin(), &[]);
    let [early, late] = early_and_late(&server, &home);
    assert_eq!(early, late);
    assert!(early.iter().any(|answer| answer == "it thinks hm"), "{early:#?}");
    assert!(early.iter().any(|answer| answer == "file:///work"), "{early:#?}");
    let wants: Value = serde_json::from_str(early.last().unwrap().as_str().unwrap()).unwrap();
    assert_eq!(
        wants,
        json!({ "level": "warning", "watched": [NOTE] }),
        "said while the server was not there"
    );
}

#[test]
fn the_same_holds_for_the_older_transport() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start_with_everything(&home, &rogue.origin(), &["--older"]);
    let [early, late] = early_and_late(&server, &home);
    assert_eq!(early, late);
}

#[test]
fn a_session_that_is_begun_anew_knows_what_the_client_wanted_of_the_one_before() {
    for more in [&[][..], &["--older"]] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let mut server = SessionServer::start_with_everything(&home, &rogue.origin(), more);
        home.lists(&[("toolbox", &server.mcp())], "memory");
        let valet = Valet::start(&home);
        valet.sign_in("toolbox");
        let mut client = StdioClient::start(&home, "toolbox");
        level(&mut client, "error");
        for uri in [NOTE, "note://monday"] {
            client.request(&request("resources/subscribe", &json!({ "uri": uri })));
        }
        client.request(&request("resources/unsubscribe", &json!({ "uri": "note://monday" })));
        let before = wants(&mut client);
        assert_eq!(before, json!({ "level": "error", "watched": [NOTE] }));
        server.restart(&home);
        assert_eq!(wants(&mut client), before);
    }
}
