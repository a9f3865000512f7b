//! The application behind a process, as a person would name it.

use super::{Process, others, system};
use ground::fingerprint::fingerprint;
use plain::plain;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const MAX_NAME: usize = 60;
const MAX_PATH: usize = 400;

/// What the person is asked about, and what answers are remembered by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Application {
    identity: Identity,
    name: String,
    path: String,
    longest: Longest,
    #[serde(default)]
    icon: Option<String>,
    #[serde(default)]
    by: Option<String>,
    /// Whether it is at another place. Answers about those are never written down.
    #[serde(skip)]
    elsewhere: bool,
}

/// By what an application is told from all others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Its program file.
    Program(Program),
    /// The ID of its sandbox.
    Flatpak(String),
    /// The name of its Snap.
    Snap(String),
    /// The name that an AppImage gives itself.
    AppImage(String),
    /// Whatever has no application of its own in one place, such as a terminal.
    Place(Place),
    /// What a program that others may use as well does in one place; an interpreter may say what it runs.
    Within {
        /// The program that others may use as well.
        program: Program,
        /// What it says it runs.
        called: Option<String>,
        /// Where.
        place: Box<Self>,
    },
    /// One process that leads nowhere.
    #[serde(skip)]
    Unknown(Process),
}

/// A program file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Program {
    /// What root alone can put at this path, or into this folder. It stays the same through updates.
    Installed(PathBuf),
    /// What programs of the user can write. Any change to it makes it another one: the time of the last
    /// change, in seconds and nanoseconds, is the kernel's and can be set by nobody.
    Own {
        /// Where it is.
        path: PathBuf,
        /// Which file that is.
        inode: u64,
        /// When anything about it last changed.
        changed: (i64, u32),
        /// The file system that it is on. `None` in what was written down before this was looked at, which no
        /// program is known by.
        #[serde(default)]
        disk: Option<u64>,
    },
    /// What lies where somebody else than the kernel says which file it is, or when that changed. It is known
    /// until the valet ends, and is nothing that was known before.
    Loose {
        /// Where it is.
        path: PathBuf,
        /// On which device, as long as that is mounted.
        device: (u32, u32),
        /// Which file it says that it is.
        inode: u64,
        /// When it says that anything about it last changed.
        changed: (i64, u32),
    },
}

/// Where people run programs that have no application of their own, and what runs them for people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A terminal, or a desktop.
    Program(Program),
    /// A service that systemd runs.
    Service(String),
    /// A program of another user, such as the SSH server.
    Daemon(String),
    /// Another place, which is led here.
    Forward(String),
    /// One authorization of the door for clients that know nothing but HTTP and OAuth.
    Door(u64),
    /// A container of this machine, by its ID.
    Container(String),
}

/// How long a "yes" to an application may stand, by how surely it is known when it comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Longest {
    /// One token or one MCP session: it cannot be told from others. No answer about it is remembered, nor
    /// matched to it.
    Once,
    /// Until the valet ends.
    Session,
    /// Until the person takes it back.
    Always,
}

impl Program {
    fn path(&self) -> &Path {
        match self {
            Self::Installed(path) | Self::Own { path, .. } | Self::Loose { path, .. } => path,
        }
    }

    /// The same with the file system that it is on, if it was written down without, and is still there.
    fn on_its_disk(self) -> Self {
        let Self::Own { path, inode, changed, disk: None } = self else { return self };
        let disk = system::on_its_disk(&path, inode, changed);
        Self::Own { path, inode, changed, disk }
    }
}

impl Identity {
    /// How long a "yes" may stand at most, whatever the program file is worth.
    fn longest(&self) -> Longest {
        match self {
            // What cannot be written down is not known again by the next run.
            Self::Program(Program::Loose { .. }) => Longest::Session,
            Self::Program(program) if program.path().to_str().is_none() => Longest::Session,
            Self::Program(_) | Self::Flatpak(_) | Self::Snap(_) => Longest::Always,
            Self::AppImage(_) | Self::Place(_) | Self::Within { .. } => Longest::Session,
            Self::Unknown(_) => Longest::Once,
        }
    }

    /// By what a surface names it: told to nobody, and the same in every run.
    pub fn mark(&self) -> String {
        // What JSON cannot say, such as a path that is no text, still tells one from another.
        let all = serde_json::to_string(self).unwrap_or_else(|_| format!("{self:?}"));
        fingerprint(&[&all])
    }
}

impl Application {
    /// One that is shown with this name and this path of its program.
    pub(super) fn new(identity: Identity, name: &str, path: &Path) -> Self {
        Self {
            longest: identity.longest(),
            identity,
            name: plain(name, MAX_NAME),
            path: plain(&path.to_string_lossy(), MAX_PATH),
            icon: None,
            by: None,
            elsewhere: false,
        }
    }

    /// The same as it is known today, where it was written down in an earlier form.
    pub fn known_today(self) -> Self {
        if let Identity::Program(program) = self.identity {
            return Self { identity: Identity::Program(program.on_its_disk()), ..self };
        }
        self
    }

    /// The same, with a "yes" standing no longer than this.
    pub(super) fn at_most(self, longest: Longest) -> Self {
        Self { longest: longest.min(self.longest), ..self }
    }

    /// The same, with this icon.
    pub(super) fn with_icon(self, icon: Option<&str>) -> Self {
        Self { icon: icon.map(str::to_owned), ..self }
    }

    /// The same, with this to be said of where the name comes from.
    pub(super) fn with_source(self, by: &str) -> Self {
        Self { by: Some(plain(by, MAX_PATH)), ..self }
    }

    /// The same, at another place, by a name that may be longer.
    pub(super) fn at_another_place(self, name: &str, longest: usize) -> Self {
        Self { elsewhere: true, ..self.named_at_length(name, longest) }
    }

    /// The same, by a name that may be longer.
    pub(super) fn named_at_length(self, name: &str, longest: usize) -> Self {
        Self { name: plain(name, longest), ..self }
    }

    /// The same, which is known no more but was at another place.
    pub(super) fn still_elsewhere(self) -> Self {
        Self { elsewhere: true, ..self }
    }

    /// Whether it is at another place, which is led here, or was.
    #[must_use]
    pub const fn is_elsewhere(&self) -> bool {
        self.elsewhere
    }

    /// By what it is known again.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Its name, as a person can read it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path of its program, as a person can read it; of a sandbox or a service, the name of that.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How long a "yes" to it may stand.
    pub const fn longest(&self) -> Longest {
        self.longest
    }

    /// Whether nobody will ever be this one again: what connected had ended, or become another program, when
    /// it was looked at.
    pub fn is_passing(&self) -> bool {
        matches!(self.identity, Identity::Unknown(process) if process.is_out_of_sight())
    }

    /// Its icon, as the desktop knows it: a name in the icon theme, or an absolute path.
    pub fn icon(&self) -> Option<&str> {
        self.icon.as_deref()
    }

    /// Where the name comes from something softer than its program file: what that is, as a person can read
    /// it.
    pub fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }
}

/// The same application may bear another name next time.
impl PartialEq for Application {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl Eq for Application {}

/// A program file as a person can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) path: String,
}

impl Label {
    pub(super) fn of(name: &str, path: &Path) -> Self {
        Self { name: plain(name, MAX_NAME), path: plain(&path.to_string_lossy(), MAX_PATH) }
    }
}

/// Whether a program file does what others tell it.
pub(super) fn stands_for_others(path: &Path) -> bool {
    path.file_name().is_some_and(|name| others::stands_for_others(&name.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    fn at(path: &[u8]) -> Application {
        let path = Path::new(OsStr::from_bytes(path));
        Application::new(Identity::Program(Program::Installed(path.to_owned())), "scribe", path)
    }

    #[test]
    fn a_program_whose_path_is_no_text_is_known_until_the_valet_ends_and_told_from_others() {
        let [one, other] = [at(b"/usr/bin/scribe\xff"), at(b"/usr/bin/scribe\xfe")];
        assert_eq!((one.longest(), at(b"/usr/bin/scribe").longest()), (Longest::Session, Longest::Always));
        assert_ne!(one.identity().mark(), other.identity().mark());
    }
}
