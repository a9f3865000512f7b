//! Signals of the keeper, as something to be waited for.

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags};
use std::io;

const ENDS: [Signal; 3] = [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP];

/// The end of a child, and being told to end.
pub(super) struct Signals(SignalFd);

/// What came.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) ends: bool,
}

impl Signals {
    pub(super) fn take() -> io::Result<Self> {
        let mut mask = SigSet::empty();
        mask.add(Signal::SIGCHLD);
        ENDS.iter().for_each(|signal| mask.add(*signal));
        mask.thread_block()?;
        Ok(Self(SignalFd::with_flags(&mask, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?))
    }

    pub(super) fn poll(&self) -> PollFd<'_> {
        PollFd::new(&self.0, PollFlags::IN)
    }

    pub(super) fn heard(&self) -> Heard {
        let mut heard = Heard::default();
        while let Ok(Some(signal)) = self.0.read_signal() {
            heard.ends |= ENDS.iter().any(|end| u32::try_from(*end as i32) == Ok(signal.ssi_signo));
        }
        heard
    }
}
