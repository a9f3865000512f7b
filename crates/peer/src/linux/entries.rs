//! The desktop entries of this machine: which programs have names and icons.

use super::entry::{self, DesktopEntry};
use super::read::followed;
use crate::others;
use std::collections::{HashMap, HashSet};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Entries that are read, at most, and bytes of each.
const MOST: usize = 4000;
const MAX_ENTRY: usize = 256 << 10;
const SYSTEM_DATA: &str = "/usr/local/share:/usr/share";
const SYSTEM_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/games";
/// Each folder in one of these belongs to one application.
const APARTMENTS: &[&str] = &["/opt", "/usr/share", "/usr/lib", "/usr/lib64", "/usr/libexec", "/nix/store"];

/// An application as its desktop entry names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) icon: Option<String>,
    pub(crate) is_terminal: bool,
    /// The folder that holds it and nothing else.
    pub(crate) folder: Option<PathBuf>,
}

/// All of them, as they were when the folders last changed.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    stamps: Vec<(PathBuf, Option<SystemTime>)>,
    ids: HashMap<String, Arc<Named>>,
    programs: HashMap<PathBuf, Arc<Named>>,
}

/// An entry with what it is found by.
struct Installed {
    id: String,
    entry: DesktopEntry,
    named: Arc<Named>,
    programs: Vec<PathBuf>,
}

impl Entries {
    /// Whether an entry was added or taken away since they were read.
    pub(crate) fn are_current(&self) -> bool {
        !self.stamps.is_empty() && self.stamps == stamps()
    }

    /// Reads them all.
    pub(crate) fn read() -> Self {
        let mut entries = Self { stamps: stamps(), ..Self::default() };
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for (folder, _) in &entries.stamps {
            for file in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(id) = file.file_name().into_string() else { continue };
                let Some(id) = id.strip_suffix(".desktop").map(str::to_owned) else { continue };
                // The first folder counts, and may take an entry of another one away.
                if seen.len() == MOST || !seen.insert(id.clone()) {
                    continue;
                }
                let Some(one) = Installed::at(id, &file.path()) else { continue };
                entries.ids.insert(one.id.clone(), Arc::clone(&one.named));
                found.push(one);
            }
        }
        // Of several for one program, the plainest is the program's own.
        found.sort_by_key(|one| (one.entry.command.len(), one.id.clone()));
        for one in found {
            for program in one.programs {
                entries.programs.entry(program).or_insert_with(|| Arc::clone(&one.named));
            }
        }
        entries
    }

    /// The application with this program file, or with the folder that it is in.
    pub(crate) fn of_program(&self, path: &Path) -> Option<&Named> {
        let own = self.programs.get(path).or_else(|| self.programs.values().find(|named| named.holds(path)));
        own.or_else(|| self.by_its_name(path)).map(AsRef::as_ref)
    }

    /// The application with this script.
    pub(crate) fn of_script(&self, script: &str) -> Option<&Named> {
        self.programs.get(Path::new(script)).map(AsRef::as_ref)
    }

    /// The application with this desktop entry.
    pub(crate) fn of_id(&self, id: &str) -> Option<&Named> {
        self.ids.get(id).map(AsRef::as_ref)
    }

    /// What is started as `/usr/bin/firefox` may go on as `/usr/lib/firefox/firefox`: root put both there.
    fn by_its_name(&self, path: &Path) -> Option<&Arc<Named>> {
        let inner = ["/usr/lib", "/usr/lib64", "/usr/libexec"];
        let name = path.file_name().filter(|_| inner.iter().any(|folder| path.starts_with(folder)))?;
        self.programs.get(&Path::new("/usr/bin").join(name))
    }
}

impl Named {
    fn holds(&self, path: &Path) -> bool {
        self.folder.as_ref().is_some_and(|folder| path.starts_with(folder))
    }
}

impl Installed {
    fn at(id: String, file: &Path) -> Option<Self> {
        let text = followed(file, MAX_ENTRY).ok()?;
        let entry = entry::parse(&String::from_utf8_lossy(&text))?;
        let programs = programs(&entry);
        let named = Arc::new(Named {
            name: entry.name.clone(),
            icon: entry.icon.clone(),
            is_terminal: entry.is_terminal,
            folder: programs.last().and_then(|program| folder(program)),
        });
        Some(Self { id, entry, named, programs })
    }
}

/// The program files, or the script, that an entry is for: as it is written, and what is found behind
/// symbolic links. What does others' bidding belongs to no entry.
fn programs(entry: &DesktopEntry) -> Vec<PathBuf> {
    let of = |word: &str| {
        let path = locate(word)?;
        let file = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        (!does_as_told(&path) && !does_as_told(&file)).then(|| vec![path, file])
    };
    let needed = entry.needs.as_deref().and_then(of);
    let program = entry.command.first().and_then(|word| of(word));
    program.or_else(|| behind(&entry.command).and_then(of)).or(needed).unwrap_or_default()
}

/// What `env`, an interpreter or a shell is told to run.
fn behind(command: &[String]) -> Option<&str> {
    let first = command.first().filter(|first| does_as_told(Path::new(first)))?;
    let is_setting = |word: &str| first.ends_with("env") && word.contains('=');
    let mut words = command.iter().skip(1).map(String::as_str);
    words.find(|word| !is_setting(word)).filter(|word| !word.starts_with('-'))
}

fn does_as_told(program: &Path) -> bool {
    program.file_name().is_some_and(|name| others::stands_for_others(&name.to_string_lossy()))
}

fn locate(word: &str) -> Option<PathBuf> {
    if word.contains('/') {
        return Some(PathBuf::from(word)).filter(|path| path.is_absolute() && path.exists());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(env::split_paths(SYSTEM_PATH));
    folders.filter(|folder| folder.is_absolute()).map(|folder| folder.join(word)).find(|path| path.exists())
}

/// The folder that holds this program's application and nothing else, if there is one.
fn folder(program: &Path) -> Option<PathBuf> {
    let parent = program.parent()?;
    let folder = if parent.ends_with("bin") { parent.parent()? } else { parent };
    let own = env::var_os("HOME").map(|home| Path::new(&home).join(".local/share"));
    let apartments = APARTMENTS.iter().map(PathBuf::from).chain(own);
    let is_in_one = apartments.into_iter().any(|outer| folder.starts_with(&outer) && folder != outer);
    let is_shared = folder.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-gnu"));
    let is_bundle = folder.extension() == Some(OsStr::new("app"));
    ((is_in_one && !is_shared) || is_bundle).then(|| folder.to_owned())
}

/// The folders with entries, the most important first, and when each last changed.
fn stamps() -> Vec<(PathBuf, Option<SystemTime>)> {
    let own = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let own = own.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".local/share")));
    let others =
        env::var_os("XDG_DATA_DIRS").filter(|list| !list.is_empty()).unwrap_or_else(|| SYSTEM_DATA.into());
    let more = ["/var/lib/flatpak/exports/share", "/var/lib/snapd/desktop"].map(PathBuf::from);
    let mut stamps: Vec<(PathBuf, _)> = Vec::new();
    for data in own.into_iter().chain(env::split_paths(&others)).filter(|path| path.is_absolute()).chain(more)
    {
        let folder = data.join("applications");
        if !stamps.iter().any(|(other, _)| *other == folder) {
            let changed = fs::metadata(&folder).and_then(|meta| meta.modified()).ok();
            stamps.push((folder, changed));
        }
    }
    stamps
}
