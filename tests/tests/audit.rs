//! The audit: every token that went out is in it, and so is each burst of refusals.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::audit::{again, audit, hand_outs, is_intact, lines, text, verify, with_keychain};
use mcp_valet_tests::{Agent, Home, Keychain, Rogue, Valet, dose, figure, this_program, until};
use serde_json::{Value, json};

/// A connection that is kept, and asks for one token after the other.
struct Client {
    stream: BufReader<UnixStream>,
}

impl Client {
    fn connect(socket: &Path) -> Option<Self> {
        let stream = UnixStream::connect(socket).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Some(Self { stream: BufReader::new(stream) })
    }

    /// One token; nothing if the valet was killed meanwhile.
    fn token(&mut self) -> Option<String> {
        let body = r#"{"server":"rogue"}"#;
        let head =
            "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length:";
        write!(self.stream.get_mut(), "{head} {}\r\n\r\n{body}", body.len()).ok()?;
        let (mut length, mut line) = (0, String::new());
        while line != "\r\n" {
            line.clear();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).ok()?;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        Some(answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned())
    }
}

#[test]
fn each_of_ten_thousand_tokens_is_in_it_although_the_valet_is_killed_half_way() {
    const CLIENTS: usize = 64;
    let tokens = dose(10_000, 100_000);
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    rogue.token_lifetime(Some(86_000));
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let quiet = [("MCP_VALET_LOG", "warn")];
    let valet = Valet::start_with(&home, &quiet);
    valet.sign_in("rogue");
    let (asked, received) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ask = || {
        let mut client = None;
        while asked.fetch_add(1, Ordering::Relaxed) < tokens {
            let token = until("a token goes out", || {
                let mut asking = client.take().or_else(|| Client::connect(&home.socket()))?;
                let token = asking.token();
                client = token.is_some().then_some(asking);
                token
            });
            assert!(rogue.accepts(&token));
            received.fetch_add(1, Ordering::Relaxed);
        }
    };
    let begun = Instant::now();
    let valet = thread::scope(|scope| {
        (0..CLIENTS).for_each(|_| drop(scope.spawn(ask)));
        until("half of them have gone out", || {
            (received.load(Ordering::Relaxed) >= tokens / 2).then_some(())
        });
        valet.kill();
        Valet::start_with(&home, &quiet)
    });
    assert_eq!(received.into_inner(), tokens);
    let elapsed = begun.elapsed();
    let audited = hand_outs(&home);
    // Those that were asking when it was killed may have been written down and not have got theirs.
    assert!((tokens..=tokens + CLIENTS).contains(&audited), "{audited} are in the audit");
    let report = is_intact(&valet);
    assert!(report["entries"].as_u64().unwrap() > audited as u64, "{report}");
    figure(format_args!(
        "{tokens} tokens to {CLIENTS} clients, the valet killed and started half way: {elapsed:.1?}, {audited} in the audit"
    ));
}

#[test]
fn entries_from_before_the_chain_stay_and_are_not_called_tampering() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let own = std::env::current_exe().unwrap();
    let old = json!({ "at": "2026-01-31T12:00:00Z", "what": "hand_out", "agent": this_program(), "executable": own, "server": "old" });
    fs::create_dir(audit(&home).parent().unwrap()).unwrap();
    fs::write(audit(&home), format!("{old}\n{old}\n{old}\n")).unwrap();
    let valet = Valet::start(&home);
    assert_eq!(is_intact(&valet)["unchained"], 3);
    valet.sign_in("rogue");
    let report = is_intact(&valet);
    assert_eq!((&report["unchained"], &report["entries"]), (&json!(3), &json!(1)), "{report}");
    let listed = valet.cli(&["audit", "--json"]).json();
    assert_eq!(listed.as_array().unwrap().iter().filter(|entry| entry["server"] == "old").count(), 3);
    valet.stop();
    let valet = Valet::start(&home);
    is_intact(&valet);
    lines(&audit(&home), |lines| drop(lines.remove(1)));
    assert_eq!(verify(&valet).1["fault"]["seq"], 1, "the chain began with three");
}

#[test]
fn an_entry_of_another_version_is_listed_as_it_was_written() {
    let home = Home::new();
    let own = std::env::current_exe().unwrap();
    let old = json!({ "at": "2026-01-31T12:00:00Z", "what": "lend_out", "agent": this_program(), "executable": own, "server": "old" });
    fs::create_dir(audit(&home).parent().unwrap()).unwrap();
    fs::write(audit(&home), format!("{old}\n")).unwrap();
    let valet = Valet::start(&home);
    let listed = valet.cli(&["audit", "--json"]).expect_code(0).json();
    assert_eq!((&listed[0]["what"], &listed[0]["server"]), (&json!("lend_out"), &json!("old")), "{listed}");
    let said = valet.cli(&["audit"]).expect_code(0).stdout;
    assert!(said.contains("  lend out      old"), "{said}");
}

#[test]
fn an_agent_sees_its_own_entries_and_of_others_only_that_they_are_there() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let scribe = Agent::new(&home, "scribe");
    scribe.runs("$VALET token rogue").expect_code(0);
    let entries: Value = serde_json::from_str(&scribe.runs("$VALET audit --json").stdout).unwrap();
    let agents: Vec<_> = entries.as_array().unwrap().iter().map(|entry| &entry["agent"]).collect();
    assert_eq!(agents, ["scribe"]);
    lines(&audit(&home), |lines| lines[0] = lines[0].replace("sign_in", "sign-in"));
    let report = valet.get("/v1/audit/verify").expect_status(200);
    assert_eq!(report.json()["fault"]["seq"], 1);
    assert!(!report.body.contains("rogue") && !report.body.contains("mcp-valet"), "{report:?}");
    valet.get("/v1/activity").expect_status(404);
}

#[test]
fn an_agent_does_not_see_the_entries_of_another_that_reads_the_same() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let far = format!("{0}/{0}", "a".repeat(220));
    let [one, two] = ["one", "two"].map(|folder| Agent::new(&home, &format!("{far}/{folder}/scribe")));
    one.runs("$VALET token rogue").expect_code(0);
    let listed = |agent: &Agent<'_>| agent.runs("$VALET audit --json").expect_code(0).json();
    let own = listed(&one);
    assert_eq!((&own[0]["what"], &own[0]["mark"]), (&json!("hand_out"), &Value::Null), "{own}");
    assert_eq!(listed(&two), json!([]), "no more than the end of its path is another");
    let said = two.runs("$VALET audit").expect_code(0).stdout;
    assert_eq!(said, "Nothing was done for this application yet.\n");
    let said = two.runs("$VALET audit --since 2h").expect_code(0).stdout;
    assert_eq!(said, "Nothing was done for this application in that time.\n");
}

#[test]
fn with_a_locked_keychain_refusals_are_written_and_sealed_later() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    with_keychain(&home, &rogue).stop();
    keychain.lock();
    let valet = again(&home);
    (0..3).for_each(|_| drop(valet.token("rogue").expect_status(423)));
    assert_eq!(text(&home).matches("\"outcome\":\"locked\"").count(), 1, "one burst is one entry");
    let said = valet.cli(&["audit", "--verify"]).expect_code(3);
    assert!(said.stderr.contains("keychain is locked"), "{said:?}");
    keychain.unlock();
    valet.token("rogue").expect_status(200);
    is_intact(&valet);
    valet.kill();
    let report = is_intact(&again(&home));
    assert_eq!(report["unvouched"], 0, "the last entry seals what stands before it: {report}");
}

#[test]
fn a_full_disk_hands_nothing_out_and_spoils_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start_to_be_bounded(&home);
    valet.sign_in("rogue");
    (0..8).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    valet.bound_files(Some(audit(&home).metadata().unwrap().len() + 100));
    for _ in 0..3 {
        let refused = valet.token("rogue").expect_status(500);
        assert!(!refused.body.contains("access_token"), "{refused:?}");
        assert!(refused.body.contains("audit"), "{refused:?}");
    }
    valet.bound_files(None);
    valet.token("rogue").expect_status(200);
    assert_eq!(hand_outs(&home), 9);
    assert_eq!(is_intact(&valet)["torn"], 0);
}

#[test]
fn what_was_done_with_a_full_disk_and_is_not_in_the_audit_is_said_until_it_takes_entries_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp()), ("other", &rogue.mcp())], "memory");
    let valet = Valet::start_to_be_bounded(&home);
    valet.sign_in("rogue");
    let said =
        || valet.get("/v1/health").json()["notices"].to_string().contains("The audit could not be written");
    assert!(!said());
    valet.bound_files(Some(audit(&home).metadata().unwrap().len() + 10));
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    until("it is said", || said().then_some(()));
    valet.bound_files(None);
    valet.post("/v1/servers/other/decline", &json!({})).expect_status(200);
    until("it is said no more", || (!said()).then_some(()));
}

#[test]
fn an_agent_that_is_refused_over_and_over_writes_one_entry() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "deny", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    (0..20).for_each(|_| drop(valet.token("rogue").expect_status(403)));
    (0..20).for_each(|_| {
        drop(valet.proxy("rogue", &json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }), &[]))
    });
    assert_eq!(text(&home).matches("refused").count(), 1);
    home.move_clock(601);
    valet.token("rogue").expect_status(403);
    (0..20).for_each(|_| drop(valet.post("/v1/lock", &json!({})).expect_status(204)));
    let entries = valet.get("/v1/audit").json();
    let told: Vec<_> =
        entries.as_array().unwrap().iter().map(|entry| (&entry["what"], &entry["outcome"])).collect();
    let refused = (&json!("refused"), &json!("denied"));
    assert_eq!(told, [refused, refused, (&json!("lock"), &Value::Null)], "the next burst is another entry");
}
