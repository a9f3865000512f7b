//! The last word on an edit, which is not that of whoever looked for the places.

use crate::plan::{At, at, read};
use crate::table::Spot;
use crate::trouble::Trouble;
use serde_json::Value;

/// Whatever a reader finds beside the entries at `ours` has to be what it was, those at `gone` aside.
pub(crate) fn checked(
    spot: &Spot,
    text: &str,
    (before, gone): (&Value, &[At]),
    after: &str,
    ours: &[At],
) -> Result<(), Trouble> {
    let mut after = read(spot, after).map_err(|_| Trouble::Unusual)?;
    let there = |own: &At| at(spot, &after, &own.path).iter().filter(|(name, _)| *name == own.key).count();
    let all_there = ours.iter().all(|own| there(own) == 1);
    let is_fresh = text.trim_start_matches('\u{feff}').trim().is_empty();
    if is_fresh && all_there {
        return Ok(());
    }
    let mut before = before.clone();
    ours.iter().for_each(|own| take_out(&mut after, &own.path, Some(&own.key)));
    gone.iter().for_each(|gone| take_out(&mut before, &gone.path, Some(&gone.key)));
    // What held none before holds none without ours.
    ours.iter().for_each(|own| take_out(&mut before, &own.path, None));
    if all_there && before == after { Ok(()) } else { Err(Trouble::Unusual) }
}

/// Without the entry of this key, and without what holds none any more.
fn take_out(value: &mut Value, path: &[String], key: Option<&str>) {
    let Some((first, rest)) = path.split_first() else {
        match value {
            Value::Object(all) => all.retain(|other, _| Some(other.as_str()) != key),
            Value::Array(all) => all.retain(|one| key.is_none() || one["name"].as_str() != key),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        return;
    };
    let Some(next) = value.get_mut(first) else { return };
    take_out(next, rest, key);
    let is_empty = match next {
        Value::Null => true,
        Value::Object(all) => all.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    if let Some(all) = value.as_object_mut().filter(|_| is_empty) {
        all.remove(first);
    }
}
