//! What the operating system says of where the person is.

use super::{logind, screensaver};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use tokio::sync::mpsc::Sender;

/// Who says so, by the name that only it can own.
pub type Signaller = &'static str;

/// Something that happened to the computer or its screen.
#[derive(Debug)]
pub enum Event {
    /// The screen was locked.
    ScreenLocked(Signaller),
    /// The screen was unlocked.
    ScreenUnlocked(Signaller),
    /// The computer is about to sleep, which this puts off, where it can be put off, until it is dropped.
    Asleep(Option<Delay>),
    /// It woke up.
    Awake,
}

/// Holds the computer back from sleeping as long as it lives.
#[derive(Debug)]
pub struct Delay(#[expect(dead_code, reason = "what counts is when it is closed")] pub(super) OwnedFd);

/// What follows a source for as long as there is one.
pub type Following = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One place where the operating system says such things. Where it is missing, there are no events, and
/// nothing else is wrong.
pub trait SignalSource {
    /// Tells of what happens until there is nobody to tell.
    fn follow(self: Box<Self>, events: Sender<Event>) -> Following;
}

/// The sources of this system.
pub fn all() -> Vec<Box<dyn SignalSource>> {
    if cfg!(target_os = "linux") {
        vec![Box::new(logind::Logind), Box::new(screensaver::ScreenSavers)]
    } else {
        Vec::new()
    }
}
