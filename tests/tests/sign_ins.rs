//! Sign-ins that programs begin: few at a time, each its beginner's, and none at the cost of another.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{
    Agent, Home, HttpResponse, Reply, Rogue, Valet, curl, free_port, listening_ports, until,
};
use serde_json::{Map, Value, json};

const AUTHORIZE: &str =
    "curl -s -w ' %{http_code}' --unix-socket $SOCKET -X POST http://localhost/v1/servers/rogue/authorize";
/// Longer than what counts as a double click.
const A_MOMENT: i64 = 6;

fn valet<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    Valet::start(home)
}

fn authorize(valet: &Valet<'_>, server: &str) -> HttpResponse {
    valet.post(&format!("/v1/servers/{server}/authorize"), &json!({}))
}

fn audit(home: &Home) -> Vec<Value> {
    let text = std::fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[test]
fn a_hundred_requests_to_sign_in_at_once_are_one_sign_in_and_one_registration() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let pages: Vec<String> = thread::scope(|scope| {
        let all: Vec<_> = (0..100).map(|_| scope.spawn(|| authorize(&valet, "rogue"))).collect();
        let page = |answer: HttpResponse| answer.expect_status(200).text("authorization_url");
        all.into_iter().map(|one| page(one.join().unwrap())).collect()
    });
    assert_eq!(rogue.count("/register"), 1);
    curl(&[rogue.agree(&pages.last().unwrap().parse().unwrap()).as_str()]).expect_status(200);
    valet.settles("rogue", "ready");
}

#[test]
fn a_program_that_begins_again_and_again_has_us_register_no_more_than_twice_and_opens_one_port() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    for moment in 1..30 {
        authorize(&valet, "rogue").expect_status(200);
        home.move_clock(moment * A_MOMENT);
    }
    assert_eq!(rogue.count("/register"), 2, "the first, and one in case that the issuer had forgotten us");
    assert_eq!(listening_ports(valet.id()), 1);
    valet.sign_in("rogue");
}

#[test]
fn a_sign_in_that_waits_is_not_replaced_by_another_program_and_that_it_tried_is_in_the_audit() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let page = valet.begin("rogue");
    let other = Agent::new(&home, "intruder");
    for moment in 1..4 {
        let told = other.runs(AUTHORIZE).stdout;
        assert!(told.ends_with(" 401") && told.contains("sign_in_under_way"), "{told}");
        assert!(!told.contains("state=") && !told.contains("authorization_url"), "{told}");
        home.move_clock(moment * A_MOMENT);
    }
    let device = AUTHORIZE.replace("-X POST", r#"-H 'Content-Type: application/json' -d '{"device":true}'"#);
    assert!(other.runs(&device).stdout.ends_with(" 401"));
    curl(&[rogue.agree(&page).as_str()]).expect_status(200);
    valet.settles("rogue", "ready");
    let tried: Vec<_> = audit(&home).into_iter().filter(|entry| entry["agent"] == "intruder").collect();
    let [tried] = tried.as_slice() else { panic!("once, however often it tries: {tried:?}") };
    assert_eq!((&tried["what"], &tried["outcome"]), (&json!("refused"), &json!("sign_in_under_way")));
}

#[test]
fn a_program_that_ends_anothers_sign_in_is_in_the_audit_also_where_the_server_was_declined_before() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let other = Agent::new(&home, "intruder");
    let decline = "curl -s --unix-socket $SOCKET -X POST http://localhost/v1/servers/rogue/decline";
    for moment in 1..3 {
        authorize(&valet, "rogue").expect_status(200);
        other.runs(decline).expect_code(0);
        assert_eq!(valet.server("rogue")["attempt"], "none");
        other.runs(decline).expect_code(0);
        home.move_clock(moment * A_MOMENT);
    }
    let by = audit(&home).into_iter().filter(|entry| entry["agent"] == "intruder").count();
    assert_eq!(by, 2, "each sign-in that it ended, and nothing else: {:?}", audit(&home));
}

#[test]
fn a_program_has_few_sign_ins_at_a_time_and_others_have_theirs() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let names: Vec<String> = (0..6).map(|n| format!("s{n}")).collect();
    let url = rogue.mcp();
    home.lists(&names.iter().map(|name| (name.as_str(), url.as_str())).collect::<Vec<_>>(), "memory");
    let valet = Valet::start(&home);
    for name in &names[..4] {
        authorize(&valet, name).expect_status(200);
    }
    let refused = authorize(&valet, "s4").expect_status(429);
    assert_eq!(
        (refused.text("code").as_str(), refused.text("reason").as_str()),
        ("busy", "too_many_sign_ins")
    );
    let other = Agent::new(&home, "other");
    let told = other.runs(&AUTHORIZE.replace("/rogue/", "/s5/")).stdout;
    assert!(told.ends_with(" 200"), "{told}");
    valet.post("/v1/servers/s0/decline", &json!({})).expect_status(200);
    authorize(&valet, "s4").expect_status(200);
}

#[test]
fn where_a_few_programs_take_all_places_the_oldest_of_theirs_makes_room_after_a_minute() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let names: Vec<String> = (0..18).map(|n| format!("s{n}")).collect();
    let url = rogue.mcp();
    home.lists(&names.iter().map(|name| (name.as_str(), url.as_str())).collect::<Vec<_>>(), "memory");
    let valet = Valet::start(&home);
    let begin = |agent: &Agent<'_>, name: &str| {
        agent.runs(&AUTHORIZE.replace("/rogue/", &format!("/{name}/"))).stdout
    };
    let copies: Vec<_> = (0..4).map(|n| Agent::new(&home, &format!("copy{n}"))).collect();
    for (n, name) in names[..16].iter().enumerate() {
        let told = begin(&copies[n / 4], name);
        assert!(told.ends_with(" 200"), "{told}");
    }
    let newcomer = Agent::new(&home, "newcomer");
    let told = begin(&newcomer, "s16");
    assert!(told.ends_with(" 429") && told.contains("16 sign-ins that programs began wait"), "{told}");
    home.move_clock(61);
    // That it begins again does not make it younger.
    assert!(begin(&copies[0], "s0").ends_with(" 200"));
    let told = begin(&newcomer, "s16");
    assert!(told.ends_with(" 200"), "{told}");
    let gone: Vec<_> = names.iter().filter(|name| valet.server(name)["attempt"] == "failed").collect();
    assert_eq!(gone, ["s0"], "the oldest");
    assert!(valet.server("s0").to_string().contains("made room"), "{}", valet.server("s0"));
}

/// A program that signs in over and over where the issuer does not know our client any more.
#[track_caller]
fn registers_seldom(rogue: &Rogue, comes_back: bool) {
    let home = Home::new();
    let valet = valet(&home, rogue);
    for _ in 0..20 {
        let begun = authorize(&valet, "rogue");
        if comes_back {
            let page = begun.expect_status(200).text("authorization_url").parse().unwrap();
            assert!(curl(&[rogue.agree(&page).as_str()]).status >= 400);
        }
    }
    assert!(rogue.count("/register") <= 2, "{} registrations", rogue.count("/register"));
}

#[test]
fn an_issuer_that_refuses_our_client_at_every_exchange_of_a_code_gets_no_more_than_two_registrations() {
    let rogue = Rogue::start();
    rogue.reply("/token", Reply::error(401, "invalid_client"));
    registers_seldom(&rogue, true);
}

#[test]
fn an_issuer_that_refuses_our_client_at_every_pushed_request_gets_no_more_than_two_registrations() {
    let rogue = Rogue::start();
    rogue.edit_metadata("pushed_authorization_request_endpoint", json!(format!("{}/par", rogue.origin())));
    rogue.reply("/par", Reply::error(401, "invalid_client"));
    registers_seldom(&rogue, false);
}

#[test]
fn a_server_that_a_program_adds_and_removes_is_two_entries() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let before = audit(&home).len();
    for _ in 0..3 {
        let new = json!({ "name": "added", "url": "https://added.example/mcp" });
        valet.post("/v1/servers", &new).expect_status(200);
        valet.cli(&["remove", "added"]).expect_code(0);
    }
    let entries = audit(&home);
    let what: Vec<_> = entries[before..].iter().map(|entry| entry["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["add", "remove", "add", "remove", "add", "remove"]);
}

#[test]
fn a_program_adds_so_many_servers_that_nobody_uses_and_ending_them_all_is_quick() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    let add = |n: usize| {
        valet.post(
            "/v1/servers",
            &json!({ "name": format!("n{n}"), "url": format!("https://n{n}.example/mcp") }),
        )
    };
    for n in 0..64 {
        add(n).expect_status(200);
    }
    let refused = add(64).expect_status(429);
    assert_eq!(
        (refused.text("code").as_str(), refused.text("reason").as_str()),
        ("busy", "too_many_servers")
    );
    let begun = std::time::Instant::now();
    let ended = valet.post("/v1/revoke", &json!({})).expect_status(200);
    assert!(begun.elapsed() < std::time::Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(ended.json()["servers"].as_array().unwrap().len(), 65);
    let other = Agent::new(&home, "other");
    let script = "curl -s -w ' %{http_code}' --unix-socket $SOCKET http://localhost/v1/servers \
        -H 'Content-Type: application/json' -d '{\"url\":\"https://other.example/mcp\"}'";
    assert!(other.runs(script).stdout.ends_with(" 200"), "one program's are not another's");
}

#[test]
fn however_many_sign_ins_a_program_begins_and_ends_few_ports_are_open() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let names: Vec<String> = (0..40).map(|n| format!("s{n}")).collect();
    let server = |name: &String| {
        let oauth = json!({ "clientId": "ours", "callbackPort": free_port() });
        (name.clone(), json!({ "url": rogue.mcp(), "oauth": oauth }))
    };
    let servers: Map<String, Value> = names.iter().map(server).collect();
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    let valet = Valet::start(&home);
    for name in &names {
        let begun = authorize(&valet, name);
        assert!(begun.status == 200 || begun.status == 429, "{begun:?}");
        valet.post(&format!("/v1/servers/{name}/decline"), &json!({})).expect_status(200);
    }
    let open = listening_ports(valet.id());
    assert!(open <= 2 * 16, "{open} sockets listen, of both families");
}

#[test]
fn what_changes_nothing_is_not_written() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    valet.sign_in("rogue");
    let ends = |count: usize| {
        for _ in 0..count {
            valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
            valet.post("/v1/servers/rogue/revoke", &json!({ "client": true })).expect_status(200);
            valet.post("/v1/revoke", &json!({})).expect_status(200);
            valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
            valet.post("/v1/lock", &json!({})).expect_status(204);
        }
    };
    ends(1);
    let before = audit(&home);
    assert!(before.iter().any(|entry| entry["what"] == "revoke"), "{before:?}");
    ends(20);
    let after = audit(&home);
    assert_eq!(after.len(), before.len(), "{:?}", &after[before.len()..]);
}

#[test]
fn the_log_begins_anew_while_the_valet_runs() {
    let home = Home::new();
    home.lists(&[], "memory");
    let folder = home.path().join("state/mcp-valet");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("log"), vec![b'x'; (4 << 20) - 100]).unwrap();
    let valet = Valet::start(&home);
    until("the log is a new one", || folder.join("log.old").exists().then_some(()));
    assert!(std::fs::metadata(folder.join("log")).unwrap().len() < 1 << 20);
    valet.get("/v1/health").expect_status(200);
}

#[test]
fn a_sign_in_that_failed_is_past_and_not_how_things_are_now() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = valet(&home, &rogue);
    rogue.go_down();
    let down = valet.cli(&["authorize", "rogue"]).expect_code(5);
    assert!(down.stderr.contains("cannot be reached"), "{down:?}");
    rogue.come_back();
    let answer = valet.token("rogue").expect_status(401);
    assert_eq!(answer.text("code"), "authorization_required");
    assert!(!answer.body.contains("cannot be reached"), "{answer:?}");
    valet.cli(&["token", "rogue"]).expect_code(3);
    for (path, status) in [("/register", 400), ("/register", 503)] {
        rogue.reply(path, Reply::error(status, "temporarily_unavailable"));
        valet.cli(&["authorize", "rogue"]).expect_code(5);
        rogue.behave(path);
        let answer = valet.token("rogue").expect_status(401);
        assert_eq!(answer.text("code"), "authorization_required", "{path} {status}");
    }
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}
