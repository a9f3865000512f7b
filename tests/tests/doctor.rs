//! `mcp-valet doctor`: what it says of servers that are well, and of each frequent fault; what to change, and
//! who must.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{
    Browser, CommandOutput, Company, Demo, Desktop, Home, McpServer, OidcProvider, Reply, Rogue, TokenFormat,
    Valet,
};
use serde_json::{Value, json};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";
const ORIGIN: &str = "https://mcp.company.example";

/// A report, and how `mcp-valet doctor --json` ended.
struct Examined {
    report: Value,
    code: i32,
}

fn examine(valet: &Valet<'_>, server: &str) -> Examined {
    let said = valet.cli(&["doctor", server, "--json"]);
    Examined { report: said.json(), code: said.code }
}

/// A valet that knows no server, and its report on a rogue that `script` has prepared.
fn rogue(script: impl Fn(&Rogue)) -> (Examined, Rogue) {
    let (home, rogue) = (Home::new(), Rogue::start());
    script(&rogue);
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let examined = examine(&valet, &rogue.mcp());
    assert_eq!(rogue.count("/register") + rogue.count("/token"), 0, "it left something behind");
    (examined, rogue)
}

impl Examined {
    fn findings(&self) -> Vec<Value> {
        let steps = self.report["steps"].as_array().unwrap().iter();
        steps.flat_map(|step| step["findings"].as_array().unwrap().clone()).collect()
    }

    #[track_caller]
    fn finding(&self, code: &str) -> Value {
        let found = self.findings().into_iter().find(|finding| finding["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} in {:#}", self.report))
    }

    #[track_caller]
    fn is_well(&self) {
        assert_eq!((self.report["outcome"].as_str(), self.code), (Some("works"), 0), "{:#}", self.report);
        assert!(self.findings().iter().all(|finding| finding["verdict"] != "trouble"), "{:#}", self.report);
    }

    /// It ends as a provider's fault, which is named with its rule's source, and somebody is told exactly
    /// what to do.
    #[track_caller]
    fn is_trouble(&self, code: &str, who: &str, remedy: &[&str]) {
        assert_eq!((self.report["outcome"].as_str(), self.code), (Some("trouble"), 5), "{:#}", self.report);
        let finding = self.finding(code);
        assert_eq!(finding["verdict"], "trouble", "{finding:#}");
        assert_eq!(finding["remedy"]["who"], who, "{finding:#}");
        let what = finding["remedy"]["what"].as_str().unwrap();
        assert!(remedy.iter().all(|part| what.contains(part)), "{what}");
    }

    #[track_caller]
    fn is_noted(&self, code: &str) -> Value {
        let finding = self.finding(code);
        assert_eq!(finding["verdict"], "note", "{finding:#}");
        finding
    }
}

#[test]
fn the_demo_is_well_by_url_and_by_name() {
    let home = Home::new();
    let demo = Demo::start(&home);
    home.lists(&[("demo", &demo.mcp())], "memory");
    let valet = Valet::start(&home);
    for server in [&demo.mcp(), "demo"] {
        let examined = examine(&valet, server);
        examined.is_well();
        for code in [
            "unauthorized",
            "resource_metadata",
            "resource",
            "issuer",
            "pkce",
            "iss",
            "registration",
            "ready",
        ] {
            assert_eq!(examined.finding(code)["verdict"], "ok");
        }
    }
    assert!(!demo.log().contains("/register"), "{}", demo.log());
}

#[test]
fn a_certified_provider_with_the_official_server_is_well() {
    let home = Home::new();
    let provider = OidcProvider::start(&home, TokenFormat::Jwt);
    let server = McpServer::start(&home, &provider);
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let examined = examine(&valet, &server.mcp());
    examined.is_well();
    assert!(examined.finding("authorization_servers")["text"].as_str().unwrap().contains(provider.issuer()));
}

#[test]
fn the_page_fits_80_columns_and_has_no_colour_in_a_pipe() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit_metadata("issuer", json!(format!("{}/", rogue.origin())));
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let CommandOutput { stdout, stderr, code } = valet.cli(&["doctor", &rogue.mcp()]);
    assert_eq!((code, stderr.as_str()), (5, ""));
    let fits = |line: &str| line.chars().count() < 80 || line.split_whitespace().count() == 1;
    assert!(stdout.lines().all(fits), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "{stdout}");
    for part in [
        "1 Reach the server",
        "TROUBLE",
        "RFC 8414 §3.3",
        "What to change",
        "The authorization server's operator:",
    ] {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }
}

#[test]
fn an_issuer_that_differs_by_a_slash() {
    let (examined, rogue) =
        rogue(|rogue| rogue.edit_metadata("issuer", json!(format!("{}/", rogue.origin()))));
    let origin = rogue.origin();
    let remedy = ["slash at the end", &format!("\"issuer\": \"{origin}\""), &format!("\"{origin}/\"")];
    examined.is_trouble("issuer_mismatch", "issuer_operator", &remedy);
}

#[test]
fn an_issuer_with_another_name() {
    let (examined, _rogue) = rogue(|rogue| rogue.edit_metadata("issuer", json!("https://other.example")));
    examined.is_trouble(
        "issuer_mismatch",
        "issuer_operator",
        &["https://other.example", "oauth.authorizationServer"],
    );
}

#[test]
fn metadata_of_another_resource_and_everything_else_that_is_wrong() {
    let (examined, rogue) = rogue(|rogue| {
        rogue.edit_resource(json!("https://other.example/mcp"));
        rogue.edit_metadata("code_challenge_methods_supported", Value::Null);
    });
    let resource = format!("\"resource\": \"{}\"", rogue.mcp());
    examined.is_trouble("resource_mismatch", "server_operator", &[&resource, "https://other.example/mcp"]);
    examined.is_trouble("no_pkce", "issuer_operator", &["\"code_challenge_methods_supported\": [\"S256\"]"]);
}

#[test]
fn metadata_without_pkce_is_forgiven_where_the_person_says_so() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit_metadata("code_challenge_methods_supported", Value::Null);
    let server = json!({ "url": rogue.mcp(), "oauth": { "pkce": "assume" } });
    home.configure(&json!({ "mcpServers": { "rogue": server }, "valet": { "vault": "memory" } }));
    let valet = Valet::start(&home);
    let examined = examine(&valet, "rogue");
    examined.is_well();
    examined.is_noted("no_pkce");
}

#[test]
fn a_servers_metadata_that_is_a_web_page_is_forgiven_where_the_person_names_the_issuer() {
    let page =
        |rogue: &Rogue| rogue.reply(RESOURCE_METADATA, Reply::Html(200, "<title>App</title>".to_owned()));
    let (examined, _rogue) = rogue(page);
    examined.is_trouble("not_json", "server_operator", &[]);
    let (home, rogue) = (Home::new(), Rogue::start());
    page(&rogue);
    let server = json!({ "url": rogue.mcp(), "oauth": { "authorizationServer": rogue.origin() } });
    home.configure(&json!({ "mcpServers": { "rogue": server }, "valet": { "vault": "memory" } }));
    let valet = Valet::start(&home);
    let examined = examine(&valet, "rogue");
    examined.is_well();
    examined.is_noted("not_json");
}

#[test]
fn a_challenge_that_points_nowhere_is_a_note_with_the_header_to_send() {
    let (examined, rogue) =
        rogue(|rogue| rogue.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", "Bearer".to_owned())])));
    examined.is_well();
    let remedy = examined.is_noted("bare_challenge")["remedy"]["what"].to_string();
    let header = format!("resource_metadata=\\\"{}{RESOURCE_METADATA}\\\"", rogue.origin());
    assert!(remedy.contains(&header), "{remedy}");
}

#[test]
fn a_401_without_any_challenge_is_a_note() {
    let (examined, _rogue) = rogue(|rogue| rogue.reply("/mcp", Reply::Bare(401, Vec::new())));
    examined.is_well();
    examined.is_noted("no_challenge");
}

#[test]
fn an_issuer_that_registers_nobody_needs_a_client_by_hand() {
    let (examined, _rogue) = rogue(|rogue| rogue.edit_metadata("registration_endpoint", Value::Null));
    assert_eq!((examined.report["outcome"].as_str(), examined.code), (Some("needs_client_id"), 3));
    let what = examined.finding("registration_missing")["remedy"]["what"].as_str().unwrap().to_owned();
    assert!(what.contains("http://localhost:3118/callback") && what.contains("--client-id ID"), "{what}");
}

#[test]
fn a_client_that_was_registered_by_hand_is_enough() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit_metadata("registration_endpoint", Value::Null);
    let server = json!({ "url": rogue.mcp(), "oauth": { "clientId": "ours", "callbackPort": 4711 } });
    home.configure(&json!({ "mcpServers": { "rogue": server }, "valet": { "vault": "memory" } }));
    let valet = Valet::start(&home);
    let examined = examine(&valet, "rogue");
    examined.is_well();
    assert!(
        examined.finding("redirect_uri")["text"].as_str().unwrap().contains("http://localhost:4711/callback")
    );
}

#[test]
fn a_web_page_in_every_well_known_place() {
    let page = || Reply::Html(200, "<!doctype html><title>App</title>".to_owned());
    let (examined, _rogue) = rogue(|rogue| {
        for path in [METADATA, "/.well-known/openid-configuration"] {
            rogue.reply(path, page());
        }
    });
    examined.is_trouble("metadata_missing", "issuer_operator", &["oauth.authServerMetadataUrl"]);
    examined.is_noted("not_json");
    let steps = examined.report.to_string();
    assert!(steps.contains("200, an HTML page"), "{steps}");
}

#[test]
fn nothing_in_any_well_known_place_is_the_oldest_kind_of_server() {
    let (examined, _rogue) = rogue(|rogue| {
        rogue.reply("/mcp", Reply::Bare(401, Vec::new()));
        for path in [RESOURCE_METADATA, METADATA] {
            rogue.reply(path, Reply::error(404, "not_found"));
        }
    });
    examined.is_well();
    assert!(
        examined.is_noted("no_resource_metadata")["rule"]["source"].as_str().unwrap().contains("2025-03-26")
    );
    examined.is_noted("legacy");
}

#[test]
fn a_server_that_moved_is_followed_by_the_person_alone() {
    let (examined, _rogue) =
        rogue(|rogue| rogue.reply("/mcp", Reply::Redirect("https://new.example/mcp".to_owned())));
    examined.is_trouble("redirect", "person", &["mcp-valet add https://new.example/mcp"]);
}

#[test]
fn a_server_that_asks_for_nothing_needs_no_valet() {
    let (examined, _rogue) = rogue(|rogue| {
        rogue.reply("/mcp", Reply::Json(200, json!({ "jsonrpc": "2.0", "id": 1, "result": {} })));
        for path in [RESOURCE_METADATA, METADATA] {
            rogue.reply(path, Reply::error(404, "not_found"));
        }
    });
    assert_eq!((examined.report["outcome"].as_str(), examined.code), (Some("no_sign_in"), 0));
}

#[test]
fn a_server_that_is_down_and_one_that_is_out_of_order() {
    let (examined, _down) = rogue(Rogue::go_down);
    examined.is_trouble("server_unreachable", "person", &["port"]);
    let (examined, _rogue) = rogue(|rogue| rogue.reply("/mcp", Reply::Html(503, String::new())));
    examined.is_trouble("server_unavailable", "server_operator", &[]);
}

#[test]
fn metadata_that_never_comes_or_never_ends() {
    let (examined, _rogue) = rogue(|rogue| rogue.reply(METADATA, Reply::Silent));
    examined.is_trouble("issuer_slow", "person", &["later"]);
    let (examined, _rogue) = rogue(|rogue| rogue.reply(METADATA, Reply::Endless));
    examined.is_trouble("answer_too_large", "issuer_operator", &[]);
}

#[test]
fn several_authorization_servers_are_all_examined() {
    let other = Rogue::start();
    let (examined, rogue) = rogue(|rogue| {
        let both = json!([rogue.origin(), other.origin()]);
        rogue.edit(RESOURCE_METADATA, "authorization_servers", both);
    });
    examined.is_well();
    let steps = examined.report["steps"].to_string();
    for origin in [rogue.origin(), other.origin()] {
        assert!(steps.contains(&format!("Authorization server {origin}")), "{steps}");
    }
}

/// A report from inside a company's network, on a server that calls itself by a public name.
fn behind_proxy(script: impl Fn(&Rogue), trusted: bool) -> Examined {
    let (home, rogue) = (Home::new(), Rogue::known_as(ORIGIN));
    script(&rogue);
    let company = Company::around(&rogue);
    let authorities = if trusted { vec![company.authority(&home)] } else { Vec::new() };
    let valet = json!({ "vault": "memory", "proxy": company.proxy(), "extraCa": authorities });
    home.configure(&json!({ "valet": valet }));
    examine(&Valet::start(&home), &format!("{ORIGIN}/mcp"))
}

#[test]
fn metadata_that_says_http_behind_a_proxy_that_ends_tls_names_the_servers_flag() {
    let flag = "--oauth-external-url https://mcp.company.example";
    let http = "http://mcp.company.example";
    let resource = behind_proxy(|rogue| rogue.edit_resource(json!(format!("{http}/mcp"))), true);
    resource.is_trouble("insecure_endpoint", "server_operator", &[flag, "X-Forwarded-Proto"]);
    let endpoint =
        behind_proxy(|rogue| rogue.edit_metadata("token_endpoint", json!(format!("{http}/token"))), true);
    endpoint.is_trouble("insecure_endpoint", "server_operator", &[flag]);
}

#[test]
fn a_public_server_that_names_a_private_address() {
    let private =
        |rogue: &Rogue| rogue.edit(RESOURCE_METADATA, "authorization_servers", json!(["https://10.0.0.1"]));
    let examined = behind_proxy(private, true);
    examined.is_trouble("address_refused", "server_operator", &["10.0.0.1", "oauth.authorizationServer"]);
    assert!(!examined.report.to_string().contains("registration_missing"), "{:#}", examined.report);
}

#[test]
fn a_certificate_of_the_companys_own_authority() {
    behind_proxy(|_| {}, true).is_well();
    let examined = behind_proxy(|_| {}, false);
    examined.is_trouble("certificate_refused", "person", &["valet.extraCa"]);
    examined.is_noted("proxied");
}

#[test]
fn a_name_that_means_nothing_is_no_report() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    valet.cli(&["doctor", "nobody"]).expect_code(8);
    valet.cli(&["doctor", "ftp://a.example/"]).expect_code(8);
    valet.cli(&["doctor", "http://a.example/mcp"]).expect_code(8);
}

#[test]
fn the_window_shows_the_same_report() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit_metadata("issuer", json!(format!("{}/", rogue.origin())));
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let desktop = Desktop::start(&home);
    let _valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.click("a[href='#/servers/rogue']");
    window.press("Check this server");
    window.shows("A sign-in does not work like this.");
    window.shows("The authorization server’s operator: Let the metadata say");
}
