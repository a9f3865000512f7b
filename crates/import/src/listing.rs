//! What is shown to the person: servers that can be added, one row for each address; what cannot be added,
//! and why; files that could not be read.

use crate::client::Client;
use crate::entry::{Left, ListEntry, Server, Why};
use crate::name;
use crate::place::{Findings, Located};
use crate::plain;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use url::Url;

/// Letters of a text from outside.
const LONGEST: usize = 200;

/// Everything that was found, compared with what the valet has.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Servers that can be added, or are there already.
    pub servers: Vec<Offer>,
    /// Entries that are nothing for the valet.
    pub others: Vec<Other>,
    /// Files that could not be read.
    pub notices: Vec<Notice>,
}

/// A remote server that one or more programs list.
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// What it would be called here: as it is called there, unless that name is taken.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Where it is listed.
    pub seen: Vec<Seen>,
    /// The name under which the valet has this address already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub there: Option<String>,
    /// Every program that lists it has it switched off.
    pub disabled: bool,
    /// Every program that lists it takes it for one of the older transport, HTTP+SSE.
    pub older_transport: bool,
    /// What its entries have that is not taken over.
    pub left: Vec<Left>,
    /// The `headers` block that it would be added with: those by which every program that lists it shows it a
    /// key, each with a name in the key's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, string>", optional))]
    pub headers: Option<Map<String, Value>>,
    /// The `oauth` block that it would be added with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub oauth: Option<Map<String, Value>>,
}

impl Offer {
    /// Whether it can be added.
    #[must_use]
    pub const fn is_new(&self) -> bool {
        self.there.is_none()
    }

    /// Whether it is added unless the person says otherwise.
    #[must_use]
    pub const fn is_suggested(&self) -> bool {
        self.is_new() && !self.disabled
    }
}

/// Where an entry is.
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The program.
    pub client: Client,
    /// Its name.
    pub program: String,
    /// The file, with its whole path.
    pub file: String,
    /// The project that it is listed for, in a file that has many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// What it is called there.
    pub name: String,
}

/// An entry that cannot be added.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Other {
    /// Why not.
    pub why: Why,
    /// Where it is.
    pub seen: Seen,
}

/// A file that could not be read, or not whole.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The program that it belongs to.
    pub program: String,
    /// The file, with its whole path.
    pub file: String,
    /// What is wrong with it, as the end of a sentence about the file. Nothing of what is in it.
    pub trouble: String,
}

/// Compares what was found with the servers that the valet has: their names and addresses.
#[must_use]
pub fn listing<'a>(findings: Findings, there: impl IntoIterator<Item = (&'a str, &'a str)>) -> Listing {
    let there: Vec<(&str, &str)> = there.into_iter().collect();
    let (mut rows, mut others) = (Vec::<(Row, Option<String>)>::new(), Vec::new());
    for found in findings.found {
        let seen = seen(&found);
        match found.entry {
            ListEntry::Not(why) => others.push(Other { why, seen }),
            ListEntry::Server(server) => match rows.iter_mut().find(|(row, _)| row.url == server.url) {
                Some((row, _)) => row.join(*server, seen),
                None => {
                    let here = there
                        .iter()
                        .find(|(_, url)| is_same(&server, url))
                        .map(|(name, _)| (*name).to_owned());
                    rows.push((Row::new(*server, seen), here));
                }
            },
        }
    }
    let mut taken: BTreeSet<String> = there.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut servers: Vec<Offer> = rows.into_iter().map(|(row, here)| row.offer(here, &mut taken)).collect();
    servers.sort_by(|one, other| (!one.is_new(), &one.name).cmp(&(!other.is_new(), &other.name)));
    let notice = |(client, file, trouble): (Client, std::path::PathBuf, String)| Notice {
        program: client.name().to_owned(),
        file: plain::seen(&file.to_string_lossy(), LONGEST),
        trouble,
    };
    Listing { servers, others, notices: findings.troubles.into_iter().map(notice).collect() }
}

fn is_same(server: &Server, url: &str) -> bool {
    server.raw == url || Url::parse(url).is_ok_and(|url| url == server.url)
}

fn seen(found: &Located) -> Seen {
    Seen {
        client: found.client,
        program: found.client.name().to_owned(),
        file: plain::seen(&found.file.to_string_lossy(), LONGEST),
        project: found.project.as_deref().map(|project| plain::seen(project, LONGEST)),
        name: plain::seen(&found.name, LONGEST),
    }
}

/// Headers with the names of keys in the place of the keys; `None` if there would be none.
fn block(headers: &[String]) -> Option<Map<String, Value>> {
    let line = |name: &String| {
        let scheme = if name.eq_ignore_ascii_case("authorization") { "Bearer " } else { "" };
        let key = match headers {
            [_] => "${key}".to_owned(),
            _ => format!("${{key:{}}}", name.to_ascii_lowercase()),
        };
        (name.clone(), Value::from(format!("{scheme}{key}")))
    };
    (!headers.is_empty()).then(|| headers.iter().map(line).collect())
}

/// Entries with one address, as they are gathered.
struct Row {
    url: Url,
    server: Server,
    seen: Vec<Seen>,
}

impl Row {
    fn new(server: Server, seen: Seen) -> Self {
        Self { url: server.url.clone(), server, seen: vec![seen] }
    }

    /// The first that knows of a client or of scopes is believed; what only one leaves behind is told.
    fn join(&mut self, other: Server, seen: Seen) {
        let own = &mut self.server;
        own.disabled &= other.disabled;
        own.is_older &= other.is_older;
        if own.settings.client_id.is_none() && other.settings.client_id.is_some() {
            own.settings = other.settings;
        } else if own.settings.scopes.is_empty() && own.settings.client_id == other.settings.client_id {
            own.settings.scopes = other.settings.scopes;
        }
        // Where one signs in, so does the valet.
        let takes = |name: &str| other.key_headers.iter().any(|other| other.eq_ignore_ascii_case(name));
        own.key_headers.retain(|name| takes(name));
        own.left.extend(other.left);
        own.left.sort_unstable();
        own.left.dedup();
        if !self.seen.contains(&seen) {
            self.seen.push(seen);
        }
    }

    fn offer(self, there: Option<String>, taken: &mut BTreeSet<String>) -> Offer {
        let Self { url, server, seen } = self;
        let called = seen.first().map(|seen| seen.name.as_str()).unwrap_or_default();
        // Where another program signs in, so does the valet.
        let signs_in = server.key_headers.is_empty();
        let as_told = |left| if left == Left::Key && signs_in { Left::Authorization } else { left };
        let left = server.left.into_iter().map(as_told);
        let mut left: Vec<Left> = left.collect();
        left.dedup();
        let name = there.clone().unwrap_or_else(|| name::free(called, &url, taken));
        taken.insert(name.clone());
        Offer {
            name,
            url: server.raw,
            seen,
            there,
            disabled: server.disabled,
            older_transport: server.is_older,
            left,
            headers: block(&server.key_headers),
            oauth: server.settings.into_block(),
        }
    }
}
