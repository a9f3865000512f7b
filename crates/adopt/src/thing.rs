//! What an entry of another program comes to here.

use crate::key::{Key, Keys, named};
use crate::why::Why;
use crate::{local, members, remote};
use config::KeyName;
use import::{Listed, Whole, whole};
use serde_json::{Map, Value, json};

/// What an entry comes to here.
#[derive(Debug)]
pub(crate) struct Thing {
    /// As our file has it, with the names of keys in the place of secrets.
    pub(crate) entry: Map<String, Value>,
    /// The secrets.
    pub(crate) keys: Vec<Key>,
    /// What its program goes on reading.
    pub(crate) keeps: Map<String, Value>,
}

/// What is wanted of an entry that has more than one way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ways {
    /// Whether a secret may go on being an argument.
    pub(crate) arguments: bool,
}

/// Reads an entry; nothing where it is nothing to move.
pub(crate) fn read(listed: &Listed, ways: Ways) -> Result<Option<Thing>, Why> {
    let (whole, inner) = whole(&listed.value);
    let is_off = |value: &Value| value["disabled"] == true || value["enabled"] == false;
    let mut keys = Keys::default();
    let entry = match &whole {
        Whole::Ours | Whole::Other => return Ok(None),
        Whole::Local { .. } if local::secrets(&whole).is_empty() => {
            return if local::asks(&whole) { Err(Why::Variables) } else { Ok(None) };
        }
        _ if listed.disabled || is_off(inner) || is_off(&listed.value) => return Err(Why::Unused),
        Whole::Remote { .. } => remote::entry(&whole, listed.is_older, &mut keys)?,
        Whole::Local { .. } => local::entry(&whole, listed.project.is_some(), ways, &mut keys)?,
    };
    let keeps = members::kept(&listed.value, inner)?;
    Ok(Some(Thing { entry: called(entry, &keys), keys: named_anew(keys), keeps }))
}

/// The only key has the usual name.
fn called(entry: Map<String, Value>, keys: &Keys) -> Map<String, Value> {
    let Some(only) = keys.only() else { return entry };
    let (old, new) = (named(&only), named(&KeyName::default()));
    let mut entry = renamed(Value::Object(entry), &old, &new);
    if let Some(named) = entry.get_mut("keysInArgs") {
        *named = json!([KeyName::default().as_str()]);
    }
    match entry {
        Value::Object(entry) => entry,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

fn named_anew(keys: Keys) -> Vec<Key> {
    let is_only = keys.only().is_some();
    let name = |key: Key| if is_only { Key { name: KeyName::default(), ..key } } else { key };
    keys.0.into_iter().map(name).collect()
}

fn renamed(value: Value, old: &str, new: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(old, new)),
        Value::Array(all) => Value::Array(all.into_iter().map(|one| renamed(one, old, new)).collect()),
        Value::Object(all) => {
            Value::Object(all.into_iter().map(|(key, one)| (key, renamed(one, old, new))).collect())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}
