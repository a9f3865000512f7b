//! Clients that know nothing but HTTP and OAuth use the person's servers by the door.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Demo, Home, Rogue, until};
use serde_json::{Value, json};

/// The pages that a browser was at, one after the other, without those that it was at again.
fn pages(went: &Value) -> Vec<String> {
    let mut pages: Vec<String> =
        went["visited"].as_array().unwrap().iter().map(|page| page.as_str().unwrap().to_owned()).collect();
    pages.dedup();
    pages
}

#[test]
fn one_tab_leads_through_both_sign_ins_and_back_and_no_token_of_the_server_goes_out() {
    let home = Home::new();
    let demo = Demo::start(&home);
    let door = Door::configure(&home, &[("demo", &demo.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    let mut client = WebClient::start(&home, &door.mcp("demo"));
    let bare = client.does("bare");
    assert_eq!(bare["status"], 401, "{bare}");
    let went = client.connects(&mut terminal, "f");
    assert_eq!(
        (&went["connected"], &went["back"]["state"]),
        (&json!(true), &json!("its-own-state")),
        "{went}"
    );
    assert_eq!(went["back"]["iss"], door.origin, "{went}");
    let (own, theirs) = (&door.origin, demo.origin());
    let pages = pages(&went);
    let expected = [
        format!("GET {own}/authorize"),
        format!("POST {own}/authorize"),
        format!("GET {own}/authorize/wait"),
        format!("GET {theirs}/authorize"),
        format!("POST {theirs}/authorize/consent"),
    ];
    assert_eq!(pages[..5], expected, "{pages:?}");
    assert!(pages[5].contains("/callback"), "{pages:?}");
    assert_eq!(pages[6..], [format!("GET {own}/authorize/wait")]);
    let screen = terminal.screen();
    assert!(screen.contains("Web Tester, it says"), "{screen}");
    assert!(screen.contains("http://127.0.0.1:43117/callback"), "{screen}");
    // The browser shows the code of the question.
    let code = went["code"].as_str().unwrap();
    assert!(code.len() == 4 && screen.contains(&format!("with the code {code}")), "{code}: {screen}");
    assert_eq!(client.does("list")["tools"], json!(["whoami", "change"]));
    let text = client.does("call whoami")["content"][0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("Ada Lovelace"), "{text}");

    let listed = valet.cli(&["door", "list", "--json"]).expect_code(0).json();
    assert_eq!(
        (listed[0]["server"].as_str(), listed.as_array().unwrap().len()),
        (Some("demo"), 1),
        "{listed}"
    );
    // What it has opens nothing but the door.
    let tokens = client.does("tokens");
    let text = tokens["access_token"].as_str().unwrap();
    assert!(!text.contains('.') && tokens["expires_in"].as_u64().unwrap() <= 900, "{tokens}");
    assert_eq!(demo.list_tools(text).status, 401);
    let audit = home.path().join("state/mcp-valet/audit");
    let says = |what: &str| fs::read_to_string(&audit).unwrap().contains(what).then_some(());
    until("it is written down", || says(r#""what":"let_in""#));

    let number = listed[0]["number"].to_string();
    let taken = valet.cli(&["door", "take-back", &number]).expect_code(0).stdout;
    assert!(taken.contains("Web Tester, it says"), "{taken}");
    assert_eq!(client.does("ask")["status"], 401);
    assert_eq!(client.does("refresh")["error"], "invalid_grant");
    assert_eq!(valet.cli(&["door", "list", "--json"]).expect_code(0).json(), json!([]));
    valet.cli(&["door", "take-back", &number]).expect_code(8);
    until("that is written down too", || says(r#""what":"let_in_ended""#));
}

#[test]
fn a_no_on_any_page_is_told_to_the_client_as_access_denied() {
    let home = Home::new();
    let demo = Demo::start(&home);
    let door = Door::configure(&home, &[("demo", &demo.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    let denied = |went: &Value| {
        let back = &went["back"];
        let all = (&back["error"], &back["state"], &back["iss"], &back["code"]);
        assert_eq!(
            all,
            (&json!("access_denied"), &json!("its-own-state"), &json!(door.origin), &Value::Null),
            "{went}"
        );
    };
    let mut client = WebClient::start(&home, &door.mcp("demo"));
    // On the door's own page, before anybody was asked.
    client.does("stop");
    denied(&client.does("connect"));
    assert!(!terminal.screen().contains("wants to use"));
    client.does("go");
    denied(&client.connects(&mut terminal, "n"));
    // Where the server signs people in.
    client.does("deny");
    denied(&client.connects(&mut terminal, "f"));
    assert_eq!(valet.cli(&["door", "list", "--json"]).expect_code(0).json(), json!([]));
}

#[test]
fn tokens_are_for_one_client_and_one_server_and_one_that_is_used_again_ends_the_family() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp()), ("other", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f");
    let elsewhere = client.does(&format!("elsewhere {}", door.mcp("other")));
    assert_eq!(elsewhere["status"], 401, "{elsewhere}");
    assert!(elsewhere["challenge"].as_str().unwrap().contains(r#"error="invalid_token""#), "{elsewhere}");
    assert_eq!(client.does("refresh"), json!({ "status": 200, "fresh": true }));
    assert_eq!(client.does("ask")["status"], 200);
    // What is under way may still show the token before, and no older one counts.
    assert_eq!(client.does("earlier")["status"], 200);
    assert_eq!(client.does("refresh"), json!({ "status": 200, "fresh": true }));
    assert_eq!(
        (&client.does("earlier")["status"], &client.does("ask")["status"]),
        (&json!(401), &json!(200))
    );
    assert_eq!(client.does("reuse")["error"], "invalid_grant");
    // Whoever has the newest has lost it as well.
    assert_eq!(client.does("ask")["status"], 401);
    assert_eq!(client.does("refresh")["error"], "invalid_grant");
    // The person is asked each time, since an id can be copied.
    client.connects(&mut terminal, "f");
    assert_eq!(client.does("ask")["status"], 200);
    assert_eq!(client.does("revoke")["status"], 200);
    assert_eq!(client.does("ask")["status"], 401);
    client.connects(&mut terminal, "f");
    valet.cli(&["revoke", "--all", "--yes"]).expect_code(0);
    assert_eq!(client.does("ask")["status"], 401);
}
