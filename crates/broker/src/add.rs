//! Adding a server to the configuration.

use crate::audit;
use crate::config::{self, ServerConfig};
use crate::outcome;
use crate::reload;
use crate::signin::By;
use crate::state::Server;
use crate::valet::Valet;
use crate::vault::{ClientSecret, Key};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use url::Url;
use wire::{Code, NewServer, Problem, VaultKind};

/// Adds a server; answers its name, and whether it was not there yet.
pub(crate) async fn add(valet: &Arc<Valet>, new: NewServer, by: &By) -> Result<(String, bool), Problem> {
    if let Some(there) = there_already(valet, &new)? {
        return Ok((there, false));
    }
    let name = match &new.name {
        Some(name) => name.clone(),
        None => name_for(valet, &new.url)?,
    };
    let mut oauth = new.oauth.unwrap_or_default();
    let path = &valet.paths.config;
    let checked = config::check_entry(path, &name, &entry(&new.url, &oauth))
        .map_err(|error| outcome::configuration(&error))?;
    if *by != By::Person && checked.oauth.reads_this_machine() {
        return Err(outcome::invalid_request(
            "what reads files or runs programs of this machine cannot be set up over the socket",
            "Write it into the configuration by hand.",
        ));
    }
    if *by != By::Person && checked.oauth.auth_server_metadata_url.is_some() {
        return Err(outcome::invalid_request(
            "where an issuer's metadata is cannot be said over the socket",
            "Write it into the configuration by hand.",
        ));
    }
    if keep_secret(valet, &name, &checked).await? {
        oauth.shift_remove("clientSecret");
    }
    config::add_server(path, &name, entry(&new.url, &oauth))
        .map_err(|error| outcome::configuration(&error))?;
    reload::reload(valet);
    let _ = valet.unseal().await;
    if !valet.book().servers.contains_key(&name) {
        return Err(outcome::invalid_request(
            format!(
                "\"{name}\" is in the configuration now, but an edit made there before waits for your consent"
            ),
            "Answer the question where MCP Valet runs, or restart it.",
        )
        .because("configuration_waits"));
    }
    if let By::Agent(agent) = by {
        valet.change_server(&name, |server| server.added_by = Some(agent.name().to_owned()));
    }
    if *by == By::Person {
        valet.undecline(&name);
        valet.change(|book| {
            let thing = book.servers.get(&name).map(|server| server.thing.clone());
            thing.iter().for_each(|thing| book.open_refused(thing));
        });
    }
    let mut entry = audit::entry(valet.clock.now(), "add", by.name());
    entry.executable = by.executable();
    entry.server = Some(name.clone());
    valet.note(&entry);
    Ok((name, true))
}

/// The same server under the same name, or without a name under any.
fn there_already(valet: &Valet, new: &NewServer) -> Result<Option<String>, Problem> {
    let book = valet.book();
    match book.find(new.name.as_deref().unwrap_or(&new.url)) {
        Ok(there) if new.oauth.is_some() => Err(outcome::invalid_request(
            format!("\"{}\" is there already, and what is there is not changed this way", there.name),
            "Edit its `oauth` block in the configuration, or remove it first.",
        )
        .because("there_already")),
        Ok(there) if there.config.url.as_str() == new.url || new.name.is_none() => {
            Ok(Some(there.name.clone()))
        }
        Ok(there) => Err(outcome::invalid_request(
            format!("\"{}\" is there already, as {}", there.name, there.config.url),
            "Choose another name, or remove the other server first.",
        )),
        Err(problem) if problem.code == Code::UnknownServer => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// A short name from the host: `mcp.linear.app` is "linear".
fn name_for(valet: &Valet, url: &str) -> Result<String, Problem> {
    let host =
        Url::parse(url).ok().and_then(|url| url.host_str().map(ToOwned::to_owned)).ok_or_else(|| {
            outcome::invalid_request(
                "this is not a URL",
                "Give the server's whole address, such as https://mcp.example.com/mcp.",
            )
        })?;
    let base = base_name(&host);
    let book = valet.book();
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|name| !book.servers.contains_key(name));
    Ok(free.unwrap_or(base))
}

fn base_name(host: &str) -> String {
    let is_name = host.contains('.') && host.parse::<std::net::IpAddr>().is_err();
    let mut labels = host.split('.').filter(|label| !["mcp", "www", "api"].contains(label));
    match (labels.next(), labels.next()) {
        (Some(label), Some(_)) if is_name => label.to_owned(),
        _ => host.trim_matches(['[', ']']).to_owned(),
    }
}

/// A client secret goes into the vault and never into the file, unless the vault is one that forgets.
async fn keep_secret(valet: &Valet, name: &str, server: &ServerConfig) -> Result<bool, Problem> {
    let oauth = &server.oauth;
    let Some((client_id, secret)) = oauth.client_id.clone().zip(oauth.client_secret.clone()) else {
        return Ok(false);
    };
    if valet.vault.kind() == VaultKind::Memory {
        return Ok(false);
    }
    let key = Key::ClientSecret(Server::id_of(name, server));
    let written = valet.vault.write(key, Arc::new(ClientSecret { client_id, secret })).await;
    written.map(|_| true).map_err(outcome::locked)
}

fn entry(url: &str, oauth: &Map<String, Value>) -> Map<String, Value> {
    let mut entry = Map::from_iter([("url".to_owned(), json!(url))]);
    if !oauth.is_empty() {
        entry.insert("oauth".to_owned(), Value::Object(oauth.clone()));
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::base_name;

    #[test]
    fn a_server_is_named_after_its_host() {
        assert_eq!(base_name("mcp.linear.app"), "linear");
        assert_eq!(base_name("example.com"), "example");
        assert_eq!(base_name("127.0.0.1"), "127.0.0.1");
        assert_eq!(base_name("localhost"), "localhost");
    }
}
