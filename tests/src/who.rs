//! Programs that ask a valet at a terminal, and somebody there who answers.

use std::fs;
use std::path::PathBuf;

use crate::{Agent, CommandOutput, Home, Rogue, Terminal, Valet, until};

const QUESTION: &str = "Allow [o]nce";
/// The plain way to ask.
pub const TOKEN: &str = "$VALET token rogue";
/// The same without waiting long for an answer.
pub const BRIEFLY: &str = r#"{"server":"rogue","wait":1}"#;

/// A Python program that asks on connections of its own.
const PYTHON: &str = r#"
import os, socket, sys, time

def connect():
    stream = socket.socket(socket.AF_UNIX)
    stream.connect(os.environ["SOCKET"])
    return stream

body = b'{"server":"rogue","wait":60}'
head = b"POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

def ask(stream):
    stream.sendall(head % len(body) + body)
    answer = stream.recv(65536).decode()
    print(answer.split(" ")[1], flush=True)
"#;

/// A valet at a terminal that is signed in and asks about every agent.
pub fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let (valet, terminal) = Valet::on_terminal(home);
    valet.sign_in("rogue");
    (valet, terminal)
}

/// How many questions were asked at this terminal.
pub fn questions(terminal: &Terminal) -> usize {
    terminal.screen().matches(QUESTION).count()
}

/// Waits for question number `count`, which is about `who`, and answers it.
#[track_caller]
pub fn answers(terminal: &mut Terminal, count: usize, who: &str, answer: &str) {
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
pub fn asked_about(
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
pub fn python(home: &Home, script: &str) -> String {
    let file = tempfile(home);
    fs::write(&file, format!("{PYTHON}\n{script}\n")).unwrap();
    format!("python3 {}", file.display())
}

fn tempfile(home: &Home) -> PathBuf {
    let count = fs::read_dir(home.path()).unwrap().count();
    home.path().join(format!("script{count}.py"))
}

/// A child that waits until its parent has ended.
pub fn outlives(then: &str) -> String {
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
