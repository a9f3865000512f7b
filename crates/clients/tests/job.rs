//! A whole home: led here, and back.

#![allow(clippy::unwrap_used, reason = "a test")]

use clients::{Job, Scene, Server, Wanted, carry_out, job, standing, still_stands};
use import::{Client, Folders};
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
        job(&self.scene, &Wanted { clients: clients.to_vec(), undo }).unwrap()
    }

    fn does(&self, clients: &[Client], undo: bool) -> Job {
        let job = self.plan(clients, undo);
        for change in &job.changes {
            carry_out(&self.scene, change).unwrap();
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
    fs::write(&home.scene.store, r#"{"form":2,"files":[]}"#).unwrap();
    let wanted = Wanted { clients: vec![Client::Cursor], undo: false };
    assert!(job(&home.scene, &wanted).unwrap_err().to_string().contains("newer"));
    assert_eq!(fs::read_to_string(&home.scene.store).unwrap(), r#"{"form":2,"files":[]}"#);
}

#[test]
fn files_that_are_written_at_once_are_all_written_down() {
    let home = Home::new();
    let before = home.files();
    let job = home.plan(&[], false);
    std::thread::scope(|scope| {
        for change in &job.changes {
            scope.spawn(|| carry_out(&home.scene, change).unwrap());
        }
    });
    home.does(&[], true);
    assert_eq!(home.files(), before);
}
