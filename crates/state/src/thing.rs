//! What was refused of a thing holds for all its entries, and after they are gone.

use crate::book::Book;
use crate::held::{Held, Noted};
use crate::not_now::{Declined, DeclinedAs};
use crate::server::Server;
use config::HandOut;
use config::thing::Thing;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Entries that are gone of which it is remembered what the person had refused.
const MOST_GONE: usize = 1000;

impl Server {
    /// Learns what it is now: by its address, the resource that the person configured, and the one that its
    /// grant is for. What it once was it stays as long as it has its address: a lock hides what the grant is
    /// for. Names are read once, since this is done for every server after every change.
    fn learn_what_it_is(&mut self) {
        let granted = self.held.kept().and_then(|grant| grant.parts.resource.as_deref());
        let names = [Some(self.config.place.as_str()), self.config.oauth.resource_uri(), granted];
        if names.iter().flatten().eq(&self.known_as) {
            return;
        }
        let names: Vec<String> = names.into_iter().flatten().map(ToOwned::to_owned).collect();
        names.iter().for_each(|name| self.thing.join(&Thing::at(name)));
        self.known_as = names;
    }
}

/// What the person had refused of an entry that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedEntry {
    name: String,
    thing: Thing,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    proxy: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    declined_for_good: bool,
    /// Until the person starts the valet again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    declined_for_now: bool,
}

impl RefusedEntry {
    /// What is to be remembered of an entry, if there is anything.
    pub fn new(name: &str, thing: &Thing, proxy: bool, declined: Declined) -> Option<Self> {
        (proxy || declined != Declined::No).then(|| Self {
            name: name.to_owned(),
            thing: thing.clone(),
            proxy,
            declined_for_good: declined == Declined::ForGood,
            declined_for_now: declined == Declined::ForNow,
        })
    }

    fn of(server: &Server) -> Option<Self> {
        let proxy = server.config.hand_out == Some(HandOut::Proxy);
        Self::new(&server.name, &server.thing, proxy, server.not_now.own)
    }

    /// Whether it outlives every start.
    pub(crate) const fn lasts(&self) -> bool {
        self.proxy || self.declined_for_good
    }

    /// What is left of it once the person has started the valet again.
    pub(crate) fn after_a_start(self) -> Option<Self> {
        let left = Self { declined_for_now: false, ..self };
        left.lasts().then_some(left)
    }

    /// Its name and the thing, if that is kept to the proxy.
    pub fn kept_to_the_proxy(&self) -> Option<(String, Thing)> {
        self.proxy.then(|| (self.name.clone(), self.thing.clone()))
    }

    const fn declined(&self) -> Declined {
        match (self.declined_for_good, self.declined_for_now) {
            (true, _) => Declined::ForGood,
            (false, true) => Declined::ForNow,
            (false, false) => Declined::No,
        }
    }
}

/// What was said of one thing under all its names.
#[derive(Default)]
struct All<'a> {
    proxy: Option<&'a str>,
    declined: Option<(&'a str, Declined)>,
}

impl<'a> All<'a> {
    fn hear(&mut self, refused: &'a RefusedEntry) {
        if refused.proxy {
            self.proxy.get_or_insert(&refused.name);
        }
        let declined = refused.declined();
        if declined > self.declined.map_or(Declined::No, |(_, declined)| declined) {
            self.declined = Some((&refused.name, declined));
        }
    }
}

/// What of a server concerns others, or is said of it by others: as long as it stays, so do they.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Concern {
    thing: Thing,
    is_alias: bool,
    refused: Option<RefusedEntry>,
    hand_out: Option<HandOut>,
    is_spared: bool,
}

impl Server {
    pub(crate) fn concern(&mut self) -> Concern {
        self.learn_what_it_is();
        Concern {
            thing: self.thing.clone(),
            is_alias: self.added.is_some(),
            refused: RefusedEntry::of(self),
            hand_out: self.config.hand_out,
            is_spared: self.is_spared(),
        }
    }
}

impl Book {
    /// Changes one server. Says as well whether that concerns others. While the valet is locked it stays
    /// closed, as all of them do.
    pub fn change_server<T>(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Server) -> T,
    ) -> Option<(T, bool)> {
        let Self { servers, spent_states, lock, .. } = self;
        let server = servers.get_mut(name)?;
        let before = server.concern();
        let changed = change(server);
        if lock.is_some() {
            server.close(spent_states);
        }
        Some((changed, server.concern() != before))
    }

    /// Sees to it that what was refused of a thing holds for all its entries. Done whenever the book changes,
    /// so that no request has to look for it.
    pub fn relate(&mut self) {
        self.servers.values_mut().for_each(Server::learn_what_it_is);
        let here: Vec<RefusedEntry> = self.servers.values().filter_map(RefusedEntry::of).collect();
        let mut said: HashMap<&str, All<'_>> = HashMap::new();
        for refused in here.iter().chain(self.refused.values()) {
            refused.thing.keys().for_each(|key| said.entry(key).or_default().hear(refused));
        }
        for server in self.servers.values_mut() {
            let all: Vec<&All<'_>> = server.thing.keys().filter_map(|key| said.get(key)).collect();
            let proxy = all.iter().find_map(|all| all.proxy);
            server.proxy_of = proxy.filter(|_| server.config.hand_out.is_none()).map(ToOwned::to_owned);
            let declined = all.iter().filter_map(|all| all.declined).max_by_key(|(_, declined)| *declined);
            let declined = declined.filter(|_| !server.is_spared());
            server.not_now.as_other =
                declined.map(|(name, declined)| DeclinedAs { name: name.to_owned(), declined });
        }
    }

    /// Whether there are other entries than the last time, or one that is known by more.
    pub fn has_newcomers(&mut self) -> bool {
        let now = || self.servers.values().map(|server| (&*server.id, server.added.is_some(), &server.thing));
        let met = self.met.iter().map(|(id, is_alias, thing)| (&**id, *is_alias, thing));
        if now().eq(met) {
            return false;
        }
        self.met = now().map(|(id, is_alias, thing)| (id.to_owned(), is_alias, thing.clone())).collect();
        true
    }

    /// The things that are kept to the proxy, each by a name that this was said of.
    pub fn kept_to_the_proxy(&self) -> Vec<(String, Thing)> {
        let here = self.servers.values().filter_map(RefusedEntry::of);
        here.chain(self.refused.values().cloned()).filter_map(|refused| refused.kept_to_the_proxy()).collect()
    }

    /// Remembers what was refused of entries that are gone, for the same things under other names.
    pub(crate) fn remember_refused(&mut self, gone: &[Server]) {
        self.refused.extend(gone.iter().filter_map(|gone| Some((gone.id.clone(), RefusedEntry::of(gone)?))));
        while self.refused.len() > MOST_GONE {
            // A program can make any number that hold until the valet ends, and none of the others.
            let brief = self.refused.iter().find(|(_, refused)| !refused.lasts()).map(|(id, _)| id.clone());
            match brief {
                Some(id) => self.refused.remove(&id),
                None => self.refused.pop_first().map(|(_, refused)| refused),
            };
        }
    }

    /// The person has said "not now" to this entry: it holds for the others, whatever was said of them
    /// before.
    pub fn spare_none_beside(&mut self, name: &str) {
        let Some(thing) = self.servers.get(name).map(|server| server.thing.clone()) else { return };
        let kin = self.servers.values_mut().filter(|server| server.thing.is(&thing));
        kin.for_each(|server| server.not_now.spared = false);
    }

    /// The person wants to be asked about this entry, whatever they said of the same thing under other names.
    pub fn spare(&mut self, name: &str) {
        let Some(server) = self.servers.get_mut(name) else { return };
        server.not_now.take_back();
        let thing = server.thing.clone();
        self.forget_refused(&thing, |refused| {
            (refused.declined_for_good, refused.declined_for_now) = (false, false);
        });
    }

    /// The person lets the tokens of this thing out again.
    pub fn open_refused(&mut self, thing: &Thing) {
        self.forget_refused(thing, |refused| refused.proxy = false);
    }

    fn forget_refused(&mut self, thing: &Thing, forget: impl Fn(&mut RefusedEntry)) {
        self.refused.values_mut().filter(|refused| refused.thing.is(thing)).for_each(forget);
        self.refused.retain(|_, refused| refused.proxy || refused.declined() != Declined::No);
    }
}

impl Server {
    /// Whether what was said of the same thing under another name does not stop it. What the person signed in
    /// to themselves under this name is another account of theirs; what a program added is an alias.
    fn is_spared(&self) -> bool {
        let signed_in = match self.held {
            Held::Live(_)
            | Held::Unsaved(_)
            | Held::Unregistered(..)
            | Held::Keys(_)
            | Held::Sealed(Noted::Granted) => true,
            Held::Nothing | Held::Lapsed(_) | Held::Sealed(Noted::Nothing | Noted::Lapsed(_)) => false,
        };
        self.not_now.spared || (signed_in && self.added.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_spelling_of_an_address_is_the_same_thing_and_another_path_is_not() {
        let good = Thing::at("https://mcp.good.example/a~b/mcp");
        for same in [
            "HTTPS://MCP.Good.Example:443/a~b/mcp",
            "https://mcp.good.example./a%7Eb/mcp/",
            "https://mcp.good.example/x/../a%7eb//mc%70?x=1#y",
            "https://somebody@mcp.good.example/a~b/mcp",
        ] {
            assert!(good.is(&Thing::at(same)), "{same}");
        }
        for other in [
            "https://mcp.good.example/a~b",
            "https://good.example/a~b/mcp",
            "https://mcp.good.example:8443/a~b/mcp",
        ] {
            assert!(!good.is(&Thing::at(other)), "{other}");
        }
        assert!(Thing::at("http://127.0.0.1:9").is(&Thing::at("http://localhost:9/")));
        assert!(Thing::at("http://[::1]:9").is(&Thing::at("http://localhost:9/")));
        assert!(Thing::at("urn:x").is(&Thing::at("urn:x")));
    }
}
