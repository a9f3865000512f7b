//! Edits of the configuration that give somebody more than before.

use super::known::Known;
use super::secret::PrivateKey;
use super::{AgentsPolicy, Config, HandOut, OauthBlock, ServerConfig, VaultChoice};
use crate::thing::Thing;
use std::path::PathBuf;

/// What `new` gives beyond `old`, each in words for the person. Such an edit waits for the person while the
/// valet runs, because any program of the same user can edit the file. A server that is not in `old` but was
/// there once is held against what `left` knows of it, and whatever its name is, against the things that are
/// kept to the proxy.
pub fn raises<'a>(
    old: &Config,
    left: impl Fn(&str, &ServerConfig) -> Option<&'a Known>,
    proxied: &[(String, Thing)],
    new: &Config,
) -> Vec<String> {
    let mut raises = Vec::new();
    if laxness(new.valet.agents) > laxness(old.valet.agents) {
        raises.push(match new.valet.agents {
            AgentsPolicy::Allow => "every program may use every server".to_owned(),
            AgentsPolicy::Ask | AgentsPolicy::Deny => "programs that were refused may ask".to_owned(),
        });
    }
    raises.extend(new.valet.lock.loosens(old.valet.lock));
    if old.valet.extra_ca != new.valet.extra_ca {
        raises.push("other certificate authorities are trusted (extraCa)".to_owned());
    }
    if old.valet.proxy != new.valet.proxy {
        raises.push("every call goes through another proxy".to_owned());
    }
    if old.valet.client_metadata_url != new.valet.client_metadata_url {
        raises.push("issuers are told of another client (clientMetadataUrl)".to_owned());
    }
    if old.valet.vault != new.valet.vault {
        raises.push(format!("secrets are kept {}", whereabouts(new.valet.vault)));
    }
    for (name, server) in &new.servers {
        let before = old.servers.get(name).map(Known::of).or_else(|| left(name, server).cloned());
        raises.extend(raises_of(name, before.as_ref(), server, &new.said_of(name)));
        raises.extend(opens(name, before.as_ref(), server, proxied));
    }
    raises
}

/// That an entry hands out the token of a thing which is kept to the proxy under another name.
pub fn opens(
    name: &str,
    before: Option<&Known>,
    server: &ServerConfig,
    proxied: &[(String, Thing)],
) -> Option<String> {
    let open = openness(Some(HandOut::Token));
    let was_open = before.is_some_and(|before| before.url == server.url.as_str() && before.openness == open);
    if server.hand_out != Some(HandOut::Token) || was_open {
        return None;
    }
    let mut thing = Thing::at(server.url.as_str());
    server.oauth.resource_uri().into_iter().for_each(|uri| thing.join(&Thing::at(uri)));
    let (other, _) = proxied.iter().find(|(other, proxied)| other != name && proxied.is(&thing))?;
    Some(format!("\"{name}\" hands out the token of \"{other}\", which is kept to the proxy"))
}

/// What a server's settings give beyond what was known of it. A new one is held against an entry that says
/// where it is and nothing else. `said` are its settings in one line.
pub fn raises_of(name: &str, before: Option<&Known>, server: &ServerConfig, said: &str) -> Vec<String> {
    let new = Known::of(server);
    let bare = Known::of(&ServerConfig::bare(server.url.clone()));
    let same = before.filter(|before| before.url == new.url);
    let than = same.unwrap_or(&bare);
    let elsewhere = than.endpoints != new.endpoints;
    let otherwise = than.aims.is_some() && than.aims != new.aims;
    let mut raises = Vec::new();
    match same {
        None if elsewhere || otherwise || comes_back_elsewhere(&server.oauth) => {
            raises.push(format!("\"{name}\" is new, and says itself how to sign in ({said})"));
        }
        Some(_) if elsewhere => raises.push(format!("\"{name}\" signs in somewhere else ({said})")),
        Some(_) if otherwise => raises.push(format!("\"{name}\" signs in in another way ({said})")),
        None | Some(_) => {}
    }
    if than.openness < new.openness {
        raises.push(format!("\"{name}\" hands out its token itself, which may live long"));
    }
    if than.strictness > new.strictness {
        raises.push(format!("tokens of \"{name}\" are checked less (verify)"));
    }
    if new.key_file.is_some() && than.key_file != new.key_file {
        raises.push(format!("\"{name}\" reads a private key from another file"));
    }
    if new.source.is_some() && before.and_then(|before| before.source.as_ref()) != new.source.as_ref() {
        raises.push(format!("\"{name}\" reads what proves who you are from another program or file"));
    }
    raises
}

const fn whereabouts(vault: VaultChoice) -> &'static str {
    match vault {
        VaultChoice::Auto => "in the keychain, or in memory where there is none (vault)",
        VaultChoice::Keychain => "in the keychain (vault)",
        VaultChoice::File => "in the encrypted file (vault)",
        VaultChoice::Memory => "in memory alone (vault)",
    }
}

/// As what a server is signed in to, beside where and how its issuer is found, as one text to compare by.
/// Whatever is added to the block has to be placed: here, in [`endpoints`], or with what widens nothing.
pub(super) fn aims(oauth: &OauthBlock) -> String {
    let OauthBlock {
        client_id,
        client_metadata_url,
        token_endpoint_auth_method,
        authorize_params,
        grant,
        signing_alg,
        // Compared as endpoints.
        external_url: _,
        resource: _,
        authorization_server: _,
        auth_server_metadata_url: _,
        pkce: _,
        dpop: _,
        // Where on this machine the browser comes back to: see [`comes_back_elsewhere`].
        callback_port: _,
        callback_path: _,
        redirect_host: _,
        tls: _,
        // The question about use names them.
        scopes: _,
        // They prove the client that is named.
        client_secret: _,
        private_key: _,
    } = oauth;
    let client = (client_id, client_metadata_url, token_endpoint_auth_method, signing_alg);
    format!("{:?}", (client, authorize_params, grant.kind()))
}

/// Whether a new entry says where on this machine the browser comes back to. Of a known one the person may
/// have to set another port.
const fn comes_back_elsewhere(oauth: &OauthBlock) -> bool {
    oauth.callback_port.is_some()
        || oauth.callback_path.is_some()
        || oauth.redirect_host.is_some()
        || oauth.tls.is_some()
}

pub(super) const fn key_file(oauth: &OauthBlock) -> Option<&PathBuf> {
    match &oauth.private_key {
        Some(PrivateKey::File(path)) => Some(path),
        Some(PrivateKey::Pem(_)) | None => None,
    }
}

const fn laxness(policy: AgentsPolicy) -> u8 {
    match policy {
        AgentsPolicy::Deny => 0,
        AgentsPolicy::Ask => 1,
        AgentsPolicy::Allow => 2,
    }
}

pub(super) const fn openness(hand_out: Option<HandOut>) -> u8 {
    match hand_out {
        Some(HandOut::Proxy) => 0,
        None => 1,
        Some(HandOut::Token) => 2,
    }
}

/// Where a server signs in and how its issuer is found, as one text to compare by.
pub(super) fn endpoints(server: &ServerConfig) -> String {
    let oauth = &server.oauth;
    let endpoints = (
        oauth.authorization_server.clone(),
        oauth.auth_server_metadata_url.clone(),
        oauth.external_url.clone(),
        oauth.resource.clone(),
        oauth.pkce,
        oauth.dpop == super::Dpop::Off,
        oauth.grant.provider().map(|provider| (provider.issuer.clone(), provider.token_endpoint.clone())),
    );
    format!("{endpoints:?}")
}
