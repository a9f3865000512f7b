//! How much a test does: a smoke slice in `make test`, all of it in `make test-heavy`, which sets
//! `MCP_VALET_HEAVY`.

use std::env;
use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::Write as _;

/// The first in `make test`, the second in `make test-heavy`.
pub fn dose<T>(smoke: T, heavy: T) -> T {
    if env::var_os("MCP_VALET_HEAVY").is_some_and(|wish| !wish.is_empty()) { heavy } else { smoke }
}

/// Writes a figure down for `docs/measured`, where `make test-heavy` asks for it in `MCP_VALET_FIGURES`.
pub fn figure(text: impl Display) {
    let Some(path) = env::var_os("MCP_VALET_FIGURES") else { return };
    // One write: tests that run at the same time share the file.
    let line = format!("{text}\n");
    OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(line.as_bytes()).unwrap();
}
