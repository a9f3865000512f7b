//! Microsoft Entra ID, which wants no `resource` and says so in several ways.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::emulation::{Entra, Refuses, entra, server};
use mcp_valet_tests::{Home, Internet, Rogue, Valet};
use serde_json::{Value, json};

const MCP: &str = "mcp.contoso.example";
const SCOPE: &str = "api://tools/use";

/// What the person writes for an app at Entra.
fn app() -> Value {
    json!({ "clientId": "app", "callbackPort": 0, "scopes": [SCOPE, "offline_access"] })
}

/// A tenant that the quirk table does not know to refuse `resource` from the start.
fn learner(refuses: Refuses) -> Entra {
    Entra {
        host: "contoso.ciamlogin.com",
        own: "https://contoso.ciamlogin.com/contoso/v2.0",
        refuses,
        ..Entra::default()
    }
}

/// A server whose sign-in is at `tenant`, and the tenant.
fn stage(home: &Home, internet: &Internet, tenant: Entra, oauth: &Value) -> (Rogue, Rogue) {
    let mcp = server(internet, MCP, &tenant.issuer(), &[SCOPE]);
    let issuer = entra(internet, tenant);
    let url = format!("https://{MCP}/mcp");
    internet.configure(home, &json!({ "contoso": { "url": url, "oauth": oauth } }));
    (mcp, issuer)
}

/// Signs in with a browser that follows every redirect.
#[track_caller]
fn sign_in(valet: &Valet<'_>, internet: &Internet) {
    let page = internet.browse_on(valet.begin("contoso").as_str());
    assert_eq!(page.status, 200, "{page:?}");
    valet.settles("contoso", "ready");
}

/// The values of a field in the requests at a path.
fn fields(issuer: &Rogue, path: &str, name: &str) -> Vec<Option<String>> {
    issuer.requests(path).iter().map(|request| request.field(name)).collect()
}

#[test]
fn entra_is_signed_in_to_without_resource_and_with_pkce_that_it_does_not_promise() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (_mcp, issuer) = stage(&home, &internet, Entra::default(), &app());
    let valet = Valet::start(&home);
    sign_in(&valet, &internet);
    home.move_clock(601);
    let token = valet.token("contoso").expect_status(200).text("access_token");
    assert!(issuer.accepts(&token));
    assert_eq!(fields(&issuer, "/authorize", "resource"), [None]);
    assert_eq!(fields(&issuer, "/token", "resource"), [None, None]);
    assert_eq!(fields(&issuer, "/authorize", "code_challenge_method"), [Some("S256".to_owned())]);
    assert_eq!(fields(&issuer, "/authorize", "prompt"), [None], "consent each time is refused to many");
}

#[test]
fn the_literal_tenant_of_common_metadata_is_known() {
    for path in ["/common/v2.0", "/organizations/v2.0"] {
        let home = Home::new();
        let internet = Internet::start(&home);
        let own = "https://login.microsoftonline.com/{tenantid}/v2.0";
        let tenant = Entra { path, own, ..Entra::default() };
        let (_mcp, _issuer) = stage(&home, &internet, tenant, &app());
        let valet = Valet::start(&home);
        sign_in(&valet, &internet);
    }
}

#[test]
fn without_scopes_of_the_person_nothing_is_begun_and_the_servers_own_are_named() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (_mcp, issuer) =
        stage(&home, &internet, Entra::default(), &json!({ "clientId": "app", "callbackPort": 0 }));
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/contoso/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "scopes_needed");
    assert!(answer.text("advice").contains(&format!("{SCOPE} offline_access")), "{answer:?}");
    assert_eq!(issuer.count("/authorize"), 0);
}

#[test]
fn a_refused_resource_is_left_out_in_the_same_tab_and_from_then_on() {
    for (refuses, code) in [
        (Refuses::AtAuthorize, "AADSTS9010010"),
        (Refuses::AtAuthorize, "AADSTS901002"),
        (Refuses::AtToken, "AADSTS9010010"),
        (Refuses::AtToken, "AADSTS901002"),
    ] {
        let home = Home::new();
        let internet = Internet::start(&home);
        let (mcp, issuer) = stage(&home, &internet, Entra { code, ..learner(refuses) }, &app());
        let valet = Valet::start(&home);
        sign_in(&valet, &internet);
        assert_eq!(fields(&issuer, "/authorize", "resource"), [Some(mcp.mcp()), None], "{refuses:?} {code}");
        valet.stop();
        let valet = Valet::start(&home);
        let again = valet.begin("contoso");
        assert!(!again.query_pairs().any(|(name, _)| name == "resource"), "{again}");
    }
}

#[test]
fn the_answer_that_refused_the_resource_cannot_be_used_again() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (_mcp, issuer) = stage(&home, &internet, learner(Refuses::AtAuthorize), &app());
    let valet = Valet::start(&home);
    let refusal = internet.browse(valet.begin("contoso").as_str()).expect_status(302);
    let callback = refusal.header("location").unwrap();
    let onward = internet.browse(callback).expect_status(303);
    internet.browse(callback).expect_status(410);
    let page = internet.browse_on(onward.header("location").unwrap());
    assert_eq!(page.status, 200, "{page:?}");
    valet.settles("contoso", "ready");
    assert_eq!(issuer.count("/token"), 1);
}

#[test]
fn who_pastes_addresses_is_told_to_open_the_second_one() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (_mcp, _issuer) = stage(&home, &internet, learner(Refuses::AtAuthorize), &app());
    let valet = Valet::start(&home);
    let paste = |page: &str| {
        let ended_at = internet.browse(page).expect_status(302).header("location").unwrap().to_owned();
        valet.post("/v1/servers/contoso/callback", &json!({ "url": ended_at }))
    };
    let refused = paste(valet.begin("contoso").as_str()).expect_status(401);
    let advice = refused.text("advice");
    let second = advice.split(' ').find(|word| word.starts_with("https://")).unwrap();
    paste(second).expect_status(200);
    valet.settles("contoso", "ready");
}

#[test]
fn a_resource_that_is_refused_on_renewal_is_left_out_for_the_same_scopes() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let (mcp, issuer) = stage(&home, &internet, learner(Refuses::AtRefresh), &app());
    let valet = Valet::start(&home);
    sign_in(&valet, &internet);
    for _ in 0..2 {
        home.move_clock(601 * i64::try_from(issuer.count("/token")).unwrap());
        let token = valet.token("contoso").expect_status(200).text("access_token");
        assert!(issuer.accepts(&token));
    }
    let resources = fields(&issuer, "/token", "resource");
    assert_eq!(resources, [Some(mcp.mcp()), Some(mcp.mcp()), None, None]);
    let scopes = fields(&issuer, "/token", "scope");
    assert_eq!(scopes[2].as_deref(), Some("api://tools/use offline_access"), "no wider than before");
}

#[test]
fn without_resource_a_servers_own_scopes_are_not_asked_for() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let oauth = json!({ "clientId": "app", "callbackPort": 0 });
    let (_mcp, issuer) = stage(&home, &internet, learner(Refuses::AtAuthorize), &oauth);
    let valet = Valet::start(&home);
    let page = internet.browse_on(valet.begin("contoso").as_str());
    assert_eq!(page.status, 400, "{page:?}");
    assert_eq!(valet.settles("contoso", "failed")["problem"]["reason"], "scopes_needed");
    assert_eq!(issuer.count("/authorize"), 1, "the server could have named another API");
}

#[test]
fn a_resource_of_the_persons_own_is_not_left_out_but_explained() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let mut oauth = app();
    oauth["resource"] = json!("api://tools/");
    let (_mcp, issuer) = stage(&home, &internet, Entra::default(), &oauth);
    let valet = Valet::start(&home);
    internet.browse_on(valet.begin("contoso").as_str());
    let problem = valet.settles("contoso", "failed")["problem"].clone();
    assert_eq!(problem["reason"], "resource_refused");
    assert!(problem["advice"].as_str().unwrap().contains("identifier URI"), "{problem}");
    assert_eq!(issuer.count("/authorize"), 1);
}

#[test]
fn no_other_provider_can_talk_the_resource_away() {
    let home = Home::new();
    let internet = Internet::start(&home);
    let impostor = Entra {
        host: "login.example.com",
        own: "https://login.example.com/contoso/v2.0",
        ..Entra::default()
    };
    let mut oauth = app();
    oauth["pkce"] = json!("assume");
    let (_mcp, issuer) = stage(&home, &internet, impostor, &oauth);
    let valet = Valet::start(&home);
    internet.browse_on(valet.begin("contoso").as_str());
    assert_eq!(valet.settles("contoso", "failed")["problem"]["reason"], "provider_error");
    assert_eq!(issuer.count("/authorize"), 1);
}

/// Signs in with these settings at a tenant, and answers what the person is advised to do.
#[track_caller]
fn advice(tenant: Entra, changes: Value) -> String {
    let home = Home::new();
    let internet = Internet::start(&home);
    let mut oauth = app();
    oauth.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let (_mcp, _issuer) = stage(&home, &internet, tenant, &oauth);
    let valet = Valet::start(&home);
    internet.browse_on(valet.begin("contoso").as_str());
    valet.settles("contoso", "failed")["problem"]["advice"].as_str().unwrap().to_owned()
}

#[test]
fn the_usual_mistakes_in_an_app_are_explained() {
    let public = Entra::default();
    let confidential = Entra { confidential: true, ..public };
    assert!(
        advice(
            public,
            json!({ "clientSecret": "s3cret-s3cret", "tokenEndpointAuthMethod": "client_secret_post" })
        )
        .contains("tokenEndpointAuthMethod")
    );
    assert!(advice(confidential, json!({})).contains("clientSecret"));
    assert!(advice(public, json!({ "scopes": ["access"] })).contains("api://APP-ID"));
}
