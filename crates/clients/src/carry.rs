//! One change, made as it was shown, and looked at again.

use crate::hole::{Hole, filled};
use crate::job::{Change, Scene, names};
use crate::place::{look, put, put_with, take_away};
use crate::plan::{Led, led_at};
use crate::record::Records;
use crate::trouble::Trouble;
use import::Folders;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// What was written is read, added to and written: by one at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Carries out one change, written down before it is made. `secret` says what goes back into a hole.
///
/// # Errors
/// The file is no longer what was shown, or the system refused. It is as it was.
pub fn carry_out(
    scene: &Scene,
    change: &Change,
    secret: impl Fn(&Hole) -> Option<Zeroizing<String>>,
) -> Result<(), Trouble> {
    let project = change.spot.project.clone();
    let folders = Folders { project, ..scene.folders.clone() };
    let (spot, found) = (&change.spot, &change.found);
    let unwritten = |error: io::Error| Trouble::Refused(error.to_string());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut records = Records::read(&scene.store).map_err(unwritten)?;
    let Some(edit) = &change.edit else {
        match &change.after {
            Some(after) if change.holes.is_empty() => put(spot, &folders, found, after)?,
            Some(after) => {
                let rights = found.rights().with_secrets(records.rights(&found.path));
                put_with(rights, spot, &folders, found, &filled(after, &change.holes, secret))?;
            }
            None => take_away(spot, &folders, found)?,
        }
        records.keep(&found.path, &change.kept);
        return records.write(&scene.store).map_err(unwritten);
    };
    records.push(spot, &found.path, edit.clone());
    records.write(&scene.store).map_err(unwritten)?;
    let done = put(spot, &folders, found, change.after.as_deref().unwrap_or_default());
    if done.is_err() {
        records.pop(&found.path);
        records.write(&scene.store).map_err(unwritten)?;
    }
    done
}

/// What was moved out of files is a server's key still, by another name of that.
///
/// # Errors
/// What was written cannot be read, or written anew.
pub fn follow(store: &Path, old: &str, (name, id): (&str, &str)) -> io::Result<()> {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut records = Records::read(store)?;
    if records.follow(old, name, id) { records.write(store) } else { Ok(()) }
}

/// Whether a file still says what was written, a while afterwards: a program that runs may have written its
/// own.
#[must_use]
pub fn still_stands(scene: &Scene, change: &Change) -> bool {
    let folders = Folders { project: change.spot.project.clone(), ..scene.folders.clone() };
    let Ok(found) = look(&change.spot, &folders) else { return false };
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
