//! What the person changes of a server in the window, and what of that is in the file.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Keychain, Rogue, Valet, until};

/// As somebody wrote it by hand, with what they like.
fn by_hand(rogue: &Rogue) -> String {
    format!(
        "{{ \"mcpServers\" :\n  {{ \"rogue\": {{\"type\":\"http\",  \"url\" : \"{}\"}}\n\t,\"other\":{{\"command\":\"x\"}} }},\n\"valet\":{{\"agents\":\"ask\" , \"vault\":\"keychain\"}}   }}\n\n",
        rogue.mcp()
    )
}

fn open(window: &Browser, server: &str) {
    window.click(&format!("a[href='#/servers/{server}']"));
    window.click("details.edit > summary");
    until("the form is open", || window.has("details.edit[open]").then_some(()));
}

#[test]
fn a_server_that_is_renamed_keeps_its_sign_in_and_the_answers_and_the_file_all_else() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    let text = by_hand(&rogue);
    home.configure_text(&text);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let scribe = Agent::new(&home, "scribe");
    let window = scribe.is_always_allowed(&desktop, "rogue");
    until("the answer is kept", || keychain.secret("consents").contains("answers").then_some(()));

    desktop.click("rogue: ready");
    open(&window, "rogue");
    window.replace("input[name=name]", "renamed");
    window.replace("input[name=scopes]", "read write");
    window.shows("have to be told the new one");
    window.click("details.edit button");
    until("its page is there", || window.url().ends_with("#/servers/renamed").then_some(()));
    let scopes = ",  \"oauth\": {\"scopes\": [\"read\", \"write\"]}}";
    let url = format!("\"{}\"", rogue.mcp());
    let expected =
        text.replace("\"rogue\":", "\"renamed\":").replace(&format!("{url}}}"), &format!("{url}{scopes}"));
    assert_eq!(fs::read_to_string(home.config()).unwrap(), expected);
    scribe.runs("$VALET token renamed").expect_code(0);
    scribe.runs("$VALET token rogue").expect_code(8);
    until("what is kept is written down", || {
        fs::read_to_string(home.path().join("state/mcp-valet/servers.json"))
            .unwrap()
            .contains("renamed")
            .then_some(())
    });
    valet.kill();

    let valet = Valet::on_desktop(&desktop);
    scribe.runs("$VALET token renamed").expect_code(0);
    assert_eq!(rogue.count("/authorize"), 1, "nobody had to sign in again");
    home.configure_text(&text);
    until("it is listed", || (valet.get("/v1/servers/rogue").status == 200).then_some(()));
    // Nothing is left under its old name.
    valet.settles("rogue", "authorization_required");
}

#[test]
fn another_address_is_another_server_and_the_old_sign_in_is_ended() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    home.configure_text(&by_hand(&rogue).replace("keychain", "memory").replace("ask", "allow"));
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    desktop.click("rogue: ready");
    let window = Browser::window(&desktop);
    open(&window, "rogue");
    window.replace("input[name=url]", &other.mcp());
    window.shows("Another address is another server");
    window.click("details.edit button");
    // The old sign-in is ended first: it is still there with nothing to sign in with.
    until("it is another server", || (valet.server("rogue")["url"] == other.mcp()).then_some(()));
    valet.settles("rogue", "authorization_required");
    until("it is ended at its issuer", || (!rogue.accepts(&token)).then_some(()));
    valet.sign_in("rogue");
    assert!(other.accepts(&valet.token("rogue").expect_status(200).text("access_token")));
}

#[test]
fn a_name_that_is_taken_and_an_address_that_is_none_change_nothing() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    let text = by_hand(&rogue).replace("keychain", "memory");
    home.configure_text(&text);
    let _valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    open(&window, "rogue");
    window.replace("input[name=name]", "other");
    window.click("details.edit button");
    window.shows("this name is taken in the file");
    window.replace("input[name=name]", "rogue");
    window.replace("input[name=url]", "http://mcp.example.com/mcp");
    window.click("details.edit button");
    window.shows("http");
    assert_eq!(fs::read_to_string(home.config()).unwrap(), text);
}
