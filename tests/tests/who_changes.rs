//! Who ended, became another program or gave its number away: nobody any more.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::who::{TOKEN, answers, asked_about, outlives, python, questions, signed_in};
use mcp_valet_tests::{Agent, Home, Rogue, until};
use rustix::process::getuid;

/// A program that asks, becomes another, and asks again on the same connection. It is the same interpreter:
/// not even the program file is another.
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
fn a_program_that_becomes_another_one_amid_its_request_has_it_answered_as_that() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe");
    asked_about(&scribe, TOKEN, &mut terminal, (1, "scribe", "f")).expect_code(0);
    let rest = python(
        &home,
        "s = socket.socket(fileno=int(sys.argv[1])); s.sendall(body); print(s.recv(65536).decode().split(' ')[1])",
    );
    let script = rest.split(' ').next_back().unwrap();
    // Known from before, and looked at as soon as it has said something.
    let becomes = python(
        &home,
        &format!(
            "import fcntl, struct, termios
ask(connect()); s = connect(); s.sendall(head % len(body)); s.set_inheritable(True)
while struct.unpack(\"i\", fcntl.ioctl(s, termios.TIOCOUTQ, bytes(4)))[0]: time.sleep(0.01)
os.execv(sys.executable, [sys.executable, \"{script}\", str(s.fileno())])"
        ),
    );
    let output = asked_about(&scribe, &becomes, &mut terminal, (2, "An unknown program", "d"));
    assert_eq!(output.stdout, "200\n403\n", "{output:?}");
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
