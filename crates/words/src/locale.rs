//! Which language the person reads, as their environment says.

use std::env;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The pseudo-locale of Unicode (CLDR): English with marks, by which a text that is in no file shows itself.
const MARKED: &str = "en-XA";

/// A language, and the country whose dates and numbers go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    /// As the window's pages take it (BCP 47), such as `de-AT`.
    pub tag: String,
    /// One of those that there are files for.
    language: usize,
}

static HERE: LazyLock<Locale> = LazyLock::new(|| Locale::of(|name| env::var(name).ok()));

/// The person's own.
#[must_use]
pub fn locale() -> &'static Locale {
    &HERE
}

impl Locale {
    /// What an environment asks for: POSIX has one variable for all, one for what is read, and one for
    /// whatever has none (Base Definitions §8.2). Before them `LANGUAGE` lists several, the best one first,
    /// as GNU has it.
    pub(crate) fn of(environment: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| environment(name).filter(|value| !value.is_empty());
        let posix = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).unwrap_or_default();
        let listed = set(&"LANGUAGE").filter(|_| !is_posix(&posix)).unwrap_or_default();
        listed.split(':').chain([posix.as_str()]).find_map(Self::named).unwrap_or_else(Self::first)
    }

    /// English as the valet has always written it: the day before the month, and 24 hours.
    fn first() -> Self {
        Self { tag: "en-GB".to_owned(), language: 0 }
    }

    /// Such as `de_AT.UTF-8@euro`; nothing if there are no files for it.
    fn named(value: &str) -> Option<Self> {
        let name = value.split(['.', '@']).next().unwrap_or_default();
        let (language, country) = name.split_once('_').unwrap_or((name, ""));
        let at = LANGUAGES.iter().position(|(known, _)| *known == language)?;
        let is_country = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        let tag = if is_country { format!("{language}-{country}") } else { language.to_owned() };
        Some(Self { tag, language: at })
    }

    /// The files of messages by their names.
    pub(crate) fn files(&self) -> &'static [(&'static str, &'static str)] {
        LANGUAGES[self.language].1
    }

    pub(crate) fn language(&self) -> &'static str {
        LANGUAGES[self.language].0
    }

    pub(crate) fn is_marked(&self) -> bool {
        self.tag == MARKED
    }
}

/// Names of the locale that is none: no language is asked for.
fn is_posix(value: &str) -> bool {
    matches!(value.split('.').next(), None | Some("" | "C" | "POSIX"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(environment: &[(&str, &str)]) -> String {
        let value = |name: &str| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Locale::of(value).tag
    }

    #[test]
    fn the_environment_says_which_language_is_read() {
        assert_eq!(tag(&[("LANG", "de_DE.UTF-8")]), "de-DE");
        assert_eq!(tag(&[("LANG", "de_AT.UTF-8@euro")]), "de-AT");
        assert_eq!(tag(&[("LANG", "de")]), "de");
        assert_eq!(tag(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "de_CH")]), "de-CH");
        assert_eq!(tag(&[("LANG", "de_DE"), ("LC_ALL", "en_US.UTF-8")]), "en-US");
        assert_eq!(tag(&[("LANG", "de_DE"), ("LC_ALL", "")]), "de-DE");
    }

    #[test]
    fn of_several_languages_the_first_that_there_is_holds() {
        assert_eq!(tag(&[("LANG", "en_US.UTF-8"), ("LANGUAGE", "xx:de_CH:en")]), "de-CH");
        assert_eq!(tag(&[("LANG", "C.UTF-8"), ("LANGUAGE", "de")]), "en-GB");
    }

    #[test]
    fn whatever_is_not_known_is_english() {
        for value in ["", "C", "POSIX", "C.UTF-8", "xx_YY.UTF-8", "../../de", "de\u{202e}"] {
            assert_eq!(tag(&[("LANG", value)]), "en-GB", "{value}");
        }
        assert_eq!(tag(&[("LANG", "de_../..")]), "de");
        assert_eq!(tag(&[]), "en-GB");
    }
}
