//! Errors among the causes of another.

use std::error::Error;
use std::io;

/// The error of type `E` among the causes. `std::io::Error` hides the one it wraps.
pub(crate) fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => cause(wrapped),
        None => cause(error.source()?),
    }
}
