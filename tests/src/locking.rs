//! A valet that is locked and unlocked.

use std::fs;

use serde_json::{Value, json};

use crate::{Home, HttpResponse, Rogue, Valet, until};

/// Seconds after which a token of the rogue is over.
pub const LATER: i64 = 601;
/// The name of a locker of the screen.
pub const GNOME: &str = "org.gnome.ScreenSaver";
/// The name of another.
pub const XFCE: &str = "org.xfce.ScreenSaver";

/// Knows the rogue, and locks by this rule.
pub fn configure(home: &Home, rogue: &Rogue, vault: &str, rule: &Value) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "allow", "vault": vault, "lock": rule },
    }));
}

/// A valet that was started so and signed in.
pub fn signed_in<'home>(home: &'home Home, rogue: &Rogue, vault: &str, rule: &Value) -> Valet<'home> {
    configure(home, rogue, vault, rule);
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    valet
}

/// What is answered while it is locked for this reason.
#[track_caller]
pub fn refused(answer: HttpResponse, reason: &str) {
    let answer = answer.expect_status(423);
    assert_eq!((answer.text("code").as_str(), answer.text("reason").as_str()), ("locked", reason));
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
}

/// Waits until it is locked for this reason.
#[track_caller]
pub fn locks(valet: &Valet<'_>, reason: &str) {
    until("it locks", || (valet.server("rogue")["state"] == "locked").then_some(()));
    refused(valet.token("rogue"), reason);
}

/// Waits until it is not locked any more, and answers the token that it hands out then.
#[track_caller]
pub fn unlocks(valet: &Valet<'_>) -> String {
    until("it unlocks", || Some(valet.token("rogue")).filter(|one| one.status == 200)).text("access_token")
}

/// What the audit says was done, and by whom or what.
pub fn audit(home: &Home) -> Vec<(String, String)> {
    let text = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    let entries = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let how = |entry: &Value| word(entry, if entry["result"].is_string() { "result" } else { "agent" });
    entries.map(|entry| (word(&entry, "what"), how(&entry))).collect()
}

/// Waits until the audit says so: a lock takes effect first, and is written down then.
#[track_caller]
pub fn audited(home: &Home, what: &str, how: &str) {
    let entry = (what.to_owned(), how.to_owned());
    until(&format!("{entry:?} is in {:?}", audit(home)), || audit(home).contains(&entry).then_some(()));
}

/// Waits until the valet has heard this.
#[track_caller]
pub fn heard(valet: &Valet<'_>, event: &str) {
    until(&format!("{event} is heard"), || valet.log().contains(event).then_some(()));
}
