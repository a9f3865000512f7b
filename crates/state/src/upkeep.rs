//! How it goes with getting new tokens for a server, without anybody signing in.

use crate::back_off::BackOff;
use crate::flight::Flight;
use jiff::Timestamp;
use wire::Problem;

/// First pauses, in seconds.
const AT_ONCE: i64 = 1;
const MINUTE: i64 = 60;

/// The request that is under way, and what came of those before.
#[derive(Debug, Default)]
pub struct Upkeep {
    flight: Option<Flight>,
    /// The issuer does not know our client; when it is asked again.
    back_off: Option<BackOff>,
    /// The server refused a token, and another was asked for; when that may be done again.
    spared: Option<BackOff>,
    /// The last trouble.
    problem: Option<Problem>,
}

impl Upkeep {
    /// The request that was last sent on its way, and whose end was not noted yet.
    pub const fn flight(&self) -> Option<&Flight> {
        self.flight.as_ref()
    }

    /// The same, for whoever wants its outcome: it is still to come.
    pub fn under_way(&self) -> Option<Flight> {
        self.flight.clone().filter(|flight| !flight.is_over())
    }

    /// A request is sent on its way.
    pub fn begin(&mut self, flight: Flight) {
        self.flight = Some(flight);
    }

    /// A request has ended, with this problem or well. That is no news once another is on its way.
    pub fn end(&mut self, flight: &Flight, problem: Option<Problem>) {
        if self.flight.as_ref().is_some_and(|own| own.is_same(flight)) {
            (self.flight, self.problem) = (None, problem);
        }
    }

    /// The issuer does not take our client. True if it had said so before.
    pub fn leave_alone(&mut self, problem: Problem, now: Timestamp) -> bool {
        let before = self.back_off.take();
        self.back_off = Some(BackOff::after(before.as_ref(), AT_ONCE, problem, now));
        before.is_some()
    }

    /// What the issuer said last, as long as it is not asked again.
    pub fn left_alone(&self, now: Timestamp) -> Option<&Problem> {
        self.back_off.as_ref().filter(|back_off| back_off.lasts(now)).map(|back_off| &back_off.problem)
    }

    /// The issuer may be asked at once.
    pub fn ask_again(&mut self) {
        self.back_off = None;
    }

    /// Another token is asked for because the server refused the last. A server that refuses every token is
    /// not to have the issuer asked with each request.
    pub fn spare(&mut self, problem: Problem, now: Timestamp) {
        if self.under_way().is_none() {
            self.spared = Some(BackOff::after(self.spared.as_ref(), MINUTE, problem, now));
        }
    }

    /// Whether a token that the server refused stays, since one was asked for because of that just now.
    pub fn is_spared(&self, now: Timestamp) -> bool {
        self.under_way().is_none() && self.spared.as_ref().is_some_and(|spared| spared.lasts(now))
    }

    /// The server takes its tokens.
    pub fn spare_no_more(&mut self) {
        self.spared = None;
    }

    /// The last trouble.
    pub const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// What went wrong is of no matter any more. A request that is under way stays.
    pub fn forget_trouble(&mut self) {
        (self.back_off, self.spared, self.problem) = (None, None, None);
    }
}
