//! Who asks: the application that a person would name, whatever shells and scripts are between; and nobody in
//! another's name.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::who::{BRIEFLY, TOKEN, asked_about, python, questions, signed_in};
use mcp_valet_tests::{Agent, Home, Rogue, program};
use serde_json::json;

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
fn an_entry_that_no_person_sees_names_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let hidden = |agent: &Agent<'_>, id: &str, key: &str| {
        let command = format!("Exec={} --handle-uri %u", agent.file().display());
        home.enter(id, &format!("Name=Claude Code URL Handler\n{command}\n{key}=true"));
    };
    let claude = Agent::new(&home, "claude/versions/2.1.332");
    hidden(&claude, "claude-code-url-handler", "NoDisplay");
    asked_about(&claude, TOKEN, &mut terminal, (1, "Claude Code", "d")).expect_code(4);
    let scribe = Agent::new(&home, "scribe");
    hidden(&scribe, "scribe", "Hidden");
    asked_about(&scribe, TOKEN, &mut terminal, (2, "scribe", "d")).expect_code(4);
}

#[test]
fn an_agent_in_a_package_of_npm_for_this_system_has_the_agents_name() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let codex = Agent::new(&home, "node_modules/@openai/codex-linux-x64/vendor/bin/codex");
    asked_about(&codex, TOKEN, &mut terminal, (1, "Codex", "d")).expect_code(4);
    let copilot = Agent::new(&home, "node_modules/@github/copilot-linux-x64/copilot");
    asked_about(&copilot, TOKEN, &mut terminal, (2, "GitHub Copilot CLI", "d")).expect_code(4);
}

#[test]
fn an_agent_that_node_runs_is_named_by_its_package() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let xterm = Agent::new(&home, "xterm");
    let installed = [
        ("@continuedev/cli/dist/cn.js", "Continue CLI"),
        (".bin/cn", "Continue CLI"),
        (".bin/mcporter", "mcporter"),
        ("@modelcontextprotocol/inspector-cli/build/cli.js", "MCP Inspector"),
    ];
    let mut count = 0;
    for (file, name) in installed {
        let script = home.path().join("node_modules").join(file);
        fs::create_dir_all(script.parent().unwrap()).unwrap();
        fs::write(&script, r#"require("child_process").execSync("$VALET token rogue")"#).unwrap();
        let runs = format!("node {}", script.display());
        if name != "Continue CLI" || count == 0 {
            count += 1;
            asked_about(&xterm, &runs, &mut terminal, (count, name, "f")).expect_code(0);
        } else {
            // The same again, wherever it lies.
            xterm.runs(&runs).expect_code(0);
        }
    }
}

#[test]
fn what_runs_from_memory_alone_is_called_so_whatever_it_calls_itself() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue);
    // A path in the place of a name, of a program that would be looked through.
    let from_memory = |name: &str, then: &str| {
        let script = format!(
            "
file = os.memfd_create({name:?})
os.write(file, open('/bin/bash', 'rb').read())
os.execve(file, ['bash', '-c', {then:?}], os.environ)"
        );
        python(&home, &script)
    };
    let scribe = Agent::new(&home, "scribe");
    let token = from_memory("/usr/bin/node", &format!("{TOKEN}\nexit $?"));
    asked_about(&scribe, &token, &mut terminal, (1, "A program without a file", "d")).expect_code(4);
    let add = from_memory("helper", "$VALET add https://added.example/mcp\nexit $?");
    scribe.runs(&add).expect_code(0);
    assert_eq!(valet.server("added")["added_by"], "A program without a file");
}
