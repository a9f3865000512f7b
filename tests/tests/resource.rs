//! What tokens are for (RFC 8707): who may name it, and that the person reads it where it is not the server
//! itself.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Reply, Rogue, Valet, curl, until};
use serde_json::{Value, json};

const BESIDE: &str = "/.well-known/oauth-protected-resource/mcp";
const ROOT: &str = "/.well-known/oauth-protected-resource";
const ELSEWHERE: &str = "/mcp/about-me";

fn challenge(rogue: &Rogue, place: &str) {
    let challenge = format!("Bearer resource_metadata=\"{}{place}\"", rogue.origin());
    rogue.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", challenge)]));
}

fn document(rogue: &Rogue, place: &str, resource: &str) {
    rogue.reply(
        place,
        Reply::Json(200, json!({ "resource": resource, "authorization_servers": [rogue.origin()] })),
    );
}

fn configure(home: &Home, rogue: &Rogue, oauth: &Value, agents: &str) {
    home.configure(&json!({
        "mcpServers": { "tenant": { "url": rogue.mcp(), "oauth": oauth } },
        "valet": { "agents": agents, "vault": "memory" },
    }));
}

#[test]
fn a_tenant_cannot_ask_for_its_whole_host_in_a_document_of_its_own() {
    let (home, rogue) = (Home::new(), Rogue::start());
    challenge(&rogue, ELSEWHERE);
    configure(&home, &rogue, &json!({}), "allow");
    let valet = Valet::start(&home);
    for wider in [rogue.origin(), format!("{}/", rogue.origin()), format!("{}/mcp/", rogue.origin())] {
        document(&rogue, ELSEWHERE, &wider);
        let answer = valet.post("/v1/servers/tenant/authorize", &json!({})).expect_status(502);
        assert_eq!(answer.text("reason"), "resource_mismatch", "{wider}");
        let report = valet.cli(&["doctor", "tenant"]);
        assert!(report.stdout.contains(&rogue.mcp()) && report.code != 0, "{report:?}");
    }
    document(&rogue, ELSEWHERE, &rogue.mcp());
    let resource =
        |url: &url::Url| url.query_pairs().find(|(name, _)| name == "resource").unwrap().1.into_owned();
    assert_eq!(resource(&valet.begin("tenant")), rogue.mcp());
}

#[test]
fn a_redirect_leads_to_a_document_that_is_not_the_hosts_own() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.reply(BESIDE, Reply::Redirect(format!("{}{ELSEWHERE}", rogue.origin())));
    document(&rogue, ELSEWHERE, &rogue.origin());
    configure(&home, &rogue, &json!({}), "allow");
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/tenant/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "resource_mismatch");
    assert!(valet.cli(&["doctor", "tenant"]).code != 0);
    document(&rogue, ELSEWHERE, &rogue.mcp());
    valet.begin("tenant");
}

#[test]
fn a_resource_that_is_not_the_server_is_named_before_the_sign_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, &json!({ "resource": "https://elsewhere.example/api" }), "allow");
    let (_valet, mut terminal) = Valet::on_terminal(&home);
    let _asking = home.start_cli(&["token", "tenant"]);
    let named = "its tokens are for https://elsewhere.example/api, not for this server alone";
    let asked = terminal.shows("[s]ign in now");
    assert!(asked.contains(named), "{asked}");
    terminal.types("s");
    terminal.shows("Its tokens are for https://elsewhere.example/api");
}

#[test]
fn a_host_may_be_named_at_its_own_places_and_the_person_reads_it() {
    for place in [BESIDE, ROOT] {
        let (home, rogue) = (Home::new(), Rogue::start());
        if place == ROOT {
            rogue.reply(BESIDE, Reply::error(404, "not_found"));
        }
        document(&rogue, place, &rogue.origin());
        challenge(&rogue, place);
        configure(&home, &rogue, &json!({}), "allow");
        let valet = Valet::start(&home);
        let authorization = valet.post("/v1/servers/tenant/authorize", &json!({})).expect_status(200);
        assert_eq!(authorization.text("other_resource"), rogue.origin());
        let shown = valet.cli(&["show", "tenant"]).expect_code(0).stdout;
        assert!(shown.contains(&format!("tokens are for  {} (not", rogue.origin())), "{shown}");
        let page = curl(&[rogue.agree(&authorization.text("authorization_url").parse().unwrap()).as_str()]);
        assert!(page.body.contains(&format!("Its tokens are for {}", rogue.origin())), "{page:?}");
        valet.settles("tenant", "ready");
        assert_eq!(valet.server("tenant")["other_resource"], rogue.origin());
    }
}

#[test]
fn a_server_that_is_its_own_resource_is_not_explained() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, &json!({}), "allow");
    let valet = Valet::start(&home);
    let page = curl(&[rogue.agree(&valet.begin("tenant")).as_str()]).expect_status(200);
    assert!(!page.body.contains("tokens are for"), "{page:?}");
    assert!(!valet.cli(&["show", "tenant"]).expect_code(0).stdout.contains("tokens are for"));
    assert!(valet.server("tenant")["other_resource"].is_null());
}

#[test]
fn the_question_names_a_resource_that_is_not_the_server() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, &json!({ "resource": "https://elsewhere.example/api" }), "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let asking = home.start_cli(&["token", "tenant"]);
    let asked = terminal.shows("on't allow");
    assert!(
        asked.contains("its tokens are for https://elsewhere.example/api, not for this server alone"),
        "{asked}"
    );
    terminal.types("d");
    until("it is refused", || (valet.server("tenant")["attempt"] == "none").then_some(()));
    drop(asking);
}
