//! Programs in a container use the person's servers by a socket that is made there from outside.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use mcp_valet_tests::far::{asks_to_forward, forwards};
use mcp_valet_tests::who::answers;
use mcp_valet_tests::{CommandOutput, Home, Process, Rogue, Terminal, Valet, program, until};
use rustix::process::getuid;
use serde_json::json;

/// A container: namespaces of its own, and a home that is nowhere else.
const CONTAINER: &str = "mount -t tmpfs tmpfs /root && chmod 700 /root && echo ready && exec sleep infinity";

/// Where no control group bears the ID of a container, the monitor above it does: here a shell of that name.
const MONITOR: &str = r#"
exec -a conmon bash -c 'setpriv --pdeathsig KILL unshare --mount --propagation private sh -c "$SCRIPT" & echo "first $!"; wait' -c "$ID"
"#;

/// What an engine says of it. The namespaces are the kernel's.
const ENGINE: &str = r#"#!/bin/sh
for name; do :; done
cat "$HOME/containers/$name" 2>/dev/null || { echo "Error: no such container $name" >&2; exit 125; }
"#;

static STARTED: AtomicUsize = AtomicUsize::new(0);

struct Container<'home> {
    home: &'home Home,
    monitor: Process,
    first: u32,
}

impl<'home> Container<'home> {
    /// Starts one, where this user may.
    fn start(home: &'home Home, name: &str, script: &str) -> Option<Self> {
        if !getuid().is_root() {
            return None;
        }
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        Some(Self::start_as(home, name, &format!("{number:064x}"), script))
    }

    /// The same, with this ID.
    fn start_as(home: &'home Home, name: &str, id: &str, script: &str) -> Self {
        let mut command = home.command("bash");
        command.args(["-c", MONITOR]).env("HOME", "/root").env("SCRIPT", script).env("ID", id);
        // What an earlier one of this name has said is not this one's.
        let log = format!("{name}-{}", STARTED.fetch_add(1, Ordering::Relaxed));
        let mut monitor = home.spawn(&mut command, &log);
        let first = monitor.announces("first ").trim().parse().unwrap();
        monitor.announces("ready");
        says(home, name, id, first);
        Self { home, monitor, first }
    }

    fn runs(&self, command: &[&str]) -> CommandOutput {
        let world = format!("--mount=/proc/{}/ns/mnt", self.first);
        self.home.run(Command::new("nsenter").arg(world).arg("--").args(command))
    }

    fn status(&self, path: &str, body: Option<&str>) -> String {
        let address = format!("http://localhost{path}");
        let mut all = vec!["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket"];
        all.extend(["/root/.mcp-valet/agent.sock", &address]);
        if let Some(body) = body {
            all.extend([
                "-H",
                "Content-Type: application/json",
                "-H",
                "Accept: application/json, text/event-stream",
            ]);
            all.extend(["--data-raw", body]);
        }
        self.runs(&all).stdout
    }

    /// Its socket, as it is seen from outside.
    fn socket(&self) -> PathBuf {
        format!("/proc/{}/root/root/.mcp-valet/agent.sock", self.first).into()
    }
}

/// Has the engine say this of a name, and of the ID.
fn says(home: &Home, name: &str, id: &str, first: u32) {
    fs::create_dir_all(home.path().join("containers")).unwrap();
    for asked in [name, id] {
        let said = format!("{id} {first} {name} localhost/mini:1");
        fs::write(home.path().join("containers").join(asked), said).unwrap();
    }
}

fn desk<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    let engines = home.path().join("engines");
    fs::create_dir_all(&engines).unwrap();
    fs::write(engines.join("podman"), ENGINE).unwrap();
    fs::set_permissions(engines.join("podman"), Permissions::from_mode(0o755)).unwrap();
    home.asks_about(&[("rogue", &rogue.mcp()), ("private", "https://private.example/mcp")]);
    rogue.is_a_server();
    let path = format!("{}:{}", engines.display(), std::env::var("PATH").unwrap());
    let (valet, terminal) = Valet::on_terminal_with(home, &[("PATH".to_owned(), path)]);
    valet.sign_in("rogue");
    (valet, terminal)
}

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"Codex","version":"1"}}}"#;

fn forward(valet: &Valet<'_>, terminal: &mut Terminal, name: &str) -> CommandOutput {
    asks_to_forward(valet, terminal, &["container", name], "y")
}

#[test]
fn a_program_in_a_container_uses_the_servers_that_the_person_agreed_to() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(web) = Container::start(&home, "web", CONTAINER) else { return };
    let (valet, mut terminal) = desk(&home, &rogue);
    let opened = forward(&valet, &mut terminal, "web").expect_code(0).json();
    assert_eq!(
        (&opened["host"], &opened["socket"]),
        (&json!("container web"), &json!("/root/.mcp-valet/agent.sock"))
    );
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| web.status("/mcp/rogue", Some(INITIALIZE)));
        answers(&mut terminal, 1, "Codex, it says, on container web", "f");
        assert_eq!(asking.join().unwrap(), "200");
    });
    assert_eq!(web.status("/mcp/private", Some(INITIALIZE)), "404");
    assert_eq!(web.status("/v1/token", Some(r#"{"server":"rogue"}"#)), "404");
    // The same socket is refused to whoever is outside.
    let mut outside = UnixStream::connect(web.socket()).unwrap();
    assert_eq!(outside.read(&mut [0; 1]).unwrap_or(0), 0, "it is hung up on");
    valet.cli(&["forward", "close", "container web"]).expect_code(0);
    until("its socket is gone", || (!web.socket().exists()).then_some(()));
}

#[test]
fn a_container_that_has_stopped_is_led_here_again_once_it_runs() {
    let (home, rogue) = (Home::new(), Rogue::start());
    if !getuid().is_root() {
        return;
    }
    let id = "a".repeat(64);
    let mut web = Container::start_as(&home, "web", &id, CONTAINER);
    let (valet, mut terminal) = desk(&home, &rogue);
    forward(&valet, &mut terminal, "web").expect_code(0);
    web.monitor.kill();
    home.move_clock(60);
    until("it is lost", || (forwards(&valet)[0]["state"] == "lost").then_some(()));
    let web = Container::start_as(&home, "web", &id, CONTAINER);
    home.move_clock(240);
    until("it is there again", || (forwards(&valet)[0]["state"] == "open").then_some(()));
    assert_eq!(web.status("/v1/health", None), "200");
}

#[test]
fn another_container_of_the_same_name_is_not_the_one_that_was_agreed_to() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(mut web) = Container::start(&home, "web", CONTAINER) else { return };
    let (valet, mut terminal) = desk(&home, &rogue);
    forward(&valet, &mut terminal, "web").expect_code(0);
    web.monitor.kill();
    let other = Container::start(&home, "web", CONTAINER).unwrap();
    home.move_clock(60);
    until("it is lost, or more", || {
        forwards(&valet).first().is_none_or(|forward| forward["state"] == "lost").then_some(())
    });
    home.move_clock(240);
    until("it has ended", || forwards(&valet).is_empty().then_some(()));
    let notices = valet.get("/v1/health").json()["notices"].to_string();
    assert!(notices.contains("another container has its name"), "{notices}");
    assert!(!other.socket().exists());
}

#[test]
fn links_in_a_container_lead_nowhere_outside_and_what_is_none_is_refused() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let outside = home.path().join("outside");
    fs::create_dir(&outside).unwrap();
    let link = |at: &str| {
        format!(
            "mount -t tmpfs tmpfs /root && ln -s {} {at} && chmod 700 /root && echo ready && exec sleep infinity",
            outside.display()
        )
    };
    let Some(_folder) = Container::start(&home, "folder", &link("/root/.mcp-valet")) else { return };
    // The number is of something else on this machine, as where an engine speaks of another.
    says(&home, "elsewhere", &"e".repeat(64), std::process::id());
    // A monitor's own child that is not apart.
    let mut plain = home.command("bash");
    let script = MONITOR.replace("unshare --mount --propagation private ", "");
    plain.args(["-c", &script]).env("SCRIPT", "echo ready && exec sleep infinity").env("ID", "f".repeat(64));
    let mut plain = home.spawn(&mut plain, "plain");
    let first = plain.announces("first ").trim().parse().unwrap();
    says(&home, "here", &"f".repeat(64), first);
    let (valet, mut terminal) = desk(&home, &rogue);
    for (name, says) in [
        ("folder", "cannot be looked into"),
        ("here", "shares its files"),
        ("missing", "no such container"),
        ("elsewhere", "no process of this container"),
    ] {
        let refused = forward(&valet, &mut terminal, name).expect_code(5);
        assert!(refused.stderr.contains(says), "{name}: {}", refused.stderr);
    }
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    for name in ["-it", "a b", "$(id)", "../web"] {
        valet.post("/v1/forwards", &json!({ "container": name })).expect_status(400);
    }
    valet.post("/v1/forwards", &json!({ "container": "web", "ssh": "far" })).expect_status(400);
    valet.post("/v1/forwards", &json!({})).expect_status(400);
}

/// Runs a command as an engine runs one in a container: below a monitor that bears the ID.
const EXECUTES: &str = r#"exec -a conmon bash -c "$COMMAND; exit \$?" -c "$ID""#;

/// What a program below a monitor with this ID comes to that asks by the socket of this machine's programs.
fn asks(home: &Home, id: &str, before: &str) -> CommandOutput {
    let command = format!("{before} {} token rogue", program("mcp-valet").display());
    home.run(home.command("bash").args(["-c", EXECUTES]).env("COMMAND", command).env("ID", id))
}

/// The same, which is asked about at the desk as somebody, and answered so.
fn asks_as(
    home: &Home,
    (terminal, count): (&mut Terminal, usize),
    (id, before): (&str, &str),
    (who, answer): (&str, &str),
) -> i32 {
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| asks(home, id, before));
        answers(terminal, count, who, answer);
        asking.join().unwrap().code
    })
}

#[test]
fn a_container_that_mounts_the_socket_is_named_as_its_engine_says_and_by_nothing_inside() {
    let (home, rogue) = (Home::new(), Rogue::start());
    if !getuid().is_root() {
        return;
    }
    let [id, other] = ["a", "b"].map(|digit| digit.repeat(64));
    let within = |container: &Container<'_>| format!("nsenter --mount=/proc/{}/ns/mnt --", container.first);
    let web = Container::start_as(&home, "web", &id, CONTAINER);
    let db = Container::start_as(&home, "db", &other, CONTAINER);
    let (web, db) = (within(&web), within(&db));
    let (_valet, mut terminal) = desk(&home, &rogue);
    let named = |name: &str| format!("container {name} (image localhost/mini:1)");
    assert_eq!(asks_as(&home, (&mut terminal, 1), (&id, &web), (&named("web"), "f")), 0);
    // It is known again, also as another process.
    asks(&home, &id, &web).expect_code(0);
    assert_eq!(asks_as(&home, (&mut terminal, 2), (&other, &db), (&named("db"), "d")), 4);
    // The mark of the one does not make the other, and a sandbox in a container is not the container.
    asks(&home, &id, &db).expect_code(4);
    let sandbox = format!("{web} unshare --mount");
    assert_eq!(asks_as(&home, (&mut terminal, 3), (&id, &sandbox), ("An unknown program", "d")), 4);
    asks(&home, &id, &web).expect_code(0);
}

#[test]
fn the_mark_of_a_container_alone_makes_nobody_that_container() {
    let (home, rogue) = (Home::new(), Rogue::start());
    if !getuid().is_root() {
        return;
    }
    let id = "a".repeat(64);
    let web = Container::start_as(&home, "web", &id, CONTAINER);
    let (_valet, mut terminal) = desk(&home, &rogue);
    let unknown = ("An unknown program", "d");
    // Nor has a container a name that no engine knows, or that the engine says runs elsewhere.
    let within = format!("nsenter --mount=/proc/{}/ns/mnt --", web.first);
    fs::remove_dir_all(home.path().join("containers")).unwrap();
    assert_eq!(asks_as(&home, (&mut terminal, 1), (&id, &within), unknown), 4);
    says(&home, "web", &id, std::process::id());
    assert_eq!(asks_as(&home, (&mut terminal, 2), (&id, &within), unknown), 4);
    says(&home, "web", &id, web.first);
    assert_eq!(asks_as(&home, (&mut terminal, 3), (&id, "unshare --mount"), unknown), 4);
}
