//! Other programs, led here by their own files: what is asked, what is written, and the way back.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::thread;

use mcp_valet_tests::killed::kills;
use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::stuck::{stuck, stuck_when_written};
use mcp_valet_tests::{Agent, CommandOutput, Home, Terminal, Valet, until};
use serde_json::json;

const CHANGE: &str = "Change these files?  [y]es   [n]o >";
const CURSOR: &str = "{\r\n\t// mine\r\n\t\"mcpServers\": {\r\n\t\t\"a\": {\"headers\": {\"Authorization\": \"Bearer a-key-of-ada\"}}\r\n\t}\r\n}";
const CODEX: &str = "model = \"x\" # mine\n";

fn has(home: &Home, file: &str, text: &str) -> PathBuf {
    let path = home.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

fn read(home: &Home, file: &str) -> String {
    fs::read_to_string(home.path().join(file)).unwrap()
}

/// Two programs, and two servers.
fn with_programs(home: &Home) {
    has(home, ".cursor/mcp.json", CURSOR);
    has(home, ".codex/config.toml", CODEX);
    home.configure(&json!({
        "mcpServers": { "linear": { "url": "https://l.example/mcp" }, "board": { "url": "https://b.example/mcp" } },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
}

fn on_terminal(home: &Home) -> (Valet<'_>, Terminal) {
    with_programs(home);
    Valet::on_terminal(home)
}

/// Runs it while somebody is at the terminal, who answers this once `between` was done.
fn answered(
    valet: &Valet<'_>,
    terminal: &mut Terminal,
    arguments: &[&str],
    word: &str,
    between: impl FnOnce(),
) -> CommandOutput {
    let asked = terminal.screen().matches(CHANGE).count();
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.cli(arguments));
        until(&format!("it is asked: {}", terminal.screen()), || {
            (terminal.screen().matches(CHANGE).count() > asked).then_some(())
        });
        between();
        terminal.types(word);
        asking.join().unwrap()
    })
}

#[test]
fn each_line_is_shown_and_written_once_the_person_agrees_and_undo_is_byte_for_byte() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let done = answered(&valet, &mut terminal, &["setup", "cursor", "codex"], "y", || {}).expect_code(0);
    assert!(done.stdout.contains("Cursor is led here for board, linear (~/.cursor/mcp.json)"), "{done:?}");
    let screen = terminal.screen();
    for shown in [
        " wants other programs to be led here by their own files:",
        "~/.cursor/mcp.json (Cursor)",
        "+     \"board\": {",
        "~/.codex/config.toml (Codex)",
        "+ [mcp_servers.linear]",
        "+ args = [\"connect\", \"linear\"]",
    ] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    assert!(!screen.contains("a-key-of-ada"), "what stands beside it is not repeated: {screen}");
    let cursor = read(&home, ".cursor/mcp.json");
    assert!(cursor.contains("\t\t\"linear\": {\r\n\t\t\t\"command\": \"/"), "{cursor}");
    assert!(read(&home, ".codex/config.toml").starts_with(CODEX));
    let list = valet.cli(&["setup", "--list"]).expect_code(0);
    assert!(list.stdout.contains("is led here for"), "{list:?}");
    let again = valet.cli(&["setup", "--all"]).expect_code(0);
    assert!(again.stdout.contains("Nothing to change"), "{again:?}");
    assert_eq!(audited(&home, "set_up").len(), 2);

    answered(&valet, &mut terminal, &["setup", "--undo", "--all"], "y", || {}).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), CURSOR);
    assert_eq!(read(&home, ".codex/config.toml"), CODEX);
    assert_eq!(audited(&home, "put_back").len(), 2);
    assert!(!valet.log().contains("a-key-of-ada"));
}

#[test]
fn an_entry_of_the_same_server_makes_room_and_comes_back_and_one_with_a_key_stays() {
    const TEXT: &str = r#"{"mcpServers": {
  "Mine": {"url": "https://l.example/mcp"},
  "Keyed": {"url": "https://b.example/mcp", "headers": {"Authorization": "Bearer a-key-of-ada"}}
}}"#;
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    has(&home, ".cursor/mcp.json", TEXT);
    let told = answered(&valet, &mut terminal, &["setup", "cursor"], "y", || {}).expect_code(1);
    assert!(told.stderr.contains("reaches board by itself"), "{told:?}");
    let screen = terminal.screen();
    assert!(
        screen.contains("- {\"url\": \"https://l.example/mcp\"}") && !screen.contains("a-key"),
        "{screen}"
    );
    let written = read(&home, ".cursor/mcp.json");
    assert!(
        written.contains("\"Mine\": {\"command\": \"/") && written.contains("\"connect\", \"linear\""),
        "{written}"
    );
    assert!(written.contains("Bearer a-key-of-ada"));
    // Its program writes to it, so that it is not what was written.
    has(&home, ".cursor/mcp.json", &written.replace("\n}}", "\n }}"));
    answered(&valet, &mut terminal, &["setup", "--undo", "cursor"], "y", || {}).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), TEXT.replace("\n}}", "\n }}"));
}

#[test]
fn who_does_not_wait_ends_with_3_and_who_is_refused_with_4() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let late = valet.cli(&["setup", "cursor", "--wait", "0"]).expect_code(3);
    assert!(late.stderr.contains("has not answered yet"), "{late:?}");
    terminal.shows(CHANGE);
    terminal.types("n");
    terminal.shows("The files stay as they are.");
    valet.cli(&["setup", "cursor"]).expect_code(4);
    assert_eq!(terminal.screen().matches(CHANGE).count(), 1, "a no holds");
    assert_eq!(read(&home, ".cursor/mcp.json"), CURSOR);
    assert_eq!(audited(&home, "set_up_refused").len(), 1);
}

#[test]
fn where_nobody_can_be_asked_the_lines_to_paste_are_told() {
    let home = Home::new();
    with_programs(&home);
    let valet = Valet::start(&home);
    let told = valet.cli(&["setup", "codex"]).expect_code(3);
    for line in ["~/.codex/config.toml", "[mcp_servers.board]", "args = [\"connect\", \"board\"]"] {
        assert!(told.stderr.contains(line), "{told:?}");
    }
    let dry = valet.cli(&["setup", "--all", "--dry-run"]).expect_code(0);
    assert!(dry.stdout.contains("+ [mcp_servers.linear]"), "{dry:?}");
    assert!(dry.stdout.contains("+     \"linear\": {") && !dry.stdout.contains("a-key-of-ada"), "{dry:?}");
    assert_eq!(
        (read(&home, ".codex/config.toml"), read(&home, ".cursor/mcp.json")),
        (CODEX.into(), CURSOR.into())
    );
    valet.cli(&["setup", "emacs"]).expect_code(2);
    assert_eq!(valet.post("/v1/setup", &json!({ "clients": ["../x"] })).status, 400);
}

#[test]
fn a_program_cannot_take_back_what_the_person_agreed_to() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    answered(&valet, &mut terminal, &["setup", "codex"], "y", || {}).expect_code(0);
    let written = read(&home, ".codex/config.toml");
    let asks = Agent::new(&home, "other").runs("$VALET setup --undo --all --wait 0").expect_code(3);
    assert!(asks.stderr.contains("has not answered yet"), "{asks:?}");
    terminal.shows("wants other programs to be led here no more:");
    assert_eq!(read(&home, ".codex/config.toml"), written);
}

#[test]
fn a_file_that_is_swapped_after_it_was_shown_is_left_and_so_is_what_it_leads_to_now() {
    for (to, text) in [(".bashrc", "alias ll='ls -l'\n"), ("other.json", "{}")] {
        let home = Home::new();
        let (valet, mut terminal) = on_terminal(&home);
        let (path, to_path) = (home.path().join(".cursor/mcp.json"), has(&home, to, text));
        valet.cli(&["setup", "cursor", "--wait", "0"]).expect_code(3);
        terminal.shows(CHANGE);
        fs::remove_file(&path).unwrap();
        symlink(to_path, &path).unwrap();
        terminal.types("y");
        until("it is said", || {
            let notices = valet.get("/v1/health").json()["notices"].to_string();
            notices.contains("was not done").then_some(())
        });
        assert_eq!(read(&home, to), text);
        assert!(!home.path().join("state/mcp-valet/clients.json").exists());
    }
}

#[test]
fn a_repository_whose_file_is_a_link_changes_nothing_and_asks_nothing() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    has(&home, ".bashrc", "alias ll='ls -l'\n");
    fs::create_dir(home.path().join("repository")).unwrap();
    symlink("../.bashrc", home.path().join("repository/.mcp.json")).unwrap();
    let project = home.path().join("repository");
    let told = valet.cli(&["setup", "claude-code", "--project", project.to_str().unwrap()]).expect_code(1);
    assert!(told.stderr.contains("it leads to ../.bashrc"), "{told:?}");
    assert_eq!(read(&home, ".bashrc"), "alias ll='ls -l'\n");
    assert!(!terminal.screen().contains(CHANGE));
}

#[test]
fn in_a_project_others_are_thought_of_and_it_is_taken_back_like_any_other() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let project = home.path().join("project");
    fs::create_dir(&project).unwrap();
    let named = ["setup", "claude-code", "--project", project.to_str().unwrap()];
    let done = answered(&valet, &mut terminal, &named, "y", || {}).expect_code(0);
    assert!(done.stderr.contains("everybody who works on it"), "{done:?}");
    assert!(terminal.screen().contains("it belongs to a project"), "{}", terminal.screen());
    assert!(read(&home, "project/.mcp.json").contains("\"connect\", \"linear\""));
    answered(&valet, &mut terminal, &["setup", "--undo", "--all"], "y", || {}).expect_code(0);
    assert!(!project.join(".mcp.json").exists());
}

#[test]
fn a_program_that_writes_its_own_right_afterwards_is_told() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let path = home.path().join(".cursor/mcp.json");
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.cli(&["setup", "cursor"]));
        terminal.shows(CHANGE);
        terminal.types("y");
        until("it is written", || read(&home, ".cursor/mcp.json").contains("connect").then_some(()));
        fs::write(&path, CURSOR).unwrap();
        let told = asking.join().unwrap().expect_code(1);
        assert!(told.stderr.contains("Close the program"), "{told:?}");
    });
}

/// Looks of programs that are under way at once.
const LOOKS: usize = 4;

#[test]
fn looks_at_a_file_system_that_never_answers_are_few_and_hold_up_no_more_than_themselves() {
    let home = Home::new();
    with_programs(&home);
    let project = home.path().join("project");
    fs::create_dir(&project).unwrap();
    let valet = Valet::start(&home);
    let _stuck = stuck(&home, &valet, &project);
    let (here, there) =
        (json!({ "clients": ["cursor"] }), json!({ "clients": ["cursor"], "project": project }));
    let is_busy = || valet.post("/v1/setup", &here).status == 429;
    thread::scope(|scope| {
        let ask = || scope.spawn(|| valet.post("/v1/setup", &there));
        let mut asking: Vec<_> = (1..LOOKS).map(|_| ask()).collect();
        assert!(!is_busy(), "the others have a place yet");
        asking.push(ask());
        until("all look there", || is_busy().then_some(()));
        assert_eq!(valet.post("/v1/setup", &there).expect_status(429).json()["code"], "busy");
        home.move_clock(60);
        for asking in asking {
            assert_eq!(asking.join().unwrap().expect_status(504).json()["code"], "timeout");
        }
    });
    assert!(is_busy(), "what is stuck keeps its place");
}

#[test]
fn a_yes_is_carried_out_while_programs_look_at_files_that_never_answer() {
    let home = Home::new();
    let project = home.path().join("project");
    fs::create_dir(&project).unwrap();
    let (valet, mut terminal) = on_terminal(&home);
    let looks = json!({ "clients": ["cursor"], "project": project });
    let mut held = Vec::new();
    thread::scope(|scope| {
        let looks_meanwhile = || {
            held.push(stuck(&home, &valet, &project));
            (0..LOOKS).for_each(|_| drop(scope.spawn(|| valet.post("/v1/setup", &looks))));
            let here = json!({ "clients": ["cursor"] });
            until("it is looked", || (valet.post("/v1/setup", &here).status == 429).then_some(()));
        };
        answered(&valet, &mut terminal, &["setup", "codex"], "y", looks_meanwhile).expect_code(0);
        home.move_clock(60);
    });
    assert!(read(&home, ".codex/config.toml").contains("\"connect\", \"linear\""));
}

#[test]
fn a_file_that_does_not_take_what_is_written_is_said_and_holds_nobody_up_for_good() {
    let home = Home::new();
    let (valet, mut terminal) = on_terminal(&home);
    let _stuck = stuck_when_written(&home, &valet, &home.path().join(".cursor/mcp.json"));
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.cli(&["setup", "cursor", "--wait", "300"]));
        terminal.shows(CHANGE);
        terminal.types("y");
        // Beside the file is what is to take its place.
        until("it is written", || {
            (fs::read_dir(home.path().join(".cursor")).unwrap().count() > 1).then_some(())
        });
        home.move_clock(40);
        let told = asking.join().unwrap().expect_code(7);
        assert!(told.stderr.contains("does not take what is written"), "{told:?}");
    });
    let notices = valet.get("/v1/health").json()["notices"].to_string();
    assert!(notices.contains("does not take what is written"), "{notices}");
    assert_eq!(read(&home, ".cursor/mcp.json"), CURSOR);
}

#[test]
fn a_program_that_has_the_files_looked_through_over_and_over_is_told_to_wait() {
    let home = Home::new();
    with_programs(&home);
    let valet = Valet::start(&home);
    let asked = json!({ "clients": ["cursor"] });
    let statuses: Vec<u16> = (0..40).map(|_| valet.post("/v1/setup", &asked).status).collect();
    assert_eq!((statuses[0], statuses[39]), (403, 429), "{statuses:?}");
    home.move_clock(61);
    assert_eq!(valet.post("/v1/setup", &asked).status, 403);
}

#[test]
fn of_a_program_that_is_not_here_nothing_is_proposed_or_made() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    let told = valet.cli(&["setup", "zed", "windsurf"]).expect_code(1);
    assert!(told.stderr.contains("neither is anything else of this program"), "{told:?}");
    assert!(!terminal.screen().contains(CHANGE), "{}", terminal.screen());
    assert!(!home.path().join("config/zed").exists() && !home.path().join(".codeium").exists());
}

#[test]
fn a_project_that_is_a_link_is_shown_with_where_it_leads() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    fs::create_dir(home.path().join("real")).unwrap();
    symlink("real", home.path().join("linked")).unwrap();
    let project = home.path().join("linked");
    let asked = json!({ "clients": ["claude-code", "copilot"], "project": project });
    valet.post("/v1/setup", &asked).expect_status(403);
    terminal.shows(CHANGE);
    let screen = terminal.screen();
    assert!(screen.contains("it is reached by a link, and really is ~/real/.mcp.json"), "{screen}");
    assert_eq!(screen.matches(".mcp.json (").count(), 1, "both read the same file: {screen}");
}

#[test]
fn a_folder_whose_name_goes_on_in_another_line_is_shown_in_one() {
    let home = Home::new();
    let (valet, terminal) = on_terminal(&home);
    let project = home.path().join("a\n    + b");
    fs::create_dir(&project).unwrap();
    valet.post("/v1/setup", &json!({ "clients": ["claude-code"], "project": project })).expect_status(403);
    terminal.shows(CHANGE);
    assert!(terminal.screen().contains("~/a\\u{a}    + b/.mcp.json"), "{}", terminal.screen());
}

#[test]
fn a_kill_at_any_file_loses_nothing() {
    const FILES: [(&str, bool); 4] = [
        ("state/mcp-valet/clients.json", false),
        (".codex/config.toml", false),
        (".codex/config.toml", true),
        (".cursor/mcp.json", false),
    ];
    for undo in [false, true] {
        for (file, after) in FILES {
            let home = Home::new();
            let (valet, mut terminal) = on_terminal(&home);
            if undo {
                answered(&valet, &mut terminal, &["setup", "cursor", "codex"], "y", || {}).expect_code(0);
            }
            let mut arguments = vec!["setup", "cursor", "codex"];
            arguments.extend(undo.then_some("--undo"));
            let asked = terminal.screen().matches(CHANGE).count();
            thread::scope(|scope| {
                scope.spawn(|| valet.cli(&arguments));
                until("it is asked", || (terminal.screen().matches(CHANGE).count() > asked).then_some(()));
                let mut strace = kills(&home, &valet, (file, after, 1));
                terminal.types("y");
                strace.wait();
            });
            drop(valet);
            for (file, before) in [(".cursor/mcp.json", CURSOR), (".codex/config.toml", CODEX)] {
                let now = read(&home, file);
                let whole = now == before || (now.contains("linear") && now.contains("board"));
                assert!(whole && now.contains("mine"), "{file}: {now}");
            }
            let (valet, mut terminal) = Valet::on_terminal(&home);
            let dry = valet.cli(&["setup", "--undo", "--all", "--dry-run"]).expect_code(0);
            if !dry.stdout.contains("Nothing to change") {
                answered(&valet, &mut terminal, &["setup", "--undo", "--all"], "y", || {}).expect_code(0);
            }
            assert_eq!(read(&home, ".cursor/mcp.json"), CURSOR, "{file} {undo}");
            assert_eq!(read(&home, ".codex/config.toml"), CODEX, "{file} {undo}");
        }
    }
}
