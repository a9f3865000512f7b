//! `mcp-remote`, a bridge that programs start in place of a remote server: the server is the one behind it.
//!
//! Its arguments are `URL [PORT]` and options, see <https://github.com/geelen/mcp-remote>.

use crate::entry::{Headers, Left};
use crate::oauth::{self, Settings, text};
use serde_json::Value;

/// Words of a command that are looked at.
const MOST: usize = 200;
/// Where the browser comes back to if nothing is said.
const PATH: &str = "/oauth/callback";
const HOST: &str = "localhost";

/// The server behind a bridge.
#[derive(Debug, Default)]
pub(crate) struct Bridge {
    pub(crate) address: Option<String>,
    pub(crate) settings: Settings,
    pub(crate) left: Vec<Left>,
    pub(crate) headers: Headers,
    /// The headers with what is in them, which may be secret.
    pub(crate) whole: Vec<(String, String)>,
}

/// The words of an entry's command. One program has them in two keys, another in one; a shell has some in one
/// text.
#[must_use]
pub fn words(value: &Value) -> Vec<String> {
    let keys = [&value["command"], &value["cmd"], &value["args"]];
    let words: Vec<String> = keys.into_iter().flat_map(texts).take(MOST).map(str::to_owned).collect();
    if words.iter().any(|word| is_bridge(word)) {
        return words;
    }
    let split = |word: String| match word.contains("mcp-remote") {
        true => {
            word.split_whitespace().take(MOST).map(|part| part.trim_matches(['"', '\'']).to_owned()).collect()
        }
        false => vec![word],
    };
    words.into_iter().flat_map(split).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(word) => vec![word],
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect(),
        // Zed once had both in one.
        Value::Object(command) => {
            let path = command.get("path").and_then(Value::as_str);
            let arguments = command.get("args").and_then(Value::as_array);
            path.into_iter().chain(arguments.into_iter().flatten().filter_map(Value::as_str)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// `mcp-remote`, `mcp-remote@latest`, or the path to either, or to the file in it that Node runs.
fn is_bridge(word: &str) -> bool {
    let mut parts = word.rsplit(['/', '\\']);
    let last = parts.next().unwrap_or_default();
    let name = last.split('@').next().unwrap_or_default();
    matches!(name, "mcp-remote" | "mcp-remote.cmd" | "mcp-remote.exe")
        || (last == "proxy.js" && parts.next() == Some("dist") && parts.next() == Some("mcp-remote"))
}

/// Where in a command the bridge is started: `npx -p mcp-remote@0.1 mcp-remote` has it as a package first.
fn start(command: &[String]) -> Option<usize> {
    let first = command.iter().position(|word| is_bridge(word))?;
    let next = command.iter().enumerate().skip(first + 1).find(|(_, word)| !word.starts_with('-'));
    let again = next.filter(|(_, word)| is_bridge(word) && !word.contains("://"));
    Some(again.map_or(first, |(at, _)| at))
}

/// Reads a command; `None` if it starts no bridge.
pub(crate) fn read(command: &[String]) -> Option<Bridge> {
    let at = start(command)?;
    let mut bridge = Bridge::default();
    let (mut headers, mut plain) = (Vec::new(), Vec::new());
    let mut redirect = (HOST.to_owned(), PATH.to_owned());
    let mut rest = command[at + 1..].iter().map(String::as_str);
    while let Some(word) = rest.next() {
        match word {
            "--header" => {
                let header = rest.next().unwrap_or_default();
                headers.extend(header.split(':').next());
                let (name, value) = header.split_once(':').unwrap_or((header, ""));
                bridge.whole.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            "--host" => redirect.0 = rest.next().unwrap_or_default().to_owned(),
            "--callback-path" => redirect.1 = rest.next().unwrap_or_default().to_owned(),
            "--static-oauth-client-info" => bridge.take(rest.next(), true),
            "--static-oauth-client-metadata" => bridge.take(rest.next(), false),
            "--transport" | "--resource" | "--ignore-tool" | "--auth-timeout" | "--authorize-param" => {
                let _ = rest.next();
            }
            option if option.starts_with("--") => {}
            word => plain.push(word),
        }
    }
    bridge.address = plain.first().map(|word| (*word).to_owned());
    bridge.settings.redirect.port = plain.get(1).and_then(|port| port.parse().ok()).filter(|port| *port > 0);
    bridge.settings.redirect.host = oauth::host(&redirect.0);
    bridge.settings.redirect.path = oauth::path(&redirect.1);
    bridge.headers = Headers::of(false, &headers);
    Some(bridge)
}

impl Bridge {
    /// A client, or what it asks for, as JSON; `@` names a file that has it, and further files are not
    /// opened.
    fn take(&mut self, word: Option<&str>, is_client: bool) {
        let Some(word) = word else { return };
        let described: Option<Value> = serde_json::from_str(word).ok().filter(Value::is_object);
        let Some(described) = described else {
            if is_client {
                self.left.push(Left::Client);
            }
            return;
        };
        let (settings, left) = oauth::of_client(&described);
        if is_client && text(&described, "client_id").is_some() {
            self.settings.client_id = settings.client_id;
            self.left.extend(left);
        }
        if !settings.scopes.is_empty() {
            self.settings.scopes = settings.scopes;
        }
    }
}
