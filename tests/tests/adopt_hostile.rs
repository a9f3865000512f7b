//! Files of other programs that mean ill, or are only odd: what is no secret stays, what was moved comes back
//! byte for byte, and nothing else is written to, whatever is in the place of a file or written down of it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::{has, read};
use mcp_valet_tests::{Home, dose, until};
use serde_json::{Value, json};

const CURSOR: &str = ".cursor/mcp.json";
const RECORDS: &str = "state/mcp-valet/clients.json";
const SHELL: &str = "export TOKEN=sk-shell-of-ada\n";

fn hub() -> Value {
    json!({ "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } })
}

/// What somebody does to a path.
type Done<'a> = &'a dyn Fn(&Path);

#[test]
fn what_only_looks_like_a_secret_stays_where_it_is() {
    let home = Home::new();
    let looks = json!({
        "COMMIT": "9fceb02d0ae598e95dc970b74767f19372d61af8",
        "SHORT": "v2.31.0-rc1-12-g9fceb02",
        "TRACE": "0b5b2d0e-7f0c-4b8e-9a61-2f3d4c5e6a7b",
        "UPPER": "0B5B2D0E-7F0C-4B8E-9A61-2F3D4C5E6A7B",
        "ULID": "01HF7YAT00QK5RSWM3V1X8BCDE",
        "DIGEST": "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        "INTEGRITY": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcgSpIdNs6c5H0NE8XYXysPDGNKHfuwvY7",
        "PICTURE": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "DATA": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
        "NAME": "ApplicationInsights2026Staging",
        "REGION": "Region-Europe-West-2026-Production",
        "AGENT": "Mozilla/5.0 (X11; Linux x86_64)",
        "MODEL": "claude-sonnet-4-5-20250929",
        "DATE": "2026-11-30T17:28:59.000Z",
    });
    let mut entry = json!({ "command": "npx", "args": ["-y", "@example/server@1.2.3"], "env": looks });
    has(&home, CURSOR, &json!({ "mcpServers": { "build": entry } }).to_string());
    let (valet, mut terminal) = with_vault(&home);
    let told = valet.cli(&["adopt", "cursor"]).expect_code(0);
    assert!(told.stdout.contains("Nothing to move"), "{told:?}");
    // Beside a secret, they stay in the entry as they are.
    entry["env"]["API_KEY"] = json!("0b5b2d0e-7f0c-4b8e-9a61-000000000000");
    let text = json!({ "mcpServers": { "build": entry } }).to_string();
    has(&home, CURSOR, &text);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    let ours = &config["mcpServers"]["build"]["env"];
    for (name, value) in looks.as_object().unwrap() {
        assert_eq!(&ours[name], value, "{name}");
    }
    assert_eq!(ours["API_KEY"], "${key}");
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, CURSOR), text);
}

#[test]
fn of_a_list_that_is_too_long_that_is_said_and_the_characters_of_holes_are_left() {
    let home = Home::new();
    let many = (0..600).map(|number| (format!("server-{number}"), json!({ "command": "npx" })));
    let mut entries: serde_json::Map<String, Value> = many.collect();
    entries.insert("z".to_owned(), hub());
    let text = json!({ "mcpServers": entries }).to_string();
    has(&home, CURSOR, &text);
    let holes = json!({ "mcpServers": { "\u{fdd0}0\u{fdd1}": hub() } }).to_string();
    has(&home, ".copilot/mcp-config.json", &holes);
    let (valet, _terminal) = with_vault(&home);
    let told = valet.cli(&["adopt", "cursor", "copilot"]).expect_code(1);
    assert!(told.stderr.contains("lists more servers than are looked at"), "{told:?}");
    assert!(told.stdout.contains("nothing can be put between"), "{told:?}");
    assert_eq!((read(&home, CURSOR), read(&home, ".copilot/mcp-config.json")), (text, holes));
}

/// Files as people and programs leave them, each with one secret.
fn odd() -> Vec<(&'static str, String)> {
    let one_line = json!({ "mcpServers": { "gemini": { "httpUrl": "https://gemini.example/mcp", "headers": { "X-Api-Key": "sk-gemini-of-ada" } } } });
    let padding: String = (0..dose(3_000, 12_000))
        .map(|line| format!("    \"key-{line}\": \"{}\",\n", "x".repeat(60)))
        .collect();
    let many: String = (0..dose(100, 400))
        .map(|number| {
            format!(
                "    \"server-{number}\": {{ \"command\": \"npx\", \"args\": [\"-y\", \"x{number}\"] }},\n"
            )
        })
        .collect();
    vec![
        (
            CURSOR,
            "\u{feff}{\r\n\t\"$schema\": \"x\", \"unknown\" : [1e3, -0.0, null],\r\n\t\"mcpServers\":\t{\r\n\t\t\"cursor\"  :  {\"url\":\"https://cursor.example/mcp\",\r\n\r\n\t\t\t\"headers\" : {\"X-Api-Key\":\"sk-cursor-of-ada\"} }\r\n\t}\t\r\n}\r\n\r\n".to_owned(),
        ),
        (
            "config/Code/User/mcp.json",
            "// first\n{\n  /* in between */\n  \"inputs\": [ ], // and behind\n  \"servers\": {\n    // of ada\n    \"code\": {\n      \"type\": \"http\",\n      \"url\": \"https://code.example/mcp\",\n      \"headers\": { \"X-Api-Key\": \"sk-code-of-ada\", },\n    }, // the last\n  },\n}\n// the end".to_owned(),
        ),
        (".gemini/settings.json", one_line.to_string()),
        (
            ".codeium/windsurf/mcp_config.json",
            format!("{{\n  \"padding\": {{\n{padding}    \"last\": \"\\u00e4\\ud83d\\ude00\"\n  }},\n  \"mcpServers\": {{\n    \"windsurf\": {{ \"serverUrl\": \"https://windsurf.example/mcp\", \"headers\": {{ \"X-Api-Key\": \"sk-windsurf-of-ada\" }} }}\n  }}\n}}"),
        ),
        (
            ".qwen/settings.json",
            format!("{{ \"mcpServers\": {{\n{many}    \"qwen\": {{ \"httpUrl\": \"https://qwen.example/mcp\", \"headers\": {{ \"X-Api-Key\": \"sk-qwen-of-ada\" }} }}\n}} }}\n"),
        ),
        (
            ".codex/config.toml",
            "\u{feff}# mine\r\nmodel = 'x'\r\n\r\n[mcp_servers.\"co dex\"]\r\n  url = \"https://codex.example/mcp\"\r\n\thttp_headers = { 'X-Api-Key' = \"sk-codex-of-ada\" }\r\n[profiles.x]\r\na = [\r\n  1, # one\r\n]".to_owned(),
        ),
        (
            "config/goose/config.yaml",
            "# mine\r\nextensions:\r\n  goose:\r\n    type:   streamable_http\r\n    uri: 'https://goose.example/mcp'\r\n    headers: {X-Api-Key: sk-goose-of-ada}\r\n    enabled: true\r\nGOOSE_MODE:   auto   # as it is\r\nother: &a\r\n  - 1\r\nsame: *a".to_owned(),
        ),
    ]
}

#[test]
fn odd_files_come_back_byte_for_byte() {
    let home = Home::new();
    let files = odd();
    files.iter().for_each(|(file, text)| has(&home, file, text));
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    for (file, text) in &files {
        let now = read(&home, file);
        assert!(!now.contains("-of-ada") && now.contains("connect"), "{file} keeps its secret: {done:?}");
        assert!(now.len() + 400 > text.len(), "{file}");
    }
    answered(&valet, &mut terminal, &["adopt", "--undo", "--all"], (CHANGE, "y")).expect_code(0);
    for (file, text) in &files {
        assert!(read(&home, file) == *text, "{file} is another");
    }
}

#[test]
fn names_that_mean_ill_are_shown_plainly_and_come_back() {
    let home = Home::new();
    let long = "n".repeat(5_000);
    let names = [
        "__proto__",
        "../../.bashrc",
        "a\u{1b}]0;owned\u{7}b",
        "x\u{202e}txet",
        "a\nb",
        "${key}",
        "--undo",
        "'; rm -rf ~",
        "claude-code",
        " ",
        long.as_str(),
    ];
    let entries: serde_json::Map<String, Value> = names
        .iter()
        .enumerate()
        .map(|(number, name)| {
            let key = format!("sk-number-{number}-of-ada");
            let url = format!("https://host{number}.example/mcp");
            ((*name).to_owned(), json!({ "url": url, "headers": { "X-Api-Key": key } }))
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "mcpServers": entries })).unwrap();
    has(&home, CURSOR, &text);
    has(&home, ".bashrc", SHELL);
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y"));
    for said in [&done.stdout, &done.stderr, &terminal.screen()] {
        assert!(!said.contains(['\u{202e}', '\u{7}']) && !said.contains("\u{1b}]0;owned"), "{said}");
    }
    let now = read(&home, CURSOR);
    let stays = now.matches("-of-ada").count();
    assert!(stays <= 2, "{stays} of {}: {done:?}", names.len());
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y"));
    assert_eq!(read(&home, CURSOR), text);
    assert_eq!(read(&home, ".bashrc"), SHELL);
}

#[test]
fn what_is_no_file_is_neither_waited_for_nor_written_to() {
    let home = Home::new();
    let project = home.path().join("project");
    fs::create_dir_all(home.path().join(".cursor")).unwrap();
    fs::create_dir_all(project.join(".vscode")).unwrap();
    has(&home, ".bashrc", SHELL);
    let (valet, _terminal) = with_vault(&home);
    let shell = home.path().join(".bashrc");
    let places: [(&str, Done<'_>); 4] = [
        ("pipe", &|at| assert!(Command::new("mkfifo").arg(at).status().unwrap().success())),
        ("folder", &|at| fs::create_dir(at).unwrap()),
        ("second name", &|at| fs::hard_link(&shell, at).unwrap()),
        ("link", &|at| symlink(&shell, at).unwrap()),
    ];
    for (what, make) in places {
        for at in [home.path().join(CURSOR), project.join(".mcp.json")] {
            make(&at);
            let told = match at.starts_with(&project) {
                true => valet.cli(&[
                    "setup",
                    "claude-code",
                    "--project",
                    project.to_str().unwrap(),
                    "--wait",
                    "0",
                ]),
                false => valet.cli(&["adopt", "cursor", "--wait", "0"]),
            };
            assert!(told.code == 1 || told.stdout.contains("Nothing to"), "{what}: {told:?}");
            if at.is_dir() { fs::remove_dir(&at).unwrap() } else { fs::remove_file(&at).unwrap() }
        }
    }
    // Nor is a folder of the project that leads elsewhere.
    fs::remove_dir(project.join(".vscode")).unwrap();
    symlink(home.path(), project.join(".vscode")).unwrap();
    let told = valet.cli(&["setup", "vscode", "--project", project.to_str().unwrap(), "--wait", "0"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(!home.path().join("mcp.json").exists());
    assert_eq!(read(&home, ".bashrc"), SHELL);
}

#[test]
fn whatever_takes_the_place_of_a_file_after_it_was_shown_is_left() {
    let other = json!({ "mcpServers": { "hub": hub(), "evil": { "command": "x" } } }).to_string();
    let text = json!({ "mcpServers": { "hub": hub() } }).to_string();
    let swaps: [(&str, Done<'_>); 4] = [
        ("another file of the same text", &|at| {
            fs::write(at.with_file_name("new"), &text).unwrap();
            fs::rename(at.with_file_name("new"), at).unwrap();
        }),
        ("a pipe", &|at| {
            fs::remove_file(at).unwrap();
            assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
        }),
        ("more in it", &|at| fs::write(at, &other).unwrap()),
        ("nothing", &|at| fs::remove_file(at).unwrap()),
    ];
    for (what, swap) in swaps {
        let home = Home::new();
        has(&home, CURSOR, &text);
        let (valet, mut terminal) = with_vault(&home);
        valet.cli(&["adopt", "cursor", "--wait", "0"]).expect_code(3);
        terminal.shows(MOVE);
        let at = home.path().join(CURSOR);
        swap(&at);
        terminal.types("y");
        until(what, || {
            let done = home.path().join(RECORDS).exists();
            let notices = valet.get("/v1/health").json()["notices"].to_string();
            (done || notices.contains("was not done")).then_some(())
        });
        let is_file = at.metadata().is_ok_and(|meta| meta.is_file());
        let now = is_file.then(|| fs::read_to_string(&at).unwrap());
        match what {
            "more in it" => assert_eq!(now.as_deref(), Some(other.as_str())),
            "another file of the same text" => {
                let now = now.unwrap();
                assert!(now == text || now.contains("\"connect\""), "{now}");
            }
            _ => assert_eq!(now, None, "{what}"),
        }
    }
}

#[test]
fn a_forged_way_back_leads_into_no_file_but_that_programs_own() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": hub() } }).to_string();
    has(&home, CURSOR, &text);
    has(&home, ".bashrc", SHELL);
    has(&home, ".codex/config.toml", "model = \"x\"\n");
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let moved = read(&home, CURSOR);
    let records: Value = serde_json::from_str(&read(&home, RECORDS)).unwrap();
    let shell = home.path().join(".bashrc").display().to_string();
    let mut forgeries: Vec<(&str, Value)> = Vec::new();
    let mut forge = |what, change: &dyn Fn(&mut Value)| {
        let mut forged = records.clone();
        change(&mut forged["files"][0]);
        forgeries.push((what, forged));
    };
    forge("another file", &|record| record["path"] = json!(shell));
    forge("another program", &|record| record["client"] = json!("codex"));
    forge("another project", &|record| record["project"] = json!("/"));
    forge("far away", &|record| record["edits"][0]["splices"][0]["at"] = json!(u64::from(u32::MAX)));
    forge("no edits", &|record| record["edits"] = json!([]));
    forge("no such program", &|record| record["client"] = json!("ghost"));
    forge("a path that goes up", &|record| {
        record["path"] = json!(format!("{}/../.bashrc", home.path().join(".cursor").display()))
    });
    for (what, forged) in forgeries {
        has(&home, RECORDS, &forged.to_string());
        let told = valet.cli(&["adopt", "--undo", "--all", "--wait", "0"]);
        assert!(told.code != 101, "{what}: {told:?}");
        valet.get("/v1/health").expect_status(200);
        if told.code == 3 {
            terminal.shows(CHANGE);
            terminal.types("n");
        }
        assert_eq!(read(&home, ".bashrc"), SHELL, "{what}");
        assert_eq!(read(&home, CURSOR), moved, "{what}");
        assert_eq!(read(&home, ".codex/config.toml"), "model = \"x\"\n", "{what}");
    }
    has(&home, RECORDS, &records.to_string());
    // What was refused holds until it is started anew.
    valet.stop();
    drop(terminal);
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, CURSOR), text);
}

#[test]
fn a_program_that_has_files_looked_through_without_end_is_told_to_wait() {
    let home = Home::new();
    has(&home, CURSOR, &json!({ "mcpServers": { "hub": hub() } }).to_string());
    let (valet, _terminal) = with_vault(&home);
    let mut all = (0..40).map(|_| valet.cli(&["adopt", "cursor", "--dry-run"]));
    let told = all.find(|told| told.code != 0).unwrap();
    assert!(told.stderr.contains("Try again in a minute"), "{told:?}");
}
