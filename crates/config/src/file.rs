//! The whole file.

use super::ConfigError;
use super::error::Location;
use super::plain;
use super::server::{ServerConfig, check_name, read_server};
use super::strict;
use super::valet::ValetConfig;
use files::regular::{self, Unread};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use words::say;

const MAX_FILE: u64 = 1 << 20;
/// A whole configuration that has been found good.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The servers by name, in the order of the file's names.
    pub servers: BTreeMap<String, Arc<ServerConfig>>,
    /// The valet's own settings.
    pub valet: ValetConfig,
    /// What the person should know about the file although it is good.
    pub notices: Vec<String>,
    /// The file without its secrets and without what has no effect here.
    pub plain: Value,
    /// Marks of what entries have that has no effect here, by their names.
    pub inert: BTreeMap<String, String>,
    /// The same of programs that are servers.
    pub programs: BTreeMap<String, String>,
    /// Programs that would be servers, once the person agrees.
    pub asleep: BTreeMap<String, Arc<ServerConfig>>,
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
        let place = Location::new(path);
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
            let mark = plain::mark(&entry).map(|mark| (name.clone(), mark));
            let server = read_server(&name, entry, &place, &mut config.notices)?;
            let program = server.as_ref().and_then(ServerConfig::written);
            if program.is_some() { &mut config.programs } else { &mut config.inert }.extend(mark);
            servers.extend(program.map(|program| (name.clone(), Value::Object(program))));
            config.servers.extend(server.map(|server| (name, Arc::new(server))));
        }
        let valet = valet.unwrap_or_else(|| json!({}));
        let whole = [("mcpServers", Value::Object(servers)), ("valet", valet)];
        config.plain = whole.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Ok(config)
    }
}

/// The text of the file; none for a file that is not there.
pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    let place = Location::new(path);
    match regular::read(path, MAX_FILE) {
        Ok(text) => Ok(text),
        Err(Unread::Absent) => Ok(String::new()),
        Err(Unread::Large) => Err(place.error(say!(config_too_large), say!(config_too_large_advice))),
        Err(Unread::Other(what)) => {
            Err(place.error(say!(config_no_file, what = what), say!(config_no_file_advice)))
        }
        Err(Unread::Refused(error)) => Err(place.unreadable(&error)),
    }
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
            r#"{"mcpServers":{"a":{"type":"http","url":"https://a.example","timeout":1},"l":{"command":"x"}}}"#,
        );
        let config = config.unwrap();
        assert_eq!(config.servers.len(), 2);
        assert_eq!(config.notices.len(), 1, "{:?}", config.notices);
    }

    #[test]
    fn what_starts_a_program_is_a_server_and_what_cannot_be_read_of_such_is_left_alone() {
        let config = parse(
            r#"{"mcpServers":{"brave":{"command":"npx","args":["-y","@brave/x"],"cwd":"~/x","type":"stdio",
                "env":{"BRAVE_API_KEY":"abcdef","LOG":"info"}},
               "a":{"command":"x","args":"no list"},"b":{"command":"./x"},"c":{"command":"x","env":{"A B":"1"}},
               "d":{"command":"x","args":["--api-key","abcdef"]},"e":{"command":"x","args":["${HOME}"]},
               "f":{"command":"x","args":["--api-key","${key}"]}}}"#,
        );
        let config = config.unwrap();
        assert_eq!(config.servers.keys().collect::<Vec<_>>(), ["brave"]);
        assert_eq!(config.inert.len(), 6);
        let notices = config.notices.join(" ");
        assert!(config.notices.len() == 7 && !notices.contains("abcdef"), "{notices}");
        let brave = &config.servers["brave"];
        assert_eq!(brave.place.to_string(), "npx -y @brave/x");
        let expected = json!({ "command": "npx", "args": ["-y", "@brave/x"], "cwd": "~/x",
            "env": { "BRAVE_API_KEY": "${key}", "LOG": "info" } });
        assert_eq!(config.plain["mcpServers"], json!({ "brave": expected }));
        assert!(brave.takes_keys() && brave.headers.found().count() == 1);
        let again = Config::written_down(&config.plain).unwrap();
        assert_eq!(again.servers["brave"].place, brave.place);
    }

    #[test]
    fn a_key_is_an_argument_only_where_that_is_said() {
        let text = r#"{"mcpServers":{"f":{"command":"x","args":["--api-key=${key}"],"keysInArgs":["key"]}}}"#;
        let config = parse(text).unwrap();
        assert_eq!(config.servers["f"].keys().len(), 1);
        assert_eq!(config.plain["mcpServers"]["f"]["keysInArgs"], json!(["key"]));
    }

    #[test]
    fn a_program_that_was_left_alone_is_none_of_the_servers_until_it_is_woken() {
        let text = r#"{"mcpServers":{"l":{"command":"x"},"m":{"command":"y"}}}"#;
        let mut config = parse(text).unwrap();
        let whole = config.clone();
        config.leave_inert(true, |name, _| name == "l");
        assert_eq!(config.servers.keys().collect::<Vec<_>>(), ["m"]);
        assert!(config.plain["mcpServers"].get("l").is_none() && config.inert.contains_key("l"));
        assert!(config.wake("l") && !config.wake("l"));
        assert_eq!(config, whole);
        let mut service = parse(&text.replace("}}}", "}},\"valet\":{\"localServers\":true}}")).unwrap();
        service.leave_inert(false, |_, _| true);
        assert_eq!(service.servers.len(), 2);
        service.leave_inert(true, |_, _| true);
        assert!(service.servers.is_empty(), "where a person can be asked, a file says nothing for them");
        let mut before = parse(r#"{"mcpServers":{"m":{"url":"https://a.example/mcp"}}}"#).unwrap();
        before.leave_as_in(&service);
        assert!(before.inert.contains_key("l") && before.asleep.contains_key("l"));
        assert!(!before.inert.contains_key("m") && before.servers.len() == 1);
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
        let known_of = |advice: &str| -> std::collections::BTreeSet<String> {
            let keys = advice.trim_start_matches("Take it out, or use one of: ").trim_end_matches('.');
            keys.split(", ").map(str::to_owned).collect()
        };
        let known = |text: &str| known_of(&refused(text).2);
        assert_eq!(
            keys("oauth"),
            known(r#"{"mcpServers":{"a":{"url":"https://a.example","oauth":{"?":1}}}}"#)
        );
        assert_eq!(keys("valet"), known(r#"{"valet":{"?":1}}"#));
        assert_eq!(keys("lock"), known(r#"{"valet":{"lock":{"?":1}}}"#));
        let entry = json!({ "command": "x", "?": 1 });
        let error =
            crate::check_entry(Path::new("config.json"), "a", entry.as_object().unwrap()).unwrap_err();
        let beside_env = known_of(error.advice());
        assert_eq!(keys("program"), beside_env.into_iter().chain(["env".to_owned()]).collect());
        assert_eq!(keys("server"), known(r#"{"mcpServers":{"a":{"url":"https://a.example","?":1}}}"#));
    }

    #[test]
    fn an_invisible_character_in_a_name_is_refused() {
        assert!(parse("{\"mcpServers\":{\"a\\u202eb\":{\"url\":\"https://a.example\"}}}").is_err());
    }
}
