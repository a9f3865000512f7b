//! An issuer that takes its time: what was sent is waited for, and what is answered at last is kept, or ended
//! there.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::{Duration, Instant};

use mcp_valet_tests::{Gate, Home, Keychain, Reply, Rogue, Valet, curl, until, until_within};
use serde_json::json;

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;
/// Longer than anything else is waited for.
const SLOW: Duration = Duration::from_secs(9);

/// A valet that is signed in at the rogue, and whose access token has just expired.
fn expired<'home>(home: &'home Home, rogue: &Rogue, vault: &str) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], vault);
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    home.move_clock(LATER);
    valet
}

/// Has a refresh sent that is not answered until the gate opens; who asked has given up.
fn unanswered(valet: &Valet<'_>, rogue: &Rogue) -> Gate {
    let gate = rogue.hold("/token");
    let ask = json!({ "server": "rogue", "wait": 1 });
    assert_eq!(valet.post("/v1/token", &ask).expect_status(504).text("code"), "timeout");
    gate.reached();
    gate
}

/// The access tokens that the rogue would take.
fn live(rogue: &Rogue) -> usize {
    let access = rogue.secrets().into_iter().filter(|secret| secret.starts_with("access-"));
    access.filter(|token| rogue.accepts(token)).count()
}

fn notices(valet: &Valet<'_>) -> String {
    valet.get("/v1/health").json()["notices"].to_string()
}

#[test]
fn a_refresh_that_is_answered_after_nine_seconds_is_kept_and_who_asks_meanwhile_joins_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue, "memory");
    let start = Instant::now();
    let gate = unanswered(&valet, &rogue);
    let said = until_within(SLOW, "the person is told", || {
        Some(notices(&valet)).filter(|notices| notices.contains("has not answered yet"))
    });
    assert!(said.contains("rogue") && !said.contains("othing is lost"), "{said}");
    std::thread::sleep(SLOW.saturating_sub(start.elapsed()));
    gate.open();
    let token = valet.token("rogue").expect_status(200).text("access_token");
    assert!(rogue.accepts(&token));
    assert_eq!(rogue.refreshes(), 1);
    until("nothing is left to be told", || (!notices(&valet).contains("not answered")).then_some(()));
    home.move_clock(2 * LATER);
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_code_that_is_exchanged_after_nine_seconds_signs_in_and_the_browser_and_the_command_are_told() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let gate = rogue.hold("/token");
    home.browser_notes_the_address();
    let mut command = home.start_cli(&["authorize", "rogue"]);
    let callback = rogue.agree(&home.opened()[0].parse().unwrap());
    let start = Instant::now();
    let page = curl(&[callback.as_str()]).expect_status(200);
    assert!(page.body.contains("Not confirmed yet") && page.body.contains("five minutes"), "{page:?}");
    until_within(SLOW, "the command says so", || {
        command.stderr().contains("has not confirmed it yet").then_some(())
    });
    std::thread::sleep(SLOW.saturating_sub(start.elapsed()));
    gate.open();
    assert!(command.wait().success(), "{}", command.stderr());
    valet.token("rogue").expect_status(200);
}

#[test]
fn revoked_meanwhile_a_late_answer_is_ended_at_the_issuer_and_not_kept() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue, "keychain");
    let gate = unanswered(&valet, &rogue);
    let start = Instant::now();
    let said = valet.cli(&["revoke", "rogue"]).expect_code(0);
    assert!(said.stdout.contains("has not answered yet"), "{said:?}");
    assert!(start.elapsed() < SLOW, "it took {:?}", start.elapsed());
    assert!(notices(&valet).contains("It was revoked meanwhile"), "{}", notices(&valet));
    gate.open();
    until("what came late is ended there", || (live(&rogue) == 0).then_some(()));
    assert_eq!(valet.server("rogue")["grant"], "none");
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "authorization_required");
    drop(valet);
    drop(keychain);
}

#[test]
fn signed_in_again_meanwhile_the_new_sign_in_stays_whatever_comes_late() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue, "memory");
    let gate = rogue.hold("/token");
    let ask = json!({ "server": "rogue", "wait": 1 });
    valet.post("/v1/token", &ask).expect_status(504);
    gate.reached();
    let is_exchange = |one: &mcp_valet_tests::Recorded| one.field("code").is_some();
    let fresh = json!({ "access_token": "access-fresh", "refresh_token": "refresh-fresh", "token_type": "Bearer", "expires_in": 600 });
    rogue
        .plan(move |one| (one.path == "/token" && is_exchange(one)).then(|| Reply::Json(200, fresh.clone())));
    let url = valet.begin("rogue");
    let callback = rogue.agree(&url);
    let finishing = std::thread::spawn(move || curl(&[callback.as_str()]));
    until("the exchange is sent", || {
        rogue
            .requests("/token")
            .iter()
            .any(|one| one.field("code").is_some() && rogue.count("/token") > 2)
            .then_some(())
    });
    gate.open();
    finishing.join().unwrap().expect_status(200);
    until("the new sign-in is there", || {
        (valet.token("rogue").expect_status(200).text("access_token") == "access-fresh").then_some(())
    });
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), "access-fresh");
    assert_eq!(rogue.count("/revoke"), 0, "some issuers would end the new sign-in as well");
}

#[test]
fn locked_meanwhile_a_late_answer_is_stored_and_there_after_the_unlocking() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue, "keychain");
    let gate = unanswered(&valet, &rogue);
    valet.cli(&["lock"]).expect_code(0);
    until("the person is told", || notices(&valet).contains("locked or not").then_some(()));
    gate.open();
    until("it is taken in", || (!notices(&valet).contains("locked or not")).then_some(()));
    assert_eq!(valet.token("rogue").expect_status(423).text("code"), "locked");
    valet.stop();
    let valet = Valet::start(&home);
    assert!(rogue.accepts(&valet.token("rogue").expect_status(200).text("access_token")));
    assert_eq!(rogue.refreshes(), 1, "the rotated token was in the keychain");
    drop(keychain);
}

#[test]
fn ended_meanwhile_the_valet_waits_for_the_answer_and_stores_it() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue, "keychain");
    let gate = unanswered(&valet, &rogue);
    let opener = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(1));
        gate.open();
    });
    valet.stop();
    opener.join().unwrap();
    let valet = Valet::start(&home);
    assert!(rogue.accepts(&valet.token("rogue").expect_status(200).text("access_token")));
    assert_eq!(rogue.refreshes(), 1);
    drop(keychain);
}

#[test]
fn an_answer_that_never_comes_is_not_called_harmless_and_the_grant_is_tried_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue, "memory");
    rogue.reply("/token", Reply::Broken);
    let answer = valet.token("rogue").expect_status(502);
    assert_eq!(answer.text("reason"), "issuer_unanswered");
    assert!(!answer.body.contains("othing is lost"), "{answer:?}");
    assert_eq!(valet.server("rogue")["grant"], "live");
    rogue.behave("/token");
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_refresh_token_that_a_lost_answer_used_up_is_said_to_be_interrupted() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue, "memory");
    rogue.reply("/token", Reply::Broken);
    valet.token("rogue").expect_status(502);
    rogue.behave("/token");
    rogue.end_grants();
    let answer = valet.token("rogue").expect_status(401);
    assert_eq!(answer.text("code"), "lapsed");
    assert!(answer.body.contains("interrupted"), "{answer:?}");
}

#[test]
fn a_refresh_goes_over_a_connection_of_its_own() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue, "memory");
    // Whatever was kept open to the issuer is dead now, and nobody was told.
    rogue.go_down();
    rogue.come_back();
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn one_issuer_that_hangs_is_asked_so_many_times_at_once_and_another_is_asked_all_the_same() {
    let (home, rogue, other) = (Home::new(), Rogue::start(), Rogue::start());
    let names: Vec<String> = (0..20).map(|number| format!("rogue-{number}")).collect();
    let (mcp, others) = (rogue.mcp(), other.mcp());
    let mut servers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), mcp.as_str())).collect();
    servers.push(("other", &others));
    home.lists(&servers, "memory");
    let valet = Valet::start(&home);
    names.iter().for_each(|name| valet.sign_in(name));
    valet.sign_in("other");
    home.move_clock(LATER);
    let gate = rogue.hold("/token");
    for name in &names {
        valet.post("/v1/token", &json!({ "server": name, "wait": 0 })).expect_status(504);
    }
    until("as many are sent as may be", || (rogue.refreshes() == 16).then_some(()));
    valet.token("other").expect_status(200);
    assert_eq!(rogue.refreshes(), 16);
    gate.open();
    for name in &names {
        valet.token(name).expect_status(200);
    }
}
