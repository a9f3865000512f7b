//! A plan as the person sees it, without any secret.

use crate::authority::person::{LyingEntry, SecretsLying};
use adopt::{Copied, Joined, Lying, Stays};
use clients::{Scene, shown_path};
use config::Setting;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wire::{CopiedFile, MovedServer, Moves, Staying};
use words::say;

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
        place: whole(one),
        is_new: one.there.is_none(),
        secrets: one.keys.iter().map(|key| key.place.words()).collect(),
        programs: programs.into_iter().map(ToOwned::to_owned).collect(),
    }
}

/// What it is, with all that decides what it does: a program is started as it is shown. A server that is here
/// and gets its key says so.
fn whole(one: &Joined) -> String {
    let mut parts = vec![one.config.place.whole()];
    if one.there.is_none() {
        let is_beside = |setting: &Setting| setting.key == "cwd" || setting.key.starts_with("env.");
        let of_program = config::program_settings(&one.config).into_iter().filter(is_beside);
        let of_sign_in = one.entry.get("oauth").and_then(Value::as_object).map(config::settings);
        let settings = of_program.chain(of_sign_in.into_iter().flatten());
        let said = |one: Setting| format!("{}={}", one.key, one.value.unwrap_or_else(|| "••••••".to_owned()));
        parts.extend(settings.map(said));
    }
    if one.there.as_ref().is_some_and(|there| there.lacks_keys) {
        parts.push(say!(adopt_gets_key));
    }
    parts.join(", ")
}

/// The entries of our own file, for a person to paste where nobody can be asked.
pub(crate) fn to_paste(servers: &[Joined]) -> String {
    let new = servers.iter().filter(|server| server.there.is_none());
    let entry = |server: &Joined| {
        plain::json(&format!("{}: {:#}", json!(server.name), Value::Object(server.entry.clone())))
    };
    new.map(entry).collect::<Vec<_>>().join(",\n")
}
