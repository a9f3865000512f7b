//! The desktop app in the real thing: a screen, a panel, notifications, a web view.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::{
    Browser, Demo, Desktop, Home, Keychain, Valet, free_port, program, this_program, until,
};
use serde_json::{Value, json};

/// The menu's line about what this test, by curl, asks for.
fn wants() -> String {
    format!("{} wants demo…", this_program())
}

/// A home with the demo as its one server, whose agents are asked about.
fn with_demo(home: &Home) -> Demo {
    let demo = Demo::start(home);
    home.asks_about(&[("demo", &demo.mcp())]);
    demo
}

#[test]
fn a_click_in_the_tray_opens_the_browser_and_the_menu_follows() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let demo = with_demo(&home);
    home.browser_notes_the_address();
    let _valet = Valet::on_desktop(&desktop);
    desktop.menu_has("demo: authorize…");
    let whole = ["(Nothing waits for you)", "---", "demo: authorize…", "All servers…", "Add server…", "---"];
    assert_eq!(desktop.menu(), [&whole[..], &["Activity…", "Open MCP Valet", "---", "Quit"]].concat());
    desktop.click("demo: authorize…");
    let address = home.opened().remove(0);
    assert!(address.starts_with(&format!("{}/authorize?", demo.origin())), "{address}");
    desktop.menu_has("demo: waiting for the browser");
    let browser = Browser::start(&home);
    browser.open(&address);
    browser.click("#allow");
    desktop.menu_has("demo: ready");
    desktop.menu_has("(1 ready)");
}

#[test]
fn the_whole_job_from_the_tray_to_revocation() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let demo = with_demo(&home);
    home.browser_notes_the_address();
    let valet = Valet::on_desktop(&desktop);
    desktop.click("demo: authorize…");
    let browser = Browser::start(&home);
    browser.open(&home.opened()[0]);
    browser.click("#allow");
    desktop.click("demo: ready");
    let window = Browser::window(&desktop);
    window.shows("Ready");
    window.click("#tab-curl");
    let snippet = window.text("#snippet pre");

    let token = thread::scope(|scope| {
        let agent = scope.spawn(|| home.run(home.command("sh").args(["-c", &snippet])));
        desktop.click(&wants());
        window.choose("Once");
        window.answer("Allow");
        agent.join().unwrap().json()["access_token"].as_str().unwrap().to_owned()
    });
    demo.list_tools(&token).expect_status(200);

    desktop.click("demo: ready");
    window.press("Revoke");
    window.shows("Revoke demo?");
    window.click("button.danger");
    valet.settles("demo", "authorization_required");
    // The copy here goes first.
    until("the issuer has ended it", || (demo.list_tools(&token).status == 401).then_some(()));
    desktop.menu_has("demo: authorize…");
    let told = valet.post("/v1/token", &json!({ "server": "demo", "wait": 0 }));
    assert!(told.status >= 400, "{told:?}");
}

#[test]
fn a_click_on_a_question_opens_the_window_there_and_an_answer_takes_it_off_the_screen() {
    let home = Home::new();
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let _demo = with_demo(&home);
    let valet = Valet::on_desktop(&desktop);
    assert!(desktop.windows().is_empty(), "nobody asked for a window");
    thread::scope(|scope| {
        let agent = scope.spawn(|| valet.token("demo"));
        desktop.click(&wants());
        let window = Browser::window(&desktop);
        window.asks(&format!("{} wants to use demo", this_program()));
        assert!(window.url().ends_with("#/questions/1"), "{}", window.url());
        window.shows(std::env::current_exe().unwrap().to_str().unwrap());
        // Escape closes the question without an answer, which is still there.
        window.key("\u{E00C}");
        until("the list is shown", || window.url().ends_with("#/").then_some(()));
        desktop.click(&wants());
        window.asks(&format!("{} wants to use demo", this_program()));
        window.answer("Don’t allow");
        assert_eq!(agent.join().unwrap().expect_status(403).text("code"), "denied");
    });
    until("the notification is taken away", || (desktop.closed() == [1]).then_some(()));
}

#[test]
fn the_valet_outlives_its_window_and_a_second_start_opens_it_again() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let mut valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let first = until("the window opens", || desktop.windows().first().copied());
    home.run(home.command("kill").args(["-9", &first.to_string()])).expect_code(0);
    until("the window is gone", || desktop.windows().is_empty().then_some(()));
    assert!(valet.runs());
    desktop.menu_has("demo: authorize…");
    home.run(&mut desktop.command(program("mcp-valet-tray"))).expect_code(0);
    until("the window opens again", || (!desktop.windows().is_empty()).then_some(()));
}

#[test]
fn no_window_outlives_the_valet() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.shows("Authorize");
    home.run(home.command("kill").args(["-9", &valet.id().to_string()])).expect_code(0);
    until("the window is gone", || desktop.windows().is_empty().then_some(()));
}

#[test]
fn quit_ends_valet_and_window() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let mut valet = Valet::on_desktop(&desktop);
    until("the first start opens the window", || (!desktop.windows().is_empty()).then_some(()));
    desktop.click("Quit");
    until("the valet ends", || (!valet.runs()).then_some(()));
    until("the window is gone", || desktop.windows().is_empty().then_some(()));
}

#[test]
fn the_tray_comes_back_with_the_panel() {
    let home = Home::new();
    let mut desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    desktop.menu_has("demo: authorize…");
    desktop.restart_panel();
    desktop.menu_has("demo: authorize…");
}

#[test]
fn a_page_that_a_dying_window_did_not_show_is_shown_by_the_next() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    Browser::window(&desktop).shows("Authorize");
    let first = desktop.windows()[0];
    home.run(home.command("kill").args(["-STOP", &first.to_string()])).expect_code(0);
    desktop.click("Add server…");
    home.run(home.command("kill").args(["-KILL", &first.to_string()])).expect_code(0);
    until("another window opens", || (!desktop.windows().contains(&first)).then_some(()));
    let window = Browser::window(&desktop);
    until("it shows the page", || window.url().ends_with("#/add").then_some(()));
}

#[test]
fn a_page_asked_for_while_the_window_closes_opens_it_again() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    for _ in 0..5 {
        desktop.click("Open MCP Valet");
        until("the window is on the screen", || desktop.screen().window());
        let first = desktop.windows()[0];
        desktop.screen().close_window();
        desktop.click("Add server…");
        until("another window is on the screen", || {
            (!desktop.windows().contains(&first)).then(|| desktop.screen().window()).flatten()
        });
        desktop.screen().close_window();
        until("the window is closed", || desktop.windows().is_empty().then_some(()));
    }
}

#[test]
fn a_question_outlives_the_window_that_was_showing_it() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let agent = scope.spawn(|| valet.token("demo"));
        desktop.click(&wants());
        Browser::window(&desktop).shows(&format!("{} wants to use demo", this_program()));
        let window = desktop.windows()[0].to_string();
        home.run(home.command("kill").args(["-9", &window])).expect_code(0);
        until("the window is gone", || desktop.windows().is_empty().then_some(()));
        desktop.click(&wants());
        let again = Browser::window(&desktop);
        again.shows(&format!("{} wants to use demo", this_program()));
        again.answer("Don’t allow");
        assert_eq!(agent.join().unwrap().expect_status(403).text("code"), "denied");
    });
}

#[test]
fn a_browser_that_was_opened_leaves_no_zombie() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    home.browser_notes_the_address();
    let valet = Valet::on_desktop(&desktop);
    desktop.click("demo: authorize…");
    assert_eq!(home.opened().len(), 1);
    desktop.menu_has("demo: waiting for the browser");
    until("it is reaped", || valet.children().is_empty().then_some(()));
}

#[test]
fn settings_change_the_configuration_and_the_start_at_login_without_a_question() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.click("a[href='#/settings']");
    window.shows("Start when I log in");
    window.shows(home.config().to_str().unwrap().trim_start_matches(home.path().to_str().unwrap()));

    let entry = home.path().join("config/autostart/mcp-valet-tray.desktop");
    window.click("input[name=start]");
    let text = until("there is an entry", || fs::read_to_string(&entry).ok().filter(|text| !text.is_empty()));
    assert!(text.contains(program("mcp-valet-tray").to_str().unwrap()), "{text}");
    window.click("input[name=start]");
    until("the entry is gone", || (!entry.exists()).then_some(()));

    window.click("input[value=allow]");
    window.shows("Let every program use every server?");
    assert!(!window.can_allow(), "a click that was not meant for it is no yes");
    window.answer("Cancel");
    until("what held is chosen again", || window.has("input[value=ask]:checked").then_some(()));
    assert_eq!(valet.server("demo")["consent"], "none");
    window.click("input[value=allow]");
    window.answer("Allow all");
    until("every agent is allowed", || (valet.server("demo")["consent"] == "allowed").then_some(()));
    let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    assert_eq!(config["valet"], json!({ "agents": "allow", "vault": "memory" }));
    assert!(!desktop.menu().iter().any(|entry| entry.contains("configuration")), "{:?}", desktop.menu());
}

#[test]
fn a_client_filled_in_on_a_servers_page_signs_in_and_changes_nothing_else_in_the_file() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let secret = home.path().join("client-secret");
    fs::write(&secret, "a secret that stays out of the file").unwrap();
    let secret = secret.to_str().unwrap();
    let client = ["--no-registration", "--client-id", "my-client", "--client-secret-file", secret];
    let demo = Demo::with(&home, &client);
    let oauth = json!({ "callbackPort": free_port(), "scopes": ["demo:read"] });
    let servers = json!({ "demo": { "headers": {}, "url": demo.mcp(), "oauth": oauth } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow" } }));
    home.browser_notes_the_address();
    let valet = Valet::on_desktop(&desktop);
    desktop.click("demo: authorize…");
    valet.settles("demo", "needs_client_id");
    let window = Browser::window(&desktop);
    window.shows("Client secret");
    window.fill("form input[autocomplete=off]:not([inputmode], [type])", "my-client");
    window.fill("input[type=password]", "a secret that stays out of the file");
    window.press("Authorize");

    let browser = Browser::start(&home);
    browser.open(&home.opened()[0]);
    browser.click("#allow");
    window.shows("Ready");
    let mut config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    let oauth = config["mcpServers"]["demo"]["oauth"].as_object_mut().unwrap();
    assert_eq!(oauth.remove("clientId"), Some(json!("my-client")));
    assert_eq!(config, json!({ "mcpServers": servers, "valet": { "agents": "allow" } }));
}

#[test]
fn what_the_person_sets_takes_nobody_elses_edit_along() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let demo = Demo::start(&home);
    let servers = json!({ "demo": { "url": demo.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "deny", "vault": "memory" } }));
    let valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.click("a[href='#/settings']");
    window.shows("Start when I log in");
    let proxy = json!({ "agents": "deny", "vault": "memory", "proxy": "http://127.0.0.1:9" });
    home.configure(&json!({ "mcpServers": servers, "valet": proxy }));
    window.shows("The configuration was changed");
    window.click("input[value=allow]");
    window.answer("Allow all");
    until(&format!("the page says no: {}", window.page()), || {
        window.has("fieldset [role=alert]").then_some(())
    });
    assert!(window.shows("another proxy").contains("Answer the question"));
    assert!(window.has("input[value=deny]:checked"));
    desktop.menu_has("The configuration would allow more…");
    assert_eq!(valet.server("demo")["consent"], "denied");
}
