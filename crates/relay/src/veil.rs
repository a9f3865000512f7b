//! Secrets in the body of an answer, whichever of its pieces they come in: asterisks are written over them,
//! as many as they have bytes, so that nothing else moves.

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use zeroize::Zeroizing;

/// What stands where a byte of a secret was. It means nothing in JSON, in Base64 and in events.
const OVER: u8 = b'*';

/// Looks for texts in what passes. What may be the beginning of one is held until more has come.
pub struct Veil {
    texts: Vec<Zeroizing<Vec<u8>>>,
    held: BytesMut,
}

impl Veil {
    /// For these texts.
    #[must_use]
    pub fn over(texts: Vec<Zeroizing<Vec<u8>>>) -> Self {
        let texts = texts.into_iter().filter(|text| !text.is_empty()).collect();
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
        self.texts.iter().any(|text| memmem::find(piece, text).is_some())
    }

    fn cover(&mut self) {
        for text in &self.texts {
            let mut from = 0;
            while let Some(at) = self.held.get(from..).and_then(|rest| memmem::find(rest, text)) {
                let found = from + at..from + at + text.len();
                from = found.end;
                if let Some(found) = self.held.get_mut(found) {
                    found.fill(OVER);
                }
            }
        }
    }

    /// How many bytes at the end of this are the beginning of a text, at most.
    fn begins_at_end_of(&self, piece: &[u8]) -> usize {
        let of = |text: &Zeroizing<Vec<u8>>| {
            let longest = (text.len() - 1).min(piece.len());
            (1..=longest).rev().find(|length| text.starts_with(&piece[piece.len() - length..])).unwrap_or(0)
        };
        self.texts.iter().map(of).max().unwrap_or(0)
    }
}

impl std::fmt::Debug for Veil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Veil")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(texts: &[&str], pieces: &[&[u8]]) -> String {
        let mut veil =
            Veil::over(texts.iter().map(|text| Zeroizing::new(text.as_bytes().to_vec())).collect());
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
    fn what_begins_no_secret_is_not_held() {
        let mut veil = Veil::over(vec![Zeroizing::new(b"secret".to_vec())]);
        assert_eq!(veil.pass(Bytes::from_static(b"data: 1\n\n")), "data: 1\n\n");
        assert_eq!(veil.pass(Bytes::from_static(b"data: sec")), "data: ");
        assert!(!veil.is_empty());
        assert_eq!(veil.pass(Bytes::from_static(b"ond\n\n")), "second\n\n");
        assert!(veil.is_empty());
    }
}
