//! A whole home: led here, and back.

#![allow(clippy::unwrap_used, reason = "a test")]

use clients::{Aim, Job, Scene, Server, Wanted, carry_out, job, mark, shown_path, standing, still_stands};
use import::{Client, Folders};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn server(name: &str) -> Server {
    Server { name: name.into(), url: format!("https://{name}.test/mcp"), asks: name.into() }
}

struct Home {
    _root: TempDir,
    scene: Scene,
}

impl Home {
    /// With all files of the cases from which servers are read.
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        let home = root.path().canonicalize().unwrap().join("ada");
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/tests/cases");
        for case in fs::read_dir(cases).unwrap() {
            let case = case.unwrap().path();
            if !case.ends_with("several") {
                copy(&case.join("home"), &home);
            }
        }
        let config = home.join(".config");
        let folders = Folders {
            application: config.clone(),
            codex: home.join(".codex"),
            config,
            home: home.clone(),
            ..Folders::default()
        };
        let scene = Scene {
            folders,
            program: "/opt/mcp-valet".into(),
            servers: vec![server("tracker"), server("board")],
            store: root.path().join("clients.json"),
        };
        Self { _root: root, scene }
    }

    fn plan(&self, clients: &[Client], undo: bool) -> Job {
        let aim = if undo { Aim::Back } else { Aim::Lead };
        job(&self.scene, &Wanted { clients: clients.to_vec(), aim }).unwrap()
    }

    fn does(&self, clients: &[Client], undo: bool) -> Job {
        let job = self.plan(clients, undo);
        for change in &job.changes {
            carry_out(&self.scene, change, |_| None).unwrap();
            assert!(still_stands(&self.scene, change), "{}", change.file.display());
        }
        job
    }

    fn files(&self) -> BTreeMap<PathBuf, String> {
        let mut all = BTreeMap::new();
        read(&self.scene.folders.home, &mut all);
        all
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() { copy(&from, &to) } else { fs::write(&to, fs::read(&from).unwrap()).unwrap() }
    }
}

fn read(folder: &Path, all: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, all)
        } else {
            drop(all.insert(path.clone(), fs::read_to_string(&path).unwrap()))
        }
    }
}

#[test]
fn a_home_is_led_here_and_back_byte_for_byte() {
    let mut home = Home::new();
    let before = home.files();
    let done = home.does(&[], false);
    assert!(done.left.iter().any(|left| left.why.contains("board")), "what has that name is told");
    assert!(home.plan(&[], false).changes.is_empty(), "a second time changes nothing");
    for one in standing(&home.scene).unwrap() {
        assert!(one.led.contains(&"tracker".to_owned()) && one.ours, "{one:?}");
    }
    home.scene.servers.push(server("later"));
    assert!(home.does(&[], false).changes.len() >= Client::ALL.len());
    let back = home.does(&[], true);
    assert!(back.left.is_empty(), "{:?}", back.left);
    assert_eq!(home.files(), before);
    assert!(home.plan(&[], true).changes.is_empty());
}

#[test]
fn a_file_that_was_not_there_goes_again_unless_somebody_wrote_to_it() {
    for others in [false, true] {
        let home = Home::new();
        let path = home.scene.folders.home.join(".gemini/settings.json");
        fs::remove_file(&path).unwrap();
        home.does(&[Client::Gemini], false);
        if others {
            let text = fs::read_to_string(&path).unwrap().replacen('{', "{\n  \"theme\": \"x\",", 1);
            fs::write(&path, text).unwrap();
        }
        home.does(&[Client::Gemini], true);
        assert_eq!(path.exists(), others);
        assert!(!others || !fs::read_to_string(&path).unwrap().contains("mcp-valet"));
    }
}

#[test]
fn what_is_written_is_shown_and_what_stands_beside_it_is_not() {
    let home = Home::new();
    let path = home.scene.folders.home.join(".cursor/mcp.json");
    fs::write(
        &path,
        r#"{"mcpServers":{"a":{"url":"https://a.example","headers":{"Authorization":"Bearer secret"}}}}"#,
    )
    .unwrap();
    let job = home.plan(&[Client::Cursor], false);
    let lines = &job.changes[0].lines;
    assert!(lines.iter().all(|one| one.line == 1 && one.before.is_empty()), "{lines:?}");
    assert!(lines[0].after[0].starts_with("\"tracker\": {\"command\": \"/opt/mcp-valet\""), "{lines:?}");
    home.does(&[Client::Cursor], false);
    let job = home.plan(&[Client::Cursor], true);
    assert!(job.changes[0].lines[0].before[0].starts_with("\"tracker\""), "{:?}", job.changes[0].lines);
    assert!(!format!("{:?}", job.changes[0].lines).contains("secret"));
    assert!(job.changes[0].lines.iter().all(|one| one.after.is_empty()));
}

#[test]
fn what_was_written_down_and_not_made_is_no_harm() {
    let home = Home::new();
    let before = home.files();
    // As after a kill between both: the store says more than the files.
    home.does(&[Client::Cursor, Client::Codex], false);
    for (path, text) in &before {
        fs::write(path, text).unwrap();
    }
    assert!(home.plan(&[], true).changes.is_empty());
    home.does(&[Client::Cursor], false);
    home.does(&[], true);
    assert_eq!(home.files(), before);
}

#[test]
fn records_of_a_later_version_are_left_and_nothing_is_written() {
    let home = Home::new();
    fs::write(&home.scene.store, r#"{"form":4,"files":[]}"#).unwrap();
    let wanted = Wanted { clients: vec![Client::Cursor], aim: Aim::Lead };
    assert!(job(&home.scene, &wanted).unwrap_err().to_string().contains("newer"));
    assert_eq!(fs::read_to_string(&home.scene.store).unwrap(), r#"{"form":4,"files":[]}"#);
}

#[test]
fn files_that_are_written_at_once_are_all_written_down() {
    let home = Home::new();
    let before = home.files();
    let job = home.plan(&[], false);
    std::thread::scope(|scope| {
        for change in &job.changes {
            scope.spawn(|| carry_out(&home.scene, change, |_| None).unwrap());
        }
    });
    home.does(&[], true);
    assert_eq!(home.files(), before);
}

#[test]
fn a_file_that_two_programs_of_a_project_share_is_written_once() {
    let mut home = Home::new();
    let project = home.scene.folders.home.join("shop");
    fs::create_dir(&project).unwrap();
    home.scene.folders.project = Some(project.clone());
    let job = home.does(&[Client::ClaudeCode, Client::Copilot], false);
    assert_eq!(job.changes.len(), 1, "{:?}", job.changes);
    assert!(job.left.is_empty(), "{:?}", job.left);
    assert!(home.plan(&[Client::ClaudeCode, Client::Copilot], false).changes.is_empty());
    home.does(&[], true);
    assert!(!project.join(".mcp.json").exists());
}

#[test]
fn what_was_written_down_and_leads_to_something_else_takes_out_our_entries_alone() {
    let home = Home::new();
    let path = home.scene.folders.home.join(".gemini/settings.json");
    fs::write(&path, "{\n  \"mcpServers\": {}\n}\n").unwrap();
    home.does(&[Client::Gemini], false);
    let mut written: Value = serde_json::from_slice(&fs::read(&home.scene.store).unwrap()).unwrap();
    written["files"][0]["edits"][0]["splices"][0]["old"] = "\"evil\": {\"command\": \"sh\"}".into();
    fs::write(&home.scene.store, written.to_string()).unwrap();
    let back = home.does(&[Client::Gemini], true);
    assert!(!format!("{:?}", back.changes[0].lines).contains("evil"));
    let text: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(text, json!({ "mcpServers": {} }));
}

#[test]
fn each_line_is_shown_whole_and_what_would_not_be_seen_is_written_out() {
    let home = Home::new();
    let path = home.scene.folders.home.join(".gemini/settings.json");
    fs::remove_file(&path).unwrap();
    home.does(&[Client::Gemini], false);
    let long = "x".repeat(5000);
    let gone = format!("// {long}end\n// a\u{202e}b\u{1b}[2Jc\u{200b}d\u{2028}e\n");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{gone}{text}")).unwrap();
    // As if all of it had been written by the valet.
    let mut written: Value = serde_json::from_slice(&fs::read(&home.scene.store).unwrap()).unwrap();
    written["files"][0]["edits"][0]["after"] = mark(&format!("{gone}{text}")).into();
    fs::write(&home.scene.store, written.to_string()).unwrap();
    let lines = &home.plan(&[Client::Gemini], true).changes[0].lines[0].before;
    assert_eq!(lines[0], format!("// {long}end"));
    assert_eq!(lines[1], "// a\\u{202e}b\\u{1b}[2Jc\\u{200b}d\\u{2028}e");
    let odd = home.scene.folders.home.join("a\n+ b\u{202e}");
    assert_eq!(shown_path(&odd, &home.scene.folders), "~/a\\u{a}+ b\\u{202e}");
}
