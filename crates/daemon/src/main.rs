//! `mcp-valetd`: the valet without a screen. Started in a terminal, it asks its questions there.

mod account;
mod call;
mod command;
mod detach;
mod errand;
mod files;
mod fleet;
mod lines;
mod notes;
mod passphrase;
mod prompt;
mod question;
mod screen;
mod terminal;
mod typed;
mod wishes;
mod work;

use broker::{Instance, Paths, Quit, StartError, StartedBy};
use clap::Parser;
use rustix::process::getpgrp;
use rustix::termios::tcgetpgrp;
use std::alloc::System;
use std::io::{self, IsTerminal, Write};
use std::pin::pin;
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
    /// A program has it started, and not the person.
    #[arg(long, hide = true)]
    for_a_program: bool,
    /// Start another one in a session of its own, for a program.
    #[arg(long, hide = true)]
    detach: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Machines that share a vault on etcd.
    Fleet {
        #[command(subcommand)]
        deed: fleet::Deed,
    },
}

fn main() -> ExitCode {
    if local::is_to_keep() {
        return local::keep();
    }
    let options = Options::parse();
    if options.detach {
        return detach::run().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    if let Some(Command::Fleet { deed }) = options.command {
        return fleet::run(deed);
    }
    // What takes long or waits for a disk has threads of its own. Two for the rest would pass each call to
    // and fro.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let started = runtime.map_err(StartError::from).and_then(|runtime| {
        let started = runtime.block_on(serve(&options));
        // A thread may still be stuck in a keychain that hangs, or in a terminal that is read.
        runtime.shutdown_background();
        started
    });
    match started {
        Ok(()) => ExitCode::SUCCESS,
        // What the program wanted is there already, or is not to be.
        Err(StartError::Running | StartError::Quit) if options.for_a_program => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("not started: {error}");
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
    let by = if options.for_a_program { StartedBy::Program } else { StartedBy::Person };
    let instance = Instance::take(paths, by)?.sharing(Box::new(fleet::open));
    let quit = instance.quit();
    let mut ending = pin!(Ending::come());
    let (running, person) = tokio::select! {
        started = broker::run(instance, terminal::Terminal { asks }) => started?,
        ending = &mut ending => return ending.map(|ending| ending.note(&quit)).map_err(StartError::from),
    };
    let vault = broker::vault_in_words(person.vault());
    tracing::info!("listening at {}; secrets are kept in {vault}", socket.display());
    let asking = if asks {
        Some(tokio::spawn(terminal::ask(person)))
    } else {
        person.without_surface();
        None
    };
    ending.await?.note(&quit);
    if let Some(asking) = asking {
        asking.abort();
    }
    running.end().await;
    Ok(())
}

/// In the background of a terminal nothing can be read from it: trying would stop the whole process.
fn can_ask(options: &Options) -> bool {
    let foreground = || tcgetpgrp(io::stdin()).is_ok_and(|group| group == getpgrp());
    !options.no_questions
        && !options.for_a_program
        && io::stdin().is_terminal()
        && io::stderr().is_terminal()
        && foreground()
}

/// What ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Ctrl-C, where there is a terminal.
    Typed,
    /// The system, or the end of the terminal.
    Told,
}

impl Ending {
    /// Waits for it.
    async fn come() -> io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| Self::Typed),
            _ = terminate.recv() => Ok(Self::Told),
            _ = hang_up.recv() => Ok(Self::Told),
        }
    }

    /// Writes down that the person quit, if they did.
    fn note(self, quit: &Quit) {
        if self == Self::Typed && io::stdin().is_terminal() {
            quit.note();
        }
    }
}
