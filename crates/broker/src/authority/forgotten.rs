//! Ways back into files of other programs that lead nowhere any more, and are forgotten once the person
//! agreed. The keys that were moved out of those files stay where they are.

use crate::valet::Valet;
use clients::{Hole, Lost, Scene, shown_path};
use config::KeyName;
use peer::By;
use plain::plain;
use std::collections::BTreeSet;
use std::path::Path;
use wire::{Act, LostWay, SetUpFile};

/// Letters of a name from a file.
const LONGEST: usize = 200;

/// What a person is told of them.
pub(crate) fn shown(valet: &Valet, scene: &Scene, lost: &[Lost]) -> Vec<LostWay> {
    let one = |lost: &Lost| LostWay {
        program: lost.client.name().to_owned(),
        file: shown_path(&lost.file, &scene.folders),
        why: lost.why.clone(),
        keys: stay(valet, &lost.holes()),
    };
    lost.iter().map(one).collect()
}

/// The keys that came from a file and are here, each as a person reads it.
fn stay(valet: &Valet, holes: &[Hole]) -> Vec<String> {
    let book = valet.book();
    let here = |hole: &Hole| {
        let server = book.servers.values().find(|server| server.id == hole.server_id)?;
        let name = KeyName::parse(&hole.key)?;
        server.held.keys()?.get(&name)?;
        Some(format!("{}/{}", server.name, plain(name.as_str(), LONGEST)))
    };
    let all: BTreeSet<String> = holes.iter().filter_map(here).collect();
    all.into_iter().collect()
}

/// Forgets them, and says what became of each.
pub(crate) fn forget(store: &Path, lost: &[Lost]) -> Vec<Option<clients::Trouble>> {
    lost.iter().map(|lost| clients::forget(store, lost).err()).collect()
}

/// The same as it is told, and noted.
pub(crate) fn told(
    valet: &Valet,
    scene: &Scene,
    (lost, troubles): (&[Lost], Vec<Option<clients::Trouble>>),
    by: &By,
) -> Vec<SetUpFile> {
    let one = |(lost, trouble): (&Lost, Option<clients::Trouble>)| SetUpFile {
        client: lost.client.word().to_owned(),
        program: lost.client.name().to_owned(),
        file: shown_path(&lost.file, &scene.folders),
        servers: lost.servers(),
        advice: trouble.as_ref().map(clients::Trouble::advice),
        trouble: trouble.as_ref().map(clients::Trouble::words),
    };
    let files: Vec<SetUpFile> = lost.iter().zip(troubles).map(one).collect();
    for file in files.iter().filter(|file| file.trouble.is_none()) {
        let mut entry = audit::entry(valet.clock.now(), Act::ForgetFile, by.actor());
        if let By::Agent(agent) = by {
            entry.mark = audit::mark(agent);
        }
        entry.result = Some(format!("{}: {}", file.program, file.file));
        valet.note(&entry);
    }
    files
}
