//! What is written down of each server between runs: nothing secret, so that listing never opens the
//! keychain.

use crate::added::AddedBy;
use crate::agreed::Agreed;
use crate::book::Book;
use crate::held::{Held, Noted};
use crate::left::Left;
use crate::not_now::Declined;
use crate::print::{Print, print};
use crate::server::{ClientAt, Server};
use crate::shared_vault::FollowedLock;
use crate::thing::RefusedEntry;
use crate::uses::UsesOf;
use config::{self, Config, Known, thing::Thing};
use consent::answers::Consents;
use consent::noted::NotedAnswer;
use consent::remembered::Used;
use ground::cause::Cause;
use ground::stored_form;
use jiff::Timestamp;
use ledger::Ledger;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vault::{Key, Marks, Vault};
use wire::VaultKind;

/// Something of each program, by a mark that tells nobody who it is.
type ByMark<T> = BTreeMap<String, T>;

/// The newest form of the records. What says no form is of the first.
const FORM: u64 = 1;

/// All records, by the servers' ids.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Records {
    #[serde(default)]
    form: u64,
    /// Whether anything was ever put into the keychain: then memory is no substitute for it.
    #[serde(default)]
    pub keychain_used: bool,
    /// The vault that everything was moved out of, as long as it may still have copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_out_of: Option<VaultKind>,
    /// The marks of the vaults that were used.
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
    #[serde(default)]
    servers: BTreeMap<String, Record>,
    /// Servers that left the configuration.
    #[serde(default)]
    pub left: BTreeMap<String, Left>,
    /// What the person had refused of entries that are gone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    refused: BTreeMap<String, RefusedEntry>,
    /// The configuration that was in use, without its secrets.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub configuration: Value,
    /// Marks of what its entries have that has no effect here, by their names: a version that acts on it
    /// knows what was there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    inert: BTreeMap<String, String>,
    /// To which issuer a redirect URI belongs.
    #[serde(default)]
    pub ledger: Ledger,
    /// Whether somebody locked it by hand: as what follows, until the person says else, or starts the valet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    locked_by_hand: bool,
    /// Whether it locked itself after a pause, which ends in the same way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    locked_by_idle: bool,
    /// How far it follows the lock of all machines that share the vault.
    #[serde(default, skip_serializing_if = "FollowedLock::is_unused")]
    pub fleet_lock: FollowedLock,
    /// What the person refused programs for now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied_for_now: Vec<Value>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Record {
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
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    declined_for_now: bool,
    /// What it is, whatever it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thing: Option<Thing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used: Option<Timestamp>,
    /// Uses of agents whose answer outlives the valet, by a mark that tells nobody who they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    uses: ByMark<Used>,
    /// Answers that outlive the valet, by the same marks: whom something may be told while the vault is
    /// locked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    answers: ByMark<NotedAnswer>,
}

impl Record {
    fn refused(&self) -> Option<RefusedEntry> {
        let proxy = self.known.as_ref().is_some_and(Known::is_kept_to_the_proxy);
        let refused = |thing: &Thing| RefusedEntry::new(&self.name, thing, proxy, self.declined());
        self.thing.as_ref().map_or_else(|| refused(&Thing::at(&self.url)), refused)
    }

    const fn declined(&self) -> Declined {
        match (self.declined_for_good, self.declined_for_now) {
            (true, _) => Declined::ForGood,
            (false, true) => Declined::ForNow,
            (false, false) => Declined::No,
        }
    }

    fn noted(&self) -> Noted {
        match &self.lapsed {
            Some(why) => Noted::Lapsed(why.clone()),
            None if self.granted => Noted::Granted,
            None => Noted::Nothing,
        }
    }

    /// Of what it says beside uses and answers, which are written down whenever they change.
    pub(crate) fn print(&self) -> u64 {
        print(&Self { last_used: None, uses: BTreeMap::new(), answers: BTreeMap::new(), ..self.clone() })
    }

    fn added(&self) -> Option<AddedBy> {
        let by = self.added_by.clone()?;
        let agreed = if self.agreed { Agreed::ByThePerson } else { Agreed::ByNobody };
        Some(AddedBy { by, known: !self.added_by_unknown, agreed })
    }
}

impl Records {
    /// Reads the records, and the uses that were written down since; what is missing or damaged counts as
    /// empty, since the vault has all that matters. `None` where a later version wrote it.
    #[must_use]
    pub fn parse(text: &str, uses: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        if stored_form::is_newer(text.as_bytes(), FORM) {
            return None;
        }
        let mut records: Self = serde_json::from_str(text).unwrap_or_else(|error| {
            tracing::warn!(%error, "what was known of the servers could not be read; it is built anew");
            Self::default()
        });
        records.hear(uses);
        Some(records)
    }

    /// What the valet was locked by, if that is the person's to end.
    pub fn locked(&self) -> Option<Cause> {
        let by_idle = self.locked_by_idle.then_some(Cause::Idle);
        if self.locked_by_hand { Some(Cause::Person) } else { by_idle }
    }

    /// The person starts the valet: what they said for now is over.
    pub fn after_a_start(mut self) -> Self {
        (self.locked_by_hand, self.locked_by_idle) = (false, false);
        self.denied_for_now.clear();
        self.servers.values_mut().for_each(|record| record.declined_for_now = false);
        let refused = std::mem::take(&mut self.refused).into_iter();
        self.refused = refused.filter_map(|(id, refused)| Some((id, refused.after_a_start()?))).collect();
        self
    }

    /// Takes over uses that were written down since.
    fn hear(&mut self, uses: &str) {
        for UsesOf { id, last_used, uses } in crate::uses::read(uses) {
            let Some(record) = self.servers.get_mut(&id) else { continue };
            record.last_used = record.last_used.max(last_used);
            for (mark, used) in uses {
                let before = record.uses.entry(mark).or_insert(used);
                *before = before.or_later(used);
            }
        }
    }

    /// What it says, for a comparison with what it says later.
    #[must_use]
    pub fn print(&self) -> Print {
        let servers = self.servers.iter().map(|(id, record)| (id.clone(), record.print()));
        Print { servers: servers.collect(), rest: self.print_of_rest() }
    }

    pub(crate) fn print_of_rest(&self) -> u64 {
        print(&(
            (self.keychain_used, &self.moved_out_of, &self.marks),
            (&self.left, &self.refused, &self.inert, &self.ledger, self.locked(), self.fleet_lock),
        ))
    }

    /// What is known of the vault of this kind. Earlier versions left no mark in it, but wrote down what was
    /// granted.
    pub fn known(&self, kind: VaultKind) -> vault::KnownVault {
        let mark = self.marks.of(kind).cloned();
        let used = match kind {
            VaultKind::Keychain => self.keychain_used,
            VaultKind::File => !self.keychain_used,
            VaultKind::Memory | VaultKind::Shared => false,
        };
        let granted = self.servers.iter().filter(|(_, record)| record.granted && !record.revoked);
        let mut signs: Vec<String> = granted.map(|(id, _)| Key::Grant(id.clone()).to_string()).collect();
        if mark.is_some() || !used {
            signs.clear();
        } else if !signs.is_empty() {
            signs.extend([Key::AuditSeal.to_string(), Key::Consents.to_string()]);
        }
        vault::KnownVault { mark, signs }
    }

    /// The server with what was known of it.
    pub fn restore(&self, mut server: Server) -> Server {
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
    pub fn refused(&self, config: &Config) -> BTreeMap<String, RefusedEntry> {
        let refused = |(id, record): (&String, &Record)| Some((id.clone(), record.refused()?));
        let mut gone: BTreeMap<_, _> = self.servers.iter().filter_map(refused).collect();
        if !gone.is_empty() {
            let here = config.servers.iter().map(|(name, server)| Server::id_of(name, server));
            here.for_each(|id| drop(gone.remove(&id)));
        }
        self.refused.clone().into_iter().chain(gone).collect()
    }

    /// What was known of a server that left the configuration, once it is back.
    pub fn known_of(&self, name: &str, server: &config::ServerConfig) -> Option<&Known> {
        let left = (!self.left.is_empty()).then(|| self.left.get(&Server::id_of(name, server)))?;
        left?.known.as_ref()
    }

    /// Whether the file had the keys of a server itself already, in the last run.
    pub fn had_keys_of(&self, name: &str, server: &config::ServerConfig) -> bool {
        if server.headers.found().next().is_none() {
            return true;
        }
        let known = self.servers.get(&Server::id_of(name, server)).and_then(|record| record.known.as_ref());
        known.is_some_and(|known| known.had_keys_of(server))
    }

    /// Whether what an entry starts was there in the last run, and had no effect.
    #[must_use]
    pub fn was_inert(&self, name: &str, mark: &str) -> bool {
        self.inert.get(name).is_some_and(|known| known == mark)
    }

    /// The things that were kept to the proxy, each by a name that this was said of.
    pub fn kept_to_the_proxy(&self) -> Vec<(String, Thing)> {
        let refused = self.servers.values().filter_map(Record::refused).chain(self.refused.values().cloned());
        refused.filter_map(|refused| refused.kept_to_the_proxy()).collect()
    }

    /// What a configuration gives beyond what the last run knew of its servers, in words for the person.
    pub fn raises(&self, config: &Config) -> Vec<String> {
        let proxied = self.kept_to_the_proxy();
        let of_all = config.servers.iter().flat_map(|(name, server)| {
            let id = Server::id_of(name, server);
            let there = self.servers.get(&id).and_then(|record| record.known.as_ref());
            let known = there.or_else(|| self.left.get(&id)?.known.as_ref());
            let raises =
                known.map(|known| config::raises_of(name, Some(known), server, &config.said_of(name)));
            raises.unwrap_or_default().into_iter().chain(config::opens(name, known, server, &proxied))
        });
        of_all.collect()
    }

    /// The uses and the answers that were written down, by the servers' ids.
    pub fn of_agents(&self) -> impl Iterator<Item = (&str, &ByMark<Used>, &ByMark<NotedAnswer>)> {
        self.servers.iter().map(|(id, record)| (id.as_str(), &record.uses, &record.answers))
    }
}

/// All that is to be written down now.
pub fn of(book: &Book, consents: &Consents, vault: &Vault) -> Records {
    let lasts = vault.kind() != VaultKind::Memory;
    let record = |server: &Server| {
        let (uses, answers) = match lasts {
            true => (consents.uses(&server.id), consents.noted(&server.id)),
            false => (Vec::new(), Vec::new()),
        };
        let (uses, answers) = (uses.into_iter().collect(), answers.into_iter().collect());
        (server.id.clone(), Record { uses, answers, ..record(server, lasts) })
    };
    let configuration = book.config.plain.clone();
    let servers = book.servers.values().map(record).collect();
    Records { servers, configuration, denied_for_now: consents.denied_for_now(), ..rest(book, vault) }
}

/// Everything but the servers and the configuration, which is written whenever it is another.
pub(crate) fn rest(book: &Book, vault: &Vault) -> Records {
    let keychain = vault.kind() == VaultKind::Keychain && vault.has_written();
    let (mut marks, locked) = (book.marks.clone(), book.lock.as_ref().map(|lock| lock.cause));
    if let Some(mark) = vault.mark() {
        marks.note(vault.kind(), Some(mark));
    }
    Records {
        form: FORM,
        marks,
        keychain_used: book.keychain_used || keychain,
        moved_out_of: book.moved_out_of,
        servers: BTreeMap::new(),
        left: book.left.clone(),
        refused: book.refused.clone(),
        configuration: Value::Null,
        inert: book.config.inert.clone(),
        ledger: book.ledger.clone(),
        locked_by_hand: locked == Some(Cause::Person),
        locked_by_idle: locked == Some(Cause::Idle),
        fleet_lock: book.shared_vault.lock,
        denied_for_now: Vec::new(),
    }
}

pub(crate) fn record(server: &Server, lasts: bool) -> Record {
    let granted = match &server.held {
        Held::Live(_)
        | Held::Unsaved(_)
        | Held::Unregistered(..)
        | Held::Keys(_)
        | Held::Sealed(Noted::Granted) => true,
        Held::Nothing | Held::Lapsed(_) | Held::Sealed(Noted::Nothing | Noted::Lapsed(_)) => false,
    };
    let lapsed = match &server.held {
        Held::Lapsed(why) | Held::Sealed(Noted::Lapsed(why)) => Some(why.clone()),
        Held::Nothing
        | Held::Live(_)
        | Held::Unsaved(_)
        | Held::Unregistered(..)
        | Held::Keys(_)
        | Held::Sealed(Noted::Nothing | Noted::Granted) => None,
    };
    let added = server.added.as_ref();
    Record {
        name: server.name.clone(),
        url: server.config.place.as_str().to_owned(),
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
        declined_for_now: server.not_now.own == Declined::ForNow,
        thing: Some(server.thing.clone()),
        last_used: server.last_used,
        uses: BTreeMap::new(),
        answers: BTreeMap::new(),
    }
}
