//! A terminal with somebody at it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::until::until_shown;
use crate::{Home, Process};

/// More than the second that a question must have been there, also where the machine is busy.
const READING: Duration = Duration::from_millis(1300);

/// What whoever typed too soon is told. On a machine that is busy, that may happen to anybody.
const TOO_SOON: [&str; 2] = ["That was typed before this could be read", "Das wurde getippt, bevor dies"];

/// The far side of a pseudo-terminal: what is on the screen, and the keyboard.
#[derive(Debug)]
pub struct Terminal {
    keyboard: File,
    screen: Arc<Mutex<Vec<u8>>>,
    /// What was typed last by somebody who had read what was there.
    typed: Arc<Mutex<String>>,
    watching: JoinHandle<()>,
}

impl Terminal {
    /// Runs `command` with a terminal of its own as its controlling one.
    pub fn run(command: &Command, name: &str, home: &Home) -> (Self, Process) {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let slave = ptsname(&master, Vec::new()).unwrap();
        let slave = File::options().read(true).write(true).open(slave.to_str().unwrap()).unwrap();
        let child = in_new_session(command, &slave).spawn().unwrap();
        let nowhere = home.logs().join(format!("{name}.none"));
        (Self::watch(master), Process::adopt(child, nowhere.clone(), nowhere))
    }

    fn watch(master: OwnedFd) -> Self {
        let keyboard = File::from(master);
        let mut screen_side = keyboard.try_clone().unwrap();
        let screen = Arc::new(Mutex::new(Vec::new()));
        let typed = Arc::<Mutex<String>>::default();
        let (shown, again) = (Arc::clone(&screen), Arc::clone(&typed));
        // Ends by itself: reading fails once the last process on the terminal is gone.
        let watching = thread::spawn(move || {
            let mut buffer = [0; 4096];
            let mut told = 0;
            while let Ok(length @ 1..) = screen_side.read(&mut buffer) {
                shown.lock().unwrap().extend_from_slice(&buffer[..length]);
                let all = times_too_soon(&shown.lock().unwrap());
                if std::mem::replace(&mut told, all) < all {
                    thread::sleep(READING);
                    let _ = screen_side.write_all(again.lock().unwrap().as_bytes());
                }
            }
        });
        Self { keyboard, screen, typed, watching }
    }

    /// Everything that was on the screen.
    pub fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    /// Everything that was on the screen once the last process on it has ended.
    pub fn last_screen(self) -> String {
        let Self { keyboard, screen, watching, .. } = self;
        watching.join().unwrap();
        drop(keyboard);
        let screen = screen.lock().unwrap();
        String::from_utf8_lossy(&screen).into_owned()
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn shows(&self, text: &str) -> String {
        until_shown(text, || self.screen())
    }

    /// Types a line, as somebody does who has read what is there, and does so again if it was too soon.
    pub fn types(&mut self, line: &str) {
        thread::sleep(READING);
        *self.typed.lock().unwrap() = format!("{line}\n");
        self.keyboard.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Presses these keys, whatever is on the screen.
    pub fn types_at_once(&mut self, keys: &str) {
        self.typed.lock().unwrap().clear();
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }
}

fn times_too_soon(screen: &[u8]) -> usize {
    let screen = String::from_utf8_lossy(screen);
    TOO_SOON.iter().map(|told| screen.matches(told).count()).sum()
}

/// `setsid` makes the terminal the controlling one and stays the same process, so its id is the group's.
fn in_new_session(command: &Command, slave: &File) -> Command {
    let mut session = Command::new("setsid");
    session.arg("--ctty").arg(command.get_program()).args(command.get_args());
    session.env_clear();
    session.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    session.env("TERM", "dumb");
    let end = || Stdio::from(slave.try_clone().unwrap());
    session.stdin(end()).stdout(end()).stderr(end());
    session
}
