//! What the operating system says of where the person is.

use super::{logind, screensaver};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use tokio::sync::mpsc::Sender;

/// Who says so, by the name that only it can own.
pub(crate) type Origin = &'static str;

/// Something that happened to the computer or its screen.
#[derive(Debug)]
pub(crate) enum Event {
    ScreenLocked(Origin),
    ScreenUnlocked(Origin),
    /// The computer is about to sleep, which this puts off, where it can be put off, until it is dropped.
    Asleep(#[expect(dead_code, reason = "what counts is when it is dropped")] Option<Delay>),
    Awake,
}

/// Holds the computer back from sleeping as long as it lives.
#[derive(Debug)]
pub(crate) struct Delay(#[expect(dead_code, reason = "what counts is when it is closed")] pub(crate) OwnedFd);

/// What follows a source for as long as there is one.
pub(crate) type Following = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One place where the operating system says such things. Where it is missing, there are no events, and
/// nothing else is wrong.
pub(crate) trait Source {
    fn follow(self: Box<Self>, events: Sender<Event>) -> Following;
}

/// The sources of this system.
pub(crate) fn all() -> Vec<Box<dyn Source>> {
    if cfg!(target_os = "linux") {
        vec![Box::new(logind::Logind), Box::new(screensaver::ScreenSavers)]
    } else {
        Vec::new()
    }
}
