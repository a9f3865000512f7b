//! States of sign-ins that nothing waits for any more: a page that is opened twice, or comes too late, is
//! told from a foreign one.

use ground::fingerprint::fingerprint;
use std::collections::VecDeque;

/// How many are remembered.
const REMEMBERED: usize = 256;

/// What became of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// The browser came back with it.
    Used,
    /// It was not waited for any longer: the person did not want it, or the valet was locked.
    GivenUp,
}

/// The states that were spent, by their marks, the newest last.
#[derive(Debug, Default)]
pub struct SpentStates(VecDeque<(String, Spent)>);

impl SpentStates {
    /// Remembers what became of a state.
    pub fn note(&mut self, state: &str, spent: Spent) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((fingerprint(&[state]), spent));
    }

    /// What became of a state, if it was one of ours.
    pub fn of(&self, state: &str) -> Option<Spent> {
        let mark = fingerprint(&[state]);
        self.0.iter().find(|(known, _)| *known == mark).map(|(_, spent)| *spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_them_keeps_the_newest_alone() {
        let mut spent = SpentStates::default();
        spent.note("first", Spent::Used);
        (0..REMEMBERED).for_each(|number| spent.note(&number.to_string(), Spent::GivenUp));
        assert_eq!((spent.of("first"), spent.of("255")), (None, Some(Spent::GivenUp)));
        assert_eq!(spent.0.len(), REMEMBERED);
    }
}
