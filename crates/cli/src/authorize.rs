//! `mcp-valet authorize`: open the page, and wait until the person has come back.

use crate::failure::Failure;
use crate::print;
use clap::Args;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;
use tokio::sync::mpsc;
use url::Url;
use wire::{
    AttemptState, Authorization, AuthorizeRequest, Client, ClientError, DeviceCode, Finish, GrantState,
    Problem, Reason, Server,
};
use words::say;

/// How often it is looked whether there is something to tell.
const LOOK: Duration = Duration::from_secs(1);

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
    if let Some(resource) = &authorization.other_resource {
        writeln!(io::stderr(), "{}", print::plain(&say!(cli_authorize_resource, resource = resource)))?;
    }
    if let Some(device) = &authorization.device {
        show_code(&authorization, device, options.json)?;
        let server = client.settled(&authorization.server, options.wait).await?;
        return finished(client, &server, options.json).await;
    }
    let opened = !options.no_browser && open(&authorization);
    let mut out = io::stderr();
    if opened {
        let opened = say!(cli_authorize_opened, server = &authorization.server);
        writeln!(out, "{}", print::plain(&opened))?;
    } else {
        let open = say!(cli_authorize_open, server = &authorization.server);
        writeln!(out, "{}\n", print::plain(&open))?;
        // With --json, standard output belongs to the one object at the end.
        if options.json {
            writeln!(out, "{}", print::plain(&authorization.authorization_url))?;
        } else {
            print::line(&authorization.authorization_url)?;
        }
        if can_paste() {
            let begin = authorization.redirect_uri.as_deref().unwrap_or_default();
            writeln!(out, "\n{}", print::plain(&say!(cli_authorize_paste, begin = begin)))?;
        }
    }
    let server = wait(client, &authorization, options.wait).await?;
    finished(client, &server, options.json).await
}

/// With --json, standard output belongs to the one object at the end.
fn show_code(authorization: &Authorization, device: &DeviceCode, json: bool) -> Result<(), Failure> {
    let text = format!(
        "{}\n\n    {}\n\n{}\n\n    {}\n",
        say!(cli_authorize_device, server = &authorization.server),
        device.verification_uri,
        say!(cli_authorize_device_code),
        device.user_code
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
    let news = say_news(client, &authorization.server);
    tokio::pin!(settled, news);
    loop {
        tokio::select! {
            server = &mut settled => return Ok(server?),
            never = &mut news => match never {},
            Some(line) = pasted.recv() => if let Some(server) = finish(client, authorization, &line).await? {
                return Ok(server);
            },
        }
    }
}

/// Says, once each, what whoever waits should know meanwhile.
async fn say_news(client: &Client, server: &str) -> std::convert::Infallible {
    let mut said: Vec<Problem> = Vec::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = client.server(server).await.ok().filter(|now| now.attempt == AttemptState::Waiting);
        let news = now.and_then(|now| now.problem).filter(is_news);
        if let Some(news) = news.filter(|news| !said.contains(news)) {
            let text = print::plain(&format!("{}.\n  {}", news.detail, news.advice));
            let _ = writeln!(io::stderr(), "mcp-valet: {text}\n{}", say!(cli_authorize_waiting));
            said.push(news);
        }
    }
}

/// Whether it is about the sign-in that is waited for, and not about what there was before.
fn is_news(problem: &Problem) -> bool {
    let about_waiting =
        [Reason::IssuerSlow, Reason::NotBackYet, Reason::CallbackRefused, Reason::CallbackIssuerMismatch];
    problem.reason().is_some_and(|reason| about_waiting.contains(&reason))
}

/// Finishes with what was pasted. Nothing, if that was the wrong thing and the sign-in is waited for still.
async fn finish(
    client: &Client,
    authorization: &Authorization,
    line: &str,
) -> Result<Option<Server>, Failure> {
    if line == authorization.authorization_url {
        try_again(&say!(cli_authorize_page), &say!(cli_authorize_page_advice))?;
        return Ok(None);
    }
    let url = address(line, authorization.redirect_uri.as_deref().unwrap_or_default());
    let error = match client.finish(&authorization.server, &Finish { url }).await {
        // The issuer takes its time to confirm it.
        Ok(server) if server.attempt == AttemptState::Waiting => return Ok(None),
        Ok(server) => return Ok(Some(server)),
        Err(error) => error,
    };
    let now = client.server(&authorization.server).await?;
    if now.attempt != AttemptState::Waiting {
        return Err(error.into());
    }
    try_again(&error.to_string(), &error.advice())?;
    Ok(None)
}

fn try_again(detail: &str, advice: &str) -> io::Result<()> {
    let said = print::plain(&format!("mcp-valet: {detail}\n  {advice}"));
    writeln!(io::stderr(), "{said}\n{}", say!(cli_authorize_try_again))
}

/// The address in what was pasted: without quotes around it, and with the scheme that browsers like to hide.
fn address(line: &str, redirect_uri: &str) -> String {
    let line = line.trim_matches(['"', '\'', '<', '>', '`']);
    let hidden = redirect_uri.split_once("://").filter(|(_, shown)| line.starts_with(shown));
    hidden.map_or_else(|| line.to_owned(), |(scheme, _)| format!("{scheme}://{line}"))
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

async fn finished(client: &Client, server: &Server, json: bool) -> Result<(), Failure> {
    if let Some(problem) = server.problem.clone().filter(|_| server.attempt == AttemptState::Failed) {
        return Err(ClientError::from(problem).into());
    }
    if !matches!(server.grant, GrantState::Live | GrantState::Unsaved) || server.attempt != AttemptState::None
    {
        return Err(ClientError::from(not_finished(client, server).await).into());
    }
    print::signed_in(server, json)
}

async fn not_finished(client: &Client, server: &Server) -> Problem {
    if client.health().await.is_ok_and(|health| health.locked) {
        let detail = say!(cli_authorize_locked, server = &server.name);
        return Problem::new(wire::Code::Locked, detail, say!(cli_authorize_locked_advice));
    }
    let code = if server.declined { wire::Code::Declined } else { wire::Code::Timeout };
    let detail = say!(cli_authorize_unfinished, server = &server.name);
    let again = plain::command("mcp-valet authorize", &[&server.name]);
    let advice = match &server.redirect_uri {
        Some(uri) => say!(cli_authorize_unfinished_registered, command = again, uri = uri),
        None => say!(cli_authorize_unfinished_advice, command = again),
    };
    Problem::new(code, detail, advice)
}

/// Only the web: a provider must not make us start another program. Its address is an argument, never a
/// shell's text.
fn open(authorization: &Authorization) -> bool {
    let url = Url::parse(&authorization.authorization_url).ok();
    let web = url.filter(|url| matches!(url.scheme(), "https" | "http"));
    web.is_some_and(|url| webbrowser::open(url.as_str()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn what_browsers_and_chats_do_to_an_address_is_undone() {
        let redirect_uri = "http://127.0.0.1:3118/callback";
        let whole = "http://127.0.0.1:3118/callback?code=a&state=b";
        for pasted in [
            whole,
            "127.0.0.1:3118/callback?code=a&state=b",
            "<http://127.0.0.1:3118/callback?code=a&state=b>",
        ] {
            assert_eq!(address(pasted, redirect_uri), whole);
        }
        assert_eq!(address("hello", redirect_uri), "hello");
    }
}
