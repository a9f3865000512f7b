//! The client that the person registered at an issuer, given to a server that is listed already.

use crate::valet::{Valet, reload};
use config::{self, Config};
use oauth::Secret;
use peer::By;
use serde_json::{Map, json};
use state::item::ClientSecret;
use state::server::{ClientAt, Server};
use std::sync::Arc;
use vault::Key;
use wire::{Act, Problem, VaultKind};

/// A client that the person registered.
pub(crate) struct OwnClient {
    pub(crate) id: String,
    pub(crate) secret: Option<Secret>,
    /// The port of the redirect URI that was registered with it.
    pub(crate) callback_port: Option<u16>,
}

/// Uses `client` for the next sign-in to a server. What works already keeps working until then.
pub(crate) async fn set(valet: &Arc<Valet>, name: &str, client: OwnClient) -> Result<(), Problem> {
    let known = |server: &Server| (server.id.clone(), server.issuer_without_client());
    let known = valet.book().servers.get(name).map(known);
    let (id, issuer) = known.ok_or_else(|| problems::unknown_server(name))?;
    let (client_id, callback_port) = (client.id.clone(), client.callback_port);
    let mut entry = Map::from_iter([("clientId".to_owned(), json!(client.id))]);
    if let Some(port) = client.callback_port {
        entry.insert("callbackPort".to_owned(), json!(port));
    }
    if valet.vault.kind() == VaultKind::Memory
        && let Some(secret) = &client.secret
    {
        entry.insert("clientSecret".to_owned(), json!(secret.expose()));
    }
    // On the disk before the vault has anything of it.
    let edit = config::set_client(&valet.paths.config, name, entry);
    let edit = edit.map_err(|error| Problem::from(&error))?;
    keep(valet, id, client).await?;
    let wanted = |config: &mut Config| {
        let Some(server) = config.servers.get_mut(name).map(Arc::make_mut) else { return };
        server.oauth.client_id = Some(client_id.clone());
        server.oauth.callback_port = callback_port.or(server.oauth.callback_port);
    };
    reload::edit(valet, |_| edit.commit(), wanted)?;
    // The person made it there, and nowhere else.
    if let Some(issuer) = issuer {
        let client_at = Some(ClientAt { id: client_id, issuer });
        valet.change_server(name, |server| server.client_at = client_at);
    }
    let mut entry = audit::entry(valet.clock.now(), Act::SetClient, By::Person.actor());
    entry.server = Some(name.to_owned());
    valet.note(&entry);
    Ok(())
}

/// The secret goes into the vault and never into the file, unless the vault is one that forgets.
async fn keep(valet: &Valet, server_id: String, client: OwnClient) -> Result<(), Problem> {
    let key = Key::ClientSecret(server_id);
    let kept = match client.secret {
        Some(_) if valet.vault.kind() == VaultKind::Memory => Ok(()),
        Some(secret) => {
            let kept = Arc::new(ClientSecret { client_id: client.id, secret });
            valet.vault.write(key, kept).await.map(drop)
        }
        None => valet.vault.delete(key).await,
    };
    kept.map_err(Problem::from)
}
