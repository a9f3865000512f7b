//! Taking over what other programs list: on the command line, and in the window.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::planted::has;
use mcp_valet_tests::{Browser, CommandOutput, Desktop, Home, Terminal, Valet, program, until};
use serde_json::{Value, json};

/// What must not be in anything that comes out of these files.
const KEYS: [&str; 2] = ["a-key-of-ada", "another-key"];

/// Three programs, of which two list the same server, and a fourth whose file is broken.
fn with_programs(home: &Home) {
    has(
        home,
        ".claude.json",
        r#"{"mcpServers":{
            "linear":{"type":"http","url":"https://mcp.linear.app/mcp"},
            "github":{"type":"http","url":"https://api.githubcopilot.com/mcp/","headers":{"Authorization":"Bearer a-key-of-ada"}},
            "files":{"command":"npx","args":["server-filesystem"],"env":{"KEY":"another-key"}}}}"#,
    );
    has(
        home,
        ".cursor/mcp.json",
        r#"{"mcpServers":{
            "tracker":{"command":"npx","args":["-y","mcp-remote","https://mcp.linear.app/mcp"]},
            "notion":{"url":"https://mcp.notion.com/mcp","disabled":true},
            "slack":{"url":"https://mcp.slack.com/mcp","auth":{"CLIENT_ID":"123.456","CLIENT_SECRET":"another-key","scopes":["chat:write"]}}}}"#,
    );
    has(
        home,
        "config/goose/config.yaml",
        "extensions:\n  stripe:\n    type: streamable_http\n    uri: https://mcp.stripe.com\n",
    );
    has(home, "config/zed/settings.json", "{ \"context_servers\": { \"another-key\": ");
}

/// With one server that has a name in common with another program's.
fn started(home: &Home) -> Valet<'_> {
    home.lists(&[("github", "https://github.example.com/mcp")], "memory");
    Valet::start(home)
}

fn names(valet: &Valet<'_>) -> Vec<String> {
    let servers = valet.get("/v1/servers").expect_status(200).json();
    servers.as_array().unwrap().iter().map(|server| server["name"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn says_no_key(output: &CommandOutput) {
    for key in KEYS {
        assert!(!output.stdout.contains(key) && !output.stderr.contains(key), "{output:?}");
    }
}

/// Agrees to what is proposed meanwhile: a server that takes a key, and one with a client.
fn agreeing<T: Send>(terminal: &mut Terminal, adding: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let adding = scope.spawn(adding);
        for server in ["github-2", "slack"] {
            terminal.shows(&format!("wants to add {server}."));
            terminal.types("y");
        }
        adding.join().unwrap()
    })
}

#[test]
fn what_is_found_is_shown_and_nothing_is_added_unless_somebody_says_so() {
    let home = Home::new();
    with_programs(&home);
    let valet = started(&home);
    for arguments in [&["import"][..], &["import", "--dry-run"], &["import", "--json"]] {
        let output = valet.cli(arguments).expect_code(0);
        says_no_key(&output);
        for found in
            ["github-2", "https://mcp.linear.app/mcp", "Cursor", "goose", "slack", "zed/settings.json"]
        {
            assert!(output.stdout.contains(found), "{found}: {output:?}");
        }
        assert_eq!(names(&valet), ["github"]);
    }
    let shown = valet.cli(&["import"]).stdout;
    assert!(shown.contains("takes a key, which is not copied"), "{shown}");
    assert!(shown.contains("files (Claude Code) runs on this computer and needs no sign-in"), "{shown}");
    assert!(shown.contains("~/config/zed/settings.json is not JSON as expected (line 1)"), "{shown}");
    assert!(shown.contains("Nothing was added."), "{shown}");
}

#[test]
fn yes_adds_what_is_suggested_once_and_changes_nothing_that_is_there() {
    let home = Home::new();
    with_programs(&home);
    started(&home).stop();
    let (valet, mut asked) = Valet::on_terminal(&home);
    let output = agreeing(&mut asked, || valet.cli(&["import", "--yes"])).expect_code(0);
    says_no_key(&output);
    assert_eq!(names(&valet), ["github", "github-2", "linear", "slack", "stripe"]);
    let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    assert_eq!(config["mcpServers"]["github"], json!({ "url": "https://github.example.com/mcp" }));
    assert_eq!(
        config["mcpServers"]["github-2"],
        json!({ "url": "https://api.githubcopilot.com/mcp/", "headers": { "Authorization": "Bearer ${key}" } })
    );
    let slack = json!({ "url": "https://mcp.slack.com/mcp", "oauth": { "clientId": "123.456", "scopes": ["chat:write"] } });
    assert_eq!(config["mcpServers"]["slack"], slack);

    let before = fs::read(home.config()).unwrap();
    let again = valet.cli(&["import", "--yes", "--json"]).expect_code(0).json();
    assert_eq!(again["added"], json!([]));
    assert_eq!(fs::read(home.config()).unwrap(), before);
    let screen = asked.screen();
    assert!(KEYS.iter().all(|key| !screen.contains(key)), "{screen}");
}

#[test]
fn what_brings_a_client_or_headers_is_not_added_where_nobody_can_be_asked_and_all_else_is() {
    let home = Home::new();
    with_programs(&home);
    let valet = started(&home);
    let output = valet.cli(&["import", "--yes"]).expect_code(3);
    assert!(
        output.stderr.contains("\"slack\"") && output.stderr.contains("\"clientId\": \"123.456\""),
        "{output:?}"
    );
    says_no_key(&output);
    assert_eq!(names(&valet), ["github", "linear", "stripe"]);
}

#[test]
fn one_program_and_the_project_here_can_be_looked_at() {
    let home = Home::new();
    with_programs(&home);
    let project = home.path().join("shop");
    has(
        &home,
        "shop/.mcp.json",
        r#"{"mcpServers":{"shop":{"type":"http","url":"https://mcp.shop.example.com/mcp"}}}"#,
    );
    has(&home, "shop/.vscode/mcp.json", r#"{"servers":{"board":{"url":"https://board.example.com/mcp"},}}"#);
    has(&home, "shop/.cursor/mcp.json", r#"{"mcpServers":{"desk":{"url":"https://desk.example.com/mcp"}}}"#);
    let valet = started(&home);
    let found = |arguments: &[&str]| -> Vec<String> {
        let mut command = home.command(program("mcp-valet"));
        command.args(["import", "--json"]).args(arguments).current_dir(&project);
        let servers = home.run(&mut command).expect_code(0).json()["servers"].take();
        servers.as_array().unwrap().iter().map(|offer| offer["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(&["--from", "goose"]), ["stripe"]);
    assert_eq!(found(&["--from", "vscode"]), ["board"]);
    let all = found(&[]);
    assert!(
        ["board", "desk", "linear", "shop", "stripe"].iter().all(|name| all.contains(&(*name).to_owned())),
        "{all:?}"
    );
    assert!(valet.cli(&["import", "--from", "emacs"]).expect_code(2).stderr.contains("claude-code"));
}

#[test]
fn at_a_terminal_it_asks_and_takes_a_no_numbers_or_a_yes() {
    let home = Home::new();
    with_programs(&home);
    started(&home).stop();
    let (valet, mut asked) = Valet::on_terminal(&home);
    let asks = |answers: &[&str]| {
        let mut command = home.command(program("mcp-valet"));
        command.arg("import");
        let (mut terminal, mut process) = Terminal::run(&command, "import", &home);
        for answer in answers {
            terminal.shows("servers? [y/N]");
            terminal.types(answer);
        }
        process.wait();
        terminal.last_screen()
    };
    assert!(asks(&["n"]).contains("Nothing was added."));
    assert_eq!(names(&valet), ["github"]);
    let shown = asks(&["something else", "99", "2 3"]);
    assert!(shown.contains("Answer y, n, or numbers from 1 to 5"), "{shown}");
    assert!(shown.contains("is switched off there"), "{shown}");
    assert_eq!(names(&valet), ["github", "linear", "notion"]);
    agreeing(&mut asked, || asks(&["y"]));
    assert_eq!(names(&valet), ["github", "github-2", "linear", "notion", "slack", "stripe"]);
    assert!(valet.cli(&["import"]).expect_code(0).stdout.contains("There is nothing to add."));
}

#[test]
fn one_that_cannot_be_added_keeps_no_other_from_it() {
    let home = Home::new();
    has(
        &home,
        ".cursor/mcp.json",
        r#"{"mcpServers":{"a":{"url":"https://a.example.com/mcp"},"b":{"url":"https://b.example.com/mcp"}}}"#,
    );
    let valet = started(&home);
    home.configure_text("{ this is broken");
    until("the valet has seen it", || valet.get("/v1/health").body.contains("config.json").then_some(()));
    let refused = valet.cli(&["import", "--yes"]);
    assert_ne!(refused.code, 0);
    for name in ["\"a\":", "\"b\":"] {
        assert!(refused.stderr.contains(name), "{refused:?}");
    }
}

#[test]
fn programs_have_no_way_to_ask_what_other_programs_list() {
    let home = Home::new();
    with_programs(&home);
    let valet = started(&home);
    valet.get("/v1/import").expect_status(404);
}

#[test]
fn the_window_shows_what_is_found_adds_what_is_ticked_and_says_what_comes_next() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_programs(&home);
    home.asks_about(&[]);
    let valet = Valet::on_desktop(&desktop);
    let window = Browser::window(&desktop);
    window.click("a[href='#/import']");
    let page = window.shows("Add 4 servers");
    for words in [
        "Claude Code, Cursor",
        "Takes an API key, which is not copied: set it here once it is added.",
        "Its client secret is not copied; fill it in under Details.",
        "Switched off there",
        "Zed: this file is not JSON as expected (line 1).",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    window.click("input[name=github]");
    window.press("Add 3 servers");
    let page = window.shows("Let your programs use them");
    assert!(page.contains("\"connect\"") && page.contains("goose"), "{page}");
    assert!(KEYS.iter().all(|key| !page.contains(key)), "{page}");
    assert_eq!(names(&valet), ["linear", "slack", "stripe"]);
    assert!(window.has("input[name=github]:not(:checked)"), "what was left out can still be added");
    window.click("a[href='#/servers/linear']");
    window.shows("You have not signed in yet.");
}
