//! Who belongs to the fleet. Each list is signed by a member of the one before and names it by its print, so
//! that whoever has pinned one follows to the newest, and believes nobody else.

use super::machine::Machine;
use super::trouble::FleetError;
use age::x25519;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

const FORM: u8 = 1;
/// What is signed begins so, so that no signature serves for anything else.
const DOMAIN: &str = "mcp-valet/fleet/members/1";
const PIN: &str = "mcp-valet-fleet:";
/// Most members: each item is sealed to all of them.
pub(crate) const MOST: usize = 64;

/// A machine that belongs to the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// What it is called.
    pub name: String,
    /// To what items are sealed for it.
    pub seal: String,
    /// By what its signatures are checked, in base64.
    pub sign: String,
}

impl Member {
    pub(crate) fn is_whole(&self) -> bool {
        let sign = STANDARD.decode(&self.sign).is_ok_and(|key| key.len() == 32);
        is_name(&self.name) && sign && self.recipient().is_some()
    }

    pub(crate) fn recipient(&self) -> Option<x25519::Recipient> {
        self.seal.parse().ok()
    }

    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = STANDARD.decode(&self.sign) else { return false };
        UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
    }
}

/// Letters, digits, "-", "_" and ".": it stands in keys and on screens.
pub(crate) fn is_name(name: &str) -> bool {
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=63).contains(&name.len()) && name.bytes().all(simple) && !name.starts_with('.')
}

/// The members, as one of them wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    form: u8,
    fleet: String,
    generation: u64,
    /// The newest generation that somebody was taken out by.
    removed: u64,
    members: Vec<Member>,
    /// The print of the list before.
    before: String,
    by: String,
    signature: String,
}

/// A list of members that is believed.
#[derive(Debug, Clone)]
pub(crate) struct List {
    form: Form,
    /// As it was written.
    pub(crate) bytes: Vec<u8>,
}

/// What a machine is told of the fleet that it may join: which list, and its print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    pub(crate) generation: u64,
    print: String,
}

impl List {
    /// The first list of a new fleet.
    pub(crate) fn first(founder: &Machine) -> Option<Self> {
        let random: [u8; 16] = rand::random();
        let fleet = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let (form, by) = (FORM, founder.name.clone());
        let members = vec![founder.member()];
        let (before, signature) = (String::new(), String::new());
        Self::signed(Form { form, fleet, generation: 1, removed: 0, members, before, by, signature }, founder)
    }

    /// The next, with these members.
    pub(crate) fn next(&self, members: Vec<Member>, removes: bool, by: &Machine) -> Option<Self> {
        let generation = self.generation() + 1;
        let removed = if removes { generation } else { self.form.removed };
        let form = Form {
            generation,
            removed,
            members,
            before: print(&self.bytes),
            by: by.name.clone(),
            ..self.form.clone()
        };
        Self::signed(form, by)
    }

    fn signed(mut form: Form, by: &Machine) -> Option<Self> {
        form.signature = STANDARD.encode(by.sign(&message(&form)));
        let bytes = serde_json::to_vec(&form).ok()?;
        Some(Self { form, bytes })
    }

    /// One that was pinned here.
    pub(crate) fn pinned(bytes: Vec<u8>) -> Option<Self> {
        let form: Form = serde_json::from_slice(&bytes).ok()?;
        let whole = form.members.len() <= MOST && form.members.iter().all(Member::is_whole);
        (form.form == FORM && whole).then_some(Self { form, bytes })
    }

    /// The list in `bytes`, if it follows on this one by the word of a member of this one.
    pub(crate) fn followed_by(&self, bytes: Vec<u8>) -> Option<Self> {
        let next = Self::pinned(bytes)?;
        let follows = next.form.fleet == self.form.fleet
            && next.generation() == self.generation() + 1
            && next.form.before == print(&self.bytes)
            && next.form.removed >= self.form.removed
            && next.form.removed <= next.generation();
        let signature = STANDARD.decode(&next.form.signature).ok()?;
        let signer = self.member(&next.form.by)?;
        (follows && signer.signed(&message(&next.form), &signature)).then_some(next)
    }

    /// The list that a newcomer was told of.
    pub(crate) fn of_pin(bytes: Vec<u8>, pin: &Pin) -> Result<Self, FleetError> {
        if print(&bytes) != pin.print {
            return Err(FleetError::Other);
        }
        Self::pinned(bytes).filter(|list| list.generation() == pin.generation).ok_or(FleetError::Other)
    }

    pub(crate) fn pin(&self) -> Pin {
        Pin { generation: self.generation(), print: print(&self.bytes) }
    }

    pub(crate) fn fleet(&self) -> &str {
        &self.form.fleet
    }

    pub(crate) const fn generation(&self) -> u64 {
        self.form.generation
    }

    /// The print of the list before.
    pub(crate) fn before(&self) -> &str {
        &self.form.before
    }

    /// The newest generation that somebody was taken out by.
    pub(crate) const fn removed(&self) -> u64 {
        self.form.removed
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.form.members
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.form.members.iter().find(|member| member.name == name)
    }

    /// The same with this machine as the only member: to whom it seals what concerns itself alone.
    pub(crate) fn alone(&self, machine: &Machine) -> Arc<Self> {
        let form = Form { members: vec![machine.member()], ..self.form.clone() };
        Arc::new(Self { form, bytes: Vec::new() })
    }

    pub(crate) fn has(&self, machine: &Machine) -> bool {
        self.form.members.contains(&machine.member())
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PIN}{}:{}", self.generation, self.print)
    }
}

impl FromStr for Pin {
    type Err = FleetError;

    fn from_str(text: &str) -> Result<Self, FleetError> {
        let (generation, print) =
            text.trim().strip_prefix(PIN).and_then(|rest| rest.split_once(':')).ok_or(FleetError::Words)?;
        let generation = generation.parse().map_err(|_| FleetError::Words)?;
        let whole = print.len() == 64 && print.bytes().all(|byte| byte.is_ascii_hexdigit());
        if whole { Ok(Self { generation, print: print.to_owned() }) } else { Err(FleetError::Words) }
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn print(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Each part behind its length, so that nothing can pass from one to the next.
pub(crate) fn bound(parts: &[&[u8]]) -> Vec<u8> {
    let mut message = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    message
}

fn message(form: &Form) -> Vec<u8> {
    let members: Vec<u8> = form
        .members
        .iter()
        .flat_map(|member| bound(&[member.name.as_bytes(), member.seal.as_bytes(), member.sign.as_bytes()]))
        .collect();
    bound(&[
        DOMAIN.as_bytes(),
        form.fleet.as_bytes(),
        &form.generation.to_be_bytes(),
        &form.removed.to_be_bytes(),
        &members,
        form.before.as_bytes(),
        form.by.as_bytes(),
    ])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    fn machine(name: &str) -> Machine {
        let home = tempfile::tempdir().unwrap();
        Machine::make(&home.path().join("fleet/key"), name).unwrap()
    }

    #[test]
    fn a_list_is_followed_by_what_a_member_signed_alone() {
        let (one, two, stranger) = (machine("one"), machine("two"), machine("stranger"));
        let first = List::first(&one).unwrap();
        let both = vec![one.member(), two.member()];
        let second = first.next(both.clone(), false, &one).unwrap();
        assert!(first.followed_by(second.bytes.clone()).is_some());
        // Whoever is not in the list before has no say, whatever the new one says of them.
        let own = first.next(vec![one.member(), stranger.member()], false, &stranger).unwrap();
        assert!(first.followed_by(own.bytes).is_none());
        // Nor does a list follow on another than that on which it was made.
        let third = second.next(vec![one.member()], true, &two).unwrap();
        assert!(first.followed_by(third.bytes.clone()).is_none());
        assert!(second.followed_by(third.bytes.clone()).is_some_and(|list| list.removed() == 3));
        let mut changed: serde_json::Value = serde_json::from_slice(&second.bytes).unwrap();
        changed["members"][1]["seal"] = stranger.member().seal.into();
        assert!(first.followed_by(serde_json::to_vec(&changed).unwrap()).is_none());
    }

    #[test]
    fn a_newcomer_takes_the_list_that_it_was_told_of_and_no_other() {
        let (one, other) = (machine("one"), machine("one"));
        let list = List::first(&one).unwrap();
        let pin: Pin = list.pin().to_string().parse().unwrap();
        assert!(List::of_pin(list.bytes.clone(), &pin).is_ok());
        assert!(List::of_pin(List::first(&other).unwrap().bytes, &pin).is_err());
    }
}
