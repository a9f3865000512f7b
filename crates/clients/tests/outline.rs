//! Megabytes beside a list: whatever they are, an edit is the same as without them, and they stay.

#![allow(clippy::unwrap_used, reason = "a test")]

use clients::{Server, Spot, led, plan, spots, undone, without};
use import::{Client, Folders};
use std::path::Path;

const PROGRAM: &str = "/opt/valet/bin/mcp-valet";

fn spot(client: Client) -> Spot {
    let home = Path::new("/nowhere/ada").to_owned();
    spots(client, &Folders { config: home.join(".config"), home, ..Folders::default() }).remove(0)
}

fn servers() -> Vec<Server> {
    let server = |name: &str| Server {
        name: name.into(),
        url: format!("https://{name}.example/mcp"),
        asks: name.into(),
    };
    vec![server("new"), server("old")]
}

/// Values that are long, with all that may mislead whoever walks over them.
fn long() -> Vec<String> {
    let much = "x".repeat(300);
    vec![
        format!("\"{much}\""),
        format!("\"\\\\\\\"{much}\\\\\""),
        format!("\"ä\\ud83d{much}\\u0022}}]\""),
        format!("[\"}}\", {{\"mcpServers\": {{\"old\": {{}}}}}}, \"{much}\"]"),
        format!("{{\n/* \" }} */ \"a\": [1e999, // ]\r\n  -0.5, null, true],\n\"{much}\": {{}} }}"),
        format!("[{}1]", "[1, {}], ".repeat(100)),
        format!("{}1", "1".repeat(400)),
    ]
}

/// Files in which the short values stand where long ones may.
const FILES: [(Client, &str); 6] = [
    (
        Client::ClaudeCode,
        "{\n  \"a\": \"p1\",\n  \"mcpServers\": {\n    \"old\": {\n      \"url\": \"https://old.example/mcp\"\n    }\n  },\n  \"z\": \"p2\"\n}\n",
    ),
    (
        Client::ClaudeCode,
        "{\"projects\": {\"/a\": {\"history\": \"p1\", \"mcpServers\": {\"x\": {}}, \"z\": \"p2\"}, \"/b\": \"p3\"}, \"z\": \"p4\", \"mcpServers\": {\"old\": {\"url\": \"https://old.example/mcp\"}}}",
    ),
    (
        Client::Cursor,
        "\u{feff}// \" {\r\n{ /* } */ \"a\" : \"p1\" , \"mcpServers\"\t:{\r\n\t\"old\": {\"url\": \"https://old.example/mcp\"},\r\n}, // }\r\n \"z\":\"p2\",\r\n}",
    ),
    (Client::Cursor, "{\"a\": \"p1\", \"b\": \"p2\"}"),
    (
        Client::Gemini,
        "{\"mcp\": {\"allowed\": [\"old\"]}, \"mcpServers\": {\"old\": {\"httpUrl\": \"https://old.example/mcp\"}}, \"a\": \"p1\"}",
    ),
    (Client::Cursor, "{\r\n\"mcpServers\": {}, \"\\u006dcpServers2\": \"p1\", \"z\": \"p2\"}"),
];

#[test]
fn an_edit_is_the_same_beside_whatever_is_long_and_that_stays() {
    for (client, short) in FILES {
        for value in long() {
            let spot = spot(client);
            let padded = |text: &str| {
                (1..=4).fold(text.to_owned(), |text, n| text.replace(&format!("\"p{n}\""), &value))
            };
            let (text, servers) = (padded(short), servers());
            let expected = plan(&spot, short, PROGRAM, &servers).unwrap();
            let plan =
                plan(&spot, &text, PROGRAM, &servers).unwrap_or_else(|trouble| panic!("{trouble:?}: {text}"));
            assert_eq!(plan.after, padded(&expected.after), "{text}");
            assert_eq!(plan.added, expected.added);
            assert_eq!(undone(&plan.after, &plan.splices).as_deref(), Some(text.as_str()));
            assert_eq!(led(&spot, &plan.after).unwrap().len(), 2, "{text}");
            let (out, lines) = without(&spot, &plan.after, &plan.added).unwrap();
            let (short_out, _) = without(&spot, &expected.after, &expected.added).unwrap();
            assert_eq!(out, padded(&short_out), "{text}");
            // Each is in the line that it is in once those before it are out.
            let first = &lines[0];
            let there = plan.after.lines().nth(first.line - 1).unwrap().replace('\t', "  ");
            assert!(there.contains(first.before[0].trim()), "{first:?}: {}", plan.after);
        }
    }
}

#[test]
fn what_is_long_and_not_as_it_should_be_leaves_the_file_as_it_is() {
    let much = "x".repeat(300);
    for broken in
        [format!("'{much}'"), format!("[\"{much}\" 1]"), format!("{{\"{much}\"}}"), format!("[{much}]")]
    {
        let text = format!("{{\"a\": {broken}, \"mcpServers\": {{}}}}");
        assert!(plan(&spot(Client::Cursor), &text, PROGRAM, &servers()).is_err(), "{text}");
        assert!(led(&spot(Client::Cursor), &text).is_err(), "{text}");
    }
}
