//! Changes to the person's file: whole or not at all, in its own order, never over somebody else's edit.

use super::error::Location;
use super::{AgentsPolicy, Config, ConfigError, LockPolicy, VaultChoice, strict};
use files::draft::{Draft, end_of_links};
use serde_json::{Map, Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Adds a server at the end of `mcpServers`. What is there under the same name, used by us or not, is never
/// written over.
pub fn add_server(path: &Path, name: &str, entry: Map<String, Value>) -> Result<Prepared, ConfigError> {
    let place = Location::new(path).at("mcpServers").at(name);
    prepare(path, |file| {
        let servers = file.entry("mcpServers").or_insert_with(|| json!({}));
        let Value::Object(servers) = servers else { return Ok(()) };
        if servers.contains_key(name) {
            return Err(place.error("this name is taken in the file", "Choose another name."));
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

/// Says what an agent gets that was never answered about.
pub fn set_agents(path: &Path, agents: AgentsPolicy) -> Result<(), ConfigError> {
    edit(path, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("agents".to_owned(), json!(agents));
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
            return Err(place.error("there is no such server in the file", "Add the server again."));
        };
        if let Value::Object(oauth) = server.entry("oauth").or_insert_with(|| json!({})) {
            oauth.shift_remove("clientSecret");
            oauth.extend(client);
        }
        Ok(())
    })
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
            false => Err(std::io::Error::other("somebody else changed it at the same moment")),
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
        return Err(place.error("this is not a JSON object", "Begin the file with { and end it with }."));
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
        let leads = format!("it is a link to {}, and there is no such folder", target.display());
        return Err(std::io::Error::new(std::io::ErrorKind::NotFound, leads));
    }
    let mode = fs::metadata(&target).map_or(0o600, |meta| meta.permissions().mode() & 0o777);
    let draft = Draft::of(&target, after.as_bytes(), mode)?;
    Ok(Prepared { path: path.to_owned(), target, before: String::new(), draft })
}

fn unwritten(path: &Path, error: &std::io::Error) -> ConfigError {
    Location::new(path).error(
        format!("it could not be written ({error}); nothing was changed"),
        "Check that the file and its folder are yours and there, and that the disk is not full, then try again.",
    )
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
