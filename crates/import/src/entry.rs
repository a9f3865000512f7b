//! One entry of a list: a remote server, or why it is none that the valet can take.

use crate::bridge::{self, Bridge};
use crate::key;
use crate::oauth::{self, Settings, text};
use serde::Serialize;
use serde_json::Value;
use url::{Host, Url};

/// Longest address, in bytes, as in the valet's own configuration.
const LONGEST: usize = 2048;

/// What an entry is.
#[derive(Debug)]
pub(crate) enum Entry {
    Server(Box<Server>),
    Not(Why),
}

/// A remote server as another program lists it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: Url,
    /// As it was written, if that shows where it leads; else as it goes over the network.
    pub(crate) raw: String,
    pub(crate) settings: Settings,
    pub(crate) left: Vec<Left>,
    pub(crate) disabled: bool,
}

/// Why an entry cannot be taken.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It runs on this computer, and has nothing to sign in to.
    Local,
    /// It goes through the valet already.
    UsesValet,
    /// It has no address, or one that is none.
    NoAddress,
    /// Its address goes over the network without https.
    PlainHttp,
    /// Its address has parts that only the other program can fill in.
    Variables,
    /// Its address holds a user name, a password or a key.
    KeyInAddress,
}

impl Why {
    /// The reason in the words that a person reads.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Local => "runs on this computer and needs no sign-in",
            Self::UsesValet => "uses MCP Valet already",
            Self::NoAddress => "has no address that can be used",
            Self::PlainHttp => "goes over the network without https",
            Self::Variables => "has an address that only that program can fill in",
            Self::KeyInAddress => "has a key in its address, so it needs no sign-in",
        }
    }
}

/// What an entry has beside its address that is not taken over.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Its own `Authorization` header.
    Authorization,
    /// Other headers.
    Headers,
    /// The secret of a client made by hand.
    ClientSecret,
    /// A client that is described in a file of its own, or in variables.
    Client,
}

impl Left {
    /// What that means, in the words that a person reads.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Authorization => "has its own Authorization header; MCP Valet would sign in instead",
            Self::Headers => "its own headers are not copied",
            Self::ClientSecret => "its client secret is not copied; you are asked for it",
            Self::Client => "its client ID is kept elsewhere and is not copied",
        }
    }
}

/// Keys under which one program or another has the address. Gemini CLI takes `httpUrl` where it has both.
const ADDRESSES: [&str; 4] = ["httpUrl", "url", "serverUrl", "uri"];

pub(crate) fn read(value: &Value, disabled: bool) -> Entry {
    // goose once had the entry itself one level further in.
    let inner = value.get("config").filter(|inner| inner.is_object()).unwrap_or(value);
    let off = |value: &Value| value["disabled"] == true || value["enabled"] == false;
    let disabled = disabled || off(value) || off(inner);
    match server(inner, disabled) {
        Ok(server) => Entry::Server(Box::new(server)),
        Err(why) => Entry::Not(why),
    }
}

fn server(value: &Value, disabled: bool) -> Result<Server, Why> {
    let command = bridge::words(value);
    if uses_valet(value, &command) {
        return Err(Why::UsesValet);
    }
    if let Some(address) = ADDRESSES.iter().find_map(|key| text(value, key)) {
        let (settings, mut left) = oauth::of_entry(value);
        left.extend(headers(value));
        return finished(address, settings, left, disabled);
    }
    match bridge::read(&command) {
        Some(Bridge { address: Some(address), settings, left }) => {
            finished(&address, settings, left, disabled)
        }
        Some(Bridge { address: None, .. }) => Err(Why::NoAddress),
        None if !command.is_empty() || is_builtin(value) => Err(Why::Local),
        None => Err(Why::NoAddress),
    }
}

fn finished(address: &str, settings: Settings, mut left: Vec<Left>, disabled: bool) -> Result<Server, Why> {
    let url = check(address)?;
    left.sort_unstable();
    left.dedup();
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    let raw = if is_plain { address.to_owned() } else { url.to_string() };
    Ok(Server { url, raw, settings, left, disabled })
}

/// What a program brings along itself.
fn is_builtin(value: &Value) -> bool {
    matches!(
        text(value, "type"),
        Some("builtin" | "platform" | "frontend" | "inline_python" | "stdio" | "local")
    )
}

fn uses_valet(value: &Value, command: &[String]) -> bool {
    let is_ours = |word: &str| {
        word.rsplit(['/', '\\']).next().is_some_and(|name| name.trim_end_matches(".exe") == "mcp-valet")
    };
    let helper = ["headersHelper", "http_headers_helper"].iter().find_map(|key| text(value, key));
    let helped = helper.is_some_and(|helper| helper.split([' ', '\'', '"']).any(is_ours));
    let mounted = text(value, "url").is_some_and(|url| url.starts_with("unix:") && url.contains("mcp-valet"));
    helped || mounted || command.iter().any(|word| is_ours(word))
}

/// The address of a server as the valet takes it: https, or http on this computer; nothing in it that is
/// secret or not there yet.
fn check(address: &str) -> Result<Url, Why> {
    if has_variables(address) {
        return Err(Why::Variables);
    }
    let bad = |c: char| c.is_control() || c.is_whitespace();
    if address.len() > LONGEST || address.contains(bad) {
        return Err(Why::NoAddress);
    }
    let url = Url::parse(address).map_err(|_| Why::NoAddress)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(Why::PlainHttp),
        _ => return Err(Why::NoAddress),
    }
    if key::is_in(&url) {
        return Err(Why::KeyInAddress);
    }
    if url.fragment().is_some() {
        return Err(Why::NoAddress);
    }
    Ok(url)
}

/// As one program or another writes them: `${env:X}`, `${input:x}`, `${X}`, `$X`, `${{ secrets.X }}`,
/// `{env:X}`, `{file:x}`, `<x>`.
pub(crate) fn has_variables(text: &str) -> bool {
    let dollar = text
        .split('$')
        .skip(1)
        .any(|rest| rest.starts_with(|c: char| c == '{' || c == '_' || c.is_ascii_alphabetic()));
    dollar || ["{{", "{env:", "{file:", "<"].iter().any(|mark| text.contains(mark))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Which headers an entry has; never what is in them.
fn headers(value: &Value) -> Option<Left> {
    let bearer =
        ["bearer_token_env_var", "bearer_token", "apiKey"].iter().any(|key| text(value, key).is_some());
    let maps = [
        &value["headers"],
        &value["requestOptions"]["headers"],
        &value["http_headers"],
        &value["env_http_headers"],
    ];
    let names: Vec<&str> = maps
        .iter()
        .filter_map(|map| map.as_object())
        .flat_map(|map| map.keys().map(String::as_str))
        .collect();
    of_names(bearer, &names)
}

pub(crate) fn of_names(bearer: bool, names: &[&str]) -> Option<Left> {
    if bearer || names.iter().any(|name| name.trim().eq_ignore_ascii_case("authorization")) {
        return Some(Left::Authorization);
    }
    (!names.is_empty()).then_some(Left::Headers)
}
