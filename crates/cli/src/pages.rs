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
    let mut command = command.clone();
    let usage = command.render_usage().to_string();
    if command.find_subcommand("help").is_some() {
        // It has no page.
        command = command.mut_subcommand("help", |help| help.hide(true));
    }
    let mut text = Vec::new();
    Man::new(command).manual("MCP Valet").render(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (before, rest) = text.split_once(".SH SYNOPSIS\n").unwrap();
    let (_, after) = rest.split_once(".SH DESCRIPTION\n").unwrap();
    format!("{before}{}.SH DESCRIPTION\n{after}", synopsis(&usage)).into_bytes()
}

/// How it is typed, as its help says: what goes between the words is a part of that.
fn synopsis(usage: &str) -> String {
    let (_, usage) = usage.trim().split_once(": ").unwrap();
    let lines: Vec<String> = usage.lines().map(|line| line.trim().replace('-', "\\-")).collect();
    format!(".SH SYNOPSIS\n{}\n", lines.join("\n.br\n"))
}

#[test]
fn a_page_says_how_a_command_is_typed_and_names_no_page_that_is_not_there() {
    let pages = pages();
    let text = |name: &str| {
        let (_, text) = pages.iter().find(|(path, _)| path.ends_with(name)).unwrap();
        String::from_utf8(text.clone()).unwrap()
    };
    assert!(text("mcp-valet-exec.1").contains("<SERVER> \\-\\- <COMMAND>"), "{}", text("mcp-valet-exec.1"));
    for (path, text) in pages.iter().filter(|(path, _)| path.extension().is_some_and(|kind| kind == "1")) {
        let text = String::from_utf8_lossy(text).replace("\\-", "-");
        for named in text.lines().filter_map(|line| line.strip_suffix("(1)")) {
            let there = pages.iter().any(|(path, _)| path.ends_with(format!("{named}.1")));
            assert!(there, "{} names {named}", path.display());
        }
    }
}

#[test]
fn no_command_below_another_is_described_as_one_that_has_its_name() {
    let command = help::command();
    let about = |one: &Command| one.get_about().map(ToString::to_string);
    let commands = || command.get_subcommands().filter(|one| one.get_name() != "help");
    for below in commands().flat_map(Command::get_subcommands).filter(|one| one.get_name() != "help") {
        let same = commands().find(|one| one.get_name() == below.get_name());
        assert!(same.is_none_or(|same| about(same) != about(below)), "{below}");
    }
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
