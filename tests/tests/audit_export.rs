//! Copies of the audit for a collector.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Home, Rogue, Valet, until};
use serde_json::{Value, json};

fn configure(home: &Home, rogue: &Rogue, export: &Value) {
    home.configure(&json!({
        "mcpServers": {"rogue": {"url": rogue.mcp()}},
        "valet": {"agents": "allow", "vault": "memory", "audit": {"export": export}},
    }));
}

#[test]
fn a_file_gets_each_entry_as_a_line_of_json_and_no_secret() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let copy = home.path().join("copy.jsonl");
    configure(&home, &rogue, &json!({"file": copy}));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
    let lines = until("the hand-out is in it", || {
        let text = fs::read_to_string(&copy).unwrap_or_default();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.iter().any(|line| line["what"] == "hand_out").then_some(lines)
    });
    assert!(lines.iter().all(|line| line["seq"].is_u64()), "{lines:?}");
    let text = fs::read_to_string(&copy).unwrap();
    for secret in rogue.secrets().into_iter().filter(|secret| secret.len() > 8) {
        assert!(!text.contains(&secret));
    }
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    // Whoever collects takes the file away.
    fs::rename(&copy, home.path().join("taken")).unwrap();
    valet.token("rogue").expect_status(200);
    until("there is another", || {
        fs::read_to_string(&copy).is_ok_and(|text| text.contains("hand_out")).then_some(())
    });
}

#[test]
fn a_collector_at_a_socket_that_reads_nothing_delays_no_hand_out_and_misses_none_of_a_few() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let socket = home.path().join("collector");
    let collector = UnixListener::bind(&socket).unwrap();
    configure(&home, &rogue, &json!({"socket": socket}));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let begun = Instant::now();
    for _ in 0..20 {
        valet.token("rogue").expect_status(200);
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
    let (stream, _) = collector.accept().unwrap();
    let mut tokens = 0;
    for line in BufReader::new(stream).lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        tokens += usize::from(line["what"] == "hand_out");
        if tokens == 20 {
            return;
        }
    }
    panic!("{tokens} of 20 came");
}

#[test]
fn a_line_that_a_crash_cut_short_takes_no_other_with_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let copy = home.path().join("copy.jsonl");
    fs::write(&copy, "{\"seq\":1}\n{\"seq\":2,\"wha").unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
    configure(&home, &rogue, &json!({"file": copy}));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
    let text = until("the hand-out is in it", || {
        fs::read_to_string(&copy).ok().filter(|text| text.contains("hand_out"))
    });
    let cut: Vec<&str> = text.lines().filter(|line| serde_json::from_str::<Value>(line).is_err()).collect();
    assert_eq!(cut, ["{\"seq\":2,\"wha"]);
}
