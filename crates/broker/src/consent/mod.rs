//! What the person answered and how far it reaches. No I/O.

pub(crate) mod answer;
pub(crate) mod answers;
pub(crate) mod extent;
pub(crate) mod kin;
pub(crate) mod operation;
pub(crate) mod permit;
pub(crate) mod proposal;
pub(crate) mod question;
pub(crate) mod remembered;
pub(crate) mod session;
pub(crate) mod surfaces;
