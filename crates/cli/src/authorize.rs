//! `mcp-valet authorize`: open the page, and wait until the person has come back.

use crate::failure::Failure;
use crate::print;
use clap::Args;
use std::io::{self, BufRead, IsTerminal, Write};
use tokio::sync::mpsc;
use url::Url;
use wire::{
    Authorization, AuthorizeRequest, Client, ClientError, DeviceCode, Finish, GrantState, Problem, Server,
};

/// A sign-in to begin.
#[derive(Args)]
pub(crate) struct Authorize {
    /// The server's name or URL.
    server: String,
    /// Print the address instead of opening a browser; the address that it ends at can be pasted.
    #[arg(long)]
    no_browser: bool,
    /// Sign in on another device: print a page and a code to type there.
    #[arg(long, conflicts_with = "no_browser")]
    device: bool,
    /// Where to sign in, if the server lets you choose.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Seconds to wait for you.
    #[arg(long, value_name = "SECONDS", default_value_t = wire::MAX_WAIT)]
    wait: u32,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(client: &Client, options: Authorize) -> Result<(), Failure> {
    let request = AuthorizeRequest { issuer: options.issuer.clone(), device: options.device };
    let authorization = client.authorize(&options.server, &request).await?;
    if let Some(device) = &authorization.device {
        show_code(&authorization, device, options.json)?;
        let server = client.settled(&authorization.server, options.wait).await?;
        return finished(&server, options.json);
    }
    let opened = !options.no_browser && open(&authorization);
    let mut out = io::stderr();
    if opened {
        writeln!(
            out,
            "Opened your browser to sign in to {}. Waiting for you to come back…",
            print::plain(&authorization.server)
        )?;
    } else {
        writeln!(
            out,
            "Open this address in a browser to sign in to {}:\n",
            print::plain(&authorization.server)
        )?;
        // With --json, standard output belongs to the one object at the end.
        if options.json {
            writeln!(out, "{}", authorization.authorization_url)?;
        } else {
            print::line(&authorization.authorization_url)?;
        }
        if can_paste() {
            writeln!(
                out,
                "\nIf the browser is on another machine, paste here the address that it ends at, then press Enter."
            )?;
        }
    }
    let server = wait(client, &authorization, options.wait).await?;
    finished(&server, options.json)
}

/// With --json, standard output belongs to the one object at the end.
fn show_code(authorization: &Authorization, device: &DeviceCode, json: bool) -> Result<(), Failure> {
    let text = format!(
        "To sign in to {}, open this page on any device:\n\n    {}\n\nand type this code there:\n\n    {}\n",
        authorization.server, device.verification_uri, device.user_code
    );
    let text = print::plain(&text);
    if json {
        return Ok(writeln!(io::stderr(), "{text}")?);
    }
    print::line(&text)
}

/// Waits for the browser to come back, or for the person to paste where it ended.
async fn wait(client: &Client, authorization: &Authorization, seconds: u32) -> Result<Server, Failure> {
    let mut pasted = read_pasted();
    let settled = client.settled(&authorization.server, seconds);
    tokio::pin!(settled);
    loop {
        tokio::select! {
            server = &mut settled => return Ok(server?),
            Some(line) = pasted.recv() => match client.finish(&authorization.server, &Finish { url: line }).await {
                Ok(server) => return Ok(server),
                Err(error) => writeln!(io::stderr(), "{}\n  {}", print::plain(&error.to_string()), print::plain(error.advice()))?,
            },
        }
    }
}

fn can_paste() -> bool {
    io::stdin().is_terminal()
}

fn read_pasted() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(1);
    if can_paste() {
        std::thread::spawn(move || {
            let lines = io::stdin().lock().lines().map_while(Result::ok);
            for line in lines.filter(|line| !line.trim().is_empty()) {
                if sender.blocking_send(line.trim().to_owned()).is_err() {
                    return;
                }
            }
        });
    }
    lines
}

fn finished(server: &Server, json: bool) -> Result<(), Failure> {
    if let Some(problem) = server.problem.clone().filter(|_| server.attempt == wire::AttemptState::Failed) {
        return Err(ClientError::from(problem).into());
    }
    if !matches!(server.grant, GrantState::Live | GrantState::Unsaved)
        || server.attempt != wire::AttemptState::None
    {
        return Err(ClientError::from(not_finished(server)).into());
    }
    print::signed_in(server, json)
}

fn not_finished(server: &Server) -> Problem {
    let code = if server.declined { wire::Code::Declined } else { wire::Code::Timeout };
    let detail = format!("the sign-in to \"{}\" was not finished", server.name);
    let registered = server.redirect_uri.as_ref().map(|uri| {
        format!(" If the page showed an error instead of a sign-in, check that your app there has exactly the redirect URI {uri}.")
    });
    let advice =
        format!("Run `mcp-valet authorize {}` again.{}", server.name, registered.unwrap_or_default());
    Problem::new(code, detail, advice)
}

/// Only the web: a provider must not make us start another program. Its address is an argument, never a shell's text.
fn open(authorization: &Authorization) -> bool {
    let url = Url::parse(&authorization.authorization_url).ok();
    let web = url.filter(|url| matches!(url.scheme(), "https" | "http"));
    web.is_some_and(|url| webbrowser::open(url.as_str()).is_ok())
}
