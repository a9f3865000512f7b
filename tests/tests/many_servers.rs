//! Many servers: what is done once for all of them is not done once for each.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Rogue, Valet, until, until_within};
use serde_json::json;
use std::time::Duration;

/// Lists so many servers, and one more that answers.
fn list(home: &Home, servers: usize, rogue: &Rogue, vault: &str) {
    let names: Vec<String> = (0..servers).map(|number| format!("server-{number}")).collect();
    let urls: Vec<String> = names.iter().map(|name| format!("https://{name}.example/mcp")).collect();
    let mut listed: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(urls.iter().map(String::as_str)).collect();
    let mcp = rogue.mcp();
    listed.push(("rogue", &mcp));
    home.lists(&listed, vault);
}

/// How often all servers were gone through until the first answer of a valet that has so many.
fn gone_through(servers: usize, vault: &str) -> usize {
    let (home, rogue) = (Home::new(), Rogue::start());
    list(&home, servers, &rogue, vault);
    let valet = Valet::start_with(&home, &[("MCP_VALET_LOG", "debug")]);
    let times = gone(&valet);
    assert_eq!(valet.get("/v1/servers").json().as_array().unwrap().len(), servers + 1);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
    times
}

#[test]
fn a_start_goes_through_all_servers_as_often_with_three_hundred_as_with_three() {
    let (few, many) = (gone_through(3, "memory"), gone_through(300, "memory"));
    assert!(few > 0 && many <= few, "{few} times with three, {many} times with three hundred");
}

/// Bytes that a process has written so far.
fn written_by(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/io")).unwrap();
    text.lines().find_map(|line| line.strip_prefix("wchar: ")).unwrap().parse().unwrap()
}

#[test]
fn uses_and_renewals_of_one_server_write_nothing_of_the_others_and_outlive_the_valet() {
    let (home, rogue) = (Home::new(), Rogue::start());
    list(&home, 300, &rogue, "memory");
    rogue.token_lifetime(Some(600));
    let valet = Valet::start_with(&home, &[("MCP_VALET_LOG", "debug")]);
    valet.sign_in("rogue");
    let state = home.path().join("state/mcp-valet");
    let (all, uses) = (state.join("servers.json"), state.join("servers.uses"));
    valet.token("rogue").expect_status(200);
    until("the use is written down", || uses.exists().then_some(()));
    let before = (std::fs::read(&all).unwrap(), written_by(valet.id()), gone(&valet));
    rogue.token_lifetime(Some(700));
    valet.post("/v1/token", &json!({ "server": "rogue", "min_ttl": 600 })).expect_status(200);
    let lines = || std::fs::read_to_string(&uses).unwrap().lines().count();
    until("the next use is written down", || (lines() > 1).then_some(()));
    assert_eq!(rogue.refreshes(), 1);
    assert_eq!(gone(&valet), before.2, "all servers were gone through");
    assert_eq!(std::fs::read(&all).unwrap(), before.0);
    let written = written_by(valet.id()) - before.1;
    assert!(written < before.0.len() as u64 / 4, "{written} bytes");
    let last = valet.server("rogue")["last_used"].clone();
    valet.kill();
    let valet = Valet::start(&home);
    assert_eq!(valet.server("rogue")["last_used"], last);
}

/// How often all servers were gone through so far.
fn gone(valet: &Valet<'_>) -> usize {
    valet.log().matches("all servers are gone through").count()
}

#[test]
fn what_only_the_start_needed_is_given_back() {
    let (home, rogue) = (Home::new(), Rogue::start());
    list(&home, 300, &rogue, "memory");
    let valet = Valet::start(&home);
    let before = valet.memory();
    until_within(Duration::from_secs(60), "memory is given back", || {
        (valet.memory() < before * 2 / 3).then_some(())
    });
    assert_eq!(valet.get("/v1/servers").json().as_array().unwrap().len(), 301, "it goes on");
}
