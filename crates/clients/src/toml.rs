//! Where in a TOML text tables are put and taken out.

use crate::item::{Item, With, quoted};
use crate::json::newline;
use crate::splice::Splice;
use crate::trouble::Trouble;
use import::Format;
use std::ops::Range;
use toml_edit::{Document, InlineTable, Item as Read, Table, Value};

/// Puts a table for each of `members` below `root` at the end of the text.
pub(crate) fn add(text: &str, root: &str, members: &[(String, Item)]) -> Result<Vec<Splice>, Trouble> {
    match parse(text)?.get(root) {
        None | Some(Read::Table(_)) => {}
        Some(Read::Value(Value::InlineTable(table))) => return between(text, table, members),
        Some(Read::None | Read::Value(_) | Read::ArrayOfTables(_)) => {
            return Err(Trouble::NoPlace(root.to_owned()));
        }
    }
    let newline = newline(text);
    let body = text.trim_start_matches('\u{feff}');
    let mut new = String::new();
    if !body.is_empty() && !body.ends_with('\n') {
        new.push_str(newline);
    }
    for (at, (name, item)) in members.iter().enumerate() {
        if at > 0 || !body.trim().is_empty() {
            new.push_str(newline);
        }
        let Item::Members(lines) = item else { return Err(Trouble::Unusual) };
        new.push_str(&format!("[{root}.{}]{newline}", key(name)));
        for (name, item) in lines {
            new.push_str(&format!("{} = {}{newline}", key(name), item.in_line()));
        }
    }
    Ok(vec![Splice::put(text.len(), new)])
}

/// Between the braces of a table that is written in one line.
fn between(text: &str, table: &InlineTable, members: &[(String, Item)]) -> Result<Vec<Splice>, Trouble> {
    let place = table.span().ok_or(Trouble::Unusual)?;
    let written = members.iter().map(|(name, item)| match item {
        Item::Members(lines) => Ok(format!("{} = {}", key(name), inline(lines))),
        Item::Text(_) | Item::Texts(_) | Item::Flag(_) | Item::Number(_) => Err(Trouble::Unusual),
    });
    let written = written.collect::<Result<Vec<_>, _>>()?.join(", ");
    let last = table.iter().filter_map(|(_, value)| end_of(value)).max();
    let put =
        Splice::put_between(text, last.unwrap_or(place.start + 1), place.end - 1, last.is_none(), &written);
    Ok(vec![put.ok_or(Trouble::Unusual)?])
}

fn end_of(value: &Value) -> Option<usize> {
    match value.as_inline_table().filter(|table| table.is_dotted()) {
        Some(table) => table.iter().filter_map(|(_, value)| end_of(value)).max(),
        None => value.span().map(|span| span.end),
    }
}

/// Takes the entry `name` below `root` out, with the empty line before it; nothing where there is none.
pub(crate) fn remove(text: &str, root: &str, name: &str) -> Result<Vec<Splice>, Trouble> {
    let document = parse(text)?;
    let held = document.get(root);
    let Some(own) = held.and_then(Read::as_table_like).and_then(|root| root.get(name)) else {
        return Ok(Vec::new());
    };
    if let Some((key, own)) = held.and_then(Read::as_inline_table).and_then(|root| root.get_key_value(name)) {
        let place = key.span().zip(own.span());
        let take = place.and_then(|(key, own)| Splice::take_between(text, key.start, own.end));
        return Ok(vec![take.ok_or(Trouble::Unusual)?]);
    }
    let own = Own::of(text, own).filter(|own| !own.is_inline()).ok_or(Trouble::Unusual)?;
    let end = text[own.place.end..].find('\n').map_or(text.len(), |line| own.place.end + line + 1);
    let start = own.place.start;
    let before = &text[..start];
    let from = ["\r\n", "\n"].into_iter().find_map(|newline| {
        let line = before.strip_suffix(newline)?;
        (line.ends_with('\n') || line.is_empty()).then_some(line.len())
    });
    let take = Splice::take(text, from.unwrap_or(start), end);
    Ok(vec![take.ok_or(Trouble::Unusual)?])
}

/// Puts `with` in the place of the entry `name` below `root`.
pub(crate) fn replace(text: &str, root: &str, name: &str, with: With<'_>) -> Result<Vec<Splice>, Trouble> {
    let document = parse(text)?;
    let held = document.get(root).ok_or(Trouble::Unusual)?;
    let entry = held.as_table_like().and_then(|root| root.get(name)).ok_or(Trouble::Unusual)?;
    let own = Own::of(text, entry).ok_or(Trouble::Unusual)?;
    let new = match with {
        With::Item(Item::Members(lines)) => {
            let newline = newline(text);
            let line = |(name, item): &(String, Item)| format!("{} = {}", key(name), item.in_line());
            match own.way {
                Way::Headed(header) => {
                    let lines = lines.iter().map(|one| newline.to_owned() + &line(one));
                    text[header].to_owned() + &lines.collect::<String>()
                }
                Way::Inline => inline(lines),
                Way::Dotted => {
                    let root = if is_dotted(held) { format!("{}.", key(root)) } else { String::new() };
                    let lines = lines.iter().map(|one| format!("{root}{}.{}", key(name), line(one)));
                    lines.collect::<Vec<_>>().join(newline)
                }
            }
        }
        With::Item(_) => return Err(Trouble::Unusual),
        With::Text(text) => text.to_owned(),
    };
    let take = Splice::take(text, own.place.start, own.place.end).ok_or(Trouble::Unusual)?;
    Ok(vec![Splice { new, ..take }])
}

fn inline(lines: &[(String, Item)]) -> String {
    let lines = lines.iter().map(|(name, item)| format!("{} = {}", key(name), item.in_line()));
    format!("{{ {} }}", lines.collect::<Vec<_>>().join(", "))
}

/// Where an entry is, and how it is written.
struct Own {
    place: Range<usize>,
    way: Way,
}

enum Way {
    /// Below a header of its own, which is there.
    Headed(Range<usize>),
    /// Between braces.
    Inline,
    /// By keys with dots: `linear.url = "…"`, in lines that follow each other.
    Dotted,
}

impl Own {
    fn of(text: &str, item: &Read) -> Option<Self> {
        match item {
            Read::Value(Value::InlineTable(table)) if !table.is_dotted() => {
                Some(Self { place: table.span()?, way: Way::Inline })
            }
            Read::Table(table) if table.is_dotted() => {
                let place = values(table)?;
                let line = text[..place.start].rfind('\n').map_or(0, |line| line + 1);
                let mark = if line == 0 { '\u{feff}' } else { ' ' };
                let start = place.start - text[line..place.start].trim_start_matches([' ', '\t', mark]).len();
                Some(Self { place: start..place.end, way: Way::Dotted })
            }
            Read::Table(table) => {
                let header = table.span()?;
                let end = values(table).map_or(header.end, |values| values.end).max(header.end);
                let start = first_header(table).unwrap_or(header.start);
                Some(Self { place: start..end, way: Way::Headed(header) })
            }
            Read::None | Read::Value(_) | Read::ArrayOfTables(_) => None,
        }
    }

    const fn is_inline(&self) -> bool {
        matches!(self.way, Way::Inline)
    }
}

fn is_dotted(item: &Read) -> bool {
    item.as_table().is_some_and(Table::is_dotted)
}

fn parse(text: &str) -> Result<Document<&str>, Trouble> {
    Document::parse(text).map_err(|_| Trouble::malformed(Format::Toml))
}

/// From the first to the last of what is in a table, with the headers of those within.
fn values(table: &Table) -> Option<Range<usize>> {
    let inner = table.iter().filter_map(|(_, item)| match item {
        Read::Table(table) => match (values(table), table.span().filter(|_| !table.is_dotted())) {
            (Some(values), Some(header)) => Some(values.start..values.end.max(header.end)),
            (values, header) => values.or(header),
        },
        Read::None | Read::Value(_) | Read::ArrayOfTables(_) => item.span(),
    });
    inner.reduce(|one, other| one.start.min(other.start)..one.end.max(other.end))
}

/// Where the first header of a table or of one within begins.
fn first_header(table: &Table) -> Option<usize> {
    let inner = table.iter().filter_map(|(_, item)| item.as_table()).filter_map(first_header);
    inner.chain(table.span().filter(|_| !table.is_dotted()).map(|span| span.start)).min()
}

/// TOML's basic strings escape as JSON's do, but for one letter that JSON leaves as it is.
fn key(name: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { quoted(name) }
}

/// Whether a comment stands in a text, and not only its sign in a string (TOML 1.0, "Comment" and "String").
/// What is cut off within a string counts as one.
pub(crate) fn has_comment(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['#', '"', '\'']) {
        rest = &rest[at..];
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        let Some(quote) = quotes.into_iter().find(|quote| rest.starts_with(quote)) else { return true };
        let Some(behind) = behind_string(&rest[quote.len()..], quote) else { return true };
        rest = behind;
    }
    false
}

/// What comes behind a string that begins here, and ends with `quote`.
fn behind_string<'t>(text: &'t str, quote: &str) -> Option<&'t str> {
    let mut at = 0;
    while !text[at..].starts_with(quote) {
        let mut signs = text[at..].chars();
        if signs.next()? == '\\' && quote.starts_with('"') {
            signs.next()?;
        }
        at = text.len() - signs.as_str().len();
    }
    let behind = &text[at + quote.len()..];
    // One of several lines may have its own sign twice before those that end it.
    Some(if quote.len() == 1 { behind } else { behind.trim_start_matches(&quote[..1]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_told_from_its_sign_in_a_string() {
        for text in [
            "url = \"https://x.example/#a\"",
            "a = 'x # y'\nb = \"\\\" # y\"\n",
            "a = \"\"\"\n# x \"\" y\"\"\"\"\"\nb = \"\"",
            "a = '''x # ' y'''\n\"#k\" = 1",
        ] {
            assert!(!has_comment(text), "{text}");
        }
        for text in [
            "a = 1 # x",
            "a = \"x\" # \"y\"",
            "a = \"\"\"x\"\"\"\" # \"y\"",
            "a = 'x\\' # 'y'",
            "a = [ # x\n 1]",
            "a = \"x",
        ] {
            assert!(has_comment(text), "{text}");
        }
    }
}
