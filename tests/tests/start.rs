//! A valet starts by itself where none runs and a program asks, with nothing of that program's environment;
//! and what the person said holds on in it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use mcp_valet_tests::{BareClient, CommandOutput, Home, Rogue, World, program, until};
use serde_json::{Value, json};

/// What the system says of a user, and nothing else.
const ENVIRONMENT: [&str; 6] = ["HOME", "LOGNAME", "PATH", "SHELL", "USER", "XDG_RUNTIME_DIR"];

fn environment(process: u32) -> Vec<(String, String)> {
    let text = fs::read_to_string(format!("/proc/{process}/environ")).unwrap();
    let pair = |one: &str| one.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut all: Vec<_> = text.split('\0').filter_map(pair).collect();
    all.sort();
    all
}

#[test]
fn whoever_asks_first_has_it_started_and_several_at_once_start_one() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    home.configure(&json!({ "mcpServers": { "rogue": { "url": "http://127.0.0.1:1/mcp" } } }));
    let started: Vec<CommandOutput> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| home.run(&mut world.cli(&["list"])))).collect();
        all.into_iter().map(|one| one.join().unwrap().expect_code(0)).collect()
    });
    let say_so = started.iter().filter(|one| one.stderr.contains("started MCP Valet in the background"));
    assert_eq!(say_so.count(), 1, "{started:?}");
    assert_eq!(world.running("mcp-valetd").len(), 1);
    assert!(started.iter().all(|one| one.stdout.contains("rogue")), "{started:?}");
}

/// As long as a valet that is about to end has it, and does not listen any more.
fn keeps_the_place(home: &Home) -> fs::File {
    fs::create_dir_all(home.path().join("state/mcp-valet")).unwrap();
    let place = fs::File::create(home.path().join("state/mcp-valet/lock")).unwrap();
    rustix::fs::flock(&place, rustix::fs::FlockOperation::LockExclusive).unwrap();
    place
}

#[test]
fn one_that_is_about_to_end_is_waited_for() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    home.lists(&[("rogue", "http://127.0.0.1:1/mcp")], "memory");
    let place = keeps_the_place(&home);
    std::thread::scope(|scope| {
        let listing = scope.spawn(|| world.lists());
        until("one is started", || (world.running("mcp-valetd").len() == 1).then_some(()));
        drop(place);
        listing.join().unwrap().expect_code(0);
    });
}

/// Its client would have to kill it otherwise, and wait for that.
#[test]
fn whoever_is_to_end_while_one_is_started_is_not_kept() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    home.lists(&[("rogue", "http://127.0.0.1:1/mcp")], "memory");
    let _place = keeps_the_place(&home);
    let mut client = BareClient::of(&home, world.cli(&["connect", "rogue"]));
    client.ask("ping", &json!({}));
    until("one is started", || (world.running("mcp-valetd").len() == 1).then_some(()));
    let begun = Instant::now();
    client.ends();
    assert!(begun.elapsed() < Duration::from_secs(4), "it took {:?}", begun.elapsed());
}

#[test]
fn nothing_of_whoever_asked_comes_along() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let evil = home.path().join("evil");
    fs::create_dir(&evil).unwrap();
    fs::copy("/bin/false", evil.join("mcp-valetd")).unwrap();
    let mut command = world.cli(&["list"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", evil.display())).env("MCP_VALET_LOG", "trace");
    command.env("BROWSER", evil.join("browser")).env("LANGUAGE", "de").env("LD_LIBRARY_PATH", &evil);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere").env("HOME", &evil).current_dir(&evil);
    home.run(&mut command).expect_code(0);
    let [valet] = world.running("mcp-valetd")[..] else { panic!("not one") };
    let all = environment(valet);
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ENVIRONMENT, "{all:?}");
    let value = |name: &str| all.iter().find(|(other, _)| other == name).unwrap().1.as_str();
    assert_eq!((value("HOME"), value("XDG_RUNTIME_DIR")), ("/root", "/run/user/0"));
    assert_eq!(fs::read_link(format!("/proc/{valet}/cwd")).unwrap(), Path::new("/"));
    let status = fs::read_to_string(format!("/proc/{valet}/stat")).unwrap();
    let fields: Vec<&str> = status.rsplit(')').next().unwrap().split_whitespace().collect();
    let [parent, session] = [fields[1], fields[3]];
    assert!(!Path::new(&format!("/proc/{session}")).exists(), "its session had a leader that has ended");
    let parent = fs::read_link(format!("/proc/{parent}/exe")).ok();
    assert_ne!(parent, Some(program("mcp-valet")), "it is nobody's child");
}

#[test]
fn none_is_started_for_who_looks_elsewhere_or_from_another_world() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    for (name, value) in [
        ("MCP_VALET_SOCK", "/run/user/0/mcp-valet/agent.sock"),
        ("XDG_RUNTIME_DIR", "/run/user/0/other"),
        ("XDG_CONFIG_HOME", "/tmp/other"),
        ("XDG_STATE_HOME", "/tmp/other"),
    ] {
        let output = home.run(world.cli(&["list", "--json"]).env(name, value));
        assert_eq!(output.refused()["code"], "not_running", "{name}");
    }
    for hides in [
        "bwrap --dev-bind / /",
        "unshare --user --map-root-user",
        "unshare --pid --fork --mount-proc",
        "setpriv --no-new-privs",
    ] {
        let script = format!("{hides} {} list --json", program("mcp-valet").display());
        let output = home.run(world.command("sh").args(["-c", &script]));
        let code = output.refused()["code"].clone();
        assert!(["sandboxed", "not_running"].contains(&code.as_str().unwrap()), "{hides}: {code}");
    }
    assert_eq!(world.running("mcp-valetd"), Vec::<u32>::new());
}

#[test]
fn after_quit_only_the_person_starts_it() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    home.lists(&[("rogue", "http://127.0.0.1:1/mcp")], "memory");
    let (mut valet, mut terminal) = world.valet_on_terminal();
    terminal.types_at_once("\u{3}");
    assert!(valet.wait().success());
    let quit = world.lists().refused();
    assert_eq!(quit["code"], "quit");
    assert!(quit["detail"].as_str().unwrap().contains("quit by hand"), "{quit}");
    // It is among the valet's own files that it counts.
    fs::remove_file(home.socket().with_file_name("quit")).unwrap();
    assert_eq!(world.lists().refused()["code"], "quit");
    until("what said so has ended", || world.running("mcp-valetd").is_empty().then_some(()));
    let (mut valet, _terminal) = world.valet_on_terminal();
    valet.signal(rustix::process::Signal::TERM);
    valet.wait();
    world.lists().expect_code(0);
}

#[test]
fn a_valet_that_ends_again_and_again_is_started_less_and_less_often() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    home.configure_text("{");
    for _ in 0..3 {
        let begun = Instant::now();
        let error = world.lists().refused();
        assert_eq!(error["code"], "not_started", "{error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "nobody waits for what has ended");
    }
    let error = world.lists().refused();
    assert_eq!(error["code"], "crashes", "{error}");
    home.lists(&[], "memory");
    until("it is started again", || (world.lists().code == 0).then_some(()));
}

#[test]
fn what_was_locked_refused_and_declined_holds_on_until_the_person_starts_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(world) = World::new(&home) else { return };
    home.asks_about(&[("rogue", &rogue.mcp()), ("other", "http://127.0.0.1:1/mcp")]);
    let scribe = home.programs().join("scribe");
    fs::copy("/bin/bash", &scribe).unwrap();
    let asks = || {
        let script = format!("{} token rogue --json --wait 1\nexit $?", program("mcp-valet").display());
        let mut command = world.command(&scribe);
        command.args(["-c", &script]);
        home.run(&mut command)
    };
    let (valet, mut terminal) = world.valet_on_terminal();
    std::thread::scope(|scope| {
        let script = format!("{} token rogue --wait 30\nexit $?", program("mcp-valet").display());
        let mut command = world.command(&scribe);
        command.args(["-c", &script]);
        let asked = scope.spawn(|| home.run(&mut { command }));
        terminal.shows("Allow [o]nce");
        terminal.types("d");
        asked.join().unwrap().expect_code(4);
    });
    home.run(&mut world.cli(&["decline", "other"])).expect_code(0);
    drop(valet);
    assert_eq!(world.running("mcp-valetd"), Vec::<u32>::new());
    let denied = asks().expect_code(4);
    assert!(denied.stderr.contains("denied"), "{denied:?}");
    let state = |server: &str| home.run(&mut world.cli(&["show", server, "--json"])).json()["state"].clone();
    assert_eq!(state("other"), "declined");
    home.run(&mut world.cli(&["lock"])).expect_code(0);
    world.kill("mcp-valetd");
    assert_eq!(state("rogue"), "locked");
    // The one that nobody sees makes way for the person's.
    let (valet, terminal) = world.valet_on_terminal();
    until("it has", || (world.running("mcp-valetd") == [valet.id()]).then_some(()));
    world.answers();
    assert_eq!(
        (state("rogue"), state("other")),
        ("authorization_required".into(), "authorization_required".into())
    );
    asks();
    terminal.shows("Allow [o]nce");
}

#[test]
fn what_the_file_gives_beyond_the_last_run_waits_for_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(world) = World::new(&home) else { return };
    let asks = || home.run(&mut world.cli(&["token", "rogue", "--json", "--wait", "1"]));
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let error: Value = serde_json::from_str(&asks().expect_code(8).stderr).unwrap();
    assert_eq!(error["code"], "unknown_server", "the first run takes nobody's word: {error}");
    world.kill("mcp-valetd");
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let (mut valet, _terminal) = world.valet_on_terminal();
    valet.signal(rustix::process::Signal::TERM);
    valet.wait();
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let error: Value = serde_json::from_str(&asks().expect_code(3).stderr).unwrap();
    assert_eq!(error["code"], "consent_required", "{error}");
}
