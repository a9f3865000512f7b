//! What a person reads, in their language: messages by name, from one set of files for the valet, its command
//! line and its window.
//!
//! [`say!`] takes the name of a message and what it is told. A name that is not there, or something left out,
//! does not compile: a type is made of each message, and its documentation is how it reads in English.

mod bundle;
mod locale;

pub use bundle::Value;
pub use locale::{Locale, locale};

/// A message for each one in `en/valet`, with what it is told.
#[allow(
    non_camel_case_types,
    missing_docs,
    rustdoc::bare_urls,
    reason = "names and texts are those of the files"
)]
pub mod message {
    use crate::bundle::{Value, said};
    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// What the window's pages know of their messages, as TypeScript.
#[cfg(test)]
const WINDOW: &str = include_str!(concat!(env!("OUT_DIR"), "/messages.ts"));

/// A message in the person's language, such as `say!(tray_more_questions, count = 3)`.
///
/// ```
/// assert_eq!(words::say!(tray_quit), "Quit");
/// ```
#[macro_export]
macro_rules! say {
    ($id:ident $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::message::$id { $($name: ($value).into()),* }.said()
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use std::path::Path;
    use std::{env, fs};

    /// Set to write the file anew, as for the types of the socket.
    const WRITE: &str = "MCP_VALET_WRITE_TYPES";

    #[test]
    fn the_pages_know_the_messages() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/messages.ts");
        if env::var_os(WRITE).is_some() {
            fs::write(&path, crate::WINDOW).unwrap();
        }
        let written = fs::read_to_string(path).unwrap_or_default();
        assert!(written == crate::WINDOW, "ui/src/lib/messages.ts is stale: run `make types`");
    }
}
