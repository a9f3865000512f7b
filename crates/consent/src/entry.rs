//! An entry of the configuration that somebody wants to have added, and what of it needs the person.

use config::{PrivateKey, ServerConfig, Setting};
use ground::fingerprint::fingerprint;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wire::{Code, Problem};
use words::say;

/// Characters of an address that a question shows.
const LONGEST_URL: usize = 1000;

/// An entry that was found good and is not there yet.
pub struct Entry {
    /// Its name in the file.
    pub name: String,
    /// What it says of where the server is.
    pub said: Said,
    /// The same as it is read; any secret is here.
    pub server: ServerConfig,
    /// Whether a secret came with it.
    pub has_secret: bool,
    /// What it says of signing in, or of the program, as a person reads it.
    pub settings: Vec<Setting>,
    /// A mark of all of it but the name.
    pub mark: String,
}

/// What an entry says, without secrets.
pub enum Said {
    /// Of a server at an address.
    Remote {
        /// The address, as it was written.
        url: String,
        /// What it says of signing in.
        oauth: Map<String, Value>,
        /// What goes with each request to it.
        headers: Map<String, Value>,
    },
    /// Of a program.
    Local(Map<String, Value>),
}

impl Entry {
    /// The entry of this name for `url`, whose `oauth` and `headers` were read as `server`.
    #[must_use]
    pub fn new(
        name: String,
        url: String,
        (oauth, headers): (&Map<String, Value>, &Map<String, Value>),
        server: ServerConfig,
    ) -> Self {
        let plain = config::without_secrets(oauth);
        let mut settings = config::settings(oauth);
        settings.extend(config::header_settings(&server.headers));
        settings.extend(config::folder_settings(&server.folders));
        let (parts, sent) = (json!(in_order(oauth)), json!(in_order(headers)));
        let folders = json!(server.folders);
        Self {
            mark: fingerprint(&[&url, &parts.to_string(), &sent.to_string(), &folders.to_string()]),
            settings,
            has_secret: plain != *oauth || server.headers.found().next().is_some(),
            said: Said::Remote { url, oauth: plain, headers: server.headers.plain() },
            name,
            server,
        }
    }

    /// The entry of this name for a program, of which `written` was read as `server`.
    #[must_use]
    pub fn of_program(name: String, written: &Map<String, Value>, server: ServerConfig) -> Self {
        Self {
            mark: fingerprint(&[&json!(in_order(written)).to_string()]),
            settings: config::program_settings(&server),
            has_secret: server.headers.found().count() > 0,
            said: Said::Local(server.written().unwrap_or_default()),
            name,
            server,
        }
    }

    /// Whether a program may not have it added without the person.
    pub fn needs_the_person(&self) -> bool {
        let aims = match &self.said {
            Said::Remote { oauth, headers, .. } => !headers.is_empty() || oauth.keys().any(|key| aims(key)),
            Said::Local(_) => true,
        };
        aims || self.has_secret || !self.server.folders.is_empty()
    }

    /// What no program may have added, whoever agrees: it would make the valet read a file or run a program.
    pub fn refuse_what_runs(&self) -> Result<(), Problem> {
        if !self.server.oauth.reads_this_machine() {
            return Ok(());
        }
        Err(Problem::new(Code::InvalidRequest, say!(problem_over_socket), say!(problem_over_socket_advice)))
    }

    /// Whether a question can show it whole. What is started is among the settings.
    pub fn can_be_shown(&self) -> bool {
        let is_short = match &self.said {
            Said::Remote { url, .. } => url.chars().count() <= LONGEST_URL,
            Said::Local(_) => true,
        };
        is_short && config::can_be_shown(&self.settings)
    }

    /// The entry as the file would have it, for a person to paste. Secrets are theirs to fill in.
    pub fn to_paste(&self) -> String {
        let entry = match &self.said {
            Said::Local(entry) => entry.clone(),
            Said::Remote { url, oauth, headers } => {
                let mut oauth = oauth.clone();
                if self.server.oauth.client_secret.is_some() {
                    oauth.insert("clientSecret".to_owned(), json!("FILL IN"));
                }
                if self.server.oauth.secret_in_file().is_some() && self.server.oauth.client_secret.is_none() {
                    oauth.insert("privateKey".to_owned(), json!("FILL IN"));
                }
                of(url, (&oauth, headers), &self.server.folders)
            }
        };
        plain::json(&format!("{}: {:#}", json!(self.name), Value::Object(entry)))
    }

    /// The entry for the file. A secret that the vault has is not in it.
    pub fn for_file(&self, vault_has_secret: bool) -> Map<String, Value> {
        let (url, mut oauth, headers) = match &self.said {
            Said::Local(entry) => return entry.clone(),
            Said::Remote { url, oauth, headers } => (url, oauth.clone(), headers),
        };
        let read = &self.server.oauth;
        if let Some(secret) = read.client_secret.as_ref().filter(|_| !vault_has_secret) {
            oauth.insert("clientSecret".to_owned(), json!(secret.expose()));
        }
        // From there it is moved into the vault.
        if let Some(PrivateKey::Pem(key)) = &read.private_key {
            oauth.insert("privateKey".to_owned(), json!(key.expose()));
        }
        if let Some(secret) = read.grant.provider().and_then(|provider| provider.client_secret.as_ref())
            && let Some(Value::Object(grant)) = oauth.get_mut("grant")
        {
            grant.insert("clientSecret".to_owned(), json!(secret.expose()));
        }
        of(url, (&oauth, headers), &self.server.folders)
    }

    /// Whether it says more than where the server is.
    #[must_use]
    pub fn says_more(&self) -> bool {
        match &self.said {
            Said::Remote { oauth, headers, .. } => {
                !oauth.is_empty() || !headers.is_empty() || !self.server.folders.is_empty()
            }
            Said::Local(_) => true,
        }
    }

    /// The keys that need the person, for them to read.
    #[must_use]
    pub fn keys(&self) -> String {
        let keys = self.settings.iter().map(|Setting { key, .. }| key.as_str());
        let mut keys: Vec<&str> = keys.filter(|key| aims(key)).collect();
        // Folders are one setting each.
        keys.dedup();
        keys.join(", ")
    }
}

fn in_order(block: &Map<String, Value>) -> BTreeMap<&String, &Value> {
    block.iter().collect()
}

/// Whether a key of an `oauth` block aims a sign-in, so that it has to come from the person. Scopes are named
/// by the question about use.
fn aims(key: &str) -> bool {
    key != "scopes"
}

/// The entry as the file has it.
#[must_use]
pub fn of(
    url: &str,
    (oauth, headers): (&Map<String, Value>, &Map<String, Value>),
    folders: &[String],
) -> Map<String, Value> {
    let mut entry = Map::from_iter([("url".to_owned(), json!(url))]);
    if !oauth.is_empty() {
        entry.insert("oauth".to_owned(), Value::Object(oauth.clone()));
    }
    if !headers.is_empty() {
        entry.insert("headers".to_owned(), Value::Object(headers.clone()));
    }
    if !folders.is_empty() {
        entry.insert("folders".to_owned(), json!(folders));
    }
    entry
}
