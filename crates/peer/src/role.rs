//! What one process is to a person: an application, a place where programs run, or somebody who does others'
//! bidding.

use super::agents::{agent_at, agent_called};
use super::application::{Application, Identity, Longest, Place, Program, stands_for_others};
use super::others::{self, Courier};
use super::places::{self, Sort};
use super::script::Script;
use super::system::{self, Entries, Executable, Facts, Named, Origin, Unit, World};
use std::path::Path;
use words::say;

/// What a process is.
#[derive(Debug)]
pub(super) enum Role {
    /// What a person would name.
    Application(Application),
    /// A last resort for a name: whatever runs there and has none.
    Place(Spot),
    /// It says that it is this application, and nothing but its word tells.
    Says { name: String, icon: Option<String> },
    /// A desktop started it as the application with this desktop entry.
    Started { id: String, name: String, icon: Option<String> },
    /// A tool of the system: who uses it is meant, and where only a place is behind it, the tool.
    Tool,
    /// It does what its parent told it.
    Courier(Errand),
    /// Nobody whom we could tell again.
    Unknown(Unclear),
}

/// What of somebody who does others' bidding tells it from others in a place that holds many.
#[derive(Debug)]
pub(super) enum Errand {
    /// It says that it runs this.
    Script(Script),
    /// Its program file.
    Program,
    /// Nothing: what it starts is meant.
    None,
}

/// A place, and how it is shown.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) place: Place,
    pub(super) sort: Sort,
    pub(super) name: String,
    pub(super) path: String,
}

/// Why an application cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// It is in a container, or in a sandbox that says nothing of itself.
    Foreign,
    /// What started it has ended.
    Orphan,
    /// It may not be looked at.
    Hidden,
    /// It ended, or became another program, after it connected.
    Changed,
}

impl Unclear {
    pub(super) fn words(self) -> String {
        match self {
            Self::Foreign => say!(who_foreign),
            Self::Orphan => say!(who_orphan),
            Self::Hidden => say!(who_hidden),
            Self::Changed => say!(who_changed),
        }
    }
}

/// What a process is, by what is told of it. `comm` is the name that it goes by.
pub(super) fn role(comm: &str, facts: &Facts, entries: &Entries) -> Role {
    if !facts.is_ours {
        return of_another_user(comm);
    }
    if let World::Flatpak(id) = &facts.room {
        return Role::Application(flatpak(id, entries));
    }
    let Some(file) = &facts.executable else { return Role::Unknown(Unclear::Hidden) };
    let origin = file.origin();
    if let Origin::Snap(name) = origin
        && !stands_for_others(&file.path)
    {
        return Role::Application(snap(name, entries));
    }
    if facts.room == World::Foreign {
        return Role::Unknown(Unclear::Foreign);
    }
    if !file.has_file() {
        return Role::Application(of_file(file, None, origin));
    }
    let named = entries.of_program(&file.path);
    if let Some(spot) = terminal(file, named) {
        return Role::Place(spot);
    }
    if let Origin::AppImage(name) = origin {
        let image = Application::new(Identity::AppImage(name.clone()), name, &file.path);
        return Role::Application(image.with_source(&say!(who_app_image)));
    }
    if named.is_some() || agent_at(&file.path).is_some() {
        return Role::Application(of_file(file, named, origin));
    }
    if let Some(courier) = others::courier(&file.name()) {
        let script = Script::of(courier, &facts.words);
        let says = called(comm, &facts.words, script.as_ref(), entries);
        return says.unwrap_or_else(|| Role::Courier(errand(courier, script)));
    }
    if system::is_of_system(&file.path) {
        return started_as(facts.unit.as_ref(), entries).unwrap_or(Role::Tool);
    }
    Role::Application(of_file(file, None, origin))
}

/// What `sudo` and its like run is meant; what else runs for us as somebody else, such as the SSH server, is
/// a place.
fn of_another_user(comm: &str) -> Role {
    if others::stands_for_others(comm) {
        return Role::Courier(Errand::None);
    }
    let (name, sort) = places::place(comm).unwrap_or((comm, Sort::Whole));
    let place = Place::Daemon(comm.to_owned());
    Role::Place(Spot { place, sort, name: name.to_owned(), path: comm.to_owned() })
}

fn errand(courier: Courier, script: Option<Script>) -> Errand {
    match (courier, script) {
        (Courier::Launcher, _) | (Courier::Shell, None) => Errand::None,
        (Courier::Messenger, _) | (Courier::Interpreter, None) => Errand::Program,
        (Courier::Shell | Courier::Interpreter, Some(script)) if script.stands_for_others() => Errand::None,
        (Courier::Shell | Courier::Interpreter, Some(script)) => Errand::Script(script),
    }
}

fn flatpak(id: &str, entries: &Entries) -> Application {
    let named = entries.of_id(id);
    let name = named.map_or(id, |named| &named.name);
    let shown = format!("Flatpak {id}");
    Application::new(Identity::Flatpak(id.to_owned()), name, Path::new(&shown)).with_icon(icon(named))
}

fn snap(name: &str, entries: &Entries) -> Application {
    let named = entries.of_id(&format!("{name}_{name}"));
    let (title, shown) = (named.map_or(name, |named| &named.name), format!("/snap/{name}"));
    Application::new(Identity::Snap(name.to_owned()), title, Path::new(&shown)).with_icon(icon(named))
}

fn terminal(file: &Executable, named: Option<&Named>) -> Option<Spot> {
    let by_entry = named.filter(|named| named.is_terminal).map(|named| named.name.as_str());
    let by_name = file.name();
    let by_name = places::place(&by_name);
    let sort = by_name.map_or(Sort::Whole, |(_, sort)| sort);
    let name = by_entry.or(by_name.map(|(name, _)| name))?.to_owned();
    let path = file.path.to_string_lossy().into_owned();
    Some(Spot { place: Place::Program(file.program()), sort, name, path })
}

/// An application that is known by its program file.
fn of_file(file: &Executable, named: Option<&Named>, origin: &Origin) -> Application {
    let own_name = file.name();
    let known = || agent_at(&file.path).filter(|_| file.has_file());
    let name = named.map(|named| named.name.as_str()).or_else(known);
    let does_as_told = stands_for_others(&file.path);
    let program = match (file.program(), named.and_then(|named| named.folder.clone())) {
        // All that root put into its folder is the same application.
        (Program::Installed(path), Some(folder)) if !does_as_told && path.starts_with(&folder) => {
            Program::Installed(folder)
        }
        (program, _) => program,
    };
    let lasts = file.lasts() && lies_fast(&file.program(), origin) && !does_as_told;
    Application::new(Identity::Program(program), name.unwrap_or(&own_name), &file.path)
        .with_icon(icon(named))
        .at_most(if lasts { Longest::Always } else { Longest::Session })
}

/// Whether what it lies on can be trusted to say that it is the same again.
const fn lies_fast(program: &Program, origin: &Origin) -> bool {
    matches!((program, origin), (Program::Installed(_), _) | (_, Origin::Disk(_)))
}

/// What an interpreter says it runs, if that is known by name.
fn called(comm: &str, words: &[String], script: Option<&Script>, entries: &Entries) -> Option<Role> {
    let named = script.and_then(|script| entries.of_script(script.word()));
    let says = |named: &Named| Role::Says { name: named.name.clone(), icon: named.icon.clone() };
    let agent = || agent_called(comm, words, script).map(|name| Role::Says { name: name.into(), icon: None });
    named.map(says).or_else(agent)
}

/// What the desktop started it as: any program can have itself started as what it likes.
fn started_as(unit: Option<&Unit>, entries: &Entries) -> Option<Role> {
    let Some(Unit::Desktop(id)) = unit else { return None };
    let named = entries.of_id(id)?;
    Some(Role::Started { id: id.clone(), name: named.name.clone(), icon: named.icon.clone() })
}

fn icon(named: Option<&Named>) -> Option<&str> {
    named.and_then(|named| named.icon.as_deref())
}
