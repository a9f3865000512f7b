//! The terminal as a surface: one question after the other, answered with a letter.

use crate::lines;
use crate::screen::Screen;
use broker::{Person, Shell};
use std::io::{self, Write};
use url::Url;
use words::say;

/// Asks the person, until the terminal is closed.
pub(crate) async fn ask(person: Person) {
    let surface = person.open_surface();
    let mut lines = lines::read();
    let mut view = person.view();
    let mut screen = Screen::new(&person);
    loop {
        let current = view.borrow_and_update().clone();
        screen.draw(&current);
        tokio::select! {
            changed = view.changed() => if changed.is_err() { return },
            line = lines.recv() => match line {
                Some(line) => screen.take(&current, line),
                None => break,
            },
            () = screen.rest() => {}
        }
    }
    drop(surface);
    screen.tell(&(say!(terminal_ended) + "\n"));
}

/// The terminal's side of the seam between broker and shell.
pub(crate) struct Terminal {
    /// Whether somebody sits at it.
    pub(crate) asks: bool,
}

impl Shell for Terminal {
    fn asks(&self) -> bool {
        self.asks
    }

    fn open_url(&self, url: &Url) -> bool {
        browser::open(url)
    }
}

pub(crate) fn say(text: &str) {
    let mut terminal = io::stderr();
    let _ = terminal.write_all(printable(text).as_bytes());
    let _ = terminal.flush();
}

pub(crate) fn say_line(text: &str) {
    say(&format!("{text}\n"));
}

/// Names come from outside; a terminal must not take orders from them, nor show other than what is there.
fn printable(text: &str) -> String {
    plain::shown(text)
}
