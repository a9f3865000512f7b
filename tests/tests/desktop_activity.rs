//! The window's page of what was done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Keychain, Rogue, Valet, this_program, until};
use serde_json::json;

const ENTRIES: &str = "ul.card > li";

fn open<'home>(desktop: &Desktop<'home>) -> Browser {
    desktop.click("Activity…");
    let window = Browser::window(desktop);
    until("the page is there", || window.url().ends_with("#/activity").then_some(()));
    window
}

#[test]
fn what_programs_do_appears_while_the_page_is_open_and_can_be_filtered() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let window = open(&desktop);
    window.shows(&format!("You signed in to rogue, as {} asked", this_program()));
    window.shows("Nothing was changed or removed: 1 entry checked.");
    let (scribe, quill) = (Agent::new(&home, "scribe"), Agent::new(&home, "quill"));
    let token = |agent: &Agent<'_>| drop(agent.runs("$VALET token rogue").expect_code(0));
    (0..3).for_each(|_| token(&scribe));
    window.shows("scribe got a token for rogue");
    token(&quill);
    let page = window.shows("quill got a token for rogue");
    assert!(
        page.find("quill got").unwrap() < page.find("scribe got").unwrap(),
        "the newest comes first: {page}"
    );
    until("the chart counts them", || window.has("svg[aria-label$=' 4']").then_some(()));

    window.fill("input[type=search]", "scribe");
    until("only scribe's are listed", || (!window.page().contains("quill got")).then_some(()));
    assert!(window.page().contains("scribe got a token for rogue") && window.has("svg[aria-label$=' 3']"));
    token(&quill);
    token(&scribe);
    until("its chart counts four as well", || window.has("svg[aria-label$=' 4']").then_some(()));
    assert!(!window.page().contains("quill got"), "what does not match does not appear");

    let audit = home.path().join("state/mcp-valet/audit");
    fs::write(&audit, fs::read_to_string(&audit).unwrap().replacen("rogue", "Rogue", 1)).unwrap();
    window.press("Check again");
    window.shows("This record was changed from outside.");
    window.shows("Entry 1 was changed.");
}

#[test]
fn a_hundred_thousand_entries_are_shown_at_once_page_by_page() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let now = home.run(home.command("date").args(["--utc", "--iso-8601=seconds"])).stdout;
    let entry = json!({ "at": now.trim(), "what": "hand_out", "agent": "scribe", "executable": "/usr/bin/scribe", "server": "rogue" });
    let audit = home.path().join("state/mcp-valet/audit");
    fs::create_dir(audit.parent().unwrap()).unwrap();
    fs::write(&audit, format!("{entry}\n").repeat(100_000)).unwrap();
    let valet = Valet::on_desktop(&desktop);
    let window = open(&desktop);
    window.shows("scribe got a token for rogue");
    window.shows("100,000 entries from before records could be checked.");
    assert!(
        window.has(&format!("{ENTRIES}:nth-child(50)")) && !window.has(&format!("{ENTRIES}:nth-child(51)"))
    );
    window.press("Show older");
    until("there are more", || window.has(&format!("{ENTRIES}:nth-child(100)")).then_some(()));
    valet.sign_in("rogue");
    let begun = Instant::now();
    valet.token("rogue").expect_status(200);
    window.shows(&format!("{} got a token for rogue", this_program()));
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
}
