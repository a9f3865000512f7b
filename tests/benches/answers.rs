//! How soon an answer of the person is effective while a thousand questions are open: from the click, in a
//! notification and in the window, until the program that asked has its answer.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers, which may stop at the first surprise"
)]

use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Browser, Desktop, Flood, Home, Valet, until, until_within};
use zbus::Connection;
use zbus::zvariant::Value;

const ROUNDS: usize = 15;
/// Whoever presses a button has read first.
const READING: Duration = Duration::from_millis(1200);

fn main() {
    let home = Home::new();
    Flood::configure(&home);
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let _valet = Valet::on_desktop(&desktop);
    desktop.menu_has(&format!("({} waiting)", Flood::SERVERS));
    let begun = Instant::now();
    let flood = Flood::start(&home);
    let all = format!("({} waiting)", Flood::QUESTIONS + Flood::SERVERS);
    until_within(Duration::from_secs(120), "all are asked about", || {
        desktop.menu().contains(&all).then_some(())
    });
    println!("{} questions of {} programs   {:>7.0?}", Flood::QUESTIONS, Flood::PROGRAMS, begun.elapsed());

    let notified: Vec<Duration> = on_the_screen(&desktop, &flood);
    println!("deny in a notification    {}", spread(notified));
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

fn on_the_screen(desktop: &Desktop<'_>, flood: &Flood<'_>) -> Vec<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let address = format!("unix:path={}", desktop.home().runtime().join("bus").display());
    let bus = runtime
        .block_on(async { zbus::connection::Builder::address(address.as_str()).unwrap().build().await })
        .unwrap();
    let round = |_| {
        let (id, words) = until("a question is on the screen", || desktop.on_screen().pop());
        time(|| {
            runtime.block_on(press(&bus, u32::try_from(id).unwrap()));
            until_told(flood, &words);
        })
    };
    (0..ROUNDS).map(round).collect()
}

/// The owner of the notification service says that "Deny" was pressed.
async fn press(bus: &Connection, id: u32) {
    let arguments = vec![Value::from(id), Value::from("deny")];
    bus.call_method(
        Some("org.freedesktop.Notifications"),
        "/org/freedesktop/Notifications",
        Some("org.freedesktop.DBus.Mock"),
        "EmitSignal",
        &("org.freedesktop.Notifications", "ActionInvoked", "us", arguments),
    )
    .await
    .unwrap();
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
