//! Moving what other programs list into a vault, with somebody at the terminal.

use std::thread;

use serde_json::json;

use crate::{CommandOutput, Home, Terminal, Valet, until};

/// What opens the vault.
const PASSPHRASE: &str = "correct horse battery staple";
/// What is asked about moving.
pub const MOVE: &str = "Move this in, and change these files?  [y]es   [n]o >";
/// What is asked about putting back.
pub const CHANGE: &str = "Change these files?  [y]es   [n]o >";
/// What is asked about what cannot be put back.
pub const FORGET: &str = "Forget this?  [y]es   [n]o >";

/// A valet whose vault is an encrypted file, with somebody at the terminal who opens it.
pub fn with_vault(home: &Home) -> (Valet<'_>, Terminal) {
    let is_new = !home.path().join("state/mcp-valet/vault").exists();
    if !home.config().exists() {
        home.configure(&json!({ "valet": { "agents": "ask", "vault": "file" } }));
    }
    let (valet, mut terminal) = Valet::on_terminal(home);
    if is_new {
        terminal.shows("Choose a passphrase");
        terminal.types(PASSPHRASE);
        terminal.shows("Type it again");
    } else {
        terminal.shows("Passphrase of the encrypted file");
    }
    terminal.types(PASSPHRASE);
    terminal.shows("is open");
    (valet, terminal)
}

/// Runs it while somebody is at the terminal, who answers `question` with this.
pub fn answered(
    valet: &Valet<'_>,
    terminal: &mut Terminal,
    arguments: &[&str],
    (question, word): (&str, &str),
) -> CommandOutput {
    let asked = terminal.screen().matches(question).count();
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.cli(arguments));
        until(&format!("it is asked: {}", terminal.screen()), || {
            (terminal.screen().matches(question).count() > asked).then_some(())
        });
        terminal.types(word);
        asking.join().unwrap()
    })
}
