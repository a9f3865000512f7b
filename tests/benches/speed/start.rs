//! From the start to the first answer.

use crate::peers::{self, Pizauth};
use crate::table::{Table, contender};
use mcp_valet_tests::{Home, program};
use std::io::{Read, Write};
use std::iter;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

const TIMES: usize = 15;

pub(crate) fn measure(table: &mut Table) {
    let home = listing(1);
    let bare = home.runtime().join("bare.sock");
    let ours = || started(&mut home.command(program("mcp-valetd")), || health(&home.socket()));
    let beside = || {
        let _ = std::fs::remove_file(&bare);
        started(&mut peers::echo(&home, &bare), || health(&bare))
    };
    let pizauth = Pizauth::there(&home);
    let pizauth = pizauth.iter().map(|pizauth| {
        let start = || {
            let _ = std::fs::remove_file(&pizauth.socket);
            started(&mut pizauth.command(&home), || pizauth.ask())
        };
        contender("pizauth", move || typical(start))
    });
    let ours = iter::once(contender("valet", || typical(ours)));
    let bare = iter::once(contender("bare axum", || typical(beside)));
    let all = ours.chain(pizauth).chain(bare).collect();
    table.compare("start to first answer, 1 server", "ms", "≤ pizauth", all);
    for (servers, aim) in [(1_000, "≤ 50 ms"), (10_000, "≤ 50 ms")] {
        let work = format!("start to first answer, {servers} servers");
        if !table.wants(&work) {
            continue;
        }
        let home = listing(servers);
        let start = || started(&mut home.command(program("mcp-valetd")), || health(&home.socket()));
        // The first run writes down what it knows of the servers, and the others read it.
        table.row(&format!("{work}, first run"), &format!("{:.1} ms", start()), "", "–", aim);
        table.alone(&work, "ms", aim, start);
    }
}

/// A home that lists so many servers.
fn listing(servers: usize) -> Home {
    let (home, names) = (Home::new(), names(servers));
    let listed: Vec<(&str, &str)> = names.iter().map(|(name, url)| (name.as_str(), url.as_str())).collect();
    home.lists(&listed, "memory");
    home
}

/// So many servers that nobody has signed in to.
pub(crate) fn names(servers: usize) -> Vec<(String, String)> {
    let one = |number: usize| (format!("server-{number}"), format!("https://server-{number}.example/mcp"));
    (0..servers).map(one).collect()
}

fn typical(start: impl Fn() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..TIMES).map(|_| start()).collect();
    all.sort_by(f64::total_cmp);
    all[TIMES / 2]
}

/// Milliseconds.
fn started(command: &mut Command, answer: impl Fn() -> Option<()>) -> f64 {
    let begun = Instant::now();
    let mut started = command.env("MCP_VALET_LOG", "off").spawn().unwrap();
    while answer().is_none() {
        sleep(Duration::from_micros(50));
    }
    let taken = begun.elapsed();
    started.kill().unwrap();
    started.wait().unwrap();
    taken.as_secs_f64() * 1e3
}

fn health(socket: &Path) -> Option<()> {
    let mut stream = UnixStream::connect(socket).ok()?;
    stream.write_all(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n").ok()?;
    stream.read_exact(&mut [0; 12]).ok()
}
