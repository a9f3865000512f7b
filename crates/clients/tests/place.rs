//! Files on the disk that are not what one hopes for, and what becomes of them.

#![allow(clippy::unwrap_used, reason = "a test")]

use clients::{Found, Server, Spot, Trouble, look, plan, put, spots, take_away};
use import::{Client, Folders};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

const TEXT: &str = "{\n  \"mcpServers\": {}\n}\n";

fn server() -> Server {
    Server { name: "a".into(), url: "https://a.test/mcp".into(), asks: "a".into() }
}

struct Home {
    root: TempDir,
    folders: Folders,
}

impl Home {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        let home = root.path().canonicalize().unwrap();
        let config = home.join(".config");
        let folders = Folders {
            application: config.clone(),
            codex: home.join(".codex"),
            config,
            home,
            ..Folders::default()
        };
        Self { root, folders }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folders.home.join(file)
    }

    fn has(&self, file: &str, text: &str) -> PathBuf {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn links(&self, file: &str, to: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, path).unwrap();
    }

    fn spot(&self, client: Client) -> Spot {
        spots(client, &self.folders).remove(0)
    }

    fn look(&self, client: Client) -> Result<Found, Trouble> {
        look(&self.spot(client), &self.folders)
    }

    /// As what is planned is written, with something done in between.
    fn sets_up(&self, client: Client, between: impl FnOnce()) -> Result<(), Trouble> {
        let (spot, found) = (self.spot(client), self.look(client)?);
        let plan = plan(&spot, found.text.as_deref().unwrap_or_default(), "/opt/mcp-valet", &[server()])?;
        between();
        put(&spot, &self.folders, &found, &plan.after)
    }

    fn files(&self) -> usize {
        fn count(folder: PathBuf) -> usize {
            let all = fs::read_dir(folder).unwrap().map(|one| one.unwrap().path());
            all.map(|path| if path.is_dir() { count(path) } else { 1 }).sum()
        }
        count(self.root.path().to_owned())
    }
}

const CURSOR: &str = ".cursor/mcp.json";

#[test]
fn a_file_is_replaced_whole_with_its_rights_and_its_group() {
    let home = Home::new();
    let path = home.has(CURSOR, TEXT);
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&path).unwrap();
    home.sets_up(Client::Cursor, || {}).unwrap();
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    assert!(fs::read_to_string(&path).unwrap().contains("/opt/mcp-valet"));
    assert_eq!(home.files(), 1);
}

#[test]
fn a_file_that_is_not_there_is_made_with_its_folders_for_its_owner_alone() {
    let home = Home::new();
    home.links(".config", "elsewhere");
    fs::create_dir(home.path("elsewhere")).unwrap();
    home.sets_up(Client::Goose, || {}).unwrap();
    let path = home.path("elsewhere/goose/config.yaml");
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    let found = home.look(Client::Goose).unwrap();
    assert_eq!((found.path.clone(), found.by_link), (path.clone(), true));
    take_away(&home.spot(Client::Goose), &home.folders, &found).unwrap();
    assert!(!path.exists());
}

#[test]
fn a_link_of_the_persons_own_is_followed_and_stays_one() {
    let home = Home::new();
    home.has("dotfiles/cursor.json", TEXT);
    home.links(CURSOR, "../dotfiles/cursor.json");
    home.sets_up(Client::Cursor, || {}).unwrap();
    assert!(home.path(CURSOR).is_symlink());
    assert!(fs::read_to_string(home.path("dotfiles/cursor.json")).unwrap().contains("/opt/mcp-valet"));
}

#[test]
fn a_link_to_nowhere_or_to_what_is_no_such_file_is_left() {
    let home = Home::new();
    home.links(CURSOR, "../nowhere");
    assert_eq!(home.sets_up(Client::Cursor, || {}), Err(Trouble::Link("../nowhere".into())));
    let bashrc = home.has(".bashrc", "alias ll='ls -l'\n");
    home.links(".copilot/mcp-config.json", "../.bashrc");
    assert!(matches!(home.sets_up(Client::Copilot, || {}), Err(Trouble::Unread(_))));
    assert_eq!(fs::read_to_string(bashrc).unwrap(), "alias ll='ls -l'\n");
    home.has(".qwen/settings.json", TEXT);
    home.links(".gemini/settings.json", "../.qwen/settings.json");
    assert_eq!(home.sets_up(Client::Gemini, || {}), Err(Trouble::OfAnother("Qwen Code")));
}

#[test]
fn a_program_that_shares_a_file_with_the_valet_is_left() {
    const OURS: &str = ".config/mcp-valet/config.json";
    let home = Home::new();
    home.has(OURS, TEXT);
    home.links(CURSOR, "../.config/mcp-valet/config.json");
    assert_eq!(home.sets_up(Client::Cursor, || {}), Err(Trouble::OfAnother("MCP Valet")));
    let home = Home::new();
    home.has(CURSOR, TEXT);
    home.links(OURS, "../../.cursor/mcp.json");
    assert_eq!(home.sets_up(Client::Cursor, || {}), Err(Trouble::OfAnother("MCP Valet")));
}

#[test]
fn in_a_project_no_link_is_followed() {
    for (file, folder) in [(".mcp.json", false), (".cursor", true)] {
        let mut home = Home::new();
        home.has("outside/mcp.json", TEXT);
        let project = home.path("project");
        fs::create_dir(&project).unwrap();
        home.folders.project = Some(project.clone());
        home.links(&format!("project/{file}"), if folder { "../outside" } else { "../outside/mcp.json" });
        let client = if folder { Client::Cursor } else { Client::ClaudeCode };
        assert!(matches!(home.sets_up(client, || {}), Err(Trouble::Link(_))), "{file}");
        fs::remove_file(project.join(file)).unwrap();
        if folder {
            fs::create_dir(project.join(file)).unwrap();
        }
        let swapped = || {
            let _ = fs::remove_dir(project.join(file));
            home.links(&format!("project/{file}"), if folder { "../outside" } else { "../outside/mcp.json" });
        };
        assert!(home.sets_up(client, swapped).is_err(), "{file}");
        assert_eq!(fs::read_to_string(home.path("outside/mcp.json")).unwrap(), TEXT);
    }
}

#[test]
fn a_project_that_is_reached_by_a_link_is_said_to_be() {
    let mut home = Home::new();
    let project = home.path("real");
    fs::create_dir(&project).unwrap();
    home.links("linked", "real");
    for (named, by_link) in [("real", false), ("linked", true), ("linked/../real", true)] {
        home.folders.project = Some(home.path(named));
        let found = home.look(Client::ClaudeCode).unwrap();
        assert_eq!((found.path, found.by_link), (project.join(".mcp.json"), by_link), "{named}");
    }
}

#[test]
fn where_a_link_of_a_repository_leads_is_told_in_one_line() {
    let mut home = Home::new();
    fs::create_dir(home.path("project")).unwrap();
    home.folders.project = Some(home.path("project"));
    home.links("project/.mcp.json", "a\nb\u{202e}c");
    let link = Trouble::Link("a\\u{a}b\\u{202e}c".into());
    assert_eq!(home.look(Client::ClaudeCode), Err(link));
}

#[test]
fn what_may_not_be_written_is_left_and_said() {
    let home = Home::new();
    let path = home.has(CURSOR, TEXT);
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    assert_eq!(home.look(Client::Cursor), Err(Trouble::ReadOnly));
    let copilot = home.has(".copilot/mcp-config.json", TEXT);
    fs::hard_link(&copilot, home.path("second")).unwrap();
    assert_eq!(home.look(Client::Copilot), Err(Trouble::Linked));
    let large = fs::File::create(home.has(".gemini/settings.json", "")).unwrap();
    large.set_len(70 << 20).unwrap();
    let said = "is larger than the 64 MiB that are looked at: it has 70";
    assert_eq!(home.look(Client::Gemini), Err(Trouble::Unread(said.to_owned())));
    fs::create_dir_all(home.path(".qwen/settings.json")).unwrap();
    assert!(matches!(home.look(Client::Qwen), Err(Trouble::Unread(_))));
    fs::create_dir_all(home.path(".mcporter")).unwrap();
    let pipe = home.path(".mcporter/mcporter.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(matches!(home.look(Client::Mcporter), Err(Trouble::Unread(_))));
    fs::create_dir_all(home.path(".codex")).unwrap();
    fs::write(home.path(".codex/config.toml"), [0xff, 0xfe]).unwrap();
    assert!(matches!(home.look(Client::Codex), Err(Trouble::Unread(_))));
}

#[test]
fn what_was_changed_since_the_plan_is_left_as_it_is_then() {
    type Change = fn(&PathBuf);
    let changes: [(&str, Change); 4] = [
        ("written to", |path| fs::write(path, "{}").unwrap()),
        ("replaced by the same", |path| {
            fs::write(path.with_extension("new"), TEXT).unwrap();
            fs::rename(path.with_extension("new"), path).unwrap();
        }),
        ("swapped for a link", |path| {
            fs::rename(path, path.with_extension("real")).unwrap();
            symlink("mcp.real", path).unwrap();
        }),
        ("taken away", |path| fs::remove_file(path).unwrap()),
    ];
    for (how, change) in changes {
        let home = Home::new();
        let path = home.has(CURSOR, TEXT);
        assert_eq!(home.sets_up(Client::Cursor, || change(&path)), Err(Trouble::Changed), "{how}");
        let after = fs::read_to_string(&path).unwrap_or_default();
        assert!(!after.contains("mcp-valet"), "{how}");
        assert!(home.files() <= 1 || how.contains("link"), "a draft stays: {how}");
    }
}
