//! Edits of the configuration that give more: they wait for the person, while running and at the start; a
//! service takes its file as its owner's word.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Home, Rogue, Valet, until};
use serde_json::{Value, json};

const ACCEPT: &str = "Accept it?  [y]es   [n]o >";

fn config(servers: &Value) -> Value {
    json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } })
}

fn notices(valet: &Valet<'_>) -> String {
    valet.get("/v1/health").json()["notices"].to_string()
}

#[track_caller]
fn waits(valet: &Valet<'_>, words: &str) {
    until(&format!("an edit waits: {words}"), || valet.log().contains(words).then_some(()));
    assert!(notices(valet).contains("waits for your consent"));
    assert!(!notices(valet).contains(words), "what it is, the person alone is shown");
}

fn known(home: &Home) -> String {
    fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap()
}

/// Each key that aims, as an entry of a server at `url`.
fn aiming(url: &str) -> Vec<Value> {
    let oauth = [
        json!({ "authorizationServer": "https://h.example" }),
        json!({ "resource": "https://good.example/mcp" }),
        json!({ "clientId": "x" }),
        json!({ "authServerMetadataUrl": "https://h.example/metadata" }),
        json!({ "grant": "device_code" }),
        json!({ "grant": { "type": "jwt_bearer", "assertion": { "command": ["cat", "/etc/hostname"] } }, "clientId": "x" }),
        json!({ "callbackPort": 4000 }),
        json!({ "authorizeParams": { "audience": "good" } }),
        json!({ "externalUrl": "https://evil.example/callback" }),
        json!({ "pkce": "assume" }),
    ];
    let mut entries: Vec<Value> =
        oauth.into_iter().map(|oauth| json!({ "url": url, "oauth": oauth })).collect();
    entries.push(json!({ "url": url, "handOut": "token" }));
    entries.push(json!({ "url": url, "folders": ["~/work"] }));
    entries.push(json!({ "url": url, "verify": "off" }));
    entries
}

#[test]
fn a_new_entry_that_aims_waits_while_running_and_one_that_does_not_is_taken_over() {
    let home = Home::new();
    home.configure(&config(&json!({})));
    let valet = Valet::start(&home);
    for entry in aiming("https://x.example/mcp") {
        home.configure(&config(&json!({ "x": entry })));
        until("the edit waits", || notices(&valet).contains("waits for your consent").then_some(()));
        assert_eq!(valet.get("/v1/servers").json(), json!([]), "{entry}");
        home.configure(&config(&json!({})));
        until("it is undone", || (!notices(&valet).contains("waits for")).then_some(()));
    }
    let plain = json!({ "url": "https://x.example/mcp", "oauth": { "scopes": ["a"] }, "handOut": "proxy", "verify": "enforce" });
    home.configure(&config(&json!({ "x": plain })));
    until("it is taken over", || (valet.get("/v1/servers/x").status == 200).then_some(()));
}

#[test]
fn the_question_about_a_new_entry_says_what_it_aims_at() {
    let home = Home::new();
    home.configure(&config(&json!({})));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let entry = json!({ "url": "https://x.example/mcp", "oauth": {
        "resource": "https://good.example/mcp", "clientId": "x", "clientSecret": "SECRET", "authorizationServer": "https://h.example",
    } });
    home.configure(&config(&json!({ "x": entry })));
    let screen = terminal.shows(ACCEPT);
    for said in
        ["\"x\" is new", "resource: https://good.example/mcp", "authorizationServer: https://h.example"]
    {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    assert!(!screen.contains("SECRET"), "{screen}");
    terminal.types("y");
    until("it is there", || (valet.get("/v1/servers/x").status == 200).then_some(()));
    assert!(!known(&home).contains("SECRET"), "{}", known(&home));
}

#[test]
fn another_client_for_a_known_server_waits_and_so_does_another_vault() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let with =
        |client: &str| config(&json!({ "r": { "url": rogue.mcp(), "oauth": { "clientId": client } } }));
    home.configure(&with("mine"));
    let valet = Valet::start(&home);
    home.configure(&with("other"));
    waits(&valet, "signs in in another way (clientId: other)");
    home.configure(&with("mine"));
    until("it is undone", || (!notices(&valet).contains("waits for")).then_some(()));
    let mut elsewhere = with("mine");
    elsewhere["valet"]["vault"] = json!("file");
    home.configure(&elsewhere);
    waits(&valet, "secrets are kept in the encrypted file");
    assert_eq!(valet.get("/v1/health").json()["vault"], "memory");
}

#[test]
fn at_the_start_the_person_is_asked_where_there_is_a_terminal() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let good = json!({ "url": rogue.mcp() });
    home.configure(&config(&json!({ "good": good })));
    let (valet, terminal) = Valet::on_terminal(&home);
    assert!(!terminal.screen().contains(ACCEPT), "nothing is known before the first start");
    valet.stop();

    let mut raised = config(
        &json!({ "good": good, "x": { "url": "https://x.example/mcp", "oauth": { "clientId": "x" } } }),
    );
    raised["valet"]["agents"] = json!("allow");
    home.configure(&raised);
    for word in ["n", "y"] {
        let (valet, mut terminal) = Valet::on_terminal(&home);
        let screen = terminal.shows(ACCEPT);
        assert!(
            screen.contains("\"x\" is new") && screen.contains("every program may use every server"),
            "{screen}"
        );
        // What was in use stays in use meanwhile.
        assert_eq!(valet.get("/v1/servers/good").expect_status(200).json()["consent"], "none");
        valet.get("/v1/servers/x").expect_status(404);
        terminal.types(word);
        match word {
            "n" => drop(terminal.shows("stays in force")),
            _ => until("it is taken over", || (valet.get("/v1/servers/x").status == 200).then_some(())),
        }
        valet.stop();
    }
    let (valet, terminal) = Valet::on_terminal(&home);
    assert_eq!(valet.get("/v1/servers/good").expect_status(200).json()["consent"], "allowed");
    assert!(!terminal.screen().contains(ACCEPT), "{}", terminal.screen());
}

#[test]
fn a_service_takes_its_file_as_its_owners_word_and_writes_that_down() {
    let home = Home::new();
    home.configure(&config(&json!({})));
    Valet::start(&home).stop();
    let mut raised =
        config(&json!({ "x": { "url": "https://x.example/mcp", "oauth": { "clientId": "x" } } }));
    raised["valet"]["agents"] = json!("allow");
    home.configure(&raised);
    let valet = Valet::start(&home);
    assert_eq!(valet.server("x")["consent"], "allowed");
    let said = notices(&valet);
    assert!(said.contains("Since the last start, ") && !said.contains("is new"), "{said}");
    assert!(valet.log().contains("every program may use every server"), "{}", valet.log());
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert!(audit.contains("configuration_raised"), "{audit}");
    valet.stop();
    let valet = Valet::start(&home);
    assert!(!notices(&valet).contains("Since the last start"), "{}", notices(&valet));
}

#[test]
fn what_waits_at_the_start_takes_nothing_from_what_was_there() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let entry = json!({ "url": rogue.mcp(), "oauth": { "clientId": "us", "clientSecret": "SECRET", "callbackPort": 0 } });
    rogue.edit_metadata("token_endpoint_auth_methods_supported", json!(["client_secret_basic"]));
    home.configure(&config(&json!({ "rogue": entry })));
    let (valet, _terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    valet.stop();
    assert!(!known(&home).contains("SECRET"), "{}", known(&home));
    home.configure(&config(
        &json!({ "rogue": entry, "x": { "url": "https://x.example/mcp", "oauth": { "clientId": "x" } } }),
    ));
    let (valet, terminal) = Valet::on_terminal(&home);
    terminal.shows(ACCEPT);
    // Memory has forgotten the sign-in; the secret is in the file still, and is used.
    valet.sign_in("rogue");
    assert!(rogue.requests("/token").iter().all(|request| request.headers.contains_key("authorization")));
}

#[test]
fn what_an_older_version_wrote_down_is_read_and_holds_nobody_up() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let entry =
        json!({ "url": rogue.mcp(), "oauth": { "clientId": "mine", "callbackPort": 0 }, "handOut": "proxy" });
    home.configure(&config(&json!({ "rogue": entry })));
    Valet::start(&home).stop();
    let mut notes: Value = serde_json::from_str(&known(&home)).unwrap();
    notes.as_object_mut().unwrap().remove("configuration").unwrap();
    for (_, server) in notes["servers"].as_object_mut().unwrap() {
        server["known"].as_object_mut().unwrap().remove("aims").unwrap();
    }
    fs::write(home.path().join("state/mcp-valet/servers.json"), notes.to_string()).unwrap();
    let mut raised = config(
        &json!({ "rogue": entry, "x": { "url": "https://x.example/mcp", "oauth": { "clientId": "x" } } }),
    );
    raised["mcpServers"]["rogue"]["handOut"] = json!("token");
    home.configure(&raised);
    let (valet, terminal) = Valet::on_terminal(&home);
    valet.get("/v1/servers/x").expect_status(200);
    terminal.shows("Since the last start, \"rogue\" hands out its token");
    assert!(!terminal.screen().contains(ACCEPT), "{}", terminal.screen());
    assert!(known(&home).contains("\"configuration\""));
}

#[test]
fn what_has_no_effect_here_is_remembered_by_a_mark_and_not_by_its_words() {
    let home = Home::new();
    let beside =
        |key: &str| json!({ "url": "https://b.example/mcp", "command": "npx", "env": { "KEY": key } });
    let local = |key: &str| json!({ "local": beside(key) });
    home.configure(&config(&local("SECRET-one")));
    let valet = Valet::start(&home);
    valet.post("/v1/servers", &json!({ "name": "a", "url": "https://a.example/mcp" })).expect_status(200);
    let mark = |home: &Home| serde_json::from_str::<Value>(&known(home)).unwrap()["inert"]["local"].clone();
    let first = mark(&home);
    assert!(first.is_string() && !known(&home).contains("SECRET") && !known(&home).contains("npx"));
    home.configure(&config(&local("SECRET-two")));
    until("the other is marked", || (mark(&home) != first && mark(&home).is_string()).then_some(()));
    assert!(!notices(&valet).contains("waits for"), "it has no effect: {}", notices(&valet));
}
