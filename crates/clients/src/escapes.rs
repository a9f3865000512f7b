//! How a secret is written where signs of it are escaped: enough to write it so once more. Of what it is that
//! tells signs that a letter is enough for, such as a slash, and where they are.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What signs are escaped by a letter, in any of the formats.
const LETTERS: [(char, char); 12] = [
    ('"', '"'),
    ('/', '/'),
    ('\\', '\\'),
    ('0', '\0'),
    ('a', '\u{7}'),
    ('b', '\u{8}'),
    ('e', '\u{1b}'),
    ('f', '\u{c}'),
    ('n', '\n'),
    ('r', '\r'),
    ('t', '\t'),
    ('v', '\u{b}'),
];

/// Which signs of a secret are escaped, by their numbers, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escapes(Vec<(usize, Escape)>);

/// How a sign is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Escape {
    /// By a letter: `\n`, `\/`.
    Letter(char),
    /// By its number: `\x2b`, `\u002B`, `\U0000002b`.
    Number { letter: char, is_upper: bool },
    /// As two of it.
    Twice,
}

impl Escapes {
    /// How the secret is written where it first is in a text with anything of it escaped.
    pub(crate) fn of(text: &str, secret: &str) -> Option<Self> {
        let mut rest = text;
        loop {
            if let Some(found) = at_begin(rest, secret).filter(|found| !found.0.is_empty()) {
                return Some(found);
            }
            let mut signs = rest.chars();
            // The sign behind is a part of this escape.
            if signs.next()? == '\\' {
                signs.next()?;
            }
            rest = signs.as_str();
        }
    }

    /// A secret so written; nothing where it is none that can be.
    pub(crate) fn written(&self, secret: &str) -> Option<Zeroizing<String>> {
        let mut written = Zeroizing::new(String::with_capacity(secret.len() * 2));
        let mut escapes = self.0.iter().peekable();
        for (number, sign) in secret.chars().enumerate() {
            match escapes.next_if(|(at, _)| *at == number) {
                Some((_, escape)) => written.push_str(&escape.written(sign)?),
                None => written.push(sign),
            }
        }
        escapes.next().is_none().then_some(written)
    }
}

/// How the secret is written where a text begins with it.
fn at_begin(text: &str, secret: &str) -> Option<Escapes> {
    let (mut rest, mut all) = (text, Vec::new());
    for (number, sign) in secret.chars().enumerate() {
        let escape = Escape::of(rest, sign);
        rest = match escape {
            Some(escape) => rest.strip_prefix(escape.written(sign)?.as_str())?,
            None => rest.strip_prefix(sign).filter(|_| sign != '\\')?,
        };
        all.extend(escape.map(|escape| (number, escape)));
    }
    Some(Escapes(all))
}

impl Escape {
    /// How this sign is escaped where a text begins with it.
    fn of(text: &str, sign: char) -> Option<Self> {
        let escaped = text.strip_prefix('\\');
        let letters =
            LETTERS.iter().filter(|(_, meant)| *meant == sign).map(|(letter, _)| Self::Letter(*letter));
        let numbers = ['x', 'u', 'U']
            .into_iter()
            .flat_map(|letter| [false, true].map(|is_upper| Self::Number { letter, is_upper }));
        let mut all =
            letters.chain(numbers).filter(|_| escaped.is_some()).chain((sign == '\'').then_some(Self::Twice));
        all.find(|escape| escape.written(sign).is_some_and(|written| text.starts_with(written.as_str())))
    }

    /// The sign so escaped.
    fn written(self, sign: char) -> Option<Zeroizing<String>> {
        let number = u32::from(sign);
        let written = match self {
            Self::Letter(letter) => LETTERS.contains(&(letter, sign)).then(|| format!("\\{letter}"))?,
            Self::Twice => format!("{sign}{sign}"),
            Self::Number { letter: 'x', is_upper } if number <= 0xff => digits('x', number, 2, is_upper),
            Self::Number { letter: 'u', is_upper } => {
                let mut halves = [0; 2];
                let halves = sign.encode_utf16(&mut halves).iter();
                halves.map(|half| digits('u', (*half).into(), 4, is_upper)).collect()
            }
            Self::Number { letter: 'U', is_upper } => digits('U', number, 8, is_upper),
            Self::Number { .. } => return None,
        };
        Some(Zeroizing::new(written))
    }
}

fn digits(letter: char, number: u32, length: usize, is_upper: bool) -> String {
    match is_upper {
        true => format!("\\{letter}{number:0length$X}"),
        false => format!("\\{letter}{number:0length$x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_again_as_it_was_and_what_is_kept_does_not_tell_it() {
        for (text, written, secret) in [
            (r#""a\/b""#, r"a\/b", "a/b"),
            (r#""k\u002Bk\u002b\ud83d\uDE00""#, "", "k+k+😀"),
            (r#""k\u002Bk\u002b\ud83d\ude00""#, r"k\u002Bk\u002b\ud83d\ude00", "k+k+😀"),
            (r#""\x73k\U0000002D1""#, r"\x73k\U0000002D1", "sk-1"),
            ("'it''s'", "it''s", "it's"),
            (r#""a\\\"b\t""#, r#"a\\\"b\t"#, "a\\\"b\t"),
            (r#""\\u0041b""#, "", "Ab"),
            ("\"Ab\"", "", "Ab"),
        ] {
            let found = Escapes::of(text, secret);
            let again = found.as_ref().and_then(|found| found.written(secret));
            assert_eq!(again.as_deref().map_or("", String::as_str), written, "{text}");
            let kept = serde_json::to_string(&found).unwrap();
            assert!(!kept.contains(secret), "{kept}");
        }
        let found = Escapes::of(r#""\u0073k-1""#, "sk-1").unwrap();
        assert_eq!(found.written("other").unwrap().as_str(), r"\u006fther");
        assert_eq!(Escapes::of(r#""a\/b""#, "a/b").unwrap().written("ab"), None);
    }
}
