//! One item as the engine has it: sealed to all members, signed by one, bound to its fleet, its key and its
//! version.

use super::machine::Machine;
use super::members::{List, Member, bound, print};
use age::x25519;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ground::stored_form;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use vault::{Bytes, VaultError};
use zeroize::Zeroizing;

const FORM: u8 = 1;
const DOMAIN: &str = "mcp-valet/fleet/item/1";
/// Bytes of an item. etcd takes 1.5 MiB by default.
const LARGEST: usize = 1 << 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    form: u8,
    version: u64,
    /// The list of members that it is sealed to.
    list: u64,
    /// The list of members that its content was first sealed to.
    of: u64,
    by: String,
    /// Nothing where the item was wiped: what was there once never just disappears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    signature: String,
}

/// Where an item belongs.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) name: &'a str,
}

/// An item whose signature holds. Its content is not opened yet.
pub(crate) struct Signed {
    pub(crate) version: u64,
    pub(crate) list: u64,
    pub(crate) of: u64,
    pub(crate) by: String,
    /// Tells it from another of the same version.
    pub(crate) print: String,
    sealed: Option<Vec<u8>>,
}

/// What is to be sealed.
pub(crate) struct Content<'a> {
    pub(crate) version: u64,
    pub(crate) of: u64,
    pub(crate) bytes: Option<&'a [u8]>,
}

/// Seals to all members of the list, and signs.
pub(crate) fn seal(place: Place<'_>, content: &Content<'_>, list: &List, by: &Machine) -> Option<Vec<u8>> {
    let sealed = match content.bytes {
        Some(bytes) if bytes.len() <= LARGEST => Some(sealed(bytes, list)?),
        Some(_) => return None,
        None => None,
    };
    let mut form = Form {
        form: FORM,
        version: content.version,
        list: list.generation(),
        of: content.of,
        by: by.name.clone(),
        sealed: sealed.as_ref().map(|sealed| STANDARD.encode(sealed)),
        signature: String::new(),
    };
    form.signature = STANDARD.encode(by.sign(&message(place, list.fleet(), &form, sealed.as_deref())));
    serde_json::to_vec(&form).ok()
}

impl Signed {
    /// What `value` is, if `signer` names whose signature it has to bear.
    ///
    /// # Errors
    /// A later version wrote it, or no member did so.
    pub(crate) fn of<'a>(
        place: Place<'_>,
        value: &[u8],
        fleet: &str,
        signer: impl FnOnce(&str) -> Option<&'a Member>,
    ) -> Result<Self, VaultError> {
        if stored_form::is_newer(value, FORM.into()) {
            return Err(VaultError::Newer);
        }
        let form: Form = serde_json::from_slice(value).map_err(|_| VaultError::FleetTampered)?;
        let decoded = |text: &String| STANDARD.decode(text).map_err(|_| VaultError::FleetTampered);
        let sealed = form.sealed.as_ref().map(decoded).transpose()?;
        let signature = decoded(&form.signature)?;
        let signer = signer(&form.by).ok_or(VaultError::FleetTampered)?;
        if !signer.signed(&message(place, fleet, &form, sealed.as_deref()), &signature) {
            return Err(VaultError::FleetTampered);
        }
        let Form { version, list, of, by, .. } = form;
        Ok(Self { version, list, of, by, print: print(value), sealed })
    }

    /// Its content; `None` where it was wiped.
    pub(crate) fn open(&self, machine: &Machine) -> Result<Option<Bytes>, VaultError> {
        let Some(sealed) = &self.sealed else { return Ok(None) };
        match opened(sealed, &machine.identity) {
            Ok(opened) => Ok(Some(opened)),
            // A member sealed it to others: this machine was taken out.
            Err(age::DecryptError::NoMatchingKeys) => Err(VaultError::FleetUnjoined),
            Err(_) => Err(VaultError::Broken),
        }
    }

    pub(crate) const fn is_wiped(&self) -> bool {
        self.sealed.is_none()
    }

    /// Whether it has a secret that a machine knows which the list of this generation took out.
    pub(crate) const fn is_known_before(&self, removed: u64) -> bool {
        !self.is_wiped() && self.of < removed
    }
}

fn sealed(bytes: &[u8], list: &List) -> Option<Vec<u8>> {
    let to: Vec<x25519::Recipient> = list.members().iter().map(Member::recipient).collect::<Option<_>>()?;
    let to = to.iter().map(|recipient| recipient as &dyn age::Recipient);
    let mut sealed = Vec::with_capacity(bytes.len() + 256);
    let mut seal = age::Encryptor::with_recipients(to).ok()?.wrap_output(&mut sealed).ok()?;
    seal.write_all(bytes).ok()?;
    seal.finish().ok()?;
    Some(sealed)
}

fn opened(sealed: &[u8], identity: &x25519::Identity) -> Result<Bytes, age::DecryptError> {
    let keys = std::iter::once(identity as &dyn age::Identity);
    let mut clear = age::Decryptor::new_buffered(sealed)?.decrypt(keys)?;
    // What is inside is shorter: the vector never grows, which would leave copies behind.
    let mut inside = Zeroizing::new(Vec::with_capacity(sealed.len()));
    clear.read_to_end(&mut inside)?;
    Ok(inside)
}

fn message(place: Place<'_>, fleet: &str, form: &Form, sealed: Option<&[u8]>) -> Vec<u8> {
    bound(&[
        DOMAIN.as_bytes(),
        fleet.as_bytes(),
        place.prefix.as_bytes(),
        place.name.as_bytes(),
        &form.version.to_be_bytes(),
        &form.list.to_be_bytes(),
        &form.of.to_be_bytes(),
        form.by.as_bytes(),
        if sealed.is_some() { b"kept" } else { b"wiped" },
        sealed.unwrap_or_default(),
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
    fn an_item_is_what_a_member_wrote_at_this_place_and_nothing_else() {
        let (one, two, stranger) = (machine("one"), machine("two"), machine("stranger"));
        let list = List::first(&one).unwrap();
        let list = list.next(vec![one.member(), two.member()], false, &one).unwrap();
        let here = Place { prefix: "p", name: "grant/a" };
        let content = Content { version: 7, of: 1, bytes: Some(b"a secret") };
        let value = seal(here, &content, &list, &one).unwrap();
        assert!(!String::from_utf8_lossy(&value).contains("a secret"));
        let member = |name: &str| list.member(name);
        let signed = Signed::of(here, &value, list.fleet(), member).unwrap();
        assert_eq!((signed.version, signed.of, signed.list), (7, 1, 2));
        for who in [&one, &two] {
            assert_eq!(signed.open(who).unwrap().unwrap().as_slice(), b"a secret");
        }
        assert!(signed.open(&stranger).is_err());
        for elsewhere in [Place { name: "grant/b", ..here }, Place { prefix: "q", ..here }] {
            assert!(Signed::of(elsewhere, &value, list.fleet(), member).is_err());
        }
        assert!(Signed::of(here, &value, "another fleet", member).is_err());
        for (key, new) in [("version", 8.into()), ("of", 2.into()), ("sealed", serde_json::Value::Null)] {
            let mut changed: serde_json::Value = serde_json::from_slice(&value).unwrap();
            changed[key] = new;
            let changed = serde_json::to_vec(&changed).unwrap();
            assert!(Signed::of(here, &changed, list.fleet(), member).is_err(), "{key}");
        }
        let own = seal(here, &content, &list, &stranger).unwrap();
        assert!(Signed::of(here, &own, list.fleet(), member).is_err());
    }

    #[test]
    fn what_a_later_version_wrote_is_refused_by_name() {
        let one = machine("one");
        let list = List::first(&one).unwrap();
        let newer = Signed::of(Place { prefix: "p", name: "n" }, br#"{"form":2}"#, list.fleet(), |_| None);
        assert_eq!(newer.err(), Some(VaultError::Newer));
    }
}
