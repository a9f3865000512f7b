//! `mcp-valet-tray`: the place of the desktop shell. It holds nothing yet but the name.

use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let _ = writeln!(
        io::stderr(),
        "mcp-valet-tray: the desktop app is not built yet\n  Start `mcp-valetd` in a terminal instead."
    );
    ExitCode::FAILURE
}
