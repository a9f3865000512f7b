//! `mcp-valet forward`: other hosts that are led here.

use crate::failure::Failure;
use crate::print::{json, line, plain};
use crate::proposal;
use clap::{Args, Subcommand};
use std::io::{self, Write};
use wire::{Client, Forward as Forwarded, ForwardState, NewForward};
use words::say;

/// What is done with forwards.
#[derive(Subcommand)]
pub(crate) enum Forward {
    /// Lead a host here by ssh. MCP Valet asks you about it.
    Ssh(Open),
    /// Lead a container of this machine here. MCP Valet asks you about it.
    Container(Open),
    /// List the hosts that are led here.
    #[command(name = "list")]
    All(All),
    /// End a forward. What goes by it ends at once.
    Close(Close),
}

/// A host to lead here.
#[derive(Args)]
pub(crate) struct Open {
    /// The host, as ssh is told it, or the name of the container.
    host: String,
    /// A server that can be used from there; may be given several times. All of them if absent.
    #[arg(long = "server", value_name = "SERVER")]
    servers: Vec<String>,
    /// Seconds to wait for you, where MCP Valet asks you about it.
    #[arg(long, value_name = "SECONDS", default_value_t = wire::DEFAULT_WAIT)]
    wait: u32,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// How to list.
#[derive(Args)]
pub(crate) struct All {
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// A forward to end.
#[derive(Args)]
pub(crate) struct Close {
    /// The host, or the number of the forward.
    forward: String,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

impl Forward {
    pub(crate) const fn wants_json(&self) -> bool {
        match self {
            Self::Ssh(open) | Self::Container(open) => open.json,
            Self::All(all) => all.json,
            Self::Close(close) => close.json,
        }
    }
}

pub(crate) async fn run(client: &Client, forward: Forward) -> Result<(), Failure> {
    match forward {
        Forward::Ssh(open) => {
            let asked = NewForward { ssh: Some(open.host.clone()), ..NewForward::default() };
            run_open(client, open, asked).await
        }
        Forward::Container(open) => {
            let asked = NewForward { container: Some(open.host.clone()), ..NewForward::default() };
            run_open(client, open, asked).await
        }
        Forward::All(all) => {
            let forwards = client.forwards().await?;
            if all.json { json(&forwards) } else { list(&forwards) }
        }
        Forward::Close(close) => {
            let closed = client.close_forward(&close.forward).await?;
            if close.json {
                return json(&closed);
            }
            line(&say!(cli_forward_closed, host = plain(&closed.host)))
        }
    }
}

async fn run_open(client: &Client, open: Open, asked: NewForward) -> Result<(), Failure> {
    let asked = NewForward { servers: open.servers, ..asked };
    let opened = match client.forward(&asked).await {
        Err(error) if proposal::is_asked(&error) && open.wait > 0 => {
            let _ = writeln!(io::stderr(), "{}", say!(cli_forward_asked, host = plain(&open.host)));
            client.forward(&NewForward { wait: Some(open.wait), ..asked }).await
        }
        opened => opened,
    };
    let opened = opened?;
    if open.json {
        return json(&opened);
    }
    let (host, servers) = (plain(&opened.host), plain(&opened.servers.join(", ")));
    let socket = plain(opened.socket.as_deref().unwrap_or_default());
    line(&say!(cli_forward_open, host = host, servers = servers, socket = &socket))?;
    line(&say!(cli_forward_use, socket = socket))
}

fn list(forwards: &[Forwarded]) -> Result<(), Failure> {
    if forwards.is_empty() {
        return line(&say!(cli_forward_none));
    }
    forwards.iter().try_for_each(|forward| {
        line(&told(forward))?;
        let refused = forward.refused;
        if refused > 0 { line(&say!(cli_forward_refused, count = refused)) } else { Ok(()) }
    })
}

fn told(forward: &Forwarded) -> String {
    let (number, host) = (forward.number, plain(&forward.host));
    match forward.state {
        ForwardState::Open => {
            say!(cli_forward_line, number = number, host = host, servers = plain(&forward.servers.join(", ")))
        }
        ForwardState::Lost => {
            let trouble = plain(forward.trouble.as_deref().unwrap_or_default());
            say!(cli_forward_line_lost, number = number, host = host, trouble = trouble)
        }
    }
}
