//! What has to be kept here before any file of another program is touched: the secrets in the vault, read
//! back, and then the servers that take them.

use crate::authority::returning::taken_from;
use crate::valet::{Valet, keys, reload};
use adopt::Joined;
use clients::Job;
use config::{Config, KeyName};
use oauth::Secret;
use peer::{By, Room};
use state::added::AddedBy;
use state::agreed::Agreed;
use state::keys::{Keys, NewKey};
use state::meant::Meant;
use state::server::Server;
use state::taken_from::TakenFrom;
use std::sync::Arc;
use vault::Key;
use wire::{Act, Problem};
use words::say;

/// Keeps what the servers of a plan need, before the files of the `job` change.
pub(crate) async fn keep(valet: &Arc<Valet>, servers: &[Joined], job: &Job, by: &By) -> Result<(), Problem> {
    valet.open_vault().await?;
    let new: Vec<&Joined> = servers.iter().filter(|server| server.there.is_none()).collect();
    for server in servers.iter().filter(|server| server.there.as_ref().is_some_and(|there| there.lacks_keys))
    {
        give(valet, server, job, by).await?;
    }
    let have_keys = |server: &&Joined| server.there.as_ref().is_some_and(|there| !there.lacks_keys);
    for server in servers.iter().filter(have_keys).filter(|server| !server.keys.is_empty()) {
        remember(valet, server, job).await?;
    }
    if !new.is_empty() {
        add(valet, &new, job, by).await?;
    }
    for server in servers.iter().filter(|server| !server.keys.is_empty()) {
        is_kept(valet, server, job).await?;
    }
    Ok(())
}

async fn add(valet: &Arc<Valet>, new: &[&Joined], job: &Job, by: &By) -> Result<(), Problem> {
    let entries = new.iter().map(|server| (server.name.clone(), server.entry.clone()));
    // On the disk, beside the file: what cannot be written is an error before the vault has anything of it.
    let edit =
        config::add_servers(&valet.paths.config, entries.collect()).map_err(|error| Problem::from(&error))?;
    for server in new.iter().filter(|server| !server.keys.is_empty()) {
        let keys = of(valet, server, (job, by), Keys::of(&server.config));
        let key = Key::Keys(Server::id_of(&server.name, &server.config));
        valet.vault.write(key, Arc::new(keys)).await.map_err(Problem::from)?;
    }
    let wanted = |config: &mut Config| {
        let new = new.iter().map(|server| (server.name.clone(), Arc::new(server.config.clone())));
        config.servers.extend(new);
    };
    reload::put(valet, |_| edit.commit(), wanted)?;
    for server in new {
        if let By::Agent(agent) = by {
            let (by, known) = (agent.name().to_owned(), Room::of(agent) != Room::Unknown);
            let added = AddedBy { by, known, agreed: Agreed::ByThePerson };
            valet.change_server(&server.name, |server| server.added = Some(added));
        }
        note(valet, Act::Add, &server.name, by);
        if !server.keys.is_empty() {
            note(valet, Act::SetKey, &server.name, by);
        }
    }
    let _ = valet.unseal().await;
    let missing = new.iter().find(|server| !valet.book().servers.contains_key(&server.name));
    match missing {
        Some(server) => Err(reload::waits(valet, say!(problem_add_waits, server = &server.name))),
        None => Ok(()),
    }
}

/// Gives its keys to a server that is here and has none yet.
async fn give(valet: &Arc<Valet>, server: &Joined, job: &Job, by: &By) -> Result<(), Problem> {
    let meant = {
        let book = valet.book();
        Meant::of(book.find(&server.name)?)
    };
    let by_whom = Arc::clone(valet);
    keys::change(valet, &meant, |keys, _| of(&by_whom, server, (job, by), keys)).await?;
    note(valet, Act::SetKey, &server.name, by);
    Ok(())
}

/// Its keys, which are here already, were found in further entries.
async fn remember(valet: &Arc<Valet>, server: &Joined, job: &Job) -> Result<(), Problem> {
    let meant = {
        let book = valet.book();
        Meant::of(book.find(&server.name)?)
    };
    let names: Vec<KeyName> = server.secrets().keys().map(|name| server.called(name).clone()).collect();
    let found = |keys: Keys, name: &KeyName| keys.taken_from(name, origins(server, job, name));
    keys::rewrite(valet, &meant, |keys, _| names.iter().fold(keys, found)).await
}

fn of(valet: &Valet, server: &Joined, (job, by): (&Job, &By), keys: Keys) -> Keys {
    let (now, by) = (valet.clock.now(), (*by != By::Person).then(|| by.name().to_owned()));
    let add = |keys: Keys, (name, secret)| {
        let taken_from = origins(server, job, &name);
        keys.with(NewKey { name, secret, by: by.clone(), taken_from }, &server.config, now)
    };
    server.secrets().into_iter().fold(keys, add)
}

/// The entries that a key of a server is taken from.
fn origins(server: &Joined, job: &Job, key: &KeyName) -> Vec<TakenFrom> {
    let id = Server::id_of(&server.name, &server.config);
    let placed = job.changes.iter().flat_map(|change| &change.placed);
    let own = placed.filter(|(hole, _)| hole.server_id == id && hole.key == key.as_str());
    own.flat_map(|(_, origins)| origins).map(taken_from).collect()
}

/// The vault says each of them again: only then may a file lose it.
async fn is_kept(valet: &Valet, server: &Joined, job: &Job) -> Result<(), Problem> {
    let key = Key::Keys(Server::id_of(&server.name, &server.config));
    let kept = valet.vault.read::<Keys>(key).await.map_err(Problem::from)?;
    let can_go_back = |keys: &Keys, (name, secret): (&KeyName, &Secret)| {
        let name = server.called(name);
        let back = keys.given_back(name, &origins(server, job, name));
        back.is_ok_and(|back| back.ct_eq(secret.expose()))
    };
    let has = |keys: &Keys| server.secrets().iter().all(|own| can_go_back(keys, own));
    match kept.is_some_and(|kept| has(kept.value())) {
        true => Ok(()),
        false => Err(problems::not_kept(&server.name)),
    }
}

fn note(valet: &Valet, act: Act, server: &str, by: &By) {
    let mut entry = audit::entry(valet.clock.now(), act, by.actor());
    if let By::Agent(agent) = by {
        entry.mark = audit::mark(agent);
    }
    entry.server = Some(server.to_owned());
    valet.note(&entry);
}
