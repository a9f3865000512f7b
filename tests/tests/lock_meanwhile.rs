//! A lock while a refresh or a sign-in is under way: nothing is lost, and nothing comes back into memory.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::locking::{GNOME, LATER, configure, locks, refused, signed_in, unlocks};
use mcp_valet_tests::{Home, Keychain, Locker, Logind, RawClient, Rogue, Valet, curl, until};
use serde_json::json;

fn asking(home: &Home) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"rogue"}"#);
    agent
}

/// After `kill -9`, what the valet had is in the keychain.
#[track_caller]
fn kept(home: &Home, rogue: &Rogue, locker: &Locker<'_>, valet: Valet<'_>, refreshes: usize) {
    valet.kill();
    // The next one would lock as well.
    locker.lock(false);
    let valet = Valet::start(home);
    assert!(rogue.accepts(&unlocks(&valet)));
    assert_eq!(rogue.refreshes(), refreshes);
}

#[test]
fn a_refresh_that_ends_while_locked_goes_to_the_vault_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    home.move_clock(LATER);
    let gate = rogue.hold("/token");
    let agent = asking(&home);
    gate.reached();
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    gate.open();
    refused(agent.answer(), "locked_by_screen");
    assert_eq!(valet.server("rogue")["state"], "locked");
    assert!(valet.server("rogue")["expires_at"].is_null(), "nothing of it is in memory");
    locker.lock(false);
    assert!(rogue.accepts(&unlocks(&valet)));
    assert_eq!(rogue.refreshes(), 1, "what came while it was locked was in the vault");
    kept(&home, &rogue, &locker, valet, 1);
}

#[test]
fn a_refresh_during_which_it_is_locked_and_unlocked_is_not_lost() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    home.move_clock(LATER);
    let gate = rogue.hold("/token");
    let agent = asking(&home);
    gate.reached();
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    locker.lock(false);
    until("what the vault has is read again", || (valet.server("rogue")["state"] == "ready").then_some(()));
    gate.open();
    assert!(rogue.accepts(&agent.answer().expect_status(200).text("access_token")));
    assert!(rogue.accepts(&unlocks(&valet)));
    assert_eq!(rogue.refreshes(), 1, "the old refresh token was used up");
    kept(&home, &rogue, &locker, valet, 1);
}

#[test]
fn a_grant_that_the_vault_would_not_take_outlives_the_lock_and_is_stored_meanwhile() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    home.move_clock(LATER);
    let gate = rogue.hold("/token");
    let agent = asking(&home);
    gate.reached();
    keychain.lock();
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    gate.open();
    refused(agent.answer(), "locked_by_screen");
    until("it is known to be in memory alone", || {
        (valet.server("rogue")["grant"] == "unsaved").then_some(())
    });
    refused(valet.token("rogue"), "locked_by_screen");
    keychain.unlock();
    until("it is stored", || (valet.server("rogue")["grant"] == "live").then_some(()));
    assert_eq!(valet.server("rogue")["state"], "locked");
    kept(&home, &rogue, &locker, valet, 1);
}

#[test]
fn a_sign_in_that_ends_while_locked_goes_to_the_vault_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    configure(&home, &rogue, "keychain", &json!({ "screen": true }));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    let gate = rogue.hold("/token");
    thread::scope(|scope| {
        let browser = scope.spawn(|| curl(&[callback.as_str()]));
        gate.reached();
        locker.lock(true);
        until("it locks", || (valet.token("rogue").status == 423).then_some(()));
        gate.open();
        browser.join().unwrap().expect_status(200);
    });
    let server = valet.server("rogue");
    assert_eq!((&server["state"], &server["grant"]), (&json!("locked"), &json!("live")), "{server}");
    assert!(server["issuer"].is_null(), "nothing of it is in memory: {server}");
    locker.lock(false);
    assert!(rogue.accepts(&unlocks(&valet)));
    kept(&home, &rogue, &locker, valet, 0);
}

/// What is left of a sign-in that waited while the valet was locked: nothing, and what comes back is told so.
#[track_caller]
fn ended_quietly(valet: &Valet<'_>, rogue: &Rogue, callback: &url::Url) {
    let page = curl(&[callback.as_str()]).expect_status(410);
    assert!(page.body.contains("This sign-in was cancelled"), "{page:?}");
    assert_eq!(rogue.count("/token"), 0);
    let server = valet.server("rogue");
    assert_eq!((&server["attempt"], &server["problem"]), (&json!("none"), &json!(null)), "{server}");
    assert_ne!(server["state"], "failed");
}

#[test]
fn a_sign_in_that_waits_when_the_valet_is_locked_is_over_and_has_not_failed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    configure(&home, &rogue, "keychain", &json!({}));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    logind.is_to_wait();
    logind.sleep(true);
    until("sleep may begin", || (!logind.waits()).then_some(()));
    ended_quietly(&valet, &rogue, &callback);
    logind.sleep(false);
    until("it is open again", || (valet.get("/v1/health").json()["locked"] == false).then_some(()));

    let mut asking = home.start_cli(&["authorize", "rogue", "--no-browser"]);
    let page = until("the address is there", || asking.stdout().trim().parse().ok());
    valet.cli(&["lock"]).expect_code(0);
    ended_quietly(&valet, &rogue, &rogue.agree(&page));
    assert_eq!(asking.wait().code(), Some(3), "{}", asking.stderr());
    assert!(asking.stderr().contains("was locked while the sign-in"), "{}", asking.stderr());
}

#[test]
fn a_sign_in_that_waits_when_the_keychain_is_locked_goes_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    configure(&home, &rogue, "keychain", &json!({}));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    keychain.lock();
    assert_eq!(valet.server("rogue")["attempt"], "waiting");
    curl(&[callback.as_str()]).expect_status(200);
    assert_eq!(valet.settles("rogue", "ready")["grant"], "unsaved");
    keychain.unlock();
    until("it is stored", || (valet.server("rogue")["grant"] == "live").then_some(()));
}

#[test]
fn what_is_about_to_be_read_is_opening_and_not_locked() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    configure(&home, &rogue, "keychain", &json!({}));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    keychain.freeze();
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() }, "newcomer": { "url": format!("{}/", rogue.mcp()) } },
        "valet": { "agents": "allow", "vault": "keychain", "lock": {} },
    }));
    let newcomer = until("it is listed", || {
        let listed = valet.get("/v1/servers").json();
        listed.as_array().unwrap().iter().find(|one| one["name"] == "newcomer").cloned()
    });
    assert_eq!(newcomer["state"], "opening", "{newcomer}");
    assert!(valet.cli(&["list"]).expect_code(0).stdout.contains("Opening…"));
    keychain.thaw();
    valet.settles("newcomer", "authorization_required");
}

#[test]
fn a_sign_in_that_comes_too_late_leaves_the_grant_that_works_in_the_vault() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    let token = valet.token("rogue").expect_status(200).text("access_token");
    let callback = rogue.agree(&valet.begin("rogue"));
    let gate = rogue.hold("/token");
    let page = thread::scope(|scope| {
        let browser = scope.spawn(|| curl(&[callback.as_str()]));
        gate.reached();
        keychain.freeze();
        gate.open();
        // From now on only the vault is waited for.
        until("the sign-in writes to the vault", || valet.log().contains("writes a new grant").then_some(()));
        valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
        keychain.thaw();
        browser.join().unwrap()
    });
    assert!((400..500).contains(&page.status), "{page:?}");
    valet.kill();
    let valet = Valet::start(&home);
    assert_eq!(unlocks(&valet), token);
    assert!(rogue.accepts(&token));
}
