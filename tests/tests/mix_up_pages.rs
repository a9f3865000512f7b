//! Pages of issuers at which somebody has signed in lead to no other, however that came about and however
//! they are spelled (RFC 9700 §4.4).

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, HttpResponse, RawClient, Reply, Rogue, Valet, curl, free_port, until};
use serde_json::{Value, json};
use std::thread;
use url::Url;

/// An issuer, and its server, that does not say who it is.
fn silent() -> Rogue {
    let rogue = Rogue::start();
    rogue.edit_metadata("authorization_response_iss_parameter_supported", Value::Null);
    rogue.gives_iss(None);
    rogue
}

/// One whose page is at another's.
fn leading_to(page: &str) -> Rogue {
    let rogue = silent();
    rogue.edit_metadata("authorization_endpoint", json!(page));
    rogue
}

fn configure(home: &Home, servers: &Value, agents: &str) {
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": agents, "vault": "memory" } }));
}

fn add(valet: &Valet<'_>, name: &str, url: &str) {
    valet.post("/v1/servers", &json!({ "name": name, "url": url })).expect_status(200);
}

fn comes_back(rogue: &Rogue, valet: &Valet<'_>, name: &str) {
    curl(&[rogue.agree(&valet.begin(name)).as_str()]).expect_status(200);
    valet.settles(name, "ready");
}

#[track_caller]
fn refused(valet: &Valet<'_>, name: &str, body: &Value) -> HttpResponse {
    let answer = valet.post(&format!("/v1/servers/{name}/authorize"), body).expect_status(502);
    assert_eq!(answer.text("reason"), "page_shared", "{answer:?}");
    answer
}

#[test]
fn what_was_signed_in_by_the_command_line_is_not_given_away_with_the_persons_yes_to_a_server() {
    let home = Home::new();
    let good = silent();
    let harmless = leading_to(&format!("{}/authorize", good.origin()));
    configure(&home, &json!({}), "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.cli(&["add", "good", &good.mcp()]).expect_code(0);
    valet.sign_in("good");
    let new = json!({ "name": "harmless", "url": harmless.mcp(), "oauth": { "callbackPort": free_port() }, "wait": 60 });
    thread::scope(|scope| {
        let adding = scope.spawn(|| valet.post("/v1/servers", &new));
        terminal.shows("Add it?");
        terminal.types("y");
        adding.join().unwrap().expect_status(200);
    });
    let _authorizing = home.start_cli(&["authorize", "harmless", "--no-browser"]);
    let asked = terminal.shows("has its pages");
    assert!(asked.contains(&good.origin()[7..]) && asked.contains(&harmless.origin()[7..]), "{asked}");
    terminal.types("n");
    valet.settles("harmless", "failed");
    assert_eq!((good.count("/authorize"), harmless.count("/token")), (1, 0));
}

#[test]
fn what_was_signed_in_by_the_command_line_is_not_given_away_by_the_next_click() {
    let home = Home::new();
    let good = silent();
    let harmless = leading_to(&format!("{}/authorize", good.origin()));
    configure(&home, &json!({}), "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.cli(&["add", "good", &good.mcp()]).expect_code(0);
    valet.sign_in("good");
    add(&valet, "harmless", &harmless.mcp());
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"harmless","wait":60}"#);
    terminal.shows("wants to use harmless");
    terminal.types("o");
    terminal.shows("[s]ign in now");
    terminal.types("s");
    let asked = terminal.shows("has its pages");
    assert!(asked.contains(&good.origin()[7..]) && asked.contains(&harmless.origin()[7..]), "{asked}");
    terminal.types("n");
    valet.settles("harmless", "failed");
    assert_eq!(harmless.count("/token"), 0);
}

#[test]
fn another_spelling_of_a_host_is_no_other_page() {
    let home = Home::new();
    let good = silent();
    let port = good.address().port();
    let harmless = silent();
    harmless.edit_metadata("device_authorization_endpoint", json!(format!("{}/device", harmless.origin())));
    configure(&home, &json!({ "good": { "url": good.mcp() } }), "allow");
    let valet = Valet::start(&home);
    comes_back(&good, &valet, "good");
    add(&valet, "harmless", &harmless.mcp());
    for host in ["localhost", "localhost.", "127.0.0.2", "sub.localhost"] {
        let at = |path: &str| format!("http://{host}:{port}{path}");
        harmless.edit_metadata("authorization_endpoint", json!(at("/authorize")));
        refused(&valet, "harmless", &json!({}));
        for (page, whole) in
            [(at("/activate"), None), (format!("{}/own", harmless.origin()), Some(at("/activate")))]
        {
            let code = json!({
                "device_code": "d", "user_code": "ABCD", "expires_in": 600, "interval": 1,
                "verification_uri": page, "verification_uri_complete": whole,
            });
            harmless.reply("/device", Reply::Json(200, code));
            refused(&valet, "harmless", &json!({ "device": true }));
        }
    }
    assert_eq!((harmless.count("/token"), good.count("/authorize")), (0, 1));
}

/// One host, two issuers there, each with a server; `page` is where that of `name` has people sign in.
fn tenant(host: &Rogue, name: &str, page: &str, token: &str) {
    let origin = host.origin();
    let issuer = format!("{origin}/{name}");
    let resource = json!({ "resource": format!("{issuer}/mcp"), "authorization_servers": [issuer] });
    host.reply(&format!("/.well-known/oauth-protected-resource/{name}/mcp"), Reply::Json(200, resource));
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{origin}{page}"),
        "token_endpoint": format!("{origin}{token}"),
        "registration_endpoint": format!("{origin}/register"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    });
    host.reply(&format!("/.well-known/oauth-authorization-server/{name}"), Reply::Json(200, metadata));
    host.reply(&format!("/{name}/mcp"), Reply::Bare(401, vec![("www-authenticate", "Bearer".to_owned())]));
}

#[test]
fn a_page_of_one_tenant_leads_to_no_other_at_the_same_host() {
    let home = Home::new();
    let host = silent();
    tenant(&host, "good", "/good/authorize", "/token");
    tenant(&host, "evil", "/good/authorize", "/evil/token");
    let of = |name: &str| format!("{}/{name}/mcp", host.origin());
    configure(&home, &json!({ "good": { "url": of("good") } }), "allow");
    let valet = Valet::start(&home);
    let mut page: Url = valet.begin("good");
    page.set_path("/authorize");
    curl(&[host.agree(&page).as_str()]).expect_status(200);
    valet.settles("good", "ready");
    add(&valet, "harmless", &of("evil"));
    let told = refused(&valet, "harmless", &json!({}));
    for named in ["/good/authorize", "\"good\"", "/evil"] {
        assert!(told.text("detail").contains(named), "{told:?}");
    }
    tenant(&host, "evil", "/GOOD//another", "/evil/token");
    refused(&valet, "harmless", &json!({}));
    tenant(&host, "evil", "/evil/authorize", "/token");
    refused(&valet, "harmless", &json!({}));
    tenant(&host, "evil", "/evil/authorize", "/evil/token");
    valet.begin("harmless");
    // Nor does a program lock the other out.
    valet.begin("good");
    assert_eq!(host.count("/evil/token"), 0);
}

/// Needs nobody: no page gives a code, but the token endpoint takes any.
fn completes_alone(rogue: &Rogue, valet: &Valet<'_>, name: &str) {
    let token = json!({ "access_token": "t", "token_type": "Bearer", "expires_in": 60 });
    rogue.reply("/token", Reply::Json(200, token));
    let begun = valet.begin(name);
    let parameter = |name: &str| begun.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let back = format!("{}?code=any&state={}", parameter("redirect_uri"), parameter("state"));
    curl(&[back.as_str()]).expect_status(200);
    valet.settles(name, "ready");
}

#[test]
fn a_page_that_a_program_took_first_is_told_as_such_and_what_the_person_writes_has_it() {
    let home = Home::new();
    let accounts = silent();
    let page = format!("{}/authorize", accounts.origin());
    let (good, harmless) = (leading_to(&page), leading_to(&page));
    configure(&home, &json!({}), "allow");
    let valet = Valet::start(&home);
    add(&valet, "harmless", &harmless.mcp());
    completes_alone(&harmless, &valet, "harmless");

    valet.cli(&["add", "good", &good.mcp()]).expect_code(0);
    let told = refused(&valet, "good", &json!({}));
    let (detail, advice) = (told.text("detail"), told.text("advice"));
    let blames = format!("could be used by {}", &good.origin()[7..]);
    assert!(
        detail.contains("A program") && detail.contains("\"harmless\"") && !detail.contains(&blames),
        "{detail}"
    );
    assert!(advice.contains("remove \"good\"") && advice.contains("oauth.authorizationServer"), "{advice}");

    valet.cli(&["remove", "good"]).expect_code(0);
    configure(
        &home,
        &json!({ "harmless": { "url": harmless.mcp() }, "good": { "url": good.mcp() } }),
        "allow",
    );
    until("the edit is seen", || (valet.get("/v1/servers/good").status == 200).then_some(()));
    completes_alone(&good, &valet, "good");
    // What a program added stays so, and takes nothing.
    refused(&valet, "harmless", &json!({}));
}
