//! Files as people have them: what is put into them, and what stays.

#![allow(clippy::unwrap_used, reason = "a test")]

use clients::{Led, Plan, Server, Spot, Trouble, led, made, plan, spots, undone, without};
use import::{Client, Folders, Format};
use serde_json::Value;
use std::path::Path;

const PROGRAM: &str = "/opt/valet/bin/mcp-valet";

fn folders() -> Folders {
    let home = Path::new("/nowhere/ada");
    Folders {
        home: home.to_owned(),
        config: home.join(".config"),
        application: home.join(".config"),
        codex: home.join(".codex"),
        ..Folders::default()
    }
}

fn spot(client: Client) -> Spot {
    spots(client, &folders()).remove(0)
}

fn server(name: &str) -> Server {
    Server { name: name.into(), url: format!("https://{name}.test/mcp"), asks: name.into() }
}

fn planned(client: Client, text: &str, servers: &[&str]) -> Result<Plan, Trouble> {
    let servers: Vec<Server> = servers.iter().map(|name| server(name)).collect();
    plan(&spot(client), text, PROGRAM, &servers)
}

/// Plans, and holds it to what holds of every plan.
#[track_caller]
fn put(client: Client, text: &str, servers: &[&str]) -> String {
    let plan = planned(client, text, servers).unwrap_or_else(|trouble| panic!("{trouble:?}: {text:?}"));
    assert_eq!(made(text, &plan.splices).as_deref(), Some(plan.after.as_str()));
    assert_eq!(undone(&plan.after, &plan.splices).as_deref(), Some(text), "{text:?}");
    let found = led(&spot(client), &plan.after).unwrap();
    for server in servers.iter().filter(|server| !plan.taken.contains(&(**server).to_owned())) {
        assert!(found.iter().any(|led| led.server == *server), "{server}: {:?}", plan.after);
    }
    let again = planned(client, &plan.after, servers).unwrap();
    assert_eq!(again.after, plan.after, "a second time changes nothing");
    assert!(again.added.is_empty());
    let (out, _) = without(&spot(client), &plan.after, &plan.added).unwrap();
    let left = led(&spot(client), &out).unwrap();
    assert!(left.iter().all(|led| !plan.added.contains(led)), "{out:?}");
    plan.after
}

/// A text as other editors and systems would have written it.
fn spellings(text: &str) -> Vec<String> {
    let bare = text.trim_end_matches('\n').to_owned();
    let crlf = text.replace('\n', "\r\n");
    let bom = |text: &str| format!("\u{feff}{text}");
    vec![text.to_owned(), bare.clone(), crlf.clone(), bom(text), bom(&crlf), bom(&bare), bare + "\n\n\n"]
}

/// Every file of the cases from which servers are read.
fn cases() -> Vec<(Client, String)> {
    const FILES: [(Client, &str); 16] = [
        (Client::ClaudeCode, "claude-code/home/.claude.json"),
        (Client::ClaudeCode, "claude-code/project/.mcp.json"),
        (Client::ClaudeDesktop, "claude-desktop/home/.config/Claude/claude_desktop_config.json"),
        (Client::Vscode, "vscode/home/.config/Code/User/mcp.json"),
        (Client::Cursor, "cursor/home/.cursor/mcp.json"),
        (Client::Windsurf, "windsurf/home/.codeium/windsurf/mcp_config.json"),
        (Client::Zed, "zed/home/.config/zed/settings.json"),
        (Client::Codex, "codex/home/.codex/config.toml"),
        (Client::Gemini, "gemini/home/.gemini/settings.json"),
        (Client::Qwen, "qwen/home/.qwen/settings.json"),
        (Client::Cline, "cline/home/.cline/data/settings/cline_mcp_settings.json"),
        (Client::Mcporter, "mcporter/home/.mcporter/mcporter.json"),
        (Client::Goose, "goose/home/.config/goose/config.yaml"),
        (Client::Continue, "continue/home/.continue/config.yaml"),
        (Client::Opencode, "opencode/home/.config/opencode/opencode.json"),
        (Client::Copilot, "copilot/home/.copilot/mcp-config.json"),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/tests/cases");
    let read = |file: &str| {
        let path = folder.join(file);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    FILES.into_iter().map(|(client, file)| (client, read(file))).collect()
}

#[test]
fn every_program_is_led_here_in_its_own_file_and_led_back_byte_for_byte() {
    for (client, text) in cases() {
        for text in spellings(&text) {
            let after = put(client, &text, &["tracker", "my work", "-x"]);
            let kept: Vec<&str> = text.lines().filter(|line| line.contains("https://")).collect();
            assert!(kept.iter().all(|line| after.contains(line)), "{after}");
        }
    }
}

#[test]
fn lines_of_ours_end_and_begin_as_those_beside_them() {
    for (client, text) in cases() {
        for text in spellings(&text).into_iter().filter(|text| text.contains("\r\n")) {
            let after = put(client, &text, &["tracker"]);
            assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
        }
    }
    let tabs = "{\n\t\"mcpServers\": {\n\t\t\"a\": {\n\t\t\t\"url\": \"https://a.example\"\n\t\t}\n\t}\n}\n";
    let after = put(Client::Cursor, tabs, &["b"]);
    assert!(after.contains("\t\t},\n\t\t\"b\": {\n\t\t\t\"command\": \"/opt/"), "{after}");
}

#[test]
fn no_file_and_an_empty_one_become_what_the_program_expects() {
    for client in Client::ALL {
        for text in ["", "\n", "  \r\n", "\u{feff}"] {
            let after = put(client, text, &["linear", "notion"]);
            assert!(after.ends_with('\n'), "{after}");
        }
    }
    let expected = "{\n  \"mcpServers\": {\n    \"linear\": {\n      \"command\": \"/opt/valet/bin/mcp-valet\",\n      \"args\": [\"connect\", \"linear\"]\n    }\n  }\n}\n";
    assert_eq!(put(Client::Gemini, "", &["linear"]), expected);
    let toml =
        "[mcp_servers.linear]\ncommand = \"/opt/valet/bin/mcp-valet\"\nargs = [\"connect\", \"linear\"]\n";
    assert_eq!(put(Client::Codex, "", &["linear"]), toml);
}

#[test]
fn an_object_in_one_line_stays_in_one_line() {
    for (text, expected) in [
        ("{\"mcpServers\":{\"a\":1}}", "{\"mcpServers\":{\"a\":1,\"b\": {…}}}"),
        ("{\"mcpServers\":{}}", "{\"mcpServers\":{\"b\": {…}}}"),
        (
            "{ \"x\": 1, \"mcpServers\": { \"a\": 1 } }",
            "{ \"x\": 1, \"mcpServers\": { \"a\": 1, \"b\": {…} } }",
        ),
        ("{\"mcpServers\":{\"a\":1,}}", "{\"mcpServers\":{\"a\":1,\"b\": {…},}}"),
    ] {
        let after = put(Client::Cursor, text, &["b"]);
        let own = "{\"command\": \"/opt/valet/bin/mcp-valet\", \"args\": [\"connect\", \"b\"]}";
        assert_eq!(after.replace(own, "{…}"), expected);
    }
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let text = "{\n  \"mcpServers\": {\n    \"a\": {} // about a\n    // \"old\": {},\n  },\n  // the end\n}";
    let after = put(Client::Cursor, text, &["b"]);
    assert!(after.contains("\"a\": {}, // about a\n    \"b\": {\n"), "{after}");
    assert!(after.contains("    // \"old\": {},\n  },\n  // the end\n}"), "{after}");
    for text in [
        "{\"mcpServers\":{\"a\":{} // about a\n}}",
        "{\"mcpServers\":{\"a\":{} /* 1 */ , /* 2 */ // 3\n}}",
        "{ // first\n}",
        "{ /* nothing, yet */ }",
        "// nothing",
        "/* nothing */",
        "{\"mcpServers\": { // none\n } }",
        "{\"mcpServers\":\n{\n// none\n}\n}",
        "{\"a\":1\n,\"mcpServers\":{\"x\":{}\n,\"y\":{}\n}}",
    ] {
        put(Client::Zed, &text.replace("mcpServers", "context_servers"), &["b", "c"]);
        let after = put(Client::Cursor, text, &["b", "c"]);
        assert!(text.split(['\n', '"', ',', '{', '}', ' ']).all(|part| after.contains(part)), "{after}");
    }
}

#[test]
fn toml_and_yaml_are_written_into_in_whatever_way_they_stand() {
    for text in [
        "# only a comment",
        "[mcp_servers.a]\nurl = \"https://a.example\" # its own",
        "x = 1\n[[list]]\nb = 2\n\n[[list]]\nb = 3\n\n\n",
        "mcp_servers.a.url = \"https://a.example\"\n",
        "\"mcp_servers\" = {}\n",
        "mcp_servers = { a = { url = \"https://a.example\" } } # its own\nx = 1\n",
        "mcp_servers={a.url=\"https://a.example\",c={url=\"https://c.example\"}}\n[x]\n",
    ] {
        for text in spellings(text) {
            put(Client::Codex, &text, &["linear", "b"]);
        }
    }
    for text in [
        "# only a comment\n",
        "a: 1",
        "extensions:\n",
        "extensions: # none\nb: 1\n",
        "extensions: {}\nb: 1\n",
        "extensions:\n    a:\n        type: builtin # c\n\n# about b\nb: 1\n",
        "extensions:\n  a:\n    text: |\n      one\n      two\nb: 1\n",
        "---\nextensions:\n  a: {type: builtin}\n  # end",
        "extensions: {a: {type: builtin}} # its own\nb: 1\n",
        "extensions: {\n  a: {type: builtin},\n}\nb: 1\n",
        "{extensions: {}, b: 1}\n",
        "{b: [1, 2]}\n",
    ] {
        for text in spellings(text) {
            put(Client::Goose, &text, &["linear", "b"]);
        }
    }
    for text in [
        "mcpServers:\n- name: a\n  url: b\nx: 1\n",
        "mcpServers: []\n",
        "mcpServers:\n    - name: a\n    # end\n",
        "mcpServers: [{name: a, url: b}, {name: c}]\nx: 1\n",
        "{x: 1}\n",
    ] {
        for text in spellings(text) {
            put(Client::Continue, &text, &["linear", "b"]);
        }
    }
}

#[test]
fn what_was_put_between_brackets_leaves_nothing_there_when_it_is_taken_out() {
    for (client, text) in [
        (Client::Codex, "mcp_servers = {}\n"),
        (Client::Codex, "mcp_servers = { a = { command = \"x\" } } # its own\n"),
        (Client::Codex, "mcp_servers = { a = { command = \"x\" },\n}\n"),
        (Client::Goose, "extensions: {a: {type: builtin}, }\n"),
        (Client::Goose, "{b: 1, extensions: { }}\n"),
        (Client::Continue, "mcpServers: [\n  {name: a, url: b},\n  {name: c}\n]\n"),
        (Client::Continue, "{mcpServers: []}\n"),
    ] {
        let plan = planned(client, text, &["linear", "b"]).unwrap();
        let (out, _) = without(&spot(client), &plan.after, &plan.added).unwrap();
        assert_eq!(out, text);
    }
}

#[test]
fn what_cannot_be_written_into_is_left_and_said() {
    let refused = |client, text: &str| planned(client, text, &["b"]).unwrap_err();
    for text in ["{\"mcpServers\": ", "[]", "nonsense", "{\"mcpServers\": {\"a\": 'x'}}"] {
        assert!(matches!(refused(Client::Cursor, text), Trouble::Unread(_)), "{text}");
    }
    assert_eq!(
        refused(Client::Cursor, "{\"mcpServers\":{},\"mcpServers\":{}}"),
        Trouble::Twice("mcpServers".into())
    );
    for text in ["{\"mcpServers\": []}", "{\"mcpServers\": 1}", "{\"mcpServers\": null}"] {
        assert_eq!(refused(Client::Cursor, text), Trouble::NoPlace("mcpServers".into()), "{text}");
    }
    assert!(matches!(refused(Client::Codex, "mcp_servers = 1"), Trouble::NoPlace(_)));
    assert!(matches!(refused(Client::Codex, "x = "), Trouble::Unread(_)));
    for text in ["extensions: {a: 1 # one\n}\n", "{extensions: 1}", "a: 1\n...\n", "extensions:\n\ta: 1\n"] {
        refused(Client::Goose, text);
    }
    assert!(
        !refused(Client::Cursor, "{").words().is_empty() && !refused(Client::Cursor, "{").advice().is_empty()
    );
}

#[test]
fn another_entry_of_that_name_stays_and_is_told() {
    let text = "{\"mcpServers\":{\"Linear\":{\"url\":\"https://other.example/mcp\"}}}";
    let plan = planned(Client::Cursor, text, &["linear", "b"]).unwrap();
    assert_eq!(plan.taken, ["linear"]);
    assert!(plan.after.contains("\"Linear\":{\"url\":\"https://other.example/mcp\"}"), "{}", plan.after);
    let led = Led { server: "linear".into(), key: "Linear".into(), asks: None, was: None, path: Vec::new() };
    assert_eq!(without(&spot(Client::Cursor), text, &[led]).unwrap().0, text, "it is none of ours");
}

#[test]
fn what_the_program_wrote_meanwhile_stays_when_ours_are_taken_out() {
    let text = "{\n  \"mcpServers\": {\n    \"a\": {}\n  },\n  \"n\": 1\n}\n";
    let plan = planned(Client::ClaudeCode, text, &["b", "c"]).unwrap();
    let later = plan.after.replace("\"n\": 1", "\"n\": 2").replace("\"connect\",", "\"connect\" ,");
    let out = without(&spot(Client::ClaudeCode), &later, &plan.added).unwrap().0;
    assert_eq!(out, text.replace("\"n\": 1", "\"n\": 2"));
    let toml = "model = \"x\"\n";
    let plan = planned(Client::Codex, toml, &["b", "c"]).unwrap();
    let later = format!("{}\n[tui]\nx = 1\n", plan.after);
    assert_eq!(
        without(&spot(Client::Codex), &later, &plan.added).unwrap().0,
        "model = \"x\"\n\n[tui]\nx = 1\n"
    );
    let yaml = "a: 1\nextensions:\n  x:\n    type: builtin\nb: 2\n";
    let plan = planned(Client::Goose, yaml, &["b", "c"]).unwrap();
    let later = plan.after.replace("b: 2", "b: 3");
    assert_eq!(without(&spot(Client::Goose), &later, &plan.added).unwrap().0, yaml.replace("b: 2", "b: 3"));
}

#[test]
fn megabytes_half_characters_and_what_nobody_knows_stay_as_they_are() {
    let history = format!("{{\"display\":\"\\ud83d {}\",\"n\":{}}}", "x".repeat(1000), "9".repeat(400));
    let many = vec![history; 3000].join(",\n");
    let text = format!(
        "{{\"history\":[{many}],\n  \"history\": 1,\n  \"mcpServers\": {{\n    \"a\": {{}}\n  }}\n}}"
    );
    let after = put(Client::ClaudeCode, &text, &["b"]);
    assert!(after.starts_with(&text[..text.len() - 10]));
}

#[test]
fn opencode_of_later_versions_has_its_servers_further_in() {
    let text = "{\"mcp\":{\"servers\":{\"a\":{\"type\":\"remote\",\"url\":\"https://a.example\"}}}}";
    let after = put(Client::Opencode, text, &["b"]);
    assert!(after.contains("},\"b\": {\"type\": \"local\", \"command\": [\"/opt/"), "{after}");
    assert!(after.ends_with("}}}}"), "{after}");
}

/// With a line taken out here or there, a file is broken or another; in both cases nothing is lost.
#[test]
fn a_line_less_anywhere_breaks_nothing_that_was_whole() {
    for (client, text) in cases() {
        let lines: Vec<&str> = text.lines().collect();
        for without in 0..lines.len() {
            let less = [&lines[..without], &lines[without + 1..]].concat().join("\n");
            if planned(client, &less, &["tracker", "x"]).is_ok() {
                put(client, &less, &["tracker", "x"]);
            }
        }
    }
}

/// What `claude mcp add`, `codex mcp add` and so on wrote, into nothing.
#[test]
fn what_the_programs_own_commands_write_means_the_same() {
    const ARGS: &str = r#""command": "/opt/valet/bin/mcp-valet", "args": ["connect", "linear"]"#;
    let plain = format!(r#"{{"mcpServers": {{"linear": {{{ARGS}}}}}}}"#);
    let typed =
        |before: &str, after: &str| format!(r#"{{"mcpServers": {{"linear": {{{before} {ARGS}{after}}}}}}}"#);
    let transport =
        format!(r#"{{"mcpServers": {{"linear": {{"transport": {{"type": "stdio", {ARGS}}}}}}}}}"#);
    let opencode = r#"{"$schema": "https://opencode.ai/config.json", "mcp": {"linear":
        {"type": "local", "command": ["/opt/valet/bin/mcp-valet", "connect", "linear"]}}}"#;
    let toml =
        "[mcp_servers.linear]\ncommand = \"/opt/valet/bin/mcp-valet\"\nargs = [\"connect\", \"linear\"]\n";
    for (client, theirs) in [
        (Client::ClaudeCode, typed(r#""type": "stdio","#, r#", "env": {}"#)),
        (Client::Codex, toml.to_owned()),
        (Client::Gemini, plain.clone()),
        (Client::Qwen, plain.clone()),
        (Client::Mcporter, plain),
        (Client::Copilot, typed(r#""tools": ["*"], "type": "local","#, "")),
        (Client::Cline, transport),
        (Client::Opencode, opencode.to_owned()),
    ] {
        let read = |text: &str| Format::of(&spot(client).path).read::<Value>(text).unwrap();
        assert_eq!(read(&put(client, "", &["linear"])), read(&theirs), "{}", client.name());
        put(client, &theirs, &["linear", "board"]);
    }
}

/// Where the program signs in to the same server by itself, its entry makes room, and comes back.
#[test]
fn an_entry_of_the_same_server_with_nothing_secret_beside_it_makes_room_and_comes_back() {
    let url = "https://a.example/mcp";
    let here = Server { name: "a".into(), url: url.into(), asks: "a".into() };
    for (client, text, kept) in [
        (
            Client::Cursor,
            "{\n  \"mcpServers\": {\n    \"Mine\": {\n      \"url\": \"U\" // mine\n    },\n    \"x\": {}\n  }\n}\n",
            "\"Mine\": {",
        ),
        (
            Client::Cursor,
            "{\"mcpServers\":{\"Mine\":{\"url\":\"U\"}}}",
            "{\"mcpServers\":{\"Mine\":{\"command\"",
        ),
        (
            Client::Codex,
            "x = 1\n\n[mcp_servers.mine]\nurl = \"U\" # mine\n\n[tui]\ny = 2\n",
            "[mcp_servers.mine]\ncommand =",
        ),
        (
            Client::Goose,
            "extensions:\n  mine:\n    type: streamable_http\n    uri: U # mine\n\n# end\nx: 1\n",
            "  mine:\n    enabled: true",
        ),
        (
            Client::Continue,
            "mcpServers:\n- name: Mine\n  url: U\n- name: x\n",
            "- name: \"Mine\"\n  command:",
        ),
        (
            Client::Codex,
            "[mcp_servers]\nx = { url = \"https://x.example\" }\nmine = { url = \"U\", enabled = true } # mine\n",
            "\nmine = { command = ",
        ),
        (
            Client::Codex,
            "mcp_servers = { x = { command = \"x\" }, mine = { url = \"U\" } }\n\n[tui]\ny = 2\n",
            ", mine = { command = ",
        ),
        (
            Client::Codex,
            "[mcp_servers]\n# its own\n  mine.url = \"U\"\n  mine.enabled = true\nx.command = \"x\"\n",
            "# its own\n  mine.command = ",
        ),
        (
            Client::Codex,
            "mcp_servers.\"mine\".url = \"U\"\nmcp_servers.x.command = \"x\"\n",
            "mcp_servers.mine.command = ",
        ),
        (
            Client::Codex,
            "[mcp_servers.mine.tools]\n\n[mcp_servers.mine]\nurl = \"U\"\n[x]\n",
            "[mcp_servers.mine]\ncommand =",
        ),
        (
            Client::Goose,
            "extensions:\n  mine: {type: streamable_http, uri: \"U\"} # mine\n  x: {type: builtin}\n",
            "  mine: {\"enabled\": true, ",
        ),
        (
            Client::Goose,
            "extensions: {x: {type: builtin}, mine: {\n  type: streamable_http, uri: \"U\",\n}}\n",
            ", mine: {\"enabled\": true, ",
        ),
        (
            Client::Goose,
            "extensions:\n  ? mine\n  : type: streamable_http\n    uri: U\nx: 1\n",
            "  mine:\n    enabled: true",
        ),
        (
            Client::Continue,
            "mcpServers:\n- {name: Mine, url: \"U\"}\n- name: x\n",
            "- {\"name\": \"Mine\", \"command\": ",
        ),
        (
            Client::Continue,
            "mcpServers: [{name: x}, {name: Mine, url: \"U\"}]\n",
            ", {\"name\": \"Mine\", \"command\": ",
        ),
    ] {
        for text in spellings(&text.replace('U', url)) {
            let text = text.as_str();
            let plan = plan(&spot(client), text, PROGRAM, std::slice::from_ref(&here)).unwrap();
            assert!(plan.after.replace("\r\n", "\n").contains(kept), "{}", plan.after);
            assert!(!plan.after.contains("a.example"), "{}", plan.after);
            assert_eq!(undone(&plan.after, &plan.splices).as_deref(), Some(text));
            let back = without(&spot(client), &plan.after, &plan.added).unwrap().0;
            assert_eq!(back, text, "also where the rest has changed meanwhile");
        }
    }
}

#[test]
fn an_entry_of_the_same_server_with_a_key_or_switched_off_stays_and_is_told() {
    let here = Server { name: "a".into(), url: "https://a.example/mcp".into(), asks: "a".into() };
    for beside in [
        "\"headers\": {\"Authorization\": \"Bearer x\"}",
        "\"headers\": {\"X-Team\": \"shop\"}",
        "\"disabled\": true",
        "\"env\": {\"KEY\": \"x\"}",
        "\"whatever\": \"x\"",
    ] {
        let text =
            format!("{{\"mcpServers\": {{\"Mine\": {{\"url\": \"https://a.example/mcp\", {beside}}}}}}}");
        let plan = plan(&spot(Client::Cursor), &text, PROGRAM, std::slice::from_ref(&here)).unwrap();
        assert_eq!((plan.after, plan.kept), (text, vec!["a".to_owned()]), "{beside}");
    }
}

#[test]
fn of_several_accounts_of_one_address_the_entry_asks_by_that_once() {
    let url = "https://a.example/mcp";
    let account = |name: &str, asks: &str| Server { name: name.into(), url: url.into(), asks: asks.into() };
    let text = format!("{{\"mcpServers\": {{\"mine\": {{\"url\": \"{url}\"}}}}}}");
    let by_folder = [account("work", url), account("home", url)];
    let planned = plan(&spot(Client::Cursor), &text, PROGRAM, &by_folder).unwrap();
    assert!(planned.after.contains(&format!("\"args\": [\"connect\", \"{url}\"]")), "{}", planned.after);
    assert_eq!(planned.added.len(), 1);
    let by_name = [account("work", "work"), account("home", "home")];
    let planned = plan(&spot(Client::Cursor), &text, PROGRAM, &by_name).unwrap();
    assert!(
        planned.after.starts_with(&text[..text.len() - 2]),
        "whose it is nobody knows: {}",
        planned.after
    );
    assert_eq!(planned.added.len(), 2);
}
