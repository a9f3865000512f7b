//! `mcp-valet doctor` without a server: how the valet itself is, and what to do about it.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{CommandOutput, Home, Valet, until};
use serde_json::{Value, json};
use std::fs;

/// The finding of this name, as `doctor --json` has it.
#[track_caller]
fn finding(said: &CommandOutput, code: &str) -> Value {
    let seen = said.json();
    let steps = seen["steps"].as_array().unwrap().iter();
    let mut findings = steps.flat_map(|step| step["findings"].as_array().unwrap());
    findings
        .find(|finding| finding["code"] == code)
        .unwrap_or_else(|| panic!("no {code} in {seen:#}"))
        .clone()
}

#[test]
fn a_valet_that_is_well_is_said_to_be_and_what_could_be_better() {
    let home = Home::new();
    home.lists(&[("one", "https://one.example/mcp"), ("two", "https://two.example/mcp")], "memory");
    let (valet, _terminal) = Valet::on_terminal(&home);
    let said = valet.cli(&["doctor"]);
    assert_eq!(said.code, 0, "{said:?}");
    for text in ["gone when MCP Valet ends", "lists 2 servers", "You can be asked", "MCP Valet is well."] {
        assert!(said.stdout.contains(text), "{text}: {said:?}");
    }
    let said = valet.cli(&["doctor", "--json"]);
    let socket = finding(&said, "socket")["text"].to_string();
    assert!(socket.contains(home.socket().to_str().unwrap()), "{socket}");
    assert_eq!(finding(&said, "version")["verdict"], "ok");
    assert_eq!(finding(&said, "programs")["remedy"]["what"], "mcp-valet setup --all");
}

#[test]
fn where_nobody_can_be_asked_it_is_said_and_what_to_start() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let said = valet.cli(&["doctor"]);
    assert_eq!(said.code, 5, "{said:?}");
    assert!(said.stdout.contains("Start MCP Valet on your desktop"), "{said:?}");
    assert_eq!(finding(&valet.cli(&["doctor", "--json"]), "nobody")["verdict"], "trouble");
}

#[test]
fn what_is_wrong_with_the_configuration_and_a_lock_is_told_with_what_helps() {
    let home = Home::new();
    home.lists(&[], "memory");
    let (valet, _terminal) = Valet::on_terminal(&home);
    fs::write(home.config(), "{").unwrap();
    until("the configuration is read again", || {
        (finding(&valet.cli(&["doctor", "--json"]), "configuration")["verdict"] == "trouble").then_some(())
    });
    valet.cli(&["lock"]);
    let said = valet.cli(&["doctor", "--json"]);
    assert_eq!(said.code, 5, "{said:?}");
    for code in ["configuration", "locked"] {
        assert!(!finding(&said, code)["remedy"]["what"].as_str().unwrap().is_empty(), "{code}: {said:?}");
    }
}

#[test]
fn a_proxy_is_named_by_its_host_alone() {
    let home = Home::new();
    home.configure(&json!({ "mcpServers": {},
        "valet": { "vault": "memory", "proxy": "http://ada:hunter2@proxy.example:3128" } }));
    let valet = Valet::start(&home);
    let said = valet.cli(&["doctor"]);
    assert!(said.stdout.contains("proxy.example") && !said.stdout.contains("hunter2"), "{said:?}");
}
