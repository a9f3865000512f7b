//! Why a server gave no answer.

use super::body::BoxError;
use crate::fault::{Fault, Kind};
use words::say;

/// Interim answers (RFC 9110 §15.2) to one request.
pub(super) const INTERIM: usize = 32;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{}", say!(fault_answer_interim, most = INTERIM))]
    Interim,
    #[error("{}", say!(fault_answer_no_connection))]
    Connection(#[source] BoxError),
    #[error("the exchange broke off")]
    Broken(#[from] hyper::Error),
}

/// The connection could not be opened in time.
#[derive(Debug, thiserror::Error)]
#[error("the connection could not be opened in time")]
pub(crate) struct TooLate;

impl Failure {
    /// Whether no connection was made, so that nothing was sent.
    pub(super) const fn is_connect(&self) -> bool {
        matches!(self, Self::Connection(_))
    }
}

/// A request without an answer.
pub(crate) struct Lost {
    /// Nobody can have received it.
    pub(crate) never_sent: bool,
    pub(crate) fault: Fault,
}

impl Lost {
    /// Whether the connection ended under it.
    pub(super) fn is_cut_off(&self) -> bool {
        !self.never_sent && matches!(self.fault.kind(), Kind::Unreachable { .. })
    }
}
