//! When a program has had its time.

use super::Talk;
use crate::bounds::Bounds;
use crate::fault::Fault;
use std::time::{Duration, Instant};

/// How long a program may take to say what it is (MCP 2026-07-28), before it is taken for one that wants a
/// handshake.
const WHAT_IT_IS: Duration = Duration::from_secs(30);

/// How long one stays that wants a handshake, and that nobody has begun one with.
const SPARE: Duration = Duration::from_secs(30);

/// What follows.
#[derive(Debug)]
pub(crate) enum Due {
    /// It is over, for this.
    Over(Fault),
    /// It is to be looked at again then, at the latest.
    At(Instant),
}

impl Talk {
    pub(crate) fn due(&self, bounds: &Bounds) -> Due {
        let now = Instant::now();
        let mut state = self.state();
        let asked_what = self.began + WHAT_IT_IS;
        if state.is_asked_what_it_is() && now >= asked_what {
            state.refuse_discovery();
        }
        let seconds = |time: Duration| time.as_secs();
        let is_asked = state.waiting.values().any(|waiting| !waiting.stays);
        let idle = match (&state.session, state.has_listened, state.is_before) {
            (Some(_), false, _) => bounds.session,
            // Whoever asked begins with a handshake now, or never.
            (None, _, true) => bounds.idle.min(SPARE),
            (..) => bounds.idle,
        };
        let used_at = state.asked_at.max(state.heard_at);
        let (first, wrong) = (state.has_answered, state.wrong.first.clone());
        let (start, silence) = (self.began + bounds.start, used_at + bounds.silence);
        let is_open = state.is_open();
        drop(state);
        if is_asked && !first && now >= start {
            let lines = self.lines();
            return Due::Over(match wrong {
                Some(said) => Fault::NoJson { said, lines },
                None => Fault::Slow { seconds: seconds(bounds.start), lines },
            });
        }
        if is_asked && now >= silence {
            return Due::Over(Fault::Silent { seconds: seconds(bounds.silence), lines: self.lines() });
        }
        if !is_open && now >= used_at + idle {
            return Due::Over(Fault::NoSession);
        }
        let soon = [start, silence, used_at + idle, asked_what].into_iter().filter(|at| *at > now).min();
        let again = now + bounds.silence.min(idle).min(if first { idle } else { bounds.start });
        Due::At(soon.unwrap_or(again).min(again))
    }
}
