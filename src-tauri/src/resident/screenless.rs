//! The valet without a screen, where a program has this one started and there is no display: the session may
//! have ended, or not begun.

use crate::Failure;
use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

const PROGRAM: &str = "mcp-valetd";

/// Becomes it. It makes way for this one once the person starts that.
pub(crate) fn run() -> Failure {
    let program = match env::current_exe() {
        Ok(program) => program.with_file_name(PROGRAM),
        Err(error) => return Failure::new(error, ""),
    };
    let error = Command::new(&program).arg("--for-a-program").exec();
    Failure::new(format!("{} ({error})", program.display()), "")
}
