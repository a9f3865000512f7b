//! Adding a server to the configuration.

use crate::valet::{Valet, reload};
use config::{Config, KeyName, Place, ServerConfig};
use consent::entry::{self, Entry};
use oauth::Secret;
use peer::{By, Room};
use serde_json::{Map, Value};
use state::added::AddedBy;
use state::agreed::Agreed;
use state::book::Book;
use state::item::ClientSecret;
use state::keys::{Keys, NewKey};
use state::look_alike;
use state::server::Server;
use std::sync::Arc;
use url::Url;
use vault::Key;
use wire::{Act, Code, NewProgram, NewServer, Problem, Reason, VaultKind};
use words::say;

/// What comes of looking at a server that somebody wants to have added.
pub(crate) enum Checked {
    /// The same is there, under this name.
    There(String),
    New(Box<Entry>),
}

/// Looks at a server that is to be added.
pub(crate) fn check(valet: &Valet, mut new: NewServer) -> Result<Checked, Problem> {
    match (new.url.take(), new.program.take()) {
        (Some(url), None) => check_address(valet, url, new),
        (None, Some(program)) if new.oauth.is_none() && new.headers.is_none() => {
            let name = new.name.ok_or_else(|| {
                let advice = say!(problem_program_needs_name_advice);
                problems::invalid_request(say!(problem_program_needs_name), advice)
            })?;
            check_program(valet, name, program)
        }
        (Some(_), Some(_)) | (None, _) => {
            let advice = say!(problem_url_or_command_advice);
            Err(problems::invalid_request(say!(problem_url_or_command), advice))
        }
    }
}

fn check_address(valet: &Valet, url: String, new: NewServer) -> Result<Checked, Problem> {
    let (oauth, headers) = (new.oauth.unwrap_or_default(), new.headers.unwrap_or_default());
    let folders = new.folders.unwrap_or_default();
    // An address that no name can be made of is an error of its own, told below.
    let name = new.name.clone().map_or_else(|| name_for(valet, &url), Ok)?;
    let server =
        config::check_entry(&valet.paths.config, &name, &entry::of(&url, (&oauth, &headers), &folders))
            .map_err(|error| Problem::from(&error))?;
    if let Some(there) =
        there_already(valet, new.name.as_deref(), &server, says_more(&oauth, &headers, &folders))?
    {
        return Ok(Checked::There(there));
    }
    Ok(Checked::New(Box::new(Entry::new(name, url, (&oauth, &headers), server))))
}

fn check_program(valet: &Valet, name: String, program: NewProgram) -> Result<Checked, Problem> {
    let Ok(Value::Object(written)) = serde_json::to_value(program) else {
        return Err(problems::internal(say!(problem_this_broke_off), say!(problem_again_advice)));
    };
    let server = config::check_entry(&valet.paths.config, &name, &written);
    let server = server.map_err(|error| Problem::from(&error))?;
    match there_already(valet, Some(&name), &server, true)? {
        Some(there) => Ok(Checked::There(there)),
        None => Ok(Checked::New(Box::new(Entry::of_program(name, &written, server)))),
    }
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
    if is_asleep(valet, entry) {
        return wake(valet, entry, by).await;
    }
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
            config.servers.insert(name.clone(), Arc::new(entry.server.clone()));
        }
    };
    put_keys(valet, entry, by).await?;
    reload::put(valet, |_| edit.commit(), wanted)?;
    // Before anything can be done with it.
    if let By::Agent(agent) = by {
        valet.change_server(&name, |server| {
            let (by, known) = (agent.name().to_owned(), Room::of(agent) != Room::Unknown);
            server.added = Some(AddedBy { by, known, agreed });
        });
    }
    let _ = valet.unseal().await;
    if !valet.book().servers.contains_key(&name) {
        let detail = say!(problem_add_waits, server = name);
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

/// Whether the file has it already, and it was left alone so far.
fn is_asleep(valet: &Valet, entry: &Entry) -> bool {
    let book = valet.book();
    let asleep = book.config.asleep.get(&entry.name);
    asleep.is_some_and(|asleep| {
        let of = |server: &ServerConfig| server.written();
        of(asleep) == of(&entry.server)
    })
}

async fn wake(valet: &Arc<Valet>, entry: &Entry, by: &By) -> Result<(String, bool), Problem> {
    put_keys(valet, entry, by).await?;
    reload::wake(valet, &entry.name, None)?;
    let _ = valet.unseal().await;
    note(valet, entry, by, Agreed::ByThePerson);
    Ok((entry.name.clone(), true))
}

/// The keys that came with it go into the vault before the server is there that takes them.
async fn put_keys(valet: &Valet, entry: &Entry, by: &By) -> Result<(), Problem> {
    let (now, server) = (valet.clock.now(), &entry.server);
    let by = (*by != By::Person).then(|| by.name().to_owned());
    let add = |keys: Keys, (name, secret): (&KeyName, &Secret)| {
        let new =
            NewKey { name: name.clone(), secret: secret.clone(), by: by.clone(), taken_from: Vec::new() };
        keys.with(new, server, now)
    };
    let keys = server.headers.found().fold(Keys::of(server), add);
    if keys.is_empty() {
        return Ok(());
    }
    let key = Key::Keys(Server::id_of(&entry.name, server));
    valet.vault.write(key, Arc::new(keys)).await.map(drop).map_err(Problem::from)
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
pub(crate) fn says_more(
    oauth: &Map<String, Value>,
    headers: &Map<String, Value>,
    folders: &[String],
) -> bool {
    !oauth.is_empty() || !headers.is_empty() || !folders.is_empty()
}

/// The same server under the same name, or without a name under any.
pub(crate) fn there_already(
    valet: &Valet,
    name: Option<&str>,
    new: &ServerConfig,
    says_more: bool,
) -> Result<Option<String>, Problem> {
    let book = valet.book();
    let there = match book.find(name.unwrap_or_else(|| new.place.as_str())) {
        Ok(there) => there,
        Err(problem) if problem.code == Code::UnknownServer => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let has_secret = new.oauth.without_secrets() != new.oauth || new.headers.found().next().is_some();
    let is_same = || {
        let there = &there.config;
        let signs_in_the_same = there.oauth.without_secrets() == new.oauth;
        signs_in_the_same && there.headers.without_secrets() == new.headers && there.folders == new.folders
    };
    if there.config.place != new.place && name.is_some() {
        return Err(match &there.config.place {
            Place::Remote(url) => problems::invalid_request(
                say!(problem_taken_url, server = &there.name, url = url.to_string()),
                say!(problem_taken_url_advice),
            ),
            // What it starts is nobody's business but the person's.
            Place::Local(_) => problems::invalid_request(
                say!(problem_taken_program, server = &there.name),
                say!(problem_taken_program_advice),
            ),
        });
    }
    // What a secret is compared with could be guessed.
    if !says_more || (!has_secret && is_same()) {
        return Ok(Some(there.name.clone()));
    }
    Err(problems::invalid_request(say!(problem_taken, server = &there.name), say!(problem_taken_advice))
        .because(Reason::ThereAlready))
}

/// A short name from the host: `mcp.linear.app` is "linear".
fn name_for(valet: &Valet, url: &str) -> Result<String, Problem> {
    let host = Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(ToOwned::to_owned))
        .ok_or_else(|| problems::invalid_request(say!(problem_no_url), say!(problem_no_url_advice)))?;
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
