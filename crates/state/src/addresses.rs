//! Servers by their addresses: whoever asks by one waits no longer where there are many.

use crate::server::Server;
use oauth::ServerUrl;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use url::{Origin, Url};

/// The names of the servers at each address, and at each origin.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    urls: HashMap<Url, BTreeSet<String>>,
    origins: HashMap<Origin, BTreeSet<String>>,
}

impl Addresses {
    pub(crate) fn of<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let mut all = Self::default();
        servers.for_each(|server| all.add(server));
        all
    }

    pub(crate) fn add(&mut self, server: &Server) {
        let Some(url) = server.config.place.url().map(ServerUrl::url) else { return };
        self.urls.entry(url.clone()).or_default().insert(server.name.clone());
        self.origins.entry(url.origin()).or_default().insert(server.name.clone());
    }

    pub(crate) fn remove(&mut self, server: &Server) {
        let Some(url) = server.config.place.url().map(ServerUrl::url) else { return };
        remove(&mut self.urls, url, &server.name);
        remove(&mut self.origins, &url.origin(), &server.name);
    }

    /// Those at an address, however it is spelled.
    pub(crate) fn at(&self, address: &str) -> impl Iterator<Item = &str> {
        let names = Url::parse(address).ok().and_then(|url| self.urls.get(&url));
        names.into_iter().flatten().map(String::as_str)
    }

    /// Those with this scheme, host and port.
    pub(crate) fn at_origin<'a>(&'a self, origin: &Origin) -> impl Iterator<Item = &'a str> + use<'a> {
        self.origins.get(origin).into_iter().flatten().map(String::as_str)
    }
}

fn remove<P: Eq + Hash>(all: &mut HashMap<P, BTreeSet<String>>, place: &P, name: &str) {
    let Some(names) = all.get_mut(place) else { return };
    names.remove(name);
    if names.is_empty() {
        all.remove(place);
    }
}
