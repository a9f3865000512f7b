//! `mcp-valet-tray`: the valet on the desktop.
//!
//! Two processes of one program. The resident one holds tray, tokens and socket, and never opens a web view;
//! the window is a child that lives while it is open, and knows only what it asks for.

mod markup;
mod resident;
#[cfg(test)]
mod sample;
mod tray;
mod window;

use clap::Parser;
use std::alloc::System;
use std::io::{self, Write};
use std::process::ExitCode;
use zeroizing_alloc::ZeroAlloc;

/// What is freed is wiped. Our own secrets wipe themselves, but tokens also pass through buffers of
/// libraries.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Holds the credentials of your MCP servers and hands tokens to the programs you allow.
#[derive(Parser)]
#[command(name = "mcp-valet-tray", version)]
struct Options {
    /// Be the window of the valet that started this process.
    #[arg(long, hide = true)]
    window: bool,
    /// Start with the session: nobody asked for a window.
    #[arg(long, hide = true)]
    login: bool,
    /// A program has it started, and not the person.
    #[arg(long, hide = true)]
    for_a_program: bool,
}

/// Who started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    ByHand,
    /// The desktop, with its session.
    AtLogin,
    /// A program that asked for something while no valet ran.
    ForAProgram,
}

/// Why it ends, and what the person can do about it.
struct Failure {
    detail: String,
    advice: String,
}

fn main() -> ExitCode {
    // Before GTK looks for a display, and before anything has a thread.
    if local::is_to_keep() {
        return local::keep();
    }
    let ended = match Options::parse() {
        Options { window: true, .. } => window::run(),
        Options { login: true, .. } => resident::run(Start::AtLogin),
        Options { for_a_program: true, .. } => resident::run(Start::ForAProgram),
        Options { .. } => resident::run(Start::ByHand),
    };
    match ended {
        Ok(code) => code,
        Err(Failure { detail, advice }) => {
            let _ = writeln!(io::stderr(), "mcp-valet-tray: {detail}\n  {advice}");
            ExitCode::FAILURE
        }
    }
}

impl Failure {
    fn new(detail: impl ToString, advice: impl ToString) -> Self {
        Self { detail: detail.to_string(), advice: advice.to_string() }
    }
}

/// Pages and settings of the window. In one place, because each use would be a copy of them in the program.
fn context() -> tauri::Context {
    tauri::generate_context!()
}
