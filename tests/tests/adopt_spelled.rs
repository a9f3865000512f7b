//! Secrets that another program spells in its own way, or has twice: moved in, and put back as they stood.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::Home;
use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::{has, read, servers};
use serde_json::json;

#[test]
fn a_secret_that_an_entry_has_twice_is_one_key_and_comes_back_to_both_places() {
    let home = Home::new();
    let text = json!({ "mcpServers": {
        "program": { "command": "npx", "args": ["x"], "env": { "A_TOKEN": "sk-program-of-ada", "B_TOKEN": "sk-program-of-ada" } },
        "hub": { "url": "https://hub.example/mcp", "headers": { "Authorization": "Bearer sk-hub-of-ada", "X-Api-Key": "sk-hub-of-ada" } },
    } })
    .to_string();
    has(&home, ".cursor/mcp.json", &text);
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "cursor"], (MOVE, "y")).expect_code(0);
    assert!(!read(&home, ".cursor/mcp.json").contains("-of-ada"));
    let ours = servers(&home);
    assert_eq!(ours["program"]["env"], json!({ "A_TOKEN": "${key}", "B_TOKEN": "${key}" }));
    assert_eq!(ours["hub"]["headers"], json!({ "Authorization": "Bearer ${key}", "X-Api-Key": "${key}" }));
    answered(&valet, &mut terminal, &["adopt", "--undo", "cursor"], (CHANGE, "y")).expect_code(0);
    assert_eq!(read(&home, ".cursor/mcp.json"), text);
}

/// Secrets as other writers spell them: each has a slash, a plus or a quotation mark escaped, or written by
/// its number.
const ESCAPED: [(&str, &str, &str); 4] = [
    (
        ".cursor/mcp.json",
        r#"{"mcpServers":{"a":{"url":"https:\/\/a.example\/mcp","headers":{"X-Api-Key":"sk-a\u002Bof\/ada\u0026"}},"b":{"command":"npx","args":["x"],"env":{"A_TOKEN":"sk-b\u002bof\"ada","B_TOKEN":"sk-b+of\"ada"}}}}"#,
        "sk-a+of/ada&",
    ),
    (
        ".codex/config.toml",
        "[mcp_servers.c]\ncommand = \"npx\"\nargs = [\"x\"]\n[mcp_servers.c.env]\nA_TOKEN = \"\"\"sk-c\\U0000002Bof\\u0061da\"\"\"\n",
        "sk-c+ofada",
    ),
    (
        "config/goose/config.yaml",
        "extensions:\n  d:\n    type: stdio\n    cmd: npx\n    args: [x]\n    envs:\n      A_TOKEN: 'sk-d of ada''s'\n      B_TOKEN: \"sk-d of \\x61da's\"\n    enabled: true\n",
        "sk-d of ada's",
    ),
    (
        ".continue/config.yaml",
        "mcpServers:\n  - name: e\n    type: streamable-http\n    url: https://e.example/mcp\n    requestOptions: {headers: {X-Api-Key: \"\\u0073k-e\\/of-ada\"}}\n",
        "sk-e/of-ada",
    ),
];

#[test]
fn secrets_that_are_spelled_with_escapes_are_moved_and_come_back_as_they_were_spelled() {
    let home = Home::new();
    ESCAPED.iter().for_each(|(file, text, _)| has(&home, file, text));
    has(&home, ".cursor/mcp.json.bak", ESCAPED[0].1);
    let (valet, mut terminal) = with_vault(&home);
    let done = answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    assert!(done.stdout.contains("~/.cursor/mcp.json.bak still has 2 of these secrets"), "{done:?}");
    let record = read(&home, "state/mcp-valet/clients.json");
    assert!(!record.contains("sk-") && !record.contains("k-e"), "{record}");
    for (file, _, secret) in ESCAPED {
        let now = read(&home, file);
        assert!(!done.stdout.contains("stays") && now.contains("connect"), "{file}: {done:?}");
        assert!(!now.contains("ada") && !record.contains(secret), "{now} {record}");
    }
    // Where its program has written to the file since, the entry alone comes back.
    let since = |text: &str| format!("{text}\n");
    let codex = read(&home, ".codex/config.toml");
    has(&home, ".codex/config.toml", &since(&codex));
    answered(&valet, &mut terminal, &["adopt", "--undo", "--all"], (CHANGE, "y")).expect_code(0);
    for (file, text, _) in ESCAPED {
        let text = if file.contains("codex") { since(text) } else { text.to_owned() };
        assert_eq!(read(&home, file), text, "{file}");
    }
}
