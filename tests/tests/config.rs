//! A configuration that is wrong: file, key and remedy are said, and the last good state is kept.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use mcp_valet_tests::{Home, RawClient, Rogue, Valet, curl, until};
use serde_json::json;

/// What a person reads about a configuration that is wrong from the start, wherever it is said.
fn complaint(config: &str) -> String {
    let home = Home::new();
    home.configure_text(config);
    let mut process = Valet::launch(&home);
    let said = until("it says what is wrong", || {
        let said = process.stdout() + &process.stderr();
        (said.contains("config.json") || process.ended().is_some()).then_some(said)
    });
    assert!(said.contains("config.json"), "the file is not named: {said}");
    said
}

#[test]
fn a_typo_is_named_with_what_was_meant() {
    let said =
        complaint(r#"{"mcpServers": {"a": {"url": "https://a.example/mcp", "oauth": {"clientid": "x"}}}}"#);
    assert!(said.contains("clientid") && said.contains("clientId"), "{said}");
    assert!(said.contains("mcpServers.a.oauth"), "{said}");
}

#[test]
fn a_typo_in_the_valets_own_part_is_named() {
    let said = complaint(r#"{"mcpServers": {}, "valet": {"agent": "allow"}}"#);
    assert!(said.contains("agent") && said.contains("agents"), "{said}");
}

#[test]
fn a_wrong_type_is_named() {
    let said = complaint(
        r#"{"mcpServers": {"a": {"url": "https://a.example/mcp", "oauth": {"callbackPort": "many"}}}}"#,
    );
    assert!(said.contains("mcpServers.a.oauth.callbackPort"), "{said}");
}

#[test]
fn a_url_that_is_none_is_named() {
    let said = complaint(r#"{"mcpServers": {"a": {"url": "not a url"}}}"#);
    assert!(said.contains("mcpServers.a.url"), "{said}");
}

#[test]
fn a_comma_too_many_is_named_with_its_line() {
    let said = complaint("{\n  \"mcpServers\": {},\n}");
    assert!(said.contains("line 3"), "{said}");
}

#[test]
fn a_server_that_is_there_twice_is_named() {
    let said = complaint(
        r#"{"mcpServers": {"a": {"url": "https://a.example/"}, "a": {"url": "https://b.example/"}}}"#,
    );
    assert!(said.contains("twice"), "{said}");
}

#[test]
fn keys_of_other_clients_are_kept_with_a_notice() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure_text(&format!(
        r#"{{
    "mcpServers": {{
        "rogue": {{"type": "http", "url": "{}", "headers": {{"X-Team": "a"}}, "disabled": false}},
        "local": {{"command": "npx", "args": ["something"]}}
    }},
    "valet": {{"agents": "allow", "vault": "memory"}}
}}"#,
        rogue.mcp()
    ));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.cli(&["add", "more", "https://more.example/mcp"]).expect_code(0);
    let kept = fs::read_to_string(home.config()).unwrap();
    for word in ["\"type\"", "X-Team", "disabled", "npx", "more.example"] {
        assert!(kept.contains(word), "{word} is gone: {kept}");
    }
    assert!(kept.find("rogue") < kept.find("local") && kept.find("local") < kept.find("more"), "{kept}");
}

#[test]
fn several_names_may_share_a_url() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("work", &rogue.mcp()), ("home", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    assert_eq!(valet.get("/v1/servers").json().as_array().unwrap().len(), 2);
}

#[test]
fn a_good_edit_is_picked_up_while_running() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    home.lists(&[("late", &rogue.mcp())], "memory");
    until("the edit is seen", || (valet.get("/v1/servers/late").status == 200).then_some(()));
}

#[test]
fn a_bad_edit_keeps_the_last_good_state_and_is_said() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.configure_text("{ \"mcpServers\": { \"rogue\": { \"ulr\": \"https://elsewhere.example/\" } } }");
    let notices = until("a notice stands", || {
        let notices = valet.get("/v1/health").json()["notices"].to_string();
        notices.contains("config.json").then_some(notices)
    });
    assert!(notices.contains("ulr") || notices.contains("url"), "{notices}");
    valet.token("rogue").expect_status(200);
    let health = valet.cli(&["list"]).expect_code(0);
    assert!(health.stdout.contains("rogue"), "{health:?}");
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    until("the notice is gone", || {
        let notices = valet.get("/v1/health").json()["notices"].to_string();
        (!notices.contains("config.json")).then_some(())
    });
    valet.token("rogue").expect_status(200);
}

#[test]
fn an_editor_that_empties_the_file_first_loses_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    fs::File::create(home.config()).unwrap();
    until("a notice stands", || {
        valet.get("/v1/health").json()["notices"].to_string().contains("config.json").then_some(())
    });
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_changed_url_is_a_new_server_without_the_old_grant() {
    let home = Home::new();
    let (old, new) = (Rogue::start(), Rogue::start());
    home.lists(&[("rogue", &old.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.lists(&[("rogue", &new.mcp())], "memory");
    until("the edit is seen", || valet.get("/v1/servers/rogue").body.contains(&new.mcp()).then_some(()));
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "authorization_required");
    assert_eq!(new.count("/token"), 0);
}

#[test]
fn an_edit_that_lets_all_agents_in_waits_for_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let servers = json!({ "rogue": { "url": rogue.mcp() }, "other": { "url": "https://other.example/mcp" } });
    home.configure(&json!({ "mcpServers": { "rogue": servers["rogue"] }, "valet": { "agents": "ask", "vault": "memory" } }));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    until("a notice says that the edit waits", || {
        let notices = valet.get("/v1/health").json()["notices"].to_string();
        notices.contains("waits for your consent").then_some(())
    });
    assert_eq!(valet.token("rogue").expect_status(403).text("code"), "consent_required");
}

#[test]
fn no_configuration_is_an_empty_one() {
    let home = Home::new();
    let valet = Valet::start(&home);
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
}

/// What the valet says of the file as it is now.
fn notices(valet: &Valet<'_>) -> String {
    valet.get("/v1/health").json()["notices"].to_string()
}

/// An editor that first does `begin` to the file, and then writes the same text again: nobody may notice.
#[track_caller]
fn saving_loses_nothing(begin: impl FnOnce(&Path)) {
    let (home, rogue, other) = (Home::new(), Rogue::start(), Rogue::start());
    home.asks_about(&[("rogue", &rogue.mcp()), ("other", &other.mcp())]);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"rogue"}"#);
    terminal.shows("Allow [o]nce");
    terminal.types("f");
    let token = agent.answer().expect_status(200).text("access_token");
    let callback = other.agree(&valet.begin("other"));
    let text = fs::read_to_string(home.config()).unwrap();

    begin(&home.config());
    until("the valet has seen it", || notices(&valet).contains("config.json").then_some(()));
    fs::write(home.config(), text).unwrap();
    until("the valet has seen the end", || (!notices(&valet).contains("config.json")).then_some(()));

    assert_eq!(valet.get("/v1/servers").json().as_array().unwrap().len(), 2);
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"rogue","wait":5}"#);
    assert_eq!(agent.answer().expect_status(200).text("access_token"), token);
    curl(&[callback.as_str()]).expect_status(200);
    valet.settles("other", "ready");
}

#[test]
fn a_file_that_is_emptied_and_written_again_loses_no_server_sign_in_or_consent() {
    saving_loses_nothing(|file| drop(fs::File::create(file).unwrap()));
}

#[test]
fn a_file_that_is_moved_away_and_written_again_loses_no_server_sign_in_or_consent() {
    saving_loses_nothing(|file| fs::rename(file, file.with_extension("json~")).unwrap());
}

#[test]
fn a_name_that_another_clients_entry_has_is_not_written_over() {
    let home = Home::new();
    home.configure(&json!({
        "mcpServers": { "local": { "command": "npx", "args": ["server"], "env": { "KEY": "value" } } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    let before = fs::read_to_string(home.config()).unwrap();
    let answer = valet.post("/v1/servers", &json!({ "name": "local", "url": "https://evil.example/mcp" }));
    assert_eq!(answer.expect_status(400).text("code"), "invalid_request");
    assert_eq!(fs::read_to_string(home.config()).unwrap(), before);
    let servers = valet.get("/v1/servers").json();
    let [server] = servers.as_array().unwrap().as_slice() else { panic!("{servers}") };
    assert_eq!((&server["name"], &server["program"]["command"]), (&json!("local"), &json!("npx")));
}

#[test]
fn adding_while_an_edit_waits_for_consent_loses_nothing_of_the_edit_and_says_so() {
    let home = Home::new();
    home.asks_about(&[]);
    let valet = Valet::start(&home);
    let mine = json!({ "url": "https://mine.example/mcp", "oauth": { "clientId": "mine" } });
    home.configure(
        &json!({ "mcpServers": { "x": mine }, "valet": { "agents": "allow", "vault": "memory" } }),
    );
    until("the edit waits", || notices(&valet).contains("waits for your consent").then_some(()));
    assert!(!notices(&valet).contains("every program"), "what it is, the person alone is shown");

    let before = fs::read_to_string(home.config()).unwrap();
    let taken = valet.post("/v1/servers", &json!({ "name": "x", "url": "https://other.example/mcp" }));
    taken.expect_status(400);
    assert_eq!(fs::read_to_string(home.config()).unwrap(), before);

    let answer = valet.post("/v1/servers", &json!({ "name": "y", "url": "https://y.example/mcp" }));
    assert!(answer.status >= 400 && answer.body.contains("waits for your consent"), "{answer:?}");
    let after: serde_json::Value = serde_json::from_slice(&fs::read(home.config()).unwrap()).unwrap();
    assert_eq!(after["mcpServers"]["x"], mine);
    assert_eq!(after["mcpServers"]["y"]["url"], "https://y.example/mcp");
    assert_eq!(after["valet"]["agents"], "allow");
    assert!(notices(&valet).contains("waits for your consent"), "it still waits");
}

#[test]
fn a_server_that_was_taken_out_and_comes_back_is_held_against_what_it_was() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet_settings = json!({ "agents": "allow", "vault": "memory" });
    let with = |server: serde_json::Value| json!({ "mcpServers": { "rogue": server }, "valet": valet_settings.clone() });
    let (plain, raised) = (
        json!({ "url": rogue.mcp(), "handOut": "proxy" }),
        json!({ "url": rogue.mcp(), "handOut": "token", "verify": "off" }),
    );
    let without = json!({ "mcpServers": {}, "valet": valet_settings });
    let gone = |valet: &Valet<'_>| {
        until("it is not listed", || (valet.get("/v1/servers").json() == json!([])).then_some(()))
    };
    home.configure(&with(plain.clone()));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.configure(&without);
    gone(&valet);
    home.configure(&with(raised.clone()));
    until("the edit waits", || notices(&valet).contains("waits for your consent").then_some(()));
    assert!(valet.log().contains("hands out its token itself") && valet.log().contains("checked less"));
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    home.configure(&with(plain));
    until("as it was, it is back at once", || (valet.get("/v1/servers/rogue").status == 200).then_some(()));

    // The mark outlives the valet, and has nothing secret in it.
    home.configure(&without);
    gone(&valet);
    valet.stop();
    let notes = fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
    assert!(notes.contains("openness") && !notes.contains("SECRET"), "{notes}");
    let valet = Valet::start(&home);
    home.configure(&with(raised.clone()));
    until("the edit waits", || notices(&valet).contains("waits for your consent").then_some(()));
    valet.stop();

    // At the start the file is honoured, and what it gives beyond before is shown.
    let valet = Valet::start(&home);
    assert!(notices(&valet).contains("Since the last start, "));
    valet.server("rogue");
    // Removed for good, it is a new server.
    valet.cli(&["remove", "rogue"]).expect_code(0);
    valet.stop();
    let notes = fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
    assert!(!notes.contains("openness"), "{notes}");
}

/// Puts a named pipe into a place.
fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
}

#[test]
fn a_pipe_in_the_place_of_the_file_is_said_at_once() {
    let home = Home::new();
    home.configure_text("{}");
    fs::remove_file(home.config()).unwrap();
    pipe(&home.config());
    let mut process = Valet::launch(&home);
    let said = until("it says what is wrong", || {
        let said = process.stdout() + &process.stderr();
        (said.contains("named pipe") || process.ended().is_some()).then_some(said)
    });
    assert!(said.contains("config.json") && said.contains("a named pipe"), "{said}");
}

/// While something else than a file is in its place, all else goes on, and nothing is put there instead.
#[track_caller]
fn goes_on_beside(put: impl FnOnce(&Home), what: &str) {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    fs::remove_file(home.config()).unwrap();
    put(&home);
    let before = fs::metadata(home.config()).unwrap().file_type();
    let added = valet.post("/v1/servers", &json!({ "name": "new", "url": "https://new.example/mcp" }));
    assert!(added.status >= 400 && added.body.contains(what), "{added:?}");
    until("a notice stands", || {
        let notices = notices(&valet);
        (notices.contains("config.json") && notices.contains(what)).then_some(())
    });
    valet.token("rogue").expect_status(200);
    assert!(!valet.cli(&["remove", "rogue", "--yes"]).stdout.contains("emoved"));
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    assert_eq!(fs::metadata(home.config()).unwrap().file_type(), before, "it was replaced");
    assert!(!before.is_file() && (before.is_fifo() || before.is_socket()));
}

#[test]
fn a_pipe_in_the_place_of_the_file_holds_up_nothing_while_running() {
    goes_on_beside(|home| pipe(&home.config()), "a named pipe");
}

#[test]
fn what_a_link_leads_to_is_not_replaced_unless_it_is_a_file() {
    goes_on_beside(
        |home| {
            let end = home.path().join("s");
            drop(UnixListener::bind(&end).unwrap());
            symlink(&end, home.config()).unwrap();
        },
        "a socket",
    );
}
