//! A secret where the other side says it again: in a header, a challenge, the target of a redirect, the words
//! of an error. It is found in the forms in which it is read without being asked for, and text that holds it
//! is neither passed on nor kept.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use secret::Secret;

/// What stands where text was that held a secret.
const MASKED: &str = "[masked]";
/// How many times over a text may be encoded and is still read.
const LAYERS: usize = 4;
/// Of a secret that is shorter than this, the same text may well be something else.
const SHORTEST: usize = 6;
/// The same of a coded one, of which only a part is looked for.
const SHORTEST_CODED: usize = 12;

/// Finds secrets again. Copies of it share what it has made out.
#[derive(Clone, Default)]
pub struct Mask(Vec<Arc<Hidden>>);

/// Secrets that are looked for together. In which forms is made out once a text is long enough to hold one.
struct Hidden {
    secrets: Vec<Secret>,
    /// No form of any of them is shorter.
    shortest: usize,
    forms: OnceLock<Forms>,
}

/// The forms of the secrets.
struct Forms {
    plain: Vec<Zeroizing<Vec<u8>>>,
    /// In Base64, either alphabet, at each of the three places in a longer text; and as hexadecimal digits.
    coded: Vec<Zeroizing<Vec<u8>>>,
    hex: Vec<Zeroizing<Vec<u8>>>,
}

impl Forms {
    fn of(secrets: &[Secret]) -> Self {
        let mut forms = Self { plain: Vec::new(), coded: Vec::new(), hex: Vec::new() };
        secrets.iter().for_each(|secret| forms.learn(secret));
        forms
    }

    fn learn(&mut self, secret: &Secret) {
        let bytes = secret.expose().as_bytes();
        self.plain.push(Zeroizing::new(bytes.to_vec()));
        for skipped in 0..3 {
            self.coded.push(in_base64(bytes, skipped, &BASE64_STANDARD_NO_PAD));
            self.coded.push(in_base64(bytes, skipped, &BASE64_URL_SAFE_NO_PAD));
        }
        self.hex.push(in_hex(bytes));
    }

    fn is_in(&self, text: &[u8]) -> bool {
        let any = |forms: &[Zeroizing<Vec<u8>>], text: &[u8]| forms.iter().any(|form| holds(text, form));
        let may_be_hex = self.hex.iter().any(|form| form.len() <= text.len());
        any(&self.plain, text)
            || any(&self.coded, text)
            || (may_be_hex && any(&self.hex, &text.to_ascii_lowercase()))
    }
}

impl Hidden {
    fn is_in(&self, text: &[u8]) -> bool {
        text.len() >= self.shortest && self.forms.get_or_init(|| Forms::of(&self.secrets)).is_in(text)
    }
}

impl Mask {
    /// For these secrets.
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let is_long = |secret: &&Secret| secret.expose().len() >= SHORTEST;
        let secrets: Vec<Secret> = secrets.into_iter().filter(is_long).cloned().collect();
        let shortest = secrets.iter().map(|secret| shortest(secret.expose().len())).min();
        let hidden = shortest.map(|shortest| Hidden { secrets, shortest, forms: OnceLock::new() });
        Self(hidden.into_iter().map(Arc::new).collect())
    }

    /// For what each of these finds.
    pub fn all<'a>(masks: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for hidden in masks.into_iter().flat_map(|mask| &mask.0) {
            if !all.0.iter().any(|known| Arc::ptr_eq(known, hidden)) {
                all.0.push(Arc::clone(hidden));
            }
        }
        all
    }

    /// The secrets as a text may have them, for whoever looks for them piece by piece: as they are, as
    /// addresses write them, and coded. What is so short that it may be something else is left out.
    #[must_use]
    pub fn spellings(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let mut all: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        for hidden in &self.0 {
            let forms = hidden.forms.get_or_init(|| Forms::of(&hidden.secrets));
            all.extend(forms.plain.iter().cloned());
            all.extend(forms.plain.iter().flat_map(|plain| in_addresses(plain)));
            let coded = forms.coded.iter().chain(&forms.hex).filter(|form| form.len() >= SHORTEST_CODED);
            all.extend(coded.cloned());
            all.extend(forms.hex.iter().map(|form| Zeroizing::new(form.to_ascii_uppercase())));
        }
        all.sort_by(|one, other| one.as_slice().cmp(other.as_slice()));
        all.dedup();
        all
    }

    /// Whether a text holds one of the secrets.
    #[must_use]
    pub fn hides(&self, text: &[u8]) -> bool {
        let is_in = |text: &[u8]| self.0.iter().any(|hidden| hidden.is_in(text));
        let mut text = Cow::Borrowed(text);
        for _ in 0..LAYERS {
            if is_in(&text) {
                return true;
            }
            // What is encoded over and over is longer still.
            let Some(decoded) = decoded(&text) else { return false };
            text = Cow::Owned(decoded);
        }
        is_in(&text)
    }

    /// The headers without it. What a value said besides is not known to be harmless either.
    #[must_use]
    pub fn over(&self, headers: &HeaderMap) -> HeaderMap {
        let masked = |value: &HeaderValue| match self.hides(value.as_bytes()) {
            true => HeaderValue::from_static(MASKED),
            false => value.clone(),
        };
        headers.iter().map(|(name, value)| (name.clone(), masked(value))).collect()
    }

    /// A text that can be shown.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        if self.hides(text.as_bytes()) { MASKED } else { text }
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

/// As a query writes it (RFC 3986 §2.3), in capital letters or not.
fn in_addresses(text: &[u8]) -> [Zeroizing<Vec<u8>>; 2] {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let coded = |byte: &u8, is_capital: bool| match (plain(*byte), is_capital) {
        (true, _) => vec![*byte],
        (false, true) => format!("%{byte:02X}").into_bytes(),
        (false, false) => format!("%{byte:02x}").into_bytes(),
    };
    [true, false]
        .map(|is_capital| Zeroizing::new(text.iter().flat_map(|byte| coded(byte, is_capital)).collect()))
}

/// The length of the shortest form of a secret with so many bytes: in Base64 after two that belong to the
/// group before, or as it is.
fn shortest(length: usize) -> usize {
    (length.saturating_sub(2) / 3 * 4).min(length)
}

/// The part that does not depend on what stands beside it, where `skipped` bytes belong to the group before.
fn in_base64(bytes: &[u8], skipped: usize, alphabet: &impl Engine) -> Zeroizing<Vec<u8>> {
    let whole = bytes.get(skipped..).unwrap_or_default();
    let whole = whole.get(..whole.len() - whole.len() % 3).unwrap_or_default();
    Zeroizing::new(alphabet.encode(whole).into_bytes())
}

fn in_hex(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let digit = |half: u8| char::from_digit(half.into(), 16).map_or(0, |digit| digit as u8);
    Zeroizing::new(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

/// Without the codes of addresses (RFC 3986 §2.1), of JSON (RFC 8259 §7) and of texts in quotes (RFC 9110
/// §5.6.4); nothing where nothing is encoded.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'\\')) {
        return None;
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let (byte, digits) = match (*first, after.first()) {
            (b'%', _) => (number(after.get(..2)), 2),
            (b'\\', Some(b'u')) => (number(after.get(1..5)), 5),
            (b'\\', Some(escaped)) => (Some(*escaped), 1),
            _ => (None, 0),
        };
        decoded.push(byte.unwrap_or(*first));
        rest = after.get(byte.map_or(0, |_| digits)..).unwrap_or_default();
    }
    (decoded.len() < text.len()).then_some(decoded)
}

/// The byte that hexadecimal digits stand for.
fn number(digits: Option<&[u8]>) -> Option<u8> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    let number = digits?.iter().try_fold(0, |all, digit| Some(all * 16 + value(digit)?))?;
    u8::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};

    const TOKEN: &str = "secret/access+token~17";

    fn mask() -> Mask {
        Mask::of([&Secret::from(TOKEN.to_owned())])
    }

    #[test]
    fn every_form_of_a_token_is_found() {
        let encoded = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let hex: String = TOKEN.bytes().map(|byte| format!("{byte:02X}")).collect();
        for text in [
            format!("https://a.example/?t={TOKEN}&x=1"),
            "https://a.example/?t=secret%2Faccess%2btoken~17".to_owned(),
            r"secret\/access\u002Btoken~17".to_owned(),
            r"secret\\/access\\u002btoken\\u007e17".to_owned(),
            r#"error_description="secret\/access%2Btoken~17""#.to_owned(),
            format!("/{}", encoded.to_lowercase()),
            format!("/{}", encoded.replace('%', "%25")),
            format!("x{}", BASE64_STANDARD.encode(TOKEN)),
            BASE64_STANDARD.encode(format!("u:{TOKEN}")),
            BASE64_URL_SAFE.encode(format!("u2:{TOKEN}")),
            BASE64_STANDARD.encode(format!("{{\"t\":\"{TOKEN}\"}}")).replace('=', "%3D"),
            hex,
        ] {
            assert!(mask().hides(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn other_text_is_let_be() {
        for text in ["", "https://a.example/?t=secret", "100%", "c2VjcmV0", "%zz", r"\u00", r"\uzzzz\"] {
            assert!(!mask().hides(text.as_bytes()), "{text}");
        }
        assert!(!Mask::of([]).hides(TOKEN.as_bytes()));
    }
}
