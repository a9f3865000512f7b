//! `mcp-valet`: the valet's command line. It knows the socket and nothing behind it.

mod act;
mod adopt;
mod audit;
mod authorize;
mod backup;
mod command;
mod connect;
mod doctor;
mod door;
mod exec;
mod failure;
mod forward;
mod help;
mod import;
mod key;
#[cfg(test)]
mod pages;
mod print;
mod proposal;
mod revoke;
mod rules;
mod secret;
mod setup;
mod start;
mod usage;

use clap::Parser;
use command::Options;
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(error) => return usage::explained(&error),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let json = options.command.wants_json();
    let done = runtime.map_err(Failure::from).and_then(|runtime| {
        let done = runtime.block_on(command::run(options.command));
        // A thread may still wait for a valet that is to start.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has gone away, as `head` does: nothing is wrong.
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => tell(&failure, json),
    }
}

fn tell(failure: &Failure, json: bool) -> ExitCode {
    if let Some(message) = failure.message(json) {
        let _ = writeln!(io::stderr(), "{message}");
    }
    ExitCode::from(failure.exit())
}
