//! What the person's login shell has in `PATH`: what they installed by a version manager is found only there.

use super::Keeper;
use crate::process::kept::{Kept, Streams};
use crate::process::{Line, Lines};
use crate::program::{Program, Word};
use jiff::{SignedDuration, Timestamp};
use std::env;
use std::ffi::OsString;
use std::time::Duration;
use tokio::time::timeout;

/// What comes before it, whatever else the shell's files print.
const MARK: &str = "mcp-valet-path:";
/// How long a shell may take to begin.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of a line.
const LONGEST: usize = 64 << 10;
/// What it is told of this process.
const TOLD: [&str; 6] = ["HOME", "USER", "LOGNAME", "LANG", "PATH", "XDG_RUNTIME_DIR"];

/// How soon one that did not say it is asked again: every program that is started waits for the answer.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// What the shell said, and when it was asked.
#[derive(Default)]
pub(super) struct LoginPath(tokio::sync::Mutex<(Option<OsString>, Option<Timestamp>)>);

impl LoginPath {
    /// What it said, once it was asked; nothing if it did not say it.
    pub(super) async fn by(&self, keeper: &Keeper, now: Timestamp) -> Option<OsString> {
        let mut known = self.0.lock().await;
        let (path, asked) = &mut *known;
        // A clock that was set back is no reason to wait any longer.
        let is_due =
            asked.is_none_or(|asked| !(SignedDuration::ZERO..AGAIN).contains(&now.duration_since(asked)));
        if path.is_none() && is_due {
            *path = ask(keeper).await;
            *asked = Some(now);
        }
        path.clone()
    }
}

async fn ask(keeper: &Keeper) -> Option<OsString> {
    let shell = env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or("/bin/sh".into());
    let variable = |name: &str| env::var_os(name).map(|value| (OsString::from(name), Word::from(value)));
    let mut told: Vec<(OsString, Word)> = TOLD.iter().filter_map(|name| variable(name)).collect();
    told.extend([("SHELL".into(), Word::from(shell.clone())), ("TERM".into(), Word::from("dumb"))]);
    // Shells quote and join lists in ways of their own; what they start sees the same in all of them.
    let asks = format!("echo; echo {MARK}; printenv PATH");
    let program = Program {
        command: shell,
        args: ["-i", "-l", "-c", &asks].map(Word::from).to_vec(),
        env: told,
        cwd: env::var_os("HOME").unwrap_or("/".into()).into(),
        secrets: Vec::new(),
    };
    let (kept, streams) = Kept::start(keeper, &program, |_| {}).await.ok()?;
    let said = timeout(PATIENCE, said(streams)).await.ok().flatten();
    // Its files may have started something that stays.
    tokio::spawn(kept.end());
    said
}

async fn said(streams: Streams) -> Option<OsString> {
    drop(streams.input);
    // What it says there would have it wait, if nobody took it.
    tokio::spawn(async move {
        let mut errors = streams.errors;
        tokio::io::copy(&mut errors, &mut tokio::io::sink()).await
    });
    let mut lines = Lines::of(streams.output);
    let mut is_next = false;
    loop {
        match lines.next(LONGEST).await.ok()? {
            Line::Whole(line) if is_next => {
                let path = str::from_utf8(line.trim_ascii()).ok()?.to_owned();
                return Some(path.into()).filter(|path: &OsString| !path.is_empty());
            }
            Line::Whole(line) => is_next = line.trim_ascii() == MARK.as_bytes(),
            Line::Long => drop(lines.cut()),
            Line::Over => return None,
        }
    }
}
