//! Where a server's metadata is looked for, when its challenge is broken or a place out of order: the person
//! comes first, a document that is known to be good next, and nothing is invented.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, HttpResponse, Reply, Rogue, Valet, curl};
use serde_json::{Value, json};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const BESIDE: &str = "/.well-known/oauth-protected-resource/mcp";
const ROOT: &str = "/.well-known/oauth-protected-resource";

fn configure(home: &Home, rogue: &Rogue, oauth: Value) {
    home.configure(&json!({
        "mcpServers": { "it": { "url": rogue.mcp(), "oauth": oauth } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
}

fn begin(valet: &Valet<'_>) -> HttpResponse {
    valet.post("/v1/servers/it/authorize", &json!({}))
}

/// The root form names these authorization servers.
fn root_names(rogue: &Rogue, issuers: &[&str]) {
    let document = json!({ "resource": rogue.mcp(), "authorization_servers": issuers });
    rogue.reply(ROOT, Reply::Json(200, document));
}

/// 401 with this challenge, as long as nobody has a token.
fn challenges(rogue: &Rogue, challenge: String) {
    rogue.plan(move |request| {
        let anonymous = request.path == "/mcp" && !request.headers.contains_key("authorization");
        anonymous.then(|| Reply::Bare(401, vec![("www-authenticate", challenge.clone())]))
    });
}

#[test]
fn a_challenge_that_cannot_be_read_is_no_challenge() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, json!({}));
    let valet = Valet::start(&home);
    let place = format!("{}{BESIDE}", rogue.origin());
    for challenge in [
        format!("Bearer resource_metadata={place}"),
        format!("Bearer resource_metadata={place}, error=invalid_token"),
        format!("Bearer error=invalid_token, resource_metadata={place}"),
        format!("Bearer resource_metadata='{place}'"),
        format!("Bearer resource_metadata=<{place}>"),
        format!("Bearer resource_metadata=\"{place}"),
        format!("Bearer resource_metadata: \"{place}\""),
        format!("Bearer resource_metadata=\"<{place}>\""),
        format!("Bearer resource_metadata=\"{BESIDE}\""),
        "Bearer resource_metadata=\"\"".to_owned(),
        "Bearer resource_metadata=".to_owned(),
        "Bearer resource_metadata=null".to_owned(),
        "Bearer resource_metadata=\"http://\"".to_owned(),
        "Bearer =,=,\"".to_owned(),
        "resource_metadata=\"x\"".to_owned(),
        "{\"error\":\"unauthorized\"}".to_owned(),
        "Unauthorized".to_owned(),
        String::new(),
    ] {
        challenges(&rogue, challenge.clone());
        home.browser_says_yes();
        let signed_in = valet.cli(&["authorize", "it"]);
        assert_eq!(signed_in.code, 0, "{challenge}: {signed_in:?}");
        valet.token("it").expect_status(200);
        valet.cli(&["doctor", "it"]).expect_code(0);
        valet.cli(&["revoke", "it"]).expect_code(0);
        rogue.forget_plans();
    }
}

#[test]
fn a_place_that_is_out_of_order_says_nothing_and_the_next_is_shown_to_the_person() {
    for status in [500, 502, 503, 504, 429] {
        let (home, rogue) = (Home::new(), Rogue::start());
        challenges(&rogue, "Bearer".to_owned());
        rogue.reply(BESIDE, Reply::Html(status, "bad gateway".to_owned()));
        root_names(&rogue, &[&rogue.origin()]);
        configure(&home, &rogue, json!({}));
        let valet = Valet::start(&home);
        let shown = begin(&valet).expect_status(400);
        assert_eq!(shown.text("reason"), "choosing_issuer", "{shown:?}");
        let detail = shown.text("detail");
        assert!(detail.contains(&rogue.origin()) && detail.contains(&status.to_string()), "{detail}");
        assert_eq!(valet.server("it")["state"], "choosing_issuer");
        assert_eq!(rogue.count("/register"), 0, "nobody has agreed to it yet");
        home.browser_says_yes();
        valet.cli(&["authorize", "it", "--issuer", &rogue.origin()]).expect_code(0);
        valet.token("it").expect_status(200);
        // It is known now, and has but to be confirmed.
        valet.sign_in("it");
    }
}

#[test]
fn an_issuer_that_is_known_is_confirmed_and_no_other_slips_in() {
    let (home, rogue, other) = (Home::new(), Rogue::start(), Rogue::start());
    configure(&home, &rogue, json!({}));
    let valet = Valet::start(&home);
    valet.sign_in("it");
    challenges(&rogue, "Bearer".to_owned());
    rogue.reply(BESIDE, Reply::Html(502, String::new()));
    root_names(&rogue, &[&other.origin(), &rogue.origin()]);
    valet.sign_in("it");
    root_names(&rogue, &[&other.origin()]);
    let refused = begin(&valet).expect_status(502);
    assert_eq!(refused.text("reason"), "server_unavailable", "{refused:?}");
    assert_eq!(other.count("/register"), 0);
}

#[test]
fn nothing_is_invented_where_a_place_is_out_of_order() {
    for out_of_order in [vec![BESIDE], vec![ROOT], vec![BESIDE, ROOT]] {
        let (home, rogue) = (Home::new(), Rogue::start());
        challenges(&rogue, "Bearer".to_owned());
        for path in [BESIDE, ROOT] {
            rogue.reply(path, Reply::error(404, "not_found"));
        }
        for path in &out_of_order {
            rogue.reply(path, Reply::Html(502, String::new()));
        }
        configure(&home, &rogue, json!({}));
        let valet = Valet::start(&home);
        let refused = begin(&valet).expect_status(502);
        assert_eq!(refused.text("reason"), "server_unavailable", "{out_of_order:?}: {refused:?}");
        assert_eq!((rogue.count(METADATA), rogue.count("/register")), (0, 0), "{out_of_order:?}");
        let report = valet.cli(&["doctor", "it"]);
        assert!(report.code != 0 && report.stdout.contains("502"), "{report:?}");
    }
}

#[test]
fn endpoints_are_invented_only_where_everybody_says_that_there_is_nothing() {
    for (path, reply) in [
        (BESIDE, Reply::error(403, "forbidden")),
        (ROOT, Reply::error(401, "unauthorized")),
        (ROOT, Reply::Html(200, "<title>App</title>".to_owned())),
        (METADATA, Reply::error(403, "forbidden")),
        (METADATA, Reply::Html(200, "<title>App</title>".to_owned())),
    ] {
        let (home, rogue) = (Home::new(), Rogue::start());
        challenges(&rogue, "Bearer".to_owned());
        for path in [BESIDE, ROOT, METADATA] {
            rogue.reply(path, Reply::error(404, "not_found"));
        }
        configure(&home, &rogue, json!({}));
        let valet = Valet::start(&home);
        begin(&valet).expect_status(200);
        assert_eq!(rogue.count("/register"), 1, "as in MCP 2025-03-26");
        valet.post("/v1/servers/it/decline", &json!({})).expect_status(200);
        rogue.reply(path, reply.clone());
        let refused = begin(&valet).expect_status(502);
        assert_eq!(refused.text("reason"), "metadata_missing", "{path} {reply:?}: {refused:?}");
        assert_eq!(rogue.count("/register"), 1, "{path} {reply:?}");
    }
}

#[test]
fn the_issuer_that_the_person_named_needs_no_document_of_the_server() {
    for reply in [
        Reply::Html(502, String::new()),
        Reply::Html(200, "<title>App</title>".to_owned()),
        Reply::Gone,
        Reply::Endless,
        Reply::Redirect("http://10.0.0.1/".to_owned()),
        Reply::Json(200, json!([1])),
        Reply::error(403, "forbidden"),
    ] {
        let (home, rogue) = (Home::new(), Rogue::start());
        challenges(&rogue, format!("Bearer resource_metadata={}/x", rogue.origin()));
        for path in [BESIDE, ROOT] {
            rogue.reply(path, reply.clone());
        }
        configure(&home, &rogue, json!({ "authorizationServer": rogue.origin() }));
        let valet = Valet::start(&home);
        let begun = begin(&valet);
        assert_eq!(begun.status, 200, "{reply:?}: {begun:?}");
    }
}

#[test]
fn an_issuers_document_may_be_at_the_next_form_where_the_first_is_out_of_order() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let document = curl(&[&format!("{}{METADATA}", rogue.origin())]).json();
    rogue.reply(METADATA, Reply::Html(502, String::new()));
    configure(&home, &rogue, json!({}));
    let valet = Valet::start(&home);
    let refused = begin(&valet).expect_status(502);
    assert_eq!(refused.text("reason"), "issuer_unavailable", "{refused:?}");
    assert!(valet.cli(&["doctor", "it"]).stdout.contains("502"));
    rogue.reply("/.well-known/openid-configuration", Reply::Json(200, document));
    valet.sign_in("it");
    valet.cli(&["doctor", "it"]).expect_code(0);
}

#[test]
fn a_pointer_that_nobody_may_follow_is_named_where_no_other_place_has_anything() {
    let (home, rogue) = (Home::new(), Rogue::start());
    challenges(&rogue, "Bearer resource_metadata=\"http://elsewhere.example/x\"".to_owned());
    configure(&home, &rogue, json!({}));
    let valet = Valet::start(&home);
    begin(&valet).expect_status(200);
    valet.post("/v1/servers/it/decline", &json!({})).expect_status(200);
    rogue.reply(BESIDE, Reply::error(404, "not_found"));
    let refused = begin(&valet).expect_status(502);
    assert_eq!(refused.text("reason"), "insecure_endpoint", "{refused:?}");
}
