//! The number of the form in which something was written down. What says none is of the first.

use serde::Deserialize;

#[derive(Deserialize)]
struct Numbered {
    #[serde(default)]
    form: u64,
}

/// Whether a later version wrote this JSON object, in a form beyond the `newest` that is known here.
pub fn is_newer(text: &[u8], newest: u64) -> bool {
    serde_json::from_slice::<Numbered>(text).is_ok_and(|numbered| numbered.form > newest)
}

#[cfg(test)]
mod tests {
    use super::is_newer;

    #[test]
    fn a_form_is_newer_by_its_number_and_no_form_is_the_first() {
        for (text, newer) in [
            (r#"{"form":2,"x":1}"#, true),
            (r#"{"form":1}"#, false),
            (r#"{"access":"a"}"#, false),
            ("damaged", false),
        ] {
            assert_eq!(is_newer(text.as_bytes(), 1), newer, "{text}");
        }
    }
}
