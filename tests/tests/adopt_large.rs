//! Programs keep their histories beside their lists: a file of tens of megabytes is moved out of as any
//! other, and comes back byte for byte. What is larger than what is looked at is said to be.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, File};
use std::time::Instant;

use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::read;
use mcp_valet_tests::{Home, dose, figure};
use serde_json::json;

const CLAUDE: &str = ".claude.json";
const PROJECTS: usize = 20;
const SERVERS: usize = 10;

/// A file as Claude Code has it after years, of about so many megabytes.
fn after_years(megabytes: usize) -> String {
    let typed =
        json!({ "display": format!("say \"hello\" {{ {} ä", "x ".repeat(100)), "pastedContents": {} });
    let line = typed.to_string();
    let history = vec![line.as_str(); (megabytes << 20) / PROJECTS / (line.len() + 2)].join(",\n");
    let project = |number: usize| {
        format!(
            "    \"/home/ada/{number}\": {{\n      \"history\": [{history}],\n      \"mcpServers\": {{}}\n    }}"
        )
    };
    let server = |number: usize| {
        let headers = json!({ "X-Api-Key": format!("sk-years-of-ada-{number}") });
        let entry =
            json!({ "type": "http", "url": format!("https://s{number}.example/mcp"), "headers": headers });
        format!("    \"s{number}\": {entry}")
    };
    let all = |lines: Vec<String>| lines.join(",\n");
    format!(
        "{{\n  \"numStartups\": 4711,\n  \"projects\": {{\n{}\n  }},\n  \"mcpServers\": {{\n{}\n  }}\n}}\n",
        all((0..PROJECTS).map(project).collect()),
        all((0..SERVERS).map(server).collect())
    )
}

#[test]
fn a_file_of_many_megabytes_is_moved_out_of_and_comes_back() {
    let home = Home::new();
    let text = after_years(dose(5, 50));
    fs::write(home.path().join(CLAUDE), &text).unwrap();
    let (valet, mut terminal) = with_vault(&home);
    let begun = Instant::now();
    answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    figure(format!("| {} MiB | moved | {:.1} s |", text.len() >> 20, begun.elapsed().as_secs_f64()));
    let now = read(&home, CLAUDE);
    assert!(!now.contains("sk-years-of-ada") && now.matches("\"connect\"").count() == SERVERS);
    assert_eq!(now.split("\"mcpServers\": {\n").next(), text.split("\"mcpServers\": {\n").next());
    let begun = Instant::now();
    answered(&valet, &mut terminal, &["adopt", "--all", "--undo"], (CHANGE, "y")).expect_code(0);
    figure(format!("| {} MiB | put back | {:.1} s |", text.len() >> 20, begun.elapsed().as_secs_f64()));
    assert!(read(&home, CLAUDE) == text, "it is as it was");
}

#[test]
fn of_a_file_that_is_larger_than_what_is_looked_at_both_sizes_are_said() {
    let home = Home::new();
    File::create(home.path().join(CLAUDE)).unwrap().set_len(100 << 20).unwrap();
    let (valet, _terminal) = with_vault(&home);
    let told = valet.cli(&["adopt", "claude-code"]).expect_code(1);
    assert!(told.stderr.contains("larger than the 64 MiB that are looked at: it has 100"), "{told:?}");
}
