//! The messages of one language, and how they are told.

use crate::locale::{Locale, locale};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};
use unic_langid::LanguageIdentifier;

/// Something that a message is told: a text or a number.
pub type Value<'a> = FluentValue<'a>;

type Bundle = FluentBundle<FluentResource>;

/// The person's language.
static OURS: LazyLock<Language> = LazyLock::new(|| Language::of(locale().clone()));

/// The one that has every message, for what the person's leaves out.
static WHOLE: LazyLock<Language> = LazyLock::new(|| Language::of(Locale::of(|_| None)));

/// What stands between each three digits of a large number.
static BETWEEN: LazyLock<String> = LazyLock::new(|| said((NAMES, "name-between-digits"), []));

/// The file that says how names and numbers stand in sentences.
const NAMES: &str = "name";

/// The messages of one language. A file is read once something in it is said: most programs say little, and
/// that soon.
struct Language {
    locale: Locale,
    /// What stands before and behind a name.
    quotes: (String, String),
    files: HashMap<&'static str, File>,
}

struct File {
    text: &'static str,
    read: OnceLock<Bundle>,
}

impl Language {
    fn of(locale: Locale) -> Self {
        let file =
            |(name, text): &(&'static str, &'static str)| (*name, File { text, read: OnceLock::new() });
        let files: HashMap<_, _> = locale.files().iter().map(file).collect();
        let names = files.get(NAMES).map(|file| read(&locale, file.text));
        let told = FluentArgs::from_iter([("name", "\0")]);
        let quoted = names.and_then(|names| formatted(&names, "name-in-quotes", &told)).unwrap_or_default();
        let (open, close) = quoted.split_once('\0').unwrap_or(("\"", "\""));
        Self { quotes: (open.to_owned(), close.to_owned()), locale, files }
    }

    fn said(&self, (file, id): (&str, &str), told: &FluentArgs<'_>) -> Option<String> {
        let file = self.files.get(file)?;
        formatted(file.read.get_or_init(|| self.read(file.text)), id, told)
    }

    fn read(&self, text: &'static str) -> Bundle {
        let mut bundle = read(&self.locale, text);
        let (open, close) = self.quotes.clone();
        let _ = bundle.add_function("NAME", move |told, _| match told.first() {
            Some(FluentValue::String(name)) => plain::named_in(name, [&open, &close]).into(),
            Some(
                FluentValue::Number(_) | FluentValue::Custom(_) | FluentValue::None | FluentValue::Error,
            )
            | None => FluentValue::Error,
        });
        bundle
    }
}

fn read(locale: &Locale, text: &'static str) -> Bundle {
    let language: LanguageIdentifier = locale.language().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // The marks around what is filled in are for languages that are written from right to left. Here they
    // would be copied along, and shown by terminals and panels that do not know them; names from outside turn
    // no line (`plain`).
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(grouped(&number.as_string(), &BETWEEN)),
        FluentValue::String(_) | FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => None,
    }));
    if locale.is_marked() {
        bundle.set_transform(Some(marked));
    }
    // What has a mistake loses that message alone, and a test finds it.
    let file = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(rest, _)| rest);
    let _ = bundle.add_resource(file);
    bundle
}

fn formatted(bundle: &Bundle, id: &str, told: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    Some(bundle.format_pattern(pattern, Some(told), &mut Vec::new()).into_owned())
}

/// A message by its file and name, told this.
pub(crate) fn said<const N: usize>(message: (&str, &str), told: [(&'static str, Value<'_>); N]) -> String {
    let told: FluentArgs<'_> = told.into_iter().collect();
    let whole = || WHOLE.said(message, &told);
    OURS.said(message, &told).or_else(whole).unwrap_or_else(|| message.1.to_owned())
}

/// A whole number with its digits in groups of three.
fn grouped(number: &str, between: &str) -> String {
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut grouped = String::new();
    for (at, digit) in number.chars().enumerate() {
        if at > 0 && (number.len() - at).is_multiple_of(3) {
            grouped.push_str(between);
        }
        grouped.push(digit);
    }
    grouped
}

/// A text as the pseudo-locale has it: longer, and with marks that nobody types.
fn marked(text: &str) -> Cow<'_, str> {
    if text.trim().is_empty() { text.into() } else { format!("⟦{text}⟧").into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_have_their_digits_in_groups() {
        for (number, read) in
            [("7", "7"), ("999", "999"), ("1000", "1.000"), ("1234567", "1.234.567"), ("-5000", "-5000")]
        {
            assert_eq!(grouped(number, "."), read);
        }
    }
}
