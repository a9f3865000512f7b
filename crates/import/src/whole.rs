//! All that an entry says, for whoever takes it over whole.

use crate::bridge;
use crate::entry::{self, ADDRESSES, Left};
use crate::key;
use crate::oauth::{self, text};
use serde_json::{Map, Value};
use std::ops::Range;
use url::Url;

/// All that an entry says. It may hold secrets.
#[derive(Debug)]
pub enum Whole {
    /// It leads to the valet.
    Ours,
    /// It is a server at an address.
    Remote {
        /// The address, as it is written.
        address: String,
        /// The headers, by their names, in the order in which they are written.
        headers: Vec<(String, String)>,
        /// The variables that its values may name, where a bridge is started with them.
        variables: Map<String, Value>,
        /// The `oauth` block that says the same.
        oauth: Option<Map<String, Value>>,
        /// What has no place there.
        left: Vec<Left>,
        /// It is one of the older transport, HTTP+SSE.
        is_older: bool,
    },
    /// It is a program.
    Local {
        /// What is started, and with what.
        words: Vec<String>,
        /// Its environment.
        variables: Map<String, Value>,
        /// The folder that it runs in.
        cwd: Option<String>,
    },
    /// It is something that the program brings along, or nothing that could be used.
    Other,
}

/// Reads all that an entry says, and answers its own members, which some programs have one level further in.
#[must_use]
pub fn whole(value: &Value) -> (Whole, &Value) {
    let further = ["transport", "config"].iter().filter_map(|key| value.get(key));
    let value = further.into_iter().find(|inner| inner.is_object()).unwrap_or(value);
    let command = bridge::words(value);
    if entry::uses_valet(value, &command) {
        return (Whole::Ours, value);
    }
    let variables = variables(value);
    if let Some(address) = ADDRESSES.iter().find_map(|key| text(value, key)) {
        let (settings, left) = oauth::of_entry(value);
        let (address, headers) = (address.to_owned(), headers(value));
        let (oauth, is_older) = (settings.into_block(), entry::says_older(value));
        let variables = Map::new();
        return (Whole::Remote { address, headers, variables, oauth, left, is_older }, value);
    }
    let whole = match bridge::read(&command) {
        Some(bridge) => match bridge.address {
            Some(address) => {
                let (headers, oauth, left) = (bridge.whole, bridge.settings.into_block(), bridge.left);
                Whole::Remote { address, headers, variables, oauth, left, is_older: false }
            }
            None => Whole::Other,
        },
        None if command.is_empty() => Whole::Other,
        None if ["builtin", "platform", "frontend", "inline_python"]
            .contains(&text(value, "type").unwrap_or("")) =>
        {
            Whole::Other
        }
        None => Whole::Local { words: command, variables, cwd: text(value, "cwd").map(ToOwned::to_owned) },
    };
    (whole, value)
}

/// Whatever a program calls the environment of another.
fn variables(value: &Value) -> Map<String, Value> {
    // Zed once had it beside the path of the command.
    let own = value.get("command").filter(|command| command.is_object()).unwrap_or(&Value::Null);
    let maps = [&value["env"], &value["envs"], &value["environment"], &own["env"]];
    let all = maps.into_iter().filter_map(Value::as_object).flatten();
    all.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn headers(value: &Value) -> Vec<(String, String)> {
    // Each that is there: whoever takes the entry over sees that there are two.
    let bearer = ["bearer_token", "bearerToken", "apiKey"].iter().filter_map(|key| text(value, key));
    let bearer = bearer.map(|token| ("Authorization".to_owned(), format!("Bearer {token}")));
    let maps = [&value["headers"], &value["requestOptions"]["headers"], &value["http_headers"]];
    let all = maps.into_iter().filter_map(Value::as_object).flatten();
    let said = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    };
    bearer.chain(all.map(|(name, value)| (name.clone(), said(value)))).collect()
}

/// The members that say the address of a server, of those that an entry has.
#[must_use]
pub fn addresses(value: &Value) -> Vec<&'static str> {
    ADDRESSES.into_iter().filter(|key| text(value, key).is_some()).collect()
}

/// Whether an address is likely to hold a user name, a password or a key.
#[must_use]
pub fn key_in(url: &Url) -> bool {
    key::is_in(url)
}

/// Where in an address, as it is written, keys are: in its path, and behind that.
#[must_use]
pub fn keys_within(address: &str) -> Vec<Range<usize>> {
    key::places(address)
}

pub use crate::entry::has_variables;
