//! Text from outside misleads nobody: who did it is no matter of names, what is pasted runs nothing, and no
//! line is turned.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mcp_valet_tests::{Agent, CommandOutput, Home, Reply, Rogue, Valet, until};
use serde_json::{Value, json};

/// What no person sees, or sees elsewhere than it is: U+202E and others of its kind.
fn misleads(c: char) -> bool {
    c != '\n'
        && (c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}')
            || ('\u{e0000}'..='\u{e0fff}').contains(&c))
}

const TURNED: &str = "a\u{202e}b\u{2066}c\u{200b}d\u{3164}e\u{e0041}f";

#[track_caller]
fn is_plain(output: &CommandOutput) {
    let text = format!("{}{}", output.stdout, output.stderr);
    assert!(!text.contains(misleads), "{text:?}");
}

#[test]
fn a_program_called_the_person_is_a_program() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("good", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    for name in ["the person", "MCP Valet", "the configuration file"] {
        let program = Agent::new(&home, name);
        program.runs("$VALET lock; $VALET audit --json > /dev/null").expect_code(0);
        program.runs("$VALET remove good; $VALET add good http://127.0.0.1:9/mcp").expect_code(0);
        let entries = program.runs("$VALET audit --json").expect_code(0).json();
        let entries = entries.as_array().unwrap();
        assert!(!entries.is_empty());
        for entry in entries {
            assert_eq!((&entry["agent"], &entry["by"]), (&json!(name), &json!("program")), "{entry}");
        }
    }
    home.lists(&[("good", "http://127.0.0.1:9/mcp"), ("more", "https://more.example/mcp")], "memory");
    until("the edit is seen", || (valet.get("/v1/servers/more").status == 200).then_some(()));
    let audit = || fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    // It is written down once it is in use.
    until("the edit is in the audit", || audit().contains(r#""by":"configuration""#).then_some(()));
    drop(valet);
    let audit = audit();
    let entries: Vec<Value> = audit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let by = |by: &str| entries.iter().filter(|entry| entry["by"] == by).count();
    assert!(by("configuration") > 0 && by("program") > 0, "{audit}");
    assert!(
        entries.iter().all(|entry| (entry["by"] == "program") == entry["executable"].is_string()),
        "{audit}"
    );
}

/// What the commands that a text has in backticks come to, each word on a line, where `mcp-valet` only says
/// its words.
fn pasted(home: &Home, text: &str) -> Vec<Vec<String>> {
    let folder = home.path().join("pasted");
    fs::create_dir_all(&folder).unwrap();
    let stub = folder.join("mcp-valet");
    fs::write(&stub, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n").unwrap();
    fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).unwrap();
    let commands = text.match_indices("`mcp-valet ").map(|(at, _)| &text[at + 1..]);
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let run = |rest: &str| {
        // A name may hold a backtick: the command ends at the one that a shell takes for its end.
        let end = rest
            .match_indices('`')
            .map(|(at, _)| at)
            .find(|at| rest[..*at].replace("\\'", "").matches('\'').count().is_multiple_of(2));
        let mut sh = home.command("sh");
        sh.current_dir(&folder).env("PATH", &path).args(["-c", &rest[..end.unwrap()]]);
        home.run(&mut sh).stdout.lines().map(str::to_owned).collect()
    };
    commands.map(run).collect()
}

#[test]
fn a_command_in_advice_runs_nothing_of_a_name() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let names = [
        "a;touch pwned",
        "$(touch pwned)",
        "`touch pwned`",
        "it's; touch pwned",
        "a && touch pwned",
        "-rf",
        "a|b>pwned",
        "two words",
    ];
    // Each a server of its own: what is said of one is not said of the others.
    let urls: Vec<String> = (0..names.len()).map(|number| format!("{}/{number}", rogue.origin())).collect();
    let servers: Vec<(&str, &str)> = names.into_iter().zip(urls.iter().map(String::as_str)).collect();
    home.lists(&servers, "memory");
    let valet = Valet::start(&home);
    for name in names {
        let words = |output: CommandOutput| pasted(&home, &format!("{}{}", output.stdout, output.stderr));
        for advised in [
            words(valet.cli(&["token", "--wait", "1", "--", name]).expect_code(3)),
            words(valet.cli(&["decline", "--", name])),
            words(valet.cli(&["token", "--", name]).expect_code(4)),
            words(valet.cli(&["doctor", "--", name])),
        ] {
            for command in advised {
                assert_eq!(command.last().unwrap(), name, "{command:?}");
            }
        }
        let pwned = home.path().join("pasted/pwned");
        assert!(!Path::new(&pwned).exists(), "{name} ran");
    }
}

/// A text of our own sources that names a command and fills something into it does so in one place alone.
#[test]
fn commands_with_something_filled_in_are_made_in_one_place() {
    let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates");
    let list = std::process::Command::new("grep")
        .args(["-rnE", r"`(mcp-valet|mcp-valetd|ss|sh|curl) [^`]*\{", crates, "--include=*.rs"])
        .output()
        .unwrap();
    let found = String::from_utf8(list.stdout).unwrap();
    let found: Vec<&str> = found.lines().filter(|line| !line.contains("//")).collect();
    assert!(found.is_empty(), "use plain::command: {found:#?}");
}

#[test]
fn nothing_that_turns_or_hides_letters_reaches_a_terminal_or_the_log() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("good", &rogue.mcp())], "memory");
    let other = format!("{}/{TURNED}", rogue.origin());
    rogue.edit(
        "/.well-known/oauth-protected-resource/mcp",
        "authorization_servers",
        json!([rogue.origin(), other]),
    );
    rogue.edit("/.well-known/oauth-protected-resource/mcp", "resource_name", json!(TURNED));
    let valet = Valet::start(&home);
    home.browser_says_yes();
    for command in
        [&["authorize", "good", "--wait", "5"][..], &["show", "good"], &["doctor", "good"], &["list"]]
    {
        is_plain(&valet.cli(command));
        is_plain(&valet.cli(&[command, &["--json"]].concat()));
    }
    rogue.edit_metadata("issuer", json!(other));
    is_plain(&valet.cli(&["authorize", "good"]));
    is_plain(&valet.cli(&["doctor", "good"]));
    rogue.behave("/.well-known/oauth-authorization-server");
    rogue.behave("/.well-known/oauth-protected-resource/mcp");
    rogue.reply("/token", Reply::error(400, TURNED));
    is_plain(&valet.cli(&["authorize", "good", "--wait", "5"]));
    is_plain(&valet.cli(&["show", "good"]));
    is_plain(&valet.cli(&["token", TURNED]));
    is_plain(&valet.cli(&["add", TURNED, "https://a.example/mcp"]));
    is_plain(&valet.cli(&["add", "x", &format!("https://a.example/{TURNED}")]));
    let log = valet.log() + &fs::read_to_string(home.path().join("state/mcp-valet/log")).unwrap();
    assert!(!log.contains(misleads), "{log:?}");
}

#[test]
fn hosts_and_issuers_are_shown_in_ascii() {
    let home = Home::new();
    home.lists(&[("good", "https://g\u{43e}\u{43e}d.example/mcp")], "memory");
    let valet = Valet::start(&home);
    let list = valet.cli(&["list"]).expect_code(0).stdout;
    assert!(list.contains("https://xn--gd-fmca.example/mcp") && list.is_ascii(), "{list}");
    assert_eq!(valet.server("good")["url"], "https://xn--gd-fmca.example/mcp");
}

const CYRILLIC_HOST: &str = "https://g\u{43e}\u{43e}d.example";
const IN_ASCII: &str = "xn--gd-fmca.example";

#[test]
fn a_checkup_shows_issuers_and_resources_in_ascii_and_what_is_pasted_byte_for_byte() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("good", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let metadata = "/.well-known/oauth-protected-resource/mcp";
    rogue.edit_metadata("issuer", json!(CYRILLIC_HOST));
    let in_ascii = |arguments: &[&str]| {
        let said = valet.cli(arguments);
        let text = format!("{}{}", said.stdout, said.stderr);
        assert!(text.contains(IN_ASCII) && !text.contains('\u{43e}'), "{arguments:?}: {text}");
        text
    };
    let text = in_ascii(&["doctor", "good"]).split_whitespace().collect::<String>();
    assert!(text.contains(r#"setoauth.authorizationServerto"https://g\u043e\u043ed.example""#), "{text}");
    in_ascii(&["doctor", "good", "--json"]);
    in_ascii(&["authorize", "good", "--no-browser"]);
    rogue.edit(metadata, "resource", json!(format!("{CYRILLIC_HOST}/mcp")));
    rogue.edit(metadata, "authorization_servers", json!([CYRILLIC_HOST, rogue.origin()]));
    in_ascii(&["doctor", "good"]);
    in_ascii(&["doctor", "good", "--json"]);
    in_ascii(&["authorize", "good", "--no-browser"]);
}

#[test]
fn what_an_issuer_calls_our_client_is_told_in_ascii() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("good", &rogue.mcp())], "memory");
    rogue.edit("/register", "client_id", json!("id\u{202e}\u{9b}\u{2028}\u{43e}"));
    let valet = Valet::start(&home);
    valet.begin("good");
    for path in ["/v1/servers", "/v1/servers/good"] {
        let told = valet.get(path).expect_status(200).body;
        assert!(told.is_ascii() && told.contains(r"id\\u{202e}\\u{9b}\\u{2028}\\u{43e}"), "{told}");
    }
}

#[test]
fn a_proposal_shows_its_addresses_in_ascii() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.asks_about(&[]);
    let (valet, terminal) = Valet::on_terminal(&home);
    let oauth = json!({
        "authorizationServer": CYRILLIC_HOST,
        "authServerMetadataUrl": format!("{CYRILLIC_HOST}/m"),
        "resource": format!("{CYRILLIC_HOST}/mcp"),
    });
    valet.post("/v1/servers", &json!({ "name": "slack", "url": rogue.mcp(), "oauth": oauth }));
    let screen = terminal.shows("Add it?");
    assert_eq!(screen.matches(IN_ASCII).count(), 3, "{screen}");
    assert!(!screen.contains('\u{43e}'), "{screen}");
}
