//! Who asks: the application that a person would name, whatever shells and scripts are between; and nobody in
//! another's name.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::PathBuf;

use mcp_valet_tests::{Agent, CommandOutput, Home, Rogue, Terminal, Valet, program, until};
use rustix::process::getuid;
use serde_json::json;

const QUESTION: &str = "Allow [o]nce";
/// The plain way to ask.
const TOKEN: &str = "$VALET token rogue";
/// The same without waiting long for an answer.
const BRIEFLY: &str = r#"{"server":"rogue","wait":1}"#;

/// A Python program that asks on connections of its own.
const PYTHON: &str = r#"
import os, socket, sys, time

def connect():
    stream = socket.socket(socket.AF_UNIX)
    stream.connect(os.environ["SOCKET"])
    return stream

def ask(stream):
    body = '{"server":"rogue","wait":60}'
    head = "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    stream.sendall((head % len(body) + body).encode())
    answer = stream.recv(65536).decode()
    print(answer.split(" ")[1], flush=True)
"#;

/// A valet at a terminal that is signed in and asks about every agent.
fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    let (valet, terminal) = Valet::on_terminal(home);
    valet.sign_in("rogue");
    (valet, terminal)
}

fn questions(terminal: &Terminal) -> usize {
    terminal.screen().matches(QUESTION).count()
}

/// Waits for question number `count`, which is about `who`, and answers it.
#[track_caller]
fn answers(terminal: &mut Terminal, count: usize, who: &str, answer: &str) {
    until(&format!("question {count} is asked"), || (questions(terminal) >= count).then_some(()));
    let screen = terminal.screen();
    let last = screen.rsplit("wants to use").nth(1).unwrap_or_default();
    // What is more than one word stands in quotes.
    let named = if who.contains(' ') { format!("\"{who}\"") } else { who.to_owned() };
    assert!(last.trim_end().ends_with(&named), "{who} is not asked about: {screen}");
    assert_eq!(questions(terminal), count, "{screen}");
    terminal.types(answer);
}

/// Runs a script as an agent that is asked about, and answers.
#[track_caller]
fn asked_about(
    agent: &Agent<'_>,
    script: &str,
    terminal: &mut Terminal,
    (count, who, answer): (usize, &str, &str),
) -> CommandOutput {
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| agent.runs(script));
        answers(terminal, count, who, answer);
        asking.join().unwrap()
    })
}

/// The command that runs a Python program.
fn python(home: &Home, script: &str) -> String {
    let file = tempfile(home);
    fs::write(&file, format!("{PYTHON}\n{script}\n")).unwrap();
    format!("python3 {}", file.display())
}

fn tempfile(home: &Home) -> PathBuf {
    let count = fs::read_dir(home.path()).unwrap().count();
    home.path().join(format!("script{count}.py"))
}

#[test]
fn two_applications_are_asked_about_by_their_names_and_neither_gets_the_answer_for_the_other() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::with_entry(&home, "scribe/scribe", "The Scribe");
    let painter = Agent::with_entry(&home, "painter/painter", "The Painter");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "The Scribe", "f")).expect_code(0);
    assert!(terminal.screen().contains(scribe.file().to_str().unwrap()), "{}", terminal.screen());
    asked_about(&painter, TOKEN, &mut terminal, (2, "The Painter", "d")).expect_code(4);
    scribe.runs(TOKEN).expect_code(0);
    painter.runs(TOKEN).expect_code(4);
    assert_eq!(questions(&terminal), 2);
}

#[test]
fn twenty_shells_of_one_application_are_one_question_and_the_shells_of_another_are_another() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let shells = "for n in $(seq 20); do sh -c '$VALET token rogue; exit $?' & all=\"$all $!\"; done\nfor one in $all; do wait $one || exit $?; done";
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, shells, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let painter = Agent::new(&home, "painter");
    asked_about(&painter, shells, &mut terminal, (2, "painter", "f")).expect_code(0);
    scribe.runs(&format!("setsid env X=1 timeout 20 bash -c 'exec nice {TOKEN}'")).expect_code(0);
    assert_eq!(questions(&terminal), 2);
}

#[test]
fn scripts_that_an_application_starts_are_the_application() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let script = home.path().join("script");
    fs::write(&script, format!("{TOKEN}\nexit $?\n")).unwrap();
    let curl = r#"curl -s --unix-socket $SOCKET -H "Content-Type: application/json" -d "{\"server\":\"rogue\"}" http://localhost/v1/token"#;
    let node = r#"node -e '
        const options = { socketPath: process.env.SOCKET, path: "/v1/token", method: "POST", headers: { "Content-Type": "application/json" } };
        require("http").request(options, answer => answer.pipe(process.stdout)).end("{\"server\":\"rogue\"}");'"#;
    scribe.runs(&format!("sh {}", script.display())).expect_code(0);
    assert!(scribe.runs(curl).stdout.contains("access_token"));
    assert!(scribe.runs(node).stdout.contains("access_token"));
    assert_eq!(scribe.runs(&python(&home, "ask(connect())")).stdout, "200\n");
    assert_eq!(questions(&terminal), 1);
}

#[test]
fn what_has_no_application_is_a_program_in_its_terminal_until_one_says_what_it_is() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let xterm = Agent::new(&home, "xterm");
    asked_about(&xterm, &python(&home, "ask(connect())"), &mut terminal, (1, "A program in XTerm", "f"));
    xterm.runs(TOKEN).expect_code(0);
    let claude =
        r#"node -e 'process.title = "claude"; require("child_process").execSync("$VALET token rogue")'"#;
    asked_about(&xterm, claude, &mut terminal, (2, "Claude Code", "f")).expect_code(0);
    xterm.runs(claude).expect_code(0);
    let elsewhere = Agent::new(&home, "elsewhere/xterm");
    asked_about(&elsewhere, claude, &mut terminal, (3, "Claude Code", "d"));
    asked_about(&elsewhere, TOKEN, &mut terminal, (4, "A program in XTerm", "d")).expect_code(4);
}

#[test]
fn a_program_of_its_own_in_a_terminal_is_an_application() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let (xterm, scribe) = (Agent::new(&home, "xterm"), Agent::new(&home, "scribe"));
    let script = format!("{} -c '{TOKEN}; exit $?'", scribe.file().display());
    asked_about(&xterm, &script, &mut terminal, (1, "scribe", "f")).expect_code(0);
    scribe.runs(TOKEN).expect_code(0);
    assert_eq!(xterm.status(BRIEFLY), 504);
}

#[test]
fn neither_a_name_nor_a_place_makes_a_program_another() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::with_entry(&home, "scribe/scribe", "The Scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "The Scribe", "f")).expect_code(0);

    let namesake = Agent::new(&home, "elsewhere/scribe");
    asked_about(&namesake, TOKEN, &mut terminal, (2, "scribe", "d")).expect_code(4);
    let liar = Agent::new(&home, "liar");
    let lie =
        format!("printf scribe > /proc/self/comm; bash -c 'exec -a {} {TOKEN}'", scribe.file().display());
    asked_about(&liar, &lie, &mut terminal, (3, "liar", "d")).expect_code(4);

    // Written over in place: the same path, the same inode.
    fs::write(scribe.file(), fs::read(scribe.file()).unwrap()).unwrap();
    asked_about(&scribe, TOKEN, &mut terminal, (4, "The Scribe", "f")).expect_code(0);
    // And another file under its name.
    fs::rename(namesake.file(), scribe.file()).unwrap();
    asked_about(&scribe, TOKEN, &mut terminal, (5, "The Scribe", "d")).expect_code(4);
}

/// A program that asks, becomes another, and asks again on the same connection. It is the same interpreter: not
/// even the program file is another.
fn becomes_another(home: &Home) -> String {
    let after = python(home, "ask(socket.socket(fileno=int(sys.argv[1])))");
    let script = after.split(' ').next_back().unwrap();
    let becomes = format!(
        "s = connect(); ask(s); s.set_inheritable(True); os.execv(sys.executable, [sys.executable, \"{script}\", str(s.fileno())])"
    );
    python(home, &becomes)
}

#[test]
fn a_program_that_becomes_another_one_takes_no_answer_along() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let becomes = becomes_another(&home);
    let output = asked_about(&scribe, &becomes, &mut terminal, (2, "An unknown program", "o"));
    assert_eq!(output.stdout, "200\n200\n", "{output:?}");
    asked_about(&scribe, &becomes, &mut terminal, (3, "An unknown program", "d"));
    scribe.runs(TOKEN).expect_code(0);
}

#[test]
fn a_question_about_nobody_who_could_come_back_goes_with_them() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let asking = scribe.starts(&becomes_another(&home));
    until("it is asked about", || (questions(&terminal) == 2).then_some(()));
    assert!(terminal.screen().contains("An unknown program"), "{}", terminal.screen());
    drop(asking);
    terminal.shows("(answered elsewhere)");
}

/// A child that waits until its parent has ended.
fn outlives(then: &str) -> String {
    format!(
        "
s = connect()
parent = os.getpid()
if os.fork(): os._exit(0)
os.setsid()
while os.getppid() == parent: time.sleep(0.01)
{then}"
    )
}

#[test]
fn a_child_that_outlives_its_parent_is_nobody() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    // On the connection that its parent made.
    let inherits = python(&home, &outlives("ask(s)"));
    asked_about(&scribe, &format!("{inherits} | cat"), &mut terminal, (2, "An unknown program", "d"));
    // On one of its own.
    let orphan = python(&home, &outlives("ask(connect())"));
    asked_about(&scribe, &format!("{orphan} | cat"), &mut terminal, (3, "An unknown program", "o"));
    // Nothing was remembered of it.
    asked_about(&scribe, &format!("{orphan} | cat"), &mut terminal, (4, "An unknown program", "d"));
}

#[test]
fn a_connection_is_not_known_any_more_when_the_application_behind_it_has_ended() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let flag = home.path().join("go");
    let waits = python(
        &home,
        &format!(
            "s = connect(); ask(s)\nwhile not os.path.exists(\"{}\"): time.sleep(0.01)\nask(s)",
            flag.display()
        ),
    );
    let mut running = scribe.starts(&format!(
        "sh -c 'echo $PPID >{0}/scribe; {1}; :' & wait",
        home.path().display(),
        waits
    ));
    let said = |count: usize| {
        until("it is answered", || (running.stdout().lines().count() == count).then(|| running.stdout()))
    };
    assert_eq!(said(1), "200\n");
    running.signal(rustix::process::Signal::KILL);
    until("it has ended", || running.ended());
    fs::write(flag, "").unwrap();
    answers(&mut terminal, 2, "An unknown program", "d");
}

#[test]
fn an_answer_about_a_program_that_has_ended_is_none_about_what_it_left_running() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    let mut running = scribe.starts(&format!("{} & wait", python(&home, "ask(connect())")));
    until("it is asked about", || (questions(&terminal) == 1).then_some(()));
    running.signal(rustix::process::Signal::KILL);
    until("it has ended", || running.ended());
    terminal.types("o");
    answers(&mut terminal, 2, "An unknown program", "d");
    until("it is answered", || running.stdout().starts_with("403").then_some(()));
}

#[test]
fn who_is_in_another_world_is_nobody() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let mut count = 1;
    for world in ["--mount", "--pid --fork", "--user"] {
        count += 1;
        let script = format!("unshare --user --map-root-user {world} {}", python(&home, "ask(connect())"));
        let about = (count, "An unknown program", "d");
        assert_eq!(asked_about(&scribe, &script, &mut terminal, about).stdout, "403\n");
    }
}

#[test]
fn a_flatpak_is_known_by_the_id_of_its_sandbox_and_by_nothing_that_it_writes_itself() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    home.enter("org.example.Scribe", "Name=Scribe in a Box\nExec=flatpak run org.example.Scribe");
    let starter = Agent::new(&home, "starter");
    let folder = |path: &std::path::Path| path.parent().unwrap().display().to_string();
    let sandbox = |info: &str, more: &str| {
        format!(
            "bwrap --unshare-user --tmpfs / --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
             --proc /proc --dev /dev --bind {0} {0} --ro-bind {1} {1} {more} $VALET token rogue 9<<'END'\n{info}END",
            home.path().display(),
            folder(&program("mcp-valet")),
        )
    };
    let info = |id: &str| format!("[Application]\nname={id}\n\n[Instance]\ninstance-id=1\n");
    let bound = "--ro-bind-data 9 /.flatpak-info";
    let (own, other) = (info("org.example.Scribe"), info("org.example.Painter"));
    asked_about(&starter, &sandbox(&own, bound), &mut terminal, (1, "Scribe in a Box", "f")).expect_code(0);
    starter.runs(&sandbox(&own, bound)).expect_code(0);
    let about = (2, "org.example.Painter", "d");
    asked_about(&starter, &sandbox(&other, bound), &mut terminal, about).expect_code(4);
    // A file that whoever is inside could write, and none at all.
    let about = |count| (count, "An unknown program", "d");
    let written = sandbox(&own, "--file 9 /.flatpak-info");
    asked_about(&starter, &written, &mut terminal, about(3)).expect_code(4);
    asked_about(&starter, &sandbox(&own, ""), &mut terminal, about(4)).expect_code(4);
}

#[test]
fn the_audit_names_the_application_and_what_connected_for_it_and_each_sees_its_own_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::with_entry(&home, "scribe", "The Scribe");
    let painter = Agent::new(&home, "painter");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "The Scribe", "f")).expect_code(0);
    let entries = scribe.runs("sh -c '$VALET audit --json; exit $?'").json();
    let entry = entries.as_array().unwrap().iter().find(|entry| entry["what"] == "hand_out").unwrap();
    assert_eq!(entry["agent"], "The Scribe");
    assert_eq!(entry["executable"], scribe.file().to_str().unwrap());
    assert_eq!(entry["through"], program("mcp-valet").to_str().unwrap());
    assert_eq!(painter.runs("$VALET audit --json").json(), json!([]));
}

#[test]
fn a_number_that_comes_to_mean_another_process_brings_no_answer_along() {
    // Nobody else can choose a number, or install anything.
    if !getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    // Its connection is asked on by a child while the number of who made it belongs to a process of an
    // application that may.
    let reuses = python(
        &home,
        "
r, w = os.pipe()
child = os.fork()
if not child:
  s = connect()
  if os.fork(): os._exit(0)
  os.read(r, 1)
  ask(s)
  os._exit(0)
os.waitpid(child, 0)
for attempt in range(2000):
  with open(\"/proc/sys/kernel/ns_last_pid\", \"w\") as last: last.write(str(child - 1))
  again = os.fork()
  if not again:
    time.sleep(60 if os.getpid() == child else 0)
    os._exit(0)
  if again == child: break
  os.waitpid(again, 0)
print(again == child, flush=True)
os.write(w, b\"x\")
s = connect()
ask(s)
os.kill(again, 9)
os.wait()",
    );
    let output =
        asked_about(&scribe, &format!("{reuses} | cat"), &mut terminal, (2, "An unknown program", "d"));
    assert!(output.stdout.contains("True\n"), "the number could not be had again: {output:?}");
    assert!(output.stdout.contains("200\n") && output.stdout.contains("403\n"), "{output:?}");
}

/// As somebody who is not root, where root keeps `/opt` and nobody else sees it.
const NOBODY: &str = "setpriv --reuid=65534 --regid=65534 --clear-groups";

#[test]
fn what_root_installed_stays_the_same_application_through_an_update() {
    // Nobody else can choose a number, or install anything.
    if !getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    home.enter("scribe", "Name=The Scribe\nExec=/opt/scribe/bin/scribe");
    let bin = home.path().join("bin");
    fs::create_dir(&bin).unwrap();
    for name in ["mcp-valetd", "mcp-valet"] {
        fs::copy(program(name), bin.join(name)).unwrap();
    }
    let folder = home.path().display();
    let start = format!(
        "mount -t tmpfs -o mode=755 tmpfs /opt && mkdir -p /opt/scribe/bin && cp /bin/bash /opt/scribe/bin/scribe &&
         chown -R 65534 {folder} && exec {NOBODY} {folder}/bin/mcp-valetd"
    );
    let mut command = home.command("unshare");
    command.args(["--mount", "sh", "-c", &start]).env("MCP_VALET_LOG", "off");
    let (mut terminal, valet) = Terminal::run(&command, "valet", &home);
    let inside = |what: &str| {
        let mut command = home.command("nsenter");
        command.args(["--mount", &format!("--target={}", valet.id()), "sh", "-c", what]);
        home.run(&mut command)
    };
    let script =
        |what: &str| format!("{NOBODY} /opt/scribe/bin/scribe -c '{folder}/bin/mcp-valet {what}; exit $?'");
    until("it answers", || (inside(&script("list")).code == 0).then_some(()));
    home.browser_says_yes();
    inside(&script("authorize rogue")).expect_code(0);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| inside(&script("token rogue")));
        answers(&mut terminal, 1, "The Scribe", "f");
        asking.join().unwrap().expect_code(0);
    });
    inside("cp /bin/bash /opt/scribe/new && mv /opt/scribe/new /opt/scribe/bin/scribe").expect_code(0);
    inside(&script("token rogue")).expect_code(0);
    // All that is in its folder is it; what anybody may write there is not known by its path.
    inside("cp /opt/scribe/bin/scribe /opt/scribe/helper").expect_code(0);
    inside(&script("token rogue").replace("bin/scribe", "helper")).expect_code(0);
    assert_eq!(questions(&terminal), 1);
    inside("chmod 777 /opt/scribe && cp /bin/bash /opt/scribe/bin/scribe").expect_code(0);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| inside(&script("token rogue")));
        answers(&mut terminal, 2, "The Scribe", "d");
        asking.join().unwrap().expect_code(4);
    });
}

/// A control group, where this machine lets us make one.
struct Group(PathBuf);

impl Group {
    fn new(name: &str) -> Option<Self> {
        let roots = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].map(PathBuf::from);
        let root = roots.into_iter().find(|root| root.join("cgroup.procs").exists())?;
        let group = Self(root.join(name));
        fs::create_dir(&group.0).ok().map(|()| group)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        until("the group is empty", || fs::remove_dir(&self.0).ok());
    }
}

#[test]
fn what_systemd_started_is_named_by_its_unit_and_what_a_desktop_started_by_its_entry() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let groups = (Group::new("who-test.service"), Group::new("app-test-who\\x2dtest-7.scope"));
    let (Some(service), Some(scope)) = groups else {
        // Where none can be made, the reader of their names is tried beside it all the same.
        return;
    };
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    home.enter("who-test", "Name=The Tester\nExec=who-test-that-is-elsewhere");
    let scribe = Agent::new(&home, "scribe");
    let orphan = |group: &Group, then: &str| {
        let joins =
            format!("open({:?}, \"w\").write(str(os.getpid()))\n{then}", group.0.join("cgroup.procs"));
        format!("{} | cat", python(&home, &outlives(&joins)))
    };
    let about = (1, "A program in who-test.service", "f");
    asked_about(&scribe, &orphan(&service, "ask(connect())"), &mut terminal, about);
    scribe.runs(&orphan(&service, "ask(connect())"));
    let git = r#"os.execv("/usr/bin/git", ["git", "-c", "alias.x=!$VALET token rogue; exit $?", "x"])"#;
    asked_about(&scribe, &orphan(&scope, git), &mut terminal, (2, "The Tester", "d"));
    // An interpreter that has lost its parent there is nobody.
    let about = (3, "An unknown program", "d");
    asked_about(&scribe, &orphan(&scope, "ask(connect())"), &mut terminal, about);
}
