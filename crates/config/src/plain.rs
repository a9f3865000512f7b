//! The configuration as it may be shown and written down: without what is secret.

use super::error::Location;
use super::headers::{Header, Headers};
use super::secret::is_secret;
use ::plain::{address_within, plain};
use ground::fingerprint::fingerprint;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use url::Url;
use words::say;

use super::{Config, ServerConfig, VaultChoice};

/// What an entry has that is acted on; the rest is other clients'.
const OF_SERVER: [&str; 6] = ["url", "oauth", "headers", "folders", "handOut", "verify"];
/// What runs something. Beside an address it has no effect here.
const INERT: [&str; 4] = ["command", "args", "env", "cwd"];

/// Settings that a question shows: more than that, and longer ones, nobody reads.
const MOST_SETTINGS: usize = 24;
const LONGEST_VALUE: usize = 1000;
const LONGEST: usize = 3000;
/// Characters of a setting that is told beside others in one line.
const SHORT: usize = 120;

/// One setting of an `oauth` block, as a person reads it.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its key, with those that it is below.
    pub key: String,
    /// What it is set to; null if that is a secret.
    pub value: Option<String>,
}

/// The settings of an `oauth` block, each as a person reads it.
pub fn settings(oauth: &Map<String, Value>) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (key, value) in oauth {
        collect(&mut settings, plain(key, SHORT), value, is_secret(key, value));
    }
    settings
}

/// The headers of a server, each as a person reads it. A key that came with them is a setting of its own.
pub fn header_settings(headers: &Headers) -> Vec<Setting> {
    let line = |header: &Header| {
        let key = format!("headers.{}", plain(&header.name, SHORT));
        let said = header.line.to_string();
        let brought = header.found.iter().flat_map(|_| header.line.keys());
        let brought = brought.map(|name| Setting { key: name.to_string(), value: None }).collect::<Vec<_>>();
        let line =
            Setting { key, value: Some(plain(&address_within(&said, LONGEST_VALUE + 1), LONGEST_VALUE)) };
        std::iter::once(line).chain(brought)
    };
    headers.iter().flat_map(line).collect()
}

/// The folders of a server, each as a person reads it: checked, so that it is what it looks like.
pub fn folder_settings(folders: &[String]) -> impl Iterator<Item = Setting> {
    let setting = |folder: &String| Setting { key: "folders".to_owned(), value: Some(folder.clone()) };
    folders.iter().map(setting)
}

/// How a program is started, each part as a person reads it.
pub fn program_settings(server: &ServerConfig) -> Vec<Setting> {
    let Some(program) = server.place.program() else { return Vec::new() };
    // Cut no shorter than what can be shown: what was cut is not shown as if it were whole.
    let part = |key: String, value: &str| Setting { key, value: Some(plain(value, LONGEST_VALUE + 1)) };
    let mut settings = vec![part("command".to_owned(), &program.command)];
    let args = program.args.iter().enumerate();
    settings.extend(args.map(|(number, line)| part(format!("args[{number}]"), &line.to_string())));
    settings.extend(program.cwd.as_deref().map(|folder| part("cwd".to_owned(), folder)));
    let variables = header_settings(&server.headers).into_iter();
    settings.extend(
        variables.map(|setting| Setting { key: setting.key.replacen("headers.", "env.", 1), ..setting }),
    );
    settings
}

fn collect(settings: &mut Vec<Setting>, key: String, value: &Value, secret: bool) {
    // In ASCII, and cut no shorter than what can be shown: what was cut is not shown as if it were whole.
    let seen = |text: &str| address_within(text, LONGEST_VALUE + 1);
    let said = match value {
        _ if secret => None,
        Value::Object(block) if !block.is_empty() => {
            for (below, value) in block {
                collect(settings, format!("{key}.{}", plain(below, SHORT)), value, is_secret(below, value));
            }
            return;
        }
        Value::Array(list) if list.iter().all(Value::is_string) => {
            Some(list.iter().filter_map(Value::as_str).map(seen).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => Some(seen(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Array(_) => {
            Some(seen(&value.to_string()))
        }
    };
    settings.push(Setting { key, value: said.map(|said| plain(&said, LONGEST_VALUE)) });
}

/// Whether a question can show all of them.
pub fn can_be_shown(settings: &[Setting]) -> bool {
    let length = |setting: &Setting| {
        setting.key.chars().count() + setting.value.as_ref().map_or(0, |value| value.chars().count())
    };
    let each = settings.iter().all(|setting| length(setting) <= LONGEST_VALUE);
    each && settings.len() <= MOST_SETTINGS && settings.iter().map(length).sum::<usize>() <= LONGEST
}

/// An `oauth` block without its secrets.
pub fn without_secrets(oauth: &Map<String, Value>) -> Map<String, Value> {
    let keep = |(key, value): (&String, &Value)| {
        if is_secret(key, value) {
            return None;
        }
        let value = match value {
            Value::Object(block) => Value::Object(without_secrets(block)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                value.clone()
            }
        };
        Some((key.clone(), value))
    };
    oauth.iter().filter_map(keep).collect()
}

/// An entry without its secrets and without what has no effect here; `None` if it is no server's.
pub(super) fn of_server(entry: &Value) -> Option<Value> {
    let entry = entry.as_object().filter(|entry| entry.contains_key("url"))?;
    let keep = |key: &str| {
        let value = entry.get(key)?;
        let plain = match (key, value) {
            ("oauth", Value::Object(block)) => json!(without_secrets(block)),
            ("headers", Value::Object(block)) => json!(plain_headers(block)?),
            _ => value.clone(),
        };
        Some((key.to_owned(), plain))
    };
    Some(Value::Object(OF_SERVER.into_iter().filter_map(keep).collect()))
}

/// Headers without what is secret in them; nothing where they cannot be read.
fn plain_headers(block: &Map<String, Value>) -> Option<Map<String, Value>> {
    let headers = Headers::read(block.clone(), &Location::new(Path::new(""))).ok()?;
    (!headers.is_empty()).then(|| headers.plain())
}

/// The valet's own settings without the password of a proxy.
pub(super) fn of_valet(valet: &Value) -> Value {
    let mut valet = valet.clone();
    if let Some(proxy) = valet.get_mut("proxy")
        && let Some(mut url) = proxy.as_str().and_then(|proxy| Url::parse(proxy).ok())
    {
        let _ = url.set_password(None);
        *proxy = json!(url.as_str());
    }
    valet
}

/// A mark of what an entry has that runs something. Where it had no effect, it is known again by that.
pub(super) fn mark(entry: &Value) -> Option<String> {
    let there: Vec<String> =
        INERT.iter().filter_map(|key| Some(format!("{key}={}", entry.get(*key)?))).collect();
    let parts: Vec<&str> = there.iter().map(String::as_str).collect();
    (!parts.is_empty()).then(|| fingerprint(&parts))
}

impl Config {
    /// Leaves programs alone that `is_inert` knows by their names and marks: nobody has agreed to them. Where
    /// no shell `asks`, the file may say itself that they are meant.
    pub fn leave_inert(&mut self, asks: bool, is_inert: impl Fn(&str, &str) -> bool) {
        if self.valet.local_servers && !asks {
            return;
        }
        let is_inert = |(name, mark): &(&String, &String)| is_inert(name, mark);
        let names: Vec<String> =
            self.programs.iter().filter(is_inert).map(|(name, _)| name.clone()).collect();
        for name in names {
            let (Some(mark), Some(server)) = (self.programs.remove(&name), self.servers.remove(&name)) else {
                continue;
            };
            if let Some(servers) = self.plain.get_mut("mcpServers").and_then(Value::as_object_mut) {
                servers.shift_remove(&name);
            }
            self.notices.push(say!(config_asleep, server = &name));
            self.inert.insert(name.clone(), mark);
            self.asleep.insert(name, server);
        }
    }

    /// Leaves alone what another reading of the file left alone, as long as nothing of this name is in use.
    pub fn leave_as_in(&mut self, file: &Self) {
        let is_used = |name: &&String| self.servers.contains_key(*name);
        let inert = file.inert.iter().filter(|(name, _)| !is_used(name));
        let inert: Vec<_> = inert.map(|(name, mark)| (name.clone(), mark.clone())).collect();
        let asleep = file.asleep.iter().filter(|(name, _)| !is_used(name));
        let asleep: Vec<_> = asleep.map(|(name, server)| (name.clone(), server.clone())).collect();
        self.inert.extend(inert);
        self.asleep.extend(asleep);
    }

    /// Puts a program into use that was left alone. False if there is none of this name.
    pub fn wake(&mut self, name: &str) -> bool {
        let (Some(server), Some(mark)) = (self.asleep.remove(name), self.inert.remove(name)) else {
            return false;
        };
        let told = say!(config_asleep, server = name);
        self.notices.retain(|notice| *notice != told);
        if let Some(servers) = self.plain.get_mut("mcpServers").and_then(Value::as_object_mut) {
            servers.extend(server.written().map(|entry| (name.to_owned(), Value::Object(entry))));
        }
        self.programs.insert(name.to_owned(), mark);
        self.servers.insert(name.to_owned(), server);
        true
    }

    /// The configuration that was written down, as far as it is one.
    pub fn written_down(plain: &Value) -> Option<Self> {
        plain.as_object()?;
        Self::parse(Path::new("servers.json"), &plain.to_string()).ok()
    }

    /// What was written down has no secrets; what is the same in the file is taken from there, with them.
    pub fn with_secrets_of(mut self, file: &Self) -> Self {
        let is_same = |path: &str| {
            let (ours, theirs) = (self.plain.pointer(path), file.plain.pointer(path));
            ours.is_some() && ours == theirs
        };
        if is_same("/valet/proxy") {
            self.valet.proxy.clone_from(&file.valet.proxy);
        }
        let entry = |config: &Self, name: &str| config.plain.get("mcpServers")?.get(name).cloned();
        let same: BTreeMap<_, _> = file
            .servers
            .iter()
            .filter(|(name, _)| {
                let ours = entry(&self, name);
                ours.is_some() && ours == entry(file, name)
            })
            .map(|(name, server)| (name.clone(), server.clone()))
            .collect();
        self.servers.extend(same);
        self
    }

    /// Without the keys of servers that the file did not have before: they would take the place of others.
    pub fn without_new_keys(mut self, had: impl Fn(&str, &ServerConfig) -> bool) -> Self {
        for (name, server) in &mut self.servers {
            if !had(name, server) {
                let server = Arc::make_mut(server);
                server.headers = server.headers.without_secrets();
            }
        }
        self
    }

    /// Keeps secrets elsewhere, as the person chose.
    pub fn use_vault(&mut self, vault: VaultChoice) {
        if let Some(valet) = self.plain.get_mut("valet").and_then(Value::as_object_mut) {
            valet.insert("vault".to_owned(), json!(&vault));
        }
        self.valet.vault = vault;
    }

    /// How an entry says that it is signed in to, in one line.
    pub fn said_of(&self, name: &str) -> String {
        let oauth = self.plain.get("mcpServers").and_then(|servers| servers.get(name)?.get("oauth"));
        let said = oauth.and_then(Value::as_object).map(settings).unwrap_or_default();
        let each = |setting: &Setting| {
            let value = setting.value.as_deref().unwrap_or_default();
            format!("{}: {}", setting.key, plain(value, SHORT))
        };
        let shown: Vec<String> = said.iter().take(MOST_SETTINGS).map(each).collect();
        shown.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_secret_is_neither_shown_nor_kept_and_all_else_is() {
        let oauth = block(json!({
            "clientId": "a\nb", "clientSecret": "SECRET", "privateKey": "-----BEGIN KEY-----SECRET",
            "grant": { "type": "id_jag", "clientSecret": "SECRET" }, "scopes": ["r", "w"], "tls": true,
        }));
        let said = |key: &str| {
            let found = settings(&oauth).into_iter().find(|setting| setting.key == key).unwrap();
            found.value
        };
        assert_eq!(said("clientId").as_deref(), Some("a\\u{a}b"));
        assert_eq!(
            (said("clientSecret"), said("privateKey"), said("grant.clientSecret")),
            (None, None, None)
        );
        assert_eq!(said("grant.type").as_deref(), Some("id_jag"));
        assert_eq!(said("scopes").as_deref(), Some("r, w"));
        assert_eq!(said("tls").as_deref(), Some("true"));
        let kept = json!(without_secrets(&oauth)).to_string();
        assert!(!kept.contains("SECRET") && kept.contains("id_jag"), "{kept}");
        let path = block(json!({ "privateKey": "/home/ada/key.pem" }));
        assert_eq!(without_secrets(&path), path);
    }

    #[test]
    fn what_is_too_long_to_be_read_is_not_shown() {
        let many: Map<String, Value> = (0..25).map(|n| (format!("k{n}"), json!("v"))).collect();
        assert!(!can_be_shown(&settings(&many)));
        assert!(!can_be_shown(&settings(&block(json!({ "clientId": "x".repeat(1001) })))));
        assert!(can_be_shown(&settings(&block(json!({ "clientId": "x", "callbackPort": 1 })))));
    }

    #[test]
    fn what_runs_something_is_marked_and_not_kept() {
        let entry = json!({ "command": "npx", "env": { "KEY": "SECRET" } });
        assert!(of_server(&entry).is_none() && mark(&entry).is_some());
        let other = json!({ "command": "npx", "env": { "KEY": "OTHER" } });
        assert_ne!(mark(&entry), mark(&other));
        let remote = json!({ "url": "https://a.example", "headers": { "Authorization": "SECRET" } });
        let kept = json!({ "url": "https://a.example", "headers": { "Authorization": "${key}" } });
        assert_eq!(of_server(&remote), Some(kept));
        assert!(mark(&json!({ "url": "https://a.example" })).is_none());
        let proxy = of_valet(&json!({ "proxy": "http://ada:SECRET@proxy.example:3128" })).to_string();
        assert!(!proxy.contains("SECRET") && proxy.contains("proxy.example"), "{proxy}");
    }
}
