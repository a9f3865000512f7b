//! Adding a server to the configuration.

use crate::state::added::{Added, Agreed};
use crate::state::book::Book;
use crate::state::item::ClientSecret;
use crate::state::look_alike;
use crate::state::server::Server;
use crate::valet::{Valet, reload};
use config::{Config, ServerConfig};
use consent::entry::{self, Entry};
use peer::{By, Room};
use serde_json::{Map, Value};
use std::sync::Arc;
use url::Url;
use vault::Key;
use wire::{Act, Code, NewServer, Problem, Reason, VaultKind};

/// What comes of looking at a server that somebody wants to have added.
pub(crate) enum Checked {
    /// The same is there, under this name.
    There(String),
    New(Box<Entry>),
}

/// Looks at a server that is to be added.
pub(crate) fn check(valet: &Valet, new: NewServer) -> Result<Checked, Problem> {
    let oauth = new.oauth.unwrap_or_default();
    // An address that no name can be made of is an error of its own, told below.
    let name = new.name.clone().map_or_else(|| name_for(valet, &new.url), Ok)?;
    let server = config::check_entry(&valet.paths.config, &name, &entry::of(&new.url, &oauth))
        .map_err(|error| Problem::from(&error))?;
    if let Some(there) = there_already(valet, new.name.as_deref(), &server, says_more(&oauth))? {
        return Ok(Checked::There(there));
    }
    Ok(Checked::New(Box::new(Entry::new(name, new.url, &oauth, server))))
}

/// Adds a server for the person, or one that needs them for nothing; answers its name, and whether it was not
/// there yet.
pub(crate) async fn add(valet: &Arc<Valet>, new: NewServer, by: &By) -> Result<(String, bool), Problem> {
    match check(valet, new)? {
        Checked::There(name) => Ok((name, false)),
        Checked::New(entry) => {
            let agreed = if *by == By::Person { Agreed::ByThePerson } else { Agreed::ByNobody };
            put(valet, &entry, by, agreed).await
        }
    }
}

/// Puts an entry into the configuration. What the person has `agreed` to is not asked about again.
pub(crate) async fn put(
    valet: &Arc<Valet>,
    entry: &Entry,
    by: &By,
    agreed: Agreed,
) -> Result<(String, bool), Problem> {
    let name = entry.name.clone();
    let secret = secret_to_keep(valet, entry);
    // On the disk before the vault has anything of it.
    let edit = config::add_server(&valet.paths.config, &name, entry.for_file(secret.is_some()))
        .map_err(|error| Problem::from(&error))?;
    if let Some(secret) = secret {
        let key = Key::ClientSecret(Server::id_of(&name, &entry.server));
        valet.vault.write(key, Arc::new(secret)).await.map_err(Problem::from)?;
    }
    let wanted = |config: &mut Config| {
        if agreed == Agreed::ByThePerson {
            config.servers.insert(name.clone(), entry.server.clone());
        }
    };
    reload::put(valet, |_| edit.commit(), wanted)?;
    // Before anything can be done with it.
    if let By::Agent(agent) = by {
        valet.change_server(&name, |server| {
            let (by, known) = (agent.name().to_owned(), Room::of(agent) != Room::Unknown);
            server.added = Some(Added { by, known, agreed });
        });
    }
    let _ = valet.unseal().await;
    if !valet.book().servers.contains_key(&name) {
        let detail = format!(
            "\"{name}\" is in the configuration now, but an edit made there before waits for your consent"
        );
        return Err(reload::waits(valet, detail));
    }
    if *by == By::Person {
        valet.undecline(&name);
        valet.change(|book| {
            let thing = book.servers.get(&name).map(|server| server.thing.clone());
            thing.iter().for_each(|thing| book.open_refused(thing));
        });
    }
    note(valet, entry, by, agreed);
    Ok((name, true))
}

fn note(valet: &Valet, entry: &Entry, by: &By, agreed: Agreed) {
    let mut line = audit::entry(valet.clock.now(), Act::Add, by.actor());
    line.server = Some(entry.name.clone());
    if let By::Agent(agent) = by {
        line.mark = audit::mark(agent);
        line.result =
            (agreed == Agreed::ByThePerson).then(|| format!("the person agreed to {}", entry.keys()));
    }
    valet.note(&line);
}

/// Whether more is said than a name and an address.
fn says_more(oauth: &Map<String, Value>) -> bool {
    !oauth.is_empty()
}

/// The same server under the same name, or without a name under any.
pub(crate) fn there_already(
    valet: &Valet,
    name: Option<&str>,
    new: &ServerConfig,
    says_more: bool,
) -> Result<Option<String>, Problem> {
    let book = valet.book();
    let there = match book.find(name.unwrap_or(new.url.as_str())) {
        Ok(there) => there,
        Err(problem) if problem.code == Code::UnknownServer => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let has_secret = new.oauth.without_secrets() != new.oauth;
    if there.config.url.as_str() != new.url.as_str() && name.is_some() {
        return Err(problems::invalid_request(
            format!("\"{}\" is there already, as {}", there.name, there.config.url),
            "Choose another name, or remove the other server first.",
        ));
    }
    // What a secret is compared with could be guessed.
    if !says_more || (!has_secret && there.config.oauth.without_secrets() == new.oauth) {
        return Ok(Some(there.name.clone()));
    }
    Err(problems::invalid_request(
        format!("\"{}\" is there already, and what is there is not changed this way", there.name),
        "Edit its `oauth` block in the configuration, or remove it first.",
    )
    .because(Reason::ThereAlready))
}

/// A short name from the host: `mcp.linear.app` is "linear".
fn name_for(valet: &Valet, url: &str) -> Result<String, Problem> {
    let host =
        Url::parse(url).ok().and_then(|url| url.host_str().map(ToOwned::to_owned)).ok_or_else(|| {
            problems::invalid_request(
                "this is not a URL",
                "Give the server's whole address, such as https://mcp.example.com/mcp.",
            )
        })?;
    let base = base_name(&host);
    let book = valet.book();
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|name| is_free(&book, name));
    Ok(free.unwrap_or(base))
}

fn is_free(book: &Book, name: &str) -> bool {
    !book.servers.contains_key(name) && look_alike::looks_like_one_of(book, name).is_none()
}

fn base_name(host: &str) -> String {
    let is_name = host.contains('.') && host.parse::<std::net::IpAddr>().is_err();
    let mut labels = host.split('.').filter(|label| !["mcp", "www", "api"].contains(label));
    match (labels.next(), labels.next()) {
        (Some(label), Some(_)) if is_name => label.to_owned(),
        // An address of IPv6 has colons.
        _ => host.replace(':', "-").trim_matches(['[', ']', '-', '.']).to_owned(),
    }
}

/// A client secret goes into the vault and never into the file, unless the vault is one that forgets.
fn secret_to_keep(valet: &Valet, entry: &Entry) -> Option<ClientSecret> {
    let oauth = &entry.server.oauth;
    let (client_id, secret) = oauth.client_id.clone().zip(oauth.client_secret.clone())?;
    (valet.vault.kind() != VaultKind::Memory).then_some(ClientSecret { client_id, secret })
}

#[cfg(test)]
mod tests {
    use super::base_name;

    #[test]
    fn a_server_is_named_after_its_host() {
        assert_eq!(base_name("mcp.linear.app"), "linear");
        assert_eq!(base_name("example.com"), "example");
        assert_eq!(base_name("127.0.0.1"), "127.0.0.1");
        assert_eq!(base_name("localhost"), "localhost");
        assert_eq!(base_name("[2001:db8::1]"), "2001-db8--1");
    }
}
