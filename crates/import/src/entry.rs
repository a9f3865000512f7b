//! One entry of a list: a remote server, or why it is none that the valet can take.

use crate::bridge::{self, Bridge};
use crate::key;
use crate::oauth::{self, Settings, text};
use crate::tree::Listed;
use serde::Serialize;
use serde_json::Value;
use terms::header;
use url::{Host, Url};
use words::say;

/// Longest address, in bytes, as in the valet's own configuration.
const LONGEST: usize = 2048;

/// What an entry is.
#[derive(Debug)]
pub(crate) enum ListEntry {
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
    /// The headers by which it is shown a key, by their names.
    pub(crate) key_headers: Vec<String>,
    pub(crate) disabled: bool,
    /// It is listed as one of the older transport, HTTP+SSE.
    pub(crate) is_older: bool,
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
    pub fn words(self) -> String {
        match self {
            Self::Local => say!(import_local),
            Self::UsesValet => say!(import_uses_valet),
            Self::NoAddress => say!(import_no_address),
            Self::PlainHttp => say!(import_plain_http),
            Self::Variables => say!(import_variables),
            Self::KeyInAddress => say!(import_key_in_address),
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
    /// The key that it is shown; its header is taken over.
    Key,
}

impl Left {
    /// What that means, in the words that a person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Authorization => say!(import_left_authorization),
            Self::Headers => say!(import_left_headers),
            Self::ClientSecret => say!(import_left_secret),
            Self::Client => say!(import_left_client),
            Self::Key => say!(import_left_key),
        }
    }
}

/// Keys under which one program or another has the address. Gemini CLI takes `httpUrl` where it has both.
pub(crate) const ADDRESSES: [&str; 7] =
    ["httpUrl", "url", "serverUrl", "uri", "baseUrl", "base_url", "server_url"];

pub(crate) fn read(listed: &Listed) -> ListEntry {
    let value = &listed.value;
    // Cline has the entry itself one level further in, as goose once had.
    let further = ["transport", "config"].iter().filter_map(|key| value.get(key));
    let inner = further.into_iter().find(|inner| inner.is_object()).unwrap_or(value);
    let off = |value: &Value| value["disabled"] == true || value["enabled"] == false;
    let disabled = listed.disabled || off(value) || off(inner);
    match server(inner, disabled) {
        Ok(server) => {
            ListEntry::Server(Box::new(Server { is_older: listed.is_older || says_older(inner), ..server }))
        }
        Err(why) => ListEntry::Not(why),
    }
}

fn server(value: &Value, disabled: bool) -> Result<Server, Why> {
    let command = bridge::words(value);
    if uses_valet(value, &command) {
        return Err(Why::UsesValet);
    }
    if let Some(address) = ADDRESSES.iter().find_map(|key| text(value, key)) {
        let (settings, left) = oauth::of_entry(value);
        let (bearer, names) = headers(value);
        return finished(address, settings, left, Headers::of(bearer, &names), disabled);
    }
    match bridge::read(&command) {
        Some(Bridge { address: Some(address), settings, left, headers, .. }) => {
            finished(&address, settings, left, headers, disabled)
        }
        Some(Bridge { address: None, .. }) => Err(Why::NoAddress),
        None if !command.is_empty() || is_builtin(value) => Err(Why::Local),
        None => Err(Why::NoAddress),
    }
}

fn finished(
    address: &str,
    settings: Settings,
    mut left: Vec<Left>,
    headers: Headers,
    disabled: bool,
) -> Result<Server, Why> {
    let url = check(address)?;
    // Who has a client there signs in.
    let key_headers = if settings.client_id.is_some() { Vec::new() } else { headers.keys };
    left.extend(match key_headers.is_empty() {
        true if headers.authorization => Some(Left::Authorization),
        true => None,
        false => Some(Left::Key),
    });
    left.extend(headers.others.then_some(Left::Headers));
    left.sort_unstable();
    left.dedup();
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    let raw = if is_plain { address.to_owned() } else { url.to_string() };
    Ok(Server { url, raw, settings, left, key_headers, disabled, is_older: false })
}

/// The transport of before 2025-03-26, as most programs name it.
pub(crate) fn says_older(value: &Value) -> bool {
    ["type", "transport"]
        .iter()
        .any(|key| text(value, key).is_some_and(|said| said.eq_ignore_ascii_case("sse")))
}

/// What a program brings along itself.
fn is_builtin(value: &Value) -> bool {
    matches!(
        text(value, "type"),
        Some("builtin" | "platform" | "frontend" | "inline_python" | "stdio" | "local")
    )
}

pub(crate) fn uses_valet(value: &Value, command: &[String]) -> bool {
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
#[must_use]
pub fn has_variables(text: &str) -> bool {
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

/// Whether an entry has a token beside its headers, and which headers it has; never what is in them.
fn headers(value: &Value) -> (bool, Vec<&str>) {
    let bearer = [
        "bearer_token_env_var",
        "bearer_token",
        "bearerToken",
        "bearerTokenEnv",
        "bearer_token_env",
        "apiKey",
    ]
    .iter()
    .any(|key| text(value, key).is_some());
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
    (bearer, names)
}

const AUTHORIZATION: &str = "Authorization";
/// Headers of one entry in which keys are looked for.
const MOST_HEADERS: usize = 8;

/// The headers of an entry; never what is in them.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    /// Those by which a key is shown, by their names. A name that is none, or long, is left out.
    keys: Vec<String>,
    /// Whether `Authorization` is one of them.
    authorization: bool,
    /// Whether there are others.
    others: bool,
}

impl Headers {
    /// `bearer`: whether there is a token beside the headers.
    pub(crate) fn of(bearer: bool, names: &[&str]) -> Self {
        let (keys, others): (Vec<&str>, Vec<&str>) =
            names.iter().map(|name| name.trim()).partition(|name| shows_key(name));
        let bearer = bearer.then_some(AUTHORIZATION);
        let mut all: Vec<String> = Vec::new();
        for name in bearer.into_iter().chain(keys) {
            if !all.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                all.push(name.to_owned());
            }
        }
        all.truncate(MOST_HEADERS);
        let authorization = all.iter().any(|name| name.eq_ignore_ascii_case(AUTHORIZATION));
        Self { keys: all, authorization, others: !others.is_empty() }
    }
}

fn shows_key(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name = (1..=64).contains(&name.len()) && name.bytes().all(plain);
    is_name && header::is_secret_name(name) && !header::is_set_by_itself(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_taken_once_and_one_that_nobody_can_set_is_not() {
        let headers =
            Headers::of(false, &["X-Api-Key", "x-api-key", "Proxy-Authorization", "Cookie", "X-Region"]);
        assert_eq!(headers.keys, ["X-Api-Key", "Cookie"]);
        assert!(headers.others && !headers.authorization);
        assert_eq!(Headers::of(true, &["authorization"]).keys, ["Authorization"]);
    }
}
