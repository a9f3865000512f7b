//! How many instructions the valet takes for a token that is held, as valgrind counts them.
//!
//! Times say more about the machine than about the program; this number hardly differs between two runs. What
//! starting, signing in and ending take is the same in both and falls out.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers, which may stop at the first surprise"
)]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use mcp_valet_tests::{Home, Rogue, Valet};

const WARM_UP: u64 = 300;
const ROUNDS: u64 = 2_000;
const BODY: &str = r#"{"server":"rogue"}"#;

fn main() {
    let there = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        println!("NOT MEASURED: instructions of a hand-out. valgrind is missing.");
        return;
    }
    let (few, many) = (counted(ROUNDS), counted(2 * ROUNDS));
    println!("{} instructions for each token that is held", (many - few) / ROUNDS);
}

/// The instructions of a whole run with so many hand-outs.
fn counted(rounds: u64) -> u64 {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let out = home.path().join("callgrind");
    let log = out.with_extension("log");
    let [out, log] = [("callgrind-out-file", &out), ("log-file", &log)]
        .map(|(option, path)| format!("--{option}={}", path.display()));
    let valet = Valet::start_under(&home, &["valgrind", "--tool=callgrind", &out, &log]);
    valet.sign_in("rogue");
    hand_out(&home, WARM_UP + rounds);
    valet.stop();
    let log = fs::read_to_string(home.path().join("callgrind.log")).unwrap();
    let count = log.lines().find_map(|line| line.split_once("Collected : ")).unwrap().1;
    count.trim().parse().unwrap()
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
