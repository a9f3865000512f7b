//! What is written down of each server between runs: nothing secret, so that listing never opens the
//! keychain.

use crate::state::added::{Added, Agreed};
use crate::state::book::Book;
use crate::state::held::{Held, Noted};
use crate::state::not_now::Declined;
use crate::state::server::{ClientAt, Server};
use crate::state::thing::Refused;
use config::thing::Thing;
use config::{self, Config, Known};
use consent::answers::Consents;
use consent::remembered::Used;
use files::draft::Draft;
use files::regular::{self, Unread};
use jiff::Timestamp;
use ledger::Ledger;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vault::{Key, Marks, Vault};
use wire::VaultKind;

/// The newest form of the records. What says no form is of the first.
const FORM: u64 = 1;
/// Most bytes of the file.
const LARGEST: u64 = 64 << 20;

#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    form: u64,
}

/// All records, by the servers' ids.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Records {
    #[serde(default)]
    form: u64,
    /// Whether anything was ever put into the keychain: then memory is no substitute for it.
    #[serde(default)]
    pub(crate) keychain_used: bool,
    /// The vault that everything was moved out of, as long as it may still have copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) moved_out_of: Option<VaultKind>,
    /// The marks of the vaults that were used.
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    pub(crate) marks: Marks,
    #[serde(default)]
    servers: BTreeMap<String, Record>,
    /// Servers that left the configuration.
    #[serde(default)]
    pub(crate) left: BTreeMap<String, Left>,
    /// What the person had refused of entries that are gone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    refused: BTreeMap<String, Refused>,
    /// The configuration that was in use, without its secrets.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) configuration: Value,
    /// Marks of what its entries have that has no effect here, by their names: a version that acts on it
    /// knows what was there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    inert: BTreeMap<String, String>,
    /// To which issuer a redirect URI belongs.
    #[serde(default)]
    pub(crate) ledger: Ledger,
}

/// What is remembered of a server that left the configuration: it may come back, and its grant may still be
/// in the vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Left {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) known: Option<Known>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) registered_at: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) revoked: bool,
}

impl Left {
    pub(crate) fn of(server: &Server) -> Self {
        Self {
            name: server.name.clone(),
            known: Some(Known::of(&server.config)),
            registered_at: server.registered_at.clone(),
            revoked: server.revoked,
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    name: String,
    url: String,
    #[serde(default)]
    granted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lapsed: Option<String>,
    /// Whether the vault may still have a grant that was revoked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    revoked: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback_port: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource_refused_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_at: Option<ClientAt>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    added_by: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    added_by_unknown: bool,
    /// Whether the person agreed to what was added.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    agreed: bool,
    /// The issuers at which a client of ours was registered for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    registered_at: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known: Option<Known>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    declined_for_good: bool,
    /// What it is, whatever it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thing: Option<Thing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used: Option<Timestamp>,
    /// Uses of agents whose answer outlives the valet, by a mark that tells nobody who they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    uses: BTreeMap<String, Used>,
}

impl Record {
    fn refused(&self) -> Option<Refused> {
        let thing = self.thing.clone().unwrap_or_else(|| Thing::at(&self.url));
        let proxy = self.known.as_ref().is_some_and(Known::is_kept_to_the_proxy);
        Refused::new(&self.name, &thing, proxy, self.declined())
    }

    const fn declined(&self) -> Declined {
        if self.declined_for_good { Declined::ForGood } else { Declined::No }
    }

    fn noted(&self) -> Noted {
        match &self.lapsed {
            Some(why) => Noted::Lapsed(why.clone()),
            None if self.granted => Noted::Granted,
            None => Noted::Nothing,
        }
    }

    fn added(&self) -> Option<Added> {
        let by = self.added_by.clone()?;
        let agreed = if self.agreed { Agreed::ByThePerson } else { Agreed::ByNobody };
        Some(Added { by, known: !self.added_by_unknown, agreed })
    }
}

impl Records {
    /// Reads the records; a file that is missing or damaged counts as empty, since the vault has all that
    /// matters. `None` where a later version wrote it.
    pub(crate) fn load(path: &Path) -> Option<Self> {
        let text = match regular::read(path, LARGEST) {
            Ok(text) => text,
            Err(Unread::Absent) => String::new(),
            Err(why) => {
                tracing::warn!(file = %path.display(), ?why, "what was known of the servers could not be read");
                String::new()
            }
        };
        if text.is_empty() {
            return Some(Self::default());
        }
        if serde_json::from_str::<Form>(&text).is_ok_and(|form| form.form > FORM) {
            return None;
        }
        Some(serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!(%error, "what was known of the servers could not be read; it is built anew");
            Self::default()
        }))
    }

    /// What is known of the vault of this kind. Earlier versions left no mark in it, but wrote down what was
    /// granted.
    pub(crate) fn known(&self, kind: VaultKind) -> vault::Known {
        let mark = self.marks.of(kind).cloned();
        let used = match kind {
            VaultKind::Keychain => self.keychain_used,
            VaultKind::File => !self.keychain_used,
            VaultKind::Memory => false,
        };
        let granted = self.servers.iter().filter(|(_, record)| record.granted && !record.revoked);
        let mut signs: Vec<String> = granted.map(|(id, _)| Key::Grant(id.clone()).to_string()).collect();
        if mark.is_some() || !used {
            signs.clear();
        } else if !signs.is_empty() {
            signs.extend([Key::AuditSeal.to_string(), Key::Consents.to_string()]);
        }
        vault::Known { mark, signs }
    }

    /// The server with what was known of it.
    pub(crate) fn restore(&self, mut server: Server) -> Server {
        server.held = Held::Sealed(Noted::Nothing);
        server.revoked = self.left.get(&server.id).is_some_and(|left| left.revoked);
        let Some(record) = self.servers.get(&server.id) else { return server };
        server.held = Held::Sealed(record.noted());
        server.revoked = record.revoked;
        server.callback_port = record.callback_port;
        server.resource_refused_by.clone_from(&record.resource_refused_by);
        server.client_at.clone_from(&record.client_at);
        server.added = record.added();
        server.registered_at.clone_from(&record.registered_at);
        server.not_now.own = record.declined();
        server.last_used = record.last_used;
        record.thing.iter().for_each(|thing| server.thing.join(thing));
        server
    }

    /// What the person had refused of entries that the configuration does not have any more.
    pub(crate) fn refused(&self, config: &Config) -> BTreeMap<String, Refused> {
        let here: BTreeSet<String> =
            config.servers.iter().map(|(name, server)| Server::id_of(name, server)).collect();
        let gone = self.servers.iter().filter(|(id, _)| !here.contains(*id));
        let gone = gone.filter_map(|(id, record)| Some((id.clone(), record.refused()?)));
        self.refused.clone().into_iter().chain(gone).collect()
    }

    /// What was known of a server that left the configuration, once it is back.
    pub(crate) fn known_of(&self, name: &str, server: &config::ServerConfig) -> Option<&Known> {
        self.left.get(&Server::id_of(name, server))?.known.as_ref()
    }

    /// The things that were kept to the proxy, each by a name that this was said of.
    pub(crate) fn kept_to_the_proxy(&self) -> Vec<(String, Thing)> {
        let refused = self.servers.values().filter_map(Record::refused).chain(self.refused.values().cloned());
        refused.filter_map(|refused| refused.kept_to_the_proxy()).collect()
    }

    /// What a configuration gives beyond what the last run knew of its servers, in words for the person.
    pub(crate) fn raises(&self, config: &Config) -> Vec<String> {
        let proxied = self.kept_to_the_proxy();
        let of = |(name, server): (&String, &config::ServerConfig)| {
            let id = Server::id_of(name, server);
            let there = self.servers.get(&id).and_then(|record| record.known.as_ref());
            let known = there.or_else(|| self.left.get(&id)?.known.as_ref());
            let said = config.said_of(name);
            let raises = known.map(|known| config::raises_of(name, Some(known), server, &said));
            raises.unwrap_or_default().into_iter().chain(config::opens(name, known, server, &proxied))
        };
        config.servers.iter().flat_map(of).collect()
    }

    /// The uses that were written down, by the servers' ids.
    pub(crate) fn uses(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = (String, Used)>)> {
        let of = |record: &Record| record.uses.clone().into_iter();
        self.servers.iter().map(move |(id, record)| (id.as_str(), of(record)))
    }
}

pub(crate) fn of(book: &Book, consents: &Consents, vault: &Vault) -> Records {
    let lasts = vault.kind() != VaultKind::Memory;
    let keychain = vault.kind() == VaultKind::Keychain && vault.has_written();
    let record = |server: &Server| {
        let uses = if lasts { consents.uses(&server.id) } else { Vec::new() };
        (server.id.clone(), Record { uses: uses.into_iter().collect(), ..record(server, lasts) })
    };
    let servers: BTreeMap<String, Record> = book.servers.values().map(record).collect();
    let keychain_used = book.keychain_used || keychain;
    let refused = book.refused.iter().filter(|(_, refused)| refused.lasts());
    let refused = refused.map(|(id, refused)| (id.clone(), refused.clone())).collect();
    let mut marks = book.marks.clone();
    if let Some(mark) = vault.mark() {
        marks.note(vault.kind(), Some(mark));
    }
    Records {
        form: FORM,
        marks,
        keychain_used,
        moved_out_of: book.moved_out_of,
        servers,
        left: book.left.clone(),
        refused,
        configuration: book.config.plain.clone(),
        inert: book.config.inert.clone(),
        ledger: book.ledger.clone(),
    }
}

fn record(server: &Server, lasts: bool) -> Record {
    let granted = match &server.held {
        Held::Live(_) | Held::Unsaved(_) | Held::Unregistered(..) | Held::Sealed(Noted::Granted) => true,
        Held::Nothing | Held::Lapsed(_) | Held::Sealed(Noted::Nothing | Noted::Lapsed(_)) => false,
    };
    let lapsed = match &server.held {
        Held::Lapsed(why) | Held::Sealed(Noted::Lapsed(why)) => Some(why.clone()),
        Held::Nothing
        | Held::Live(_)
        | Held::Unsaved(_)
        | Held::Unregistered(..)
        | Held::Sealed(Noted::Nothing | Noted::Granted) => None,
    };
    let added = server.added.as_ref();
    Record {
        name: server.name.clone(),
        url: server.config.url.as_str().to_owned(),
        granted: granted && lasts,
        lapsed,
        revoked: server.revoked,
        callback_port: server.callback_port,
        resource_refused_by: server.resource_refused_by.clone(),
        client_at: server.client_at.clone(),
        added_by: added.map(|added| added.by.clone()),
        added_by_unknown: added.is_some_and(|added| !added.known),
        agreed: added.is_some_and(|added| added.agreed == Agreed::ByThePerson),
        registered_at: server.registered_at.clone(),
        known: Some(Known::of(&server.config)),
        declined_for_good: server.not_now.own == Declined::ForGood,
        thing: Some(server.thing.clone()),
        last_used: server.last_used,
        uses: BTreeMap::new(),
    }
}

pub(crate) fn write(path: &Path, records: &Records) -> std::io::Result<()> {
    Draft::of(path, &serde_json::to_vec_pretty(records)?, 0o600)?.place()
}
