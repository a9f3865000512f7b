//! What the command line prints: plain lines for people, JSON for programs.

use crate::failure::Failure;
use serde::Serialize;
use std::io::{self, Write};
use wire::{Added, CredentialKind, GrantState, Server, ServerState};
use words::say;

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
        return line(&say!(cli_list_none));
    }
    let width = servers.iter().map(|server| server.name.chars().count()).max().unwrap_or(0);
    for server in servers {
        let (name, url) = (plain(&server.name), plain(&server.url));
        let careful =
            server.look_alike.as_ref().map(|why| format!("  ({})", why.words())).unwrap_or_default();
        let account = server.account.as_ref();
        let account = account.map(|account| format!("  {} {}", say!(cli_row_as), plain(account)));
        let account = account.unwrap_or_default();
        let runs = runs(server).map(|runs| format!("  ({runs})")).unwrap_or_default();
        line(&format!("{name:width$}  {:24}  {url}{account}{runs}{careful}", server.state.words()))?;
    }
    Ok(())
}

/// That it is a program of this machine, and whether that runs.
fn runs(server: &Server) -> Option<String> {
    let program = server.program.as_ref()?;
    Some(say!(cli_runs_here, running = program.running))
}

pub(crate) fn server(server: &Server, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(server);
    }
    line(&plain(&format!("{}  {}", server.name, server.url)))?;
    let row = |label: &str, value: String| line(&plain(&format!("  {label:15} {value}")));
    if let Some(why) = &server.look_alike {
        row(&say!(cli_row_careful), say!(cli_show_look_alike, how = why.words()))?;
    }
    row(&say!(cli_row_state), server.state.words())?;
    if let Some(issuer) = &server.issuer {
        row(&say!(cli_row_signs_in_at), issuer.clone())?;
    }
    if let Some(account) = &server.account {
        row(&say!(cli_row_as), account.clone())?;
    }
    if !server.folders.is_empty() {
        row(&say!(cli_row_folders), server.folders.join(", "))?;
    }
    if let Some(resource) = &server.other_resource {
        row(&say!(cli_row_tokens_for), say!(cli_show_other_resource, resource = resource))?;
    }
    for key in &server.keys {
        row(&say!(cli_row_key), crate::key::told(key))?;
    }
    for header in &server.headers {
        match server.program {
            Some(_) => row(&say!(cli_row_variable), format!("{}={}", header.name, header.value))?,
            None => row(&say!(cli_row_header), format!("{}: {}", header.name, header.value))?,
        }
    }
    if let Some(program) = &server.program {
        row(&say!(cli_row_program), runs(server).unwrap_or_default())?;
        if let Some(folder) = &program.cwd {
            row(&say!(cli_row_folder), folder.clone())?;
        }
    }
    for issuer in &server.issuers {
        row(&say!(cli_row_may_sign_in_at), issuer.clone())?;
    }
    if !server.scopes_wanted.is_empty() {
        row(&say!(cli_row_wanted), server.scopes_wanted.join(" "))?;
    }
    if !server.scopes_granted.is_empty() {
        row(&say!(cli_row_granted), server.scopes_granted.join(" "))?;
    }
    if let Some(end) = server.expires_at {
        let renews = if server.renews { say!(cli_show_renews) } else { say!(cli_show_then_again) };
        row(&say!(cli_row_token_until), format!("{end:.0} ({renews})"))?;
    }
    if server.grant == GrantState::Unsaved {
        row(&say!(cli_row_not_saved), say!(cli_show_unsaved))?;
    }
    if let Some(uri) = &server.redirect_uri {
        row(&say!(cli_row_redirect_uri), uri.clone())?;
    }
    if let Some(page) = server.client_page.as_ref().filter(|_| server.state == ServerState::NeedsClientId) {
        row(&say!(cli_row_register_at), page.clone())?;
    }
    for own in &server.agents {
        row(
            &say!(cli_row_consent),
            say!(cli_show_since, answer = own.answer.words(), since = format!("{:.0}", own.since)),
        )?;
        if let Some(extent) = own.extent() {
            row("", extent)?;
        }
        if let Some(last) = own.last_used {
            row("", say!(cli_show_used, count = own.uses, last = format!("{last:.0}")))?;
        }
    }
    if let Some(agent) = &server.added_by {
        row(&say!(cli_row_added_by), agent.clone())?;
    }
    if let Some(problem) = &server.problem {
        row(&say!(cli_row_problem), problem.detail.clone())?;
        row(&say!(cli_row_remedy), problem.advice.clone())?;
    }
    Ok(())
}

pub(crate) fn added(added: &Added, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(added);
    }
    let name = plain(&added.server.name);
    let lacks_key =
        added.server.credential == CredentialKind::Key && added.server.state != ServerState::Ready;
    match added.added {
        true if lacks_key => line(&say!(
            cli_added,
            server = name,
            command = plain::command("mcp-valet key set", &[&added.server.name])
        )),
        true if added.server.credential == CredentialKind::Key => {
            line(&say!(cli_added_with_key, server = name))
        }
        true if added.server.program.is_some() => line(&say!(
            cli_added_program,
            server = name,
            command = plain::command("mcp-valet connect", &[&added.server.name])
        )),
        true => line(&say!(
            cli_added,
            server = name,
            command = plain::command("mcp-valet authorize", &[&added.server.name])
        )),
        false => line(&say!(cli_added_before, server = name)),
    }
}

pub(crate) fn signed_in(server: &Server, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(server);
    }
    line(&say!(cli_ready, server = plain(&server.name)))
}

pub(crate) fn declined(server: &Server, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(server);
    }
    line(&say!(cli_declined, server = plain(&server.name)))
}
