//! How many instructions a run of the valet takes, as valgrind counts them.

use std::fs;
use std::process::{Command, Stdio};

use crate::{Home, Valet};

/// The kernel tells whoever asks it where the vDSO is, but valgrind has unmapped that. Who is told nothing
/// asks valgrind: `prctl(PR_GET_AUXV)` is an error in this program and those that it becomes.
const UNTOLD: &str = r#"
import ctypes, os, platform, struct, sys
prctl = {"x86_64": 157, "aarch64": 167}[platform.machine()]
GET_AUXV, EINVAL, ALLOW = 0x41555856, 0x00050016, 0x7fff0000
steps = [(0x20, 0, 0, 0), (0x15, 0, 3, prctl), (0x20, 0, 0, 16), (0x15, 0, 1, GET_AUXV), (6, 0, 0, EINVAL), (6, 0, 0, ALLOW)]
program = b"".join(struct.pack("HBBI", *step) for step in steps)
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Filter(len(steps), program)), 0, 0) == 0
os.execvp(sys.argv[1], sys.argv[1:])
"#;

/// Whether valgrind is there.
pub fn can_count() -> bool {
    let there = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    there.is_ok_and(|status| status.success())
}

/// The instructions of a whole run: starting, this, and ending.
pub fn instructions(home: &Home, run: impl FnOnce(&Valet<'_>)) -> u64 {
    let log = home.path().join("cachegrind.log");
    let log_to = format!("--log-file={}", log.display());
    let counting = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", &log_to];
    let valet = Valet::start_under(home, &[&["python3", "-c", UNTOLD, "valgrind"], &counting[..]].concat());
    run(&valet);
    valet.stop();
    let log = fs::read_to_string(log).unwrap();
    let count = log.lines().find_map(|line| line.split_once("refs:")).unwrap().1;
    count.trim().replace(',', "").parse().unwrap()
}
