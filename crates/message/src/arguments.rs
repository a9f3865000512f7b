//! What a call is told, as a person reads it.

use crate::deed::Call;
use plain::plain;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Spaces by which each level is set in.
const MARGIN: usize = 2;
/// Characters of a name that are shown.
const LONGEST_NAME: usize = 200;

/// One thing that a call is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// What it is called.
    pub name: String,
    /// What it is: a text as it is, anything else as JSON on as many lines as it takes. Whatever could not be
    /// seen, or would turn the line, is written out.
    pub value: String,
}

/// All that a call is told, in the order of their names; what is said beside the arguments comes last.
#[must_use]
pub fn shown(call: &Call) -> Vec<Argument> {
    let arguments = call.arguments.as_deref().and_then(object).unwrap_or_default();
    let beside = call.beside.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let all = arguments.iter().map(|(name, value)| (name.as_str(), value.get())).chain(beside);
    all.map(|(name, value)| Argument { name: plain(name, LONGEST_NAME), value: as_text(value) }).collect()
}

fn object(text: &str) -> Option<BTreeMap<String, &RawValue>> {
    serde_json::from_str(text).ok()
}

fn as_text(value: &str) -> String {
    match serde_json::from_str::<String>(value) {
        Ok(text) => seen(&text),
        Err(_) => {
            let mut lines = String::new();
            write(value, 0, &mut lines);
            lines
        }
    }
}

/// Its lines stay lines; all else that nobody would see is written out.
fn seen(text: &str) -> String {
    let lines = text.split('\n').map(|line| plain(line, usize::MAX));
    lines.collect::<Vec<_>>().join("\n")
}

/// JSON in lines. Numbers are as they were written: none is rounded.
fn write(value: &str, depth: usize, to: &mut String) {
    if let Some(members) = object(value) {
        let members = members.iter().map(|(name, value)| (format!("{}: ", quoted(name)), value.get()));
        return list(['{', '}'], members, depth, to);
    }
    if let Ok(all) = serde_json::from_str::<Vec<&RawValue>>(value) {
        return list(['[', ']'], all.iter().map(|one| (String::new(), one.get())), depth, to);
    }
    match serde_json::from_str::<String>(value) {
        Ok(text) => to.push_str(&quoted(&text)),
        Err(_) => to.push_str(&plain(value, usize::MAX)),
    }
}

fn list<'a>(
    [open, close]: [char; 2],
    all: impl Iterator<Item = (String, &'a str)>,
    depth: usize,
    to: &mut String,
) {
    to.push(open);
    let mut is_empty = true;
    for (label, value) in all {
        if !std::mem::replace(&mut is_empty, false) {
            to.push(',');
        }
        line(depth + 1, to);
        to.push_str(&label);
        write(value, depth + 1, to);
    }
    if !is_empty {
        line(depth, to);
    }
    to.push(close);
}

fn line(depth: usize, to: &mut String) {
    to.push('\n');
    to.extend(std::iter::repeat_n(' ', depth * MARGIN));
}

fn quoted(text: &str) -> String {
    plain::json(&serde_json::to_string(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &str) -> Vec<String> {
        let beside = vec![("task".to_owned(), "{\"ttl\":1}".to_owned())];
        let (name, arguments) = ("a".to_owned(), Some(arguments.into()));
        let call = Call { name, arguments, beside, sender: Vec::new() };
        shown(&call).into_iter().map(|one| format!("{}={}", one.name, one.value)).collect()
    }

    #[test]
    fn a_person_reads_texts_as_they_are_and_numbers_as_they_were_written() {
        let told = told(
            r#"{"text":"two\nlines \"q\"","n":12345678901234567890123.50,"list":[1,{"a":"b\n"}],"e":{}}"#,
        );
        assert_eq!(
            told,
            [
                "e={}",
                "list=[\n  1,\n  {\n    \"a\": \"b\\n\"\n  }\n]",
                "n=12345678901234567890123.50",
                "text=two\nlines \"q\"",
                "task={\n  \"ttl\": 1\n}",
            ]
        );
    }

    #[test]
    fn nothing_in_it_can_be_unseen_or_turn_the_line() {
        let told = told("{\"a\u{202e}\":\"b\\u001b[2J\\u202e\",\"c\":[\"\u{200b}\"]}");
        assert_eq!(told[0], "a\\u{202e}=b\\u{1b}[2J\\u{202e}");
        assert_eq!(told[1], "c=[\n  \"\\u200b\"\n]");
    }
}
