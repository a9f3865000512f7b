//! The pages of the window that this process leads to.

use broker::wire::Errand;
use broker::{Page, Raise};

/// A page that the person asked for just now.
pub(crate) fn asked(path: impl Into<String>) -> Page {
    Page { path: path.into(), activation_token: None, raise: Raise::Asked }
}

/// A page that comes up by itself, or for what may have been a click of the person's.
pub(crate) fn quietly(path: impl Into<String>) -> Page {
    Page { raise: Raise::Quietly, ..asked(path) }
}

/// Where a server is.
pub(crate) fn server(name: &str) -> String {
    format!("/servers/{}", segment(name))
}

/// Where a question is.
pub(crate) fn question(id: u64) -> String {
    format!("/questions/{id}")
}

/// Where what a program asks for is begun.
pub(crate) fn of(errand: Option<&Errand>) -> String {
    match errand {
        None => "/".to_owned(),
        Some(Errand::BackUp(file)) => format!("/backup/{}", segment(file)),
        Some(Errand::Restore(file)) => format!("/restore/{}", segment(file)),
    }
}

fn segment(text: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}
