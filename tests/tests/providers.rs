//! Providers that differ from the specifications, each as it was reported to.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::net::TcpListener;

use mcp_valet_tests::emulation::{
    Atlassian, Encoding, Slack, asana, atlassian, cloudflare_worker, github, google, notion, sentry, server,
    slack,
};
use mcp_valet_tests::{Home, Internet, Reply, Rogue, Valet, until};
use serde_json::{Value, json};

const SECRET: &str = "s3cret-s3cret";

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Configures one server by the name of `it`.
fn configure(home: &Home, internet: &Internet, url: &str, oauth: &Value) {
    internet.configure(home, &json!({ "it": { "url": url, "oauth": oauth } }));
}

/// Signs in with a browser that follows every redirect.
#[track_caller]
fn sign_in(valet: &Valet<'_>, internet: &Internet) -> Value {
    let page = internet.browse_on(valet.begin("it").as_str());
    assert_eq!(page.status, 200, "{page:?}");
    valet.settles("it", "ready")
}

/// How a sign-in fails that the browser has finished.
#[track_caller]
fn fails(valet: &Valet<'_>, internet: &Internet) -> Value {
    internet.browse_on(valet.begin("it").as_str());
    valet.settles("it", "failed")["problem"].clone()
}

fn fields(rogue: &Rogue, path: &str, name: &str) -> Vec<Option<String>> {
    rogue.requests(path).iter().map(|request| request.field(name)).collect()
}

#[test]
fn github_answers_as_json_or_as_a_form_with_commas_and_no_end() {
    for form in [Encoding::AsAsked, Encoding::Always] {
        let home = Home::new();
        let internet = Internet::start(&home);
        let _mcp = server(&internet, "mcp.tools.example", "https://github.com/login/oauth", &["repo"]);
        let _github = github(&internet, form);
        let oauth = json!({ "clientId": "app", "clientSecret": SECRET, "callbackPort": 0 });
        configure(&home, &internet, "https://mcp.tools.example/mcp", &oauth);
        let valet = Valet::start(&home);
        let ready = sign_in(&valet, &internet);
        assert_eq!(ready["scopes_granted"], json!(["repo", "read:org"]), "{form:?}");
        assert_eq!(ready.get("expires_at"), None, "{ready}");
        assert_eq!(ready["renews"], false);
    }
}

#[test]
fn githubs_errors_come_with_status_200() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let _mcp = server(&internet, "mcp.tools.example", "https://github.com/login/oauth", &["repo"]);
    let _github = github(&internet, Encoding::Always);
    let oauth = json!({ "clientId": "app", "clientSecret": "wrong-wrong", "callbackPort": 0 });
    configure(&home, &internet, "https://mcp.tools.example/mcp", &oauth);
    let valet = Valet::start(&home);
    let problem = fails(&valet, &internet);
    assert_eq!(problem["reason"], "invalid_client");
    assert!(problem["advice"].as_str().unwrap().contains("clientSecret"), "{problem}");
}

#[test]
fn github_registers_nobody_and_is_not_asked_to() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let _mcp = server(&internet, "mcp.tools.example", "https://github.com/login/oauth", &["repo"]);
    let github = github(&internet, Encoding::AsAsked);
    configure(&home, &internet, "https://mcp.tools.example/mcp", &json!({}));
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(401);
    let advice = answer.text("advice");
    assert!(advice.contains("http://localhost:3118/callback"), "{advice}");
    assert!(advice.contains("mcpServers.it.oauth.clientId"), "{advice}");
    assert_eq!(github.count("/register") + github.count("/login/oauth/register"), 0);
}

/// A Slack whose app has the redirect URI of this port.
fn slack_at(internet: &Internet, port: u16, own: &'static str, nested: bool) -> Rogue {
    let redirect_uri = format!("http://localhost:{port}/callback").leak();
    slack(internet, Slack { own, nested, announces: nested, redirect_uri })
}

fn slack_app(port: u16) -> Value {
    json!({ "clientId": "1.2", "clientSecret": SECRET, "callbackPort": port, "scopes": ["search:read.public", "chat:write"] })
}

#[test]
fn slack_is_signed_in_to_under_both_names_with_tokens_nested_or_not() {
    for own in ["https://slack.com", "https://mcp.slack.com"] {
        for nested in [true, false] {
            let home = Home::new();
            let internet = Internet::start(&home);
            let port = free_port();
            let _slack = slack_at(&internet, port, own, nested);
            configure(&home, &internet, "https://mcp.slack.com/mcp", &slack_app(port));
            let valet = Valet::start(&home);
            let ready = sign_in(&valet, &internet);
            assert_eq!(
                ready["scopes_granted"],
                json!(["search:read.public", "chat:write"]),
                "{own} {nested}"
            );
            assert_eq!(valet.token("it").expect_status(200).text("access_token"), "xoxp-abcdefgh");
        }
    }
}

#[test]
fn slacks_errors_are_understood() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (port, other) = (free_port(), free_port());
    let _slack = slack_at(&internet, port, "https://slack.com", true);
    configure(&home, &internet, "https://mcp.slack.com/mcp", &slack_app(other));
    let valet = Valet::start(&home);
    let problem = fails(&valet, &internet);
    assert!(problem["advice"].as_str().unwrap().contains("with its port"), "{problem}");

    configure(&home, &internet, "https://mcp.slack.com/mcp", &slack_app(port));
    until("the edit is seen", || (valet.server("it")["attempt"] != "failed").then_some(()));
    sign_in(&valet, &internet);
    home.move_clock(43_201);
    let over = valet.token("it").expect_status(401);
    assert_eq!(over.text("code"), "lapsed", "a refused refresh token ends the grant: {over:?}");
}

#[test]
fn slack_needs_scopes() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let _slack = slack_at(&internet, free_port(), "https://slack.com", true);
    let oauth = json!({ "clientId": "1.2", "clientSecret": SECRET });
    configure(&home, &internet, "https://mcp.slack.com/mcp", &oauth);
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "scopes_needed");
}

#[test]
fn google_is_asked_for_a_refresh_token_and_may_be_named_with_a_slash() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (_mcp, google) = google(&internet);
    let oauth = json!({ "clientId": "app", "clientSecret": SECRET, "callbackPort": 0 });
    configure(&home, &internet, "https://mcp.googleapis.com/mcp", &oauth);
    let valet = Valet::start(&home);
    let ready = sign_in(&valet, &internet);
    assert_eq!(ready["renews"], true);
    assert_eq!(fields(&google, "/authorize", "access_type"), [Some("offline".to_owned())]);
    assert_eq!(fields(&google, "/authorize", "prompt"), [Some("consent".to_owned())]);
}

#[test]
fn googles_parameters_give_way_to_the_persons_and_its_missing_secret_is_explained() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (_mcp, google) = google(&internet);
    let params = json!({ "prompt": "select_account" });
    let oauth = json!({ "clientId": "app", "callbackPort": 0, "authorizeParams": params });
    configure(&home, &internet, "https://mcp.googleapis.com/mcp", &oauth);
    let valet = Valet::start(&home);
    let problem = fails(&valet, &internet);
    assert!(problem["advice"].as_str().unwrap().contains("clientSecret"), "{problem}");
    assert_eq!(fields(&google, "/authorize", "prompt"), [Some("select_account".to_owned())]);
    assert_eq!(google.requests("/authorize")[0].query.matches("prompt=").count(), 1);
}

#[test]
fn atlassians_wrong_names_are_put_up_with_and_told() {
    for how in [Atlassian::Origin, Atlassian::Longer, Atlassian::Shorter] {
        let home = Home::new();
        let internet = Internet::start(&home);
        let _atlassian = atlassian(&internet, how);
        configure(&home, &internet, "https://mcp.atlassian.com/mcp", &json!({}));
        let valet = Valet::start(&home);
        sign_in(&valet, &internet);
        let notices = valet.get("/v1/health").expect_status(200).json()["notices"].clone();
        let (named, own) = how.names();
        let told = notices.as_array().unwrap().iter().any(|notice| {
            let notice = notice.as_str().unwrap();
            notice.contains(named) && notice.contains(own)
        });
        assert!(told, "{notices}");
    }
}

#[test]
fn no_other_wrong_name_of_atlassians_is_put_up_with() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let _atlassian = atlassian(&internet, Atlassian::Unknown);
    configure(&home, &internet, "https://mcp.atlassian.com/mcp", &json!({}));
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "issuer_mismatch");
}

#[test]
fn asana_takes_one_of_the_two_names_of_this_machine() {
    for host in [&["127.0.0.1"], &["localhost"]] {
        let home = Home::new();
        let internet = Internet::start(&home);
        let asana = asana(&internet, host);
        configure(&home, &internet, "https://mcp.asana.com/mcp", &json!({}));
        let valet = Valet::start(&home);
        sign_in(&valet, &internet);
        let registered = asana.count("/register");
        valet.begin("it");
        assert_eq!(asana.count("/register"), registered, "the registration is used again");
    }
}

#[test]
fn asana_that_takes_neither_says_both_and_what_to_do() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let _asana = asana(&internet, &["app.example"]);
    configure(&home, &internet, "https://mcp.asana.com/mcp", &json!({}));
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "redirect_uri_refused");
    let detail = answer.text("detail");
    assert!(detail.contains("http://localhost:") && detail.contains("http://127.0.0.1:"), "{detail}");
    assert!(answer.text("advice").contains("clientId"), "{answer:?}");
}

#[test]
fn asana_v2_wants_a_client_made_by_hand() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let asana = asana(&internet, &[]);
    let oauth = json!({ "clientId": "app", "clientSecret": SECRET, "callbackPort": 0 });
    configure(&home, &internet, "https://mcp.asana.com/mcp", &oauth);
    let valet = Valet::start(&home);
    sign_in(&valet, &internet);
    assert_eq!(fields(&asana, "/token", "client_secret"), [Some(SECRET.to_owned())]);
    assert_eq!(asana.count("/register"), 0);
}

#[test]
fn a_resource_is_sent_as_it_is_written_whether_origin_or_path() {
    let home = Home::new();
    let internet = Internet::start(&home);
    for (rogue, resource) in
        [(notion(&internet), "https://mcp.notion.com"), (sentry(&internet), "https://mcp.sentry.dev/mcp")]
    {
        configure(&home, &internet, &rogue.mcp(), &json!({}));
        let valet = Valet::start(&home);
        sign_in(&valet, &internet);
        home.move_clock(901);
        valet.token("it").expect_status(200);
        home.move_clock(0);
        let sent = [fields(&rogue, "/authorize", "resource"), fields(&rogue, "/token", "resource")].concat();
        assert_eq!(sent, vec![Some(resource.to_owned()); 3]);
        valet.stop();
    }
}

#[test]
fn revocation_at_the_token_endpoint_is_revocation() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let worker = cloudflare_worker(&internet);
    configure(&home, &internet, &worker.mcp(), &json!({}));
    let valet = Valet::start(&home);
    sign_in(&valet, &internet);
    valet.cli(&["revoke", "it"]).expect_code(0);
    until("the token is given back", || {
        fields(&worker, "/token", "token").iter().any(Option::is_some).then_some(())
    });
    assert_eq!(valet.server("it")["grant"], "none");
    let secrets = fields(&worker, "/token", "client_secret");
    assert!(secrets.iter().all(Option::is_none), "a secret that was not asked for is not sent: {secrets:?}");
}

#[test]
fn fastmcp_refuses_a_refresh_token_with_status_401() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let rogue = internet.server("fastmcp.example");
    configure(&home, &internet, &rogue.mcp(), &json!({}));
    let valet = Valet::start(&home);
    sign_in(&valet, &internet);
    rogue.reply("/token", Reply::error(401, "invalid_grant"));
    home.move_clock(601);
    assert_eq!(valet.token("it").expect_status(401).text("code"), "lapsed");
}

#[test]
fn a_server_that_does_not_know_its_https_address_is_told_how_to_learn_it() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let aks = internet.server("aks.example");
    configure(&home, &internet, &aks.mcp(), &json!({}));
    let valet = Valet::start(&home);
    let plain = |resource: &str, member: &str, value: Value| {
        aks.edit(resource, member, value);
        let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
        assert_eq!(answer.text("reason"), "insecure_endpoint");
        assert!(answer.text("detail").contains("http://aks.example"), "{answer:?}");
        assert!(answer.text("advice").contains("--oauth-external-url"), "{answer:?}");
        aks.behave(resource);
    };
    let resource_metadata = "/.well-known/oauth-protected-resource/mcp";
    let metadata = "/.well-known/oauth-authorization-server";
    plain(resource_metadata, "resource", json!("http://aks.example/mcp"));
    plain(resource_metadata, "authorization_servers", json!(["http://aks.example"]));
    plain(metadata, "token_endpoint", json!("http://aks.example/token"));
    plain(metadata, "issuer", json!("http://aks.example"));
}
