//! `mcp-valet door`: clients that know nothing but HTTP and OAuth.

use crate::failure::Failure;
use crate::print::{json, line, plain};
use clap::{Args, Subcommand};
use wire::{Client, WebClient};
use words::say;

/// What is done with clients of the door.
#[derive(Subcommand)]
pub(crate) enum Door {
    /// List the web clients that are let in.
    #[command(name = "list")]
    All(All),
    /// Let a web client in no more. What it does ends at once.
    TakeBack(TakeBack),
}

/// How to list.
#[derive(Args)]
pub(crate) struct All {
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// Which client it is.
#[derive(Args)]
pub(crate) struct TakeBack {
    /// The number of the web client.
    client: String,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

impl Door {
    pub(crate) const fn wants_json(&self) -> bool {
        match self {
            Self::All(all) => all.json,
            Self::TakeBack(one) => one.json,
        }
    }
}

pub(crate) async fn run(client: &Client, door: Door) -> Result<(), Failure> {
    match door {
        Door::All(all) => {
            let clients = client.web_clients().await?;
            if all.json { json(&clients) } else { list(&clients) }
        }
        Door::TakeBack(one) => {
            let ended = client.take_back(&one.client).await?;
            if one.json {
                return json(&ended);
            }
            line(&say!(cli_door_taken_back, name = plain(&ended.name), server = plain(&ended.server)))
        }
    }
}

fn list(clients: &[WebClient]) -> Result<(), Failure> {
    if clients.is_empty() {
        return line(&say!(cli_door_none));
    }
    clients.iter().try_for_each(|client| {
        let (name, server, redirect) = (plain(&client.name), plain(&client.server), plain(&client.redirect));
        line(&say!(cli_door_line, number = client.number, name = name, server = server, redirect = redirect))
    })
}
