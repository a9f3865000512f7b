//! A program file.

use crate::plain::plain;
use rustix::process::Pid;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

const MAX_NAME: usize = 60;
const MAX_PATH: usize = 400;

/// Shells, interpreters, runners and couriers.
const OTHERS: &[&str] = &[
    "ash",
    "bash",
    "bun",
    "busybox",
    "curl",
    "dash",
    "deno",
    "env",
    "fish",
    "java",
    "ksh",
    "lua",
    "mcp-valet",
    "node",
    "nodejs",
    "npx",
    "perl",
    "php",
    "pwsh",
    "python",
    "ruby",
    "sh",
    "socat",
    "sudo",
    "tclsh",
    "uv",
    "uvx",
    "wget",
    "zsh",
];

/// A program file, known by device and inode: a path can be given to another file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Executable {
    device: u64,
    inode: u64,
    path: PathBuf,
}

impl Executable {
    pub(super) fn of(pid: Pid) -> io::Result<Self> {
        let link = format!("/proc/{}/exe", pid.as_raw_nonzero());
        let meta = fs::metadata(&link)?;
        Ok(Self { device: meta.dev(), inode: meta.ino(), path: fs::read_link(&link)? })
    }

    /// The path at which the program was started, as a person can read it.
    pub(crate) fn path(&self) -> String {
        plain(&self.path.to_string_lossy(), MAX_PATH)
    }

    /// Whether it does what others tell it: a "yes" to it is a "yes" to all of them.
    pub(crate) fn stands_for_others(&self) -> bool {
        let name = self.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        // An interpreter may bear its version.
        let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || ".-".contains(c));
        OTHERS.contains(&plain)
    }

    /// The program's file name, as a person can read it.
    pub(crate) fn name(&self) -> String {
        plain(&self.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default(), MAX_NAME)
    }
}
