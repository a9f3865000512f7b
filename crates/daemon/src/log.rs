//! The log: to the terminal, and to a file that a person can send.

use broker::Paths;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::MakeWriterExt;

/// A log larger than this begins anew; the one before is kept beside it.
const LARGEST: u64 = 4 << 20;

/// Starts logging at the level of `MCP_VALET_LOG`, or of the messages that a person should see. Where the file cannot be
/// written, the terminal alone has it.
pub(crate) fn start(paths: &Paths) {
    let filter = EnvFilter::try_from_env("MCP_VALET_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let plain = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_target(false);
    match open(paths) {
        Ok(file) => plain.with_writer(Arc::new(file).and(io::stderr)).init(),
        Err(_) => plain.with_writer(io::stderr).init(),
    }
}

fn open(paths: &Paths) -> io::Result<File> {
    let path = paths.log();
    if fs::metadata(&path).is_ok_and(|meta| meta.len() > LARGEST) {
        fs::rename(&path, path.with_extension("old"))?;
    }
    fs::create_dir_all(&paths.state)?;
    File::options().create(true).append(true).mode(0o600).open(&path)
}
