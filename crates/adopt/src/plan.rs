//! What would be done for all programs together.

use crate::copies::{Copied, copies};
use crate::place::Place;
use crate::servers::{Here, Joined, Servers};
use crate::survey::places;
use crate::suspect;
use crate::thing::{self, Thing, Ways};
use crate::why::Why;
use clients::{
    Change, Found, Job, Left, Moved, Records, Scene, Spelling, Spot, Taken, TakenOver, Trouble, lists, look,
    take_over,
};
use config::KeyName;
use import::{Client, listed};
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// These programs; all if none is named.
    pub clients: Vec<Client>,
    /// Servers that stay where they are, by the names that they would have here.
    pub except: Vec<String>,
    /// Whether a secret may go on being an argument, which all who use the machine can read.
    pub arguments: bool,
}

/// What would be done.
#[derive(Debug, Default)]
pub struct Plan {
    /// The servers that files lead to afterwards.
    pub servers: Vec<Joined>,
    /// How files change.
    pub job: Job,
    /// Entries that stay.
    pub stays: Vec<Stays>,
    /// Files that still have what is moved.
    pub copies: Vec<Copied>,
}

/// An entry that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stays {
    /// The program.
    pub client: Client,
    /// Its file, as it is reached.
    pub file: PathBuf,
    /// What the entry is called.
    pub name: String,
    /// The project that it is listed for, in a file that has many.
    pub project: Option<String>,
    /// Why.
    pub why: Why,
    /// Where in it secrets are.
    pub places: Vec<Place>,
}

/// A list as it was found, with the entries that can be moved.
pub(crate) struct List {
    spot: Spot,
    found: Found,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    project: Option<String>,
    places: Vec<Place>,
    thing: Thing,
    server: usize,
}

/// Plans for what is wanted. `config` is our own file, as errors name it.
///
/// # Errors
/// What was written before cannot be read.
pub fn plan(scene: &Scene, config: &Path, wanted: &Wanted, here: &dyn Here) -> io::Result<Plan> {
    let records = Records::read(&scene.store)?;
    let mut plan = Plan::default();
    let mut servers = Servers::new(here);
    let mut found = Vec::new();
    for client in
        Client::ALL.into_iter().filter(|one| wanted.clients.is_empty() || wanted.clients.contains(one))
    {
        for spot in lists(client, &scene.folders) {
            let read = look(&spot, &scene.folders)
                .and_then(|found| list(config, wanted, (&spot, found), &mut servers, &mut plan.stays));
            match read {
                Ok((list, troubles)) => {
                    plan.job.left.extend(troubles.iter().map(|trouble| left(&spot, trouble)));
                    found.push(list);
                }
                Err(trouble) => plan.job.left.push(left(&spot, &trouble)),
            }
        }
    }
    for mut list in found {
        let excepted = |entry: &Entry| wanted.except.contains(&servers.all[entry.server].name);
        let (except, entries) = list.entries.into_iter().partition(excepted);
        list.entries = entries;
        stay(&mut plan.stays, &list.spot, except, &Why::Excepted);
        lead(&mut plan, scene, (&records, here), list, &servers.all);
    }
    plan.servers = servers.all;
    let changes = &plan.job.changes;
    plan.servers.retain(|server| changes.iter().any(|change| change.servers.contains(&server.name)));
    let afterwards: Vec<(PathBuf, &str)> =
        changes.iter().filter_map(|change| Some((change.found.path.clone(), change.after()?))).collect();
    let keys = |server: &Joined| {
        let one = |(name, secret)| (secret, spelled(changes, server, &name));
        server.secrets().into_iter().map(one).collect::<Vec<_>>()
    };
    let secrets: Vec<_> = plan.servers.iter().flat_map(keys).collect();
    plan.copies = copies(&scene.folders, &afterwards, &secrets);
    Ok(plan)
}

/// The entries of one list that can be moved, and what of it could not be read; those that cannot are among
/// what stays.
pub(crate) fn list(
    config: &Path,
    wanted: &Wanted,
    (spot, found): (&Spot, Found),
    servers: &mut Servers<'_>,
    stays: &mut Vec<Stays>,
) -> Result<(List, Vec<Trouble>), Trouble> {
    let text = found.text.as_deref().unwrap_or_default();
    let ways = Ways { arguments: wanted.arguments };
    let mut entries = Vec::new();
    let (all, troubles) = listed(spot.client, &spot.path, text).map_err(Trouble::Unread)?;
    for one in all {
        let places = places(&one);
        let read = thing::read(&one, ways).and_then(|thing| {
            let Some(thing) = thing else { return Ok(None) };
            let checked = config::check_entry(config, "server", &thing.entry);
            let checked = checked.map_err(|error| Why::Refused(error.problem().to_owned()))?;
            Ok(Some((thing, checked)))
        });
        match read {
            Ok(None) => {}
            Ok(Some((thing, checked))) => {
                let server = servers.join((spot.client, &one.name), &thing, checked);
                entries.push(Entry { name: one.name, project: one.project, places, thing, server });
            }
            Err(why) => stays.push(Stays {
                client: spot.client,
                file: spot.path.clone(),
                name: one.name,
                project: one.project,
                why,
                places,
            }),
        }
    }
    let troubles = troubles.into_iter().map(Trouble::Unread).collect();
    Ok((List { spot: spot.clone(), found, entries }, troubles))
}

/// Plans how one file leads here. Where that cannot be for all of its entries, it is for those that can.
pub(crate) fn lead(
    plan: &mut Plan,
    scene: &Scene,
    (records, here): (&Records, &dyn Here),
    list: List,
    servers: &[Joined],
) {
    let List { spot, found, entries } = list;
    if entries.is_empty() || plan.job.changes.iter().any(|change| change.found.path == found.path) {
        return;
    }
    let all: Vec<TakenOver> = entries.iter().map(|entry| taken(entry, servers, here)).collect();
    match take_over(scene, records, (&spot, found), &all, &suspect::is_anywhere) {
        Ok(Taken { change, left }) => {
            plan.job.changes.extend(change);
            let why = |number: usize| left.iter().find(|(one, _)| *one == number);
            for (number, entry) in entries.into_iter().enumerate() {
                let Some((_, trouble)) = why(number) else { continue };
                stay(&mut plan.stays, &spot, vec![entry], &Why::File(trouble.words()));
            }
        }
        Err(trouble) => stay(&mut plan.stays, &spot, entries, &Why::File(trouble.words())),
    }
}

fn taken(entry: &Entry, servers: &[Joined], here: &dyn Here) -> TakenOver {
    let server = &servers[entry.server];
    let moved = entry.thing.keys.iter().map(|key| Moved {
        key: server.called(&key.name).as_str().to_owned(),
        secret: Zeroizing::new(key.secret.expose().to_owned()),
        spelling: key.spelling.clone(),
    });
    TakenOver {
        project: entry.project.clone(),
        key: entry.name.clone(),
        server: server.name.clone(),
        server_id: here.id(&server.name, &server.config),
        keeps: entry.thing.keeps.clone(),
        moved: moved.collect(),
    }
}

/// How a key was spelled in the files that it leaves.
fn spelled(changes: &[Change], server: &Joined, key: &KeyName) -> Vec<Spelling> {
    let called = server.called(key).as_str();
    let holes = changes.iter().flat_map(|change| &change.placed).map(|(hole, _)| hole);
    let own = holes.filter(|hole| hole.server == server.name && hole.key == called);
    own.map(|hole| hole.spelling.clone()).collect()
}

fn stay(stays: &mut Vec<Stays>, spot: &Spot, entries: Vec<Entry>, why: &Why) {
    stays.extend(entries.into_iter().map(|entry| Stays {
        client: spot.client,
        file: spot.path.clone(),
        name: entry.name,
        project: entry.project,
        why: why.clone(),
        places: entry.places,
    }));
}

fn left(spot: &Spot, trouble: &Trouble) -> Left {
    let (why, advice) = (trouble.words(), trouble.advice());
    Left { client: spot.client, file: spot.path.clone(), why, advice, paste: String::new() }
}
