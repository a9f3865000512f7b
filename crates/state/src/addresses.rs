//! Servers by their addresses: whoever asks by one waits no longer where there are many.

use crate::server::Server;
use oauth::ServerUrl;
use std::collections::HashMap;
use url::{Origin, Url};

/// The names of the servers at each address, and at each origin.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    urls: HashMap<Url, Vec<String>>,
    origins: HashMap<Origin, Vec<String>>,
}

impl Addresses {
    pub(crate) fn of<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let mut all = Self::default();
        for server in servers {
            let Some(url) = server.config.place.url().map(ServerUrl::url) else { continue };
            all.urls.entry(url.clone()).or_default().push(server.name.clone());
            all.origins.entry(url.origin()).or_default().push(server.name.clone());
        }
        all
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use crate::book::Book;
    use crate::held::InVault;
    use crate::record::Records;
    use config::Config;
    use std::path::Path;

    fn adopts(book: &mut Book, url: &str) {
        let text = format!(r#"{{"mcpServers":{{"one":{{"url":"{url}"}}}}}}"#);
        let config = Config::parse(Path::new("config.json"), &text).unwrap();
        book.adopt(config, String::new(), &Records::default());
    }

    #[test]
    fn whoever_was_found_by_an_address_once_is_found_by_what_is_so_now() {
        let (mut book, there) = (Book::default(), "https://one.example/mcp");
        let name = |book: &Book, url| book.find(url).ok().map(|server| server.name.clone());
        adopts(&mut book, there);
        assert_eq!(name(&book, there).as_deref(), Some("one"));
        assert!(book.rename("one", "two", InVault::default()));
        assert_eq!(name(&book, there).as_deref(), Some("two"));
        adopts(&mut book, "https://other.example/mcp");
        assert_eq!(name(&book, there), None);
        assert_eq!(name(&book, "https://other.example/mcp").as_deref(), Some("one"));
    }
}
