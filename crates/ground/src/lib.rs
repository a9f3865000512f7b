//! What every room stands on: time, causes, short names, numbers of forms, locks in their order, memory.
//! No state.

pub mod cause;
pub mod clock;
pub mod fingerprint;
pub mod grace;
pub mod memory;
pub mod ranked;
pub mod stored_form;
