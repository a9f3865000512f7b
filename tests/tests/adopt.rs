//! What other programs list, moved in with all secrets after one yes, and put back after another.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use mcp_valet_tests::keyed::list;
use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::{found, has, plant, read, servers};
use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::{Agent, Home, Reply, Rogue, Valet, until};
use serde_json::{Value, json};

#[test]
fn two_answers_move_sixty_secrets_in_and_back_byte_for_byte() {
    let home = Home::new();
    let planted = plant(&home);
    assert_eq!(planted.secrets.len(), 60);
    assert_eq!(planted.found(&home).len(), 60);
    let (valet, mut terminal) = with_vault(&home);
    let dry = valet.cli(&["adopt", "--all", "--dry-run"]).expect_code(0);
    assert!(planted.secrets.iter().all(|secret| !dry.stdout.contains(secret)), "{dry:?}");
    assert!(planted.changed(&home).is_empty(), "it was only shown");
    // A program that asks nobody hears of no line of another's file.
    assert!(dry.stdout.contains("~/.cursor/mcp.json (Cursor)"), "{dry:?}");
    assert!(!dry.stdout.contains("X-Region") && !dry.stdout.contains("LOG"), "{dry:?}");

    let done = answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    assert!(!done.stdout.contains("stays"), "{done:?}");
    assert_eq!(planted.changed(&home).len(), 12, "{done:?}");
    assert_eq!(planted.found(&home), [], "{done:?}");
    let screen = terminal.screen();
    assert!(planted.secrets.iter().all(|secret| !screen.contains(secret)), "{screen}");
    assert!(!valet.log().contains("glpat-"));
    for file in &planted.files {
        let now = read(&home, file.file);
        assert_eq!(now.matches("\"connect\"").count(), 5, "{}: {now}", file.file);
        for kept in ["// mine", "# mine", "@modelcontextprotocol/server-filesystem", "# the end"] {
            assert_eq!(now.contains(kept), file.text.contains(kept), "{kept}: {now}");
        }
    }
    let ours = servers(&home);
    assert_eq!(ours.as_object().unwrap().len(), 60);
    assert_eq!(ours["cursor-header"]["headers"], json!({ "X-Api-Key": "${key}", "X-Region": "eu" }));
    assert_eq!(ours["cursor-variable"]["env"]["GITHUB_TOKEN"], "${key}");
    assert_eq!(ours["cursor-variable"]["env"]["LOG"], "info");
    assert_eq!(ours["cursor-url"]["headers"]["Authorization"], "Basic ${key}");
    assert_eq!(audited(&home, "set_key").len(), 60);
    let again = valet.cli(&["adopt", "--all"]).expect_code(0);
    assert!(again.stdout.contains("Nothing to move"), "{again:?}");

    let back = answered(&valet, &mut terminal, &["adopt", "--all", "--undo"], (CHANGE, "y")).expect_code(0);
    assert_eq!(planted.changed(&home), [""; 0], "{back:?}");
    let screen = terminal.screen();
    assert!(screen.contains("of \"cursor-header\" goes back, in plain text, to Cursor"), "{screen}");
    assert!(planted.secrets.iter().all(|secret| !screen.contains(secret)), "{screen}");
    let noted = audited(&home, "put_back");
    assert!(
        noted.iter().any(|one| one.to_string().contains("in plain text: cursor-argument/key, ")),
        "{noted:?}"
    );
}

#[test]
fn what_came_from_several_programs_is_one_and_another_account_is_another() {
    let home = Home::new();
    let keyed = |key: &str| json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "Authorization": format!("Bearer {key}") } } } });
    has(&home, ".cursor/mcp.json", &keyed("sk-of-ada-at-home").to_string());
    has(&home, ".gemini/settings.json", &keyed("sk-of-ada-at-home").to_string());
    has(&home, ".copilot/mcp-config.json", &keyed("sk-of-ada-at-work").to_string());
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    let names: Vec<String> = servers(&home).as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["hub", "hub-copilot"]);
    assert!(read(&home, ".gemini/settings.json").contains("\"hub\"]"));
    assert!(read(&home, ".copilot/mcp-config.json").contains("\"hub-copilot\"]"));
    // A third program with the first key is led to the same server, without a second copy of the key.
    has(&home, ".qwen/settings.json", &keyed("sk-of-ada-at-home").to_string().replace("url", "httpUrl"));
    answered(&valet, &mut terminal, &["adopt", "qwen"], (MOVE, "y")).expect_code(0);
    assert_eq!(servers(&home).as_object().unwrap().len(), 2);
    assert!(read(&home, ".qwen/settings.json").contains("\"hub\"]"));
}

#[test]
fn a_server_without_a_key_gets_that_of_one_account_and_says_so() {
    let home = Home::new();
    let keyed = |key: &str| json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "Authorization": format!("Bearer {key}") } } } });
    has(&home, ".cursor/mcp.json", &keyed("sk-of-ada-at-home").to_string());
    has(&home, ".copilot/mcp-config.json", &keyed("sk-of-ada-at-work").to_string());
    home.configure(&json!({
        "mcpServers": { "mine": { "url": "https://hub.example/mcp", "headers": { "Authorization": "Bearer ${key}" } } },
        "valet": { "agents": "ask", "vault": "file" },
    }));
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    assert!(terminal.screen().contains("gets its key by this"), "{}", terminal.screen());
    assert_eq!(servers(&home).as_object().unwrap().len(), 2);
    answered(&valet, &mut terminal, &["adopt", "--all", "--undo"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), keyed("sk-of-ada-at-home").to_string());
    assert_eq!(read(&home, ".copilot/mcp-config.json"), keyed("sk-of-ada-at-work").to_string());
}

#[test]
fn a_guess_at_a_key_is_asked_about_as_the_key_itself_is() {
    let home = Home::new();
    let keyed = |key: &str| json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": key } } } });
    has(&home, ".cursor/mcp.json", &keyed("sk-of-ada-at-home").to_string());
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    // Under the name that a wrong guess alone would have it would be nothing to do.
    has(&home, ".copilot/mcp-config.json", &keyed("sk-of-somebody-else").to_string());
    valet.cli(&["adopt", "copilot", "--except", "hub-copilot", "--wait", "0"]).expect_code(3);
    terminal.shows(MOVE);
}

#[test]
fn a_program_is_shown_with_all_that_it_is_started_with() {
    let home = Home::new();
    let all = json!({ "mcpServers": { "brave": {
        "command": "npx", "args": ["x"], "cwd": "/opt/brave",
        "env": { "API_KEY": "sk-brave-of-ada", "NODE_OPTIONS": "--require=/tmp/a.js" },
    } } });
    has(&home, ".cursor/mcp.json", &all.to_string());
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let screen = terminal.screen();
    assert!(screen.contains("npx x, cwd=/opt/brave, env."), "{screen}");
    assert!(screen.contains("env.NODE_OPTIONS=--require=/tmp/a.js"), "{screen}");
}

#[test]
fn what_cannot_be_moved_stays_and_is_named() {
    let home = Home::new();
    let all = json!({ "mcpServers": {
        "argument": { "command": "npx", "args": ["-y", "x", "--api-key=sk-argument-of-ada"] },
        "folder": { "command": "node", "args": ["./server.js"], "env": { "API_KEY": "sk-folder-of-ada" } },
        "workspace": { "command": "npx", "args": ["x", "${workspaceFolder}"], "env": { "API_KEY": "sk-workspace-of-ada" } },
        "prompt": { "command": "npx", "args": ["x"], "env": { "API_KEY": "${input:key}" } },
        "off": { "disabled": true, "url": "https://off.example/mcp", "headers": { "X-Api-Key": "sk-off-of-ada" } },
        "short": { "url": "https://short.example/mcp?key=abc" },
        "client": { "url": "https://client.example/mcp", "oauth": { "clientId": "1", "clientSecret": "of-ada-at-client" } },
        "part": { "url": "https://part.example#/mcp?a", "headers": { "X-Api-Key": "sk-part-of-ada" } },
        "port": { "url": "https://port.example:99999/mcp", "headers": { "X-Api-Key": "sk-port-of-ada" } },
        "ended": { "url": "https://ended.example/mcp", "headers": { "X-Api-Key": "sk-ended-of-ada\n" } },
        "more": { "url": "https://more.example/mcp", "headers": { "X-Api-Key": "sk-more-of-ada" }, "oddity": { "a": 1 } },
        "unread": { "url": "https://unread.example/mcp", "headers": { "X-Api-Key": "sk-unread-of-ada" }, "env": { "X_TOKEN": "ghp_unread" } },
        "docker": { "command": "docker", "args": ["run", "-e", "DB_PASSWORD=docker-of-ada", "x"] },
        "files": { "command": "npx", "args": ["-y", "x", "/home/ada"] },
    } });
    let text = serde_json::to_string_pretty(&all).unwrap();
    has(&home, ".cursor/mcp.json", &text);
    let (valet, terminal) = with_vault(&home);
    let told = valet.cli(&["adopt", "cursor"]).expect_code(0);
    for (name, why) in [
        ("argument", "(argument 3): a secret is an argument"),
        ("folder", "(variable API_KEY): it needs the folder"),
        ("workspace", "(variable API_KEY): it needs the folder"),
        ("prompt", "stays: it has parts that only its program can fill in"),
        ("off", "it is switched off there"),
        ("short", "(the address): a secret is a part of its address"),
        ("client", "(the secret of its client): it has a client"),
        ("part", "it has a fragment"),
        ("port", "not a URL that can be used"),
        ("ended", "(header X-Api-Key): no header can say this"),
        ("more", "would be missed: oddity"),
        ("unread", "would be missed: env"),
        ("docker", "(argument 3): a secret is an argument"),
    ] {
        let line = told.stdout.lines().find(|line| line.contains(&format!("\"{name}\" of Cursor")));
        assert!(line.is_some_and(|line| line.contains(why)), "{name}: {told:?}");
    }
    assert!(!told.stdout.contains("\"files\"") && told.stdout.contains("Nothing to move"), "{told:?}");
    assert_eq!(read(&home, ".cursor/mcp.json"), text);
    assert!(!terminal.screen().contains(MOVE));
    drop(terminal);
}

#[test]
fn what_stands_beside_and_was_not_read_is_written_down_nowhere() {
    let home = Home::new();
    let text = r#"{"mcpServers": {
        "comment": { "url": "https://comment.example/mcp", /* ghp_old1 */ "headers": { "X-Api-Key": "sk-comment-of-ada" } },
        "twice": { "url": "https://twice.example/mcp", "headers": { "X-Api-Key": "sk-gone-of-ada", "X-Api-Key": "sk-twice-of-ada" } },
        "said": { "url": "https://said.example/mcp", "description": "with ghp_said1", "headers": { "X-Api-Key": "sk-said-of-ada" } },
        "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } }
    }}"#;
    has(&home, ".cursor/mcp.json", text);
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    for name in ["comment", "twice", "said"] {
        assert!(done.stdout.contains(&format!("\"{name}\" of Cursor")), "{name}: {done:?}");
    }
    assert!(done.stdout.contains("such as a comment"), "{done:?}");
    let record = read(&home, "state/mcp-valet/clients.json");
    assert!(record.contains("hub") && !record.contains("-of-ada") && !record.contains("ghp_"), "{record}");
    assert_eq!(read(&home, ".cursor/mcp.json").matches("-of-ada").count(), 4);
}

#[test]
fn an_argument_is_moved_where_that_is_said_and_a_server_that_is_excepted_is_not() {
    let home = Home::new();
    let all = json!({ "mcpServers": {
        "argument": { "command": "npx", "args": ["-y", "x", "--api-key=sk-argument-of-ada"] },
        "other": { "url": "https://other.example/mcp", "headers": { "X-Api-Key": "sk-other-of-ada" } },
    } });
    has(&home, ".cursor/mcp.json", &all.to_string());
    let (valet, mut terminal) = with_vault(&home);
    let arguments = ["adopt", "cursor", "--with-arguments", "--except", "other"];
    let done = answered(&valet, &mut terminal, &arguments, (MOVE, "y")).expect_code(0);
    assert!(done.stdout.contains("you want it to stay"), "{done:?}");
    let ours = servers(&home);
    assert_eq!(ours["argument"]["args"], json!(["-y", "x", "--api-key=${key}"]));
    assert_eq!(ours["argument"]["keysInArgs"], json!(["key"]));
    let now = read(&home, ".cursor/mcp.json");
    assert!(now.contains("sk-other-of-ada") && !now.contains("sk-argument-of-ada"), "{now}");
}

#[test]
fn copies_that_are_kept_elsewhere_are_named() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    has(&home, ".cursor/mcp.json.bak", &text.to_string());
    has(&home, ".bash_history", "curl -H 'X-Api-Key: sk-hub-of-ada' https://hub.example\n");
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    for file in ["~/.cursor/mcp.json.bak", "~/.bash_history"] {
        assert!(done.stdout.contains(&format!("{file} still has one of these secrets")), "{done:?}");
    }
    let files: Vec<_> =
        found(&home, &["sk-hub-of-ada".to_owned()]).into_iter().map(|(file, _)| file).collect();
    assert_eq!(files.len(), 2, "{files:?}");
}

#[test]
fn a_key_that_was_wiped_does_not_come_back_and_that_is_said() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    valet.cli(&["key", "remove", "hub"]).expect_code(0);
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert!(terminal.screen().contains("was wiped and cannot come back"), "{}", terminal.screen());
    let now = read(&home, ".cursor/mcp.json");
    assert_eq!(now, text.to_string().replace("sk-hub-of-ada", "FILL IN"));
}

#[test]
fn where_the_program_wrote_to_its_file_meanwhile_its_entries_alone_come_back() {
    let home = Home::new();
    let text = "{\"mcpServers\": {\n  \"hub\": {\"url\": \"https://hub.example/mcp\", \"headers\": {\"X-Api-Key\": \"sk-hub-of-ada\"}}\n}}\n";
    has(&home, ".cursor/mcp.json", text);
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let now = read(&home, ".cursor/mcp.json");
    has(&home, ".cursor/mcp.json", &now.replace("\n}}\n", ",\n  \"new\": {\"command\": \"x\"}\n}}\n"));
    answered(&valet, &mut terminal, &["setup", "--undo", "--all"], (CHANGE, "y")).expect_code(0);
    let back = text.replace("\n}}\n", ",\n  \"new\": {\"command\": \"x\"}\n}}\n");
    assert_eq!(read(&home, ".cursor/mcp.json"), back);
}

#[test]
fn what_the_program_wrote_anew_stays_and_its_key_can_come_back_later() {
    let home = Home::new();
    let entry = |name: &str| {
        format!(
            "\"{name}\": {{\"url\": \"https://{name}.example/mcp\", \"headers\": {{\"X-Api-Key\": \"sk-{name}-of-ada\"}}}}"
        )
    };
    let text = format!("{{\"mcpServers\": {{\n  {},\n  {}\n}}}}\n", entry("hub"), entry("board"));
    has(&home, ".cursor/mcp.json", &text);
    fs::set_permissions(home.path().join(".cursor/mcp.json"), fs::Permissions::from_mode(0o640)).unwrap();
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let moved = read(&home, ".cursor/mcp.json");
    has(&home, ".cursor/mcp.json", &moved.replace("\"hub\"]", "\"other\"]"));
    // Meanwhile others may read it, which they may not once it has its secrets again.
    fs::set_permissions(home.path().join(".cursor/mcp.json"), fs::Permissions::from_mode(0o644)).unwrap();
    let told = answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(1);
    assert!(told.stderr.contains("its own entry for \"hub\" by now"), "{told:?}");
    let now = read(&home, ".cursor/mcp.json");
    assert!(now.contains("sk-board-of-ada") && now.contains("\"other\"]"), "{now}");
    let mode = fs::metadata(home.path().join(".cursor/mcp.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);

    has(&home, ".cursor/mcp.json", &now.replace("\"other\"]", "\"hub\"]"));
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), text);
}

#[test]
fn a_vault_that_forgets_is_refused() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    home.configure(&json!({ "valet": { "agents": "ask", "vault": "memory" } }));
    let valet = Valet::start(&home);
    let told = valet.cli(&["adopt", "--all"]).expect_code(8);
    assert!(told.stderr.contains("would be lost"), "{told:?}");
    assert_eq!(read(&home, ".cursor/mcp.json"), text.to_string());
}

#[test]
fn a_program_takes_back_nothing_of_what_was_moved() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let moved = read(&home, ".cursor/mcp.json");
    let asks = Agent::new(&home, "other").runs("$VALET adopt --undo --all --wait 0").expect_code(3);
    assert!(asks.stderr.contains("has not answered yet"), "{asks:?}");
    terminal.shows("goes back, in plain text");
    assert_eq!(read(&home, ".cursor/mcp.json"), moved);
}

#[test]
fn where_nobody_can_be_asked_the_lines_to_paste_are_told() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    home.configure(&json!({ "valet": { "agents": "ask", "vault": "file" } }));
    has(&home, "credentials/mcp-valet-passphrase", "correct horse battery staple");
    let folder = home.path().join("credentials");
    let passphrase = folder.join("mcp-valet-passphrase");
    fs::set_permissions(passphrase, fs::Permissions::from_mode(0o400)).unwrap();
    let valet = Valet::start_with(&home, &[("CREDENTIALS_DIRECTORY", folder.to_str().unwrap())]);
    let told = valet.cli(&["adopt", "--all"]).expect_code(3);
    for line in
        ["config.json", "\"hub\": {", "\"X-Api-Key\": \"${key}\"", "~/.cursor/mcp.json", "\"connect\","]
    {
        assert!(told.stderr.contains(line), "{line}: {told:?}");
    }
    assert!(!told.stderr.contains("sk-hub-of-ada"), "{told:?}");
    assert_eq!(read(&home, ".cursor/mcp.json"), text.to_string());
}

#[test]
fn a_file_that_is_swapped_after_it_was_shown_and_what_it_leads_to_are_left() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    has(&home, "other.json", &text.to_string());
    let (valet, mut terminal) = with_vault(&home);
    valet.cli(&["adopt", "cursor", "--wait", "0"]).expect_code(3);
    terminal.shows(MOVE);
    fs::remove_file(home.path().join(".cursor/mcp.json")).unwrap();
    symlink("../other.json", home.path().join(".cursor/mcp.json")).unwrap();
    terminal.types("y");
    until("it is said", || {
        let notices = valet.get("/v1/health").json()["notices"].to_string();
        notices.contains("was not done").then_some(())
    });
    assert_eq!(read(&home, "other.json"), text.to_string());
    assert!(!home.path().join("state/mcp-valet/clients.json").exists());
}

#[test]
fn the_list_of_a_repository_and_one_that_is_another_programs_are_left() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".bashrc", "export TOKEN=sk-shell-of-ada\n");
    symlink(".bashrc", home.path().join(".mcp.json")).unwrap();
    has(&home, ".claude.json", &text.to_string());
    fs::create_dir(home.path().join(".cursor")).unwrap();
    symlink("../.claude.json", home.path().join(".cursor/mcp.json")).unwrap();
    let (valet, _terminal) = with_vault(&home);
    let told = valet.cli(&["adopt", "cursor"]).expect_code(1);
    assert!(told.stderr.contains("is the file of Claude Code"), "{told:?}");
    assert_eq!(read(&home, ".claude.json"), text.to_string());
    assert_eq!(read(&home, ".bashrc"), "export TOKEN=sk-shell-of-ada\n");
}

#[test]
fn servers_of_one_project_are_led_here_below_it_and_programs_there_stay() {
    let home = Home::new();
    let text = json!({
        "numStartups": 3,
        "mcpServers": { "hub": { "type": "http", "url": "https://hub.example/mcp" } },
        "projects": { "/home/ada/shop": { "allowedTools": [], "mcpServers": {
            "hub": { "type": "http", "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-shop-of-ada" } },
            "local": { "command": "npx", "args": ["x"], "env": { "API_KEY": "sk-local-of-ada" } },
        } } },
    });
    let text = serde_json::to_string_pretty(&text).unwrap();
    has(&home, ".claude.json", &text);
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "claude-code"], (MOVE, "y")).expect_code(0);
    assert!(done.stdout.contains("\"local\" of Claude Code") && done.stdout.contains("folder"), "{done:?}");
    let now: Value = serde_json::from_str(&read(&home, ".claude.json")).unwrap();
    assert_eq!(now["mcpServers"]["hub"]["args"], json!(["connect", "hub"]));
    let shop = &now["projects"]["/home/ada/shop"]["mcpServers"];
    assert_eq!(shop["hub"]["args"], json!(["connect", "hub-claude-code"]));
    assert_eq!(shop["local"]["env"]["API_KEY"], "sk-local-of-ada");
    answered(&valet, &mut terminal, &["adopt", "--undo", "claude-code"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".claude.json"), text);
}

#[test]
fn a_key_in_an_address_goes_there_from_the_vault_and_is_not_said_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let text = json!({ "mcpServers": {
        "query": { "url": format!("{}?region=eu&api_key=sk-query-of-ada", rogue.mcp()) },
        "path": { "url": "https://path.example/mcp/s/NGY2YjYxZDEtYzQ3OS00ZTkxLWI3/sse" },
    } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    home.configure(&json!({ "valet": { "agents": "allow", "vault": "file" } }));
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    let ours = servers(&home);
    assert!(!done.stdout.contains("stays"), "{done:?}");
    assert_eq!(ours["query"]["url"], format!("{}?region=eu&api_key=${{key}}", rogue.mcp()));
    assert_eq!(ours["path"]["url"], "https://path.example/mcp/s/${key}/sse");
    assert_eq!(found(&home, &["sk-query-of-ada".to_owned(), "NGY2YjYxZDEtYzQ3OS00ZTkxLWI3".to_owned()]), []);

    let body = r#"{"jsonrpc":"2.0","id":1,"result":{"said":"sk-query-of-ada"}}"#.to_owned();
    let headers = vec![("content-type", "application/json".to_owned())];
    rogue.reply("/mcp", Reply::Whole(200, headers, body));
    let told = valet.proxy("query", &list(), &[]).expect_status(200);
    assert_eq!(rogue.requests("/mcp").pop().unwrap().query, "region=eu&api_key=sk-query-of-ada");
    assert!(!told.body.contains("sk-query-of-ada"), "{told:?}");
    let shown = valet.server("query");
    assert_eq!((&shown["state"], &shown["credential"]), (&json!("ready"), &json!("key")), "{shown}");
    assert!(!valet.log().contains("sk-query-of-ada"));

    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), text.to_string());
}

#[test]
fn what_was_moved_comes_back_from_a_server_that_is_started_otherwise_since() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "brave": { "command": "npx", "args": ["x"], "env": { "API_KEY": "sk-brave-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    // What a program is started with is told to who may use it.
    home.configure(&json!({ "valet": { "agents": "allow", "vault": "file" } }));
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    // The person has it started otherwise: its key goes with that.
    let config = fs::read_to_string(home.config()).unwrap();
    home.configure_text(&config.replace("\"x\"", "\"y\""));
    terminal.shows("npx y");
    terminal.types("y");
    until("it is in use", || valet.server("brave")["url"].to_string().contains("npx y").then_some(()));
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), text.to_string());
}

#[test]
fn what_was_led_here_before_goes_back_with_what_was_moved_byte_for_byte() {
    let home = Home::new();
    let text = "{\"mcpServers\": {\n  \"hub\": {\"url\": \"https://hub.example/mcp\", \"headers\": {\"X-Api-Key\": \"sk-hub-of-ada\"}},\n  \"Mine\": {\"url\": \"https://l.example/mcp\"}\n}}\n";
    has(&home, ".cursor/mcp.json", text);
    home.configure(&json!({
        "mcpServers": { "linear": { "url": "https://l.example/mcp" } },
        "valet": { "agents": "ask", "vault": "file" },
    }));
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["setup", "cursor"], (CHANGE, "y")).expect_code(0);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json").matches("\"connect\"").count(), 2);
    answered(&valet, &mut terminal, &["setup", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), text);
}

#[test]
fn a_locked_valet_moves_nothing() {
    let home = Home::new();
    let text = json!({ "mcpServers": { "hub": { "url": "https://hub.example/mcp", "headers": { "X-Api-Key": "sk-hub-of-ada" } } } });
    has(&home, ".cursor/mcp.json", &text.to_string());
    let (valet, terminal) = with_vault(&home);
    valet.cli(&["lock"]).expect_code(0);
    for asked in [&["adopt", "--all"][..], &["adopt", "--all", "--dry-run"]] {
        let told = valet.cli(asked);
        assert!(told.code != 0 && told.stderr.contains("locked"), "{told:?}");
    }
    assert!(!terminal.screen().contains(MOVE));
    assert_eq!(read(&home, ".cursor/mcp.json"), text.to_string());
}
