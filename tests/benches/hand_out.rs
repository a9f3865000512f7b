//! What a cached hand-out costs, as a ratio to a bare echo over a Unix socket in the same run.
//!
//! Absolute times say more about the machine than about the program; the ratio can be compared.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers, which may stop at the first surprise"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Home, Rogue, Valet};

const WARM_UP: usize = 500;
const ROUNDS: usize = 5_000;
const BODY: &str = r#"{"server":"rogue"}"#;

fn main() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let request = format!(
        "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let answer = exchange(&mut BufReader::new(UnixStream::connect(home.socket()).unwrap()), &request);
    let echo = home.socket().with_file_name("echo.sock");
    echo_with(&echo, request.len(), answer);
    println!("an answer has {answer} bytes; medians of {ROUNDS} rounds");
    compare(
        "kept alive",
        || kept_alive(&echo, &request, answer),
        || kept_alive(&home.socket(), &request, answer),
    );
    compare("new connection", || anew(&echo, &request, answer), || anew(&home.socket(), &request, answer));
}

fn compare(what: &str, echo: impl Fn() -> Duration, valet: impl Fn() -> Duration) {
    let (echo, valet) = (echo(), valet());
    let ratio = valet.as_secs_f64() / echo.as_secs_f64();
    println!("{what:16} echo {echo:>10.1?}   hand-out {valet:>10.1?}   ratio {ratio:.2}");
}

fn kept_alive(socket: &Path, request: &str, answer: usize) -> Duration {
    let mut stream = UnixStream::connect(socket).unwrap();
    let mut bytes = vec![0; answer];
    median(|| {
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_exact(&mut bytes).unwrap();
    })
}

fn anew(socket: &Path, request: &str, answer: usize) -> Duration {
    let mut bytes = vec![0; answer];
    median(|| {
        let mut stream = UnixStream::connect(socket).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_exact(&mut bytes).unwrap();
    })
}

fn median(mut round: impl FnMut()) -> Duration {
    (0..WARM_UP).for_each(|_| round());
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            round();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

/// One request and the size of its whole answer.
fn exchange(stream: &mut BufReader<UnixStream>, request: &str) -> usize {
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let (mut head, mut length) = (0, 0);
    loop {
        let mut line = String::new();
        head += stream.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head + length
}

/// Answers each `request` bytes with `answer` bytes, and does nothing else.
fn echo_with(socket: &Path, request: usize, answer: usize) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut asked, answered) = (vec![0; request], vec![b'x'; answer]);
            while stream.read_exact(&mut asked).is_ok() && stream.write_all(&answered).is_ok() {}
        }
    });
}
