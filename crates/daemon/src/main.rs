//! `mcp-valetd`: the valet without a screen. Started in a terminal, it asks its questions there.

mod command;
mod lines;
mod notes;
mod passphrase;
mod prompt;
mod question;
mod screen;
mod terminal;
mod work;

use broker::{Instance, Paths, StartError};
use clap::Parser;
use rustix::process::getpgrp;
use rustix::termios::tcgetpgrp;
use std::alloc::System;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use zeroizing_alloc::ZeroAlloc;

/// What is freed is wiped. Our own secrets wipe themselves, but tokens also pass through buffers of
/// libraries.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Holds the credentials of your MCP servers and hands tokens to the programs you allow.
#[derive(Parser)]
#[command(name = "mcp-valetd", version)]
struct Options {
    /// Ask no questions, even in a terminal.
    #[arg(long)]
    no_questions: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let started = runtime.map_err(StartError::from).and_then(|runtime| {
        let started = runtime.block_on(serve(&options));
        // A thread may still be stuck in a keychain that hangs, or in a terminal that is read.
        runtime.shutdown_background();
        started
    });
    match started {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "mcp-valetd: {error}\n  {}", error.advice());
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: &Options) -> Result<(), StartError> {
    let paths = Paths::from_env()?;
    journal::start(&paths);
    let socket = paths.socket.clone();
    let asks = can_ask(options);
    let (running, person) = broker::run(Instance::take(paths)?, terminal::Terminal { asks }).await?;
    let vault = broker::vault_in_words(person.view().borrow().vault);
    tracing::info!("listening at {}; secrets are kept in {vault}", socket.display());
    let asking = if asks {
        Some(tokio::spawn(terminal::ask(person)))
    } else {
        person.without_surface();
        None
    };
    wait_for_the_end().await?;
    if let Some(asking) = asking {
        asking.abort();
    }
    running.end().await;
    Ok(())
}

/// In the background of a terminal nothing can be read from it: trying would stop the whole process.
fn can_ask(options: &Options) -> bool {
    let foreground = || tcgetpgrp(io::stdin()).is_ok_and(|group| group == getpgrp());
    !options.no_questions && io::stdin().is_terminal() && io::stderr().is_terminal() && foreground()
}

async fn wait_for_the_end() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
        _ = hang_up.recv() => Ok(()),
    }
}
