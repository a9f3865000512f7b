//! From a process to the application behind it: up through its parents, as far as they do others' bidding.

use super::Process;
use super::application::{Application, Identity, Label, Place};
use super::kept::Keeper;
use super::places::Sort;
use super::role::{Errand, Role, Spot, Unclear, role};
use super::script::Script;
use super::system::{self, Entries, Facts, HeldProcess, Unit, World};
use rustix::process::getpid;
use std::path::Path;
use std::sync::Arc;
use words::say;

/// Parents that are looked at, at most.
const HIGHEST: usize = 48;
/// The place of all local servers. No unit of a service manager can be called so.
const LOCAL_SERVERS: &str = "local servers";

/// What a process stands for, and the processes that this rests on: as long as each of them is what it was,
/// it holds.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    what: What,
    pillars: Vec<Arc<HeldProcess>>,
}

#[derive(Debug, Clone)]
enum What {
    Application(Application),
    Place(Spot),
    Unknown(Unclear, Process),
}

/// A process with what was found of it.
#[derive(Debug, Clone)]
pub(super) struct KnownProcess {
    pub(super) held: Arc<HeldProcess>,
    pub(super) standing: Arc<Standing>,
    /// Its own program file, where we may look.
    pub(super) label: Option<Label>,
}

/// Where it is looked up what was found of a process before, and noted.
pub(super) trait Memory {
    /// What was found of exactly this run of this program with this name and this parent.
    fn recall(&self, held: &HeldProcess) -> Option<KnownProcess>;
    /// The container that a process is in, if that is known.
    fn container(&self, held: &HeldProcess) -> Option<Application>;
    /// Keeps it.
    fn keep(&self, known: &KnownProcess);
}

/// Finds out what a process stands for.
pub(super) fn find(held: &Arc<HeldProcess>, entries: &Entries, memory: &impl Memory) -> KnownProcess {
    Climb { entries, memory }.known(held, HIGHEST)
}

/// What a program that the valet started as a server has connect: it is that server, whatever it is besides.
pub(super) fn of_local_server(
    held: &Arc<HeldProcess>,
    of: &Keeper,
    keeper: Arc<HeldProcess>,
) -> KnownProcess {
    let facts = system::look(held).ok();
    let file = facts.as_ref().and_then(|facts| facts.executable.as_ref());
    let standing = match file {
        None => Standing::unknown(Unclear::Hidden, held),
        Some(file) => {
            let name = say!(who_local_server, server = &of.server);
            let place = Box::new(Identity::Place(Place::Service(LOCAL_SERVERS.to_owned())));
            // Another program under this name is another.
            let called = Some(of.server_id.clone());
            let identity = Identity::Within { program: file.program(), called, place };
            Standing::resting(Application::new(identity, &name, &file.path), vec![keeper], held)
        }
    };
    let label = file.map(|file| Label::of(&file.name(), &file.path));
    KnownProcess { held: Arc::clone(held), standing: Arc::new(standing), label }
}

/// One of whom nothing more is to be found out.
pub(super) fn of_nobody(held: &Arc<HeldProcess>) -> KnownProcess {
    let standing = Arc::new(Standing::unknown(Unclear::Orphan, held));
    KnownProcess { held: Arc::clone(held), standing, label: None }
}

struct Climb<'a, M> {
    entries: &'a Entries,
    memory: &'a M,
}

impl<M: Memory> Climb<'_, M> {
    fn known(&self, held: &Arc<HeldProcess>, steps: usize) -> KnownProcess {
        if let Some(known) = self.memory.recall(held) {
            return known;
        }
        let facts = system::look(held);
        let label = facts.as_ref().ok().and_then(|facts| facts.executable.as_ref());
        let label = label.map(|file| Label::of(&file.name(), &file.path));
        let standing = match &facts {
            Ok(facts) => self.standing(held, facts, steps),
            Err(_) => Standing::unknown(Unclear::Changed, held),
        };
        let known = KnownProcess { held: Arc::clone(held), standing: Arc::new(standing), label };
        if !known.standing.is_unknown() {
            self.memory.keep(&known);
        }
        known
    }

    fn standing(&self, held: &Arc<HeldProcess>, facts: &Facts, steps: usize) -> Standing {
        let above = || self.above(held, facts, steps);
        // Before any path is believed: inside, a program looks as if it were one of this machine.
        let is_apart = facts.room == World::Foreign;
        if let Some(container) = is_apart.then(|| self.memory.container(held)).flatten() {
            return Standing::of(What::Application(container), held);
        }
        match role(&held.sighting.comm, facts, self.entries) {
            Role::Application(application) => Standing::of(What::Application(application), held),
            Role::Place(spot) => Standing::of(What::Place(spot), held),
            Role::Unknown(why) => Standing::unknown(why, held),
            Role::Tool => sent(held, facts, &Errand::Program, above()),
            Role::Courier(errand) => match above() {
                many if many.is_in_multiplexer() => sent(held, facts, &errand, many),
                other => other,
            },
            Role::Says { name, icon } => says(held, facts, &name, icon.as_deref(), above()),
            Role::Started { id, name, icon } => {
                let spot = service_called(id);
                says(
                    held,
                    facts,
                    &name,
                    icon.as_deref(),
                    Standing { what: What::Place(spot), pillars: vec![] },
                )
            }
        }
    }

    /// What the parent stands for. It is the parent of this very process, which it cannot be younger than.
    fn above(&self, held: &Arc<HeldProcess>, facts: &Facts, steps: usize) -> Standing {
        let lost = || Standing::unknown(Unclear::Orphan, held);
        let Some(pid) = held.sighting.parent.filter(|_| steps > 0) else { return lost() };
        // What the valet starts, such as `ssh` and what that starts by its configuration, is not the valet.
        if pid == getpid() {
            return lost();
        }
        let Ok(parent) = HeldProcess::open(pid) else { return lost() };
        let is_older = parent.sighting.process.is_no_younger_than(held.sighting.process);
        let is_still_parent = held.again().is_some_and(|now| now.parent == Some(pid));
        if !is_older || !is_still_parent {
            return lost();
        }
        if system::is_manager(&parent) {
            return service(facts).map_or_else(lost, |spot| Standing::of(What::Place(spot), held));
        }
        (*self.known(&Arc::new(parent), steps - 1).standing).clone()
    }
}

/// What systemd started it as.
fn service(facts: &Facts) -> Option<Spot> {
    let Some(Unit::Service(name)) = &facts.unit else { return None };
    Some(service_called(name.clone()))
}

fn service_called(name: String) -> Spot {
    Spot { place: Place::Service(name.clone()), sort: Sort::Whole, name: name.clone(), path: name }
}

/// What somebody does in a place where nobody whom a person would name sent them.
fn sent(held: &Arc<HeldProcess>, facts: &Facts, errand: &Errand, above: Standing) -> Standing {
    let What::Place(spot) = &above.what else { return above };
    match errand {
        Errand::Script(script) => runs(held, facts, script, spot, above.pillars),
        Errand::Program => tool(held, facts, spot, above.pillars),
        Errand::None => above,
    }
}

/// A script, known by its path in this place: others may say the same.
fn runs(
    held: &Arc<HeldProcess>,
    facts: &Facts,
    script: &Script,
    spot: &Spot,
    pillars: Vec<Arc<HeldProcess>>,
) -> Standing {
    let (Some(file), Some(folder)) = (&facts.executable, &facts.folder) else {
        return Standing::unknown(Unclear::Hidden, held);
    };
    let path = script.path(folder);
    let by =
        say!(who_through_from, file = file.name(), place = &spot.name, folder = folder_of(&path).to_string());
    let called = Some(path.to_string_lossy().into_owned());
    let place = Box::new(Identity::Place(spot.place.clone()));
    let identity = Identity::Within { program: file.program(), called, place };
    let application = Application::new(identity, script.name(), &file.path).with_source(&by);
    Standing::resting(application, pillars, held)
}

fn folder_of(path: &Path) -> std::path::Display<'_> {
    path.parent().unwrap_or(path).display()
}

/// A tool that is used in a place by nobody whom a person would name.
fn tool(held: &Arc<HeldProcess>, facts: &Facts, spot: &Spot, pillars: Vec<Arc<HeldProcess>>) -> Standing {
    let Some(file) = &facts.executable else { return Standing::unknown(Unclear::Hidden, held) };
    let place = Box::new(Identity::Place(spot.place.clone()));
    let identity = Identity::Within { program: file.program(), called: None, place };
    let name = say!(who_in, name = file.name(), place = &spot.name);
    Standing::resting(Application::new(identity, &name, &file.path), pillars, held)
}

/// What a program says it is. Where it says so is part of who it is: elsewhere, others may say the same.
fn says(held: &Arc<HeldProcess>, facts: &Facts, name: &str, icon: Option<&str>, above: Standing) -> Standing {
    let Some(file) = &facts.executable else { return Standing::unknown(Unclear::Hidden, held) };
    let (place, shown) = match &above.what {
        What::Application(application) => (application.identity().clone(), application.name()),
        What::Place(spot) => (Identity::Place(spot.place.clone()), spot.name.as_str()),
        What::Unknown(..) => return above,
    };
    let by = say!(who_through, file = file.name(), place = shown);
    let identity =
        Identity::Within { program: file.program(), called: Some(name.to_owned()), place: Box::new(place) };
    let application = Application::new(identity, name, &file.path).with_icon(icon).with_source(&by);
    Standing::resting(application, above.pillars, held)
}

impl Standing {
    fn of(what: What, held: &Arc<HeldProcess>) -> Self {
        Self { what, pillars: vec![Arc::clone(held)] }
    }

    fn resting(
        application: Application,
        mut pillars: Vec<Arc<HeldProcess>>,
        held: &Arc<HeldProcess>,
    ) -> Self {
        pillars.push(Arc::clone(held));
        Self { what: What::Application(application), pillars }
    }

    fn unknown(why: Unclear, held: &HeldProcess) -> Self {
        Self { what: What::Unknown(why, held.sighting.process), pillars: Vec::new() }
    }

    const fn is_unknown(&self) -> bool {
        matches!(self.what, What::Unknown(..))
    }

    fn is_in_multiplexer(&self) -> bool {
        matches!(&self.what, What::Place(spot) if spot.sort == Sort::Multiplexer)
    }

    /// Whether all that it rests on, but for `other`, still is what it was.
    pub(super) fn holds_beside(&self, other: Process) -> bool {
        let mut others = self.pillars.iter().filter(|pillar| pillar.sighting.process != other);
        others.all(|pillar| pillar.stands())
    }

    /// Whether `process` stands for another one, by whose grace it is known.
    pub(super) fn is_lent_to(&self, process: Process) -> bool {
        self.pillars.iter().all(|pillar| pillar.sighting.process != process) || self.pillars.len() > 1
    }

    /// What the person is asked about where a process with this program file asks.
    pub(super) fn application(&self, label: Option<&Label>) -> Application {
        let own_name = label.map_or("a program", |label| &label.name);
        match &self.what {
            What::Application(application) => application.clone(),
            What::Place(spot) => {
                let identity = Identity::Place(spot.place.clone());
                let name = match spot.sort {
                    Sort::Whole => say!(who_program_in, place = &spot.name),
                    Sort::Multiplexer => say!(who_in, name = own_name, place = &spot.name),
                };
                let through = format!("through {own_name}");
                Application::new(identity, &name, Path::new(&spot.path)).with_source(&through)
            }
            What::Unknown(why, process) => unknown(Identity::Unknown(*process), *why, label),
        }
    }
}

/// Somebody who cannot be told.
pub(super) fn unknown(identity: Identity, why: Unclear, label: Option<&Label>) -> Application {
    let path = label.map_or("unknown", |label| &label.path);
    Application::new(identity, &say!(who_unknown), Path::new(path)).with_source(&why.words())
}
