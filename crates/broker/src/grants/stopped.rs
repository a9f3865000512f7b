//! What a way to a grant that goes no further leaves behind.

use oauth::Fault;
use state::attempt::Attempt;
use wire::Problem;

/// The state that it ends in, and what the asker is told.
pub(crate) struct Stopped(Box<(Attempt, Problem)>);

impl Stopped {
    pub(crate) fn new(attempt: Attempt, problem: Problem) -> Self {
        Self(Box::new((attempt, problem)))
    }

    pub(crate) fn into_parts(self) -> (Attempt, Problem) {
        *self.0
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::new(Attempt::ended_in(problem.clone()), problem)
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        problems::fault(&fault).into()
    }
}

impl From<Stopped> for Problem {
    fn from(stopped: Stopped) -> Self {
        stopped.into_parts().1
    }
}
