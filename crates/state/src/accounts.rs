//! Accounts by folder: entries of one address, of which the folder that a program works in says which is
//! meant.

use crate::book::Book;
use crate::held::Held;
use crate::meant::Meant;
use crate::server::Server;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use wire::Problem;

/// The names of all entries of an address of which one is for certain folders, by each of those names.
#[derive(Debug, Default)]
pub(crate) struct Groups(HashMap<String, Arc<Group>>);

#[derive(Debug)]
struct Group {
    /// The address, the same for all spellings of it.
    address: String,
    names: Vec<String>,
}

impl Groups {
    pub(crate) fn of<'a>(servers: impl Iterator<Item = &'a Server> + Clone) -> Self {
        if servers.clone().all(|server| server.config.folders.is_empty()) {
            return Self::default();
        }
        let mut all: BTreeMap<String, Vec<&Server>> = BTreeMap::new();
        for server in servers {
            let address = server.at.keys().collect();
            all.entry(address).or_default().push(server);
        }
        all.retain(|_, servers| servers.iter().any(|server| !server.config.folders.is_empty()));
        let groups = all.into_iter().flat_map(|(address, servers)| {
            let names: Vec<String> = servers.iter().map(|server| server.name.clone()).collect();
            let group = Arc::new(Group { address, names: names.clone() });
            names.into_iter().map(move |name| (name, Arc::clone(&group)))
        });
        Self(groups.collect())
    }
}

/// What a request that names a server leads to.
pub enum Found<'a> {
    /// This one.
    One(&'a Server),
    /// One of several accounts, by the folder that the program works in.
    ByFolder(Choices),
}

/// The accounts of one address.
#[derive(Debug, Clone)]
pub struct Choices {
    /// What is asked for: the address of all, or the ID of the one that is named.
    pub asked: String,
    /// The one that is asked for by its name.
    pub named: Option<Meant>,
    /// Where all of them are.
    pub host: String,
    /// All of them.
    pub all: Vec<Choosable>,
}

/// One account.
#[derive(Debug, Clone)]
pub struct Choosable {
    /// Its server.
    pub meant: Meant,
    /// The folders that it is for, as the person wrote them.
    pub folders: Vec<String>,
    /// Who is signed in, in the words of the issuer.
    pub account: Option<String>,
    /// Whether that was not read from the vault yet.
    pub unread: bool,
}

impl Choices {
    /// The one with this ID.
    pub fn with_id(&self, id: &str) -> Option<&Choosable> {
        self.all.iter().find(|one| one.meant.id == id)
    }

    /// The name of all of them in a sentence: the host, or the one that is asked for.
    pub fn said(&self) -> &str {
        self.named.as_ref().map_or(&self.host, |named| &named.name)
    }
}

impl Server {
    /// Who is signed in, in the words of the issuer.
    pub fn account(&self) -> Option<&str> {
        self.held.kept().and_then(|grant| grant.parts.account.as_deref())
    }
}

impl Book {
    /// Finds what a program asks for by name or URL.
    ///
    /// # Errors
    /// There is no such server, or there are several of that URL and no folder says which.
    pub fn look_for(&self, asked: &str) -> Result<Found<'_>, Problem> {
        let named = self.servers.get(asked);
        let first = || self.at_address(asked).next();
        let group = (!self.groups.0.is_empty()).then(|| named.or_else(first)).flatten();
        let Some(group) = group.and_then(|server| self.groups.0.get(&server.name)) else {
            return self.find(asked).map(Found::One);
        };
        let servers = group.names.iter().filter_map(|name| self.servers.get(name));
        let of = |server: &Server| Choosable {
            meant: Meant::of(server),
            folders: server.config.folders.clone(),
            account: server.account().map(ToOwned::to_owned),
            unread: matches!(server.held, Held::Sealed(_)),
        };
        let named = named.map(Meant::of);
        Ok(Found::ByFolder(Choices {
            asked: named.as_ref().map_or_else(|| group.address.clone(), |named| named.id.clone()),
            named,
            host: servers.clone().next().map(|server| server.config.place.host()).unwrap_or_default(),
            all: servers.map(of).collect(),
        }))
    }
}
