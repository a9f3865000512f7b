//! What is here already, as far as a plan has to know it.

use crate::authority::adopt::Looks;
use crate::valet::Valet;
use adopt::{Here, There};
use config::{ARGUMENTS, Header, KeyName, ServerConfig};
use oauth::Secret;
use state::keys::Keys;
use state::server::Server;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vault::Key;
use wire::Problem;

/// The servers, with their keys.
pub(crate) struct Known {
    names: BTreeSet<String>,
    servers: Vec<KnownServer>,
    looks: Looks,
}

struct KnownServer {
    name: String,
    config: Arc<ServerConfig>,
    keys: Option<Arc<Keys>>,
}

impl Known {
    pub(crate) async fn of(valet: &Arc<Valet>, looks: Looks) -> Result<Self, Problem> {
        if looks == Looks::IntoTheVault {
            valet.open_vault().await?;
        }
        let (names, servers) = {
            let book = valet.book();
            let inert = book.config.inert.keys().chain(book.config.asleep.keys());
            let names = book.servers.keys().chain(inert).cloned().collect();
            let one = |server: &Server| {
                (server.name.clone(), server.id.clone(), server.config.clone(), server.held.keys().cloned())
            };
            (names, book.servers.values().map(one).collect::<Vec<_>>())
        };
        let mut known = Vec::new();
        for (name, id, config, held) in servers {
            let reads = looks == Looks::IntoTheVault && config.takes_keys() && valet.vault_is_in_use();
            let keys = match held {
                None if reads => {
                    let kept = valet.vault.read::<Keys>(Key::Keys(id)).await.map_err(Problem::from)?;
                    kept.map(|kept| Arc::clone(kept.value()))
                }
                held => held,
            };
            known.push(KnownServer { name, config, keys: keys.filter(|keys| !keys.is_empty()) });
        }
        Ok(Self { names, servers: known, looks })
    }
}

impl Here for Known {
    fn names(&self) -> BTreeSet<String> {
        self.names.clone()
    }

    fn id(&self, name: &str, config: &ServerConfig) -> String {
        Server::id_of(name, config)
    }

    fn find(&self, wanted: &ServerConfig, keys: &BTreeMap<KeyName, Secret>) -> Option<There> {
        let there = self.servers.iter().filter(|server| server.config.place == wanted.place);
        let mut same = there.filter_map(|server| server.same(wanted, keys, self.looks));
        let first = same.next()?;
        // One that has the keys goes before one that could take them.
        Some(std::iter::once(first.clone()).chain(same).find(|there| !there.lacks_keys).unwrap_or(first))
    }
}

impl KnownServer {
    /// What an entry that says the same would lead to.
    fn same(&self, wanted: &ServerConfig, keys: &BTreeMap<KeyName, Secret>, looks: Looks) -> Option<There> {
        let signs_in_the_same =
            wanted.oauth == Default::default() || self.config.oauth.without_secrets() == wanted.oauth;
        if !signs_in_the_same || self.config.headers.iter().count() != wanted.headers.iter().count() {
            return None;
        }
        let mut called = BTreeMap::new();
        for header in wanted.headers.iter() {
            let ours = self.config.headers.iter().find(|ours| ours.folded() == header.folded())?;
            called.extend(paired(header, ours)?);
        }
        let in_args = wanted.of_arguments().map(|name| (name.clone(), name.clone()));
        called.extend(in_args);
        let is_as_named = called.iter().all(|(theirs, ours)| theirs == ours);
        let has = |(name, secret): (&KeyName, &Secret)| {
            let ours = called.get(name);
            ours.is_some_and(|ours| self.keys.as_ref().is_some_and(|held| held.has(ours, secret)))
        };
        let there = |lacks_keys| There { name: self.name.clone(), keys: called.clone(), lacks_keys };
        match (&self.keys, looks) {
            (_, _) if keys.is_empty() => (!self.config.takes_keys()).then(|| there(false)),
            (_, Looks::Nowhere) => Some(there(false)),
            (None, Looks::IntoTheVault) => is_as_named.then(|| there(true)),
            (Some(_), Looks::IntoTheVault) => keys.iter().all(has).then(|| there(false)),
        }
    }
}

/// What the key of a line is called in another that says the same.
fn paired(theirs: &Header, ours: &Header) -> Option<Option<(KeyName, KeyName)>> {
    match (theirs.line.keys().next(), ours.line.keys().next()) {
        (None, None) => (theirs.line == ours.line).then_some(None),
        (Some(their_key), Some(our_key)) => {
            let (before, our_before) = (theirs.line.around_one_key()?, ours.line.around_one_key()?);
            (before == our_before).then(|| Some((their_key.clone(), our_key.clone())))
        }
        (Some(_), None) | (None, Some(_)) => None,
    }
}

/// The keys of a program that are arguments.
trait OfArguments {
    fn of_arguments(&self) -> impl Iterator<Item = &KeyName>;
}

impl OfArguments for ServerConfig {
    fn of_arguments(&self) -> impl Iterator<Item = &KeyName> {
        self.keys().into_iter().filter(|name| self.of_key(name).contains(ARGUMENTS))
    }
}
