//! Edits of the configuration that give somebody more than before.

use super::secret::PrivateKey;
use super::{AgentsPolicy, Config, HandOut, OauthBlock, ServerConfig};
use std::path::PathBuf;

/// What `new` gives beyond `old`, each in words for the person. Such an edit waits for the person while the valet runs, because
/// any program of the same user can edit the file.
pub(crate) fn raises(old: &Config, new: &Config) -> Vec<String> {
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
    for (name, old) in &old.servers {
        let Some(new) = new.servers.get(name).filter(|new| new.url == old.url) else { continue };
        if endpoints(old) != endpoints(new) {
            raises.push(format!("\"{name}\" signs in somewhere else"));
        }
        if openness(new.hand_out) > openness(old.hand_out) {
            raises.push(format!("\"{name}\" hands out its token itself, which may live long"));
        }
        if new.verify < old.verify {
            raises.push(format!("tokens of \"{name}\" are checked less (verify)"));
        }
    }
    for (name, new) in &new.servers {
        let before = old.servers.get(name).filter(|old| old.url == new.url).map(|old| &old.oauth);
        if new.oauth.auth_server_metadata_url.is_some() && before.is_none() {
            raises.push(format!("\"{name}\" says itself where its issuer's metadata is"));
        }
        if key_file(&new.oauth).is_some() && before.and_then(key_file) != key_file(&new.oauth) {
            raises.push(format!("\"{name}\" reads a private key from another file"));
        }
        let old = old.servers.get(name).and_then(|old| old.oauth.grant.source());
        if new.oauth.grant.source().is_some_and(|source| old != Some(source)) {
            raises.push(format!("\"{name}\" reads what proves who you are from another program or file"));
        }
    }
    raises
}

const fn key_file(oauth: &OauthBlock) -> Option<&PathBuf> {
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

const fn openness(hand_out: Option<HandOut>) -> u8 {
    match hand_out {
        Some(HandOut::Proxy) => 0,
        None => 1,
        Some(HandOut::Token) => 2,
    }
}

fn endpoints(server: &ServerConfig) -> impl PartialEq {
    let oauth = &server.oauth;
    (
        oauth.authorization_server.clone(),
        oauth.auth_server_metadata_url.clone(),
        oauth.external_url.clone(),
        oauth.resource.clone(),
        oauth.pkce,
        oauth.dpop == super::Dpop::Off,
        oauth.grant.provider().map(|provider| (provider.issuer.clone(), provider.token_endpoint.clone())),
    )
}
