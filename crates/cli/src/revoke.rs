//! `mcp-valet revoke` and what it and `remove` say of what happened.

use crate::failure::Failure;
use crate::print::{json, line, plain};
use clap::Args;
use jiff::tz::TimeZone;
use std::io::{self, BufRead, IsTerminal, Write};
use wire::{Client, ClientError, ClientOutcome, Code, Outcome, Problem, Removed, Revocation, RevokedAll};
use words::say;

/// What to revoke.
#[derive(Args)]
pub(crate) struct Revoke {
    /// The server's name or URL.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    server: Option<String>,
    /// Everything: every server's tokens, MCP Valet's registrations, and what you allowed programs.
    #[arg(long)]
    all: bool,
    /// Do not ask first.
    #[arg(long, requires = "all", conflicts_with = "server")]
    yes: bool,
    /// End MCP Valet's registration at the issuer too, unless another server uses it.
    #[arg(long, conflicts_with = "all")]
    client: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(client: &Client, revoke: Revoke) -> Result<(), Failure> {
    if let Some(server) = &revoke.server {
        let asked = wire::Revoke { client: revoke.client };
        return revoked(&client.revoke(server, &asked).await?, revoke.json);
    }
    if !revoke.yes && !agreed()? {
        return line(&say!(cli_revoke_nothing));
    }
    all_revoked(&client.revoke_all().await?, revoke.json)
}

/// Whether the person at the terminal means it.
fn agreed() -> Result<bool, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Usage(say!(cli_revoke_silently), say!(cli_revoke_silently_advice)));
    }
    let mut terminal = io::stderr();
    write!(terminal, "{} [y/N] ", say!(cli_revoke_sure))?;
    terminal.flush()?;
    let mut word = String::new();
    io::stdin().lock().read_line(&mut word)?;
    Ok(matches!(word.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn revoked(revocation: &Revocation, as_json: bool) -> Result<(), Failure> {
    if as_json {
        json(revocation)?
    } else {
        tell(revocation)?
    }
    wiped(revocation)
}

pub(crate) fn removed(removed: &Removed, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(removed);
    }
    tell(&removed.revocation)?;
    line(&say!(cli_revoke_removed, server = plain(&removed.revocation.server)))?;
    wiped(&removed.revocation)
}

fn wiped(revocation: &Revocation) -> Result<(), Failure> {
    unreached(revocation)?;
    match revocation {
        Revocation { in_file: true, .. } => Err(in_file([revocation])),
        Revocation { wiped: true, .. } => Ok(()),
        _ => Err(not_wiped(say!(cli_revoke_not_wiped, server = &revocation.server))),
    }
}

fn all_revoked(all: &RevokedAll, as_json: bool) -> Result<(), Failure> {
    let revocations = || all.servers.iter().filter_map(|one| one.revocation.as_ref());
    if as_json {
        json(all)?;
    } else {
        revocations().try_for_each(|one| tell(one).and_then(|()| unreached(one)))?;
        line(&if all.answers_wiped { say!(cli_revoke_asks) } else { say!(cli_revoke_asks_but) })?;
    }
    if revocations().all(|revocation| revocation.wiped) && all.answers_wiped {
        return Ok(());
    }
    if revocations().any(|revocation| revocation.in_file) {
        return Err(in_file(revocations().filter(|revocation| revocation.in_file)));
    }
    Err(not_wiped(say!(cli_revoke_some_not_wiped)))
}

/// Machines that share the vault and learn it later.
fn unreached(revocation: &Revocation) -> Result<(), Failure> {
    if revocation.unreached.is_empty() {
        return Ok(());
    }
    let machines: Vec<String> = revocation.unreached.iter().map(|machine| plain(machine)).collect();
    line(&say!(cli_revoke_unreached, machines = machines.join(", ")))
}

fn not_wiped(detail: String) -> Failure {
    let advice = say!(cli_revoke_not_wiped_advice);
    ClientError::from(Problem::new(Code::Locked, detail, advice)).into()
}

fn in_file<'a>(revocations: impl IntoIterator<Item = &'a Revocation>) -> Failure {
    let names: Vec<String> =
        revocations.into_iter().map(|revocation| format!("\"{}\"", plain(&revocation.server))).collect();
    let (detail, advice) =
        (say!(cli_revoke_in_file, servers = names.join(", ")), say!(cli_revoke_in_file_advice));
    ClientError::from(Problem::new(Code::InvalidRequest, detail, advice)).into()
}

fn tell(revocation: &Revocation) -> Result<(), Failure> {
    let name = plain(&revocation.server);
    let about_client = client(revocation.client);
    let outcomes = [revocation.refresh_token, revocation.access_token];
    if revocation.keys > 0 && !revocation.wiped {
        // That it is there still is said as an error.
        return Ok(());
    }
    if revocation.keys > 0 {
        let end = match &revocation.key_page {
            Some(page) => say!(cli_key_end_at, page = page),
            None => say!(cli_key_end),
        };
        return line(&sentences([say!(cli_key_removed, server = name), end]));
    }
    if outcomes.iter().all(|outcome| *outcome == Outcome::Nothing) {
        return line(&sentences([say!(cli_revoke_nothing_for, server = name), about_client]));
    }
    if outcomes.contains(&Outcome::Unread) {
        return line(&say!(cli_revoke_unread, server = name));
    }
    let done = say!(cli_revoke_done, server = name, how = at_issuer(revocation));
    line(&sentences([done, about_client, pending(revocation)]))
}

/// What becomes of an answer that has not come yet, as a sentence of its own.
fn pending(revocation: &Revocation) -> String {
    if revocation.pending { say!(cli_revoke_pending) } else { String::new() }
}

/// Those that there are, one after the other.
fn sentences<const N: usize>(all: [String; N]) -> String {
    let all: Vec<String> = all.into_iter().filter(|sentence| !sentence.is_empty()).collect();
    all.join(" ")
}

fn at_issuer(revocation: &Revocation) -> String {
    let confirmed = [revocation.refresh_token, revocation.access_token].contains(&Outcome::Revoked);
    if !(revocation.self_contained && confirmed) || revocation.refresh_token == Outcome::Failed {
        return outcome(revocation);
    }
    let end = revocation.ends_at.map(|end| end.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M"));
    match end {
        Some(end) => say!(cli_revoke_confirmed_until, end = end.to_string()),
        None => say!(cli_revoke_confirmed_endless),
    }
}

fn outcome(revocation: &Revocation) -> String {
    match (revocation.refresh_token, revocation.access_token) {
        (Outcome::Failed, _) | (Outcome::Nothing, Outcome::Failed) => {
            say!(cli_revoke_unconfirmed)
        }
        (Outcome::NotOffered, _) | (Outcome::Nothing, Outcome::NotOffered) => {
            say!(cli_revoke_not_offered)
        }
        (Outcome::Revoked, Outcome::Failed | Outcome::NotOffered) => {
            say!(cli_revoke_last_token)
        }
        (Outcome::Unread, _) | (_, Outcome::Unread) => say!(cli_revoke_vault_shut),
        (Outcome::Revoked | Outcome::Nothing, Outcome::Revoked | Outcome::Nothing) => {
            say!(cli_revoke_confirmed)
        }
    }
}

/// What became of the registration, as a sentence of its own.
fn client(outcome: ClientOutcome) -> String {
    match outcome {
        ClientOutcome::Nothing => String::new(),
        ClientOutcome::Deregistered => say!(cli_revoke_client_deleted),
        ClientOutcome::NotOffered => {
            say!(cli_revoke_client_stays)
        }
        ClientOutcome::Kept => say!(cli_revoke_client_kept),
        ClientOutcome::Failed => {
            say!(cli_revoke_client_unconfirmed)
        }
    }
}
