//! `mcp-valet`: what it prints for programs, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Home, Reply, Rogue, Valet};
use serde_json::json;

fn with_rogue<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    Valet::start(home)
}

#[test]
fn without_a_valet_everything_ends_with_6_and_says_what_to_start() {
    let home = Home::new();
    let commands: [&[&str]; 8] = [
        &["list"],
        &["token", "x"],
        &["authorize", "x"],
        &["revoke", "x"],
        &["doctor", "x"],
        &["exec", "x", "--", "true"],
        &["audit"],
        &["lock"],
    ];
    for command in commands {
        let said = home.cli(command).expect_code(6);
        assert!(said.stdout.is_empty() && said.stderr.contains("mcp-valetd"), "{said:?}");
    }
}

#[test]
fn a_wrong_use_ends_with_2() {
    let home = Home::new();
    home.cli(&["frobnicate"]).expect_code(2);
    home.cli(&["token"]).expect_code(2);
    home.cli(&[]).expect_code(2);
}

#[test]
fn each_outcome_has_its_code() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    valet.cli(&["token", "nobody"]).expect_code(8);
    valet.cli(&["token", "rogue"]).expect_code(3);
    valet.cli(&["decline", "rogue"]).expect_code(0);
    valet.cli(&["token", "rogue"]).expect_code(4);
    valet.sign_in("rogue");
    valet.cli(&["token", "rogue"]).expect_code(0);
    home.move_clock(601);
    rogue.reply("/token", Reply::Html(503, String::new()));
    valet.cli(&["token", "rogue"]).expect_code(5);
    rogue.behave("/token");
    rogue.end_grants();
    mcp_valet_tests::until("the grant has lapsed", || {
        (valet.cli(&["token", "rogue"]).code == 3).then_some(())
    });
    assert_eq!(valet.server("rogue")["state"], "lapsed");
}

#[test]
fn errors_go_to_standard_error_with_their_advice() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    let said = valet.cli(&["token", "rogue"]).expect_code(3);
    assert!(said.stdout.is_empty(), "{said:?}");
    assert!(said.stderr.contains("mcp-valet authorize rogue"), "{said:?}");
}

#[test]
fn token_prints_the_token_and_nothing_else() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    valet.sign_in("rogue");
    let said = valet.cli(&["token", "rogue"]).expect_code(0);
    assert!(rogue.accepts(said.stdout.trim_end()), "{said:?}");
    assert!(said.stderr.is_empty(), "{said:?}");
    let json = valet.cli(&["token", "rogue", "--json"]).expect_code(0).json();
    assert_eq!(json["server"], "rogue");
    assert!(rogue.accepts(json["access_token"].as_str().unwrap()));
}

#[test]
fn headers_prints_one_json_object() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    valet.sign_in("rogue");
    let headers = valet.cli(&["headers", "rogue"]).expect_code(0).json();
    let bearer = headers["Authorization"].as_str().unwrap();
    assert!(rogue.accepts(bearer.strip_prefix("Bearer ").unwrap()));
    assert_eq!(headers.as_object().unwrap().len(), 1);
    let said = valet.cli(&["headers", "nobody"]).expect_code(8);
    assert!(said.stdout.is_empty(), "{said:?}");
}

#[test]
fn exec_runs_a_command_with_the_token_in_its_environment_and_ends_as_it_does() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    valet.sign_in("rogue");
    let script = "printf '%s ' \"$MCP_VALET_TOKEN\"; tr '\\0' ' ' < /proc/$$/cmdline; exit 42";
    let said = valet.cli(&["exec", "rogue", "--", "sh", "-c", script, "--flag"]).expect_code(42);
    let (token, command_line) = said.stdout.split_once(' ').unwrap();
    assert!(rogue.accepts(token), "{said:?}");
    assert!(command_line.ends_with("--flag ") && !command_line.contains(token), "{command_line}");
    let said = valet.cli(&["exec", "rogue", "--env", "GITHUB_TOKEN", "--", "printenv", "GITHUB_TOKEN"]);
    assert!(rogue.accepts(said.expect_code(0).stdout.trim()));
    valet.cli(&["exec", "rogue", "--", "printenv", "GITHUB_TOKEN"]).expect_code(1);
}

#[test]
fn exec_runs_nothing_without_a_token_a_command_or_a_good_variable() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    let ran = home.path().join("ran");
    let touch = |server| valet.cli(&["exec", server, "--", "touch", ran.to_str().unwrap()]);
    touch("nobody").expect_code(8);
    touch("rogue").expect_code(3);
    valet.sign_in("rogue");
    valet.cli(&["exec", "rogue", "--"]).expect_code(2);
    valet.cli(&["exec", "rogue", "--env", "A=B", "--", "touch", ran.to_str().unwrap()]).expect_code(2);
    assert!(!ran.exists());
    let said = valet.cli(&["exec", "rogue", "--", "/no/such/program"]).expect_code(127);
    assert!(said.stderr.contains("/no/such/program"), "{said:?}");
    valet.cli(&["exec", "rogue", "--", "/"]).expect_code(126);
}

#[test]
fn audit_lists_what_was_done_for_the_application_that_runs_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    assert!(valet.cli(&["audit", "--since", "2h"]).expect_code(0).stdout.starts_with("Nothing was done"));
    valet.sign_in("rogue");
    valet.cli(&["token", "rogue"]).expect_code(0);
    // Another application's uses are its own.
    assert_eq!(Agent::new(&home, "another").status(r#"{"server":"rogue"}"#), 200);
    let entries = valet.cli(&["audit", "--json"]).expect_code(0).json();
    let hand_outs = entries.as_array().unwrap().iter().filter(|entry| entry["what"] == "hand_out");
    assert_eq!(hand_outs.count(), 1, "{entries}");
    let page = valet.cli(&["audit"]).expect_code(0).stdout;
    assert!(page.contains("hand out") && page.contains("rogue"), "{page}");
    let later = valet.cli(&["audit", "--since", "9999-01-01T00:00:00Z", "--json"]).expect_code(0).json();
    assert_eq!(later, json!([]));
    valet.cli(&["audit", "--since", "soon"]).expect_code(2);
}

#[test]
fn lock_leaves_no_token_for_anybody() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    valet.sign_in("rogue");
    valet.cli(&["token", "rogue"]).expect_code(0);
    assert!(valet.cli(&["lock"]).expect_code(0).stdout.contains("Unlock"));
    let said = valet.cli(&["token", "rogue", "--json"]).expect_code(3);
    assert!(said.stdout.is_empty() && said.stderr.contains("locked_by_person"), "{said:?}");
}

#[test]
fn list_and_show_speak_json() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    let list = valet.cli(&["list", "--json"]).expect_code(0).json();
    assert_eq!(list[0]["name"], "rogue");
    assert_eq!(list[0]["state"], "authorization_required");
    valet.sign_in("rogue");
    let show = valet.cli(&["show", "rogue", "--json"]).expect_code(0).json();
    assert_eq!(show["state"], "ready");
    assert_eq!(show["issuer"], rogue.origin());
    assert_eq!(show["resource"], rogue.mcp());
}

#[test]
fn add_is_said_and_done_once_and_remove_undoes_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    valet.cli(&["add", "rogue", &rogue.mcp()]).expect_code(0);
    valet.cli(&["add", "rogue", &rogue.mcp()]).expect_code(0);
    assert_eq!(valet.get("/v1/servers").json().as_array().unwrap().len(), 1);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    valet.cli(&["remove", "rogue"]).expect_code(0);
    assert!(!rogue.accepts(&token), "the token was not revoked");
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    assert!(!std::fs::read_to_string(home.config()).unwrap().contains("rogue"));
}

#[test]
fn authorize_without_a_browser_prints_the_address_and_waits() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = with_rogue(&home, &rogue);
    let mut command_line = home.start_cli(&["authorize", "rogue", "--no-browser"]);
    let address = mcp_valet_tests::until("the address is printed", || {
        let said = command_line.stdout() + &command_line.stderr();
        said.split_whitespace().find(|word| word.contains("/authorize?")).map(str::to_owned)
    });
    mcp_valet_tests::curl(&["--location", &address]);
    assert!(command_line.wait().success(), "{}", command_line.stderr());
    valet.token("rogue").expect_status(200);
}

#[test]
fn authorize_without_a_browser_in_json_leaves_standard_output_to_one_object() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = with_rogue(&home, &rogue);
    let mut command_line = home.start_cli(&["authorize", "rogue", "--no-browser", "--json"]);
    let address = mcp_valet_tests::until("the address is printed", || {
        let said = command_line.stderr();
        said.split_whitespace().find(|word| word.contains("/authorize?")).map(str::to_owned)
    });
    mcp_valet_tests::curl(&["--location", &address]);
    assert!(command_line.wait().success(), "{}", command_line.stderr());
    let said: serde_json::Value = serde_json::from_str(&command_line.stdout()).unwrap();
    assert_eq!(said["name"], "rogue", "{said}");
    assert_eq!(said["state"], "ready", "{said}");
}

#[test]
fn an_issuers_escape_sequences_do_not_reach_the_terminal() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let evil =
        json!({ "error": "invalid_client_metadata", "error_description": "\u{1b}]0;owned\u{7}\u{202e}x" });
    rogue.reply("/register", Reply::Json(400, evil));
    let valet = with_rogue(&home, &rogue);
    home.browser_says_yes();
    let said = valet.cli(&["authorize", "rogue"]).expect_code(5);
    let all = said.stdout + &said.stderr + &valet.cli(&["show", "rogue"]).stdout;
    assert!(!all.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{all:?}");
}
