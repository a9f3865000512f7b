//! A server that is a program on this machine.

use crate::ConfigError;
use crate::error::Location;
use crate::folders;
use crate::headers::{KeyName, Line};
use plain::misleads;
use secret::Secret;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use terms::variable;
use words::say;
use zeroize::Zeroizing;

/// Arguments of a program, and characters of each: a question shows all of them.
const MOST: usize = 64;
const LONGEST: usize = 1000;
/// What stands before what tells a program from others: no address begins so.
const BEGIN: &str = "program:";
/// Where a key goes that is an argument, among the variables that others go into.
pub const ARGUMENTS: &str = "args";

/// A program that is started, and speaks MCP over its standard input and output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// What is started: a name that is looked up in `PATH`, or a whole path.
    pub command: String,
    /// What it is started with. Whoever uses this machine can read that.
    pub args: Vec<Line>,
    /// The folder that it runs in, as it was written; the person's own if there is none.
    pub cwd: Option<String>,
    /// All of it, by which it is told from others.
    text: String,
}

/// What the file says of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Written {
    command: String,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    cwd: Option<String>,
    /// The keys that may be arguments.
    #[serde(default)]
    keys_in_args: Vec<String>,
}

impl Program {
    pub(crate) fn read(written: Written, place: &Location) -> Result<Self, ConfigError> {
        let Written { command, args, cwd, keys_in_args } = written;
        if !is_command(&command) {
            return Err(place.at("command").error(say!(config_command), say!(config_command_advice)));
        }
        if args.len() > MOST || !args.iter().all(|argument| is_seen(argument)) {
            return Err(place.at("args").error(say!(config_args, most = MOST), say!(config_args_advice)));
        }
        if let Some(folder) = &cwd {
            folders::check(std::slice::from_ref(folder), &place.at("cwd"))?;
        }
        let lines = read_args(&args, &place.at("args"))?;
        if let Some(key) = lines.iter().flat_map(Line::keys).find(|key| !is_accepted(key, &keys_in_args)) {
            let named = key.as_str();
            return Err(place
                .at("args")
                .error(say!(config_key_in_args, key = named), say!(config_key_in_args_advice, key = named)));
        }
        let text = format!("{BEGIN}{}", json!([command, args, cwd]));
        Ok(Self { command, args: lines, cwd, text })
    }

    /// All of it, by which it is told from others.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As it would be typed.
    #[must_use]
    pub fn said(&self) -> String {
        let args: Vec<String> = self.args.iter().map(ToString::to_string).collect();
        plain::shown(&plain::command_line(
            std::iter::once(self.command.as_str()).chain(args.iter().map(String::as_str)),
        ))
    }

    /// The keys that are arguments.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<&KeyName> {
        self.args.iter().flat_map(Line::keys).collect()
    }

    /// Its arguments with their keys; nothing where one is missing.
    #[must_use]
    pub fn fill<'a>(
        &self,
        key: impl Fn(&KeyName) -> Option<&'a Secret> + Copy,
    ) -> Option<Vec<Zeroizing<String>>> {
        self.args.iter().map(|line| line.fill(key)).collect()
    }

    /// As the file has it.
    #[must_use]
    pub(crate) fn written(&self) -> Map<String, Value> {
        let mut entry = Map::from_iter([("command".to_owned(), json!(self.command))]);
        if !self.args.is_empty() {
            let args: Vec<String> = self.args.iter().map(ToString::to_string).collect();
            entry.insert("args".to_owned(), json!(args));
        }
        if let Some(cwd) = &self.cwd {
            entry.insert("cwd".to_owned(), json!(cwd));
        }
        let keys: Vec<&str> = self.keys().into_iter().map(KeyName::as_str).collect();
        if !keys.is_empty() {
            entry.insert("keysInArgs".to_owned(), json!(keys));
        }
        entry
    }
}

fn is_accepted(key: &KeyName, accepted: &[String]) -> bool {
    accepted.iter().any(|name| name == key.as_str())
}

/// A name, or a whole path: where another would lead depends on who reads it.
fn is_command(command: &str) -> bool {
    let is_whole = command.starts_with('/') || command.starts_with("~/") || !command.contains('/');
    !command.trim().is_empty() && !command.starts_with('-') && is_whole && is_seen(command)
}

fn is_seen(text: &str) -> bool {
    text.chars().count() <= LONGEST && !text.chars().any(misleads)
}

/// What is written out as an argument is no secret: there is no way to keep it.
fn read_args(args: &[String], place: &Location) -> Result<Vec<Line>, ConfigError> {
    let mut before = None;
    let mut lines = Vec::with_capacity(args.len());
    for argument in args {
        if !argument.contains("${") && variable::is_secret_argument(before, argument) {
            return Err(place.error(say!(config_secret_in_args), say!(config_secret_in_args_advice)));
        }
        lines.push(Line::parse(argument).map_err(|bad| place.error(bad.problem, bad.advice))?);
        before = Some(argument.as_str());
    }
    Ok(lines)
}
