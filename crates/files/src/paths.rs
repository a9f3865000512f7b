//! Where things are kept.

use serde::Serialize;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use words::say;

/// The files and folders of one user's valet, by the XDG base directory specification.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The configuration that the person edits.
    pub config: PathBuf,
    /// The folder of everything that the valet writes down, none of it secret.
    pub state: PathBuf,
    /// The agents' socket.
    pub socket: PathBuf,
}

impl Paths {
    /// The paths that the environment names.
    ///
    /// # Errors
    /// When neither the XDG variables nor `HOME` say where to look.
    pub fn from_env() -> io::Result<Self> {
        let config = base("XDG_CONFIG_HOME", ".config")?.join("mcp-valet").join("config.json");
        let state = base("XDG_STATE_HOME", ".local/state")?.join("mcp-valet");
        Ok(Self { config, state, socket: wire::default_path() })
    }

    /// All of them as a person is told of them.
    #[must_use]
    pub fn places(&self) -> Places {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        Places {
            home: std::env::var("HOME").unwrap_or_default(),
            config: text(&self.config),
            log: text(&self.log()),
            audit: text(&self.audit()),
            socket: text(&self.socket),
            command: command(),
        }
    }

    /// Makes the folder of what the valet writes down, for its owner alone.
    ///
    /// # Errors
    /// The system refused.
    pub fn make_state(&self) -> io::Result<()> {
        make_private(&self.state)?;
        std::fs::set_permissions(&self.state, std::fs::Permissions::from_mode(0o700))
    }

    /// What is known of each server, without secrets.
    #[must_use]
    pub fn servers(&self) -> PathBuf {
        self.state.join("servers.json")
    }

    /// The folder of what servers said of themselves the last time.
    #[must_use]
    pub fn last_time(&self) -> PathBuf {
        self.state.join("last-time")
    }

    /// What was written into files of other programs.
    #[must_use]
    pub fn clients(&self) -> PathBuf {
        self.state.join("clients.json")
    }

    /// Which clients have registered at the door.
    #[must_use]
    pub fn web_clients(&self) -> PathBuf {
        self.state.join("web-clients.json")
    }

    /// The encrypted file, where there is no keychain.
    #[must_use]
    pub fn vault(&self) -> PathBuf {
        self.state.join("vault")
    }

    /// The audit.
    #[must_use]
    pub fn audit(&self) -> PathBuf {
        self.state.join("audit")
    }

    /// Held locked by the one valet that runs.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.state.join("lock")
    }

    /// The valet's log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.state.join("log")
    }
}

/// Makes a folder that only its owner may enter.
pub fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The command line that belongs to this program stands beside it.
fn command() -> String {
    const NAME: &str = "mcp-valet";
    let beside = std::env::current_exe().ok().map(|program| program.with_file_name(NAME));
    let Some(beside) = beside.filter(|path| path.is_file()) else { return NAME.to_owned() };
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let first = std::env::split_paths(&folders).map(|folder| folder.join(NAME)).find(|path| path.is_file());
    if first.is_some_and(|found| found.canonicalize().ok() == beside.canonicalize().ok()) {
        return NAME.to_owned();
    }
    beside.to_string_lossy().into_owned()
}

fn base(variable: &str, below_home: &str) -> io::Result<PathBuf> {
    let absolute = |value: &std::ffi::OsString| Path::new(value).is_absolute();
    if let Some(folder) = std::env::var_os(variable).filter(absolute) {
        return Ok(folder.into());
    }
    let home = std::env::var_os("HOME").filter(absolute);
    let home = home.ok_or_else(|| io::Error::other(say!(file_no_folder, variable = variable.to_string())))?;
    Ok(PathBuf::from(home).join(below_home))
}

/// Where things are, each with its whole path.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Places {
    /// The person's home, for surfaces that write `~` instead.
    pub home: String,
    /// The configuration.
    pub config: String,
    /// The log.
    pub log: String,
    /// The audit.
    pub audit: String,
    /// The agents' socket.
    pub socket: String,
    /// The command line as other programs find it: its name if their `PATH` leads to it, else its path.
    pub command: String,
}
