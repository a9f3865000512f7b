//! The man pages and the completions of shells that lie in `share`, made of the commands themselves. `make
//! types` writes them anew; as long as they are stale, this fails.

use crate::help;
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use std::fs;
use std::path::{Path, PathBuf};

/// Set to write the files anew, as for the types of the socket.
const WRITE: &str = "MCP_VALET_WRITE_TYPES";
const NAME: &str = "mcp-valet";

/// Each file by its path below `share`, and what is in it.
fn pages() -> Vec<(PathBuf, Vec<u8>)> {
    let mut command = help::command();
    let mut pages = manual(&command, NAME, NAME);
    for (shell, path) in [
        (Shell::Bash, "bash-completion/completions/mcp-valet"),
        (Shell::Zsh, "zsh/site-functions/_mcp-valet"),
        (Shell::Fish, "fish/vendor_completions.d/mcp-valet.fish"),
    ] {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut command, NAME, &mut text);
        pages.push((path.into(), text));
    }
    pages
}

/// The page of a command, and those of the commands below it. `usage` is how it is typed.
fn manual(command: &Command, name: &str, usage: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let own = command.clone().name(name.to_owned()).display_name(name.to_owned()).bin_name(usage);
    let mut pages = vec![(Path::new("man/man1").join(format!("{name}.1")), page(&own))];
    for one in command.get_subcommands().filter(|one| one.get_name() != "help" && !one.is_hide_set()) {
        let word = one.get_name();
        pages.extend(manual(one, &format!("{name}-{word}"), &format!("{usage} {word}")));
    }
    pages
}

fn page(command: &Command) -> Vec<u8> {
    let mut text = Vec::new();
    Man::new(command.clone()).manual("MCP Valet").render(&mut text).unwrap();
    text
}

#[test]
fn the_man_pages_and_completions_know_the_commands() {
    // They are written in English.
    if words::locale().tag != "en" && !words::locale().tag.starts_with("en-") {
        return;
    }
    let share = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../share");
    for (path, text) in pages() {
        let file = share.join(&path);
        if std::env::var_os(WRITE).is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &text).unwrap();
        }
        let written = fs::read(&file).unwrap_or_default();
        assert!(written == text, "share/{} is stale: run `make types`", path.display());
    }
}
