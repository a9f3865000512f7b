//! Changes to the person's file: whole or not at all, in its own order, never over somebody else's edit.

use super::error::Location;
use super::prepared::{Prepared, as_object, prepare, rewrite};
use super::splice::Splices;
use super::{
    AgentsPolicy, Config, ConfigError, Header, Headers, LockPolicy, ServerConfig, VaultChoice, strict,
};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;
use wire::ClassRules;
use words::say;

/// Adds a server at the end of `mcpServers`. What is there under the same name, used by us or not, is never
/// written over.
pub fn add_server(path: &Path, name: &str, entry: Map<String, Value>) -> Result<Prepared, ConfigError> {
    let place = Location::new(path).at("mcpServers").at(name);
    rewrite(path, |file| {
        let servers = file.entry("mcpServers").or_insert_with(|| json!({}));
        let Value::Object(servers) = servers else { return Ok(()) };
        if servers.contains_key(name) {
            return Err(place.error(say!(config_name_taken), say!(config_name_taken_advice)));
        }
        servers.insert(name.to_owned(), Value::Object(entry));
        Ok(())
    })
}

/// Adds several servers at the end of `mcpServers`, all or none.
pub fn add_servers(path: &Path, entries: Vec<(String, Map<String, Value>)>) -> Result<Prepared, ConfigError> {
    let place = Location::new(path).at("mcpServers");
    rewrite(path, |file| {
        let servers = file.entry("mcpServers").or_insert_with(|| json!({}));
        let Value::Object(servers) = servers else { return Ok(()) };
        for (name, entry) in entries {
            if servers.contains_key(&name) {
                return Err(place.at(&name).error(say!(config_name_taken), say!(config_name_taken_advice)));
            }
            servers.insert(name, Value::Object(entry));
        }
        Ok(())
    })
}

/// Takes a server out.
pub fn remove_server(path: &Path, name: &str) -> Result<Prepared, ConfigError> {
    rewrite(path, |file| {
        if let Some(Value::Object(servers)) = file.get_mut("mcpServers") {
            servers.shift_remove(name);
        }
        Ok(())
    })
}

/// Takes a server's secrets out of the file, once the vault has them. The path of a key file is no secret.
pub fn drop_secrets(path: &Path, name: &str) -> Result<(), ConfigError> {
    set(path, |file| {
        let oauth = file.get_mut("mcpServers").and_then(|s| s.get_mut(name)).and_then(|s| s.get_mut("oauth"));
        if let Some(Value::Object(oauth)) = oauth {
            oauth.shift_remove("clientSecret");
            if oauth.get("privateKey").and_then(Value::as_str).is_some_and(|key| key.contains("-----BEGIN "))
            {
                oauth.shift_remove("privateKey");
            }
            if let Some(Value::Object(grant)) = oauth.get_mut("grant") {
                grant.shift_remove("clientSecret");
            }
        }
        Ok(())
    })
}

/// Puts the names of keys in the place of the keys themselves, in all servers at once. `moved` are the
/// headers of each server by its name. One that says something else by now stays. All else in the file stays
/// as it is, byte for byte.
pub fn drop_keys(path: &Path, moved: &[(String, Headers)]) -> Result<Prepared, ConfigError> {
    let names = |now: &Config, splices: &mut Splices<'_>| {
        for (name, headers) in moved {
            let Some(server) = now.servers.get(name) else { continue };
            let is_moved = |header: &&Header| headers.iter().any(|other| other == *header);
            for header in server.headers.iter().filter(|header| header.found.is_some()).filter(is_moved) {
                let line = json!(header.line.to_string());
                let block = if server.place.program().is_some() { "env" } else { "headers" };
                splices.set(&["mcpServers", name, block], &header.name, &line)?;
            }
        }
        Some(())
    };
    let change = |now: &Config, text: &str| {
        // An editor may have emptied it for a moment.
        if now.servers.is_empty() {
            return Ok(text.to_owned());
        }
        let no_object = || Location::new(path).error(say!(config_no_object), say!(config_no_object_advice));
        spliced(text, |splices| names(now, splices)).ok_or_else(no_object)
    };
    prepare(path, change).map(|(prepared, _)| prepared)
}

/// Takes out the headers that keys go into, so that the server is signed in to.
pub fn remove_key_headers(path: &Path, name: &str) -> Result<Prepared, ConfigError> {
    let change = |now: &Config, text: &str| {
        let kept = now.servers.get(name).map(|server| server.headers.without_keys().plain());
        let kept = kept.unwrap_or_default();
        as_object(path, text, |file| {
            let server = file.get_mut("mcpServers").and_then(|servers| servers.get_mut(name));
            let Some(Value::Object(server)) = server else { return Ok(()) };
            let Some(Value::Object(headers)) = server.get_mut("headers") else { return Ok(()) };
            headers.retain(|name, _| kept.contains_key(name));
            if headers.is_empty() {
                server.shift_remove("headers");
            }
            Ok(())
        })
    };
    prepare(path, change).map(|(prepared, _)| prepared)
}

/// Says what an agent gets that was never answered about.
pub fn set_agents(path: &Path, agents: AgentsPolicy) -> Result<(), ConfigError> {
    set(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("agents".to_owned(), json!(agents));
        }
        Ok(())
    })
}

/// Says what an agent may do that was never answered about.
pub fn set_rules(path: &Path, rules: ClassRules) -> Result<(), ConfigError> {
    set(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("rules".to_owned(), json!(rules));
        }
        Ok(())
    })
}

/// Says where secrets are kept.
pub fn set_vault(path: &Path, vault: VaultChoice) -> Result<(), ConfigError> {
    set(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("vault".to_owned(), json!(vault));
        }
        Ok(())
    })
}

/// Says when the valet locks by itself.
pub fn set_lock(path: &Path, policy: LockPolicy) -> Result<(), ConfigError> {
    set(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({}))
            && let Value::Object(lock) = valet.entry("lock").or_insert_with(|| json!({}))
            && let Value::Object(policy) = json!(policy)
        {
            lock.extend(policy);
        }
        Ok(())
    })
}

/// Names the client that the person registered for a server, in the place of the one before. What else is
/// said of the server stays.
pub fn set_client(path: &Path, name: &str, client: Map<String, Value>) -> Result<Prepared, ConfigError> {
    let place = Location::new(path).at("mcpServers").at(name);
    rewrite(path, |file| {
        let servers = file.get_mut("mcpServers");
        let Some(Value::Object(server)) = servers.and_then(|servers| servers.get_mut(name)) else {
            return Err(place.error(say!(config_no_such_server), say!(config_no_such_server_advice)));
        };
        if let Value::Object(oauth) = server.entry("oauth").or_insert_with(|| json!({})) {
            oauth.shift_remove("clientSecret");
            oauth.extend(client);
        }
        Ok(())
    })
}

/// What a server that is listed is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerEdit {
    /// Its name.
    pub name: String,
    /// Its address. That of a program is the one that is shown, and stays.
    pub url: String,
    /// The scopes that a sign-in asks for, if the person says which.
    pub scopes: Option<Vec<String>>,
    /// The folders that it is the account for; nothing where they stay as they are.
    pub folders: Option<Vec<String>>,
}

/// Makes a server that is listed what `wanted` says, and answers how it then stands in the file. All else in
/// the file stays as it is, byte for byte.
pub fn edit_server(
    path: &Path,
    name: &str,
    wanted: &ServerEdit,
) -> Result<(Prepared, Arc<ServerConfig>), ConfigError> {
    let place = Location::new(path).at("mcpServers").at(name);
    let gone = || place.error(say!(config_no_such_server), say!(config_no_such_server_advice));
    let change = |before: &Config, text: &str| {
        let now = before.servers.get(name).ok_or_else(gone)?;
        if now.place.program().is_some() && wanted.url != now.place.to_string() {
            return Err(place.error(say!(config_program_stays), say!(config_program_stays_advice)));
        }
        if wanted.name != name && is_taken(text, &wanted.name) {
            let place = Location::new(path).at("mcpServers").at(&wanted.name);
            return Err(place.error(say!(config_name_taken), say!(config_name_taken_advice)));
        }
        spliced(text, |splices| put(splices, name, now, wanted)).ok_or_else(gone)
    };
    let (prepared, mut after) = prepare(path, change)?;
    Ok((prepared, after.servers.remove(&wanted.name).ok_or_else(gone)?))
}

/// Makes a server the account for one more folder, and answers how it then stands in the file. All else in
/// the file stays as it is, byte for byte.
pub fn add_folder(
    path: &Path,
    name: &str,
    folder: &str,
) -> Result<(Prepared, Arc<ServerConfig>), ConfigError> {
    let now = Config::load(path)?.0;
    let place = Location::new(path).at("mcpServers").at(name);
    let gone = || place.error(say!(config_no_such_server), say!(config_no_such_server_advice));
    let now = now.servers.get(name).ok_or_else(gone)?;
    let mut folders = now.folders.clone();
    folders.push(folder.to_owned());
    let wanted = ServerEdit {
        name: name.to_owned(),
        url: now.place.url().map_or_else(|| now.place.to_string(), |url| url.as_str().to_owned()),
        scopes: now.oauth.scopes.clone(),
        folders: Some(folders),
    };
    edit_server(path, name, &wanted)
}

fn put(splices: &mut Splices<'_>, name: &str, now: &ServerConfig, wanted: &ServerEdit) -> Option<()> {
    if now.place.url().is_some_and(|url| wanted.url != url.as_str()) {
        splices.set(&["mcpServers", name], "url", &json!(wanted.url))?;
    }
    if wanted.scopes != now.oauth.scopes {
        set_scopes(splices, name, wanted.scopes.as_deref())?;
    }
    match wanted.folders.as_deref() {
        None => {}
        Some([]) => splices.remove(&["mcpServers", name], "folders")?,
        Some(folders) if folders == now.folders => {}
        Some(folders) => splices.set(&["mcpServers", name], "folders", &json!(folders))?,
    }
    if wanted.name != name {
        splices.rename(&["mcpServers"], name, &wanted.name)?;
    }
    Some(())
}

/// The text with these edits made.
fn spliced(text: &str, edits: impl FnOnce(&mut Splices<'_>) -> Option<()>) -> Option<String> {
    let mut splices = Splices::of(text)?;
    edits(&mut splices)?;
    Some(splices.make(text))
}

/// Whether any entry has this name, used by us or not.
fn is_taken(text: &str, name: &str) -> bool {
    strict::parse(text).is_ok_and(|file| file["mcpServers"].get(name).is_some())
}

fn set_scopes(splices: &mut Splices<'_>, name: &str, scopes: Option<&[String]>) -> Option<()> {
    let oauth = ["mcpServers", name, "oauth"];
    match scopes {
        Some(scopes) => splices
            .set(&oauth, "scopes", &json!(scopes))
            .or_else(|| splices.set(&oauth[..2], "oauth", &json!({ "scopes": scopes }))),
        None => splices.remove(&oauth, "scopes"),
    }
}

/// The file as an object, changed at once.
fn set(
    path: &Path,
    change: impl FnOnce(&mut Map<String, Value>) -> Result<(), ConfigError>,
) -> Result<(), ConfigError> {
    rewrite(path, change)?.commit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_edit_keeps_the_order_and_what_it_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        fs::write(&path, r#"{"valet":{},"mcpServers":{"z":{"headers":{},"url":"https://z.example"},"a":{"url":"https://a.example"}}}"#)
            .unwrap();
        let entry = json!({"url": "https://m.example"});
        add_server(&path, "m", entry.as_object().unwrap().clone()).unwrap().commit().unwrap();
        remove_server(&path, "a").unwrap().commit().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let names: Vec<_> = value["mcpServers"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["z", "m"]);
        assert!(text.find("valet").unwrap() < text.find("mcpServers").unwrap());
        assert!(text.contains("headers"));
    }

    #[test]
    fn a_client_takes_the_place_of_the_one_before_and_of_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        let before = json!({"mcpServers": {"s": {
            "headers": {}, "url": "https://s.example", "handOut": "proxy",
            "oauth": {"scopes": ["a"], "clientId": "old", "clientSecret": "secret", "tls": true}
        }}});
        fs::write(&path, before.to_string()).unwrap();
        let client = json!({"clientId": "new", "callbackPort": 4000});
        set_client(&path, "s", client.as_object().unwrap().clone()).unwrap().commit().unwrap();
        set_agents(&path, AgentsPolicy::Deny).unwrap();
        set_lock(&path, LockPolicy { screen: true, ..LockPolicy::default() }).unwrap();
        let after: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let expected = json!({"mcpServers": {"s": {
            "headers": {}, "url": "https://s.example", "handOut": "proxy",
            "oauth": {"scopes": ["a"], "clientId": "new", "tls": true, "callbackPort": 4000}
        }}, "valet": {"agents": "deny", "lock": {"screen": true, "suspend": true, "idleMinutes": 0}}});
        assert_eq!(after.to_string(), expected.to_string());
        assert!(set_client(&path, "other", Map::new()).is_err());
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        fs::write(&path, "{ }").unwrap();
        let prepared = remove_server(&path, "a").unwrap();
        assert!(prepared.is_current());
        fs::write(&path, "{  }").unwrap();
        assert!(!prepared.is_current());
        assert!(prepared.commit().is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{  }");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn keys_of_all_servers_leave_the_file_at_once_and_what_says_something_else_by_now_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        let with = |a: &str, b: &str| {
            json!({ "mcpServers": {
                "a": { "url": "https://a.example", "headers": { "Authorization": a } },
                "b": { "url": "https://b.example", "headers": { "X-Api-Key": b } },
            } })
            .to_string()
        };
        fs::write(&path, with("Bearer secret-1", "secret-2")).unwrap();
        let of = |name: &str| (name.to_owned(), Config::load(&path).unwrap().0.servers[name].headers.clone());
        let moved = [of("a"), of("b"), ("gone".to_owned(), Headers::default())];
        drop_keys(&path, &moved).unwrap().commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), with("Bearer ${key}", "${key}"));
        fs::write(&path, with("Bearer another-1", "secret-2")).unwrap();
        drop_keys(&path, &moved).unwrap().commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), with("Bearer another-1", "${key}"));
        fs::write(&path, "").unwrap();
        drop_keys(&path, &moved).unwrap().commit().unwrap();
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.json"), folder.path().join("config.json"));
        fs::write(&real, "{}").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        add_server(&link, "m", json!({"url": "https://m.example"}).as_object().unwrap().clone())
            .unwrap()
            .commit()
            .unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&real).unwrap().contains("m.example"));
    }

    #[test]
    fn a_link_that_names_nothing_is_written_through_or_refused_and_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("config.json");
        let entry = || json!({"url": "https://m.example"}).as_object().unwrap().clone();
        std::os::unix::fs::symlink("there/real.json", &link).unwrap();
        let refused = add_server(&link, "m", entry()).unwrap_err().to_string();
        assert!(refused.contains("there is no such folder"), "{refused}");
        fs::create_dir(folder.path().join("there")).unwrap();
        add_server(&link, "m", entry()).unwrap().commit().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(folder.path().join("there/real.json")).unwrap().contains("m.example"));
    }
}
