//! Values that issuers and servers write otherwise than the specifications say: what they can only mean is
//! understood, and what they cannot mean is refused by its name.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Reply, Rogue, Valet};
use serde_json::{Value, json};

const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

fn lists(home: &Home, rogue: &Rogue) {
    home.lists(&[("odd", &rogue.mcp())], "memory");
}

/// Signs in with `member` of what `path` answers being each of `values`, and calls the server.
#[track_caller]
fn is_understood(path: &str, member: &str, values: &[Value]) {
    let (home, rogue) = (Home::new(), Rogue::start());
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    for value in values {
        rogue.edit(path, member, value.clone());
        home.browser_says_yes();
        let signed_in = valet.cli(&["authorize", "odd"]);
        assert_eq!(signed_in.code, 0, "{member}: {value}: {signed_in:?}");
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
        let answer = valet.proxy("odd", &call, &[]);
        assert!(answer.status == 200 && answer.json()["result"].is_object(), "{value}: {answer:?}");
        valet.cli(&["revoke", "odd"]).expect_code(0);
        rogue.behave(path);
    }
}

/// A sign-in fails with `member` of the token answer being each of `values`, and names it.
#[track_caller]
fn is_refused(member: &str, values: &[Value]) {
    let (home, rogue) = (Home::new(), Rogue::start());
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    for value in values {
        rogue.edit("/token", member, value.clone());
        home.browser_says_yes();
        let failed = valet.cli(&["authorize", "odd"]);
        assert!(failed.code == 5 && failed.stderr.contains(member), "{member}: {value}: {failed:?}");
        rogue.behave("/token");
    }
}

#[test]
fn a_lifetime_that_nobody_can_mean_is_none() {
    is_understood("/token", "expires_in", &[json!(-1), json!("-1"), json!(""), json!(-3600), Value::Null]);
}

#[test]
fn a_lifetime_may_be_written_as_text_or_with_a_fraction() {
    is_understood("/token", "expires_in", &[json!("3600"), json!(3600.5), json!(" 600 "), json!("1e3")]);
}

#[test]
fn a_lifetime_that_is_none_at_all_is_refused_by_its_name() {
    is_refused("expires_in", &[json!("soon"), json!(true), json!([600]), json!({ "seconds": 600 })]);
}

#[test]
fn a_token_of_no_type_is_a_bearer_token_and_so_is_one_of_its_other_names() {
    let types = [
        Value::Null,
        json!(""),
        json!("BearerToken"),
        json!("bearer"),
        json!("Bearer "),
        json!("bearer_token"),
    ];
    is_understood("/token", "token_type", &types);
}

#[test]
fn a_token_of_another_type_is_refused() {
    let (home, rogue) = (Home::new(), Rogue::start());
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    home.browser_says_yes();
    for other in ["mac", "DPoP", "N_A", "pop"] {
        rogue.edit("/token", "token_type", json!(other));
        let failed = valet.cli(&["authorize", "odd"]).expect_code(5);
        assert!(failed.stderr.contains(other), "{failed:?}");
        rogue.behave("/token");
    }
    is_refused("token_type", &[json!(["Bearer"]), json!(true)]);
}

#[test]
fn granted_scopes_are_read_however_they_are_strung_together() {
    let (home, rogue) = (Home::new(), Rogue::start());
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    let written = [
        json!("read write"),
        json!("read,write"),
        json!("read, write"),
        json!(["read", "write"]),
        json!(["read write"]),
        json!(["read", null, "write"]),
    ];
    for scope in written {
        rogue.edit("/token", "scope", scope.clone());
        valet.sign_in("odd");
        assert_eq!(valet.server("odd")["scopes_granted"], json!(["read", "write"]), "{scope}");
        valet.cli(&["revoke", "odd"]).expect_code(0);
        rogue.behave("/token");
    }
    is_understood("/token", "scope", &[json!(""), json!([]), json!([""])]);
    is_refused("scope", &[json!(7.5), json!(true), json!({ "read": true })]);
}

#[test]
fn a_refresh_token_of_nothing_is_none() {
    is_understood("/token", "refresh_token", &[json!(""), Value::Null]);
}

#[test]
fn a_secret_that_never_ends_is_written_in_several_ways() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit_metadata("token_endpoint_auth_methods_supported", json!("client_secret_post"));
    lists(&home, &rogue);
    let ends = [
        json!("0"),
        json!(""),
        Value::Null,
        json!(-1),
        json!("2100000000"),
        json!(2.1e9),
        json!("2099-01-01T00:00:00Z"),
    ];
    for end in ends {
        rogue.edit("/register", "client_secret", json!("s3cr3t-xyz"));
        rogue.edit("/register", "client_secret_expires_at", end.clone());
        let valet = Valet::start(&home);
        valet.sign_in("odd");
        assert_eq!(
            rogue.requests("/token").last().unwrap().field("client_secret").unwrap(),
            "s3cr3t-xyz",
            "{end}"
        );
        rogue.behave("/register");
        valet.stop();
    }
    rogue.edit("/register", "client_secret", json!("s3cr3t-xyz"));
    rogue.edit("/register", "client_secret_expires_at", json!("never"));
    let valet = Valet::start(&home);
    let refused = valet.cli(&["authorize", "odd"]).expect_code(5);
    assert!(refused.stderr.contains("client_secret_expires_at"), "{refused:?}");
    // Of a client without a secret it means nothing.
    rogue.behave("/register");
    rogue.edit_metadata("token_endpoint_auth_methods_supported", json!(["none"]));
    rogue.edit("/register", "client_secret_expires_at", json!("never"));
    valet.sign_in("odd");
}

#[test]
fn a_client_id_may_be_a_number_and_what_is_not_there_may_be_empty() {
    is_understood("/register", "client_id", &[json!(4711)]);
    is_understood("/register", "client_secret", &[json!(""), Value::Null]);
}

#[test]
fn scopes_that_a_server_knows_may_be_one_text() {
    let (home, rogue) = (Home::new(), Rogue::start());
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    for known in [json!("read write"), json!("read,write"), json!(["read write"]), json!(["read", "write"])] {
        rogue.edit(RESOURCE_METADATA, "scopes_supported", known.clone());
        let page = valet.begin("odd");
        let asked = page.query_pairs().find(|(name, _)| name == "scope").unwrap().1.into_owned();
        assert_eq!(asked, "read write", "{known}");
        valet.post("/v1/servers/odd/decline", &json!({})).expect_status(200);
        rogue.behave(RESOURCE_METADATA);
    }
}

#[test]
fn metadata_that_name_no_authorization_server_mean_the_servers_own_origin() {
    is_understood(RESOURCE_METADATA, "authorization_servers", &[Value::Null, json!([]), json!("")]);
}

#[test]
fn the_servers_own_origin_may_be_written_with_a_slash() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit(RESOURCE_METADATA, "authorization_servers", Value::Null);
    rogue.edit_metadata("issuer", json!(format!("{}/", rogue.origin())));
    rogue.edit_metadata("authorization_response_iss_parameter_supported", Value::Null);
    rogue.gives_iss(None);
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    valet.sign_in("odd");
    let resource = rogue.requests("/token")[0].field("resource");
    assert_eq!(resource, Some(rogue.mcp()), "the server did say what it is");
}

#[test]
fn no_endpoint_is_invented_for_metadata_that_name_no_authorization_server() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit(RESOURCE_METADATA, "authorization_servers", Value::Null);
    rogue.reply("/.well-known/oauth-authorization-server", Reply::error(404, "not_found"));
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/odd/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "metadata_missing", "{answer:?}");
    assert_eq!(rogue.count("/register"), 0);
}

#[test]
fn one_authorization_server_may_be_no_list() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit(RESOURCE_METADATA, "authorization_servers", json!(rogue.origin()));
    rogue.edit_metadata("code_challenge_methods_supported", json!("S256"));
    rogue.edit_metadata("authorization_response_iss_parameter_supported", json!("true"));
    rogue.edit_metadata("revocation_endpoint", json!(""));
    rogue.edit_metadata("scopes_supported", json!("read offline_access"));
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    valet.sign_in("odd");
    let report = valet.cli(&["doctor", "odd"]);
    assert_eq!(report.code, 0, "{report:?}");
}
