//! `mcp-valet revoke` and what it and `remove` say of what happened.

use crate::failure::Failure;
use crate::print::{json, line, plain};
use clap::Args;
use jiff::tz::TimeZone;
use std::io::{self, BufRead, IsTerminal, Write};
use wire::{Client, ClientError, ClientOutcome, Code, Outcome, Problem, Removed, Revocation, RevokedAll};

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
        return line("Nothing was revoked.");
    }
    all_revoked(&client.revoke_all().await?, revoke.json)
}

/// Whether the person at the terminal means it.
fn agreed() -> Result<bool, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Usage(
            "revoking everything is not done without a word".to_owned(),
            "Write `mcp-valet revoke --all --yes`.".to_owned(),
        ));
    }
    let mut terminal = io::stderr();
    write!(terminal, "Revoke every sign-in and take back what you allowed programs? [y/N] ")?;
    terminal.flush()?;
    let mut word = String::new();
    io::stdin().lock().read_line(&mut word)?;
    Ok(matches!(word.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn revoked(revocation: &Revocation, as_json: bool) -> Result<(), Failure> {
    if as_json {
        json(revocation)?
    } else {
        say(revocation)?
    }
    if revocation.wiped { Ok(()) } else { Err(not_wiped(&format!("\"{}\"", revocation.server))) }
}

pub(crate) fn removed(removed: &Removed, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(removed);
    }
    say(&removed.revocation)?;
    line(&format!("\"{}\" is no longer in the configuration.", plain(&removed.revocation.server)))
}

fn all_revoked(all: &RevokedAll, as_json: bool) -> Result<(), Failure> {
    let revocations = || all.servers.iter().filter_map(|one| one.revocation.as_ref());
    if as_json {
        json(all)?;
    } else {
        revocations().try_for_each(say)?;
        line(if all.answers_wiped {
            "Every program that you allowed asks again. What you refused stays refused."
        } else {
            "Programs that you allowed ask again, but the vault still has those that you allowed for good."
        })?;
    }
    if revocations().all(|revocation| revocation.wiped) && all.answers_wiped {
        return Ok(());
    }
    Err(not_wiped("some servers"))
}

fn not_wiped(whose: &str) -> Failure {
    let detail = format!("the vault still has its copy of what {whose} was given");
    let advice = "Make it writable again (locked, or its disk full), then revoke again.";
    ClientError::from(Problem::new(Code::Locked, detail, advice)).into()
}

fn say(revocation: &Revocation) -> Result<(), Failure> {
    let name = plain(&revocation.server);
    let about_client = client(revocation.client);
    let outcomes = [revocation.refresh_token, revocation.access_token];
    if outcomes.iter().all(|outcome| *outcome == Outcome::Nothing) {
        return line(&format!("There was nothing to revoke for \"{name}\".{about_client}"));
    }
    if outcomes.contains(&Outcome::Unread) {
        return line(&format!("\"{name}\" is not revoked: the vault does not let it be read."));
    }
    line(&format!("\"{name}\" is revoked: {}.{about_client}{}", at_issuer(revocation), pending(revocation)))
}

/// What becomes of an answer that has not come yet, as a sentence of its own.
const fn pending(revocation: &Revocation) -> &'static str {
    if revocation.pending {
        " It was asked for new tokens and has not answered yet: what comes is ended at once."
    } else {
        ""
    }
}

fn at_issuer(revocation: &Revocation) -> String {
    let confirmed = [revocation.refresh_token, revocation.access_token].contains(&Outcome::Revoked);
    if !(revocation.self_contained && confirmed) || revocation.refresh_token == Outcome::Failed {
        return outcome(revocation).to_owned();
    }
    let end = revocation.ends_at.map(|end| end.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M"));
    let until = end.map_or_else(|| "without end".to_owned(), |end| format!("until {end}"));
    format!(
        "the issuer confirmed it; servers that check the last access token without asking may take it {until}"
    )
}

const fn outcome(revocation: &Revocation) -> &'static str {
    match (revocation.refresh_token, revocation.access_token) {
        (Outcome::Failed, _) | (Outcome::Nothing, Outcome::Failed) => {
            "the issuer did not confirm it; what it issued may live on there until it expires"
        }
        (Outcome::NotOffered, _) | (Outcome::Nothing, Outcome::NotOffered) => {
            "the issuer offers no revocation; what it issued lives on there until it expires"
        }
        (Outcome::Revoked, Outcome::Failed | Outcome::NotOffered) => {
            "the issuer confirmed it; the last access token may stay good there until it expires"
        }
        (Outcome::Unread, _) | (_, Outcome::Unread) => "the vault does not let it be read",
        (Outcome::Revoked | Outcome::Nothing, Outcome::Revoked | Outcome::Nothing) => {
            "the issuer confirmed it"
        }
    }
}

/// What became of the registration, as a sentence of its own.
const fn client(outcome: ClientOutcome) -> &'static str {
    match outcome {
        ClientOutcome::Nothing => "",
        ClientOutcome::Deregistered => " MCP Valet's registration there is deleted.",
        ClientOutcome::NotOffered => {
            " MCP Valet stays registered there: the issuer deletes no registrations."
        }
        ClientOutcome::Kept => " MCP Valet stays registered there, for signing in again.",
        ClientOutcome::Failed => {
            " MCP Valet may still be registered there: the issuer did not confirm the end."
        }
    }
}
