//! One change, made as it was shown, and looked at again.

use crate::hole::{Hole, filled};
use crate::job::{Change, Scene, names};
use crate::place::{look, put, put_with, take_away};
use crate::plan::{Led, led_at};
use crate::record::Records;
use crate::trouble::Trouble;
use import::Folders;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// What was written is read, added to and written: by one at a time. No file of another program is waited for
/// meanwhile, since that may be for ever.
static ALONE: Mutex<()> = Mutex::new(());
/// Files of other programs that are being written to, each by one at a time.
static WRITING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The turn of whoever writes to a file.
struct Turn<'a>(&'a Path);

impl<'a> Turn<'a> {
    fn of(file: &'a Path) -> Result<Self, Trouble> {
        let is_free = WRITING.lock().unwrap_or_else(PoisonError::into_inner).insert(file.to_owned());
        if is_free { Ok(Self(file)) } else { Err(Trouble::Busy) }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        WRITING.lock().unwrap_or_else(PoisonError::into_inner).remove(self.0);
    }
}

/// Carries out one change, written down before it is made. `secret` says what goes back into a hole.
///
/// # Errors
/// The file is no longer what was shown, or the system refused. It is as it was.
pub fn carry_out(
    scene: &Scene,
    change: &Change,
    secret: impl Fn(&Hole) -> Option<Zeroizing<String>>,
) -> Result<(), Trouble> {
    let _turn = Turn::of(&change.found.path)?;
    let Some(edit) = &change.edit else { return take_back(scene, change, secret) };
    let (spot, found) = (&change.spot, &change.found);
    written_down(scene, |records| records.push(spot, &found.path, edit.clone()))?;
    let done = put(spot, &folders(scene, change), found, change.after.as_deref().unwrap_or_default());
    if done.is_err() {
        written_down(scene, |records| records.replace(&found.path, std::slice::from_ref(edit), &[]))?;
    }
    done
}

fn take_back(
    scene: &Scene,
    change: &Change,
    secret: impl Fn(&Hole) -> Option<Zeroizing<String>>,
) -> Result<(), Trouble> {
    let (spot, found, folders) = (&change.spot, &change.found, folders(scene, change));
    match &change.after {
        Some(after) if change.holes.is_empty() => put(spot, &folders, found, after)?,
        Some(after) => {
            let had = records(scene)?.rights(&found.path);
            let rights = found.rights().with_secrets(had);
            put_with(rights, spot, &folders, found, &filled(after, &change.holes, secret))?;
        }
        None => take_away(spot, &folders, found)?,
    }
    written_down(scene, |records| records.replace(&found.path, &change.taken, &change.kept))
}

fn folders(scene: &Scene, change: &Change) -> Folders {
    Folders { project: change.spot.project.clone(), ..scene.folders.clone() }
}

fn records(scene: &Scene) -> Result<Records, Trouble> {
    Records::read(&scene.store).map_err(|error| Trouble::Refused(error.to_string()))
}

fn written_down(scene: &Scene, edit: impl FnOnce(&mut Records)) -> Result<(), Trouble> {
    let _alone = alone();
    let mut records = records(scene)?;
    edit(&mut records);
    records.write(&scene.store).map_err(|error| Trouble::Refused(error.to_string()))
}

/// What was moved out of files is a server's key still, by another name of that.
///
/// # Errors
/// What was written cannot be read, or written anew.
pub fn follow(store: &Path, old: &str, (name, id): (&str, &str)) -> io::Result<()> {
    let _alone = alone();
    let mut records = Records::read(store)?;
    if records.follow(old, name, id) { records.write(store) } else { Ok(()) }
}

/// Whether a file still says what was written, a while afterwards: a program that runs may have written its
/// own.
#[must_use]
pub fn still_stands(scene: &Scene, change: &Change) -> bool {
    let Ok(found) = look(&change.spot, &folders(scene, change)) else { return false };
    let Ok(now) = led_at(&change.spot, found.text.as_deref().unwrap_or_default()) else { return false };
    match &change.edit {
        Some(edit) => {
            let is = |led: &Led| {
                let is_same = |one: &Led| one.key == led.key && one.server == led.asks();
                now.iter().any(|one| is_same(one) && (led.path.is_empty() || one.path == led.path))
            };
            edit.led.iter().all(is)
        }
        None => {
            !now.iter().any(|one| names(scene, &one.server).iter().any(|name| change.servers.contains(name)))
        }
    }
}
