//! What would be written into a file, and what stays as it is.

use crate::check::checked;
use crate::entry::{self, entry};
use crate::item::{Item, With};
use crate::outline::Outline;
use crate::shown::Lines;
use crate::splice::{Splice, made};
use crate::table::{Shape, Spot};
use crate::trouble::Trouble;
use crate::yaml::Held;
use crate::{json, toml, yaml};
use import::{Client, Format};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use words::say;

/// A server, as other programs are led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// What an entry asks for: its name, or its address where a folder says which account is meant.
    pub asks: String,
}

/// A server, and what it is called in the other program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Led {
    /// The server's name here.
    pub server: String,
    /// Its name there.
    pub key: String,
    /// What the entry asks for, if that is not the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<String>,
    /// The entry that was there before, as it was written; secrets are holes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The keys that it is below; the usual ones if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
}

/// Where an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The keys that it is below.
    pub path: Vec<String>,
    /// Its own.
    pub key: String,
}

impl Led {
    fn of(server: &Server, key: String) -> Self {
        let asks = Some(server.asks.clone()).filter(|asks| *asks != server.name);
        Self { server: server.name.clone(), key, asks, was: None, path: Vec::new() }
    }

    /// What the entry asks for.
    #[must_use]
    pub fn asks(&self) -> &str {
        self.asks.as_deref().unwrap_or(&self.server)
    }

    fn path<'a>(&'a self, usual: &'a [String]) -> &'a [String] {
        if self.path.is_empty() { usual } else { &self.path }
    }
}

/// What would be made of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What takes which place.
    pub splices: Vec<Splice>,
    /// The text with them.
    pub after: String,
    /// Servers that it is led to by that.
    pub added: Vec<Led>,
    /// Servers whose name something else has there, which stays.
    pub taken: Vec<String>,
    /// Servers that it reaches by itself, with something beside the address that only the person can move.
    pub kept: Vec<String>,
}

/// What is to become of one server's entry.
enum Entry {
    There,
    New(String),
    /// In the place of this one, which leads to the server itself.
    Instead(String),
    Kept,
    Taken,
}

/// Plans how the file at `spot`, with this `text`, leads to `servers` by `program`.
///
/// # Errors
/// The file has to stay as it is.
pub fn plan(spot: &Spot, text: &str, program: &str, servers: &[Server]) -> Result<Plan, Trouble> {
    let outline = Outline::of(spot, text)?;
    let plan = planned(spot, &outline.text, program, servers)?;
    let splices = outline.in_whole(&plan.splices);
    Ok(Plan { after: outline.becomes(spot, &plan.splices)?, splices, ..plan })
}

fn planned(spot: &Spot, text: &str, program: &str, servers: &[Server]) -> Result<Plan, Trouble> {
    let before = read(spot, text)?;
    let entries = entries(spot, &before);
    let usual = path(spot, &before);
    let path: Vec<&str> = usual.iter().map(String::as_str).collect();
    let mut keys: Vec<String> = entries.iter().map(|(key, _)| key.clone()).collect();
    let mut plan = Plan {
        splices: Vec::new(),
        after: String::new(),
        added: Vec::new(),
        taken: Vec::new(),
        kept: Vec::new(),
    };
    let (mut members, mut gone) = (Vec::new(), Vec::new());
    for (at, server) in servers.iter().enumerate() {
        if servers[..at].iter().any(|other| other.asks == server.asks) {
            continue;
        }
        let is_only = servers.iter().all(|other| other.name == server.name || other.url != server.url);
        match what_becomes(&entries, &keys, server, is_only || server.asks == server.url) {
            Entry::There => {}
            Entry::Kept => plan.kept.push(server.name.clone()),
            Entry::Taken => plan.taken.push(server.name.clone()),
            Entry::New(key) => {
                keys.push(key.clone());
                members.push((key.clone(), entry(spot.row.shape, program, &server.asks, &key)));
                plan.added.push(Led::of(server, key));
            }
            Entry::Instead(key) => {
                let item = entry(spot.row.shape, program, &server.asks, &key);
                let splices = replace(spot, text, &path, &key, With::Item(&item))?;
                let was = splices.first().map(|splice| splice.old.clone());
                plan.splices.extend(splices);
                gone.push(key.clone());
                plan.added.push(Led { was, ..Led::of(server, key) });
            }
        }
    }
    if !members.is_empty() {
        plan.splices.extend(put(spot, text, &before, &members)?);
    }
    plan.splices.sort_by_key(|splice| splice.at);
    plan.after = made(text, &plan.splices).ok_or(Trouble::Unusual)?;
    let at = |key: &String| At { path: usual.clone(), key: key.clone() };
    let ours: Vec<At> = plan.added.iter().map(|led| at(&led.key)).collect();
    let gone: Vec<At> = gone.iter().map(at).collect();
    checked(spot, text, (&before, &gone), &plan.after, &ours)?;
    Ok(plan)
}

/// `is_clear`: no other server of that address could be meant as well.
fn what_becomes(entries: &[(String, &Value)], keys: &[String], server: &Server, is_clear: bool) -> Entry {
    let led = |value: &Value| entry::leads_to(value).is_some_and(|to| to == server.asks || to == server.name);
    if entries.iter().any(|(_, value)| led(value)) {
        return Entry::There;
    }
    let mut same = entries.iter().filter(|(_, value)| import::leads_itself(value, &server.url));
    if let Some((key, value)) = same.next().filter(|_| is_clear) {
        let only_this = keys.iter().filter(|other| *other == key).count() == 1 && same.next().is_none();
        let replaceable = only_this && import::is_plain(value);
        return if replaceable { Entry::Instead(key.clone()) } else { Entry::Kept };
    }
    let key = entry::key(&server.name);
    match keys.iter().any(|taken| taken.eq_ignore_ascii_case(&key)) {
        true => Entry::Taken,
        false => Entry::New(key),
    }
}

pub(crate) fn replace(
    spot: &Spot,
    text: &str,
    path: &[&str],
    key: &str,
    with: With<'_>,
) -> Result<Vec<Splice>, Trouble> {
    match spot.format() {
        Format::Json => json::replace(text, path, key, with),
        Format::Toml => toml::replace(text, spot.row.root, key, with),
        Format::Yaml => yaml::replace(text, spot.row.root, spot.held(), key, with),
    }
}

/// The text without our entries among `keys`, where they had taken the place of others with those, all else
/// as it is; and what changes by that.
///
/// # Errors
/// The file has to stay as it is.
pub fn without(spot: &Spot, text: &str, keys: &[Led]) -> Result<(String, Vec<Lines>), Trouble> {
    let mut outline = Outline::of(spot, text)?;
    let was = outline.text.clone();
    let before = read(spot, &was)?;
    let usual = path(spot, &before);
    let all: Vec<&Led> = keys.iter().filter(|led| is_own(spot, &before, &usual, led)).collect();
    let mut lines = Vec::new();
    for led in &all {
        let (path, key): (Vec<&str>, _) = (led.path(&usual).iter().map(String::as_str).collect(), &led.key);
        let text = outline.text.as_str();
        let splices = match (&led.was, spot.format()) {
            (Some(was), _) => replace(spot, text, &path, key, With::Text(was))?,
            (None, Format::Json) => json::remove(text, &path, key)?,
            (None, Format::Toml) => toml::remove(text, spot.row.root, key)?,
            (None, Format::Yaml) => yaml::remove(text, spot.row.root, spot.held(), key)?,
        };
        lines.extend(Lines::of_outline(&outline, &splices));
        outline.edit(&splices).ok_or(Trouble::Unusual)?;
    }
    let place = |led: &&Led| At { path: led.path(&usual).to_vec(), key: led.key.clone() };
    let back: Vec<At> = all.iter().filter(|led| led.was.is_some()).map(place).collect();
    let ours: Vec<At> = all.iter().map(place).collect();
    checked(spot, &was, (&read(spot, &outline.text)?, &back), &was, &ours)?;
    Ok((outline.whole(), lines))
}

/// Those of the entries that are no longer ours: something else is there, or nothing.
///
/// # Errors
/// It cannot be read.
pub(crate) fn not_ours(spot: &Spot, text: &str, all: &[Led]) -> Result<Vec<Led>, Trouble> {
    let read = outlined(spot, text)?;
    let usual = path(spot, &read);
    Ok(all.iter().filter(|led| !is_own(spot, &read, &usual, led)).cloned().collect())
}

fn is_own(spot: &Spot, read: &Value, usual: &[String], led: &Led) -> bool {
    let is_own = |(key, value): &(String, &Value)| {
        *key == led.key && entry::leads_to(value).as_deref() == Some(led.asks())
    };
    at(spot, read, led.path(usual)).iter().any(is_own)
}

/// Those of the servers that a file leads to by the valet.
///
/// # Errors
/// It cannot be read.
pub fn led(spot: &Spot, text: &str) -> Result<Vec<Led>, Trouble> {
    Ok(led_below(entries(spot, &outlined(spot, text)?), &[]))
}

fn led_below(entries: Vec<(String, &Value)>, path: &[String]) -> Vec<Led> {
    let one = |(key, value)| {
        Some(Led { server: entry::leads_to(value)?, key, asks: None, was: None, path: path.to_vec() })
    };
    entries.into_iter().filter_map(one).collect()
}

/// The same, with those that are listed for one project each.
pub(crate) fn led_at(spot: &Spot, text: &str) -> Result<Vec<Led>, Trouble> {
    let read = outlined(spot, text)?;
    let mut all = led_below(entries(spot, &read), &[]);
    let projects = read.get("projects").and_then(Value::as_object).into_iter().flatten();
    for (project, _) in projects.filter(|_| spot.client == Client::ClaudeCode) {
        let path = of_project(project);
        all.extend(led_below(at(spot, &read, &path), &path));
    }
    Ok(all)
}

/// The keys that entries for one project are below, in a file that has many.
pub(crate) fn of_project(project: &str) -> Vec<String> {
    ["projects", project, "mcpServers"].map(ToOwned::to_owned).to_vec()
}

/// The lines for a person to paste, and the key that they go below.
#[must_use]
pub fn to_paste(spot: &Spot, program: &str, servers: &[Server]) -> String {
    let members = servers.iter().map(|server| {
        let key = entry::key(&server.name);
        (key.clone(), entry(spot.row.shape, program, &server.asks, &key))
    });
    let members: Vec<(String, Item)> = members.collect();
    put(spot, "", &Value::Null, &members).ok().and_then(|splices| made("", &splices)).unwrap_or_default()
}

fn put(spot: &Spot, text: &str, before: &Value, members: &[(String, Item)]) -> Result<Vec<Splice>, Trouble> {
    let body = text.trim_start_matches('\u{feff}');
    if body.trim().is_empty() && !spot.row.fresh.is_empty() {
        let splices = add(spot, spot.row.fresh, &Value::Null, members)?;
        let new = made(spot.row.fresh, &splices).ok_or(Trouble::Unusual)?;
        return Ok(vec![Splice { at: text.len() - body.len(), old: body.to_owned(), new }]);
    }
    add(spot, text, before, members)
}

fn add(spot: &Spot, text: &str, before: &Value, members: &[(String, Item)]) -> Result<Vec<Splice>, Trouble> {
    let path = path(spot, before);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match spot.format() {
        Format::Json => json::add(text, &path, members),
        Format::Toml => toml::add(text, spot.row.root, members),
        Format::Yaml => yaml::add(text, spot.row.root, spot.held(), members),
    }
}

/// The keys that entries are below. Later versions of OpenCode have one more.
pub(crate) fn path(spot: &Spot, read: &Value) -> Vec<String> {
    let mut path = vec![spot.row.root.to_owned()];
    let is_entry = |value: &Value| ["url", "command", "type"].iter().any(|key| value.get(key).is_some());
    let inner = read.get(spot.row.root).and_then(|root| root.get("servers"));
    if spot.row.shape == Shape::OpenCode && inner.is_some_and(|inner| inner.is_object() && !is_entry(inner)) {
        path.push("servers".to_owned());
    }
    path
}

/// What entries are looked for in.
fn outlined(spot: &Spot, text: &str) -> Result<Value, Trouble> {
    read(spot, &Outline::of(spot, text)?.text)
}

pub(crate) fn read(spot: &Spot, text: &str) -> Result<Value, Trouble> {
    match spot.format().read(text).map_err(Trouble::Unread)? {
        // Of nothing but comments.
        Value::Null => Ok(Value::Object(Map::new())),
        value @ Value::Object(_) => Ok(value),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(Trouble::Unread(say!(import_malformed, form = spot.format().name())))
        }
    }
}

pub(crate) fn entries<'v>(spot: &Spot, read: &'v Value) -> Vec<(String, &'v Value)> {
    at(spot, read, &path(spot, read))
}

/// The entries below these keys.
pub(crate) fn at<'v>(spot: &Spot, read: &'v Value, path: &[String]) -> Vec<(String, &'v Value)> {
    let root = path.iter().try_fold(read, |value, key| value.get(key));
    match (spot.held(), root) {
        (Held::ByName, Some(Value::Object(all))) => {
            all.iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        (Held::Listed, Some(Value::Array(all))) => {
            let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
            all.iter().map(|value| (name(value), value)).collect()
        }
        (Held::ByName | Held::Listed, _) => Vec::new(),
    }
}
