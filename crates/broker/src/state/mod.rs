//! What is true of each server, between one moment and the next. No I/O.

pub(crate) mod added;
pub(crate) mod attempt;
pub(crate) mod audience;
mod back_off;
pub(crate) mod book;
pub(crate) mod cookies;
pub(crate) mod deed;
pub(crate) mod flight;
pub(crate) mod held;
pub(crate) mod item;
pub(crate) mod kept;
pub(crate) mod lock;
pub(crate) mod look_alike;
pub(crate) mod meant;
pub(crate) mod not_now;
pub(crate) mod record;
pub(crate) mod server;
mod shown;
pub(crate) mod shut;
pub(crate) mod sign_ins;
pub(crate) mod thing;
pub(crate) mod upkeep;
pub(crate) mod vault_notice;
pub(crate) mod waiting;
pub(crate) mod ways;
pub(crate) mod wish;
