//! One server of the file.

use super::ConfigError;
use super::error::Location;
use super::folders;
use super::headers::Headers;
use super::headers::{KeyName, Line};
use super::oauth_block::OauthBlock;
use super::place::Place;
use super::program::{ARGUMENTS, Program};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use terms::ServerUrl;
use words::say;

/// Where a key goes that is a part of the address, among the headers that others go into: no header is called
/// so.
pub const ADDRESS: &str = "(url)";
const MAX_NAME: usize = 64;
/// Keys that other clients write. They are kept in the file and not acted on.
const FOREIGN: &[&str] = &[
    "type",
    "transport",
    "disabled",
    "enabled",
    "timeout",
    "description",
    "alwaysAllow",
    "autoApprove",
    "trust",
    "tools",
    "includeTools",
    "excludeTools",
    "icon",
];
/// Those that mean nothing beside `url` either.
const FOREIGN_TO_REMOTE: &[&str] = &["headersHelper", "command", "args", "env", "cwd"];

/// One server.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    /// Where the server is.
    pub place: Place,
    /// Its address, where keys are a part of that.
    pub address: Option<Line>,
    /// How to sign in to it, where discovery does not say.
    pub oauth: OauthBlock,
    /// What goes with each request to it; of a program, what goes into its environment.
    pub headers: Headers,
    /// The folders that it is the account for, as the person wrote them; any, where it names none.
    pub folders: Vec<String>,
    /// In which form its credential is given out; by default as a token, if that ends within a day.
    pub hand_out: Option<HandOut>,
    /// What becomes of tokens that do not stand a check.
    pub verify: Verify,
}

impl ServerConfig {
    /// A server of which nothing is said but where it is.
    pub(crate) fn bare(place: Place) -> Self {
        Self {
            place,
            address: None,
            oauth: OauthBlock::default(),
            headers: Headers::default(),
            folders: Vec::new(),
            hand_out: None,
            verify: Verify::default(),
        }
    }

    /// Whether the server knows the person by keys, and not by a sign-in.
    #[must_use]
    pub fn takes_keys(&self) -> bool {
        self.headers.take_keys() || !self.keys_in_args().is_empty() || self.address.is_some()
    }

    /// The names of the keys that it takes.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<&KeyName> {
        self.headers.keys().into_iter().chain(self.keys_in_args()).chain(self.keys_in_address()).collect()
    }

    /// Where a key goes, by the names that it is bound to.
    #[must_use]
    pub fn of_key(&self, key: &KeyName) -> BTreeSet<String> {
        self.headers.of_key(key).into_iter().chain(self.beside_headers(key)).collect()
    }

    /// The same by the names that the file has.
    #[must_use]
    pub fn taking(&self, key: &KeyName) -> Vec<String> {
        self.headers.taking(key).map(|header| header.name.clone()).chain(self.beside_headers(key)).collect()
    }

    /// Where a key goes beside headers.
    fn beside_headers(&self, key: &KeyName) -> impl Iterator<Item = String> {
        let in_args = self.keys_in_args().contains(key).then_some(ARGUMENTS);
        let in_address = self.keys_in_address().any(|name| name == key).then_some(ADDRESS);
        in_args.into_iter().chain(in_address).map(ToOwned::to_owned)
    }

    fn keys_in_address(&self) -> impl Iterator<Item = &KeyName> {
        self.address.iter().flat_map(Line::keys)
    }

    fn keys_in_args(&self) -> BTreeSet<&KeyName> {
        self.place.program().map(Program::keys).unwrap_or_default()
    }

    /// The entry of a program as the file has it, without what is secret.
    #[must_use]
    pub fn written(&self) -> Option<Map<String, Value>> {
        let mut entry = self.place.program()?.written();
        if !self.headers.is_empty() {
            entry.insert("env".to_owned(), json!(self.headers.plain()));
        }
        Some(entry)
    }
}

/// What becomes of tokens that do not stand a check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verify {
    /// They are not checked.
    Off,
    /// They are used, and the person is told.
    #[default]
    Warn,
    /// They are not used.
    Enforce,
}

/// In which form a credential is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOut {
    /// As an access token, even one that lives long.
    Token,
    /// Never itself: it is used inside the proxy only.
    Proxy,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerFields {
    url: String,
    #[serde(default)]
    oauth: Map<String, Value>,
    #[serde(rename = "headers")]
    _headers: Option<()>,
    #[serde(default)]
    folders: Vec<String>,
    #[serde(rename = "handOut", default)]
    hand_out: Option<HandOut>,
    #[serde(default)]
    verify: Verify,
}

pub(super) fn read_server(
    name: &str,
    entry: Value,
    place: &Location,
    notices: &mut Vec<String>,
) -> Result<Option<ServerConfig>, ConfigError> {
    let Value::Object(mut entry) = entry else {
        return Err(place.error(say!(config_no_server), say!(config_no_server_advice)));
    };
    if runs(&entry) {
        let read = read_program(name, entry, place, notices);
        // Older versions took anything that other clients start for theirs, and left it alone.
        return Ok(read.map_err(|error| notices.push(not_run(name, &error))).ok());
    }
    take_foreign(name, &mut entry, FOREIGN_TO_REMOTE.iter().chain(FOREIGN), notices);
    if !entry.contains_key("url") {
        return Err(place.error(say!(config_no_url), say!(config_no_url_advice)));
    }
    // Taken out first, so that no message about a wrong type can quote what is in them.
    let headers = read_headers(entry.remove("headers"), &place.at("headers"))?;
    let entry: ServerFields = place.read(Value::Object(entry))?;
    let url = ServerUrl::parse(&entry.url)
        .map_err(|fault| place.at("url").error(fault.to_string(), fault.advice()))?;
    let address = read_address(&entry.url, &place.at("url"))?;
    let ServerFields { oauth, folders, hand_out, verify, .. } = entry;
    let oauth = OauthBlock::read(oauth, &place.at("oauth"))?;
    folders::check(&folders, &place.at("folders"))?;
    Ok(Some(ServerConfig { place: Place::Remote(url), address, oauth, headers, folders, hand_out, verify }))
}

/// An address in whose path, or behind it, keys stand by their names.
fn read_address(url: &str, place: &Location) -> Result<Option<Line>, ConfigError> {
    if !url.contains("${") {
        return Ok(None);
    }
    Line::parse(url).map(Some).map_err(|bad| place.error(bad.problem, bad.advice))
}

/// Whether an entry says which program to start, and no address.
pub(super) fn runs(entry: &Map<String, Value>) -> bool {
    entry.contains_key("command") && !entry.contains_key("url")
}

fn not_run(name: &str, error: &ConfigError) -> String {
    say!(config_not_run, server = name, problem = error.problem(), advice = error.advice())
}

fn take_foreign(
    name: &str,
    entry: &mut Map<String, Value>,
    foreign: impl Iterator<Item = &'static &'static str>,
    notices: &mut Vec<String>,
) {
    let foreign: Vec<String> =
        foreign.filter(|key| entry.remove(**key).is_some()).map(|k| format!("`{k}`")).collect();
    if !foreign.is_empty() {
        notices.push(say!(config_foreign, server = name, keys = foreign.join(", ")));
    }
}

fn read_program(
    name: &str,
    mut entry: Map<String, Value>,
    place: &Location,
    notices: &mut Vec<String>,
) -> Result<ServerConfig, ConfigError> {
    let environment = match entry.remove("env") {
        None | Some(Value::Null) => Headers::default(),
        Some(Value::Object(block)) => Headers::read_environment(block, &place.at("env"))?,
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            return Err(place.at("env").error(say!(config_env), say!(config_value_advice)));
        }
    };
    let mut said = Vec::new();
    take_foreign(name, &mut entry, FOREIGN.iter(), &mut said);
    let program = Program::read(place.read(Value::Object(entry))?, place)?;
    notices.extend(said);
    let bare = ServerConfig::bare(Place::Local(program));
    Ok(ServerConfig { headers: environment, ..bare })
}

fn read_headers(headers: Option<Value>, place: &Location) -> Result<Headers, ConfigError> {
    match headers {
        None => Ok(Headers::default()),
        Some(Value::Object(block)) => Headers::read(block, place),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err(place
                .error(say!(config_must_be, value = say!(config_value_headers)), say!(config_value_advice)))
        }
    }
}

pub(super) fn check_name(name: &str, place: &Location) -> Result<(), ConfigError> {
    let wrong = |problem: String| Err(place.error(problem, say!(config_name_advice)));
    if name.trim().is_empty() || name.chars().count() > MAX_NAME {
        return wrong(say!(config_name_length));
    }
    if name.contains("://") {
        return wrong(say!(config_name_url));
    }
    if name.chars().any(::plain::misleads) {
        return wrong(say!(config_name_hidden));
    }
    Ok(())
}

/// The entry of a new server as the file would hold it, checked as the file would be.
pub fn check_entry(path: &Path, name: &str, entry: &Map<String, Value>) -> Result<ServerConfig, ConfigError> {
    let place = Location::new(path).at("mcpServers").at(name);
    check_name(name, &place)?;
    if runs(entry) {
        return read_program(name, entry.clone(), &place, &mut Vec::new());
    }
    let read = read_server(name, Value::Object(entry.clone()), &place, &mut Vec::new())?;
    read.ok_or_else(|| place.error(say!(config_no_url), say!(config_no_url_alone_advice)))
}
