//! `mcp-valet`: the valet's command line. It knows the socket and nothing behind it.

mod act;
mod audit;
mod authorize;
mod command;
mod connect;
mod doctor;
mod exec;
mod failure;
mod import;
mod print;
mod proposal;
mod revoke;

use clap::Parser;
use command::Options;
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let json = options.command.wants_json();
    let done =
        runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(command::run(options.command)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has gone away, as `head` does: nothing is wrong.
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message(json) {
                let _ = writeln!(io::stderr(), "{message}");
            }
            ExitCode::from(failure.exit())
        }
    }
}
