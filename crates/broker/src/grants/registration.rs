//! Who we are at an issuer: the client that the person registered, the one we registered before, or a new
//! one.

use crate::grants::credential;
use crate::grants::signin::{Stopped, failed, stopped};
use crate::state::attempt::Attempt;
use crate::state::item::Registration;
use crate::state::ledger::{Claim, registered_path};
use crate::state::server::Server;
use crate::valet::Valet;
use config::redirect::{Endpoint, Wanted};
use config::{OauthBlock, RedirectHost};
use oauth::{AuthMethod, Client, Fault, FaultCode, Issuer, Metadata, RegistrationRequest};
use peer::By;
use std::sync::Arc;
use vault::Key;
use wire::{Code, Problem, Reason};

/// Issuers that a server is remembered to have a client of ours at.
const MOST_ISSUERS: usize = 16;

/// The client to sign in with, and the open endpoint of the callback server that belongs to it.
pub(crate) async fn client(
    valet: &Arc<Valet>,
    name: &str,
    by: &By,
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
    if let Some(client) = by_document(valet, name, by, oauth, metadata).await? {
        return Ok(client);
    }
    let path = registered_path(metadata.issuer.as_str());
    if metadata.registration_endpoint.is_none() {
        return Err(needs_client_id(name, oauth, metadata));
    }
    remember(valet, name, &metadata.issuer);
    if let Some(known) = registered_before(valet, oauth, &path, &metadata.issuer).await.map_err(stopped)? {
        return Ok(known);
    }
    register(valet, name, oauth, &path, metadata).await
}

/// Notes that a server has a client of ours at an issuer, for when the server is removed.
fn remember(valet: &Valet, name: &str, issuer: &Issuer) {
    let known = |server: &Server| server.registered_at.contains(issuer.as_str());
    if valet.book().servers.get(name).is_some_and(known) {
        return;
    }
    valet.change_server(name, |server| {
        if server.registered_at.len() < MOST_ISSUERS {
            server.registered_at.insert(issuer.as_str().to_owned());
        }
    });
}

/// The client whose ID is the address of the person's document, if the issuer takes one. Where an issuer must
/// have a redirect URI to itself, the document's usual one is another's already, and no other is in it, a
/// registration of its own is better.
async fn by_document(
    valet: &Arc<Valet>,
    name: &str,
    by: &By,
    oauth: &OauthBlock,
    metadata: &Metadata,
) -> Result<Option<(Client, Endpoint)>, Stopped> {
    let own = oauth.client_metadata_url.clone();
    let document = own.or_else(|| valet.book().config.valet.client_metadata_url.clone());
    let Some(document) = document.filter(|_| metadata.client_id_metadata_document_supported) else {
        return Ok(None);
    };
    let Some((places, free)) = places(valet, name, by, oauth, metadata) else { return Ok(None) };
    let uris: Vec<&str> = places.iter().map(|(_, uri)| uri.as_str()).collect();
    let chosen = oauth::choose_redirect(&document, &valet.http(), &uris).await;
    let chosen = match chosen {
        Ok(Some(chosen)) => Some(chosen),
        _ if !free && metadata.registration_endpoint.is_some() => return Ok(None),
        chosen => chosen.map_err(|fault| failed(&fault))?,
    };
    let place = places.iter().find(|(_, uri)| chosen.is_none_or(|chosen| chosen == uri));
    let Some((wanted, _)) = place else { return Ok(None) };
    let endpoint = valet.callbacks.open(valet, wanted).await.map_err(stopped)?;
    let client = Client::preregistered(document.as_str().to_owned(), None, AuthMethod::None);
    Ok(Some((client, endpoint)))
}

/// Where browsers may come back to for a client with a document, best first, and whether the usual place can
/// be had. All who use the document may come back to all that is in it, so who does not say who it is gets a
/// path of its own.
fn places(
    valet: &Valet,
    name: &str,
    by: &By,
    oauth: &OauthBlock,
    metadata: &Metadata,
) -> Option<(Vec<(Wanted, String)>, bool)> {
    let of = |wanted: Wanted| wanted.redirect_uri().map(|uri| (wanted, uri));
    let usual = of(Wanted::by_hand(oauth, None))?;
    let own = of(Wanted::by_document(oauth, &registered_path(metadata.issuer.as_str())))?;
    let nobody = valet.nobody_to_ask();
    let book = valet.book();
    let claim = Claim::of(&book, name, by, metadata, &usual.1, nobody);
    let unclaimed = book.clash(name, &claim).is_none() && book.neighbours(name, &claim).is_empty();
    let free = unclaimed && (claim.firm || claim.says_iss || book.ledger.has(&claim));
    let places = match free {
        // The path is the person's choice, and no other would be taken.
        _ if usual.1 == own.1 => vec![usual],
        true if claim.says_iss || book.ledger.has(&claim) => vec![usual, own],
        true => vec![own, usual],
        false => vec![own],
    };
    Some((places, free))
}

/// No endpoint is invented: where an issuer registers no clients, the person is told how to do it by hand.
fn needs_client_id(name: &str, oauth: &OauthBlock, metadata: &Metadata) -> Stopped {
    let redirect_uri = Wanted::by_hand(oauth, None).example();
    let detail = format!("{} does not register programs by itself", metadata.issuer.host());
    let document = match metadata.client_id_metadata_document_supported {
        true => " Or host a client metadata document, which it takes as well, and set `clientMetadataUrl`.",
        false => "",
    };
    let advice = format!(
        "Register an app there by hand with the redirect URI {redirect_uri}, then put its ID into the configuration as \
         mcpServers.{name}.oauth.clientId (with clientSecret if it has one).{document}"
    );
    let problem =
        Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::RegistrationMissing);
    let issuer = metadata.issuer.as_str().to_owned();
    Stopped::new(Attempt::NeedsClientId { issuer, redirect_uri, problem: problem.clone() }, problem)
}

/// The registration in the vault, if its redirect URI is still what the configuration wants and its port can
/// be had.
async fn registered_before(
    valet: &Arc<Valet>,
    oauth: &OauthBlock,
    path: &str,
    issuer: &Issuer,
) -> Result<Option<(Client, Endpoint)>, Problem> {
    let key = Key::Registration(issuer.as_str().to_owned());
    let Some(kept) = valet.vault.read::<Registration>(key).await.map_err(Problem::from)? else {
        return Ok(None);
    };
    let registration = kept.value();
    let now = valet.clock.now();
    let ended = registration.client.secret_expires_at.is_some_and(|end| end <= now);
    let wanted = Wanted::registered(oauth, path, &registration.redirect_uri);
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

/// Registers with a redirect URI that the issuer takes: some refuse the address of this machine, and some its
/// name.
async fn register(
    valet: &Arc<Valet>,
    name: &str,
    oauth: &OauthBlock,
    path: &str,
    metadata: &Metadata,
) -> Result<(Client, Endpoint), Stopped> {
    let fixed = oauth.redirect_host.is_some() || oauth.external_url.is_some();
    let first = Wanted::dynamic(oauth, path, RedirectHost::Ipv4);
    let first = valet.callbacks.open(valet, &first).await.map_err(stopped)?;
    match register_at(valet, name, oauth, &first, metadata).await {
        Ok(client) => return Ok((client, first)),
        Err(fault) if fixed || fault.code() != FaultCode::RedirectUriRefused => return Err(failed(&fault)),
        Err(_) => {}
    }
    let second = Wanted::dynamic(oauth, path, RedirectHost::Localhost);
    let second = valet.callbacks.open(valet, &second).await.map_err(stopped)?;
    let client = register_at(valet, name, oauth, &second, metadata).await.map_err(|fault| {
        let mut problem = problems::fault(&fault);
        problem.detail = format!("{}; it refused {} as well", problem.detail, first.redirect_uri);
        stopped(problem)
    })?;
    Ok((client, second))
}

async fn register_at(
    valet: &Arc<Valet>,
    name: &str,
    oauth: &OauthBlock,
    endpoint: &Endpoint,
    metadata: &Metadata,
) -> Result<Client, Fault> {
    let request = RegistrationRequest {
        client_name: "MCP Valet".to_owned(),
        redirect_uris: vec![endpoint.redirect_uri.clone()],
        scopes: oauth.scopes.clone().unwrap_or_default(),
        auth: oauth.token_endpoint_auth_method,
    };
    let client = oauth::register(&valet.http(), metadata, &request).await?;
    let registration = Registration::new(metadata, &endpoint.redirect_uri, client.clone());
    let key = Key::Registration(registration.issuer.clone());
    if let Err(error) = valet.vault.write(key, Arc::new(registration)).await {
        tracing::warn!(server = name, %error, "a registration could not be stored; the next sign-in registers anew");
    }
    Ok(client)
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
    remember(valet, name, &metadata.issuer);
    let key = || Key::DeviceRegistration(metadata.issuer.as_str().to_owned());
    let kept =
        valet.vault.read::<Registration>(key()).await.map_err(|error| stopped(Problem::from(error)))?;
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
    let registration = Registration::new(metadata, "", client.clone());
    if let Err(error) = valet.vault.write(key(), Arc::new(registration)).await {
        tracing::warn!(server = name, %error, "a registration could not be stored; the next sign-in registers anew");
    }
    Ok(client)
}

/// Forgets our client at an issuer if it is still this one: the next sign-in there registers anew.
pub(crate) async fn forget_client(valet: &Valet, issuer: &str, client_id: &str) {
    for key in [Key::Registration(issuer.to_owned()), Key::DeviceRegistration(issuer.to_owned())] {
        let kept = valet.vault.read::<Registration>(key.clone()).await;
        if matches!(kept, Ok(Some(kept)) if kept.value().client.id == client_id) {
            let _ = valet.vault.delete(key).await;
        }
    }
}

/// Forgets our client at an issuer: the next sign-in there registers anew.
pub(crate) async fn forget(valet: &Valet, issuer: &str) {
    let _ = valet.vault.delete(Key::Registration(issuer.to_owned())).await;
    let _ = valet.vault.delete(Key::DeviceRegistration(issuer.to_owned())).await;
}

fn kept_port(valet: &Valet, name: &str) -> Option<u16> {
    valet.book().servers.get(name).and_then(|server| server.callback_port)
}

fn keep_port(valet: &Valet, name: &str, endpoint: &Endpoint) {
    if kept_port(valet, name) != Some(endpoint.port) {
        valet.change_server(name, |server| server.callback_port = Some(endpoint.port));
    }
}
