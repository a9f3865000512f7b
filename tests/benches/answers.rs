//! How soon an answer of the person is effective while a thousand questions are open: from the key in the
//! window until the program that asked has its answer.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers, which may stop at the first surprise"
)]

use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Browser, Desktop, Flood, Home, Valet, until, until_within};

const ROUNDS: usize = 15;
/// Whoever presses a button has read first.
const READING: Duration = Duration::from_millis(1200);

fn main() {
    let home = Home::new();
    Flood::configure(&home);
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let _valet = Valet::on_desktop(&desktop);
    desktop.menu_has("(Nothing waits for you)");
    let begun = Instant::now();
    let flood = Flood::start(&home);
    let all = format!("({} waiting)", Flood::QUESTIONS);
    until_within(Duration::from_secs(120), "all are asked about", || {
        desktop.menu().contains(&all).then_some(())
    });
    println!("{} questions of {} programs   {:>7.0?}", Flood::QUESTIONS, Flood::PROGRAMS, begun.elapsed());

    let entry = until("a question is in the menu", || {
        desktop.menu().into_iter().find(|entry| entry.starts_with("agent") && entry.contains(" wants s"))
    });
    desktop.click(&entry);
    let window = Browser::window(&desktop);
    let pressed: Vec<Duration> = (0..ROUNDS).map(|_| in_the_window(&window, &flood)).collect();
    println!("don't allow in the window {}", spread(pressed));
    let nothing: Vec<Duration> = (0..ROUNDS).map(|_| time(|| window.key("x"))).collect();
    println!("  of which WebDriver      {}", spread(nothing));
}

fn in_the_window(window: &Browser, flood: &Flood<'_>) -> Duration {
    let words = until("the window asks", || {
        Some(window.text("h1")).filter(|words| words.contains("wants to use") && flood.told(words).is_none())
    });
    thread::sleep(READING);
    time(|| {
        // "Don't allow", by its key.
        window.key("4");
        until_told(flood, &words);
    })
}

fn time(what: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    what();
    begun.elapsed()
}

fn until_told(flood: &Flood<'_>, words: &str) {
    while flood.told(words).is_none() {
        thread::sleep(Duration::from_millis(1));
    }
}

fn spread(mut all: Vec<Duration>) -> String {
    all.sort();
    format!("median {:>7.1?}   longest {:>7.1?}   of {}", all[all.len() / 2], all[all.len() - 1], all.len())
}
