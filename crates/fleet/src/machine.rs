//! This machine's own keys: one that opens what is sealed to it, and one by which it signs.

use super::members::{Member, bound, is_name, print};
use super::trouble::FleetError;
use age::secrecy::ExposeSecret;
use age::x25519;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use files::draft::Draft;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use secret::Secret;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::str::FromStr;
use zeroize::Zeroizing;

/// The credential with the keys of a machine that has no disk of its own, or does not trust it.
const CREDENTIAL: &str = "mcp-valet-fleet-key";
const FORM: u8 = 1;
const LARGEST: u64 = 4 << 10;
/// How a machine's public keys begin, as they are said to others.
const REQUEST: &str = "mcp-valet-member:";

/// The keys of this machine.
pub(crate) struct Machine {
    pub(crate) name: String,
    pub(crate) identity: x25519::Identity,
    signing: Ed25519KeyPair,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form<'a> {
    form: u8,
    name: &'a str,
    identity: &'a str,
    signing: &'a str,
}

impl Machine {
    /// The keys of this machine, as the service manager gives them, or as they are in the file. `None` where
    /// there are none yet.
    pub(crate) fn load(file: &Path) -> Result<Option<Self>, FleetError> {
        let given = vault::credential(CREDENTIAL);
        let given = given.map_err(|why| FleetError::Setting(CREDENTIAL.to_owned(), why))?;
        if let Some(given) = given {
            return Self::parse(given.expose()).map(Some).ok_or_else(|| damaged(&CREDENTIAL));
        }
        match read(file) {
            Ok(text) => Self::parse(text.expose()).map(Some).ok_or_else(|| damaged(&file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FleetError::Setting(file.display().to_string(), error.to_string())),
        }
    }

    /// Makes keys for a machine of this name, and writes them down for its owner alone.
    pub(crate) fn make(file: &Path, name: &str) -> Result<Self, FleetError> {
        if !is_name(name) {
            return Err(FleetError::Name(name.to_owned()));
        }
        let identity = x25519::Identity::generate();
        let failed = |error: String| FleetError::Setting(file.display().to_string(), error);
        let signing = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
        let signing = signing.map_err(|error| failed(error.to_string()))?;
        let (identity, signing) = (identity.to_string(), Zeroizing::new(STANDARD.encode(signing.as_ref())));
        let form = Form { form: FORM, name, identity: identity.expose_secret(), signing: &signing };
        let text =
            serde_json::to_vec(&form).map(Zeroizing::new).map_err(|error| failed(error.to_string()))?;
        let folder = file.parent().unwrap_or(file);
        files::paths::make_private(folder).map_err(|error| failed(error.to_string()))?;
        Draft::of(file, &text, 0o600).and_then(Draft::place).map_err(|error| failed(error.to_string()))?;
        Self::parse(std::str::from_utf8(&text).unwrap_or_default()).ok_or_else(|| damaged(&file.display()))
    }

    fn parse(text: &str) -> Option<Self> {
        let form: Form<'_> = serde_json::from_str(text).ok()?;
        if form.form != FORM || !is_name(form.name) {
            return None;
        }
        let signing = Zeroizing::new(STANDARD.decode(form.signing.as_bytes()).ok()?);
        Some(Self {
            identity: form.identity.parse().ok()?,
            signing: Ed25519KeyPair::from_pkcs8(&signing).ok()?,
            name: form.name.to_owned(),
        })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.signing.sign(message).as_ref().to_vec()
    }

    /// As the others know it.
    pub(crate) fn member(&self) -> Member {
        Member {
            name: self.name.clone(),
            seal: self.identity.to_public().to_string(),
            sign: STANDARD.encode(self.signing.public_key().as_ref()),
        }
    }
}

fn damaged(what: &dyn fmt::Display) -> FleetError {
    FleetError::Setting(what.to_string(), words::say!(fleet_error_damaged))
}

/// A plain file that nobody else can read.
fn read(file: &Path) -> std::io::Result<Secret> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(file)?;
    let about = file.metadata()?;
    let own = rustix::process::geteuid().as_raw();
    if !about.is_file() || about.uid() != own || about.mode() & 0o077 != 0 {
        return Err(std::io::Error::other(words::say!(fleet_error_readable)));
    }
    let mut text = Zeroizing::new(String::with_capacity(2 * LARGEST as usize));
    file.take(LARGEST).read_to_string(&mut text)?;
    Ok(Secret::from(text.to_string()))
}

/// What a machine says of itself to become a member: its name and public keys, in one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request(pub(crate) Member);

impl Request {
    /// What the machine is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What a person compares on two screens: 96 bits of a digest over name and keys.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let Member { name, seal, sign } = &self.0;
        let digest = print(&bound(&[name.as_bytes(), seal.as_bytes(), sign.as_bytes()]));
        let groups: Vec<&str> = (0..6).filter_map(|group| digest.get(4 * group..4 * group + 4)).collect();
        groups.join("-")
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Member { name, seal, sign } = &self.0;
        write!(f, "{REQUEST}{name}:{seal}:{sign}")
    }
}

impl FromStr for Request {
    type Err = FleetError;

    fn from_str(text: &str) -> Result<Self, FleetError> {
        let parts: Vec<&str> = text.trim().strip_prefix(REQUEST).unwrap_or_default().split(':').collect();
        let [name, seal, sign] = parts.as_slice() else { return Err(FleetError::Words) };
        let member = Member { name: (*name).to_owned(), seal: (*seal).to_owned(), sign: (*sign).to_owned() };
        if member.is_whole() { Ok(Self(member)) } else { Err(FleetError::Words) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_was_said_and_nothing_else_is() {
        let home = tempfile::tempdir().unwrap();
        let machine = Machine::make(&home.path().join("fleet/key"), "build-1").unwrap();
        let request = Request(machine.member());
        assert_eq!(request.to_string().parse::<Request>().unwrap(), request);
        let other = Machine::make(&home.path().join("other/key"), "build-1").unwrap();
        assert_ne!(request.fingerprint(), Request(other.member()).fingerprint());
        for wrong in ["", "mcp-valet-member:a:b:c", "x", &request.to_string().replace("build-1", "a b")] {
            assert!(wrong.parse::<Request>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_that_others_can_read_are_not_taken() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("fleet/key");
        let made = Machine::make(&file, "build-1").unwrap();
        assert_eq!(Machine::load(&file).unwrap().unwrap().member(), made.member());
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Machine::load(&file).is_err());
    }
}
