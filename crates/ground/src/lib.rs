//! What every room stands on: time, causes, short names, locks in their order. No state.

pub mod cause;
pub mod clock;
pub mod fingerprint;
pub mod grace;
pub mod ranked;
