//! Entries that lead here in the place of what they said before, secrets and all.

use crate::check::checked;
use crate::entry::entry;
use crate::hole::{Hole, Spelling, can_have_holes, dug, filled};
use crate::item::{Item, With};
use crate::job::{Change, Scene};
use crate::json;
use crate::origin::placed;
use crate::place::{Found, mark};
use crate::plan::{At, Led, Server, of_project, path, read, replace, to_paste};
use crate::record::{Edit, Records};
use crate::shown::Lines;
use crate::splice::{Splice, made, undone};
use crate::table::Spot;
use crate::trouble::Trouble;
use crate::{toml, yaml_tree};
use import::Format;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// A secret that leaves a file.
#[derive(Debug, Clone)]
pub struct Moved {
    /// What the server calls it as a key.
    pub key: String,
    /// Itself.
    pub secret: Zeroizing<String>,
    /// How it is written, where that is neither as it is nor as the format of the file has it.
    pub spelling: Option<Spelling>,
}

/// An entry that is to lead here.
#[derive(Debug, Clone)]
pub struct TakenOver {
    /// The project that it is listed for, in a file that has many.
    pub project: Option<String>,
    /// Its name.
    pub key: String,
    /// The server that it is to lead to.
    pub server: String,
    /// What tells that from another of that name.
    pub server_id: String,
    /// What the program goes on reading of it.
    pub keeps: Map<String, Value>,
    /// The secrets in it.
    pub moved: Vec<Moved>,
}

/// Plans how entries of a file, as it was found, lead here.
///
/// # Errors
/// The file has to stay as it is.
pub fn take_over(
    scene: &Scene,
    records: &Records,
    (spot, found): (&Spot, Found),
    entries: &[TakenOver],
) -> Result<Change, Trouble> {
    let text = Zeroizing::new(found.text.clone().unwrap_or_default());
    if !can_have_holes(&text) {
        return Err(Trouble::Unusual);
    }
    let before = read(spot, &text)?;
    let usual = path(spot, &before);
    let mut number = records.next_hole(&found.path);
    let (mut whole, mut kept, mut led, mut holes, mut ours) = (vec![], vec![], vec![], vec![], vec![]);
    for one in entries {
        let at = At {
            path: one.project.as_deref().map_or_else(|| usual.clone(), of_project),
            key: one.key.clone(),
        };
        let path: Vec<&str> = at.path.iter().map(String::as_str).collect();
        let item = leading(spot, &scene.program, one)?;
        let splices = replace(spot, &text, &path, &one.key, With::Item(&item))?;
        if !splices.iter().all(|splice| is_read_whole(spot, &text, splice)) {
            return Err(Trouble::Beside);
        }
        let dug: Vec<Splice> = splices
            .iter()
            .map(|splice| dig(splice, one, (&mut number, &mut holes)))
            .collect::<Result<_, _>>()?;
        led.push(Led {
            server: one.server.clone(),
            key: one.key.clone(),
            asks: None,
            was: dug.first().map(|splice| splice.old.clone()),
            path: one.project.as_ref().map(|_| at.path.clone()).unwrap_or_default(),
        });
        whole.extend(splices);
        kept.extend(dug);
        ours.push(at);
    }
    whole.sort_by_key(|splice| splice.at);
    kept.sort_by_key(|splice| splice.at);
    let after = made(&text, &whole).ok_or(Trouble::Unusual)?;
    checked(spot, &text, (&before, &ours), &after, &ours)?;
    let lines = Lines::of(&text, &kept);
    let kept = of_text_with_holes(kept, &whole)?;
    let was = undone(&after, &kept).ok_or(Trouble::Unusual)?;
    comes_back(&was, &text, entries, &holes)?;
    is_clean(&read(spot, &was)?, (entries, &ours))?;
    let placed = placed(spot, &found.path, &was, &holes);
    // What is not known to be there again by its entry could not come back.
    if placed.iter().any(|(_, origins)| origins.is_empty()) {
        return Err(Trouble::Unusual);
    }
    Ok(Change {
        client: spot.client,
        file: spot.path.clone(),
        in_project: false,
        lines,
        servers: entries.iter().map(|one| one.server.clone()).collect(),
        paste: to_paste(spot, &scene.program, &entries.iter().map(server).collect::<Vec<_>>()),
        holes: Vec::new(),
        placed,
        spot: spot.clone(),
        edit: Some(Edit {
            before: mark(&was),
            after: mark(&after),
            splices: kept,
            led,
            follows: records.left(&found.path) == Some(found.mark().as_str()),
            holes,
            rights: Some(found.rights()),
        }),
        taken: Vec::new(),
        kept: Vec::new(),
        after: Some(after),
        found,
    })
}

/// Whether all that is written there was read: a secret may be in a comment, or below a key that another of
/// that name hides.
fn is_read_whole(spot: &Spot, text: &str, splice: &Splice) -> bool {
    match spot.format() {
        Format::Json => json::is_read_whole(&splice.old),
        // Their readers refuse a key that is there twice.
        Format::Toml => !toml::has_comment(&splice.old),
        Format::Yaml => !yaml_tree::has_comment(text, splice.at..splice.at + splice.old.len()),
    }
}

/// The server that an entry is to lead to, by its name.
fn server(one: &TakenOver) -> Server {
    Server { name: one.server.clone(), url: String::new(), asks: one.server.clone() }
}

/// What is written instead, with what the program goes on reading.
fn leading(spot: &Spot, program: &str, one: &TakenOver) -> Result<Item, Trouble> {
    let Item::Members(mut members) = entry(spot.row.shape, program, &one.server, &one.key) else {
        return Err(Trouble::Unusual);
    };
    for (key, value) in &one.keeps {
        let item = Item::of(value).ok_or(Trouble::Unusual)?;
        match members.iter_mut().find(|(name, _)| name == key) {
            Some((_, own)) => *own = item,
            None => members.push((key.clone(), item)),
        }
    }
    Ok(Item::Members(members))
}

/// The same edit, with holes where the secrets were.
fn dig(
    splice: &Splice,
    one: &TakenOver,
    (number, holes): (&mut usize, &mut Vec<Hole>),
) -> Result<Splice, Trouble> {
    let mut all: Vec<&Moved> = one.moved.iter().collect();
    // One may be a part of another.
    all.sort_by_key(|moved| std::cmp::Reverse(moved.secret.len()));
    let mut old = Zeroizing::new(splice.old.clone());
    for moved in all {
        let spellings = moved.spelling.map_or_else(|| vec![Spelling::Plain, Spelling::Json], |own| vec![own]);
        let mut is_found = false;
        for spelling in spellings {
            let (server, server_id) = (one.server.clone(), one.server_id.clone());
            let hole = Hole { number: *number, server, server_id, key: moved.key.clone(), spelling };
            let written = spelling.of(&moved.secret).ok_or(Trouble::Unusual)?;
            if let Some(with) = dug(&old, &written, &hole) {
                old = Zeroizing::new(with);
                holes.push(hole);
                *number += 1;
                is_found = true;
            }
        }
        // It is written in a way in which it could be read, and not found.
        is_found.then_some(()).ok_or(Trouble::Unusual)?;
    }
    Ok(Splice { old: old.to_string(), ..splice.clone() })
}

/// The edits that are `kept` begin where they do in a text that has their holes, which is of another length
/// than that of the `whole` ones.
fn of_text_with_holes(kept: Vec<Splice>, whole: &[Splice]) -> Result<Vec<Splice>, Trouble> {
    let mut shift = 0_isize;
    let moved = |(kept, whole): (Splice, &Splice)| {
        let at = kept.at.checked_add_signed(shift).ok_or(Trouble::Unusual)?;
        shift += kept.old.len().cast_signed() - whole.old.len().cast_signed();
        Ok(Splice { at, ..kept })
    };
    kept.into_iter().zip(whole).map(moved).collect()
}

/// With its holes filled it has to be the text that was there.
fn comes_back(was: &str, text: &str, entries: &[TakenOver], holes: &[Hole]) -> Result<(), Trouble> {
    let secret = |hole: &Hole| {
        let mut own = entries.iter().filter(|one| one.server_id == hole.server_id).flat_map(|one| &one.moved);
        own.find(|moved| moved.key == hole.key).map(|moved| moved.secret.clone())
    };
    if *filled(was, holes, secret) == *text { Ok(()) } else { Err(Trouble::Unusual) }
}

/// Nothing secret may be left beside the holes, however it is written.
fn is_clean(was: &Value, (entries, ours): (&[TakenOver], &[At])) -> Result<(), Trouble> {
    for (one, at) in entries.iter().zip(ours) {
        let holder = at.path.iter().try_fold(was, |value, key| value.get(key));
        let entry = holder.map(|holder| match holder.as_array() {
            Some(all) => all.iter().find(|entry| entry["name"] == one.key.as_str()).unwrap_or(&Value::Null),
            None => &holder[&one.key],
        });
        let says = |secret: &str| entry.is_some_and(|entry| has(entry, secret));
        if one.moved.iter().any(|moved| says(&moved.secret)) {
            return Err(Trouble::Unusual);
        }
    }
    Ok(())
}

fn has(value: &Value, secret: &str) -> bool {
    match value {
        Value::String(text) => text.contains(secret),
        Value::Array(all) => all.iter().any(|one| has(one, secret)),
        Value::Object(all) => all.iter().any(|(key, one)| key.contains(secret) || has(one, secret)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
