//! What the command line prints: plain lines for people, JSON for programs.

use crate::failure::Failure;
use serde::Serialize;
use std::io::{self, Write};
use wire::{Added, GrantState, Server};

/// Lines for a person. Whatever of it comes from outside gives the terminal no orders, and hides nothing.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", plain(text))?;
    Ok(out.flush()?)
}

/// An object for a program. What would mislead a person who reads it is written out, which to a program is
/// the same.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    line(&plain::json(&serde_json::to_string_pretty(value).map_err(io::Error::from)?))
}

pub(crate) use plain::shown as plain;

pub(crate) fn servers(servers: &[Server], as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(&servers);
    }
    if servers.is_empty() {
        return line("No servers yet. Add one with `mcp-valet add URL`.");
    }
    let width = servers.iter().map(|server| server.name.chars().count()).max().unwrap_or(0);
    for server in servers {
        let (name, url) = (plain(&server.name), plain(&server.url));
        let careful =
            server.look_alike.as_ref().map(|why| format!("  ({})", why.words())).unwrap_or_default();
        line(&format!("{name:width$}  {:24}  {url}{careful}", server.state.words()))?;
    }
    Ok(())
}

pub(crate) fn server(server: &Server, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(server);
    }
    line(&plain(&format!("{}  {}", server.name, server.url)))?;
    let row = |label: &str, value: String| line(&plain(&format!("  {label:15} {value}")));
    if let Some(why) = &server.look_alike {
        row("careful", format!("its name {}", why.words()))?;
    }
    row("state", server.state.words().to_owned())?;
    if let Some(issuer) = &server.issuer {
        row("signs in at", issuer.clone())?;
    }
    if let Some(account) = &server.account {
        row("as", account.clone())?;
    }
    if let Some(resource) = &server.other_resource {
        row("tokens are for", format!("{resource} (not for this server alone)"))?;
    }
    for issuer in &server.issuers {
        row("may sign in at", issuer.clone())?;
    }
    if !server.scopes_wanted.is_empty() {
        row("scopes wanted", server.scopes_wanted.join(" "))?;
    }
    if !server.scopes_granted.is_empty() {
        row("scopes granted", server.scopes_granted.join(" "))?;
    }
    if let Some(end) = server.expires_at {
        let renews = if server.renews { "renews by itself" } else { "then sign in again" };
        row("token until", format!("{end:.0} ({renews})"))?;
    }
    if server.grant == GrantState::Unsaved {
        row("not saved yet", "the vault did not take the token; it is tried again".to_owned())?;
    }
    if let Some(uri) = &server.redirect_uri {
        row("redirect URI", uri.clone())?;
    }
    for own in &server.agents {
        row("consent", format!("{}, since {:.0}", own.answer.words(), own.since))?;
        if let Some(extent) = own.extent() {
            row("", extent)?;
        }
        if let Some(last) = own.last_used {
            row("", format!("used {}, last {last:.0}", times(own.uses)))?;
        }
    }
    if let Some(agent) = &server.added_by {
        row("added by", agent.clone())?;
    }
    if let Some(problem) = &server.problem {
        row("problem", problem.detail.clone())?;
        row("what to do", problem.advice.clone())?;
    }
    Ok(())
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

pub(crate) fn added(added: &Added, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(added);
    }
    let name = plain(&added.server.name);
    match added.added {
        true => line(&format!(
            "Added \"{name}\". Sign in with {}.",
            plain::command("mcp-valet authorize", &[&added.server.name])
        )),
        false => line(&format!("\"{name}\" was there already.")),
    }
}

pub(crate) fn signed_in(server: &Server, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(server);
    }
    line(&format!("\"{}\" is ready.", plain(&server.name)))
}

pub(crate) fn declined(server: &Server, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(server);
    }
    line(&format!(
        "Until the valet ends, no program gets \"{}\", and you are not asked to sign in to it.",
        plain(&server.name)
    ))
}
