//! One line of the audit, and how it hangs on the line before.
//!
//! A line is the entry as one JSON object, ended by what chains it:
//!
//! ```text
//! {"at":…,"what":"hand_out",…,"seq":7,"chain":"CHAIN","mac":"MAC"}
//! └──────────── body ──────────────┘
//! CHAIN = SHA-256(the CHAIN before ‖ sealed ‖ body)      sealed is one byte: 1 if there is a "mac", else 0
//! MAC   = HMAC-SHA-256(the key in the vault, CHAIN)
//! ```
//!
//! Both are base64url without padding. `seq` counts from 1 without gaps, over all files. CHAIN covers every
//! line before it, so one MAC seals all of them: lines that were written while the vault was not open have
//! none, and are covered by the next that has one.
//!
//! Bytes that are no such line stand in two places only. Before the first entry: lines from before there was
//! a chain. And where a line was torn by a crash: the next start ends it, and its first entry is `torn`,
//! which accounts for it. Where such bytes stand, "the CHAIN before" is SHA-256(the CHAIN before ‖ those
//! bytes), so that they are covered as well.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secret::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use wire::AuditEntry;
use zeroize::Zeroizing;

/// As many bytes as most lines have at most.
const ROOM: usize = 1 << 10;
/// Characters of 32 bytes.
const WIDTH: usize = 43;
const CHAIN: &[u8] = b",\"chain\":\"";
const MAC: &[u8] = b",\"mac\":\"";

/// A value of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain([u8; 32]);

/// An entry's number, and the chain up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its number, from one on.
    pub seq: u64,
    /// What the next line hangs on.
    pub chain: Chain,
}

impl Link {
    /// Before the first entry.
    pub const BEGIN: Self = Self { seq: 0, chain: Chain([0; 32]) };
}

impl Chain {
    /// The chain with bytes between two lines put into it.
    pub fn over(self, loose: &[u8]) -> Self {
        let mut hash = self.hash();
        hash.update(loose);
        Self::of(hash)
    }

    /// Begins what [`Chain::over`] makes of bytes that come in pieces.
    pub fn hash(self) -> Sha256 {
        Sha256::new_with_prefix(self.0)
    }

    /// The chain after the text that was hashed.
    pub fn of(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }

    fn then(self, sealed: bool, body: &[u8]) -> Self {
        let mut hash = self.hash();
        hash.update([u8::from(sealed)]);
        hash.update(body);
        Self::of(hash)
    }

    fn parse(text: &[u8]) -> Option<Self> {
        BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    fn text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl Serialize for Chain {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Chain {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(text.as_bytes()).ok_or_else(|| serde::de::Error::custom("no value of a chain"))
    }
}

/// The key in memory. It is wiped when the valet is locked or ends.
#[derive(Clone)]
pub struct Seal {
    key: Zeroizing<[u8; 32]>,
    keyed: Keyed,
}

/// What HMAC makes of a key before it sees any text, so that this is not done for each. It is wiped like the
/// key.
#[derive(Clone)]
pub(crate) struct Keyed(Hmac<Sha256>);

impl Keyed {
    pub(crate) fn with(key: &[u8; 32]) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let begun = Hmac::new_from_slice(key).expect("any length");
        Self(begun)
    }

    /// A mark of a text, told from what seals lines. It tells nothing of the text.
    pub(crate) fn mark_of(&self, text: &str) -> String {
        let mac = self.0.clone().chain_update(b"mcp-valet arguments\0").chain_update(text.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

impl Seal {
    /// A new key, as text for the vault.
    pub fn make() -> Secret {
        BASE64_URL_SAFE_NO_PAD.encode(*Zeroizing::new(rand::random::<[u8; 32]>())).into()
    }

    /// The key that the vault has. `None` if that is none.
    pub fn open(text: &Secret) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        let length = BASE64_URL_SAFE_NO_PAD.decode_slice(text.expose(), key.as_mut_slice()).ok()?;
        (length == 32).then(|| Self { keyed: Keyed::with(&key), key })
    }

    /// This key, as text for the vault.
    pub fn text(&self) -> Secret {
        BASE64_URL_SAFE_NO_PAD.encode(*self.key).into()
    }

    /// A mark of a text by this key.
    pub(crate) fn of_text(&self, text: &str) -> String {
        self.keyed.mark_of(text)
    }

    fn mac(&self, chain: Chain) -> Hmac<Sha256> {
        self.keyed.0.clone().chain_update(chain.0)
    }
}

/// The line for `entry` after `last`, and where the chain then stands. `before` is the chain that it hangs
/// on: that of `last`, with the loose bytes that stand between in it.
pub fn form(
    entry: &AuditEntry,
    last: Link,
    before: Chain,
    seal: Option<&Seal>,
) -> io::Result<(Vec<u8>, Link)> {
    let mut line = Vec::with_capacity(ROOM);
    let link = form_behind(&mut line, entry, last, before, seal)?;
    Ok((line, link))
}

/// As [`form`], behind other lines.
pub(crate) fn form_behind(
    lines: &mut Vec<u8>,
    entry: &impl Serialize,
    last: Link,
    before: Chain,
    seal: Option<&Seal>,
) -> io::Result<Link> {
    let (begin, seq) = (lines.len(), last.seq + 1);
    lines.reserve(ROOM);
    serde_json::to_writer(&mut *lines, entry)?;
    lines.pop();
    write!(lines, ",\"seq\":{seq}")?;
    let chain = before.then(seal.is_some(), lines.get(begin..).unwrap_or_default());
    put(lines, CHAIN, &chain.0)?;
    if let Some(seal) = seal {
        put(lines, MAC, &seal.mac(chain).finalize().into_bytes())?;
    }
    lines.extend_from_slice(b"}\n");
    Ok(Link { seq, chain })
}

fn put(line: &mut Vec<u8>, label: &[u8], value: &[u8]) -> io::Result<()> {
    let mut text = [0; WIDTH];
    BASE64_URL_SAFE_NO_PAD.encode_slice(value, &mut text).map_err(io::Error::other)?;
    line.extend_from_slice(label);
    line.extend_from_slice(&text);
    line.push(b'"');
    Ok(())
}

/// A line that is in the chain, as far as its form says.
#[derive(Debug)]
pub struct Line<'a> {
    body: &'a [u8],
    /// Its place in the chain.
    pub link: Link,
    mac: Option<[u8; 32]>,
}

impl<'a> Line<'a> {
    /// Reads a line without its end. `None` if it is not of that form.
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let rest = line.strip_suffix(b"}")?;
        let (rest, mac) = match take(rest, MAC) {
            Some((rest, mac)) => (rest, Some(Chain::parse(mac)?.0)),
            None => (rest, None),
        };
        let (body, chain) = take(rest, CHAIN)?;
        let digits = body.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (before, seq) = body.split_at(body.len() - digits);
        before.strip_suffix(b",\"seq\":")?;
        let seq = std::str::from_utf8(seq).ok()?.parse().ok()?;
        Some(Self { body, link: Link { seq, chain: Chain::parse(chain)? }, mac })
    }

    /// Whether it hangs on `before`.
    pub fn follows(&self, before: Chain) -> bool {
        before.then(self.mac.is_some(), self.body) == self.link.chain
    }

    /// Whether it bears the mark of this key. `None` if it bears none.
    pub fn is_sealed_by(&self, seal: &Seal) -> Option<bool> {
        let mac = self.mac?;
        Some(seal.mac(self.link.chain).verify_slice(&mac).is_ok())
    }

    /// Whether it bears a seal.
    pub const fn is_sealed(&self) -> bool {
        self.mac.is_some()
    }
}

/// Entries in words, as [`Act::Unproven`](wire::Act::Unproven) has them.
pub fn unproven(first: u64, last: u64) -> String {
    if first == last { format!("entry {first}") } else { format!("entries {first} to {last}") }
}

/// What [`unproven`] wrote.
pub fn named(text: &str) -> Option<(u64, u64)> {
    if let Some(only) = text.strip_prefix("entry ") {
        return only.parse().ok().map(|only| (only, only));
    }
    let (first, last) = text.strip_prefix("entries ")?.split_once(" to ")?;
    first.parse().ok().zip(last.parse().ok())
}

fn take<'a>(rest: &'a [u8], label: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let rest = rest.strip_suffix(b"\"")?;
    let (rest, value) = rest.split_at(rest.len().checked_sub(WIDTH)?);
    Some((rest.strip_suffix(label)?, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry;
    use jiff::Timestamp;
    use wire::{Act, ActorKind, AnyAct};

    fn seal() -> Seal {
        Seal::open(&Seal::make()).unwrap()
    }

    fn formed(seal: Option<&Seal>) -> Vec<u8> {
        let entry =
            entry(Timestamp::UNIX_EPOCH, Act::HandOut, wire::Actor::program("curl \"}", "/usr/bin/curl"));
        let (mut line, _) = form(&entry, Link::BEGIN, Link::BEGIN.chain, seal).unwrap();
        assert_eq!(line.pop(), Some(b'\n'));
        line
    }

    #[test]
    fn a_line_is_read_as_it_was_formed_and_is_still_the_entry() {
        let seal = seal();
        let text = formed(Some(&seal));
        let line = Line::parse(&text).unwrap();
        assert!(line.follows(Link::BEGIN.chain));
        assert_eq!(line.is_sealed_by(&seal), Some(true));
        let entry: AuditEntry = serde_json::from_slice(&text).unwrap();
        assert_eq!((entry.actor.name(), entry.seq), ("curl \"}", Some(1)));
    }

    #[test]
    fn no_byte_can_be_another() {
        let seal = seal();
        let text = formed(Some(&seal));
        for at in 0..text.len() {
            let mut changed = text.clone();
            changed[at] ^= 1;
            let good = Line::parse(&changed).is_some_and(|line| {
                line.link.seq == 1
                    && line.follows(Link::BEGIN.chain)
                    && line.is_sealed_by(&seal) == Some(true)
            });
            assert!(!good, "byte {at}");
        }
    }

    #[test]
    fn a_mark_cannot_be_taken_off() {
        let text = formed(Some(&seal()));
        let (bare, _) = take(text.strip_suffix(b"}").unwrap(), MAC).unwrap();
        let bare = [bare, b"}"].concat();
        let line = Line::parse(&bare).unwrap();
        assert!(!line.is_sealed() && !line.follows(Link::BEGIN.chain));
    }

    #[test]
    fn entries_of_every_form_say_who_did_what() {
        let read = |text: &str| -> Vec<AuditEntry> {
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        let first = read(include_str!("../../../tests/fixtures/stored/audit-1"));
        let before = read(include_str!("../../../tests/fixtures/stored/audit-2"));
        let now = read(include_str!("../../../tests/fixtures/stored/audit-3"));
        let written = |entries: &[AuditEntry]| serde_json::to_value(entries).unwrap();
        assert_eq!(written(&before), written(&now));
        assert_eq!((first[0].actor.kind(), first[1].actor.kind()), (ActorKind::Person, ActorKind::Program));
        for entry in first.iter().chain(&now) {
            assert!(matches!(entry.what, AnyAct::Known(_)), "{entry:?}");
        }
    }
}
