//! The whole of it, as it is judged: after two decisions no file of a home has a secret but where it was
//! named that it stays. Keys are as many providers make them, and files as people and programs leave them.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::{found, has, plant, read};
use mcp_valet_tests::{Home, figure};
use serde_json::json;

/// How long both decisions may take, with all that follows them.
const LONGEST: Duration = Duration::from_secs(60);

/// A file, with its entries and the secret of each.
type Kept = (&'static str, String, Vec<(&'static str, &'static str)>);

/// Entries as each format lets them be written, with keys as providers make them.
fn unusual() -> Vec<Kept> {
    vec![
        (
            ".codex/config.toml",
            "\u{feff}[mcp_servers]\r\ndotted.command = \"npx\"\r\ndotted.args = [\"-y\", \"x\"]\r\ndotted.env.NOTION_TOKEN = \"ntn_314159265358979dottedOfAda\"\r\n\
             inline = { command = 'npx', args = [], env = { LINEAR_API_KEY = 'lin_api_inlineOfAda27182818' } }\r\n\r\n\
             [mcp_servers.multi]\r\ncommand = \"npx\"\r\n  [mcp_servers.multi.env]\r\n  \"SLACK_BOT_TOKEN\" = \"\"\"xoxb-17-multiOfAda\"\"\" # by hand\r\n\
             [mcp_servers.\"escaped \\u00e4\"]\r\nurl = \"https://escaped.example/mcp\"\r\nhttp_headers = { Authorization = \"Bearer sk\\u002Descaped-of-ada-9\" }\r\n"
                .to_owned(),
            vec![("dotted", "ntn_314159265358979dottedOfAda"), ("inline", "lin_api_inlineOfAda27182818"), ("multi", "xoxb-17-multiOfAda"), ("escaped ä", "escaped-of-ada-9")],
        ),
        (
            "config/goose/config.yaml",
            "%YAML 1.2\n---\nextensions:\n  block:\n    type: stdio\n    cmd: npx\n    args: [x]\n    envs:\n      GH_TOKEN: |-\n        github_pat_11BLOCK_ofAda\n    enabled: true\n\
             \x20 \"quoted name\": {type: streamable_http, uri: \"https://quoted.example/mcp\", headers: {\"Authorization\": \"Bearer hf_quotedOfAda16180339\"}, enabled: true}\n\
             \x20 ? complex\n  : type: streamable_http\n    uri: https://complex.example/mcp\n    headers:\n      x-api-key: !!str sk-ant-api03-complexOfAda\n    enabled: true\n\
             \x20 anchor:\n    type: streamable_http\n    uri: https://anchor.example/mcp\n    headers: &same\n      X-Api-Key: sk-anchor-of-ada\n    enabled: true\n\
             \x20 alias:\n    type: streamable_http\n    uri: https://alias.example/mcp\n    headers: *same\n    enabled: true\n...\n"
                .to_owned(),
            vec![("block", "github_pat_11BLOCK_ofAda"), ("quoted name", "hf_quotedOfAda16180339"), ("complex", "sk-ant-api03-complexOfAda"), ("anchor", "sk-anchor-of-ada")],
        ),
        (
            "config/Code/User/mcp.json",
            "{\n  \"servers\": {\n    \"trailing\": { \"type\": \"http\", \"url\": \"https://trailing.example/mcp\", \"headers\": { \"authorization\": \"bearer AIzaTrailingOfAda_141421356237\", }, },\n\
             \x20   \"comment\": { \"type\": \"stdio\", \"command\": \"npx\", \"args\": [], /* was npm_oldOfAda1 */ \"env\": { \"NPM_TOKEN\": \"npm_commentOfAda1\" } },\n\
             \x20   \"escape\": { \"type\": \"stdio\", \"command\": \"npx\", \"args\": [], \"env\": { \"GITLAB_TOKEN\": \"gl\\u0070at-escapeOfAda1\" } },\n  }\n}"
                .to_owned(),
            vec![("trailing", "AIzaTrailingOfAda_141421356237"), ("comment", "npm_oldOfAda1"), ("comment", "npm_commentOfAda1"), ("escape", "at-escapeOfAda1")],
        ),
        (
            ".cursor/mcp.json",
            "\u{feff}{\r\n\t\"mcpServers\": {\r\n\t\t\"a/b\": {\"url\": \"https://ada:cursor%2Dof%2Dada@cursor.example/mcp\"},\r\n\t\t\"ä\": {\"command\": \"npx\", \"args\": [\"x\", \"--token\", \"sk_live_argumentOfAda1\"]},\r\n\
             \t\t\"two\": {\"url\": \"https://two.example/mcp\", \"headers\": {\"X-Api-Key\": \"sk-two-of-ada-1\", \"X-App-Token\": \"shpat_twoOfAda2\"}},\r\n\
             \t\t\"twice\": {\"command\": \"npx\", \"env\": {\"API_KEY\": \"sk-lost-of-ada\"}, \"env\": {\"API_KEY\": \"sk-twice-of-ada\"}}\r\n\t}\r\n}\r\n"
                .to_owned(),
            vec![("a/b", "cursor%2Dof%2Dada"), ("ä", "sk_live_argumentOfAda1"), ("two", "sk-two-of-ada-1"), ("two", "shpat_twoOfAda2"), ("twice", "sk-lost-of-ada"), ("twice", "sk-twice-of-ada")],
        ),
        (
            ".continue/config.yaml",
            "mcpServers:\n- name: flow\n  command: npx\n  args: [x]\n  env: {SENTRY_AUTH_TOKEN: sntrys_flowOfAda1, \"LOG\": info}\n- name: folded\n  type: streamable-http\n  url: https://folded.example/mcp\n  requestOptions:\n    headers:\n      Authorization: >-\n        Bearer\n        dop_v1_foldedOfAda1\n"
                .to_owned(),
            vec![("flow", "sntrys_flowOfAda1"), ("folded", "dop_v1_foldedOfAda1")],
        ),
    ]
}

#[test]
fn unusual_files_keep_no_secret_that_is_not_named_and_come_back_byte_for_byte() {
    let home = Home::new();
    let files = unusual();
    files.iter().for_each(|(file, text, _)| has(&home, file, text));
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    for (file, _, entries) in &files {
        let now = read(&home, file);
        for (entry, secret) in entries {
            let named = format!("\"{entry}\" of ");
            let stays = done.stdout.lines().any(|line| {
                line.starts_with(&named) && line.contains(file) && line.contains("stays in plain text")
            });
            assert_eq!(now.contains(secret), stays, "{entry}: {done:?}");
        }
    }
    for moved in
        ["trailing", "two", "multi", "block", "flow", "folded", "dotted", "inline", "quoted-name", "complex"]
    {
        assert!(done.stdout.contains(&format!("\n{moved}: ")), "{moved}: {done:?}");
    }
    answered(&valet, &mut terminal, &["adopt", "--all", "--undo"], (CHANGE, "y")).expect_code(0);
    for (file, text, _) in &files {
        assert_eq!(&read(&home, file), text, "{file}");
    }
}

#[test]
fn after_two_decisions_a_search_of_the_home_finds_what_was_named_and_nothing_else() {
    let home = Home::new();
    let planted = plant(&home);
    let (argument, history) = ("sk-argument-of-ada", "glpat-cursor-argument-9Xw03");
    assert!(planted.secrets.iter().any(|secret| secret == history));
    let entry = json!({ "command": "npx", "args": ["-y", "x", format!("--api-key={argument}")] });
    has(&home, ".copilot/mcp-config.json", &json!({ "mcpServers": { "stays": entry } }).to_string());
    has(
        &home,
        ".bash_history",
        &format!("ls\ncurl -H 'Authorization: Bearer {history}' https://x.example\n"),
    );
    has(&home, ".cursor/mcp.json.bak", &read(&home, ".cursor/mcp.json"));
    // As whoever keeps settings in a repository has them.
    let (settings, kept) =
        (home.path().join(".gemini/settings.json"), home.path().join("dotfiles/gemini.json"));
    has(&home, "dotfiles/gemini.json", &read(&home, ".gemini/settings.json"));
    fs::remove_file(&settings).unwrap();
    symlink(&kept, &settings).unwrap();

    let begun = Instant::now();
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    figure(format!("| two decisions | {} s |", begun.elapsed().as_secs()));
    assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());

    let mut secrets = planted.secrets.clone();
    secrets.push(argument.to_owned());
    let of = |file: &str| home.path().join(file);
    let left = found(&home, &secrets);
    let with = |file: &str| left.iter().filter(|(path, _)| *path == of(file)).count();
    let (bak, list, told) =
        (with(".cursor/mcp.json.bak"), with(".copilot/mcp-config.json"), with(".bash_history"));
    assert_eq!((bak, list, told), (5, 1, 1), "{done:?}");
    assert_eq!(left.len(), bak + list + told, "{left:?}");
    for named in ["~/.cursor/mcp.json.bak", "~/.bash_history", "\"stays\" of Copilot"] {
        assert!(done.stdout.contains(named), "{named}: {done:?}");
    }
    assert!(fs::symlink_metadata(&settings).unwrap().is_symlink());
}
