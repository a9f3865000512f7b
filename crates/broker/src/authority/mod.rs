//! What each of the two authorities may do.

pub(crate) mod add;
mod added;
pub(crate) mod adopt;
pub(crate) mod agent;
pub(crate) mod client;
pub(crate) mod discover;
pub(crate) mod doctor;
pub(crate) mod door;
mod edit;
mod examine_key;
mod forgotten;
pub(crate) mod forward;
pub(crate) mod itself;
mod key;
pub(crate) mod looks;
pub(crate) mod other_programs;
pub(crate) mod person;
pub(crate) mod proposal;
mod returning;
mod rules;
pub(crate) mod setup;
