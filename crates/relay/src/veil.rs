//! Secrets in the body of an answer, whichever of its pieces they come in: asterisks are written over them,
//! as many as they have bytes, so that nothing else moves.

use crate::spelled::{Spelled, spelled};
use bytes::{Bytes, BytesMut};
use memchr::{memchr, memchr2, memmem};
use std::sync::Arc;
use zeroize::Zeroizing;

/// What stands where a byte of a secret was. It means nothing in JSON, in Base64 and in events.
const OVER: u8 = b'*';

/// Texts that are looked for.
pub type Texts = Arc<[Zeroizing<Vec<u8>>]>;

/// Looks for texts in what passes, as they are and as JSON may spell them. What may be the beginning of one
/// is held until more has come.
pub struct Veil {
    texts: Texts,
    held: BytesMut,
}

impl Veil {
    /// For these texts, none of which is empty.
    #[must_use]
    pub fn over(texts: Texts) -> Self {
        Self { texts, held: BytesMut::new() }
    }

    /// What can pass once this piece has come.
    pub fn pass(&mut self, piece: Bytes) -> Bytes {
        if self.held.is_empty() && !self.is_in(&piece) && self.begins_at_end_of(&piece) == 0 {
            return piece;
        }
        self.held.extend_from_slice(&piece);
        self.cover();
        let rest = self.held.len() - self.begins_at_end_of(&self.held);
        self.held.split_to(rest).freeze()
    }

    /// What is left once nothing more comes.
    pub fn end(&mut self) -> Bytes {
        self.held.split().freeze()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    fn is_in(&self, piece: &[u8]) -> bool {
        self.texts.iter().any(|text| find(piece, text).is_some())
    }

    fn cover(&mut self) {
        for text in self.texts.iter() {
            let mut from = 0;
            while let Some((at, length)) = self.held.get(from..).and_then(|rest| find(rest, text)) {
                let found = from + at..from + at + length;
                from = found.end;
                if let Some(found) = self.held.get_mut(found) {
                    found.fill(OVER);
                }
            }
        }
    }

    /// How many bytes at the end of this are the beginning of a text, at most.
    fn begins_at_end_of(&self, piece: &[u8]) -> usize {
        self.texts.iter().map(|text| begins_at_end(piece, text)).max().unwrap_or(0)
    }
}

/// Where the first of a text is, and how long it is there.
fn find(piece: &[u8], text: &[u8]) -> Option<(usize, usize)> {
    let plain = memmem::find(piece, text).map(|at| (at, text.len()));
    let escaped = escaped_places(piece, text).find_map(|at| match spelled(text, piece.get(at..)?) {
        Spelled::Whole(length) => Some((at, length)),
        Spelled::Begun | Spelled::Not => None,
    });
    plain.into_iter().chain(escaped).min()
}

fn begins_at_end(piece: &[u8], text: &[u8]) -> usize {
    let longest = (text.len() - 1).min(piece.len());
    let begins = |length: &usize| text.starts_with(&piece[piece.len() - length..]);
    let plain = (1..=longest).rev().find(begins).unwrap_or(0);
    let begun = |at: &usize| piece.get(*at..).is_some_and(|rest| spelled(text, rest) == Spelled::Begun);
    let escaped = escaped_places(piece, text).find(begun).map_or(0, |at| piece.len() - at);
    plain.max(escaped)
}

/// Where a text may begin that is spelled in another way than it is: nowhere, where nothing is.
fn escaped_places<'p>(piece: &'p [u8], text: &[u8]) -> impl Iterator<Item = usize> + use<'p> {
    let first = text.first().copied().filter(|_| memchr(b'\\', piece).is_some());
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + memchr2(b'\\', first?, piece.get(from..)?)?;
        from = at + 1;
        Some(at)
    })
}

impl std::fmt::Debug for Veil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Veil")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil(texts: &[&str]) -> Veil {
        Veil::over(texts.iter().map(|text| Zeroizing::new(text.as_bytes().to_vec())).collect())
    }

    fn passed(texts: &[&str], pieces: &[&[u8]]) -> String {
        let mut veil = veil(texts);
        let mut all = Vec::new();
        for piece in pieces {
            all.extend_from_slice(&veil.pass(Bytes::copy_from_slice(piece)));
        }
        all.extend_from_slice(&veil.end());
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn however_it_is_cut_nothing_of_a_secret_passes_and_all_else_does() {
        let (whole, over) = (b"a secret-1 b secrets c secret-1" as &[u8], "a ******** b secrets c ********");
        for size in 1..=whole.len() {
            let pieces: Vec<&[u8]> = whole.chunks(size).collect();
            assert_eq!(passed(&["secret-1"], &pieces), over, "in pieces of {size}");
            assert_eq!(passed(&["secret-1", "t-1 b", "nothing"], &pieces), over, "in pieces of {size}");
        }
        assert_eq!(passed(&["aab"], &[b"aa", b"aab"]), "aa***");
        assert_eq!(passed(&[], &[b"a", b"b"]), "ab");
    }

    #[test]
    fn however_json_spells_it_nothing_of_a_secret_passes() {
        for said in [
            r"a/b+c&d-1",
            r"a\/b+c&d-1",
            r"a/b\u002Bc\u0026d-1",
            r"\u0061\u002f\u0062\u002b\u0063\u0026\u0064\u002d\u0031",
            r"a\\/b\\u002bc\\\\\\\u0026d-1",
        ] {
            let (whole, over) = (format!("{{\"t\":\"{said}\"}}"), "*".repeat(said.len()));
            for size in 1..=whole.len() {
                let pieces: Vec<&[u8]> = whole.as_bytes().chunks(size).collect();
                let passed = passed(&["a/b+c&d-1"], &pieces);
                assert_eq!(passed, format!("{{\"t\":\"{over}\"}}"), "{said} in pieces of {size}");
            }
        }
        assert_eq!(passed(&[r#"a\"b\\"#], &[br#"{"t":"a\\\"b\\\\"}"#]), r#"{"t":"**********"}"#);
        let other = r#"{"a":"a\nb\u0026 a\/b \\ a\"#;
        assert_eq!(passed(&["a/b+c&d-1"], &[other.as_bytes()]), other);
    }

    #[test]
    fn no_number_of_backslashes_is_held() {
        let mut veil = veil(&["secret"]);
        let many = vec![b'\\'; 100_000];
        let passed = veil.pass(Bytes::from(many.clone()));
        assert!(many.len() - passed.len() < 100, "{} are held", many.len() - passed.len());
    }

    #[test]
    fn what_begins_no_secret_is_not_held() {
        let mut veil = veil(&["secret"]);
        assert_eq!(veil.pass(Bytes::from_static(b"data: 1\n\n")), "data: 1\n\n");
        assert_eq!(veil.pass(Bytes::from_static(b"data: sec")), "data: ");
        assert!(!veil.is_empty());
        assert_eq!(veil.pass(Bytes::from_static(b"ond\n\n")), "second\n\n");
        assert!(veil.is_empty());
    }
}
