//! Keys: the credentials that are no sign-ins. They go into the headers that the person named, and nowhere
//! else.

#![allow(clippy::unwrap_used, reason = "a test")]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mcp_valet_tests::keyed::{KEY, OTHER, config, configure, content, list, moved, shown, told, with_key};
use mcp_valet_tests::{Home, HttpResponse, Keychain, Reply, Rogue, Valet};
use serde_json::json;

fn all_of(answer: &HttpResponse) -> String {
    format!("{}{}", answer.head, answer.body)
}

#[test]
fn a_key_in_the_file_is_moved_into_the_vault_and_goes_with_each_request() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let _keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    assert!(config(&home).contains(r#""Bearer ${key}""#) && config(&home).contains("X-Region"));
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(shown(&rogue, "x-region").as_deref(), Some("eu"));
    let server = valet.server("keyed");
    assert_eq!((&server["state"], &server["credential"]), (&json!("ready"), &json!("key")), "{server}");
    assert!(server["keys"][0]["set_at"].is_string() && server["last_used"].is_string(), "{server}");
    let refused = valet.token("keyed").expect_status(403);
    assert_eq!((refused.text("code"), refused.text("reason")), ("proxy_only".into(), "lasting_token".into()));
    assert!(!told(&home, &valet).contains(KEY));
    assert_eq!(rogue.count("/.well-known/oauth-protected-resource/mcp"), 0, "nobody signs in");
}

#[test]
fn a_key_outlives_kills_and_is_never_in_a_file_that_anybody_reads() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    valet.kill();
    // Killed between the vault and the file: it is moved once more.
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    valet.kill();
    let valet = Valet::start(&home);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {KEY}").as_str()));
    assert!(!told(&home, &valet).contains(KEY) && !config(&home).contains(KEY));
    drop(keychain);
}

#[test]
fn memory_leaves_the_key_where_it_is_and_uses_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    configure(&home, &with_key(&rogue), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {KEY}").as_str()));
    assert!(config(&home).contains(KEY), "memory would lose it");
    assert!(!told(&home, &valet).contains(KEY));
}

#[test]
fn several_keys_and_a_cookie_each_go_into_their_own_header() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let headers = vec![("content-type", "application/json".to_owned()), ("set-cookie", "lb=1".to_owned())];
    rogue.reply("/mcp", Reply::Whole(200, headers, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned()));
    let headers = json!({ "DD-API-KEY": KEY, "DD-APPLICATION-KEY": OTHER, "Cookie": "own=secret-cookie" });
    configure(
        &home,
        &json!({ "keyed": { "url": rogue.mcp(), "headers": headers, "handOut": "token" } }),
        "memory",
    );
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    let begin = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} });
    valet.proxy("keyed", &begin, &[]).expect_status(200);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "dd-api-key").as_deref(), Some(KEY));
    assert_eq!(shown(&rogue, "dd-application-key").as_deref(), Some(OTHER));
    let cookie = shown(&rogue, "cookie").unwrap();
    assert!(cookie.starts_with("own=secret-cookie"), "{cookie}");
    assert_eq!(valet.token("keyed").expect_status(403).text("reason"), "several_keys");
}

#[test]
fn a_key_is_handed_out_only_where_the_configuration_says_so() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = json!({ "url": rogue.mcp(), "headers": { "X-Api-Key": KEY }, "handOut": "token" });
    configure(&home, &json!({ "keyed": server }), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    let token = valet.token("keyed").expect_status(200).json();
    assert_eq!((&token["access_token"], &token["token_type"]), (&json!(KEY), &json!("N_A")));
    assert_eq!(valet.cli(&["headers", "keyed"]).expect_code(0).json(), json!({ "X-Api-Key": KEY }));
    let printed = valet.cli(&["exec", "keyed", "--env", "THE_KEY", "--", "sh", "-c", "echo $THE_KEY"]);
    assert_eq!(printed.expect_code(0).stdout.trim(), KEY);
}

#[test]
fn a_key_that_is_refused_is_no_reason_to_sign_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &with_key(&rogue), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    let challenge = format!("Bearer resource_metadata=\"{}/x\", error=\"invalid_token\"", rogue.origin());
    rogue.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", challenge)]));
    let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert!(answer.body.contains("key_refused") && !all_of(&answer).contains(KEY), "{answer:?}");
    let server = valet.server("keyed");
    assert_eq!(
        (&server["state"], &server["offers_sign_in"]),
        (&json!("key_refused"), &json!(true)),
        "{server}"
    );
    let refused = valet.post("/v1/servers/keyed/authorize", &json!({})).expect_status(400);
    assert_eq!(refused.text("reason"), "takes_keys");
    content(&rogue);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(valet.server("keyed")["state"], "ready", "it takes it again");
}

#[test]
fn no_redirect_takes_a_key_elsewhere() {
    let (home, rogue, elsewhere) = (Home::new(), Rogue::start(), Rogue::start());
    content(&elsewhere);
    configure(&home, &with_key(&rogue), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    for to in [elsewhere.mcp(), format!("{}/other", rogue.origin()), format!("https://e.example/?k={KEY}")] {
        rogue.reply("/mcp", Reply::Redirect(to));
        let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
        assert!(answer.body.contains("redirect_refused") && !all_of(&answer).contains(KEY), "{answer:?}");
    }
    assert_eq!((elsewhere.count("/mcp"), rogue.count("/other")), (0, 0));
}

#[test]
fn a_server_that_says_the_key_again_does_not_bring_it_to_the_agent() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let basic = BASE64_STANDARD.encode("ada:password-of-ada");
    let headers = json!({ "Authorization": format!("Basic {basic}") });
    configure(&home, &json!({ "keyed": { "url": rogue.mcp(), "headers": headers } }), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    for said in [basic.as_str(), "ada:password-of-ada", "password-of-ada", "password%2Dof-ada"] {
        let headers = vec![("content-type", "application/json".to_owned()), ("x-echo", format!("a {said}"))];
        rogue.reply("/mcp", Reply::Whole(200, headers, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned()));
        let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
        assert!(answer.head.contains("[masked]") && !answer.head.contains(said), "{answer:?}");
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{said}\"");
        rogue.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", challenge)]));
        let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
        assert!(!all_of(&answer).contains(said) && !told(&home, &valet).contains(said), "{answer:?}");
    }
}

#[test]
fn a_key_by_name_in_another_entry_or_at_another_address_is_another_key() {
    let (home, rogue, evil) = (Home::new(), Rogue::start(), Rogue::start());
    let _keychain = Keychain::start(&home);
    content(&rogue);
    content(&evil);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    valet.stop();
    let own = json!({ "Authorization": "Bearer ${key}" });
    for servers in [
        // Another server.
        json!({ "keyed": { "url": rogue.mcp(), "headers": own }, "evil": { "url": evil.mcp(), "headers": own } }),
        json!({ "keyed": { "url": rogue.mcp(), "headers": own }, "evil": { "url": evil.mcp(), "headers": { "X-A": "${key:keyed}" } } }),
        // Another address under the same name.
        json!({ "evil": { "url": evil.mcp() }, "keyed": { "url": evil.mcp(), "headers": own } }),
    ] {
        configure(&home, &servers, "keychain");
        let valet = Valet::start(&home);
        let name = if servers["evil"]["headers"].is_object() { "evil" } else { "keyed" };
        valet.settles(name, "key_required");
        let answer = valet.proxy(name, &list(), &["-H", "Mcp-Valet-Wait: 1"]).expect_status(200);
        assert!(answer.body.contains("key_missing"), "{answer:?}");
        valet.stop();
    }
    assert_eq!(evil.count("/mcp"), 0);
}

#[test]
fn no_body_brings_the_key_to_the_agent_however_it_is_cut() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &with_key(&rogue), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    let coded = [BASE64_STANDARD.encode(KEY), BASE64_STANDARD.encode(format!("Bearer {KEY}"))];
    for form in coded.iter().map(String::as_str).chain([KEY]) {
        let body = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"said\":\"{form}\",\"after\":1}}}}");
        let headers = || vec![("content-type", "application/json".to_owned())];
        rogue.reply("/mcp", Reply::Whole(200, headers(), body.clone()));
        let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
        // Of what is coded the ends may be other than they would be alone.
        let core = &form[4..form.len() - 4];
        assert!(!answer.body.contains(core) && answer.body.len() == body.len(), "{answer:?}");
        assert!(answer.body.ends_with(",\"after\":1}}"), "all else passes: {answer:?}");
    }
    let event =
        format!("event: message\ndata: {{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"a\":\"{KEY}\"}}}}\n\n");
    let pieces = event.as_bytes().chunks(7).map(<[u8]>::to_vec).collect();
    rogue.reply("/mcp", Reply::Pieces(vec![("content-type", "text/event-stream".to_owned())], pieces));
    let answer = valet.proxy("keyed", &list(), &["--max-time", "3"]);
    assert!(answer.body.contains("\"a\":\"****") && !answer.body.contains(KEY), "{answer:?}");
}

#[test]
fn no_spelling_of_json_brings_the_key_to_the_agent() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let headers = json!({ "X-Api-Key": "key/of+the&person=4711" });
    configure(&home, &json!({ "keyed": { "url": rogue.mcp(), "headers": headers } }), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    for said in [
        r"key\/of+the&person=4711",
        r"key/of\u002Bthe\u0026person=4711",
        r"key/of+the\u0026person\u003d4711",
        r"key\\/of\\u002bthe\\u0026person=4711",
        "key%2fof%2bthe%26person%3d4711",
    ] {
        let body = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"said\":\"{said}\",\"after\":1}}}}");
        let headers = vec![("content-type", "application/json".to_owned()), ("x-echo", said.to_owned())];
        rogue.reply("/mcp", Reply::Whole(200, headers, body.clone()));
        let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
        let expected = body.replace(said, &"*".repeat(said.len()));
        assert_eq!(answer.body, expected, "{said}");
        assert!(answer.head.contains("[masked]") && !answer.head.contains(said), "{answer:?}");
    }
}

#[test]
fn doctor_tells_what_is_known_and_tries_no_key() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    configure(&home, &with_key(&rogue), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    let report = valet.post("/v1/doctor", &json!({ "server": "keyed" })).expect_status(200).json();
    assert_eq!(report["outcome"], "key_stands", "{report}");
    assert_eq!(rogue.count("/mcp"), 0, "no program can have it tried");
    rogue.reply("/mcp", Reply::Bare(401, Vec::new()));
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    let report = valet.post("/v1/doctor", &json!({ "server": "keyed" })).expect_status(200).json();
    assert_eq!(report["outcome"], "key_needed", "{report}");
    assert_eq!(report["steps"][0]["findings"][0]["code"], "key_refused", "{report}");
    valet.cli(&["doctor", "keyed"]).expect_code(3);
}
