//! Whether anything grows while the valet works on: memory, descriptors, threads, latencies. `MCP_VALET_SOAK`
//! says for how many minutes.
//!
//! What goes on meanwhile is everyday work: tokens by kept and by new connections, calls through the proxy in
//! sessions that are ended or left, streams that are hung up on, refreshes, and the command line.

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

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use client::{CALL, Client, Way};
use mcp_valet_tests::{Home, Rogue, Valet};
use table::Table;

/// How long each kind of work pauses between two of its rounds.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a token is good for: each is renewed again and again.
const LIFETIME: i64 = 70;
/// What may be resident at the end beyond what was when everything had happened once.
const MORE_KIB: u64 = 4 << 10;
/// The same of descriptors and threads: those of work that is under way.
const MORE: usize = 16;

/// One look at the valet.
struct Look {
    minute: u64,
    resident: u64,
    descriptors: usize,
    threads: usize,
    tokens: usize,
    middle: Duration,
    last: Duration,
}

fn main() {
    let minutes: u64 = std::env::var("MCP_VALET_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.token_lifetime(Some(LIFETIME));
    let bare = format!("http://{}/mcp", server::start(&rogue.origin()));
    home.lists(&[("rogue", &rogue.mcp()), ("bare", &bare)], "memory");
    let valet = Valet::start_quiet(&home);
    valet.sign_in("rogue");
    valet.sign_in("bare");

    let (over, times) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let socket = home.socket();
    let work: [Box<dyn FnMut() + Send>; 4] = [
        kept(&socket, Arc::clone(&times)),
        anew(&socket, Arc::clone(&times)),
        sessions(&socket),
        hung_up(&socket),
    ];
    let workers = work.map(|mut round| {
        let over = Arc::clone(&over);
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                round();
                sleep(PAUSE);
            }
        })
    });
    let mut looks = Vec::new();
    for minute in 1..=minutes {
        let ends = Instant::now() + Duration::from_mins(1);
        while Instant::now() < ends {
            home.cli(&["list"]).expect_code(0);
            sleep(Duration::from_secs(2));
        }
        let look = look(&valet, minute, std::mem::take(&mut *times.lock().unwrap()));
        println!("minute {minute}: {}, {} refreshes", look.said(), rogue.refreshes());
        looks.push(look);
    }
    over.store(true, Ordering::Relaxed);
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    keep(&looks, rogue.refreshes());
    judge(&looks);
}

impl Look {
    fn said(&self) -> String {
        let Self { resident, descriptors, threads, tokens, middle, last, .. } = self;
        let resident = resident / 1024;
        format!(
            "{resident} MiB, {descriptors} descriptors, {threads} threads, {tokens} tokens, p50 {middle:?}, p99 {last:?}"
        )
    }
}

fn look(valet: &Valet<'_>, minute: u64, mut times: Vec<Duration>) -> Look {
    let of = |folder: &str| fs::read_dir(format!("/proc/{}/{folder}", valet.id())).unwrap().count();
    times.sort_unstable();
    Look {
        minute,
        resident: valet.memory(),
        descriptors: of("fd"),
        threads: of("task"),
        tokens: times.len(),
        middle: times[times.len() / 2],
        last: times[times.len() * 99 / 100],
    }
}

/// Ten looks over the whole time.
fn keep(looks: &[Look], refreshes: usize) {
    let mut table = Table::of_one_run("Soak", "one run; written by `make soak`");
    let every = looks.len().div_ceil(10).max(1);
    for (_, look) in looks.iter().enumerate().filter(|(at, _)| *at == 0 || (at + 1).is_multiple_of(every)) {
        table.row(&format!("after {} min", look.minute), &look.said(), "", "–", "no growth");
    }
    table.row("refreshes meanwhile", &refreshes.to_string(), "", "–", "–");
    table.keep("soak.md");
}

/// What has happened once is measured from the first tenth on.
fn judge(looks: &[Look]) {
    let (first, last) = (&looks[looks.len() / 10], &looks[looks.len() - 1]);
    assert!(last.resident <= first.resident + MORE_KIB, "memory grows: {} → {}", first.said(), last.said());
    assert!(last.descriptors <= first.descriptors + MORE, "descriptors: {} → {}", first.said(), last.said());
    assert!(last.threads <= first.threads + MORE, "threads: {} → {}", first.said(), last.said());
}

const TOKEN: &str = "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                     Content-Length: 18\r\n\r\n{\"server\":\"rogue\"}";

/// Asks for a token, and reads the answer to its end.
fn token(stream: &mut BufReader<UnixStream>) -> Duration {
    let begun = Instant::now();
    stream.get_mut().write_all(TOKEN.as_bytes()).unwrap();
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    assert!(body.windows(14).any(|part| part == b"\"access_token\""), "{}", String::from_utf8_lossy(&body));
    begun.elapsed()
}

fn connected(socket: &Path) -> BufReader<UnixStream> {
    BufReader::new(UnixStream::connect(socket).unwrap())
}

fn kept(socket: &Path, times: Arc<Mutex<Vec<Duration>>>) -> Box<dyn FnMut() + Send> {
    let mut stream = connected(socket);
    Box::new(move || times.lock().unwrap().push(token(&mut stream)))
}

fn anew(socket: &Path, times: Arc<Mutex<Vec<Duration>>>) -> Box<dyn FnMut() + Send> {
    let socket = socket.to_owned();
    Box::new(move || {
        let took = token(&mut connected(&socket));
        times.lock().unwrap().push(took);
    })
}

/// Sessions of a few calls through the proxy, which nobody ends.
fn sessions(socket: &Path) -> Box<dyn FnMut() + Send> {
    let (way, runtime) = (Way::Proxy(socket.to_owned()), runtime());
    Box::new(move || {
        runtime.block_on(async {
            let session = Client::connect(&way).await.session().await;
            let mut client = Client::connect(&way).await.within(&session);
            for _ in 0..5 {
                client.ask(CALL).await;
            }
        });
    })
}

/// Streams of events that nobody reads to their end.
fn hung_up(socket: &Path) -> Box<dyn FnMut() + Send> {
    let socket = socket.to_owned();
    Box::new(move || {
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.write_all(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut some = [0; 64];
        assert_ne!(stream.read(&mut some).unwrap(), 0, "no stream");
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
