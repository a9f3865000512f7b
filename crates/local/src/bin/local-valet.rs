//! A valet that has nothing but this crate, for its tests: keeps a program where it is told to, and else
//! begins a session with the program of its arguments and stays until it is killed.

#![allow(clippy::print_stdout, reason = "what started it waits for that")]

use ground::clock::Clock;
use http::{HeaderMap, Method};
use local::{Bounds, Fault, Keeper, Owner, Program, Request, Running, Word};
use std::env;
use std::process::ExitCode;

const BEGINS: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#;

fn main() -> ExitCode {
    if local::is_to_keep() {
        return local::keep();
    }
    let mut args = env::args_os().skip(1);
    let Some(command) = args.next() else { return ExitCode::FAILURE };
    let program = Program {
        command,
        args: args.map(Word::from).collect(),
        env: env::vars_os().map(|(name, value)| (name, value.into())).collect(),
        cwd: "/".into(),
        secrets: Vec::new(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    let ended: Result<(), Fault> = runtime.block_on(async {
        let running = Running::new(Bounds::default(), Keeper::ours("local-valet"), Clock::system());
        let owner = Owner { server: "s".into(), application: "a".into(), run: "1".into() };
        let request = Request { method: Method::POST, headers: HeaderMap::new(), body: BEGINS.into() };
        running.forward(&owner, request, || async { Ok::<_, Fault>(program) }).await?;
        for run in running.list() {
            println!("{} {}", run.keeper, run.pid.unwrap_or_default());
        }
        std::future::pending().await
    });
    drop(runtime);
    ended.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}
