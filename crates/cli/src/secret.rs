//! Secrets that a person gives to a command: typed where nobody reads along, or on standard input. On the
//! command line every program of this machine could read them.

use crate::failure::Failure;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{self, BufRead, IsTerminal, Read, Write};
use tokio::signal::unix::{Signal, SignalKind, signal};
use words::say;

/// Most bytes of one.
const LONGEST: u64 = 16 << 10;

/// A secret from standard input; nothing where there is none.
pub(crate) fn piped() -> io::Result<Option<String>> {
    let mut secret = String::new();
    io::stdin().take(LONGEST).read_to_string(&mut secret)?;
    Ok(without_end(&secret))
}

/// A secret that is typed after `prompt`, or comes by standard input where that is no terminal.
pub(crate) async fn typed(prompt: &str) -> Result<Option<String>, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(piped()?);
    }
    // Heard before anything is hidden: one that came in between would end this and leave it so.
    let mut ends = Ends::heard()?;
    let Some(hidden) = Hidden::begin() else {
        return Err(Failure::Usage(say!(cli_key_seen), say!(cli_key_seen_advice)));
    };
    let mut terminal = io::stderr();
    write!(terminal, "{prompt} ")?;
    terminal.flush()?;
    let line = tokio::select! {
        line = tokio::task::spawn_blocking(read_line) => line.map_err(io::Error::other)?,
        exit = ends.one() => Err(exit),
    };
    drop(hidden);
    writeln!(terminal)?;
    Ok(without_end(&line?))
}

fn read_line() -> Result<String, Failure> {
    let mut line = String::new();
    io::stdin().lock().take(LONGEST).read_line(&mut line)?;
    Ok(line)
}

/// The signals that would end this: nobody would make the terminal show again what is typed.
struct Ends([(SignalKind, Signal); 4]);

impl Ends {
    fn heard() -> io::Result<Self> {
        let heard = |kind| Ok::<_, io::Error>((kind, signal(kind)?));
        Ok(Self([
            heard(SignalKind::interrupt())?,
            heard(SignalKind::quit())?,
            heard(SignalKind::terminate())?,
            heard(SignalKind::hangup())?,
        ]))
    }

    /// Waits for one, and answers as what this ends.
    async fn one(&mut self) -> Failure {
        let Self([interrupt, quit, terminate, hang_up]) = self;
        let kind = tokio::select! {
            _ = interrupt.1.recv() => interrupt.0,
            _ = quit.1.recv() => quit.0,
            _ = terminate.1.recv() => terminate.0,
            _ = hang_up.1.recv() => hang_up.0,
        };
        // As shells tell it.
        Failure::Said(u8::try_from(128 + kind.as_raw_value()).unwrap_or(1))
    }
}

fn without_end(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['\r', '\n']);
    (!text.is_empty()).then(|| text.to_owned())
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden(Termios);

impl Hidden {
    /// `None` where the terminal refuses.
    fn begin() -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden).ok()?;
        Some(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.0);
    }
}
