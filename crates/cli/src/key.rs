//! `mcp-valet key`: the keys of servers. One is given to the valet and never comes back.

use crate::failure::Failure;
use crate::print::{json, line, plain};
use crate::{proposal, secret};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use wire::{Client, KeyText, Server, ServerKey, SetKey};
use words::say;

/// What is done with keys.
#[derive(Subcommand)]
pub(crate) enum Key {
    /// Give a server its key: typed, or by standard input. MCP Valet asks you about it.
    Set(Set),
    /// Wipe a server's key.
    Remove(Named),
    /// List the keys that a server takes.
    List(Listing),
}

/// A key to set.
#[derive(Args)]
pub(crate) struct Set {
    #[command(flatten)]
    key: Named,
    /// Seconds to wait for you, where MCP Valet asks you about it.
    #[arg(long, value_name = "SECONDS", default_value_t = wire::DEFAULT_WAIT)]
    wait: u32,
}

/// A key of a server.
#[derive(Args)]
pub(crate) struct Named {
    /// The server's name or URL.
    server: String,
    /// The key's name in the server's headers, where it takes several.
    key: Option<String>,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// A server whose keys are listed.
#[derive(Args)]
pub(crate) struct Listing {
    /// The server's name or URL.
    server: String,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

impl Key {
    pub(crate) const fn wants_json(&self) -> bool {
        match self {
            Self::Set(set) => set.key.json,
            Self::Remove(key) => key.json,
            Self::List(listing) => listing.json,
        }
    }
}

pub(crate) async fn run(client: &Client, key: Key) -> Result<(), Failure> {
    match key {
        Key::Set(set) => run_set(client, set).await,
        Key::Remove(named) => {
            let server = client.server(&named.server).await?;
            let key = only(&server, named.key.as_deref())?;
            let server = client.wipe_key(&server.name, &key).await?;
            if named.json { json(&server) } else { removed(&server) }
        }
        Key::List(listing) => {
            let server = client.server(&listing.server).await?;
            if listing.json { json(&server.keys) } else { list(&server) }
        }
    }
}

async fn run_set(client: &Client, set: Set) -> Result<(), Failure> {
    let server = client.server(&set.key.server).await?;
    let key = only(&server, set.key.key.as_deref())?;
    let typed = secret::typed(&say!(cli_key_prompt, server = plain(&server.name))).await?;
    let typed = typed.ok_or_else(|| Failure::Usage(say!(cli_key_none), say!(cli_key_none_advice)))?;
    let secret = KeyText::new(typed);
    let asked = SetKey { secret, wait: None };
    let kept = match client.set_key(&server.name, &key, &asked).await {
        Err(error) if proposal::is_asked(&error) && set.wait > 0 => {
            let _ = writeln!(io::stderr(), "{}", say!(cli_key_asked, server = plain(&server.name)));
            client.set_key(&server.name, &key, &SetKey { wait: Some(set.wait), ..asked }).await
        }
        kept => kept,
    };
    let server = kept?;
    if set.key.json { json(&server) } else { line(&say!(cli_key_set, server = plain(&server.name))) }
}

/// The name of the key that is meant: the only one, unless one is named.
fn only(server: &Server, named: Option<&str>) -> Result<String, Failure> {
    match (named, server.keys.as_slice()) {
        (Some(named), _) => Ok(named.to_owned()),
        (None, [one]) => Ok(one.name.clone()),
        (None, []) => Err(Failure::Usage(
            say!(cli_key_takes_none, server = plain(&server.name)),
            say!(cli_key_takes_none_advice),
        )),
        (None, several) => {
            let names = several.iter().map(|key| plain(&key.name)).collect::<Vec<_>>().join(", ");
            let detail = say!(cli_key_several, server = plain(&server.name));
            Err(Failure::Usage(detail, say!(cli_key_several_advice, names = names)))
        }
    }
}

fn removed(server: &Server) -> Result<(), Failure> {
    line(&say!(cli_key_removed, server = plain(&server.name)))?;
    match &server.key_page {
        Some(page) => line(&say!(cli_key_end_at, page = page)),
        None => line(&say!(cli_key_end)),
    }
}

fn list(server: &Server) -> Result<(), Failure> {
    if server.keys.is_empty() {
        return line(&say!(cli_key_takes_none, server = plain(&server.name)));
    }
    server.keys.iter().try_for_each(|key| line(&told(key)))
}

/// One key in a line: its name, the headers that it goes into, and since when.
pub(crate) fn told(key: &ServerKey) -> String {
    let since = match (&key.set_at, &key.set_by) {
        (None, _) => say!(cli_key_missing),
        (Some(at), None) => say!(cli_key_since, at = format!("{at:.0}")),
        (Some(at), Some(by)) => say!(cli_key_since_by, at = format!("{at:.0}"), agent = plain(by)),
    };
    format!("{}  {}  {since}", plain(&key.name), plain(&key.headers.join(", ")))
}
