//! Commands that name several accounts by their one address mean that of the folder that they are given in,
//! or none.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::desk::{BOTH, Desk};
use serde_json::json;

#[test]
fn a_command_means_the_account_of_the_folder_that_it_is_given_in() {
    let desk = Desk::new(&BOTH, "allow");
    let (valet, url) = (desk.valet(&BOTH), desk.rogue.mcp());
    let examined = desk.says("work/globex", &["doctor", &url, "--json"]).json();
    assert_eq!(examined["url"], url);
    desk.says("work/acme/deep", &["decline", &url]).expect_code(0);
    let declined = |name: &str| valet.server(name)["declined"].clone();
    assert_eq!((declined("acme"), declined("globex")), (json!(true), json!(false)));
    desk.says("work/globex", &["revoke", &url]).expect_code(0);
    let grant = |name: &str| valet.server(name)["grant"].clone();
    assert_eq!((grant("acme"), grant("globex")), (json!("live"), json!("none")));
    desk.says("work/acme", &["remove", &url]).expect_code(0);
    valet.get("/v1/servers/acme").expect_status(404);
    assert_eq!(grant("globex"), "none");
}

#[test]
fn where_the_folder_says_nothing_no_command_means_any_and_all_are_named() {
    let desk = Desk::new(&BOTH, "allow");
    let (valet, url) = (desk.valet(&BOTH), desk.rogue.mcp());
    for command in ["revoke", "remove", "decline", "doctor", "show"] {
        let said = desk.says("elsewhere", &[command, &url]).expect_code(8).stderr;
        assert!(said.contains("acme (for ~/work/acme); globex (for ~/work/globex)"), "{command}: {said}");
    }
    for key in [&["key", "set", &url][..], &["key", "remove", &url]] {
        assert!(desk.says("elsewhere", key).stderr.contains("globex (for ~/work/globex)"), "{key:?}");
    }
    for name in ["acme", "globex"] {
        let server = valet.server(name);
        assert_eq!((&server["grant"], &server["declined"]), (&json!("live"), &json!(false)), "{server}");
    }
}
