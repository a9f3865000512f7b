//! Who we are at an issuer: the client that the person registered, the one we registered before, or a new one.

use crate::config::OauthBlock;
use crate::credential;
use crate::http::callback::{Endpoint, Wanted};
use crate::outcome;
use crate::signin::{Stopped, failed, stopped};
use crate::state::{Attempt, Server};
use crate::valet::Valet;
use crate::vault::{Key, Registration, fingerprint};
use oauth::{Client, Issuer, Metadata, RegistrationRequest};
use std::sync::Arc;
use wire::{Code, Problem};

/// The client to sign in with, and the open endpoint of the callback server that belongs to it.
pub(crate) async fn client(
    valet: &Arc<Valet>,
    name: &str,
    oauth: &OauthBlock,
    metadata: &Metadata,
) -> Result<(Client, Endpoint), Stopped> {
    if let Some(id) = &oauth.client_id {
        let client = credential::by_hand(valet, name, id, oauth, metadata).await.map_err(stopped)?;
        let wanted = Wanted::by_hand(oauth, kept_port(valet, name));
        let endpoint = valet.callbacks.open(valet, &wanted).await.map_err(stopped)?;
        if oauth.callback_port == Some(0) {
            keep_port(valet, name, &endpoint);
        }
        return Ok((client, endpoint));
    }
    let path = format!("/callback/{}", fingerprint(&[metadata.issuer.as_str()]));
    if metadata.registration_endpoint.is_none() {
        return Err(needs_client_id(name, oauth, metadata));
    }
    if let Some(known) = registered_before(valet, oauth, &path, &metadata.issuer).await.map_err(stopped)? {
        return Ok(known);
    }
    register(valet, name, oauth, &path, metadata).await
}

/// No endpoint is invented: where an issuer registers no clients, the person is told how to do it by hand.
fn needs_client_id(name: &str, oauth: &OauthBlock, metadata: &Metadata) -> Stopped {
    let redirect_uri = Wanted::by_hand(oauth, None).example();
    let detail = format!("{} does not register programs by itself", metadata.issuer.host());
    let advice = format!(
        "Register an app there by hand with the redirect URI {redirect_uri}, then put its ID into the configuration as \
         mcpServers.{name}.oauth.clientId (with clientSecret if it has one)."
    );
    let problem = Problem::new(Code::AuthorizationRequired, detail, advice).because("registration_missing");
    Stopped::new(Attempt::NeedsClientId { redirect_uri, problem: problem.clone() }, problem)
}

/// The registration in the vault, if its redirect URI is still what the configuration wants and its port can be had.
async fn registered_before(
    valet: &Arc<Valet>,
    oauth: &OauthBlock,
    path: &str,
    issuer: &Issuer,
) -> Result<Option<(Client, Endpoint)>, Problem> {
    let key = Key::Registration(issuer.as_str().to_owned());
    let Some(kept) = valet.vault.read::<Registration>(key).await.map_err(outcome::locked)? else {
        return Ok(None);
    };
    let registration = kept.value();
    let now = valet.clock.now();
    let ended = registration.client.secret_expires_at.is_some_and(|end| end <= now);
    let wanted = Wanted::dynamic(oauth, path, port_of(&registration.redirect_uri));
    if ended
        || registration.issuer != issuer.as_str()
        || wanted.redirect_uri() != Some(registration.redirect_uri.clone())
    {
        return Ok(None);
    }
    // Another program may have the port now: then a new registration names another.
    let endpoint = valet.callbacks.open(valet, &wanted).await.ok();
    Ok(endpoint.map(|endpoint| (registration.client.clone(), endpoint)))
}

async fn register(
    valet: &Arc<Valet>,
    name: &str,
    oauth: &OauthBlock,
    path: &str,
    metadata: &Metadata,
) -> Result<(Client, Endpoint), Stopped> {
    let wanted = Wanted::dynamic(oauth, path, None);
    let endpoint = valet.callbacks.open(valet, &wanted).await.map_err(stopped)?;
    let request = RegistrationRequest {
        client_name: "MCP Valet".to_owned(),
        redirect_uris: vec![endpoint.redirect_uri.clone()],
        scopes: oauth.scopes.clone().unwrap_or_default(),
        auth: oauth.token_endpoint_auth_method,
    };
    let client = oauth::register(&valet.http(), metadata, &request).await.map_err(|fault| failed(&fault))?;
    let registration = Registration {
        issuer: metadata.issuer.as_str().to_owned(),
        redirect_uri: endpoint.redirect_uri.clone(),
        client: client.clone(),
    };
    let key = Key::Registration(registration.issuer.clone());
    if let Err(error) = valet.vault.write(key, Arc::new(registration)).await {
        tracing::warn!(server = name, %error, "a registration could not be stored; the next sign-in registers anew");
    }
    Ok((client, endpoint))
}

/// The client to sign in with on other devices: it comes back to nowhere, and is registered for that alone.
pub(crate) async fn device_client(
    valet: &Arc<Valet>,
    name: &str,
    oauth: &OauthBlock,
    metadata: &Metadata,
) -> Result<Client, Stopped> {
    if let Some(id) = &oauth.client_id {
        return credential::by_hand(valet, name, id, oauth, metadata).await.map_err(stopped);
    }
    let key = || Key::DeviceRegistration(metadata.issuer.as_str().to_owned());
    let kept =
        valet.vault.read::<Registration>(key()).await.map_err(|error| stopped(outcome::locked(error)))?;
    let now = valet.clock.now();
    let ended = |client: &Client| client.secret_expires_at.is_some_and(|end| end <= now);
    if let Some(kept) = kept.filter(|kept| !ended(&kept.value().client)) {
        return Ok(kept.value().client.clone());
    }
    let request = RegistrationRequest {
        client_name: "MCP Valet".to_owned(),
        redirect_uris: Vec::new(),
        scopes: oauth.scopes.clone().unwrap_or_default(),
        auth: oauth.token_endpoint_auth_method,
    };
    let client = oauth::register(&valet.http(), metadata, &request).await.map_err(|fault| failed(&fault))?;
    let issuer = metadata.issuer.as_str().to_owned();
    let registration = Registration { issuer, redirect_uri: String::new(), client: client.clone() };
    if let Err(error) = valet.vault.write(key(), Arc::new(registration)).await {
        tracing::warn!(server = name, %error, "a registration could not be stored; the next sign-in registers anew");
    }
    Ok(client)
}

/// Forgets our client at an issuer: the next sign-in there registers anew.
pub(crate) async fn forget(valet: &Valet, issuer: &str) {
    let _ = valet.vault.delete(Key::Registration(issuer.to_owned())).await;
    let _ = valet.vault.delete(Key::DeviceRegistration(issuer.to_owned())).await;
}

/// Forgets our client at an issuer that no other server than `leaving` signs in at.
pub(crate) async fn forget_unused(valet: &Valet, leaving: &str, issuer: Option<String>) {
    let Some(issuer) = issuer else { return };
    let used = |server: &Server| server.name != leaving && server.known_issuer() == Some(&issuer);
    let still_used = valet.book().servers.values().any(used);
    if !still_used {
        forget(valet, &issuer).await;
    }
}

fn port_of(redirect_uri: &str) -> Option<u16> {
    url::Url::parse(redirect_uri).ok().and_then(|url| url.port())
}

fn kept_port(valet: &Valet, name: &str) -> Option<u16> {
    valet.book().servers.get(name).and_then(|server| server.callback_port)
}

fn keep_port(valet: &Valet, name: &str, endpoint: &Endpoint) {
    if kept_port(valet, name) != Some(endpoint.port) {
        valet.change_server(name, |server| server.callback_port = Some(endpoint.port));
    }
}
