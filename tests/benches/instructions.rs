//! How many instructions the valet takes for a token that is held, as valgrind counts them; and that what a
//! start takes grows no faster than the number of servers.
//!
//! Times say more about the machine than about the program; these numbers hardly differ between two runs.
//! What starting, signing in and ending take is the same in both of a pair and falls out.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "a program for developers, which may stop at the first surprise"
)]

#[path = "proxy/client.rs"]
#[allow(dead_code, reason = "a part of it is enough here")]
mod client;
#[path = "proxy/server.rs"]
mod server;
#[path = "shared/table.rs"]
#[allow(dead_code, reason = "a part of it is enough here")]
mod table;

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use client::{CALL, Client, Way};
use mcp_valet_tests::{Etcd, Home, Rogue, can_count, fleet, instructions};
use serde_json::json;
use table::Table;

const WARM_UP: u64 = 300;
const ROUNDS: u64 = 2_000;
/// How long each run in a fleet lasts: what a machine does there each second then falls out as well.
const AS_LONG: Duration = Duration::from_secs(60);
/// So many that the few thousand in which two runs differ do not show.
const CALLS: u64 = 4_000;
const EVENTS: u64 = 20_000;
const BODY: &str = r#"{"server":"rogue"}"#;
const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#;

/// What each may take at most: a little more than when it was last looked at. Whoever makes it take more says
/// why here.
const TOKEN: u64 = 60_000;
const CALL_THROUGH_THE_PROXY: u64 = 185_000;
/// As many times what a call takes of a program that may do everything. A tenth more is what is wanted.
const BY_RULES: f64 = 1.15;
const EVENT: u64 = 2_600;
/// A start with twice the servers takes twice as much, and a little.
const TWICE: f64 = 2.3;

fn main() {
    if !can_count() {
        println!("NOT MEASURED: instructions. valgrind is missing.");
        return;
    }
    let mut table = Table::new("Instructions");
    let token = (handing_out(Kept::Nowhere, 2 * ROUNDS) - handing_out(Kept::Nowhere, ROUNDS)) / ROUNDS;
    let [none, calls, events] = [(0, 0), (CALLS, 0), (0, EVENTS)].map(passing);
    let call = (calls - none) / CALLS;
    let counted = [
        ("token that is held", token, TOKEN),
        ("call through the proxy", call, CALL_THROUGH_THE_PROXY),
        ("small event of a stream", (events - none) / EVENTS, EVENT),
    ];
    for (work, count, most) in counted {
        table.row(work, &format!("{count}"), "", "–", &format!("≤ {most}"));
    }
    let fleet = (handing_out(Kept::Fleet, 2 * ROUNDS) - handing_out(Kept::Fleet, ROUNDS)) / ROUNDS;
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let in_a_fleet = fleet as f64 / token as f64;
    table.row(
        "token that is held, in a fleet",
        &format!("{fleet}"),
        &format!("nothing kept, no seal of the audit: {token}"),
        &format!("{in_a_fleet:.2}"),
        "–",
    );
    let by_rules = (by_rules(CALLS) - by_rules(0)) / CALLS;
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let held_to_rules = by_rules as f64 / call as f64;
    table.row(
        "call through the proxy, by rules",
        &format!("{by_rules}"),
        &format!("without: {call}"),
        &format!("{held_to_rules:.2}"),
        "≤ 1.1",
    );
    let [few, many] = [1_000, 2_000].map(|servers| instructions(&listing(servers), |_| {}));
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let ratio = many as f64 / few as f64;
    let beside = format!("2,000 servers: {many}");
    table.row(
        "start with 1,000 servers",
        &format!("{few}"),
        &beside,
        &format!("{ratio:.2}"),
        &format!("≤ {TWICE}"),
    );
    table.keep("instructions.md");
    let over: Vec<_> = counted.iter().filter(|(_, count, most)| count > most).collect();
    assert!(over.is_empty(), "more than before: {over:?}");
    assert!(held_to_rules <= BY_RULES, "rules take {held_to_rules:.2} times what a call takes");
    assert!(ratio <= TWICE, "a start grows faster than the number of servers");
}

/// A home that lists so many servers.
fn listing(servers: usize) -> Home {
    let home = Home::new();
    let names: Vec<String> = (0..servers).map(|number| format!("server-{number}")).collect();
    let urls: Vec<String> = names.iter().map(|name| format!("https://{name}.example/mcp")).collect();
    let listed: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(urls.iter().map(String::as_str)).collect();
    home.lists(&listed, "memory");
    home
}

/// The instructions of a whole run with so many calls and events through the proxy.
fn passing((calls, events): (u64, u64)) -> u64 {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = server::start(&rogue.origin());
    home.lists(&[("bare", &format!("http://{server}/mcp"))], "memory");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    instructions(&home, |valet| {
        valet.sign_in("bare");
        runtime.block_on(async {
            let way = Way::Proxy(home.socket());
            let mut client = Client::connect(&way).await;
            for _ in 0..100 + calls {
                client.ask(CALL).await;
            }
            client::events(&way, 100 + usize::try_from(events).unwrap()).await;
        });
    })
}

/// The instructions of a whole run with so many calls of a tool that the rules of the program let through.
fn by_rules(calls: u64) -> u64 {
    let (home, rogue) = (Home::new(), Rogue::start());
    let url = format!("http://{}/mcp", server::start(&rogue.origin()));
    let rules = json!({ "read": "free", "change": "ask", "destroy": "free" });
    home.configure(&json!({ "mcpServers": { "bare": { "url": url } },
        "valet": { "agents": "allow", "vault": "memory", "rules": rules } }));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    instructions(&home, |valet| {
        valet.sign_in("bare");
        runtime.block_on(async {
            let mut client = Client::connect(&Way::Proxy(home.socket())).await;
            client.ask(LIST).await;
            for _ in 0..100 + calls {
                let answer = client.ask(CALL).await;
                assert!(answer.ends_with(b"}") && !answer.windows(7).any(|part| part == b"isError"));
            }
        });
    })
}

/// Where the grant is kept that is handed out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Nowhere,
    Fleet,
}

/// The instructions of a whole run with so many hand-outs.
fn handing_out(kept: Kept, rounds: u64) -> u64 {
    let (home, rogue) = (Home::new(), Rogue::start());
    let servers = [("rogue", &*rogue.mcp())];
    let etcd = Etcd::start(usize::from(kept == Kept::Fleet));
    match kept {
        Kept::Nowhere => home.lists(&servers, "memory"),
        Kept::Fleet => {
            fleet::configure(&home, &etcd, &servers, 60);
            home.fleet(&["init"]).expect_code(0);
        }
    }
    instructions(&home, |valet| {
        valet.sign_in("rogue");
        let over = Instant::now() + if kept == Kept::Fleet { AS_LONG } else { Duration::ZERO };
        hand_out(&home, WARM_UP + rounds);
        thread::sleep(over.saturating_duration_since(Instant::now()));
    })
}

/// Asks so often over one connection.
fn hand_out(home: &Home, times: u64) {
    let length = BODY.len();
    let request = format!(
        "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{BODY}"
    );
    let mut stream = UnixStream::connect(home.socket()).unwrap();
    for _ in 0..times {
        stream.write_all(request.as_bytes()).unwrap();
        let head = head(&mut stream);
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        stream.read_exact(&mut vec![0; length.parse().unwrap()]).unwrap();
    }
}

/// The head of one answer, in small letters.
fn head(stream: &mut UnixStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase()
}
