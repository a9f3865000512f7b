//! How entries of one file lead here: each as it is written and with holes where its secrets were, and those
//! together that can.

use crate::check::checked;
use crate::entry::entry;
use crate::escapes::Escapes;
use crate::hole::{Hole, Spelling, dug, filled};
use crate::item::{Item, With};
use crate::json;
use crate::origin::{Placed, placed};
use crate::plan::{At, Led, of_project, read, replace};
use crate::splice::{Splice, made, undone};
use crate::table::Spot;
use crate::taken_over::{Moved, TakenOver, of_text_with_holes};
use crate::trouble::Trouble;
use crate::{toml, yaml_tree};
use import::Format;
use serde_json::Value;
use std::path::Path;
use zeroize::Zeroizing;

/// A file, as far as edits look at it.
pub(crate) struct File<'a> {
    pub(crate) spot: &'a Spot,
    pub(crate) path: &'a Path,
    pub(crate) program: &'a str,
    pub(crate) text: &'a str,
    pub(crate) before: Value,
    /// The keys that entries are below.
    pub(crate) usual: Vec<String>,
    pub(crate) may_be_secret: &'a dyn Fn(&str) -> bool,
}

/// How one entry leads here: as it is written, and with holes where its secrets were.
struct Move<'a> {
    number: usize,
    entry: &'a TakenOver,
    at: At,
    whole: Vec<Splice>,
    kept: Vec<Splice>,
    holes: Vec<Hole>,
    led: Led,
}

/// The same of several together.
pub(crate) struct Moves {
    pub(crate) entries: Vec<usize>,
    pub(crate) whole: Vec<Splice>,
    pub(crate) kept: Vec<Splice>,
    pub(crate) holes: Vec<Hole>,
    pub(crate) led: Vec<Led>,
    pub(crate) placed: Vec<Placed>,
}

impl File<'_> {
    /// How those lead here that can, and why others cannot.
    pub(crate) fn able(
        &self,
        entries: &[TakenOver],
        mut hole: usize,
    ) -> (Option<Moves>, Vec<(usize, Trouble)>) {
        let (mut able, mut left) = (Vec::new(), Vec::new());
        for (number, entry) in entries.iter().enumerate() {
            match self.leads((number, entry), &mut hole) {
                Ok(one) => able.push(one),
                Err(trouble) => left.push((number, trouble)),
            }
        }
        if able.is_empty() {
            return (None, left);
        }
        if let Ok(moves) = self.together(&able) {
            return (Some(moves), left);
        }
        let mut alone = |one: &Move<'_>| match self.together(std::slice::from_ref(one)) {
            Ok(_) => true,
            Err(trouble) => {
                left.push((one.number, trouble));
                false
            }
        };
        able.retain(|one| alone(one));
        if able.is_empty() {
            return (None, left);
        }
        match self.together(&able) {
            Ok(moves) => (Some(moves), left),
            Err(trouble) => {
                left.extend(able.into_iter().map(|one| (one.number, trouble.clone())));
                (None, left)
            }
        }
    }

    fn leads<'e>(
        &self,
        (number, entry): (usize, &'e TakenOver),
        hole: &mut usize,
    ) -> Result<Move<'e>, Trouble> {
        let at = At {
            path: entry.project.as_deref().map_or_else(|| self.usual.clone(), of_project),
            key: entry.key.clone(),
        };
        let path: Vec<&str> = at.path.iter().map(String::as_str).collect();
        let item = leading(self.spot, self.program, entry)?;
        let whole = replace(self.spot, self.text, &path, &entry.key, With::Item(&item))?;
        if !whole.iter().all(|splice| is_read_whole(self.spot, self.text, splice)) {
            return Err(Trouble::Beside);
        }
        let mut holes = Vec::new();
        let dug = whole.iter().map(|splice| dig(splice, entry, (hole, &mut holes)));
        let kept: Vec<Splice> = dug.collect::<Result<_, _>>()?;
        if kept.iter().any(|splice| (self.may_be_secret)(&splice.old)) {
            return Err(Trouble::Beside);
        }
        let led = Led {
            server: entry.server.clone(),
            key: entry.key.clone(),
            asks: None,
            was: kept.first().map(|splice| splice.old.clone()),
            path: entry.project.as_ref().map(|_| at.path.clone()).unwrap_or_default(),
        };
        Ok(Move { number, entry, at, whole, kept, holes, led })
    }

    fn together(&self, all: &[Move<'_>]) -> Result<Moves, Trouble> {
        let mut whole: Vec<Splice> = all.iter().flat_map(|one| one.whole.clone()).collect();
        let mut kept: Vec<Splice> = all.iter().flat_map(|one| one.kept.clone()).collect();
        let holes: Vec<Hole> = all.iter().flat_map(|one| one.holes.clone()).collect();
        let ours: Vec<At> = all.iter().map(|one| one.at.clone()).collect();
        whole.sort_by_key(|splice| splice.at);
        kept.sort_by_key(|splice| splice.at);
        let after = made(self.text, &whole).ok_or(Trouble::Unusual)?;
        checked(self.spot, self.text, (&self.before, &ours), &after, &ours)?;
        let dug = of_text_with_holes(kept.clone(), &whole)?;
        let was = undone(&after, &dug).ok_or(Trouble::Unusual)?;
        comes_back(&was, self.text, all, &holes)?;
        is_clean(&read(self.spot, &was)?, all)?;
        let placed = placed(self.spot, self.path, &was, &holes);
        // What is not known to be there again by its entry could not come back.
        if placed.iter().any(|(_, origins)| origins.is_empty()) {
            return Err(Trouble::Unusual);
        }
        let (entries, led) = all.iter().map(|one| (one.number, one.led.clone())).unzip();
        Ok(Moves { entries, whole, kept, holes, led, placed })
    }
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
    // One may be a part of another, and the same one in several places.
    all.sort_by_key(|moved| (std::cmp::Reverse(moved.secret.len()), &moved.key));
    all.dedup_by(|one, other| one.key == other.key && one.spelling == other.spelling);
    let mut old = Zeroizing::new(splice.old.clone());
    for moved in all {
        let before = holes.len();
        let usual = || vec![Spelling::Plain, Spelling::Json];
        for spelling in moved.spelling.clone().map_or_else(usual, |own| vec![own]) {
            dig_one(&mut old, (one, moved), spelling, (number, holes))?;
        }
        let escaped = |old: &str| Escapes::of(old, &moved.secret).filter(|_| moved.spelling.is_none());
        while let Some(escapes) = escaped(&old) {
            dig_one(&mut old, (one, moved), Spelling::Escaped(escapes), (number, holes))?;
        }
        // It is written in a way in which it could be read, and not found.
        (holes.len() > before).then_some(()).ok_or(Trouble::Unusual)?;
    }
    Ok(Splice { old: old.to_string(), ..splice.clone() })
}

/// The same for one secret, wherever it is spelled so.
fn dig_one(
    old: &mut Zeroizing<String>,
    (one, moved): (&TakenOver, &Moved),
    spelling: Spelling,
    (number, holes): (&mut usize, &mut Vec<Hole>),
) -> Result<(), Trouble> {
    let written = spelling.of(&moved.secret).ok_or(Trouble::Unusual)?;
    let (server, server_id) = (one.server.clone(), one.server_id.clone());
    let hole = Hole { number: *number, server, server_id, key: moved.key.clone(), spelling };
    if let Some(with) = dug(old, &written, &hole) {
        *old = Zeroizing::new(with);
        holes.push(hole);
        *number += 1;
    }
    Ok(())
}

/// With its holes filled it has to be the text that was there.
fn comes_back(was: &str, text: &str, all: &[Move<'_>], holes: &[Hole]) -> Result<(), Trouble> {
    let secret = |hole: &Hole| {
        let entries = all.iter().map(|one| one.entry);
        let mut own = entries.filter(|one| one.server_id == hole.server_id).flat_map(|one| &one.moved);
        own.find(|moved| moved.key == hole.key).map(|moved| moved.secret.clone())
    };
    if *filled(was, holes, secret) == *text { Ok(()) } else { Err(Trouble::Unusual) }
}

/// Nothing secret may be left beside the holes, however it is written.
fn is_clean(was: &Value, all: &[Move<'_>]) -> Result<(), Trouble> {
    for Move { entry: one, at, .. } in all {
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
