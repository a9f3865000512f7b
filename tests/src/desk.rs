//! Somebody who has several accounts at one server, and a folder for each.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{CommandOutput, Home, Rogue, Terminal, Valet, program, tools};

/// Two accounts that are for folders.
pub const BOTH: [(&str, &[&str]); 2] = [("acme", &["~/work/acme"]), ("globex", &["~/work/globex"])];

/// Asks for a token of a server.
const ASK: &str = r#"#!/bin/sh
body="{\"server\":\"$1\",\"wait\":30}"
curl -s --unix-socket "$SOCKET" -H 'Content-Type: application/json' -d "$body" http://localhost/v1/token
"#;

/// A home with folders, and accounts at one server.
#[derive(Debug)]
pub struct Desk {
    /// The home.
    pub home: Home,
    /// The server.
    pub rogue: Rogue,
}

impl Desk {
    /// With these accounts, each for its folders, and this policy about programs.
    pub fn new(accounts: &[(&str, &[&str])], agents: &str) -> Self {
        let desk = Self { home: Home::new(), rogue: Rogue::start() };
        desk.rogue.has_tools(vec![tools::reads("list")]);
        for folder in ["work/acme/deep", "work/globex", "elsewhere"] {
            fs::create_dir_all(desk.at(folder)).unwrap();
        }
        fs::write(desk.at("ask"), ASK).unwrap();
        fs::set_permissions(desk.at("ask"), fs::Permissions::from_mode(0o700)).unwrap();
        desk.home.configure(&desk.config(accounts, agents));
        desk
    }

    /// The configuration that says so.
    pub fn config(&self, accounts: &[(&str, &[&str])], agents: &str) -> Value {
        let url = self.rogue.mcp();
        let entry = |(name, folders): &(&str, &[&str])| {
            let folders = (!folders.is_empty()).then(|| json!(folders));
            let mut entry = json!({ "url": url });
            folders.into_iter().for_each(|folders| entry["folders"] = folders);
            ((*name).to_owned(), entry)
        };
        let servers: serde_json::Map<String, Value> = accounts.iter().map(entry).collect();
        json!({ "mcpServers": servers, "valet": { "agents": agents, "vault": "memory" } })
    }

    /// A folder in the home.
    pub fn at(&self, folder: &str) -> PathBuf {
        self.home.path().join(folder)
    }

    /// A valet that is signed in to all accounts, where nobody can be asked.
    pub fn valet(&self, accounts: &[(&str, &[&str])]) -> Valet<'_> {
        let valet = Valet::start(&self.home);
        accounts.iter().for_each(|(name, _)| valet.sign_in(name));
        valet
    }

    /// The same, where somebody sits at the terminal.
    pub fn asking(&self, accounts: &[(&str, &[&str])]) -> (Valet<'_>, Terminal) {
        let (valet, terminal) = Valet::on_terminal(&self.home);
        accounts.iter().for_each(|(name, _)| valet.sign_in(name));
        (valet, terminal)
    }

    /// What a shell in this folder says. `$ASK SERVER` asks for a token.
    pub fn runs(&self, folder: &Path, script: &str) -> CommandOutput {
        let mut command = self.home.command("sh");
        command.current_dir(folder).args(["-c", script]);
        command.env("URL", self.rogue.mcp()).env("ASK", self.at("ask")).env("SOCKET", self.home.socket());
        self.home.run(&mut command)
    }

    /// The answer to a program that asks for this server in this folder.
    pub fn asks(&self, folder: &str, server: &str) -> Value {
        self.runs(&self.at(folder), &format!("$ASK {server}")).json()
    }

    /// Which account a program in this folder has, that asks by the address of all.
    #[track_caller]
    pub fn account(&self, folder: &str) -> String {
        let answer = self.asks(folder, "$URL");
        answer["server"].as_str().unwrap_or_else(|| panic!("{folder}: {answer}")).to_owned()
    }

    /// What a program in this folder is told that asks for this server, which is this refusal.
    #[track_caller]
    pub fn refuses(&self, folder: &str, server: &str, reason: &str) -> Value {
        let answer = self.asks(folder, server);
        assert_eq!(answer["reason"], reason, "{folder}, {server}: {answer}");
        answer
    }

    /// What the command line says in this folder.
    pub fn says(&self, folder: &str, arguments: &[&str]) -> CommandOutput {
        let mut command = self.home.command(program("mcp-valet"));
        self.home.run(command.args(arguments).current_dir(self.at(folder)))
    }
}
