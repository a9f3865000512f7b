//! Visual Studio Code signs in at the door by its own OAuth: the real one where it is installed, and what
//! that does on a desktop, which is in its source.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::attacker::{Attacker, Form, VERIFIER, cookie};
use mcp_valet_tests::front::{Front, TlsFront};
use mcp_valet_tests::vscode::{REDIRECT, VsCode, installed};
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Rogue, Terminal, figure};
use serde_json::json;

/// Has it sign in by the page that it opens, and wait until it has the tool of its server.
#[track_caller]
fn is_let_in(editor: &VsCode, by: &str, origin: &str, browser: &mut WebClient, terminal: &mut Terminal) {
    let page = format!("{origin}{}", editor.signs_in(by));
    let went = browser.does_asked(&format!("visit {page}"), terminal, "f");
    editor.comes_back(&went["back"]);
    editor.has_tools(1);
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that does nothing says so")]
fn it_signs_in_directly_and_again_by_itself_after_a_restart() {
    let Some(entry) = installed() else {
        eprintln!("code-server is not in MCP_VALET_CLIENTS: nothing is tried");
        return;
    };
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({ "redirects": [REDIRECT] }));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let url = door.mcp("rogue");
    let editor = VsCode::start(&home, &entry, &url, None);
    let mut browser = WebClient::start(&home, &url);
    is_let_in(&editor, "Start", &door.origin, &mut browser, &mut terminal);
    figure("| Visual Studio Code | directly | signs in by its own OAuth |");
    valet.stop();
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    is_let_in(&editor, "Restart", &door.origin, &mut browser, &mut terminal);
    assert_eq!(terminal.screen().matches("wants to use").count(), 1);
    figure("| Visual Studio Code | directly | signs in again after a restart of the valet |");
}

#[test]
fn it_signs_in_behind_nginx() {
    let Some(entry) = installed().filter(|_| Front::Nginx.is_installed()) else { return };
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let front = TlsFront::prepare(&home);
    let more = json!({ "externalUrl": front.origin(), "redirects": [REDIRECT] });
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &more);
    let _process = front.start(&home, Front::Nginx, &door);
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let (url, authority) = (format!("{}/mcp/rogue", front.origin()), front.authority());
    let editor = VsCode::start(&home, &entry, &url, Some(&authority));
    let mut browser = WebClient::with(&home, &url, &[("NODE_EXTRA_CA_CERTS", &authority)]);
    is_let_in(&editor, "Start", &front.origin(), &mut browser, &mut terminal);
    figure("| Visual Studio Code | behind nginx | signs in by its own OAuth |");
}

#[test]
fn on_a_desktop_it_registers_all_its_redirect_uris_and_is_answered_at_a_port_of_its_own() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let attacker = Attacker::new(&door);
    let registered = attacker.register(&json!({
        "client_name": "Visual Studio Code", "client_uri": "https://code.visualstudio.com",
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "redirect_uris": [
            "https://insiders.vscode.dev/redirect", REDIRECT, "http://127.0.0.1/", "http://127.0.0.1:33418/",
        ],
        "scope": "mcp", "token_endpoint_auth_method": "none", "application_type": "native",
    }));
    let id = registered.expect_status(201).text("client_id");
    // Its own port where that is free, or any other; and base64 in its state.
    for (port, state) in [(33418, "nkbaWkLb/u+6B5Cg6jQA6Q=="), (49_151, "+/+/+/+/+/+/+/+/+/+/+w==")] {
        let redirect = format!("http://127.0.0.1:{port}/");
        let path = attacker.request(&id, ("redirect_uri", &redirect)).replace("state=s&", "")
            + "&"
            + &url::form_urlencoded::Serializer::new(String::new())
                .append_pair("scope", "mcp")
                .append_pair("state", state)
                .finish();
        let page = attacker.get(&path, &[]).expect_status(200);
        let waits = attacker.goes_on(&Form::of(&page)).expect_status(303);
        let (wait, cookie) = (url::Url::parse(waits.header("location").unwrap()).unwrap(), cookie(&waits));
        terminal.shows(&redirect);
        terminal.types("f");
        let held = format!("{}?{}&held=1", wait.path(), wait.query().unwrap());
        let back = attacker.get(&held, &["-H", &cookie]).expect_status(303);
        let back = url::Url::parse(back.header("location").unwrap()).unwrap();
        assert!(back.as_str().starts_with(&redirect), "{back}");
        let said =
            |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        assert_eq!((said("state").as_deref(), said("error")), (Some(state), None));
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", id.as_str()),
                ("grant_type", "authorization_code"),
                ("code", &said("code").unwrap()),
                ("redirect_uri", &redirect),
                ("code_verifier", VERIFIER),
                ("resource", &door.mcp("rogue")),
            ])
            .finish();
        let tokens =
            attacker.get("/token", &["-H", "Accept: application/json", "-d", &body]).expect_status(200);
        // It throws tokens away whose scopes are not those that it asked for.
        assert_eq!(
            (tokens.text("scope"), tokens.text("token_type")),
            ("mcp".to_owned(), "Bearer".to_owned())
        );
        assert!(tokens.json()["refresh_token"].is_string(), "{tokens:?}");
    }
}
