//! An edit of the person's file on its way: read, changed, checked as the file would be, and on the disk.

use super::error::Location;
use super::{Config, ConfigError, strict};
use files::draft::{Draft, end_of_links};
use serde_json::{Map, Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use words::say;

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

/// Makes of the file what `change` says, and answers what it then comes to. Every edit goes this way.
pub(super) fn prepare(
    path: &Path,
    change: impl FnOnce(&Config, &str) -> Result<String, ConfigError>,
) -> Result<(Prepared, Config), ConfigError> {
    let (config, before) = Config::load(path)?;
    let after = change(&config, &before)?;
    let config = Config::parse(path, &after)?;
    let (target, draft) = draft(path, &after).map_err(|error| unwritten(path, &error))?;
    Ok((Prepared { path: path.to_owned(), target, before, draft }, config))
}

/// The same of an edit that needs no look at what it says now.
pub(super) fn rewrite(
    path: &Path,
    change: impl FnOnce(&mut Map<String, Value>) -> Result<(), ConfigError>,
) -> Result<Prepared, ConfigError> {
    prepare(path, |_, text| as_object(path, text, change)).map(|(prepared, _)| prepared)
}

/// The text with its object changed, in its own order.
pub(super) fn as_object(
    path: &Path,
    text: &str,
    change: impl FnOnce(&mut Map<String, Value>) -> Result<(), ConfigError>,
) -> Result<String, ConfigError> {
    let place = Location::new(path);
    let value = if text.trim().is_empty() { Ok(json!({})) } else { strict::parse(text) };
    let Value::Object(mut file) = value.map_err(|error| place.syntax(&error))? else {
        return Err(place.error(say!(config_no_object), say!(config_no_object_advice)));
    };
    change(&mut file)?;
    Ok(format!("{:#}\n", Value::Object(file)))
}

/// Writes beside the file; a file that is a link keeps being one, whether what it names is there or not.
fn draft(path: &Path, after: &str) -> std::io::Result<(PathBuf, Draft)> {
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
    Ok((target, draft))
}

fn unwritten(path: &Path, error: &std::io::Error) -> ConfigError {
    Location::new(path)
        .error(say!(config_not_written, error = error.to_string()), say!(config_not_written_advice))
}
