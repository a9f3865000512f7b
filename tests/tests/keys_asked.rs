//! What the person is asked about keys: those that programs and edits bring, and who may have one itself.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::keyed::{
    KEY, OTHER, config, configure, content, list, moved, sets_key, shown, told, with_key,
};
use mcp_valet_tests::proposals::posts_and_answers;
use mcp_valet_tests::{Home, Keychain, Rogue, Terminal, Valet, program, until};
use serde_json::{Value, json};

#[test]
fn headers_that_an_edit_brings_wait_for_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let entry = |headers: Value| json!({ "keyed": { "url": rogue.mcp(), "headers": headers } });
    configure(&home, &entry(json!({ "Authorization": format!("Bearer {KEY}") })), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    let notices = || valet.get("/v1/health").json()["notices"].to_string();
    for headers in [
        json!({ "X-Elsewhere": format!("Bearer {KEY}") }),
        json!({ "Authorization": format!("Bearer {KEY}"), "X-More": "1" }),
        json!({ "Authorization": format!("Bearer {OTHER}") }),
    ] {
        configure(&home, &entry(headers.clone()), "memory");
        until("it waits", || notices().contains("waits for your consent").then_some(()));
        assert!(!notices().contains(KEY) && !notices().contains(OTHER), "{}", notices());
        valet.proxy("keyed", &list(), &[]).expect_status(200);
        assert_eq!(
            shown(&rogue, "authorization").as_deref(),
            Some(format!("Bearer {KEY}").as_str()),
            "{headers}"
        );
        assert_eq!((shown(&rogue, "x-more"), shown(&rogue, "x-elsewhere")), (None, None));
        configure(&home, &entry(json!({ "Authorization": format!("Bearer {KEY}") })), "memory");
        until("it is undone", || (!notices().contains("waits for")).then_some(()));
    }
}

#[test]
fn a_key_comes_by_a_proposal_that_the_person_sees_and_goes_at_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    configure(
        &home,
        &json!({ "keyed": { "url": rogue.mcp(), "headers": { "X-Api-Key": "${key}" } } }),
        "memory",
    );
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("keyed", "key_required");
    let set = || sets_key(&home, KEY);
    std::thread::scope(|scope| {
        let asking = scope.spawn(set);
        let screen = terminal.shows("brings an API key for \"keyed\"");
        assert!(screen.contains(&rogue.mcp()) && screen.contains("X-Api-Key"), "{screen}");
        terminal.types("y");
        asking.join().unwrap().expect_code(0);
    });
    assert!(!terminal.screen().contains(KEY));
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "x-api-key").as_deref(), Some(KEY));
    assert!(valet.cli(&["key", "list", "keyed"]).expect_code(0).stdout.contains("X-Api-Key"));
    valet.cli(&["key", "remove", "keyed"]).expect_code(0);
    assert_eq!(valet.server("keyed")["state"], "key_required");
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert!(audit.contains("\"set_key\"") && audit.contains("\"wipe_key\""), "{audit}");
    std::thread::scope(|scope| {
        let asking = scope.spawn(set);
        until("it is asked again", || {
            (terminal.screen().matches("brings an API key").count() > 1).then_some(())
        });
        terminal.types("n");
        asking.join().unwrap().expect_code(4);
    });
    assert!(!told(&home, &valet).contains(KEY));
}

#[test]
fn a_key_that_takes_anothers_place_in_the_file_waits_for_the_person_at_the_start_too() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let _keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    until("it is written down", || {
        let known = fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
        (known.contains("${key}") && !known.contains("\"found\"")).then_some(())
    });
    valet.stop();
    home.configure_text(&config(&home).replace("${key}", OTHER));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let screen = terminal.shows("brings another key for \"keyed\"");
    assert!(!screen.contains(OTHER), "{screen}");
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {KEY}").as_str()));
    terminal.types("y");
    until("it leaves the file", || (!config(&home).contains(OTHER)).then_some(()));
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {OTHER}").as_str()));
}

#[test]
fn a_program_brings_headers_only_by_a_question_that_shows_them() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let _keychain = Keychain::start(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": "allow", "vault": "keychain" } }));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let headers = json!({ "Authorization": format!("Bearer {KEY}"), "X-Region": "eu" });
    let new = json!({ "name": "keyed", "url": rogue.mcp(), "headers": headers, "wait": 60 });
    let added = posts_and_answers(&valet, &mut terminal, &new, "y").expect_status(200).json();
    assert_eq!(added["server"]["credential"], "key", "{added}");
    let screen = terminal.screen();
    for told in [
        "headers.Authorization: \"Bearer ${key}\"",
        "${key}: (a secret, not shown)",
        "headers.X-Region: \"eu\"",
    ] {
        assert!(screen.contains(told), "{told}: {screen}");
    }
    assert!(!screen.contains(KEY) && !config(&home).contains(KEY), "{screen}");
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {KEY}").as_str()));
    for wrong in [json!({ "Host": "a" }), json!({ "X-A": "${env:HOME}" }), json!({ "X-A": "a\nb" })] {
        let new = json!({ "name": "other", "url": rogue.mcp(), "headers": wrong });
        valet.post("/v1/servers", &new).expect_status(400);
    }
    assert!(!told(&home, &valet).contains(KEY));
}

#[test]
fn leave_for_a_key_is_asked_for_and_everything_is_revoked_with_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let server = json!({ "url": rogue.mcp(), "headers": { "X-Api-Key": KEY }, "handOut": "token" });
    home.configure(
        &json!({ "mcpServers": { "keyed": server }, "valet": { "agents": "ask", "vault": "memory" } }),
    );
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("keyed", "ready");
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| valet.proxy("keyed", &list(), &[]));
        terminal.shows("wants to use keyed");
        terminal.types("f");
        asking.join().unwrap().expect_status(200);
        let asking = scope.spawn(|| valet.token("keyed"));
        let screen = terminal.shows("recall");
        assert!(!screen.contains(KEY), "{screen}");
        terminal.types("d");
        assert_eq!(asking.join().unwrap().expect_status(403).text("code"), "denied");
    });
    let all = valet.post("/v1/revoke", &json!({})).expect_status(200).json();
    assert_eq!(all["servers"][0]["revocation"]["keys"], 1, "{all}");
    assert_eq!(valet.server("keyed")["state"], "key_required");
    assert!(!config(&home).contains(KEY), "nor does the file bring it back");
}

#[test]
fn a_question_says_that_a_key_is_replaced_although_the_vault_was_not_read() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    until("it is written down", || {
        let known = fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
        (known.contains("\"granted\": true") || known.contains("\"granted\":true")).then_some(())
    });
    valet.stop();
    keychain.lock();
    let (_valet, mut terminal) = Valet::on_terminal(&home);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| sets_key(&home, OTHER));
        terminal.shows("brings another API key for \"keyed\", in the place of the one that is there");
        terminal.types("n");
        asking.join().unwrap().expect_code(4);
    });
}

#[test]
fn a_key_does_not_go_into_other_headers_than_were_shown() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let servers = |header: &str| json!({ "keyed": { "url": rogue.mcp(), "headers": { header: "${key}" } } });
    configure(&home, &servers("X-Api-Key"), "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("keyed", "key_required");
    configure(&home, &servers("X-Elsewhere"), "memory");
    terminal.shows("X-Elsewhere");
    let set = valet.put("/v1/servers/keyed/keys/key", &json!({ "secret": KEY }));
    assert_eq!(set.text("reason"), "proposed", "{set:?}");
    // The edit, and then the key, which was shown to go elsewhere.
    terminal.types("y");
    terminal.shows("The key goes into each request as: X-Api-Key");
    terminal.types("y");
    until("it is told", || valet.get("/v1/health").body.contains("are others now").then_some(()));
    assert!(valet.server("keyed")["keys"].to_string().contains("X-Elsewhere"));
    assert_eq!(valet.server("keyed")["state"], "key_required");
}

#[test]
fn a_prompt_that_is_broken_off_leaves_the_terminal_as_it_was() {
    let home = Home::new();
    home.configure(&json!({
        "mcpServers": { "keyed": { "url": "https://keyed.example/mcp", "headers": { "X-Api-Key": "${key}" } } },
        "valet": { "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    valet.settles("keyed", "key_required");
    let mut shell = home.command("/bin/sh");
    let program = program("mcp-valet");
    let script = format!("trap : INT; {} key set keyed; echo \"ended: $?\"; stty -a", program.display());
    let (mut terminal, _shell) = Terminal::run(shell.args(["-c", &script]), "shell", &home);
    terminal.shows("it is not shown");
    terminal.types_at_once("\u{3}");
    let screen = terminal.shows("echoctl");
    assert!(screen.contains("ended: 130"), "{screen}");
    assert!(screen.contains(" echo ") && !screen.contains("-echo "), "{screen}");
}
