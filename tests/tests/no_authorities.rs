//! A system without any certificate authority: the valet runs, and only what needs one says so.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Company, Home, Rogue, Valet};
use serde_json::json;

const ORIGIN: &str = "https://mcp.company.example";

#[test]
fn servers_on_this_machine_work_and_the_first_https_says_what_is_missing() {
    let (home, here, there) = (Home::new(), Rogue::start(), Rogue::known_as(ORIGIN));
    let company = Company::around(&there);
    let proxy = company.proxy();
    let missing = home.path().join("missing");
    home.lists(&[("here", &here.mcp()), ("there", &there.mcp())], "memory");
    let valet = Valet::start_with(
        &home,
        &[
            ("HTTPS_PROXY", proxy.as_str()),
            ("SSL_CERT_FILE", missing.to_str().unwrap()),
            ("SSL_CERT_DIR", missing.to_str().unwrap()),
        ],
    );
    valet.sign_in("here");
    valet.token("here").expect_status(200);
    let refused = valet.post("/v1/servers/there/authorize", &json!({})).expect_status(502);
    assert_eq!(refused.text("reason"), "certificate_refused", "{refused:?}");
    assert!(refused.text("detail").contains("no certificate authority at all"), "{refused:?}");
    assert!(refused.text("advice").contains("ca-certificates"), "{refused:?}");
    let report = valet.cli(&["doctor", "there"]);
    assert!(report.stdout.contains("ca-certificates"), "{report:?}");
    // Once there are some, nothing has to be started again.
    std::fs::rename(company.authority(&home), &missing).unwrap();
    valet.post("/v1/servers/there/authorize", &json!({})).expect_status(200);
}

#[test]
fn the_persons_own_authority_is_enough() {
    let (home, there) = (Home::new(), Rogue::known_as(ORIGIN));
    let company = Company::around(&there);
    let proxy = company.proxy();
    home.configure(&json!({
        "mcpServers": { "there": { "url": there.mcp() } },
        "valet": { "agents": "allow", "vault": "memory", "extraCa": [company.authority(&home)] },
    }));
    let nowhere =
        [("HTTPS_PROXY", proxy.as_str()), ("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];
    let valet = Valet::start_with(&home, &nowhere);
    valet.post("/v1/servers/there/authorize", &json!({})).expect_status(200);
}
