//! The configuration: the person's file, parsed strictly.

mod edit;
mod error;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod grant;
mod known;
mod lock;
mod oauth_block;
#[cfg(test)]
mod oauth_block_tests;
mod plain;
mod raise;
pub mod redirect;
mod secret;
mod strict;
pub mod thing;
mod watch;

pub use error::ConfigError;
pub use grant::{GrantChoice, IdentityProvider, Source, Unattended};
pub use lock::LockPolicy;
pub use oauth_block::{Dpop, OauthBlock, RedirectHost, Tls};
pub use plain::Setting;
pub use secret::PrivateKey;

pub use oauth_block::is_scope;

pub use edit::{add_server, drop_secrets, remove_server, set_agents, set_client, set_lock, set_vault};
pub use known::Known;
pub use plain::{can_be_shown, settings, without_secrets};
pub use raise::{opens, raises, raises_of};
pub use watch::Watch;

use error::Place;
use files::regular::{self, Unread};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use terms::{ClientDocument, ServerUrl};
use url::Url;

const MAX_FILE: u64 = 1 << 20;
const MAX_NAME: usize = 64;
/// Keys that other clients write beside `url`. They are kept in the file and not acted on.
const FOREIGN: &[&str] = &[
    "type",
    "transport",
    "headers",
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

/// A whole configuration that has been found good.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The servers by name, in the order of the file's names.
    pub servers: BTreeMap<String, ServerConfig>,
    /// The valet's own settings.
    pub valet: ValetConfig,
    /// What the person should know about the file although it is good.
    pub notices: Vec<String>,
    /// The file without its secrets and without what has no effect here.
    pub plain: Value,
    /// Marks of what entries have that has no effect here, by their names.
    pub inert: BTreeMap<String, String>,
}

/// One server.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    /// Where the server is.
    pub url: ServerUrl,
    /// How to sign in to it, where discovery does not say.
    pub oauth: OauthBlock,
    /// In which form its credential is given out; by default as a token, if that ends within a day.
    pub hand_out: Option<HandOut>,
    /// What becomes of tokens that do not stand a check.
    pub verify: Verify,
}

impl ServerConfig {
    /// A server of which nothing is said but where it is.
    pub(crate) fn bare(url: ServerUrl) -> Self {
        Self { url, oauth: OauthBlock::default(), hand_out: None, verify: Verify::default() }
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

/// The valet's own settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValetConfig {
    /// What an agent with no remembered answer gets.
    #[serde(default)]
    pub agents: AgentsPolicy,
    /// Where secrets are kept.
    #[serde(default)]
    pub vault: VaultChoice,
    /// When the valet locks by itself.
    #[serde(default)]
    pub lock: LockPolicy,
    /// PEM files of certificate authorities to trust beside the system's.
    #[serde(default)]
    pub extra_ca: Vec<PathBuf>,
    /// The HTTP proxy for every call, instead of the system's.
    #[serde(default)]
    pub proxy: Option<Url>,
    /// The document whose address is our client ID at every issuer that takes one.
    #[serde(default, deserialize_with = "document")]
    pub client_metadata_url: Option<ClientDocument>,
}

fn document<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<ClientDocument>, D::Error> {
    let url = String::deserialize(from)?;
    ClientDocument::parse(&url).map(Some).map_err(serde::de::Error::custom)
}

/// What an agent with no remembered answer gets.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentsPolicy {
    /// The person is asked.
    #[default]
    Ask,
    /// It may use every server.
    Allow,
    /// It may use none.
    Deny,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultChoice {
    /// In the keychain if there is one, else in memory with a standing notice.
    #[default]
    Auto,
    /// In the keychain or nowhere.
    Keychain,
    /// In a file that is encrypted with a passphrase.
    File,
    /// In memory: gone when the valet ends.
    Memory,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    #[serde(rename = "mcpServers", default)]
    servers: Map<String, Value>,
    #[serde(default)]
    valet: ValetConfig,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    url: String,
    #[serde(default)]
    oauth: Map<String, Value>,
    #[serde(rename = "handOut", default)]
    hand_out: Option<HandOut>,
    #[serde(default)]
    verify: Verify,
}

impl Config {
    /// Reads the file. A missing file is an empty configuration.
    ///
    /// # Errors
    /// The file cannot be read, is not JSON, or says something that has no meaning here; the error names
    /// file, key and remedy.
    pub fn load(path: &Path) -> Result<(Self, String), ConfigError> {
        let text = read(path)?;
        Ok((Self::parse(path, &text)?, text))
    }

    /// Parses the text of a file at `path`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let place = Place::new(path);
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let value = strict::parse(text).map_err(|error| place.syntax(&error))?;
        let valet = value.get("valet").map(plain::of_valet);
        let file: File = place.read(value)?;
        let mut config = Self { valet: file.valet, ..Self::default() };
        let mut servers = Map::new();
        for (name, entry) in file.servers {
            let place = place.at("mcpServers").at(&name);
            check_name(&name, &place)?;
            servers.extend(plain::of_server(&entry).map(|plain| (name.clone(), plain)));
            config.inert.extend(plain::inert(&entry).map(|mark| (name.clone(), mark)));
            if let Some(server) = read_server(&name, entry, &place, &mut config.notices)? {
                config.servers.insert(name, server);
            }
        }
        config.plain = json!({ "mcpServers": servers, "valet": valet.unwrap_or_else(|| json!({})) });
        Ok(config)
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let place = Place::new(path);
    match regular::read(path, MAX_FILE) {
        Ok(text) => Ok(text),
        Err(Unread::Absent) => Ok(String::new()),
        Err(Unread::Large) => {
            Err(place.error("the file is larger than 1 MiB", "Check that it is the right file."))
        }
        Err(Unread::Other(what)) => Err(place.error(
            format!("there is {what} in its place; it was neither read nor changed"),
            "Put a plain file there, or a link to one.",
        )),
        Err(Unread::Refused(error)) => Err(place.unreadable(&error)),
    }
}

fn read_server(
    name: &str,
    entry: Value,
    place: &Place,
    notices: &mut Vec<String>,
) -> Result<Option<ServerConfig>, ConfigError> {
    let Value::Object(mut entry) = entry else {
        return Err(place.error("this must be an object with a `url`", "Write {\"url\": \"https://…\"}."));
    };
    if entry.contains_key("command") && !entry.contains_key("url") {
        notices.push(format!("\"{name}\" runs on this machine and needs no sign-in; it is left alone."));
        return Ok(None);
    }
    let foreign: Vec<String> =
        FOREIGN.iter().filter(|key| entry.remove(**key).is_some()).map(|k| format!("`{k}`")).collect();
    if !foreign.is_empty() {
        notices
            .push(format!("\"{name}\": {} is for other clients and has no effect here.", foreign.join(", ")));
    }
    if !entry.contains_key("url") {
        return Err(place.error("`url` is missing", "Add the server's address: \"url\": \"https://…\"."));
    }
    let entry: Entry = place.read(Value::Object(entry))?;
    let url = ServerUrl::parse(&entry.url)
        .map_err(|fault| place.at("url").error(fault.to_string(), fault.advice()))?;
    let oauth = OauthBlock::read(entry.oauth, &place.at("oauth"))?;
    Ok(Some(ServerConfig { url, oauth, hand_out: entry.hand_out, verify: entry.verify }))
}

fn check_name(name: &str, place: &Place) -> Result<(), ConfigError> {
    let remedy = "Use a short name of letters, digits, spaces or dashes.";
    if name.trim().is_empty() || name.chars().count() > MAX_NAME {
        return Err(place.error("a server's name has 1 to 64 characters", remedy));
    }
    if name.contains("://") {
        return Err(place.error("a server's name cannot look like a URL", remedy));
    }
    if name.chars().any(::plain::misleads) {
        return Err(place.error("the name holds characters that cannot be seen", remedy));
    }
    Ok(())
}

/// The entry of a new server as the file would hold it, checked as the file would be.
pub fn check_entry(path: &Path, name: &str, entry: &Map<String, Value>) -> Result<ServerConfig, ConfigError> {
    let place = Place::new(path).at("mcpServers").at(name);
    check_name(name, &place)?;
    let read = read_server(name, Value::Object(entry.clone()), &place, &mut Vec::new())?;
    read.ok_or_else(|| place.error("`url` is missing", "Give the server's address."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::parse(Path::new("config.json"), text)
    }

    fn refused(text: &str) -> (String, String, String) {
        let error = parse(text).unwrap_err();
        (error.key().to_owned(), error.to_string(), error.advice().to_owned())
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_path_and_the_right_spelling() {
        let (key, text, advice) =
            refused(r#"{"mcpServers":{"slack":{"url":"https://a.example/mcp","oauth":{"clientID":"x"}}}}"#);
        assert_eq!(key, "mcpServers.slack.oauth.clientID");
        assert!(text.contains("clientID"), "{text}");
        assert!(advice.contains("clientId"), "{advice}");
    }

    #[test]
    fn a_wrong_type_is_named_without_its_value() {
        let (key, text, _) = refused(
            r#"{"mcpServers":{"s":{"url":"https://a.example","oauth":{"clientId":"x","clientSecret":424242}}}}"#,
        );
        assert_eq!(key, "mcpServers.s.oauth.clientSecret");
        assert!(!text.contains("424242"), "{text}");
    }

    #[test]
    fn a_negative_port_is_refused() {
        let (key, ..) =
            refused(r#"{"mcpServers":{"s":{"url":"https://a.example","oauth":{"callbackPort":-1}}}}"#);
        assert_eq!(key, "mcpServers.s.oauth.callbackPort");
    }

    #[test]
    fn the_same_name_twice_is_refused_and_the_same_url_twice_is_not() {
        let (_, text, _) =
            refused(r#"{"mcpServers":{"a":{"url":"https://a.example"},"a":{"url":"https://b.example"}}}"#);
        assert!(text.contains("twice"), "{text}");
        let two =
            parse(r#"{"mcpServers":{"a":{"url":"https://a.example"},"b":{"url":"https://a.example"}}}"#)
                .unwrap();
        assert_eq!(two.servers.len(), 2);
    }

    #[test]
    fn keys_of_other_clients_are_kept_with_a_notice() {
        let config = parse(
            r#"{"mcpServers":{"a":{"type":"http","url":"https://a.example","headers":{}},"l":{"command":"x"}}}"#,
        );
        let config = config.unwrap();
        assert_eq!(config.servers.len(), 1);
        assert_eq!(config.notices.len(), 2, "{:?}", config.notices);
    }

    #[test]
    fn a_secret_without_a_client_id_is_refused() {
        let (key, ..) =
            refused(r#"{"mcpServers":{"s":{"url":"https://a.example","oauth":{"clientSecret":"x"}}}}"#);
        assert_eq!(key, "mcpServers.s.oauth.clientId");
    }

    #[test]
    fn a_syntax_error_names_its_line() {
        let (_, text, _) = refused("{\n\"mcpServers\": {,}\n}");
        assert!(text.contains("line 2"), "{text}");
    }

    #[test]
    fn the_schema_knows_the_same_keys() {
        let schema: Value = serde_json::from_str(include_str!("../config.schema.json")).unwrap();
        let keys = |of: &str| -> std::collections::BTreeSet<String> {
            schema["$defs"][of]["properties"].as_object().unwrap().keys().cloned().collect()
        };
        let known = |text: &str| -> std::collections::BTreeSet<String> {
            let (_, _, advice) = refused(text);
            advice
                .trim_start_matches("Take it out, or use one of: ")
                .trim_end_matches('.')
                .split(", ")
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(
            keys("oauth"),
            known(r#"{"mcpServers":{"a":{"url":"https://a.example","oauth":{"?":1}}}}"#)
        );
        assert_eq!(keys("valet"), known(r#"{"valet":{"?":1}}"#));
        assert_eq!(keys("lock"), known(r#"{"valet":{"lock":{"?":1}}}"#));
        assert_eq!(keys("server"), known(r#"{"mcpServers":{"a":{"url":"https://a.example","?":1}}}"#));
    }

    #[test]
    fn an_invisible_character_in_a_name_is_refused() {
        assert!(parse("{\"mcpServers\":{\"a\\u202eb\":{\"url\":\"https://a.example\"}}}").is_err());
    }
}
