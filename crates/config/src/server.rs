//! One server of the file.

use super::ConfigError;
use super::error::Location;
use super::folders;
use super::headers::Headers;
use super::oauth_block::OauthBlock;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;
use terms::ServerUrl;
use words::say;

const MAX_NAME: usize = 64;
/// Keys that other clients write beside `url`. They are kept in the file and not acted on.
const FOREIGN: &[&str] = &[
    "type",
    "transport",
    "headersHelper",
    "command",
    "args",
    "env",
    "cwd",
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

/// One server.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    /// Where the server is.
    pub url: ServerUrl,
    /// How to sign in to it, where discovery does not say.
    pub oauth: OauthBlock,
    /// What goes with each request to it.
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
    pub(crate) fn bare(url: ServerUrl) -> Self {
        Self {
            url,
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
        self.headers.take_keys()
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
    if entry.contains_key("command") && !entry.contains_key("url") {
        notices.push(say!(config_runs_here, server = name));
        return Ok(None);
    }
    let foreign: Vec<String> =
        FOREIGN.iter().filter(|key| entry.remove(**key).is_some()).map(|k| format!("`{k}`")).collect();
    if !foreign.is_empty() {
        notices.push(say!(config_foreign, server = name, keys = foreign.join(", ")));
    }
    if !entry.contains_key("url") {
        return Err(place.error(say!(config_no_url), say!(config_no_url_advice)));
    }
    // Taken out first, so that no message about a wrong type can quote what is in them.
    let headers = read_headers(entry.remove("headers"), &place.at("headers"))?;
    let entry: ServerFields = place.read(Value::Object(entry))?;
    let url = ServerUrl::parse(&entry.url)
        .map_err(|fault| place.at("url").error(fault.to_string(), fault.advice()))?;
    let ServerFields { oauth, folders, hand_out, verify, .. } = entry;
    let oauth = OauthBlock::read(oauth, &place.at("oauth"))?;
    folders::check(&folders, &place.at("folders"))?;
    Ok(Some(ServerConfig { url, oauth, headers, folders, hand_out, verify }))
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
    let read = read_server(name, Value::Object(entry.clone()), &place, &mut Vec::new())?;
    read.ok_or_else(|| place.error(say!(config_no_url), say!(config_no_url_alone_advice)))
}
