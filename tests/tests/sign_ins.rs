//! Sign-ins that programs begin: few at a time, each its beginner's, and none at the cost of another.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{Agent, Answer, Home, Rogue, Valet, curl, free_port, listening_ports, until};
use serde_json::{Map, Value, json};

const AUTHORIZE: &str =
    "curl -s -w ' %{http_code}' --unix-socket $SOCKET -X POST http://localhost/v1/servers/rogue/authorize";
/// Longer than what counts as a double click.
const A_MOMENT: i64 = 6;

fn valet<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    Valet::start(home)
}

fn authorize(valet: &Valet<'_>, server: &str) -> Answer {
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
        let page = |answer: Answer| answer.expect_status(200).text("authorization_url");
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
