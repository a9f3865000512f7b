//! What another program knows of signing in, as far as it has a place in the valet's `oauth` block and is no
//! secret.

use crate::entry::{Left, has_variables};
use serde_json::{Map, Value, json};
use url::{Host, Url};

/// Longest client ID, in bytes.
const LONGEST: usize = 512;
/// Scopes that are taken over at most.
const MOST_SCOPES: usize = 64;

/// Settings for the `oauth` block. Where the browser comes back to belongs to a client that somebody
/// registered; without one the valet registers its own, with an address of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) client_id: Option<String>,
    pub(crate) redirect: Redirect,
    pub(crate) scopes: Vec<String>,
}

/// Parts of a redirect URI on this computer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Redirect {
    pub(crate) port: Option<u16>,
    pub(crate) host: Option<&'static str>,
    pub(crate) path: Option<String>,
}

impl Settings {
    /// The `oauth` block; `None` if it would be empty.
    pub(crate) fn into_block(self) -> Option<Map<String, Value>> {
        let mut block = Map::new();
        if let Some(id) = self.client_id {
            block.insert("clientId".to_owned(), json!(id));
            let Redirect { port, host, path } = self.redirect;
            let parts = [
                ("callbackPort", port.map(|port| json!(port))),
                ("redirectHost", host.map(|host| json!(host))),
            ];
            let parts = parts.into_iter().chain([("callbackPath", path.map(|path| json!(path)))]);
            block.extend(parts.filter_map(|(key, part)| Some((key.to_owned(), part?))));
        }
        if !self.scopes.is_empty() {
            block.insert("scopes".to_owned(), json!(self.scopes));
        }
        (!block.is_empty()).then_some(block)
    }
}

/// A text that is not empty.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// What an entry says about signing in: below `oauth`, or `auth` at Cursor, or beside the address.
pub(crate) fn of_entry(value: &Value) -> (Settings, Vec<Left>) {
    let block = ["oauth", "auth"].iter().find_map(|key| value.get(key).filter(|block| block.is_object()));
    let (mut settings, mut left) = block.map(of_client).unwrap_or_default();
    if settings.scopes.is_empty() {
        settings.scopes = scopes(value);
    }
    if settings.client_id.is_none()
        && let Some(id) = text(value, "oauthClientId")
    {
        take_client(&mut settings, &mut left, id);
    }
    (settings, left)
}

/// A description of a client, in the names of one program or another; also as RFC 7591 has it, which
/// mcp-remote takes.
pub(crate) fn of_client(block: &Value) -> (Settings, Vec<Left>) {
    let (mut settings, mut left) = (Settings { scopes: scopes(block), ..Settings::default() }, Vec::new());
    if let Some(id) = first(block, &["clientId", "client_id", "CLIENT_ID"]) {
        take_client(&mut settings, &mut left, id);
    }
    if first(block, &["clientSecret", "client_secret", "CLIENT_SECRET"]).is_some() {
        left.push(Left::ClientSecret);
    }
    if let Some(uri) =
        first(block, &["redirectUri", "redirect_uri", "callback_url"]).and_then(|uri| Url::parse(uri).ok())
    {
        settings.redirect = redirect(&uri);
    }
    if let Some(port) = block.get("callbackPort").and_then(Value::as_u64) {
        settings.redirect.port = u16::try_from(port).ok().filter(|port| *port > 0);
    }
    (settings, left)
}

fn take_client(settings: &mut Settings, left: &mut Vec<Left>, id: &str) {
    let usable =
        id.len() <= LONGEST && !has_variables(id) && !id.chars().any(|c| c.is_control() || c.is_whitespace());
    if usable {
        settings.client_id = Some(id.to_owned());
    } else {
        left.push(Left::Client);
    }
}

fn first<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| text(value, key))
}

/// A list, or one text with spaces between. All or none: fewer would be another sign-in than the person had.
pub(crate) fn scopes(block: &Value) -> Vec<String> {
    let value = ["scopes", "scope", "oauthScope", "oauth_scope"]
        .iter()
        .find_map(|key| block.get(key))
        .unwrap_or(&Value::Null);
    let all: Vec<&str> = match value {
        Value::String(text) => text.split_ascii_whitespace().collect(),
        Value::Array(list) => list.iter().map(|one| one.as_str().unwrap_or_default()).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    if all.len() > MOST_SCOPES || !all.iter().all(|scope| is_scope(scope)) {
        return Vec::new();
    }
    all.into_iter().map(str::to_owned).collect()
}

/// RFC 6749 §3.3, at a length that a person may read.
fn is_scope(scope: &str) -> bool {
    let plain = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    (1..=256).contains(&scope.len()) && scope.bytes().all(plain) && !has_variables(scope)
}

/// The parts of a redirect URI, if it leads to this computer.
fn redirect(uri: &Url) -> Redirect {
    let host = match uri.host() {
        Some(Host::Domain("localhost")) => Some("localhost"),
        Some(Host::Ipv4(address)) if address.is_loopback() => Some("127.0.0.1"),
        Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_)) | None => return Redirect::default(),
    };
    Redirect { port: uri.port(), host, path: path(uri.path()) }
}

/// A path as the valet's configuration takes it.
pub(crate) fn path(path: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    let usable = path.len() <= 200 && path.starts_with('/') && path.chars().all(plain);
    (usable && !path.contains("//") && !path.contains("..")).then(|| path.to_owned())
}

/// A host that the browser can come back to on this computer.
pub(crate) fn host(host: &str) -> Option<&'static str> {
    ["localhost", "127.0.0.1"].into_iter().find(|known| *known == host)
}
