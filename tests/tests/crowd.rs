//! One program against the rest: whatever it opens, whoever comes is answered at once.
//!
//! Heavy, in as great numbers as a program can; else in numbers that show the same.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mcp_valet_tests::{Agent, Crowd, Home, Rogue, Valet, curl, dose, figure, free_port};
use serde_json::json;

const ASK: &str = r#"{"server":"rogue"}"#;
/// Well below any time-out, well above what a loaded machine takes.
const AT_ONCE: Duration = Duration::from_secs(10);

/// What somebody is told, and how long that took.
#[track_caller]
fn timed<T>(ask: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = ask();
    let took = begun.elapsed();
    assert!(took < AT_ONCE, "it took {took:?}");
    (done, took)
}

#[track_caller]
fn at_once<T>(who: &str, ask: impl FnOnce() -> T) -> T {
    let (done, took) = timed(ask);
    figure(format!("{who} was answered in {took:.0?}"));
    done
}

#[test]
fn thousands_of_idle_connections_of_one_program_delay_nobody() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let newcomer = Agent::new(&home, "newcomer");
    let _idle = Crowd::idle(&home.socket(), dose(2500, 5896));
    assert_eq!(at_once("a newcomer", || newcomer.status(ASK)), 200);
    at_once("another call of the same program", || valet.token("rogue").expect_status(200));
}

#[test]
fn streams_of_events_of_one_program_shut_nobody_out_and_those_it_has_go_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let newcomer = Agent::new(&home, "newcomer");
    let count = dose(600, 4096);
    let mut first = Crowd::listening(&home.socket(), 16);
    let mut streams = Crowd::listening(&home.socket(), count);
    assert_eq!(at_once("a newcomer", || newcomer.status(ASK)), 200);
    at_once("another call of the same program", || valet.token("rogue").expect_status(200));
    let script = "curl -s -N --max-time 1 --unix-socket $SOCKET http://localhost/v1/events || true";
    assert!(at_once("a newcomer", || newcomer.runs(script)).stdout.contains("event: servers"));
    assert!(first.first_lines().iter().all(|line| line.contains(" 200 ")));
    let lines = streams.first_lines();
    let heard = lines.iter().filter(|line| line.contains(" 200 ")).count();
    assert_eq!(heard, 64 - 16, "{:?}", lines.last());
    let refused = valet.get("/v1/events").expect_status(429);
    assert_eq!(
        (refused.text("code").as_str(), refused.text("reason").as_str()),
        ("busy", "too_many_listeners")
    );
}

#[test]
fn whoever_uses_every_place_that_one_program_may_have_is_told_so_and_others_are_answered() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let newcomer = Agent::new(&home, "newcomer");
    // They wait for somebody to sign in.
    home.lists(&[("rogue", &rogue.mcp()), ("other", "https://other.example/mcp")], "memory");
    mcp_valet_tests::until("the edit is seen", || {
        (valet.get("/v1/servers/other").status == 200).then_some(())
    });
    let begun = valet.post("/v1/servers/other/authorize", &json!({}));
    assert!(begun.status >= 400, "{begun:?}");
    let gate = rogue.hold("/token");
    home.move_clock(601);
    let waiting = Crowd::ask(&home.socket(), dose(1200, 4096), ASK);
    gate.reached();
    let script = "curl -s -o /dev/null -w '%{http_code}' --unix-socket $SOCKET http://localhost/v1/health";
    assert_eq!(at_once("a newcomer", || newcomer.runs(script)).stdout, "200");
    let refused = at_once("another call of the same program", || valet.get("/v1/health").expect_status(429));
    assert_eq!(refused.text("reason"), "too_many_connections");
    gate.open();
    let answers = waiting.answers();
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert!(count(200) >= 1000, "{} were answered", count(200));
    valet.token("rogue").expect_status(200);
}

/// Connects to the socket and closes without a word, 15,000 times a second, until this is dropped. What fills
/// the system's queue of the socket as well would only show that queue.
struct Churn {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Churn {
    fn start(home: &Home) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (told, socket) = (Arc::clone(&over), home.socket());
        let thread = thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                (0..150).for_each(|_| drop(UnixStream::connect(&socket)));
                thread::sleep(Duration::from_millis(10));
            }
        });
        Self { over, thread: Some(thread) }
    }
}

impl Drop for Churn {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

#[test]
fn one_program_that_connects_and_closes_without_end_shuts_nobody_out() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let newcomer = Agent::new(&home, "newcomer");
    let descriptors = || std::fs::read_dir(format!("/proc/{}/fd", valet.id())).unwrap().count();
    let before = descriptors();
    let churn = Churn::start(&home);
    thread::sleep(Duration::from_millis(300));
    let rounds = dose(10, 100);
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        let (status, took) = timed(|| newcomer.status(ASK));
        assert_eq!(status, 200);
        let (_, again) = timed(|| valet.token("rogue").expect_status(200));
        slowest = slowest.max(took).max(again);
        let now = descriptors();
        assert!(now < before + 200, "{now} descriptors are open, {before} were");
    }
    figure(format!("amid 15000 connections a second, {} answers took at most {slowest:.0?}", 2 * rounds));
    at_once("the command line", || valet.cli(&["list"]).expect_code(0));
    drop(churn);
}

/// Connections to the callback server that say half of something, and the browser that comes after them.
#[track_caller]
fn half_open(oauth: &serde_json::Value, half: &[u8]) {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "oauth": oauth } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    let address = ("127.0.0.1", callback.port().unwrap());
    let _half: Vec<TcpStream> = (0..dose(400, 3000))
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            let _ = stream.write_all(half);
            stream
        })
        .collect();
    at_once("the browser", || curl(&["--insecure", callback.as_str()]).expect_status(200));
    valet.settles("rogue", "ready");
}

#[test]
fn half_open_connections_do_not_keep_the_browser_from_coming_back() {
    half_open(&json!({}), b"GET /callb");
}

#[test]
fn bodies_that_never_come_do_not_keep_the_browser_from_coming_back() {
    half_open(&json!({}), b"POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\n");
}

#[test]
fn half_a_handshake_does_not_keep_the_browser_from_coming_back() {
    let oauth = json!({ "clientId": "ours", "callbackPort": free_port(), "tls": true });
    half_open(&oauth, b"\x16\x03\x01\x02\x00");
}
