//! `mcp-valet import`: what other programs list, and adding what the person chooses of it.

use crate::failure::Failure;
use crate::print;
use crate::proposal;
use ::import::{Client as Program, Folders, Listing, Offer, Seen, look};
use clap::Args;
use serde_json::{Value, json};
use std::env;
use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use wire::{Added, Client, ClientError, NewServer};
use words::say;

/// A look at other programs' lists.
#[derive(Args)]
pub(crate) struct Import {
    /// Look at this program's list alone, such as claude-code or cursor.
    #[arg(long, value_name = "CLIENT")]
    from: Option<Program>,
    /// Add what is suggested, and ask nothing.
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only show it.
    #[arg(long)]
    dry_run: bool,
    /// Seconds to wait for you, for each server with settings that MCP Valet asks you about.
    #[arg(long, value_name = "SECONDS", default_value_t = wire::DEFAULT_WAIT)]
    wait: u32,
    /// Answer in JSON; asks nothing.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(client: &Client, options: Import) -> Result<(), Failure> {
    let there = client.servers().await?;
    let folders = Folders::from_env(env::current_dir().ok()).ok_or_else(no_home)?;
    let findings = look(&folders, options.from);
    let there = there.iter().map(|server| (server.name.as_str(), server.url.as_str()));
    let listing = ::import::listing(findings, there);
    if options.json {
        return in_json(client, &listing, options.yes, options.wait).await;
    }
    let (new, known): (Vec<&Offer>, Vec<&Offer>) = listing.servers.iter().partition(|offer| offer.is_new());
    print::line(page(&listing, &new, &known, &folders).trim_end())?;
    if new.is_empty() {
        return Ok(());
    }
    let suggested: Vec<&Offer> = new.iter().copied().filter(|offer| offer.is_suggested()).collect();
    let asks = !options.dry_run && !options.yes && io::stdin().is_terminal() && io::stdout().is_terminal();
    let chosen = match asks {
        true => ask(&new, &suggested)?,
        false if options.yes => suggested,
        false => {
            return print::line(&format!("\n{}", say!(cli_import_how)));
        }
    };
    add(client, &chosen, options.wait).await
}

fn no_home() -> Failure {
    Failure::Usage(say!(cli_import_no_home), say!(cli_import_no_home_advice))
}

/// Everything that was found, as a person reads it.
fn page(listing: &Listing, new: &[&Offer], known: &[&Offer], folders: &Folders) -> String {
    let mut page = String::new();
    if listing.servers.is_empty() && listing.others.is_empty() {
        page.push_str(&say!(cli_import_none));
    } else if new.is_empty() {
        page.push_str(&say!(cli_import_nothing_new));
    } else {
        page.push_str(&say!(cli_import_listed));
    }
    page.push('\n');
    let width = |offers: &[&Offer]| offers.iter().map(|offer| offer.name.chars().count()).max().unwrap_or(0);
    let (name, url) =
        (width(new), new.iter().map(|offer| offer.url.chars().count()).max().unwrap_or(0).min(60));
    for (number, offer) in (1..).zip(new) {
        let line = format!("{number:4}  {:name$}  {:url$}  {}\n", offer.name, offer.url, programs(offer));
        page.push_str(&line);
        let left = offer.left.iter().map(|left| left.words());
        let off = offer.disabled.then(|| say!(cli_import_switched_off));
        let older = offer.older_transport.then(|| say!(cli_import_older));
        for words in off.into_iter().chain(older).chain(left) {
            page.push_str(&format!("      {:name$}  {words}\n", ""));
        }
    }
    if !known.is_empty() {
        let _ = writeln!(page, "\n{}", say!(cli_import_here));
    }
    for offer in known {
        page.push_str(&format!("      {}  {}  {}\n", offer.name, offer.url, programs(offer)));
    }
    if !listing.others.is_empty() {
        let _ = writeln!(page, "\n{}", say!(cli_import_others));
    }
    for other in &listing.others {
        page.push_str(&format!("      {} ({}) {}\n", other.seen.name, place(&other.seen), other.why.words()));
    }
    for notice in &listing.notices {
        let file = Path::new(&notice.file);
        let file = file
            .strip_prefix(&folders.home)
            .map_or_else(|_| notice.file.clone(), |rest| format!("~/{}", rest.display()));
        let notice = say!(
            cli_import_notice,
            file = file,
            trouble = &notice.trouble,
            program = notice.program.to_string()
        );
        let _ = writeln!(page, "\n{notice}");
    }
    print::plain(&page)
}

/// Such as "Claude Code, Cursor".
fn programs(offer: &Offer) -> String {
    let mut names: Vec<&str> = offer.seen.iter().map(|seen| seen.program.as_str()).collect();
    names.dedup();
    names.join(", ")
}

fn place(seen: &Seen) -> String {
    match &seen.project {
        Some(project) => format!("{}, {project}", seen.program),
        None => seen.program.clone(),
    }
}

/// Asks until the answer is understood; the end of the input is a no.
fn ask<'a>(new: &[&'a Offer], suggested: &[&'a Offer]) -> Result<Vec<&'a Offer>, Failure> {
    let question = match suggested.len() {
        0 => say!(cli_import_which),
        count => say!(cli_import_sure, count = count),
    };
    let mut lines = io::stdin().lock().lines();
    loop {
        let mut out = io::stdout().lock();
        write!(out, "\n{question} ")?;
        out.flush()?;
        let Some(line) = lines.next() else { return Ok(Vec::new()) };
        if let Some(chosen) = choice(&line?, new, suggested) {
            return Ok(chosen);
        }
        writeln!(out, "{}", say!(cli_import_answer, count = new.len()))?;
    }
}

/// What an answer chooses; `None` if it is none.
fn choice<'a>(line: &str, new: &[&'a Offer], suggested: &[&'a Offer]) -> Option<Vec<&'a Offer>> {
    match line.trim().to_lowercase().as_str() {
        "" | "n" | "no" => return Some(Vec::new()),
        "y" | "yes" => return Some(suggested.to_vec()),
        _ => {}
    }
    let words = line.split([' ', ',', '\t']).map(str::trim).filter(|word| !word.is_empty());
    let one = |word: &str| new.get(word.parse::<usize>().ok()?.checked_sub(1)?).copied();
    let chosen: Vec<&Offer> = words.map(one).collect::<Option<_>>()?;
    // In the order of the list, and each once.
    Some(new.iter().copied().filter(|offer| chosen.contains(offer)).collect())
}

/// Adds one after the other. What fails is told, and the others are added all the same.
async fn add(client: &Client, chosen: &[&Offer], wait: u32) -> Result<(), Failure> {
    if chosen.is_empty() {
        return print::line(&say!(cli_import_nothing_added));
    }
    let mut failed = None;
    for (offer, added) in each(client, chosen, wait).await {
        match added {
            Ok(added) => print::line(&print::plain(&say!(cli_import_added, server = added.server.name)))?,
            Err(error) => {
                let failure = Failure::from(error);
                let name = say!(cli_server, server = &offer.name);
                writeln!(io::stderr(), "{name}: {}", failure.message(false).unwrap_or_default())?;
                failed.get_or_insert(failure.exit());
            }
        }
    }
    print::line(&format!("\n{}", say!(cli_import_done)))?;
    failed.map_or(Ok(()), |exit| Err(Failure::Said(exit)))
}

/// What became of each. Those that the person is asked about are all put to them first, and then waited for.
async fn each<'a>(
    client: &Client,
    chosen: &[&'a Offer],
    wait: u32,
) -> Vec<(&'a Offer, Result<Added, ClientError>)> {
    let mut all = Vec::new();
    for offer in chosen {
        all.push((*offer, client.add(&wanted(offer)).await));
    }
    for (offer, added) in &mut all {
        if added.as_ref().is_err_and(proposal::is_asked) {
            *added = proposal::add(client, wanted(offer), wait).await;
        }
    }
    all
}

fn wanted(offer: &Offer) -> NewServer {
    NewServer {
        name: Some(offer.name.clone()),
        oauth: offer.oauth.clone(),
        headers: offer.headers.clone(),
        ..NewServer::at(offer.url.clone())
    }
}

/// The listing, and what became of adding what it suggests.
async fn in_json(client: &Client, listing: &Listing, yes: bool, wait: u32) -> Result<(), Failure> {
    let (mut done, mut failed, mut exit) = (Vec::new(), Vec::new(), None);
    let suggested: Vec<&Offer> = listing.servers.iter().filter(|offer| yes && offer.is_suggested()).collect();
    for (offer, added) in each(client, &suggested, wait).await {
        match added {
            Ok(added) => done.push(added.server.name),
            Err(error) => {
                failed.push(told(&offer.name, &error));
                exit.get_or_insert(error.exit());
            }
        }
    }
    let mut answer = serde_json::to_value(listing).map_err(io::Error::from)?;
    if yes {
        answer["added"] = json!(done);
        answer["failed"] = json!(failed);
    }
    print::json(&answer)?;
    exit.map_or(Ok(()), |exit| Err(Failure::Said(exit)))
}

fn told(name: &str, error: &ClientError) -> Value {
    json!({ "name": name, "code": error.code(), "detail": error.to_string(), "advice": error.advice() })
}
