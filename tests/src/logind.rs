//! The operating system as it sleeps and locks the screen: stand-ins for logind and for screen lockers, on
//! buses of one's own.

use crate::keychain::start_bus_at;
use crate::{Home, Process, until};
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("logind.py");

/// A login manager on a system bus of one's own.
#[derive(Debug)]
pub struct Logind<'home> {
    home: &'home Home,
    service: Option<Process>,
    _bus: Process,
}

impl<'home> Logind<'home> {
    /// Starts both.
    pub fn start(home: &'home Home) -> Self {
        let mut logind = Self::absent(home);
        logind.restart();
        logind
    }

    /// A system bus without a login manager.
    pub fn absent(home: &'home Home) -> Self {
        Self { home, service: None, _bus: start_bus_at(home, "system-bus") }
    }

    /// Ends it if it runs, and starts it. What waited for it is forgotten.
    pub fn restart(&mut self) {
        self.service = None;
        self.service = Some(mock(self.home, &["--template", "logind"], "logind"));
        until("the login manager knows the session", || ask(self.home, &["add_session"]));
    }

    /// Says that the computer is about to sleep, or that it woke up.
    pub fn sleep(&self, start: bool) {
        ask(self.home, &["sleep", &start.to_string()]).unwrap();
    }

    /// Whether sleep waits for the valet.
    pub fn waits(&self) -> bool {
        let delays = ask(self.home, &["delays"]).unwrap();
        let ours = json!(["sleep", "MCP Valet", "Wipes keys from memory", "delay"]);
        delays.as_array().unwrap().contains(&ours)
    }

    /// Waits until the valet has asked it to wait.
    #[track_caller]
    pub fn is_to_wait(&self) {
        until("sleep waits for the valet", || self.waits().then_some(()));
    }

    /// Asks whoever locks the screen to do so, or to unlock it.
    pub fn ask_to_lock(&self, lock: bool) {
        ask(self.home, &["session", if lock { "Lock" } else { "Unlock" }]).unwrap();
    }

    /// Somebody else logs in, as by ssh.
    pub fn another_session_begins(&self) {
        ask(self.home, &["session_new"]).unwrap();
    }

    /// Passes on what a locker says of the screen.
    pub fn hint(&self, locked: bool) {
        ask(self.home, &["hint", &locked.to_string()]).unwrap();
    }
}

/// Something that locks the screen, on the home's session bus.
#[derive(Debug)]
pub struct Locker<'home> {
    home: &'home Home,
    name: &'static str,
    _service: Process,
}

impl<'home> Locker<'home> {
    /// Starts one by this name.
    pub fn start(home: &'home Home, name: &'static str) -> Self {
        let path = format!("/{}", name.replace('.', "/"));
        let service = mock(home, &[name, &path, name], name);
        until("the locker is there", || ask(home, &["prepare", name, "false"]));
        Self { home, name, _service: service }
    }

    /// Locks the screen, or unlocks it.
    pub fn lock(&self, lock: bool) {
        ask(self.home, &["active", self.name, &lock.to_string()]).unwrap();
    }
}

/// What somebody says who is not the one to say it.
#[derive(Debug)]
pub enum Forged<'a> {
    /// A locker, of its screen.
    Screen(&'a str, bool),
    /// The login manager, of sleep.
    Sleep(bool),
    /// The login manager, of the session.
    Session,
}

impl Forged<'_> {
    /// Says it to everybody, to the valet alone, and once more after pretending to be the one.
    pub fn say(&self, home: &Home) {
        let logind = "org.freedesktop.login1";
        let (manager, session) = (format!("{logind}.Manager"), format!("{logind}.Session"));
        match self {
            Self::Screen(name, on) => {
                let path = format!("/{}", name.replace('.', "/"));
                ask(home, &["forge", "false", name, &path, name, "ActiveChanged", &on.to_string()])
            }
            Self::Sleep(on) => {
                let path = "/org/freedesktop/login1";
                ask(home, &["forge", "true", logind, path, &manager, "PrepareForSleep", &on.to_string()])
            }
            Self::Session => {
                let path = "/org/freedesktop/login1/session/auto";
                ask(home, &["forge", "true", logind, path, &session, "Lock", ""])
            }
        }
        .unwrap();
    }
}

fn mock(home: &Home, arguments: &[&str], log: &str) -> Process {
    let mut command = home.command("/usr/bin/python3");
    command.args(["-m", "dbusmock"]).args(arguments);
    home.spawn(&mut command, log)
}

fn ask(home: &Home, words: &[&str]) -> Option<Value> {
    let output = home.run(home.command("/usr/bin/python3").args(["-c", SCRIPT]).args(words));
    (output.code == 0).then(|| output.json())
}
