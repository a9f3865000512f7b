//! In a company's network: a proxy, perhaps with a password, and the company's own certificate authority.
//! Every call goes the same way, and where that is shut, one is told what to set.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Company, Home, Rogue, Valet, curl, until};
use serde_json::{Value, json};

const ORIGIN: &str = "https://mcp.company.example";

fn configure(home: &Home, valet: Value) {
    let mut valet = valet;
    valet["agents"] = json!("allow");
    valet["vault"] = json!("memory");
    let servers = json!({ "work": { "url": format!("{ORIGIN}/mcp") } });
    home.configure(&json!({ "mcpServers": servers, "valet": valet }));
}

/// The whole life of a grant: discovery, registration, sign-in, refresh, a call, revocation.
#[track_caller]
fn whole_life(home: &Home, valet: &Valet<'_>, rogue: &Rogue, company: &Company) {
    let authorization = valet.begin("work").to_string();
    // The person's browser has its own way through the network.
    let page = authorization.replacen(ORIGIN, &format!("http://{}", rogue.address()), 1);
    curl(&[rogue.agree(&page.parse().unwrap()).as_str()]).expect_status(200);
    valet.settles("work", "ready");
    let first = valet.token("work").expect_status(200).text("access_token");
    home.move_clock(601);
    let second = valet.token("work").expect_status(200).text("access_token");
    assert_ne!(first, second);
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    valet.post("/mcp/work", &call).expect_status(200);
    valet.cli(&["revoke", "work"]).expect_code(0);
    until("the token is revoked", || (!rogue.accepts(&second)).then_some(()));
    assert_eq!(rogue.count("/register"), 1);
    let tunnels = company.tunnels();
    assert!(!tunnels.is_empty() && tunnels.iter().all(|to| to == "mcp.company.example:443"), "{tunnels:?}");
}

#[test]
fn every_call_goes_through_the_systems_proxy_and_trusts_the_systems_store() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (home, rogue) = (Home::new(), Rogue::known_as(ORIGIN));
        let company = Company::around(&rogue);
        configure(&home, json!({}));
        let (proxy, store) = (company.proxy(), company.authority(&home));
        let environment = [(name, proxy.as_str()), ("SSL_CERT_FILE", store.to_str().unwrap())];
        let valet = Valet::start_with(&home, &environment);
        whole_life(&home, &valet, &rogue, &company);
    }
}

#[test]
fn every_call_goes_through_the_configured_proxy_with_its_password_and_trusts_the_extra_authority() {
    let (home, rogue) = (Home::new(), Rogue::known_as(ORIGIN));
    let company = Company::around(&rogue);
    let proxy = company.wants("anna", "proxy-PASSWORD-1");
    configure(&home, json!({ "proxy": proxy, "extraCa": [company.authority(&home)] }));
    // The configured one comes before the system's.
    let valet = Valet::start_with(&home, &[("HTTPS_PROXY", "http://127.0.0.1:9")]);
    whole_life(&home, &valet, &rogue, &company);
    let said = valet.log() + &valet.get("/v1/health").body + &valet.cli(&["doctor", "work"]).stdout;
    assert!(!said.contains("proxy-PASSWORD-1"), "the proxy's password was shown");
}

#[test]
fn a_host_in_no_proxy_is_reached_without_it() {
    for name in ["NO_PROXY", "no_proxy"] {
        let (home, rogue) = (Home::new(), Rogue::known_as(ORIGIN));
        let company = Company::around(&rogue);
        configure(&home, json!({}));
        let proxy = company.proxy();
        let valet = Valet::start_with(
            &home,
            &[("HTTPS_PROXY", proxy.as_str()), (name, "localhost,.company.example")],
        );
        let said = valet.post("/v1/servers/work/authorize", &json!({})).expect_status(502);
        assert_eq!(said.text("detail"), "mcp.company.example cannot be reached: its name has no address");
        assert!(company.tunnels().is_empty());
    }
}

/// What one is told, and what to do, where the way out is shut.
#[track_caller]
fn told(environment: &[(&str, &str)], detail: &str, advice: &str) {
    let home = Home::new();
    configure(&home, json!({}));
    let valet = Valet::start_with(&home, environment);
    let said = valet.post("/v1/servers/work/authorize", &json!({})).expect_status(502);
    assert_eq!(said.text("detail"), detail);
    assert!(said.text("advice").contains(advice), "{said:?}");
}

#[test]
fn a_proxy_that_wants_a_password_is_named_with_the_place_to_write_it() {
    let rogue = Rogue::known_as(ORIGIN);
    let company = Company::around(&rogue);
    company.wants("anna", "secret");
    let host = company.proxy_host();
    let detail = format!(
        "mcp.company.example cannot be reached: the proxy {host} wants a user name and password (407)"
    );
    told(&[("HTTPS_PROXY", &company.proxy())], &detail, "http://USER:PASSWORD@HOST:PORT");
    told(&[("HTTPS_PROXY", &format!("http://anna:wrong@{host}"))], &detail, "HTTPS_PROXY");
}

#[test]
fn a_proxy_that_lets_nobody_through_or_is_down_is_named() {
    let rogue = Rogue::known_as(ORIGIN);
    let company = Company::around(&rogue);
    company.refuses();
    let host = company.proxy_host();
    let detail =
        format!("mcp.company.example cannot be reached: the proxy {host} does not let us through to it");
    told(&[("HTTPS_PROXY", &company.proxy())], &detail, "NO_PROXY");
    let detail = "mcp.company.example cannot be reached: the proxy 127.0.0.1:9 does not answer";
    told(&[("HTTPS_PROXY", "http://127.0.0.1:9")], detail, "valet.proxy");
}

#[test]
fn a_certificate_that_is_not_trusted_says_why_and_what_to_do() {
    let rogue = Rogue::known_as(ORIGIN);
    let company = Company::around(&rogue);
    let detail = "mcp.company.example showed a certificate that this computer does not trust: nobody this computer knows vouches for it";
    told(&[("HTTPS_PROXY", &company.proxy())], detail, "valet.extraCa");
    company.lets_certificates_expire();
    let (home, proxy) = (Home::new(), company.proxy());
    let store = company.authority(&home);
    let detail = "mcp.company.example showed a certificate that this computer does not trust: it has expired";
    let environment = [("HTTPS_PROXY", proxy.as_str()), ("SSL_CERT_FILE", store.to_str().unwrap())];
    told(&environment, detail, "renew");
}
