//! Programs that ask: each an application of its own, as a person would name it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use tempfile::TempDir;

use crate::{Browser, CommandOutput, Desktop, Home, Process, program};

/// A pen.
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#c2571a"/><path d="M16 48l4-14 20-20 10 10-20 20z" fill="#fff"/><path d="M16 48l7-7" stroke="#c2571a" stroke-width="3"/></svg>"##;

/// A program file of its own, which runs what it is told: a copy of a shell that bears another name.
#[derive(Debug)]
pub struct Agent<'home> {
    home: &'home Home,
    file: PathBuf,
    _folder: Option<TempDir>,
}

/// The name that this test goes by where it asks.
pub fn this_program() -> String {
    let file = std::env::current_exe().unwrap();
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

impl<'home> Agent<'home> {
    /// One of the home's programs; `path` ends with its name.
    pub fn new(home: &'home Home, path: &str) -> Self {
        let file = home.programs().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::copy("/bin/bash", &file).unwrap();
        Self { home, file, _folder: None }
    }

    /// One in memory, where the kernel does not note what is written through a mapping.
    pub fn in_memory(home: &'home Home, name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("valet-").tempdir_in("/dev/shm").unwrap();
        let file = folder.path().join(name);
        fs::copy("/bin/bash", &file).unwrap();
        Self { home, file, _folder: Some(folder) }
    }

    /// One that is there already, or else is new.
    pub fn at(home: &'home Home, path: &str) -> Self {
        let file = home.programs().join(path);
        if file.exists() { Self { home, file, _folder: None } } else { Self::new(home, path) }
    }

    /// One that the desktop knows by this name, and by an icon.
    pub fn with_entry(home: &'home Home, path: &str, name: &str) -> Self {
        let agent = Self::new(home, path);
        let icon = agent.file.with_extension("svg");
        fs::write(&icon, ICON).unwrap();
        let (file, icon) = (agent.file.display(), icon.display());
        home.enter(name, &format!("Name={name}\nExec={file} %U\nIcon={icon}"));
        agent
    }

    /// Its program file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The command by which it runs `script`. It stays there meanwhile, and does not become what it runs.
    pub fn command(&self, script: &str) -> Command {
        let mut command = self.home.command(&self.file);
        let (valet, socket) = (program("mcp-valet"), self.home.socket());
        command.env("VALET", valet).env("SOCKET", socket);
        command.args(["-c", &format!("{script}\nexit $?")]);
        command
    }

    /// Runs `script` to its end.
    pub fn runs(&self, script: &str) -> CommandOutput {
        self.home.run(&mut self.command(script))
    }

    /// Has the person allow it a server for good, in the window that stays open for it.
    pub fn is_always_allowed(&self, desktop: &Desktop<'_>, server: &str) -> Browser {
        let name = self.file.file_name().unwrap().to_str().unwrap();
        thread::scope(|scope| {
            let asking = scope.spawn(|| self.runs(&format!("$VALET token {server}")).expect_code(0));
            desktop.click(&format!("{name} wants {server}…"));
            let window = Browser::window(desktop);
            window.choose("Always");
            window.answer("Allow");
            asking.join().unwrap();
            window
        })
    }

    /// The HTTP status that it gets when it asks for a token by curl.
    pub fn status(&self, body: &str) -> u16 {
        let curl = "curl -s -o /dev/null -w '%{http_code}' --unix-socket $SOCKET -H 'Content-Type: application/json'";
        self.runs(&format!("{curl} -d '{body}' http://localhost/v1/token")).stdout.parse().unwrap()
    }

    /// Starts `script` and leaves it to itself.
    pub fn starts(&self, script: &str) -> Process {
        self.home.spawn(&mut self.command(script), &self.file.file_name().unwrap().to_string_lossy())
    }
}

impl Home {
    /// Puts a desktop entry with these keys here.
    pub fn enter(&self, id: &str, keys: &str) {
        let folder = self.path().join("data/applications");
        fs::create_dir_all(&folder).unwrap();
        let text = format!("[Desktop Entry]\nType=Application\n{keys}\n");
        fs::write(folder.join(format!("{id}.desktop")), text).unwrap();
    }
}
