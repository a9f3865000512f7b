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

/// The kernel tells whoever asks it where the vDSO is, but valgrind has unmapped that. Who is told nothing asks
/// valgrind: `prctl(PR_GET_AUXV)` is an error in this program and those that it becomes.
const UNTOLD: &str = r#"
import ctypes, os, platform, struct, sys
prctl = {"x86_64": 157, "aarch64": 167}[platform.machine()]
GET_AUXV, EINVAL, ALLOW = 0x41555856, 0x00050016, 0x7fff0000
steps = [(0x20, 0, 0, 0), (0x15, 0, 3, prctl), (0x20, 0, 0, 16), (0x15, 0, 1, GET_AUXV), (6, 0, 0, EINVAL), (6, 0, 0, ALLOW)]
program = b"".join(struct.pack("HBBI", *step) for step in steps)
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Filter(len(steps), program)), 0, 0) == 0
os.execvp(sys.argv[1], sys.argv[1:])
"#;

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
    let log = home.path().join("cachegrind.log");
    let log_to = format!("--log-file={}", log.display());
    let counting = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", &log_to];
    let valet = Valet::start_under(&home, &[&["python3", "-c", UNTOLD, "valgrind"], &counting[..]].concat());
    valet.sign_in("rogue");
    hand_out(&home, WARM_UP + rounds);
    valet.stop();
    let log = fs::read_to_string(log).unwrap();
    let count = log.lines().find_map(|line| line.split_once("refs:")).unwrap().1;
    count.trim().replace(',', "").parse().unwrap()
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
