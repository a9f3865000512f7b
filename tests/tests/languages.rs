//! The language of the person: told by their environment, on every surface, and with nothing left in another.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Browser, Demo, Desktop, Home, Terminal, Valet, program};
use serde_json::json;

const GERMAN: &str = "de_DE.UTF-8";
/// English with marks around whatever is in the message files.
const MARKED: &str = "en_XA.UTF-8";

/// As the web view itself names them in a language.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Where the valet's files are, and where the browser comes back.
const PLACES: &str = "http://localhost:3118/callback ~/config/mcp-valet/config.json ~/state/mcp-valet/log ~/state/mcp-valet/audit \
     ~/run/mcp-valet/agent.sock";

const PAGES: [&str; 8] =
    ["/", "/add", "/import", "/settings", "/revoke", "/activity", "/passphrase", "/servers/demo"];

fn with_demo(home: &Home) -> Demo {
    let demo = Demo::start(home);
    home.asks_about(&[("demo", &demo.mcp())]);
    demo
}

#[test]
fn the_tray_and_the_window_speak_german_where_the_person_does() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop_with(&desktop, "LANG", GERMAN);
    desktop.menu_has("demo: anmelden…");
    desktop.menu_has("Server hinzufügen…");
    desktop.menu_has("Beenden");
    desktop.click("MCP Valet öffnen");
    let window = Browser::window(&desktop);
    window.shows("Links einen Server wählen.");
    assert!(window.has("html[lang='de-DE']"));
    for (page, words) in [
        ("/servers/demo", "Noch nicht angemeldet."),
        ("/settings", "Wo Anmeldungen liegen"),
        ("/add", "Adresse, oder eine Konfiguration zum Übernehmen"),
        ("/activity", "Noch ist nichts geschehen."),
        ("/revoke", "Nichts ist angemeldet"),
    ] {
        window.goes_to(page);
        window.shows(words);
    }
}

#[test]
fn every_word_of_the_window_is_in_the_message_files() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let demo = with_demo(&home);
    let _valet = Valet::on_desktop_with(&desktop, "LANG", MARKED);
    desktop.menu_has("⟦Quit⟧");
    desktop.click("⟦Open MCP Valet⟧");
    let window = Browser::window(&desktop);
    window.shows("⟦");
    // What is written out as it is: names, addresses, paths, versions, and what to paste elsewhere.
    let mcp = demo.mcp();
    let is_data = |text: &str| {
        let names = ["demo", "Claude Code", "Codex", "VS Code", "curl"];
        names.contains(&text)
            || WEEKDAYS.contains(&text)
            || text.starts_with(['/', '~', '[', '{', '"'])
            || text.starts_with("curl ")
            || text.starts_with("claude mcp add ")
            || mcp.contains(text)
            || PLACES.contains(text)
    };
    for page in PAGES {
        window.goes_to(page);
        window.shows("⟦");
        let bare: Vec<String> =
            window.texts().into_iter().filter(|text| !text.contains('⟦') && !is_data(text)).collect();
        assert!(bare.is_empty(), "{page}: {bare:?}");
    }
}

#[test]
fn the_terminal_speaks_german_and_is_typed_to_as_ever() {
    let home = Home::new();
    home.configure(&json!({ "mcpServers": {}, "valet": { "vault": "file" } }));
    let mut command = home.command(program("mcp-valetd"));
    command.env("MCP_VALET_LOG", "off").env("LANG", GERMAN);
    let (mut terminal, _valet) = Terminal::run(&command, "valet", &home);
    terminal.shows("Passphrase wählen > ");
    terminal.types("correct horse battery");
    terminal.shows("Noch einmal eingeben > ");
    terminal.types("correct horse battery");
    terminal.shows("Die verschlüsselte Datei ist offen.");
    terminal.types("who");
    terminal.shows("Keine Antworten sind gemerkt.");
}

#[test]
fn the_valet_explains_itself_in_german_and_its_codes_stay() {
    let home = Home::new();
    home.lists(&[("closed", "http://127.0.0.1:9/mcp")], "memory");
    let valet = Valet::start_with(&home, &[("LANG", GERMAN)]);
    let unknown = valet.token("nothing").expect_status(404).json();
    assert_eq!(unknown["code"], "unknown_server");
    assert_eq!(unknown["detail"], "es gibt keinen Server „nothing“");
    let refused = valet.cli(&["authorize", "closed"]).expect_code(5);
    assert!(
        refused.stderr.contains("127.0.0.1:9 ist nicht zu erreichen: Dort lauscht nichts"),
        "{refused:?}"
    );
    assert!(refused.stderr.contains("Den Port prüfen"), "{refused:?}");
}

/// What a page says in words of no message file. What a message is told stands outside of its marks: names,
/// addresses and commands are no words of ours.
fn unmarked(page: &str) -> Vec<String> {
    let mut depth = 0;
    let mut rest = String::new();
    for letter in page.chars() {
        match letter {
            '⟦' => depth += 1,
            '⟧' => depth -= 1,
            other if depth == 0 => rest.push(other),
            _ => {}
        }
    }
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let is_said = |line: &&str| {
        line.split(' ').collect::<Vec<_>>().windows(2).any(|two| two.iter().all(|word| is_word(word)))
    };
    rest.lines().filter(is_said).map(str::to_owned).collect()
}

const COMMANDS: [&str; 15] = [
    "add",
    "import",
    "list",
    "show",
    "authorize",
    "token",
    "headers",
    "connect",
    "exec",
    "doctor",
    "decline",
    "revoke",
    "remove",
    "audit",
    "lock",
];

#[test]
fn every_word_of_the_help_is_in_the_message_files() {
    let home = Home::new();
    let help = |arguments: &[&str]| {
        let output = home.command(program("mcp-valet")).env("LANG", MARKED).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let mut pages = vec![help(&["--help"]), help(&["help"])];
    pages.extend(COMMANDS.iter().flat_map(|command| [help(&[command, "--help"]), help(&["help", command])]));
    for page in pages {
        assert!(page.contains("⟦"), "{page}");
        assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
    }
}

#[test]
fn what_is_typed_wrong_is_explained_in_german() {
    let home = Home::new();
    let says = |arguments: &[&str]| {
        let output = home.command(program("mcp-valet")).env("LANG", GERMAN).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    for (arguments, words) in [
        (&["lisst"][..], "es gibt keinen Befehl „lisst“\n  War `list` gemeint?"),
        (&["token"], "<SERVER> fehlt"),
        (&["token", "x", "--wait", "soon"], "„soon“ ist keine Zahl, die --wait <SECONDS> nimmt"),
        (&["token", "x", "--jsno"], "hier gibt es kein --jsno\n  War `--json` gemeint?"),
        (&["audit", "--since", "gestern"], "2h oder 3d schreiben"),
        (&["revoke", "x", "--all"], "gehen nicht zusammen"),
        (&["revoke", "--all"], "alles zu widerrufen braucht eine Zustimmung"),
    ] {
        let said = says(arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains("error:") && !said.contains("Usage"), "{said}");
    }
    let none = home.command(program("mcp-valet")).env("LANG", GERMAN).arg("list").output().unwrap();
    let none = String::from_utf8(none.stderr).unwrap();
    assert!(none.contains("MCP Valet läuft nicht") && none.contains("MCP Valet starten"), "{none}");
}

#[test]
fn every_word_of_the_doctor_and_of_the_lists_is_in_the_message_files() {
    let home = Home::new();
    let _demo = with_demo(&home);
    let _valet = Valet::start_with(&home, &[("LANG", MARKED)]);
    let cli = |arguments: &[&str], code: i32| {
        let mut command = home.command(program("mcp-valet"));
        let output = command.env("LANG", MARKED).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    let page = cli(&["doctor", "demo"], 0);
    assert!(page.contains("⟦"), "{page}");
    assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
    for arguments in [["list"].as_slice(), &["show", "demo"], &["audit"], &["audit", "--verify"], &["import"]]
    {
        let page = cli(arguments, 0);
        assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
    }
    for arguments in [["revoke", "demo"], ["decline", "demo"], ["remove", "demo"]] {
        let page = cli(&arguments, 0);
        assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
    }
    let page = cli(&["token", "nothing"], 8);
    assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
}
