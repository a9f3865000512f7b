//! A plan as the person sees it, without any secret.

use crate::authority::person::{LyingEntry, SecretsLying};
use adopt::{Copied, Joined, Lying, Stays};
use clients::{Scene, shown_path};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wire::{CopiedFile, MovedServer, Moves, Staying};

/// Letters of a name from outside.
const LONGEST: usize = 200;

/// What goes where, what stays, and what is left of it elsewhere.
pub(crate) fn moves(scene: &Scene, servers: &[Joined], stays: &[Stays], copies: &[Copied]) -> Moves {
    let staying = |one: &Stays| Staying {
        program: one.client.name().to_owned(),
        file: shown_path(&one.file, &scene.folders),
        name: plain::plain(&one.name, LONGEST),
        why: one.why.words(),
        secrets: one.places.iter().map(adopt::Place::words).collect(),
    };
    Moves {
        servers: servers.iter().map(server).collect(),
        stays: stays.iter().map(staying).collect(),
        copies: copies.iter().map(|one| copied(scene, one)).collect(),
    }
}

fn copied(scene: &Scene, one: &Copied) -> CopiedFile {
    CopiedFile { file: shown_path(&one.file, &scene.folders), secrets: one.secrets }
}

/// Where secrets lie about, and copies of them.
pub(crate) fn lying(scene: &Scene) -> SecretsLying {
    let (lying, copies) = adopt::survey(scene);
    let entry = |one: Lying| LyingEntry {
        program: one.client.name().to_owned(),
        file: shown_path(&one.file, &scene.folders),
        project: one.project.map(|project| plain::plain(&project, LONGEST)),
        name: plain::plain(&one.name, LONGEST),
        secrets: one.places.iter().map(adopt::Place::words).collect(),
    };
    SecretsLying {
        entries: lying.into_iter().map(entry).collect(),
        copies: copies.iter().map(|one| copied(scene, one)).collect(),
    }
}

fn server(one: &Joined) -> MovedServer {
    let programs: BTreeSet<&str> = one.from.iter().map(|(client, _)| client.name()).collect();
    MovedServer {
        name: one.name.clone(),
        place: one.config.place.whole(),
        is_new: one.there.is_none(),
        secrets: one.keys.iter().map(|key| key.place.words()).collect(),
        programs: programs.into_iter().map(ToOwned::to_owned).collect(),
    }
}

/// The entries of our own file, for a person to paste where nobody can be asked.
pub(crate) fn to_paste(servers: &[Joined]) -> String {
    let new = servers.iter().filter(|server| server.there.is_none());
    let entry = |server: &Joined| {
        plain::json(&format!("{}: {:#}", json!(server.name), Value::Object(server.entry.clone())))
    };
    new.map(entry).collect::<Vec<_>>().join(",\n")
}
