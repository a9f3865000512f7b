//! `kill -9` amid the renaming of a server: under whichever name the file has it then, it keeps its sign-in
//! and the answers about it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::{Agent, Desktop, Home, Keychain, Process, Rogue, Valet, until};
use serde_json::{Value, json};

/// When the valet is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Killed {
    /// As it puts its configuration in place: that is not done any more.
    Before,
    /// Right after that, as it sees to it that the folder is on the disk.
    After,
}

fn kills(home: &Home, valet: &Valet<'_>, when: Killed) -> Process {
    let mut command = home.command("strace");
    let (id, config) = (valet.id().to_string(), home.config());
    command.args(["-f", "-p", &id]);
    let calls = match when {
        Killed::Before => {
            // Of what is renamed, strace looks at the name that it has before: that of a numbered draft.
            for number in 0..200 {
                let draft = format!(".config.json.mcp-valet-draft-{id}-{number}");
                command.arg("-P").arg(config.with_file_name(draft));
            }
            "?rename,?renameat,?renameat2"
        }
        Killed::After => {
            command.arg("-P").arg(config.parent().unwrap());
            "?open,?openat"
        }
    };
    command.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:signal=KILL")]);
    let strace = home.spawn(&mut command, "strace");
    until("it looks on", || strace.stderr().contains("attached").then_some(()));
    strace
}

fn name_in_file(home: &Home) -> String {
    let text = fs::read_to_string(home.config()).unwrap();
    let config: Value = serde_json::from_str(&text).unwrap();
    let names: Vec<&String> = config["mcpServers"].as_object().unwrap().keys().collect();
    let [name] = names[..] else { panic!("{text}") };
    name.clone()
}

fn killed(when: Killed) -> String {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "ask", "vault": "keychain" },
    }));
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let (scribe, quill) = (Agent::new(&home, "scribe"), Agent::new(&home, "quill"));
    let window = scribe.is_always_allowed(&desktop, "rogue");
    thread::scope(|scope| {
        let asking = scope.spawn(|| quill.runs("$VALET token rogue").expect_code(4));
        desktop.click("quill wants rogue…");
        window.shows("Don’t allow");
        window.choose("Always");
        window.answer("Don’t allow");
        asking.join().unwrap();
    });
    until("both answers are kept", || {
        (keychain.secret("consents").matches("\"since\"").count() == 2).then_some(())
    });
    desktop.click("rogue: ready");
    window.click("a[href='#/servers/rogue']");
    window.click("details.edit > summary");
    until("the form is open", || window.has("details.edit[open]").then_some(()));
    window.replace("input[name=name]", "renamed");
    let mut strace = kills(&home, &valet, when);
    window.click("details.edit button");
    strace.wait();
    drop(valet);

    let name = name_in_file(&home);
    let valet = Valet::on_desktop(&desktop);
    assert_eq!(valet.server(&name)["state"], "ready", "{}", valet.log());
    scribe.runs(&format!("$VALET token {name}")).expect_code(0);
    quill.runs(&format!("$VALET token {name}")).expect_code(4);
    assert_eq!(rogue.refreshes(), 0);
    name
}

#[test]
fn before_the_file_has_the_new_name_it_is_known_by_the_old_one() {
    assert_eq!(killed(Killed::Before), "rogue");
}

#[test]
fn once_the_file_has_the_new_name_it_is_known_by_that() {
    assert_eq!(killed(Killed::After), "renamed");
}
