//! What every room stands on: time, causes, short names. No state.

pub mod cause;
pub mod clock;
pub mod fingerprint;
pub mod grace;
