//! Changes to the person's file: whole or not at all, in its own order, never over somebody else's edit.

use super::error::Location;
use super::splice::Splices;
use super::{
    AgentsPolicy, Config, ConfigError, Header, Headers, LockPolicy, ServerConfig, VaultChoice, strict,
};
use files::draft::{Draft, end_of_links};
use serde_json::{Map, Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use wire::ClassRules;
use words::say;

/// Adds a server at the end of `mcpServers`. What is there under the same name, used by us or not, is never
/// written over.
pub fn add_server(path: &Path, name: &str, entry: Map<String, Value>) -> Result<Prepared, ConfigError> {
    let place = Location::new(path).at("mcpServers").at(name);
    prepare(path, |file| {
        let servers = file.entry("mcpServers").or_insert_with(|| json!({}));
        let Value::Object(servers) = servers else { return Ok(()) };
        if servers.contains_key(name) {
            return Err(place.error(say!(config_name_taken), say!(config_name_taken_advice)));
        }
        servers.insert(name.to_owned(), Value::Object(entry));
        Ok(())
    })
}

/// Takes a server out.
pub fn remove_server(path: &Path, name: &str) -> Result<Prepared, ConfigError> {
    prepare(path, |file| {
        if let Some(Value::Object(servers)) = file.get_mut("mcpServers") {
            servers.shift_remove(name);
        }
        Ok(())
    })
}

/// Takes a server's secrets out of the file, once the vault has them. The path of a key file is no secret.
pub fn drop_secrets(path: &Path, name: &str) -> Result<(), ConfigError> {
    edit(path, |file| {
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

/// Puts the names of keys in the place of the keys themselves, once the vault has those of `moved`. A header
/// that says something else by now stays. All else in the file stays as it is, byte for byte.
pub fn drop_keys(path: &Path, name: &str, moved: &Headers) -> Result<(), ConfigError> {
    rewrite_headers(path, name, |now, splices| {
        let is_moved = |header: &&Header| moved.iter().any(|other| other == *header);
        for header in now.iter().filter(|header| header.found.is_some()).filter(is_moved) {
            let line = json!(header.line.to_string());
            splices.set(&["mcpServers", name, "headers"], &header.name, &line)?;
        }
        Some(())
    })
}

/// Takes out the headers that keys go into, so that the server is signed in to.
pub fn remove_key_headers(path: &Path, name: &str) -> Result<Prepared, ConfigError> {
    let (before, _) = Config::load(path)?;
    let kept =
        before.servers.get(name).map(|server| server.headers.without_keys().plain()).unwrap_or_default();
    prepare(path, |file| {
        let server = file.get_mut("mcpServers").and_then(|servers| servers.get_mut(name));
        let Some(Value::Object(server)) = server else { return Ok(()) };
        let Some(Value::Object(headers)) = server.get_mut("headers") else { return Ok(()) };
        headers.retain(|name, _| kept.contains_key(name));
        if headers.is_empty() {
            server.shift_remove("headers");
        }
        Ok(())
    })
}

fn rewrite_headers(
    path: &Path,
    name: &str,
    rewrite: impl FnOnce(&Headers, &mut Splices<'_>) -> Option<()>,
) -> Result<(), ConfigError> {
    let (before, text) = Config::load(path)?;
    let place = Location::new(path).at("mcpServers").at(name);
    let gone = || place.error(say!(config_no_such_server), say!(config_no_such_server_advice));
    let server = before.servers.get(name).ok_or_else(gone)?;
    let spliced = || {
        let mut splices = Splices::of(&text)?;
        rewrite(&server.headers, &mut splices)?;
        Some(splices.make(&text))
    };
    let after = spliced().ok_or_else(gone)?;
    Config::parse(path, &after)?;
    let drafted = draft(path, &after).map_err(|error| unwritten(path, &error))?;
    Prepared { path: path.to_owned(), before: text, ..drafted }.commit()
}

/// Says what an agent gets that was never answered about.
pub fn set_agents(path: &Path, agents: AgentsPolicy) -> Result<(), ConfigError> {
    edit(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("agents".to_owned(), json!(agents));
        }
        Ok(())
    })
}

/// Says what an agent may do that was never answered about.
pub fn set_rules(path: &Path, rules: ClassRules) -> Result<(), ConfigError> {
    edit(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("rules".to_owned(), json!(rules));
        }
        Ok(())
    })
}

/// Says where secrets are kept.
pub fn set_vault(path: &Path, vault: VaultChoice) -> Result<(), ConfigError> {
    edit(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("vault".to_owned(), json!(vault));
        }
        Ok(())
    })
}

/// Says when the valet locks by itself.
pub fn set_lock(path: &Path, policy: LockPolicy) -> Result<(), ConfigError> {
    edit(path, |file| {
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
    prepare(path, |file| {
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
    /// Its address.
    pub url: String,
    /// The scopes that a sign-in asks for, if the person says which.
    pub scopes: Option<Vec<String>>,
}

/// Makes a server that is listed what `wanted` says, and answers how it then stands in the file. All else in
/// the file stays as it is, byte for byte.
pub fn edit_server(
    path: &Path,
    name: &str,
    wanted: &ServerEdit,
) -> Result<(Prepared, ServerConfig), ConfigError> {
    let (before, text) = Config::load(path)?;
    let place = Location::new(path).at("mcpServers").at(name);
    let gone = || place.error(say!(config_no_such_server), say!(config_no_such_server_advice));
    let now = before.servers.get(name).ok_or_else(gone)?;
    if wanted.name != name && is_taken(&text, &wanted.name) {
        let place = Location::new(path).at("mcpServers").at(&wanted.name);
        return Err(place.error(say!(config_name_taken), say!(config_name_taken_advice)));
    }
    let spliced = || {
        let mut splices = Splices::of(&text)?;
        let entry = ["mcpServers", name];
        if wanted.url != now.url.as_str() {
            splices.set(&entry, "url", &json!(wanted.url))?;
        }
        if wanted.scopes != now.oauth.scopes {
            set_scopes(&mut splices, name, wanted.scopes.as_deref())?;
        }
        if wanted.name != name {
            splices.rename(&["mcpServers"], name, &wanted.name)?;
        }
        Some(splices.make(&text))
    };
    let after = spliced().ok_or_else(gone)?;
    let server = Config::parse(path, &after)?.servers.remove(&wanted.name).ok_or_else(gone)?;
    let drafted = draft(path, &after).map_err(|error| unwritten(path, &error))?;
    Ok((Prepared { path: path.to_owned(), before: text, ..drafted }, server))
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

fn edit(
    path: &Path,
    change: impl FnOnce(&mut Map<String, Value>) -> Result<(), ConfigError>,
) -> Result<(), ConfigError> {
    prepare(path, change)?.commit()
}

/// An edit that is on the disk already, beside the file, and has only to take its place: what else is to be
/// done with it is done in between, and a full disk stops both.
#[derive(Debug)]
pub struct Prepared {
    path: PathBuf,
    target: PathBuf,
    before: String,
    draft: Draft,
}

impl Prepared {
    /// Puts it into the file's place, unless somebody else changed the file meanwhile.
    pub fn commit(self) -> Result<(), ConfigError> {
        let placed = match self.is_current() {
            true => self.draft.place(),
            false => Err(std::io::Error::other(say!(config_changed_meanwhile))),
        };
        placed.map_err(|error| unwritten(&self.path, &error))
    }

    /// Whether the file is still what this was made of.
    pub fn is_current(&self) -> bool {
        super::file::read(&self.target).is_ok_and(|now| now == self.before)
    }
}

fn prepare(
    path: &Path,
    change: impl FnOnce(&mut Map<String, Value>) -> Result<(), ConfigError>,
) -> Result<Prepared, ConfigError> {
    let (_, before) = Config::load(path)?;
    let place = Location::new(path);
    let value = if before.trim().is_empty() { Ok(json!({})) } else { strict::parse(&before) };
    let Value::Object(mut file) = value.map_err(|error| place.syntax(&error))? else {
        return Err(place.error(say!(config_no_object), say!(config_no_object_advice)));
    };
    change(&mut file)?;
    let after = format!("{:#}\n", Value::Object(file));
    Config::parse(path, &after)?;
    let drafted = draft(path, &after).map_err(|error| unwritten(path, &error))?;
    Ok(Prepared { path: path.to_owned(), before, ..drafted })
}

/// Writes beside the file; a file that is a link keeps being one, whether what it names is there or not.
fn draft(path: &Path, after: &str) -> std::io::Result<Prepared> {
    let target = end_of_links(path)?;
    let folder = target.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
    if target == path {
        files::paths::make_private(&folder)?;
    } else if !folder.is_dir() {
        let leads = say!(config_leads_nowhere, folder = target.display().to_string());
        return Err(std::io::Error::new(std::io::ErrorKind::NotFound, leads));
    }
    let mode = fs::metadata(&target).map_or(0o600, |meta| meta.permissions().mode() & 0o777);
    let draft = Draft::of(&target, after.as_bytes(), mode)?;
    Ok(Prepared { path: path.to_owned(), target, before: String::new(), draft })
}

fn unwritten(path: &Path, error: &std::io::Error) -> ConfigError {
    Location::new(path)
        .error(say!(config_not_written, error = error.to_string()), say!(config_not_written_advice))
}

#[cfg(test)]
mod tests {
    use super::*;

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
