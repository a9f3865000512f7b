//! Where the issuer sends the browser: every shape of redirect URI that an issuer may insist on.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::net::TcpListener;

use mcp_valet_tests::{Agent, Home, Keychain, Rogue, Valet, curl, free_port, until};
use serde_json::{Value, json};
use url::Url;

fn configure(home: &Home, rogue: &Rogue, oauth: Value, vault: &str) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "oauth": oauth } },
        "valet": { "agents": "allow", "vault": vault },
    }));
}

fn redirect_uri(authorization: &Url) -> Url {
    authorization.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.parse().unwrap()
}

/// The certificate that a callback server shows to somebody who brings no answer.
fn certificate(callback: &Url) -> String {
    let callback = callback.as_str().split('?').next().unwrap();
    let output = std::process::Command::new("curl")
        .args(["--silent", "--insecure", "--output", "/dev/null", "--write-out", "%{certs}", callback])
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn a_port_and_a_path_that_are_registered_by_hand_are_used_exactly() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let port = free_port();
    let oauth = json!({ "clientId": "ours", "callbackPort": port, "callbackPath": "/oauth/done" });
    configure(&home, &rogue, oauth, "memory");
    let valet = Valet::start(&home);
    let authorization = valet.begin("rogue");
    let redirect = redirect_uri(&authorization);
    assert_eq!((redirect.port(), redirect.path()), (Some(port), "/oauth/done"));
    curl(&[rogue.agree(&authorization).as_str()]).expect_status(200);
    valet.settles("rogue", "ready");
    assert_eq!(rogue.count("/register"), 0);
}

#[test]
fn localhost_answers_on_both_families_and_an_address_only_on_its_own() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, json!({ "redirectHost": "localhost" }), "memory");
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    assert_eq!(callback.host_str(), Some("localhost"));
    let port = callback.port().unwrap();
    let host = format!("Host: localhost:{port}");
    if TcpListener::bind("[::1]:0").is_ok() {
        let knock = curl(&["-H", &host, &format!("http://[::1]:{port}{}?state=x", callback.path())]);
        assert!((400..500).contains(&knock.status), "{knock:?}");
    }
    curl(&["--ipv4", callback.as_str()]).expect_status(200);
    valet.settles("rogue", "ready");
}

#[test]
fn a_port_that_somebody_else_has_is_said_and_named() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let squatter = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = squatter.local_addr().unwrap().port();
    configure(&home, &rogue, json!({ "clientId": "ours", "callbackPort": port }), "memory");
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/rogue/authorize", &json!({}));
    assert!(answer.status >= 400, "{answer:?}");
    assert!(answer.body.contains(&port.to_string()), "{answer:?}");
    drop(squatter);
    valet.sign_in("rogue");
}

#[test]
fn over_tls_the_certificate_stays_the_same_so_that_a_browsers_exception_lasts() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let oauth = json!({ "clientId": "ours", "callbackPort": free_port(), "tls": true });
    configure(&home, &rogue, oauth, "keychain");
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    assert_eq!(callback.scheme(), "https");
    let first = certificate(&callback);
    assert!(first.contains("BEGIN CERTIFICATE"), "{first}");
    assert!(!first.contains("CA:TRUE"), "{first}");
    valet.stop();

    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    assert_eq!(certificate(&callback), first);
    let answer = curl(&["--insecure", callback.as_str()]).expect_status(200);
    assert_eq!(answer.header("strict-transport-security"), None);
    valet.settles("rogue", "ready");
}

#[test]
fn a_redirect_uri_that_was_registered_is_used_again_after_a_restart() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let first = redirect_uri(&valet.begin("rogue"));
    valet.stop();
    let valet = Valet::start(&home);
    assert_eq!(redirect_uri(&valet.begin("rogue")), first);
    assert_eq!(rogue.count("/register"), 1);
}

#[test]
fn the_address_can_be_pasted_by_who_began_and_by_nobody_else() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    let body = json!({ "url": callback.as_str() }).to_string();
    let post =
        "curl -s -o /dev/null -w '%{http_code}' --unix-socket $SOCKET -H 'Content-Type: application/json'";
    let stranger = Agent::new(&home, "stranger");
    let told = stranger.runs(&format!("{post} -d '{body}' http://localhost/v1/servers/rogue/callback"));
    assert_eq!(told.stdout, "400", "somebody else finished the sign-in");
    assert_eq!(rogue.count("/token"), 0);
    valet.post("/v1/servers/rogue/callback", &json!({ "url": callback.as_str() })).expect_status(200);
    valet.settles("rogue", "ready");
}

/// Two servers whose clients were registered by hand; the issuers do not say who they are (RFC 9207).
fn registered_by_hand(home: &Home, one: &Rogue, others: &[(&str, &Rogue, Value)], port: u16) {
    let mut config = json!({
        "mcpServers": { "one": { "url": one.mcp(), "oauth": { "clientId": "ours", "callbackPort": port } } },
        "valet": { "agents": "allow", "vault": "memory" },
    });
    for (name, rogue, oauth) in others {
        config["mcpServers"][name] = json!({ "url": rogue.mcp(), "oauth": oauth });
    }
    for rogue in others.iter().map(|(_, rogue, _)| *rogue).chain([one]) {
        rogue.edit_metadata("authorization_response_iss_parameter_supported", Value::Null);
    }
    home.configure(&config);
}

#[test]
fn issuers_that_do_not_say_who_they_are_must_not_share_a_redirect_uri() {
    let home = Home::new();
    let (one, two) = (Rogue::start(), Rogue::start());
    let port = free_port();
    registered_by_hand(&home, &one, &[], port);
    let valet = Valet::start(&home);
    curl(&[one.agree(&valet.begin("one")).as_str()]).expect_status(200);
    valet.settles("one", "ready");
    valet.stop();
    // A new entry that aims is taken over by a service at its start alone.
    let same = json!({ "clientId": "ours", "callbackPort": port });
    registered_by_hand(&home, &one, &[("two", &two, same)], port);
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/two/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "redirect_uri_shared");
    assert!(answer.text("advice").contains("callbackPath"), "{answer:?}");
    assert_eq!(two.count("/token"), 0);
    let apart = json!({ "clientId": "ours", "callbackPort": port, "callbackPath": "/two" });
    registered_by_hand(&home, &one, &[("two", &two, apart)], port);
    until("the edit is seen", || (valet.server("two")["attempt"] != "failed").then_some(()));
    curl(&[two.agree(&valet.begin("two")).as_str()]).expect_status(200);
    valet.settles("two", "ready");
    assert!(two.accepts(&valet.token("two").expect_status(200).text("access_token")));
}

#[test]
fn two_servers_of_one_issuer_may_share_a_redirect_uri() {
    let home = Home::new();
    let (one, two) = (Rogue::start(), Rogue::start());
    let port = free_port();
    let issuers = json!([one.origin()]);
    two.edit("/.well-known/oauth-protected-resource/mcp", "authorization_servers", issuers);
    let same = json!({ "clientId": "ours", "callbackPort": port });
    registered_by_hand(&home, &one, &[("two", &two, same)], port);
    let valet = Valet::start(&home);
    for name in ["one", "two"] {
        curl(&[one.agree(&valet.begin(name)).as_str()]).expect_status(200);
        valet.settles(name, "ready");
    }
}

#[test]
fn a_fixed_port_serves_both_names_of_this_machine() {
    let home = Home::new();
    let (one, two) = (Rogue::start(), Rogue::start());
    let port = free_port();
    home.configure(&json!({
        "mcpServers": {
            "one": { "url": one.mcp(), "oauth": { "callbackPort": port, "redirectHost": "localhost" } },
            "two": { "url": two.mcp(), "oauth": { "callbackPort": port, "redirectHost": "127.0.0.1" } },
        },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    let (first, second) = (one.agree(&valet.begin("one")), two.agree(&valet.begin("two")));
    assert_eq!((first.host_str(), second.host_str()), (Some("localhost"), Some("127.0.0.1")));
    for (name, callback) in [("two", second), ("one", first)] {
        curl(&[callback.as_str()]).expect_status(200);
        valet.settles(name, "ready");
    }
}

#[test]
fn over_tls_the_persons_own_certificate_is_shown() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let (cert_file, key_file) = (home.path().join("cert.pem"), home.path().join("key.pem"));
    std::fs::write(&cert_file, params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let tls = json!({ "cert": cert_file, "key": key_file });
    let oauth = json!({ "clientId": "ours", "callbackPort": free_port(), "tls": tls });
    configure(&home, &rogue, oauth, "memory");
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    assert_eq!(callback.scheme(), "https");
    curl(&["--cacert", cert_file.to_str().unwrap(), callback.as_str()]).expect_status(200);
    valet.settles("rogue", "ready");
}

#[test]
fn a_certificate_that_cannot_be_used_is_said_with_its_file_before_anything_is_opened() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let missing = home.path().join("missing.pem");
    let tls = json!({ "cert": missing, "key": missing });
    configure(&home, &rogue, json!({ "tls": tls }), "memory");
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "certificate_unreadable");
    assert!(answer.text("detail").contains("missing.pem"), "{answer:?}");
    assert!(answer.text("advice").contains("oauth.tls"), "{answer:?}");

    std::fs::write(&missing, "not a certificate").unwrap();
    let answer = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert_eq!(answer.text("reason"), "certificate_unusable");
}

#[test]
fn behind_a_proxy_that_ends_tls_the_redirect_uri_is_the_proxys_and_the_listener_stays_here() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let port = free_port();
    let external = "https://valet.example.org/oauth/callback";
    let oauth = json!({ "clientId": "ours", "callbackPort": port, "externalUrl": external });
    configure(&home, &rogue, oauth, "memory");
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    assert_eq!(callback.as_str().split('?').next(), Some(external));
    let forwarded = format!("http://127.0.0.1:{port}/oauth/callback?{}", callback.query().unwrap());
    curl(&["-H", "Host: evil.example.org", &forwarded]).expect_status(421);
    curl(&["-H", "Host: valet.example.org", &forwarded]).expect_status(200);
    valet.settles("rogue", "ready");
}
