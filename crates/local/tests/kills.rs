//! Whoever is killed, nothing is left of a program: neither what it forked away, nor what ignores every
//! signal.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{left, mark, none_left, rogue};
use rustix::process::{Pid, Signal, kill_process};
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tokio::task::JoinSet;

/// All kills in `make test-heavy`, a slice of them else.
fn kills() -> usize {
    let is_heavy = env::var_os("MCP_VALET_HEAVY").is_some_and(|wish| !wish.is_empty());
    if is_heavy { 200 } else { 9 }
}

/// A valet with one program: itself, the keeper, the program.
fn started(how: &str, mark: &str) -> (Child, [u32; 3]) {
    let program = rogue(how, mark);
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-valet"));
    command.arg(&program.command).args(program.args.iter().map(|arg| arg.as_os_str())).env_clear();
    command.envs(program.env.iter().map(|(name, value)| (name, value.as_os_str())));
    let mut valet = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(valet.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let numbers: Vec<u32> = line.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let all = [valet.id(), numbers[0], numbers[1]];
    (valet, all)
}

async fn killed(round: usize) {
    let mark = mark();
    let how = ["forks", "stubborn"][round % 2];
    let (mut valet, all) = {
        let mark = mark.clone();
        tokio::task::spawn_blocking(move || started(how, &mark)).await.unwrap()
    };
    let others: Vec<u32> = left(&mark).into_iter().filter(|pid| *pid != valet.id()).collect();
    assert!(others.contains(&all[2]), "{others:?}");
    let victim = Pid::from_raw(all[round % 3].try_into().unwrap()).unwrap();
    kill_process(victim, Signal::KILL).unwrap();
    if round.is_multiple_of(3) {
        valet.wait().unwrap();
        none_left(&mark).await;
        return;
    }
    common::none_left_but(&mark, &[valet.id()]).await;
    valet.kill().unwrap();
    valet.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_whoever_is_killed() {
    let mut work = JoinSet::new();
    for round in 0..kills() {
        if work.len() >= 6 {
            work.join_next().await.unwrap().unwrap();
        }
        work.spawn(killed(round));
    }
    while let Some(ended) = work.join_next().await {
        ended.unwrap();
    }
}
