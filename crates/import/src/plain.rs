//! Text from outside as a person may read it.

pub(crate) use ::plain::is_simple;
pub use ::plain::misleads;

/// What can be seen of a text, and no more than `most` letters.
pub(crate) fn seen(text: &str, most: usize) -> String {
    text.chars().filter(|c| !misleads(*c)).take(most).collect()
}
