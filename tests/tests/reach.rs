//! Servers that want to steer the valet: to private addresses, to other people's metadata, to scopes of
//! another API.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, HttpResponse, Internet, Reply, Rogue, Valet, curl};
use serde_json::{Value, json};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

/// Tries a public server; `refused` checks why a sign-in to it is.
fn at_a_public_server(test: impl Fn(&Rogue, &dyn Fn(&str))) {
    let home = Home::new();
    let internet = Internet::start(&home);
    let rogue = internet.server("public.example");
    internet.configure(&home, &json!({ "it": { "url": rogue.mcp(), "oauth": {} } }));
    let valet = Valet::start(&home);
    test(&rogue, &|reason| {
        let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
        assert_eq!(answer.text("reason"), reason, "{answer:?}");
        assert!(answer.text("advice").len() > 10, "{answer:?}");
    });
}

/// Addresses on this machine and in private networks, some in disguise.
const NEAR: [&str; 6] = [
    "https://10.0.0.1",
    "https://169.254.169.254",
    "https://[::1]",
    "https://2130706433",
    "https://[::ffff:192.168.0.1]",
    "https://localhost",
];

#[test]
fn a_public_server_cannot_name_private_addresses() {
    at_a_public_server(|rogue, refused| {
        for near in NEAR {
            rogue.edit(RESOURCE_METADATA, "authorization_servers", json!([near]));
            refused("address_refused");
            rogue.behave(RESOURCE_METADATA);
            for endpoint in ["authorization", "token", "registration", "revocation"] {
                rogue.edit_metadata(&format!("{endpoint}_endpoint"), json!(format!("{near}/x")));
                refused("address_refused");
                rogue.behave(METADATA);
            }
            let challenge = format!("Bearer resource_metadata=\"{near}/x\"");
            rogue.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", challenge)]));
            refused("address_refused");
            rogue.behave("/mcp");
        }
    });
}

#[test]
fn a_public_server_cannot_redirect_to_private_addresses_on_any_hop() {
    at_a_public_server(|rogue, refused| {
        rogue.reply("/hop", Reply::Redirect("https://public.example/last".into()));
        for near in NEAR {
            rogue.reply("/last", Reply::Redirect(format!("{near}/x")));
            for path in [RESOURCE_METADATA, METADATA] {
                for first in ["/last", "/hop"] {
                    rogue.reply(path, Reply::Redirect(first.into()));
                    refused("redirect_refused");
                }
                rogue.behave(path);
            }
        }
    });
}

#[test]
fn the_person_may_name_an_issuer_in_a_private_network() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let internet = Internet::start(&home);
    let public = internet.server("public.example");
    let oauth = json!({ "authorizationServer": rogue.origin() });
    internet.configure(&home, &json!({ "it": { "url": public.mcp(), "oauth": oauth } }));
    let valet = Valet::start(&home);
    curl(&[rogue.agree(&valet.begin("it")).as_str()]).expect_status(200);
    valet.settles("it", "ready");
}

#[test]
fn a_challenge_that_points_to_anothers_metadata_leads_nowhere() {
    let (home, server, other) = (Home::new(), Rogue::start(), Rogue::start());
    let challenge = format!("Bearer resource_metadata=\"{}{RESOURCE_METADATA}\"", other.origin());
    server.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", challenge)]));
    home.lists(&[("it", &server.mcp())], "memory");
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "resource_mismatch");
    let detail = answer.text("detail");
    assert!(detail.contains(&server.mcp()) && detail.contains(&other.mcp()), "both are named: {detail}");
    assert!(answer.text("advice").contains("operator"), "and whose fault it is: {answer:?}");
    assert_eq!(other.count(METADATA), 0);
}

#[test]
fn where_no_resource_is_named_a_challenge_cannot_name_scopes() {
    let (home, server) = (Home::new(), Rogue::start());
    let metadata = format!("resource_metadata=\"{}{RESOURCE_METADATA}\"", server.origin());
    let challenge = format!("Bearer scope=\"https://mail.example/all\", {metadata}");
    server.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", challenge)]));
    home.configure(&json!({
        "mcpServers": { "it": { "url": server.mcp(), "oauth": { "resource": "omit" } } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    let url = valet.begin("it");
    assert!(!url.query_pairs().any(|(name, _)| name == "scope" || name == "resource"), "{url}");
}

/// Finishes a sign-in with an error instead of the code, and with this `iss`.
fn with_error(valet: &Valet<'_>, rogue: &Rogue, iss: Option<&str>) -> HttpResponse {
    let mut callback = rogue.agree(&valet.begin("rogue"));
    let state = callback.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let mut query = callback.query_pairs_mut();
    query.clear().append_pair("error", "server_error").append_pair("error_description", "call 555-0100");
    query.append_pair("state", &state);
    if let Some(iss) = iss {
        query.append_pair("iss", iss);
    }
    drop(query);
    curl(&[callback.as_str()]).expect_status(400)
}

#[test]
fn the_words_of_an_error_are_shown_only_if_it_says_whose_it_is() {
    let shows = |iss: Option<fn(&Rogue) -> String>| -> (bool, Value) {
        let (home, rogue) = (Home::new(), Rogue::start());
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        let valet = Valet::start(&home);
        let page = with_error(&valet, &rogue, iss.map(|iss| iss(&rogue)).as_deref());
        (page.body.contains("555-0100"), valet.server("rogue")["state"].clone())
    };
    assert_eq!(shows(Some(Rogue::origin)), (true, json!("failed")));
    assert_eq!(shows(None), (false, json!("failed")), "it promised to say so");
    assert_eq!(shows(Some(|_| "https://evil.example".to_owned())), (false, json!("waiting")));
    assert_eq!(
        shows(Some(|rogue| format!("{}/", rogue.origin()))),
        (false, json!("waiting")),
        "byte for byte"
    );
}
