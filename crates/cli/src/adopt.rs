//! `mcp-valet adopt`: what other programs list moved here, secrets and all. What is moved the person says
//! where the valet runs.

use crate::failure::Failure;
use crate::print::{json, line, plain};
use crate::{proposal, setup};
use ::import::Client as Program;
use clap::Args;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use wire::{Adopt, AdoptDone, Client, CopiedFile, FileChange, MovedServer, SetUp, Staying};
use words::say;

/// Programs to move out of.
#[derive(Args)]
pub(crate) struct AdoptArgs {
    /// The programs, such as codex or claude-code.
    #[arg(value_name = "CLIENT", required_unless_present = "all")]
    clients: Vec<Program>,
    /// All programs that are on this computer.
    #[arg(long, conflicts_with = "clients")]
    all: bool,
    /// Only show what would change.
    #[arg(long)]
    dry_run: bool,
    /// Put back what was moved before.
    #[arg(long, conflicts_with_all = ["dry_run", "except", "with_arguments"])]
    undo: bool,
    /// Forget what cannot be put back any more; the keys stay in the vault.
    #[arg(long, conflicts_with_all = ["undo", "dry_run", "except", "with_arguments"])]
    forget: bool,
    /// A server that stays where it is, by the name that it would have here.
    #[arg(long, value_name = "SERVER")]
    except: Vec<String>,
    /// Move secrets that are arguments too, which every user of the computer can read.
    #[arg(long)]
    with_arguments: bool,
    /// Seconds to wait for you, where MCP Valet asks you about it.
    #[arg(long, value_name = "SECONDS", default_value_t = wire::DEFAULT_WAIT)]
    wait: u32,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(client: &Client, asked: AdoptArgs) -> Result<(), Failure> {
    let clients = asked.clients.iter().map(|program| program.word().to_owned()).collect();
    if asked.undo || asked.forget {
        let back = SetUp { clients, undo: asked.undo, forget: asked.forget, ..SetUp::default() };
        return setup::ask(client, back, asked.wait, asked.json).await;
    }
    let request = Adopt {
        clients,
        except: asked.except,
        arguments: asked.with_arguments,
        dry_run: asked.dry_run,
        wait: None,
    };
    let done = match client.adopt(&request).await {
        Err(error) if proposal::is_asked(&error) && asked.wait > 0 => {
            let _ = writeln!(io::stderr(), "{}", say!(cli_setup_asked));
            client.adopt(&Adopt { wait: Some(asked.wait), ..request }).await
        }
        done => done,
    };
    let done = done?;
    let failed = done.files.iter().any(|file| file.trouble.is_some());
    if asked.json {
        json(&done)?;
    } else {
        line(&plain(told(&done, asked.dry_run).trim_end()))?;
        setup::troubles(&done.files)?;
    }
    if failed { Err(Failure::Said(1)) } else { Ok(()) }
}

fn told(done: &AdoptDone, dry_run: bool) -> String {
    let mut page = String::new();
    let moved = done.files.iter().filter(|file| file.trouble.is_none());
    for file in moved {
        let (program, servers, path) = (&file.program, file.servers.join(", "), &file.file);
        let _ = writeln!(page, "{}", say!(cli_setup_done, program = program, servers = servers, file = path));
    }
    done.changes.iter().for_each(|change| changes(&mut page, change));
    if done.moves.servers.is_empty() {
        let _ = writeln!(page, "{}", say!(cli_adopt_nothing));
    }
    done.moves.servers.iter().for_each(|server| goes(&mut page, server));
    done.moves.stays.iter().for_each(|one| stays(&mut page, one));
    done.moves.copies.iter().for_each(|one| copied(&mut page, one));
    if !dry_run && done.files.iter().any(|file| file.trouble.is_none()) {
        let _ = writeln!(page, "{}", say!(cli_setup_restart));
    }
    page
}

fn changes(page: &mut String, change: &FileChange) {
    let _ = writeln!(page, "{} ({})", change.file, change.program);
    if let Some(to) = &change.leads_to {
        let _ = writeln!(page, "  {}", say!(ask_files_link, to = to));
    }
    for lines in &change.lines {
        let _ = writeln!(page, "  {}", say!(ask_files_line, line = lines.line.to_string()));
        lines.before.iter().for_each(|line| page.push_str(&format!("  - {line}\n")));
        lines.after.iter().for_each(|line| page.push_str(&format!("  + {line}\n")));
    }
}

fn goes(page: &mut String, server: &MovedServer) {
    let said = match server.secrets.as_slice() {
        [] => say!(cli_adopt_signs_in, server = &server.name, place = &server.place),
        secrets => {
            say!(cli_adopt_keeps, server = &server.name, place = &server.place, secrets = secrets.join(", "))
        }
    };
    let _ = writeln!(page, "{said}");
}

fn stays(page: &mut String, one: &Staying) {
    let name = say!(cli_adopt_entry, entry = &one.name, program = &one.program, file = &one.file);
    let said = match one.secrets.as_slice() {
        [] => say!(cli_adopt_stays, entry = name, why = &one.why),
        secrets => say!(cli_adopt_secret_stays, entry = name, why = &one.why, secrets = secrets.join(", ")),
    };
    let _ = writeln!(page, "{said}");
}

fn copied(page: &mut String, one: &CopiedFile) {
    let _ = writeln!(page, "{}", say!(cli_adopt_copied, file = &one.file, secrets = one.secrets));
}
