//! What the person answered and how far it reaches. No I/O.

pub mod about;
pub mod answer;
pub mod answers;
pub mod entry;
pub mod extent;
mod kin;
pub mod operation;
pub mod permit;
pub mod proposal;
pub mod question;
pub mod remembered;
pub mod session;
pub mod start;
pub mod subject;
pub mod surfaces;
