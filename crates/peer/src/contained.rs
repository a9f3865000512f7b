//! Who is in a container: known as that container, by the namespaces that its first process is in, and by
//! nothing that can be seen inside. Which container that is, its engine says.
//!
//! Whoever may use the engine may run programs in its containers, so all in one are one application, until
//! the valet ends.

use super::application::{Application, Identity, Place};
use super::system::HeldProcess;
use plain::plain;
use rustix::process::Pid;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use words::say;

/// Containers that are remembered.
const MOST: usize = 64;
/// Characters of a name, and of an image, that are shown.
const MAX_NAME: usize = 40;
/// Characters of both, with the words around them.
const MAX_WHOLE: usize = 120;
/// Digits of an ID that tell it from others to a person.
const SHORT_ID: usize = 12;

/// A container, as the engine that runs it describes it.
#[derive(Debug, Clone)]
pub struct Container {
    /// The engine.
    pub engine: String,
    /// What tells it from every other.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The image that it was made of; empty where it was made of none.
    pub image: String,
    /// The number of its first process.
    pub first: u32,
}

impl Container {
    fn application(&self) -> Application {
        let (name, image) = (plain(&self.name, MAX_NAME), plain(&self.image, MAX_NAME));
        let shown = match image.is_empty() {
            true => say!(who_container, name = name),
            false => say!(who_container_of, name = name, image = image),
        };
        let id: String = self.id.chars().take(SHORT_ID).collect();
        let path = format!("{} {id}", self.engine);
        Application::new(Identity::Place(Place::Container(self.id.clone())), &shown, Path::new(&path))
            .named_at_length(&shown, MAX_WHOLE)
            .with_source(&say!(who_container_by, engine = &self.engine, id = id))
    }
}

/// Namespaces that make a container what it is: of files and of users. What is in a sandbox inside of it has
/// others, and is not known by it.
#[derive(Debug, PartialEq, Eq)]
struct World {
    files: PathBuf,
    users: PathBuf,
}

impl World {
    fn of(held: &HeldProcess) -> io::Result<Self> {
        let of = |kind| held.sighting.namespace(kind);
        let world = Self { files: of("mnt")?, users: of("user")? };
        // While it lives, what was looked at is its own.
        if held.lives() { Ok(world) } else { Err(io::Error::other("it has ended")) }
    }
}

/// One whose first process is held.
#[derive(Debug)]
struct Known {
    first: HeldProcess,
    world: World,
    application: Application,
}

impl Known {
    /// A number of a namespace is given out again once nobody is in it: the first process has to be there.
    fn stands(&self) -> bool {
        World::of(&self.first).is_ok_and(|now| now == self.world)
    }
}

/// Containers that engines have described.
#[derive(Debug, Default)]
pub(super) struct Containers(Mutex<VecDeque<Known>>);

impl Containers {
    /// Notes what an engine has said. What is no process of this machine, or sees its files, is none.
    pub(super) fn learn(&self, container: &Container) {
        let pid = i32::try_from(container.first).ok().and_then(Pid::from_raw);
        let Some(Ok(first)) = pid.map(HeldProcess::open) else { return };
        let Ok(world) = World::of(&first) else { return };
        if first.sighting.shares("mnt") {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|other| other.world != world && other.stands());
        if known.len() == MOST {
            known.pop_front();
        }
        known.push_back(Known { first, world, application: container.application() });
    }

    /// The container that a process is in.
    pub(super) fn around(&self, held: &HeldProcess) -> Option<Application> {
        let world = World::of(held).ok()?;
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_world = known.iter().find(|known| known.world == world).filter(|known| known.stands());
        of_world.map(|known| known.application.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Longest;

    fn container(first: u32) -> Container {
        let of = ToOwned::to_owned;
        let (engine, name, image) = (of("podman"), of("web\u{202e}"), of("localhost/mini:1"));
        Container { engine, id: "0a".repeat(32), name, image, first }
    }

    #[test]
    fn a_container_is_known_until_the_valet_ends_by_a_name_that_cannot_mislead() {
        let application = container(0).application();
        assert_eq!(application.longest(), Longest::Session);
        assert!(application.name().contains("localhost/mini:1") && !application.name().contains('\u{202e}'));
        let long = Container { name: "n".repeat(200), image: "i".repeat(200), ..container(0) };
        assert!(long.application().name().contains("iii"), "the image is named, however long the name");
    }

    #[test]
    fn what_sees_the_files_of_this_machine_is_no_container() {
        let us = std::process::id();
        let (containers, held) =
            (Containers::default(), HeldProcess::open(rustix::process::getpid()).unwrap());
        containers.learn(&container(us));
        assert_eq!(containers.around(&held), None);
    }
}
