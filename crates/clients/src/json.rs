//! Where in a JSON text, with comments as editors allow them, entries are put and taken out.

use crate::item::{Item, Lines, With, member};
use crate::splice::Splice;
use crate::trouble::Trouble;
use import::{Format, mended};
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use std::collections::BTreeSet;

/// Puts `members` at the end of the object at `path`, which is made where there is none.
pub(crate) fn add(text: &str, path: &[&str], members: &[(String, Item)]) -> Result<Vec<Splice>, Trouble> {
    behind_mark(text, |text| put(text, path, members))
}

/// Takes the member `name` out of the object at `path`, with its comma; nothing where there is none.
pub(crate) fn remove(text: &str, path: &[&str], name: &str) -> Result<Vec<Splice>, Trouble> {
    behind_mark(text, |text| take(text, path, name))
}

/// Puts `with` in the place of the value of the member `name` of the object at `path`.
pub(crate) fn replace(text: &str, path: &[&str], name: &str, with: With<'_>) -> Result<Vec<Splice>, Trouble> {
    behind_mark(text, |text| instead(text, path, name, with))
}

/// In the text behind a mark that it may begin with, which no reader of JSON takes.
fn behind_mark(
    text: &str,
    edit: impl FnOnce(&str) -> Result<Vec<Splice>, Trouble>,
) -> Result<Vec<Splice>, Trouble> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shift = text.len() - body.len();
    let splices = edit(body)?.into_iter();
    Ok(splices.map(|splice| Splice { at: splice.at + shift, ..splice }).collect())
}

fn put(text: &str, path: &[&str], members: &[(String, Item)]) -> Result<Vec<Splice>, Trouble> {
    let read = mended(text);
    let parsed = parse(&read)?;
    let Some(root) = parsed else { return Ok(vec![fresh(text, &nested(path, members))]) };
    let Value::Object(root) = &root else { return Err(Trouble::malformed(Format::Json)) };
    let mut object = root;
    for (depth, name) in path.iter().enumerate() {
        match only(object, name)? {
            Some(ObjectProp { value: Value::Object(next), .. }) => object = next,
            Some(_) => return Err(Trouble::NoPlace((*name).to_owned())),
            None => return Ok(at_end(text, object, depth == 0, &nested(&path[depth..], members))),
        }
    }
    Ok(at_end(text, object, path.is_empty(), members))
}

fn take(text: &str, path: &[&str], name: &str) -> Result<Vec<Splice>, Trouble> {
    let read = mended(text);
    let Some(Value::Object(root)) = parse(&read)? else { return Ok(Vec::new()) };
    let mut object = &root;
    for name in path {
        let Some(ObjectProp { value: Value::Object(next), .. }) = only(object, name)? else {
            return Ok(Vec::new());
        };
        object = next;
    }
    let Some(own) = only(object, name)? else { return Ok(Vec::new()) };
    let end = comma(text, own.end(), object.end());
    let line = text[..own.start()].trim_end_matches([' ', '\t']).len();
    let from = match text[..line].strip_suffix('\n') {
        Some(before) => before.strip_suffix('\r').unwrap_or(before).len(),
        None => line.max(object.start() + 1),
    };
    let before = object.properties.iter().rev().find(|other| other.end() <= own.start());
    let before = before.and_then(|before| comma(text, before.end(), own.start()));
    let spans = match (before, end) {
        (_, Some(end)) if text[own.end()..end].trim().is_empty() => vec![(from, end + 1)],
        (_, Some(end)) => vec![(from, own.end()), (end, end + 1)],
        (Some(comma), None) if comma + 1 >= from => vec![(comma, own.end())],
        (Some(comma), None) => vec![(comma, comma + 1), (from, own.end())],
        (None, None) => vec![(from, own.end())],
    };
    let takes = spans.into_iter().map(|(from, to)| Splice::take(text, from, to));
    takes.collect::<Option<Vec<_>>>().ok_or(Trouble::Unusual)
}

fn instead(text: &str, path: &[&str], name: &str, with: With<'_>) -> Result<Vec<Splice>, Trouble> {
    let read = mended(text);
    let Some(Value::Object(root)) = parse(&read)? else { return Err(Trouble::Unusual) };
    let mut object = &root;
    for name in path {
        let Some(ObjectProp { value: Value::Object(next), .. }) = only(object, name)? else {
            return Err(Trouble::Unusual);
        };
        object = next;
    }
    let own = only(object, name)?.ok_or(Trouble::Unusual)?;
    let (from, to) = (own.value.start(), own.value.end());
    let indent = line_indent(text, own.start()).to_owned();
    let new = match with {
        With::Item(item) if text[from..to].contains('\n') => {
            item.in_lines(&Lines { newline: newline(text), unit: unit(text), indent })
        }
        With::Item(item) => item.in_line(),
        With::Text(text) => text.to_owned(),
    };
    let take = Splice::take(text, from, to).ok_or(Trouble::Unusual)?;
    Ok(vec![Splice { new, ..take }])
}

/// Whether a value has nothing beside what a reader of it takes: no comment, and no key twice.
pub(crate) fn is_read_whole(text: &str) -> bool {
    let read = mended(text);
    let comments = CommentCollectionStrategy::Separate;
    let parsed = parse_to_ast(&read, &CollectOptions { comments, tokens: false }, &ParseOptions::default());
    parsed.is_ok_and(|parsed| {
        parsed.comments.is_none_or(|comments| comments.is_empty())
            && parsed.value.is_some_and(|value| has_each_once(&value))
    })
}

fn has_each_once(value: &Value<'_>) -> bool {
    match value {
        Value::Object(object) => {
            let mut names = BTreeSet::new();
            object
                .properties
                .iter()
                .all(|member| names.insert(member.name.as_str()) && has_each_once(&member.value))
        }
        Value::Array(list) => list.elements.iter().all(has_each_once),
        Value::StringLit(_) | Value::NumberLit(_) | Value::BooleanLit(_) | Value::NullKeyword(_) => true,
    }
}

fn parse(text: &str) -> Result<Option<Value<'_>>, Trouble> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
    parsed.map(|parsed| parsed.value).map_err(|_| Trouble::malformed(Format::Json))
}

/// The member of that name. Of two, programs take one or the other.
fn only<'o, 'a>(object: &'o Object<'a>, name: &str) -> Result<Option<&'o ObjectProp<'a>>, Trouble> {
    let mut named = object.properties.iter().filter(|member| member.name.as_str() == name);
    match (named.next(), named.next()) {
        (_, Some(_)) => Err(Trouble::Twice(name.to_owned())),
        (one, None) => Ok(one),
    }
}

/// The members below `path`, as one member.
fn nested(path: &[&str], members: &[(String, Item)]) -> Vec<(String, Item)> {
    path.iter().rev().fold(members.to_vec(), |inner, name| vec![((*name).to_owned(), Item::Members(inner))])
}

/// A whole text where there is none, or one with nothing but comments.
fn fresh(text: &str, members: &[(String, Item)]) -> Splice {
    let lines = Lines { newline: newline(text), indent: String::new(), unit: unit(text) };
    let whole = format!("{}{}", Item::Members(members.to_vec()).in_lines(&lines), lines.newline);
    if text.trim().is_empty() {
        return Splice { at: 0, old: text.to_owned(), new: whole };
    }
    let gap = if text.ends_with('\n') { "" } else { lines.newline };
    Splice::put(text.len(), format!("{gap}{whole}"))
}

fn at_end(text: &str, object: &Object<'_>, is_root: bool, members: &[(String, Item)]) -> Vec<Splice> {
    let line = line_indent(text, object.start());
    match object.properties.last() {
        Some(last) => after(text, object, last, line, members),
        None => vec![into_empty(text, object, is_root, line, members)],
    }
}

/// Behind the last member, as that stands behind what is before it; a comment in its line stays its own.
fn after(
    text: &str,
    object: &Object<'_>,
    last: &ObjectProp<'_>,
    line: &str,
    members: &[(String, Item)],
) -> Vec<Splice> {
    let before = object.properties.iter().rev().find(|other| other.end() <= last.start());
    let gap = &text[before.map_or(object.start() + 1, Ranged::end)..last.start()];
    let lines = gap.rfind('\n').map(|at| {
        let indent: String = gap[at + 1..].chars().take_while(|c| [' ', '\t'].contains(c)).collect();
        let further = indent.strip_prefix(line).filter(|unit| !unit.is_empty());
        let unit = further.map_or_else(|| unit(text), ToOwned::to_owned);
        Lines { newline: newline(gap), unit, indent }
    });
    let beside = gap.trim_start_matches(',');
    let beside = if beside.trim().is_empty() { beside } else { " " };
    let (comma, end) = rest_of_line(text, last.end(), object.end() - 1, lines.is_some());
    let begin = lines.as_ref().map_or_else(|| beside.to_owned(), Lines::begin);
    let one = |(name, item): &(String, Item)| {
        let value = lines.as_ref().map_or_else(|| item.in_line(), |lines| item.in_lines(lines));
        format!("{begin}{}", member(name, &value))
    };
    let mut new = members.iter().map(one).collect::<Vec<_>>().join(",");
    if comma {
        new.push(',');
        return vec![Splice::put(end, new)];
    }
    if end == last.end() {
        return vec![Splice::put(end, format!(",{new}"))];
    }
    vec![Splice::put(last.end(), ",".to_owned()), Splice::put(end, new)]
}

fn into_empty(
    text: &str,
    object: &Object<'_>,
    is_root: bool,
    line: &str,
    members: &[(String, Item)],
) -> Splice {
    let (from, to) = (object.start() + 1, object.end() - 1);
    let inner = &text[from..to];
    if !is_root && !text.trim().contains('\n') {
        let all = Item::Members(members.to_vec()).in_line();
        let all = all[1..all.len() - 1].to_owned();
        return Splice { at: from, old: inner.to_owned(), new: all };
    }
    let lines = Lines { newline: newline(text), indent: line.to_owned(), unit: unit(text) };
    let all = Item::Members(members.to_vec()).in_lines(&lines);
    if inner.trim().is_empty() {
        return Splice { at: from, old: inner.to_owned(), new: all[1..all.len() - 1].to_owned() };
    }
    Splice::put(from, all[1..all.len() - 1].trim_end().to_owned())
}

/// Whether a comma follows, and where the line's own comments end. What would be in a comment that ends with
/// its line needs one of its own.
fn rest_of_line(text: &str, from: usize, to: usize, in_lines: bool) -> (bool, usize) {
    let (mut at, mut end, mut comma) = (from, from, false);
    while at < to {
        let rest = &text[at..to];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let next = &rest[blank..];
        let length = if next.starts_with(',') && !comma {
            comma = true;
            1
        } else if next.starts_with("//") {
            let length = next.find(['\r', '\n']).unwrap_or(next.len());
            return (comma, if in_lines { at + blank + length } else { end });
        } else if let Some(length) = block_comment(next).filter(|length| !next[..*length].contains('\n')) {
            length
        } else {
            break;
        };
        at += blank + length;
        end = at;
    }
    (comma, end)
}

/// The next comma that is none of a comment.
fn comma(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut at = from;
    while at < to {
        let rest = &text[at..to];
        let blank = rest.len() - rest.trim_start().len();
        let next = &rest[blank..];
        if next.starts_with(',') {
            return Some(at + blank);
        }
        let length = if next.starts_with("//") { next.find('\n') } else { block_comment(next) };
        at += blank + length?;
    }
    None
}

fn block_comment(text: &str) -> Option<usize> {
    text.strip_prefix("/*")?.find("*/").map(|end| end + 4)
}

fn line_indent(text: &str, at: usize) -> &str {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

pub(crate) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// What the first line that is further in begins with.
pub(crate) fn unit(text: &str) -> String {
    let blanks = text.lines().map(|line| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]);
    let first = blanks.zip(text.lines()).find(|(blank, line)| !blank.is_empty() && !line.trim().is_empty());
    first.map_or_else(|| "  ".to_owned(), |(blank, _)| blank.to_owned())
}
