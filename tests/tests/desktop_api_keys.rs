//! Keys in the window, and what becomes of them where everything moves or their server is called otherwise.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Browser, Desktop, Home, Keychain, Reply, Rogue, Valet, until};
use serde_json::{Value, json};

const KEY: &str = "key-of-the-person-4711";
const OTHER: &str = "another-key-of-them-0815";
const PASSPHRASE: &str = "three small green boats";

fn configure(home: &Home, rogue: &Rogue, line: &str) {
    rogue.plan(|request| {
        let headers = vec![("content-type", "application/json".to_owned())];
        let answer = Reply::Whole(200, headers, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned());
        (request.path == "/mcp").then_some(answer)
    });
    let servers = json!({ "keyed": { "url": rogue.mcp(), "headers": { "X-Api-Key": line } } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "keychain" } }));
}

/// The key that the server is shown.
fn shown(valet: &Valet<'_>, name: &str, rogue: &Rogue) -> Option<String> {
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    valet.proxy(name, &list, &["-H", "Mcp-Valet-Wait: 1"]);
    rogue.requests("/mcp").pop()?.headers.get("x-api-key").cloned()
}

#[test]
fn a_key_is_set_replaced_and_wiped_on_its_servers_page_and_never_seen_there() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    configure(&home, &rogue, "${key}");
    let valet = Valet::on_desktop(&desktop);
    desktop.click("keyed: Set the API key");
    let window = Browser::window(&desktop);
    window.shows("This server takes an API key.");
    window.fill("input[type=password]", KEY);
    window.press("Set the key");
    window.shows("Ready, with an API key.");
    assert_eq!(shown(&valet, "keyed", &rogue).as_deref(), Some(KEY));
    let before = rogue.count("/mcp");
    window.press("Check this server");
    window.shows("Nothing is known against its API key.");
    assert_eq!(rogue.count("/mcp"), before + 1, "the person has it tried");
    window.click("section .row button:not(.ends)");
    window.fill("input[type=password]", OTHER);
    window.click("form button.main");
    window.shows("The key is set.");
    assert_eq!(shown(&valet, "keyed", &rogue).as_deref(), Some(OTHER));
    assert!(!window.page().contains(KEY) && !window.page().contains(OTHER));
    window.click("section li button.ends");
    window.shows("cannot be read again");
    window.click("button.danger");
    window.shows("This server takes an API key.");
    assert_eq!(valet.server("keyed")["state"], "key_required");
    assert!(!valet.log().contains(KEY) && !valet.log().contains(OTHER));
}

#[test]
fn a_key_goes_along_where_everything_moves_and_where_its_server_is_renamed() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    configure(&home, &rogue, KEY);
    let valet = Valet::on_desktop(&desktop);
    let config = || fs::read_to_string(home.config()).unwrap();
    until("the key leaves the file", || (!config().contains(KEY)).then_some(()));
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.open("tauri://localhost/#/settings");
    window.click("input[name=vault][value=file]");
    window.fill("input[name=new]", PASSPHRASE);
    window.fill("input[name=again]", PASSPHRASE);
    window.press("Move everything there");
    window.shows("from now on");
    until("the keychain is empty", || (keychain.items() == 0).then_some(()));
    assert_eq!(shown(&valet, "keyed", &rogue).as_deref(), Some(KEY));
    let vault = fs::read(home.path().join("state/mcp-valet/vault")).unwrap();
    assert!(!String::from_utf8_lossy(&vault).contains(KEY));
    window.open("tauri://localhost/#/settings");
    window.click("input[name=vault][value=keychain]");
    window.shows("in the keychain now");
    assert_eq!(shown(&valet, "keyed", &rogue).as_deref(), Some(KEY));

    window.open("tauri://localhost/#/servers/keyed");
    window.click("details.edit > summary");
    window.replace("input[name=name]", "renamed");
    window.click("details.edit button");
    until("its page is there", || window.url().ends_with("#/servers/renamed").then_some(()));
    assert_eq!(shown(&valet, "renamed", &rogue).as_deref(), Some(KEY));
    valet.kill();
    let valet = Valet::on_desktop(&desktop);
    valet.settles("renamed", "ready");
    assert_eq!(shown(&valet, "renamed", &rogue).as_deref(), Some(KEY));
    let written: Value = serde_json::from_str(&config()).unwrap();
    assert_eq!(written["mcpServers"]["renamed"]["headers"]["X-Api-Key"], "${key}");
}

#[test]
fn where_the_server_offers_a_sign_in_the_person_may_choose_it() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    let headers = json!({ "Authorization": format!("Bearer {KEY}"), "X-Region": "eu" });
    let servers = json!({ "keyed": { "url": rogue.mcp(), "headers": headers } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    let valet = Valet::on_desktop(&desktop);
    valet.settles("keyed", "ready");
    assert_eq!(shown(&valet, "keyed", &rogue), None);
    valet.settles("keyed", "key_refused");
    desktop.click("keyed: API key refused");
    let window = Browser::window(&desktop);
    window.press("Sign in instead, and wipe the key");
    window.shows("You have not signed in yet.");
    let written: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    assert_eq!(written["mcpServers"]["keyed"]["headers"], json!({ "X-Region": "eu" }));
    valet.sign_in("keyed");
    shown(&valet, "keyed", &rogue);
    let last = rogue.requests("/mcp").pop().unwrap();
    assert!(
        last.headers["authorization"].starts_with("Bearer ") && !last.headers["authorization"].contains(KEY)
    );
    assert_eq!(last.headers["x-region"], "eu");
}
