//! A token that is held.

use crate::peers::{Peer, Pizauth};
use crate::socket::{Door, answered, half, request};
use crate::table::{Table, contender};
use mcp_valet_tests::{Home, Process, Rogue, Valet};
use std::iter;
use std::process::{Command, Stdio};

const TIMES: usize = 4_000;
const CLIENTS: usize = 64;
/// What bare axum costs that keeps the processor as long as the valet does for one request: the part of a
/// figure that is the system's, which wakes such a one on another processor.
const AS_LONG: &str = "bare axum, as long";

pub(crate) fn measure(table: &mut Table) {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.token_lifetime(Some(9_000));
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start_quiet(&home);
    valet.sign_in("rogue");
    let request = request("rogue");
    let socket = home.socket();
    let (all, body) = answered(&socket, &request);
    let (echo, answer) = (Peer::echo(&home, body), Peer::answer(&home, all));
    let ours = Door::new(&socket, &request);
    let bare = Door::new(&echo.socket, &request);
    let least = Door { socket: &answer.socket, request: &request, answer: all };
    let all = [valet.id(), echo.id(), std::process::id()];
    pin(&all, "0");
    let kept = || vec![contender("valet", || ours.kept(TIMES)), contender("bare axum", || bare.kept(TIMES))];
    table.compare("held token, kept connection, on one processor, p50", "µs", "≤ 1.25", kept());
    // Those that are asked before it counts as well.
    let asked = TIMES + TIMES / 10;
    let longer = cost(valet.id(), asked, || ours.kept(TIMES)) - cost(echo.id(), asked, || bare.kept(TIMES));
    pin(&all, "0-1023");
    let as_long = Peer::as_long(&home, body, longer);
    let long = Door::new(&as_long.socket, &request);
    let other = contender(AS_LONG, || long.kept(TIMES));
    table.compare(
        "held token, kept connection, p50",
        "µs",
        "≤ 1.25",
        kept().into_iter().chain([other]).collect(),
    );
    let pizauth = Pizauth::there(&home);
    let started = pizauth.as_ref().map(|pizauth| pizauth.start(&home));
    let anew = || {
        let pizauth = pizauth
            .iter()
            .map(|pizauth| contender("pizauth", move || half(TIMES, || pizauth.ask().unwrap())));
        let ours = iter::once(contender("valet", || ours.anew(TIMES)));
        let others = [
            contender("bare answer", || least.anew(TIMES)),
            contender("bare axum", || bare.anew(TIMES)),
            contender(AS_LONG, || long.anew(TIMES)),
        ];
        ours.chain(pizauth).chain(others).collect()
    };
    let others = [answer.id(), as_long.id()].into_iter().chain(started.iter().map(Process::id));
    let all: Vec<u32> = all.into_iter().chain(others).collect();
    pin(&all, "0");
    table.compare("held token, new connection, on one processor, p50", "µs", "≤ 1.3", anew());
    pin(&all, "0-1023");
    table.compare("held token, new connection, p50", "µs", "≤ 1.3", anew());
    table.compare(
        "held token, 64 clients",
        "/s",
        "≥ 0.7",
        vec![
            contender("valet", || ours.crowd(CLIENTS, 8 * TIMES)),
            contender("bare axum", || bare.crowd(CLIENTS, 8 * TIMES)),
        ],
    );
    table.compare(
        "held token, 64 clients, processor",
        "µs each",
        "≤ 1.4",
        vec![
            contender("valet", || cost(valet.id(), 4 * TIMES, || ours.crowd(CLIENTS, 4 * TIMES))),
            contender("bare axum", || cost(echo.id(), 4 * TIMES, || bare.crowd(CLIENTS, 4 * TIMES))),
        ],
    );
}

/// Has all threads of these processes run on these processors alone: where a thread runs that was woken is
/// luck, and makes more of a difference than most else.
fn pin(processes: &[u32], processors: &str) {
    for process in processes {
        let mut taskset = Command::new("taskset");
        taskset.args(["--all-tasks", "--cpu-list", "--pid", processors, &process.to_string()]);
        assert!(taskset.stdout(Stdio::null()).status().unwrap().success());
    }
}

/// Microseconds of a processor that a process takes for each of so many requests.
fn cost(process: u32, requests: usize, run: impl FnOnce() -> f64) -> f64 {
    let before = on_processor(process);
    run();
    (on_processor(process) - before) / requests as f64
}

/// Microseconds that a process has had so far.
fn on_processor(process: u32) -> f64 {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let of = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    tasks.filter_map(|task| of(task.ok()?)).sum::<f64>() / 1e3
}
