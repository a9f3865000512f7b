//! What proves a client that the person registered by hand: in the configuration, or moved from there into
//! the vault.

use crate::grants::source;
use crate::valet::Valet;
use config::{IdentityProvider, OauthBlock, PrivateKey};
use oauth::{AuthMethod, Client, Metadata, Secret, SigningKey};
use state::item::ClientSecret;
use state::server::{ClientAt, Server};
use vault::Key;
use wire::{Problem, Reason};
use words::say;

/// The client `id`, able to prove itself at the issuer with this metadata.
pub(crate) async fn by_hand(
    valet: &Valet,
    name: &str,
    id: &str,
    oauth: &OauthBlock,
    metadata: &Metadata,
) -> Result<Client, Problem> {
    belongs_here(valet, name, id, oauth, metadata)?;
    let proof = match (oauth.secret_in_file(), &oauth.private_key) {
        (Some(secret), _) => Some(secret.clone()),
        (None, Some(PrivateKey::File(path))) => Some(source::file(path.clone()).await?),
        (None, Some(PrivateKey::Pem(_)) | None) => {
            kept(valet, id, Key::ClientSecret(server_id(valet, name))).await?
        }
    };
    // What was named as a key is never sent as a secret, whatever is in it.
    let is_key = |proof: &&Secret| oauth.private_key.is_some() || proof.expose().contains("-----BEGIN ");
    if let Some(pem) = proof.as_ref().filter(is_key) {
        let key = SigningKey::parse(pem, oauth.signing_alg).map_err(|fault| problems::fault(&fault))?;
        return Ok(Client::preregistered(id.to_owned(), None, AuthMethod::PrivateKeyJwt).with_key(key));
    }
    let method = oauth::auth_method(metadata, proof.is_some(), oauth.token_endpoint_auth_method);
    Ok(Client::preregistered(id.to_owned(), proof, method))
}

/// A client as it proves itself today: the person may have given one that was made by hand another secret
/// since a grant was made with it.
pub(crate) async fn of_today(valet: &Valet, name: &str, client: &Client) -> Result<Client, Problem> {
    let today = client.clone();
    let oauth = valet.book().servers.get(name).map(|server| server.config.oauth.clone());
    let Some(oauth) = oauth.filter(|oauth| oauth.client_id.as_ref() == Some(&client.id)) else {
        return Ok(today);
    };
    if client.secret.is_none() || oauth.private_key.is_some() {
        return Ok(today);
    }
    let secret = match oauth.secret_in_file() {
        Some(secret) => Some(secret.clone()),
        None => kept(valet, &client.id, Key::ClientSecret(server_id(valet, name))).await?,
    };
    let is_key = secret.as_ref().is_some_and(|secret| secret.expose().contains("-----BEGIN "));
    Ok(Client { secret: secret.filter(|_| !is_key).or_else(|| client.secret.clone()), ..today })
}

/// A client made by hand, and its secret, are nobody's business but the issuer's that it was made at.
fn belongs_here(
    valet: &Valet,
    name: &str,
    id: &str,
    oauth: &OauthBlock,
    metadata: &Metadata,
) -> Result<(), Problem> {
    let issuer = metadata.issuer.as_str();
    let named = oauth.authorization_server.is_some() || oauth.auth_server_metadata_url.is_some();
    let book = valet.book();
    let elsewhere = book.servers.get(name).and_then(|server| server.client_at.as_ref());
    if elsewhere.is_some_and(|at| at.id == id && at.issuer == issuer) {
        return Ok(());
    }
    let Some(elsewhere) = elsewhere.filter(|at| !named && at.id == id) else {
        drop(book);
        // Before the first request, so that no answer of it can lead to another issuer.
        let client_at = ClientAt { id: id.to_owned(), issuer: issuer.to_owned() };
        let pinned = |server: &mut Server| server.client_at = Some(client_at);
        valet.change_server(name, pinned);
        return Ok(());
    };
    Err(problems::failed(
        Reason::IssuerChanged,
        say!(
            problem_issuer_changed,
            server = name,
            issuer = issuer.to_string(),
            was = elsewhere.issuer.to_string()
        ),
        say!(problem_issuer_changed_advice, server = name, issuer = issuer.to_string()),
    ))
}

/// Our client at a company's identity provider.
pub(crate) async fn at_provider(
    valet: &Valet,
    name: &str,
    provider: &IdentityProvider,
) -> Result<Client, Problem> {
    let secret = match &provider.client_secret {
        Some(secret) => Some(secret.clone()),
        None => kept(valet, &provider.client_id, Key::ProviderSecret(server_id(valet, name))).await?,
    };
    let method = if secret.is_some() { AuthMethod::Basic } else { AuthMethod::None };
    Ok(Client::preregistered(provider.client_id.clone(), secret, method))
}

async fn kept(valet: &Valet, client_id: &str, key: Key) -> Result<Option<Secret>, Problem> {
    let kept = valet.vault.read::<ClientSecret>(key).await.map_err(Problem::from)?;
    let own = kept.filter(|kept| kept.value().client_id == client_id);
    Ok(own.map(|kept| kept.value().secret.clone()))
}

fn server_id(valet: &Valet, name: &str) -> String {
    valet.book().servers.get(name).map(|server| server.id.clone()).unwrap_or_default()
}
