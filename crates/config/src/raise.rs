//! Edits of the configuration that give somebody more than before.

use super::known::Known;
use super::secret::PrivateKey;
use super::{AgentsPolicy, Config, HandOut, KeyName, OauthBlock, Place, Program, ServerConfig, VaultChoice};
use crate::thing::Thing;
use std::path::PathBuf;
use words::say;

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
            AgentsPolicy::Allow => say!(config_raise_allow),
            AgentsPolicy::Ask | AgentsPolicy::Deny => say!(config_raise_ask),
        });
    }
    if new.valet.rules.is_wider_than(old.valet.rules) {
        raises.push(say!(config_raise_rules));
    }
    raises.extend(new.valet.lock.loosens(old.valet.lock));
    if old.valet.extra_ca != new.valet.extra_ca {
        raises.push(say!(config_raise_authorities));
    }
    if old.valet.proxy != new.valet.proxy {
        raises.push(say!(config_raise_proxy));
    }
    if old.valet.client_metadata_url != new.valet.client_metadata_url {
        raises.push(say!(config_raise_document));
    }
    if let Some(door) = new.valet.door.as_ref().filter(|_| new.valet.door != old.valet.door) {
        raises.push(say!(config_raise_door, door = door.said()));
    }
    if new.valet.local_servers && !old.valet.local_servers {
        raises.push(say!(config_raise_local_servers));
    }
    if old.valet.audit != new.valet.audit {
        raises.push(match &new.valet.audit.export {
            Some(export) => say!(config_raise_export, path = export.path().display().to_string()),
            None => say!(config_raise_no_export),
        });
    }
    if old.valet.vault != new.valet.vault {
        raises.push(whereabouts(&new.valet.vault));
    }
    for (name, server) in &new.servers {
        let before = old.servers.get(name);
        if before == Some(server) {
            continue;
        }
        let before = before.map(|before| Known::of(before)).or_else(|| left(name, server).cloned());
        raises.extend(raises_of(name, before.as_ref(), server, &new.said_of(name)));
        raises.extend(opens(name, before.as_ref(), server, proxied));
        raises.extend(
            old.servers
                .get(name)
                .filter(|old| replaces_key(old, server))
                .map(|_| say!(config_raise_key, server = name)),
        );
    }
    raises
}

/// Whether the file has another key itself than it had: what is known of a server is without its keys.
fn replaces_key(old: &ServerConfig, new: &ServerConfig) -> bool {
    let had_it = |name: &KeyName| old.headers.found().find(|(had, _)| *had == name);
    new.headers.found().any(|(name, key)| had_it(name).is_some_and(|(_, had)| !had.ct_eq(key.expose())))
}

/// That an entry hands out the token of a thing which is kept to the proxy under another name.
pub fn opens(
    name: &str,
    before: Option<&Known>,
    server: &ServerConfig,
    proxied: &[(String, Thing)],
) -> Option<String> {
    let open = openness(Some(HandOut::Token));
    let was_open =
        before.is_some_and(|before| before.url == server.place.as_str() && before.openness == open);
    if server.hand_out != Some(HandOut::Token) || was_open {
        return None;
    }
    let mut thing = Thing::of(&server.place);
    server.oauth.resource_uri().into_iter().for_each(|uri| thing.join(&Thing::at(uri)));
    let (other, _) = proxied.iter().find(|(other, proxied)| other != name && proxied.is(&thing))?;
    Some(say!(config_raise_opens, server = name, other = other))
}

/// What a server's settings give beyond what was known of it. A new one is held against an entry that says
/// where it is and nothing else. `said` are its settings in one line.
pub fn raises_of(name: &str, before: Option<&Known>, server: &ServerConfig, said: &str) -> Vec<String> {
    let new = Known::of(server);
    let bare = Known::of(&ServerConfig::bare(server.place.clone()));
    let same = before.filter(|before| before.url == new.url);
    let than = same.unwrap_or(&bare);
    let elsewhere = than.endpoints != new.endpoints;
    let otherwise = than.aims.is_some() && than.aims != new.aims;
    let mut raises = Vec::new();
    match same {
        None if elsewhere || otherwise || comes_back_elsewhere(&server.oauth) => {
            raises.push(say!(config_raise_new, server = name, settings = said));
        }
        Some(_) if elsewhere => raises.push(say!(config_raise_elsewhere, server = name, settings = said)),
        Some(_) if otherwise => raises.push(say!(config_raise_otherwise, server = name, settings = said)),
        None | Some(_) => {}
    }
    if let (None, Some(program)) = (same, server.place.program()) {
        raises.push(started(name, program));
    }
    // A program may do more without a variable; a request without a header does not.
    let matters = new.headers.is_some() || server.place.program().is_some();
    if matters && than.headers != new.headers {
        raises.push(match server.place {
            Place::Remote(_) => say!(config_raise_headers, server = name, headers = server.headers.said()),
            Place::Local(_) if server.headers.is_empty() => say!(config_raise_no_env, server = name),
            Place::Local(_) => say!(config_raise_env, server = name, variables = server.headers.said()),
        });
    } else if !new.found.is_subset(&than.found) {
        raises.push(say!(config_raise_key, server = name));
    }
    if than.folders != new.folders {
        raises.push(other_folders(name, server));
    }
    if than.openness < new.openness {
        raises.push(say!(config_raise_hands_out, server = name));
    }
    if than.strictness > new.strictness {
        raises.push(say!(config_raise_verify, server = name));
    }
    if new.key_file.is_some() && than.key_file != new.key_file {
        raises.push(say!(config_raise_key_file, server = name));
    }
    if new.source.is_some() && before.and_then(|before| before.source.as_ref()) != new.source.as_ref() {
        raises.push(say!(config_raise_source, server = name));
    }
    raises
}

fn started(name: &str, program: &Program) -> String {
    let command = program.said();
    match &program.cwd {
        Some(folder) => say!(config_raise_program_in, server = name, command = command, folder = folder),
        None => say!(config_raise_program, server = name, command = command),
    }
}

/// Wherever a program works, it may come to be another account's turn.
fn other_folders(name: &str, server: &ServerConfig) -> String {
    match server.folders.as_slice() {
        [] => say!(config_raise_no_folders, server = name),
        folders => say!(config_raise_folders, server = name, folders = folders.join(", ")),
    }
}

fn whereabouts(vault: &VaultChoice) -> String {
    match vault {
        VaultChoice::Auto => say!(config_raise_vault_auto),
        VaultChoice::Keychain => say!(config_raise_vault_keychain),
        VaultChoice::File => say!(config_raise_vault_file),
        VaultChoice::Memory => say!(config_raise_vault_memory),
        VaultChoice::Etcd(etcd) => {
            let hosts: Vec<&str> = etcd.endpoints.iter().filter_map(|url| url.host_str()).collect();
            say!(config_raise_vault_etcd, hosts = hosts.join(", "))
        }
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
