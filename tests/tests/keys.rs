//! Keys: the credentials that are no sign-ins. They go into the headers that the person named, and nowhere
//! else.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mcp_valet_tests::proposals::posts_and_answers;
use mcp_valet_tests::{
    Home, HttpResponse, Keychain, Recorded, Reply, Rogue, Valet, copies_in_memory, program, until,
};
use serde_json::{Value, json};

const KEY: &str = "key-of-the-person-4711";
const OTHER: &str = "another-key-of-them-0815";

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

/// A server that takes whatever comes, and says nothing of it.
fn content(rogue: &Rogue) {
    let headers = vec![("content-type", "application/json".to_owned())];
    let body = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned();
    rogue.reply("/mcp", Reply::Whole(200, headers, body));
}

fn configure(home: &Home, servers: &Value, vault: &str) {
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": vault } }));
}

fn with_key(rogue: &Rogue) -> Value {
    json!({ "keyed": { "url": rogue.mcp(), "headers": { "Authorization": format!("Bearer {KEY}"), "X-Region": "eu" } } })
}

fn config(home: &Home) -> String {
    fs::read_to_string(home.config()).unwrap()
}

fn last(rogue: &Rogue) -> Recorded {
    rogue.requests("/mcp").pop().unwrap()
}

/// What the server was shown by the last request.
fn shown(rogue: &Rogue, header: &str) -> Option<String> {
    last(rogue).headers.get(header).cloned()
}

fn moved(home: &Home) {
    until("the key leaves the file", || (!config(home).contains(KEY)).then_some(()));
}

fn all_of(answer: &HttpResponse) -> String {
    format!("{}{}", answer.head, answer.body)
}

/// What anybody sees of the valet, and what stands in its files.
fn told(home: &Home, valet: &Valet<'_>) -> String {
    let files: String = fs::read_dir(home.path().join("state/mcp-valet"))
        .unwrap()
        .flatten()
        .filter_map(|file| fs::read(file.path()).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    let shown = valet.cli(&["show", "keyed", "--json"]);
    let arguments = fs::read(format!("/proc/{}/cmdline", valet.id())).unwrap();
    let servers = valet.get("/v1/servers").body;
    format!("{files}{shown:?}{servers}{}{}", valet.log(), String::from_utf8_lossy(&arguments))
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
fn headers_that_an_edit_brings_wait_for_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let entry = |headers: Value| json!({ "keyed": { "url": rogue.mcp(), "headers": headers } });
    configure(&home, &entry(json!({ "Authorization": format!("Bearer {KEY}") })), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    let notices = || valet.get("/v1/health").json()["notices"].to_string();
    for headers in [
        json!({ "X-Elsewhere": format!("Bearer {KEY}") }),
        json!({ "Authorization": format!("Bearer {KEY}"), "X-More": "1" }),
        json!({ "Authorization": format!("Bearer {OTHER}") }),
    ] {
        configure(&home, &entry(headers.clone()), "memory");
        until("it waits", || notices().contains("waits for your consent").then_some(()));
        assert!(!notices().contains(KEY) && !notices().contains(OTHER), "{}", notices());
        valet.proxy("keyed", &list(), &[]).expect_status(200);
        assert_eq!(
            shown(&rogue, "authorization").as_deref(),
            Some(format!("Bearer {KEY}").as_str()),
            "{headers}"
        );
        assert_eq!((shown(&rogue, "x-more"), shown(&rogue, "x-elsewhere")), (None, None));
        configure(&home, &entry(json!({ "Authorization": format!("Bearer {KEY}") })), "memory");
        until("it is undone", || (!notices().contains("waits for")).then_some(()));
    }
}

#[test]
fn a_key_comes_by_a_proposal_that_the_person_sees_and_goes_at_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    configure(
        &home,
        &json!({ "keyed": { "url": rogue.mcp(), "headers": { "X-Api-Key": "${key}" } } }),
        "memory",
    );
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("keyed", "key_required");
    let input = home.path().join("key");
    fs::write(&input, format!("{KEY}\n")).unwrap();
    let set = || {
        let mut command = home.command(program("mcp-valet"));
        home.run(command.args(["key", "set", "keyed"]).stdin(fs::File::open(&input).unwrap()))
    };
    std::thread::scope(|scope| {
        let asking = scope.spawn(set);
        let screen = terminal.shows("brings an API key for \"keyed\"");
        assert!(screen.contains(&rogue.mcp()) && screen.contains("X-Api-Key"), "{screen}");
        terminal.types("y");
        asking.join().unwrap().expect_code(0);
    });
    assert!(!terminal.screen().contains(KEY));
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "x-api-key").as_deref(), Some(KEY));
    assert!(valet.cli(&["key", "list", "keyed"]).expect_code(0).stdout.contains("X-Api-Key"));
    valet.cli(&["key", "remove", "keyed"]).expect_code(0);
    assert_eq!(valet.server("keyed")["state"], "key_required");
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert!(audit.contains("\"set_key\"") && audit.contains("\"wipe_key\""), "{audit}");
    std::thread::scope(|scope| {
        let asking = scope.spawn(set);
        until("it is asked again", || {
            (terminal.screen().matches("brings an API key").count() > 1).then_some(())
        });
        terminal.types("n");
        asking.join().unwrap().expect_code(4);
    });
    assert!(!told(&home, &valet).contains(KEY));
}

#[test]
fn a_lock_wipes_keys_and_a_revocation_ends_them_here() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert!(copies_in_memory(valet.id(), KEY.as_bytes()) > 0, "this test sees nothing");
    valet.post("/v1/lock", &json!({})).expect_status(204);
    let left = || copies_in_memory(valet.id(), KEY.as_bytes());
    until("the key is nowhere", || (left() == 0).then_some(()));
    let before = rogue.count("/mcp");
    let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert!(answer.body.contains("locked") && rogue.count("/mcp") == before, "{answer:?}");
    let revoked = valet.post("/v1/servers/keyed/revoke", &json!({})).expect_status(200).json();
    assert_eq!((&revoked["keys"], &revoked["wiped"]), (&json!(1), &json!(true)), "{revoked}");
    assert!(!keychain.files().iter().any(|file| String::from_utf8_lossy(file).contains(KEY)));
    valet.stop();
    let valet = Valet::start(&home);
    valet.settles("keyed", "key_required");
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

#[test]
fn a_key_that_takes_anothers_place_in_the_file_waits_for_the_person_at_the_start_too() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let _keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    until("it is written down", || {
        let known = fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
        (known.contains("${key}") && !known.contains("\"found\"")).then_some(())
    });
    valet.stop();
    home.configure_text(&config(&home).replace("${key}", OTHER));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let screen = terminal.shows("brings another key for \"keyed\"");
    assert!(!screen.contains(OTHER), "{screen}");
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {KEY}").as_str()));
    terminal.types("y");
    until("it leaves the file", || (!config(&home).contains(OTHER)).then_some(()));
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {OTHER}").as_str()));
}

#[test]
fn a_program_brings_headers_only_by_a_question_that_shows_them() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let _keychain = Keychain::start(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": "allow", "vault": "keychain" } }));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let headers = json!({ "Authorization": format!("Bearer {KEY}"), "X-Region": "eu" });
    let new = json!({ "name": "keyed", "url": rogue.mcp(), "headers": headers, "wait": 60 });
    let added = posts_and_answers(&valet, &mut terminal, &new, "y").expect_status(200).json();
    assert_eq!(added["server"]["credential"], "key", "{added}");
    let screen = terminal.screen();
    for told in [
        "headers.Authorization: \"Bearer ${key}\"",
        "${key}: (a secret, not shown)",
        "headers.X-Region: \"eu\"",
    ] {
        assert!(screen.contains(told), "{told}: {screen}");
    }
    assert!(!screen.contains(KEY) && !config(&home).contains(KEY), "{screen}");
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization").as_deref(), Some(format!("Bearer {KEY}").as_str()));
    for wrong in [json!({ "Host": "a" }), json!({ "X-A": "${env:HOME}" }), json!({ "X-A": "a\nb" })] {
        let new = json!({ "name": "other", "url": rogue.mcp(), "headers": wrong });
        valet.post("/v1/servers", &new).expect_status(400);
    }
    assert!(!told(&home, &valet).contains(KEY));
}

#[test]
fn leave_for_a_key_is_asked_for_and_everything_is_revoked_with_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let server = json!({ "url": rogue.mcp(), "headers": { "X-Api-Key": KEY }, "handOut": "token" });
    home.configure(
        &json!({ "mcpServers": { "keyed": server }, "valet": { "agents": "ask", "vault": "memory" } }),
    );
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("keyed", "ready");
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| valet.proxy("keyed", &list(), &[]));
        terminal.shows("wants to use keyed");
        terminal.types("f");
        asking.join().unwrap().expect_status(200);
        let asking = scope.spawn(|| valet.token("keyed"));
        let screen = terminal.shows("recall");
        assert!(!screen.contains(KEY), "{screen}");
        terminal.types("d");
        assert_eq!(asking.join().unwrap().expect_status(403).text("code"), "denied");
    });
    let all = valet.post("/v1/revoke", &json!({})).expect_status(200).json();
    assert_eq!(all["servers"][0]["revocation"]["keys"], 1, "{all}");
    assert_eq!(valet.server("keyed")["state"], "key_required");
    assert!(!config(&home).contains(KEY), "nor does the file bring it back");
}

#[test]
fn one_key_of_several_is_wiped_and_the_others_stay() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let headers = json!({ "DD-API-KEY": KEY, "DD-APPLICATION-KEY": OTHER });
    configure(&home, &json!({ "keyed": { "url": rogue.mcp(), "headers": headers } }), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    valet.cli(&["key", "remove", "keyed"]).expect_code(2);
    valet.cli(&["key", "remove", "keyed", "dd-api-key"]).expect_code(0);
    valet.settles("keyed", "key_required");
    let text = config(&home);
    assert!(!text.contains(KEY) && text.contains(OTHER) && text.contains("${key:dd-api-key}"), "{text}");
    let keys = valet.server("keyed")["keys"].clone();
    assert!(keys[0]["set_at"].is_null() && keys[1]["set_at"].is_string(), "{keys}");
    valet.delete("/v1/servers/keyed/keys/other").expect_status(400);
}
