//! The keys of a server: brought by a program, set by the person, wiped by either.

use crate::authority::agent::Agent;
use crate::authority::proposal;
use crate::grants::revoke;
use crate::valet::keys::{self, InFile, Which};
use crate::valet::{Valet, deeds, reload};
use config::{Config, KeyName, ServerConfig};
use consent::new_key::ProposedKey;
use consent::proposal::{Entered, Made, Wants};
use oauth::Secret;
use peer::By;
use state::deed::What;
use state::keys::{Keys, NewKey};
use state::meant::Meant;
use state::server::Server;
use std::sync::Arc;
use wire::{Act, Problem, Revoke, SetKey};

/// Asks the person about a key that a program brings, and waits for the answer as long as it says.
pub(crate) async fn propose(agent: &Agent, server: &str, key: &str, set: &SetKey) -> Entered {
    let wait = set.wait.unwrap_or(0);
    if wait > wire::MAX_WAIT {
        return Err(problems::too_long_a_wait());
    }
    checked(set.secret.expose())?;
    let proposed = {
        let book = agent.valet.book();
        let server = book.find(server)?;
        let key = named(server, key)?;
        ProposedKey {
            server: server.name.clone(),
            server_id: server.id.clone(),
            url: server.config.place.whole(),
            host: server.config.place.host(),
            runs_here: server.runs_here(),
            headers: server.config.taking(&key),
            replaces: server.may_have_key(&key),
            key,
            secret: set.secret.clone(),
        }
    };
    proposal::propose(agent, Wants::Key(Box::new(proposed)), wait).await
}

/// Sets the key that the person agreed to. True if there was none before.
pub(crate) async fn put(valet: &Arc<Valet>, proposed: &ProposedKey, by: &By) -> Entered {
    let meant = Meant { name: proposed.server.clone(), id: proposed.server_id.clone() };
    let (name, secret) = (proposed.key.clone(), checked(proposed.secret.expose())?);
    // An edit of the headers may have been agreed to meanwhile.
    let as_shown = proposed.goes_into(&valet.book().meant(&meant)?.config);
    if !as_shown {
        return Err(problems::key_headers_changed(&meant.name));
    }
    let new = NewKey { name, secret, by: Some(by.name().to_owned()), taken_from: Vec::new() };
    let is_new = set(valet, &meant, new, by).await?;
    Ok(Made::Entry { server: meant.name, is_new })
}

/// Sets a key for the person.
pub(crate) async fn set_by_person(
    valet: &Arc<Valet>,
    server: &str,
    key: &str,
    secret: &str,
) -> Result<(), Problem> {
    let secret = checked(secret)?;
    let (meant, name) = find(valet, server, key)?;
    let new = NewKey { name, secret, by: None, taken_from: Vec::new() };
    set(valet, &meant, new, &By::Person).await.map(drop)
}

async fn set(valet: &Arc<Valet>, meant: &Meant, new: NewKey, by: &By) -> Result<bool, Problem> {
    valet.open_vault().await?;
    let (now, name) = (valet.clock.now(), new.name.clone());
    // The file may have the one before, which would come back from there.
    let before = InFile::of(valet, Which::One(&meant.name, &name))?;
    let mut is_new = false;
    let add = |old: Keys, server: &ServerConfig| {
        is_new = old.get(&new.name).is_none();
        old.with(new, server, now)
    };
    keys::change(valet, meant, add).await?;
    note(valet, Act::SetKey, &meant.name, &name, by);
    before.forget(valet)?;
    Ok(is_new)
}

/// Wipes a key. It is good until it is ended at its provider.
pub(crate) async fn wipe(valet: &Arc<Valet>, server: &str, key: &str, by: &By) -> Result<(), Problem> {
    let (meant, name) = find(valet, server, key)?;
    let in_file = InFile::of(valet, Which::One(&meant.name, &name))?;
    let mut was_there = false;
    let without = |old: Keys, _: &ServerConfig| {
        was_there = old.get(&name).is_some();
        old.without(&name)
    };
    keys::change(valet, &meant, without).await?;
    in_file.forget(valet)?;
    // What changes nothing is no news: a program could go on with it for ever.
    if was_there {
        note(valet, Act::WipeKey, &meant.name, &name, by);
        deeds::show(valet, by, What::KeyWiped, Some(&meant.name));
    }
    Ok(())
}

/// The person signs in instead: the headers with keys leave the configuration, and the keys the vault.
pub(crate) async fn sign_in_instead(valet: &Arc<Valet>, server: &str) -> Result<(), Problem> {
    valet.book().find(server)?.url()?;
    let edit =
        || config::remove_key_headers(&valet.paths.config, server).map_err(|error| Problem::from(&error));
    // First, and down to the disk: what cannot be written is an error before anything is wiped.
    let prepared = edit()?;
    revoke::revoke(Arc::clone(valet), server.to_owned(), By::Person, Revoke::default()).await?;
    // A key that stood in the file is out of it by now.
    let edit = if prepared.is_current() { prepared } else { edit()? };
    let wanted = |config: &mut Config| {
        if let Some(server) = config.servers.get_mut(server).map(Arc::make_mut) {
            server.headers = server.headers.without_keys();
        }
    };
    reload::edit(valet, |_| edit.commit(), wanted)
}

fn find(valet: &Valet, server: &str, key: &str) -> Result<(Meant, KeyName), Problem> {
    let book = valet.book();
    let server = book.find(server)?;
    Ok((Meant::of(server), named(server, key)?))
}

/// A key that a header of the server takes.
fn named(server: &Server, key: &str) -> Result<KeyName, Problem> {
    let takes = |name: &KeyName| server.config.keys().contains(name);
    KeyName::parse(key).filter(takes).ok_or_else(|| problems::no_such_key(&server.name, key))
}

fn checked(secret: &str) -> Result<Secret, Problem> {
    if config::is_key(secret) { Ok(Secret::from(secret.to_owned())) } else { Err(problems::no_key()) }
}

fn note(valet: &Valet, act: Act, server: &str, key: &KeyName, by: &By) {
    let mut entry = audit::entry(valet.clock.now(), act, by.actor());
    if let By::Agent(agent) = by {
        entry.mark = audit::mark(agent);
    }
    entry.server = Some(server.to_owned());
    entry.result = (key.as_str() != "key").then(|| format!("its name is {}", key.as_str()));
    valet.note(&entry);
}
