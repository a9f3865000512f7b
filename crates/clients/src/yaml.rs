//! Where in a YAML text entries are put and taken out.

use crate::item::{Item, With, member, quoted};
use crate::json::newline;
use crate::splice::Splice;
use crate::trouble::Trouble;
use crate::yaml_tree::{Node, tree};
use std::ops::Range;

/// How entries are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// By their names.
    ByName,
    /// In a list, where each has its name.
    Listed,
}

/// Puts `members` at the end of what `root` holds, which is made where there is none.
pub(crate) fn add(
    text: &str,
    root: &str,
    held: Held,
    members: &[(String, Item)],
) -> Result<Vec<Splice>, Trouble> {
    let newline = newline(text);
    let under = |indent: usize| {
        let written = members.iter().map(|(name, item)| entry(name, item, held, indent, newline));
        written.collect::<String>()
    };
    let root_node = tree(text)?;
    let own = match &root_node {
        None => None,
        Some(Node::Map { members, .. }) => {
            let mut named = members.iter().filter(|(key, _)| key.text == root);
            let first = named.next();
            if named.next().is_some() {
                return Err(Trouble::Twice(root.to_owned()));
            }
            first
        }
        Some(_) => return Err(Trouble::Unusual),
    };
    let in_flow = root_node.as_ref().filter(|root| root.is_flow());
    let Some((key, value)) = own else {
        if let Some(node) = in_flow {
            return between(text, node, &member(root, &bracketed(held, members)));
        }
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
        return Ok(vec![Splice::put(text.len(), format!("{gap}{root}:{newline}{}", under(2)))]);
    };
    match value {
        Node::Nothing if in_flow.is_none() => Ok(vec![line_after(text, key.end, &under(2), newline)]),
        Node::Map { flow: true, start, end, members }
            if held == Held::ByName && members.is_empty() && in_flow.is_none() =>
        {
            Ok(instead(text, *start, *end, &format!("{newline}{}", under(2))))
        }
        Node::List { flow: true, start, end, items }
            if held == Held::Listed && items.is_empty() && in_flow.is_none() =>
        {
            Ok(instead(text, *start, *end, &format!("{newline}{}", under(2))))
        }
        Node::Map { flow: true, .. } if held == Held::ByName => between(text, value, &inner(held, members)),
        Node::List { flow: true, .. } if held == Held::Listed => between(text, value, &inner(held, members)),
        Node::Map { flow: false, members, end, .. } if held == Held::ByName => {
            let indent = members.first().map_or(2, |(key, _)| column(text, key.start));
            Ok(vec![line_after(text, *end, &under(indent), newline)])
        }
        Node::List { flow: false, items, end, .. } if held == Held::Listed => {
            let indent = items.first().and_then(|item| dash(text, item.start())).ok_or(Trouble::Unusual)?;
            Ok(vec![line_after(text, *end, &under(indent), newline)])
        }
        Node::Nothing | Node::Map { .. } | Node::List { .. } | Node::Text { .. } => {
            Err(Trouble::NoPlace(root.to_owned()))
        }
    }
}

/// Behind the last of those between brackets.
fn between(text: &str, node: &Node, new: &str) -> Result<Vec<Splice>, Trouble> {
    let last = node.last();
    let put =
        Splice::put_between(text, last.unwrap_or(node.start() + 1), node.end() - 1, last.is_none(), new);
    Ok(vec![put.ok_or(Trouble::Unusual)?])
}

/// Entries in one line.
fn inner(held: Held, members: &[(String, Item)]) -> String {
    let one = |(name, item): &(String, Item)| match held {
        Held::ByName => member(name, &item.in_line()),
        Held::Listed => item.in_line(),
    };
    members.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn bracketed(held: Held, members: &[(String, Item)]) -> String {
    match held {
        Held::ByName => format!("{{{}}}", inner(held, members)),
        Held::Listed => format!("[{}]", inner(held, members)),
    }
}

/// Takes the entry `name` out of what `root` holds; nothing where there is none.
pub(crate) fn remove(text: &str, root: &str, held: Held, name: &str) -> Result<Vec<Splice>, Trouble> {
    let Some(Node::Map { members, .. }) = tree(text)? else { return Ok(Vec::new()) };
    let Some((key, value)) = members.iter().find(|(key, _)| key.text == root) else { return Ok(Vec::new()) };
    let (start, end, is_only) = match value {
        Node::Map { flow: false, members, .. } if held == Held::ByName => {
            let Some((own, value)) = members.iter().find(|(key, _)| key.text == name) else {
                return Ok(Vec::new());
            };
            (own.start, value.end().max(own.end), members.len() == 1)
        }
        Node::List { flow: false, items, .. } if held == Held::Listed => {
            let Some(own) = items.iter().find(|item| item.named() == Some(name)) else {
                return Ok(Vec::new());
            };
            (own.start(), own.end(), items.len() == 1)
        }
        Node::Map { members, .. } if held == Held::ByName => {
            let own = members.iter().find(|(key, _)| key.text == name);
            return one_between(text, own.map(|(own, value)| own.start..value.end().max(own.end)));
        }
        Node::List { items, .. } if held == Held::Listed => {
            let own = items.iter().find(|item| item.named() == Some(name));
            return one_between(text, own.map(|own| own.start()..own.end()));
        }
        Node::Nothing | Node::Text { .. } | Node::Map { .. } | Node::List { .. } => return Ok(Vec::new()),
    };
    let from = text[..start].rfind('\n').map_or(0, |line| line + 1);
    let take = Splice::take(text, from, line_end(text, end).0).ok_or(Trouble::Unusual)?;
    if !is_only {
        return Ok(vec![take]);
    }
    // What holds nothing is said to be empty: programs take it for nothing at all otherwise.
    let nothing = if held == Held::ByName { ": {}" } else { ": []" };
    let colon = text[key.end..].find(':').map(|at| key.end + at).ok_or(Trouble::Unusual)?;
    Ok(vec![Splice { at: colon, old: ":".to_owned(), new: nothing.to_owned() }, take])
}

/// Takes one of those between brackets out, if there is one.
fn one_between(text: &str, place: Option<Range<usize>>) -> Result<Vec<Splice>, Trouble> {
    let take = |place: Range<usize>| Splice::take_between(text, place.start, place.end);
    place.into_iter().map(|place| take(place).ok_or(Trouble::Unusual)).collect()
}

/// Puts `with` in the place of the entry `name` of what `root` holds.
pub(crate) fn replace(
    text: &str,
    root: &str,
    held: Held,
    name: &str,
    with: With<'_>,
) -> Result<Vec<Splice>, Trouble> {
    let Some(Node::Map { members, .. }) = tree(text)? else { return Err(Trouble::Unusual) };
    let own = members.iter().find(|(key, _)| key.text == root).and_then(|(_, value)| match value {
        Node::Map { members, .. } if held == Held::ByName => {
            let (key, value) = members.iter().find(|(key, _)| key.text == name)?;
            let start = asked(text, key.start);
            let lines = || Own::Lines(start..value.end().max(key.end), column(text, start));
            Some(if value.is_flow() { Own::Flow(value.start()..value.end()) } else { lines() })
        }
        Node::List { items, .. } if held == Held::Listed => {
            let item = items.iter().find(|item| item.named() == Some(name))?;
            let place = item.start()..item.end();
            if item.is_flow() {
                Some(Own::Flow(place))
            } else {
                Some(Own::Lines(place, dash(text, item.start())?))
            }
        }
        Node::Nothing | Node::Text { .. } | Node::Map { .. } | Node::List { .. } => None,
    });
    let own = own.ok_or(Trouble::Unusual)?;
    let newline = newline(text);
    let new = match (with, &own) {
        (With::Item(item), Own::Flow(_)) => item.in_line(),
        (With::Item(item), Own::Lines(_, indent)) => {
            let lines = entry(name, item, held, *indent, newline);
            let first = if held == Held::Listed { indent + 2 } else { *indent };
            lines.get(first..).unwrap_or_default().trim_end_matches(['\r', '\n']).to_owned()
        }
        (With::Text(text), _) => text.to_owned(),
    };
    let (Own::Flow(place) | Own::Lines(place, _)) = own;
    // A text of several lines ends with the last of them.
    let to = place.start + text[place.clone()].trim_end().len();
    let take = Splice::take(text, place.start, to).ok_or(Trouble::Unusual)?;
    Ok(vec![Splice { new, ..take }])
}

/// Where an entry is, and how it is written.
enum Own {
    /// Between braces.
    Flow(Range<usize>),
    /// In lines, from this column on.
    Lines(Range<usize>, usize),
}

/// Where a key begins that may be written behind a question mark (YAML 1.2.2, §8.2.2).
fn asked(text: &str, key: usize) -> usize {
    let before = text[..key].trim_end_matches([' ', '\t']);
    let line = text[..key].rfind('\n').map_or(0, |line| line + 1);
    let is_alone = before.get(line..).is_some_and(|before| before.trim_start_matches(' ') == "?");
    if is_alone { before.len() - 1 } else { key }
}

/// One entry in lines.
fn entry(name: &str, item: &Item, held: Held, indent: usize, newline: &str) -> String {
    let Item::Members(members) = item else { return String::new() };
    let pad = " ".repeat(indent);
    let mut lines = match held {
        Held::ByName => vec![format!("{pad}{}:", key(name))],
        Held::Listed => Vec::new(),
    };
    for (at, (name, item)) in members.iter().enumerate() {
        let begin = if held == Held::Listed && at == 0 { "- " } else { "  " };
        lines.push(format!("{pad}{begin}{}: {}", key(name), item.in_line()));
    }
    lines.into_iter().map(|line| line + newline).collect()
}

/// Whole lines behind the one in which something ends.
fn line_after(text: &str, end: usize, lines: &str, newline: &str) -> Splice {
    let (at, is_line) = line_end(text, end);
    if is_line {
        return Splice::put(at, lines.to_owned());
    }
    let lines = lines.strip_suffix(newline).unwrap_or(lines);
    Splice::put(at, format!("{newline}{lines}"))
}

/// Where the line ends in which something does, and whether it has an end of its own.
fn line_end(text: &str, end: usize) -> (usize, bool) {
    if end > 0 && text[..end].ends_with('\n') {
        return (end, true);
    }
    text[end..].find('\n').map_or((text.len(), false), |line| (end + line + 1, true))
}

/// Lines in the place of what was written in one, which ends its line.
fn instead(text: &str, start: usize, end: usize, new: &str) -> Vec<Splice> {
    let before = text[..start].trim_end_matches([' ', '\t']).len();
    let newline = newline(text);
    let new = new.strip_suffix(newline).unwrap_or(new).to_owned();
    Splice::take(text, before, end).map(|take| Splice { new, ..take }).into_iter().collect()
}

fn column(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// The column of the dash before an item.
fn dash(text: &str, at: usize) -> Option<usize> {
    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let blank = &text[line..at];
    blank.trim_start_matches(' ').starts_with('-').then(|| blank.len() - blank.trim_start_matches(' ').len())
}

/// Names that YAML reads as something else are quoted.
fn key(name: &str) -> String {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_plain = name.bytes().all(plain)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !WORDS.contains(&name.to_ascii_lowercase().as_str());
    if is_plain { name.to_owned() } else { quoted(name) }
}
