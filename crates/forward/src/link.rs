//! A place that is led here for as long as it is wanted: begun again after sleep, and when the network was
//! away.

use crate::container::Known;
use crate::fault::Fault;
use crate::life::Life;
use crate::place::Place;
use ground::clock::Clock;
use jiff::SignedDuration;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::sync::{mpsc, watch};

/// How long the first pause between two tries is; each is twice as long as the one before.
const FIRST: Duration = Duration::from_secs(1);
/// How long a place has to be led here for the next pause to be the first again.
const LONG_LIFE: SignedDuration = SignedDuration::from_mins(1);
/// How long a pause is at most.
const LONGEST: Duration = Duration::from_mins(1);

/// How long to wait before another try. Whoever lets us in and hangs up at once is not rid of that.
struct Brake(Duration);

impl Brake {
    const fn new() -> Self {
        Self(FIRST)
    }

    /// The next pause.
    fn pause(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST);
        pause
    }

    fn lived(&mut self, time: SignedDuration) {
        if time >= LONG_LIFE {
            self.0 = FIRST;
        }
    }
}

/// How a place that is to be led here is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The socket there leads here.
    Open {
        /// Its path there.
        far: String,
    },
    /// It does not just now, and is tried again.
    Lost(Fault),
    /// It does no more.
    Ended(Fault),
}

/// How many connections were closed unheard, as they were of somebody else.
#[derive(Debug, Default)]
pub(crate) struct Refused(watch::Sender<u64>);

impl Refused {
    pub(crate) fn count(&self) {
        self.0.send_modify(|refused| *refused = refused.saturating_add(1));
    }

    pub(crate) fn told(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

/// Where connections are handed over, and those counted that are not.
pub(crate) struct Handed {
    pub(crate) streams: mpsc::Sender<UnixStream>,
    pub(crate) refused: Refused,
}

/// A place that is led here until this is dropped.
#[derive(Debug)]
pub struct Link {
    state: watch::Receiver<State>,
    streams: mpsc::Receiver<UnixStream>,
    refused: watch::Receiver<u64>,
    _wanted: mpsc::Sender<()>,
}

impl Link {
    /// Leads the socket of a place here. That of a host comes by one at `near` that nobody else can use.
    ///
    /// # Errors
    /// It cannot be reached, or does not let it be done.
    pub async fn open(place: Place, near: PathBuf, clock: Clock) -> Result<Self, Fault> {
        let first = Life::begin(&place, &near, None).await?;
        let (told, state) = watch::channel(State::Open { far: first.far().to_owned() });
        let (handing, streams) = mpsc::channel(1);
        let handed = Handed { streams: handing, refused: Refused::default() };
        let refused = handed.refused.told();
        let (wanted, unwanted) = mpsc::channel(1);
        let known = first.known().cloned();
        let keep = Keep { place, near, known, clock, told, handed };
        tokio::spawn(keep.on(first, unwanted));
        Ok(Self { state, streams, refused, _wanted: wanted })
    }

    /// How it is, now and after each change.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// How many connections were closed unheard so far: programs of this machine, or those outside of a
    /// container, tried to use what leads there.
    #[must_use]
    pub fn refused(&self) -> watch::Receiver<u64> {
        self.refused.clone()
    }

    /// The next connection that comes from there; nothing once it has ended.
    pub async fn next(&mut self) -> Option<UnixStream> {
        self.streams.recv().await
    }
}

/// What keeps a link.
struct Keep {
    place: Place,
    near: PathBuf,
    /// The container that it was from the first.
    known: Option<Known>,
    clock: Clock,
    told: watch::Sender<State>,
    handed: Handed,
}

impl Keep {
    async fn on(self, first: Life, mut unwanted: mpsc::Receiver<()>) {
        let (mut life, mut brake) = (first, Brake::new());
        loop {
            let begun = self.clock.now();
            let end = async {
                unwanted.recv().await;
            };
            let Some(fault) = life.live(&self.handed, end, &self.clock).await else { return };
            brake.lived(self.clock.now().duration_since(begun));
            if !fault.may_pass() {
                self.told.send_replace(State::Ended(fault));
                return;
            }
            let again = tokio::select! {
                again = self.again(fault, &mut brake) => again,
                _ = unwanted.recv() => return,
            };
            match again {
                Ok(again) => life = again,
                Err(fault) => {
                    self.told.send_replace(State::Ended(fault));
                    return;
                }
            }
        }
    }

    /// Tries until it is there again.
    async fn again(&self, mut fault: Fault, brake: &mut Brake) -> Result<Life, Fault> {
        loop {
            tracing::info!(place = %self.place, %fault, "a forward is tried again");
            self.told.send_replace(State::Lost(fault));
            self.clock.wait(brake.pause()).await;
            match Life::begin(&self.place, &self.near, self.known.as_ref()).await {
                Ok(life) => {
                    self.told.send_replace(State::Open { far: life.far().to_owned() });
                    return Ok(life);
                }
                Err(again) if !again.may_pass() => return Err(again),
                Err(again) => fault = again,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_hangs_up_at_once_is_tried_ever_more_seldom() {
        let mut brake = Brake::new();
        let pauses: Vec<u64> = (0..8)
            .map(|_| {
                brake.lived(SignedDuration::from_secs(2));
                brake.pause().as_secs()
            })
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        brake.lived(LONG_LIFE);
        assert_eq!(brake.pause(), FIRST);
    }
}
