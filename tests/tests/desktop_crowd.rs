//! Many at once: two hundred servers, fifty programs that ask.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use mcp_valet_tests::{Browser, Desktop, Home, Process, Rogue, Valet, until, until_within};
use serde_json::{Map, json};

const PROGRAMS: usize = 50;
/// As many as show that it goes on and on.
const ANSWERED: usize = 12;

/// A program of its own, which asks for a token and waits.
fn asking(home: &Home, number: usize) -> Process {
    let program = home.path().join(format!("agent{number:02}"));
    fs::copy("/usr/bin/curl", &program).unwrap();
    let mut command = home.command(&program);
    command.args(["--silent", "--max-time", "600", "--unix-socket", home.socket().to_str().unwrap()]);
    command.args(["--data-raw", r#"{"server":"rogue","wait":600}"#, "-H", "Content-Type: application/json"]);
    home.spawn(command.arg("http://localhost/v1/token"), &format!("agent{number:02}"))
}

#[test]
fn of_two_hundred_servers_and_fifty_questions_the_menu_shows_a_few_and_the_screen_three() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let mut servers = Map::from_iter([("rogue".to_owned(), json!({ "url": rogue.mcp() }))]);
    servers
        .extend((1..200).map(|n| (format!("s{n}"), json!({ "url": format!("https://s{n}.example/mcp") }))));
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let mut agents: Vec<Process> = (0..PROGRAMS).map(|number| asking(&home, number)).collect();
    desktop.menu_has("(1 ready, 50 waiting)");
    desktop.menu_has("45 more questions…");
    let menu = desktop.menu();
    assert_eq!(menu.len(), 1 + 5 + 1 + 1 + 8 + 2 + 1 + 4 + 2, "{menu:?}");
    until("three are on the screen", || (desktop.on_screen().len() == 3).then_some(()));

    for answered in 1..=ANSWERED {
        let (id, summary) = until("a question is on the screen", || desktop.on_screen().pop());
        let window = opened_at(&desktop, id, &summary);
        window.answer("Don’t allow");
        let name = summary.split(' ').next().unwrap();
        let number: usize = name.trim_start_matches("agent").parse().unwrap();
        until_within(EFFECTIVE, "the agent is told", || agents[number].ended());
        assert!(agents[number].stdout().contains("\"denied\""), "{}", agents[number].stdout());
        let on_screen = desktop.on_screen();
        assert!(on_screen.len() <= 3, "{on_screen:?}");
        assert!(on_screen.iter().all(|(other, _)| *other != id), "it is still on the screen");
        let waiting = PROGRAMS - answered;
        until_within(EFFECTIVE, "the menu follows", || {
            (desktop.menu().first() == Some(&format!("(1 ready, {waiting} waiting)"))).then_some(())
        });
    }
}

/// The window, once a click on a notification has brought it to its question. It does so once a second.
fn opened_at(desktop: &Desktop<'_>, id: u64, summary: &str) -> Browser {
    until("a click is taken", || {
        desktop.click_notification(id);
        desktop.on_screen().iter().all(|(other, _)| *other != id).then_some(())
    });
    let window = Browser::window(desktop);
    window.shows(summary);
    window
}

/// Servers that each program asks for.
const SERVERS: usize = 20;
/// A person who waits longer for their click to do something takes it for lost. The bench `answers` says how
/// long it takes.
const EFFECTIVE: Duration = Duration::from_secs(5);

/// A program of its own, which asks for twenty servers at once. Each answer goes into a file of its own.
fn asking_for_all(home: &Home, number: usize) -> Process {
    let name = format!("agent{number:02}");
    let program = home.path().join(&name);
    fs::copy("/usr/bin/curl", &program).unwrap();
    let mut command = home.command(&program);
    command.args(["--parallel", "--parallel-immediate", "--parallel-max", "50"]);
    for server in 0..SERVERS {
        command.args(["--silent", "--max-time", "600", "--unix-socket", home.socket().to_str().unwrap()]);
        command.args(["-H", "Content-Type: application/json", "--data-raw"]);
        command.arg(format!(r#"{{"server":"s{server}","wait":600}}"#));
        command.arg("--output").arg(answer_of(home, &name, server));
        command.args(["http://localhost/v1/token", "--next"]);
    }
    command.args([
        "--silent",
        "--unix-socket",
        home.socket().to_str().unwrap(),
        "http://localhost/v1/health",
    ]);
    home.spawn(&mut command, &name)
}

fn answer_of(home: &Home, name: &str, server: usize) -> PathBuf {
    home.path().join(format!("{name}-s{server}"))
}

/// How many the menu says are waiting.
fn waiting(desktop: &Desktop<'_>) -> Option<usize> {
    desktop.menu().first()?.trim_start_matches('(').strip_suffix(" waiting)")?.parse().ok()
}

#[test]
fn a_thousand_questions_of_fifty_programs_leave_screen_window_and_menu_of_use() {
    let home = Home::new();
    let servers =
        (0..SERVERS).map(|n| (format!("s{n}"), json!({ "url": format!("https://s{n}.example/mcp") })));
    let servers: Map<String, serde_json::Value> = servers.collect();
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let _valet = Valet::on_desktop(&desktop);
    desktop.menu_has("(Nothing waits for you)");
    let _agents: Vec<Process> = (0..PROGRAMS).map(|number| asking_for_all(&home, number)).collect();
    // A question is about all that a program asks for within a few seconds, or about a part of that.
    until_within(Duration::from_secs(120), "all programs are asked about", || {
        (waiting(&desktop)? > PROGRAMS * SERVERS / 2).then_some(())
    });
    until_within(Duration::from_secs(120), "the menu counts the rest", || {
        let more = |entry: String| entry.strip_suffix(" more questions…")?.parse::<usize>().ok();
        (desktop.menu().into_iter().find_map(more)? >= PROGRAMS - 5).then_some(())
    });
    assert_eq!(desktop.on_screen().len(), 3, "{:?}", desktop.on_screen());
    let told = |words: &str| {
        let agent = words.split(' ').next().unwrap();
        let denied = |server| {
            fs::read_to_string(answer_of(&home, agent, server)).is_ok_and(|body| body.contains("\"denied\""))
        };
        until_within(EFFECTIVE, &format!("{words}: it is told"), || (0..SERVERS).any(denied).then_some(()));
    };

    // On the screen.
    for _ in 0..3 {
        let (id, words) = until("a question is on the screen", || desktop.on_screen().pop());
        opened_at(&desktop, id, &words).answer("Don’t allow");
        told(&words);
        assert!(desktop.on_screen().len() <= 3);
    }
    // In the menu, which leads to the window, and there one after the other. A row for each of a thousand
    // would be no list.
    let entry = until("a question is in the menu", || {
        desktop.menu().into_iter().find(|entry| entry.starts_with("agent") && entry.contains(" wants "))
    });
    desktop.click(&entry);
    let window = Browser::window(&desktop);
    for _ in 0..3 {
        let before = waiting(&desktop);
        let words = until("the window asks", || {
            Some(window.text(".question h1")).filter(|words| words.contains("wants to use"))
        });
        window.answer("Don’t allow");
        told(&words);
        until_within(EFFECTIVE, "the menu follows", || (waiting(&desktop) < before).then_some(()));
        until("it goes on to the next", || (window.text(".question h1") != words).then_some(()));
    }
    window.open("tauri://localhost/#/");
    // The foot of the window, which says how many more are connected, may be there before the list.
    let count = until("the list has more than it shows", || {
        let page = window.page();
        let (count, _) = page.split_once("Show ")?.1.split_once(" more")?;
        Some(count.to_owned())
    });
    window.press(&format!("Show {count} more"));
    let rows = || window.page().matches(" wants to use ").count();
    // At most 64, and one more may be asked at the foot of the window.
    until("a few of each program are listed", || (PROGRAMS - 6..=65).contains(&rows()).then_some(()));
}
