//! Edits of a text in JSON, span by span: whatever is not edited stays as it was, byte for byte.

use jsonc_parser::ast::{Object, ObjectProp};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;
use std::ops::Range;

/// What a text in UTF-8 may begin with (Unicode, chapter 23.8).
const BYTE_ORDER_MARK: char = '\u{feff}';

/// One span, and what takes its place.
#[derive(Debug)]
struct Splice {
    span: Range<usize>,
    with: String,
}

/// A text, and the edits of it that are to be made.
#[derive(Debug)]
pub(super) struct Splices<'a> {
    text: &'a str,
    root: Object<'a>,
    all: Vec<Splice>,
}

impl<'a> Splices<'a> {
    /// For a text that is one object in JSON. `None` if it is none.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let text = text.trim_start_matches(BYTE_ORDER_MARK);
        let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?;
        let root = parsed.value?.as_object()?.clone();
        Some(Self { text, root, all: Vec::new() })
    }

    /// Gives the member `name` of the object at `path` another name.
    pub(super) fn rename(&mut self, path: &[&str], name: &str, new: &str) -> Option<()> {
        let member = member(self.at(path)?, name)?;
        let span = span(&member.name);
        self.all.push(Splice { span, with: quoted(new) });
        Some(())
    }

    /// Sets the member `name` of the object at `path`, which has it already or gets it at its end.
    pub(super) fn set(&mut self, path: &[&str], name: &str, value: &Value) -> Option<()> {
        let object = self.at(path)?;
        let splice = match (member(object, name), object.properties.last()) {
            (Some(member), _) => Splice { span: span(&member.value), with: written(value) },
            (None, Some(last)) => {
                let (end, gap) = (last.end(), self.gap_before(object, last));
                Splice { span: end..end, with: format!(",{gap}{}: {}", quoted(name), written(value)) }
            }
            (None, None) => {
                Splice { span: span(object), with: format!("{{{}: {}}}", quoted(name), written(value)) }
            }
        };
        self.all.push(splice);
        Some(())
    }

    /// Takes the member `name` out of the object at `path`, with its comma. Where there is none, nothing is
    /// to be done.
    pub(super) fn remove(&mut self, path: &[&str], name: &str) -> Option<()> {
        let members = &self.at(path)?.properties;
        let Some(place) = members.iter().position(|member| member.name.as_str() == name) else {
            return Some(());
        };
        let (before, own, after) = (place.checked_sub(1), &members[place], members.get(place + 1));
        let span = match (before.and_then(|before| members.get(before)), after) {
            (Some(before), _) => before.end()..own.end(),
            (None, Some(after)) => own.start()..after.start(),
            (None, None) => span(own),
        };
        self.all.push(Splice { span, with: String::new() });
        Some(())
    }

    /// The text with all of them made. They must not overlap.
    pub(super) fn make(mut self, whole: &str) -> String {
        let mut made = self.text.to_owned();
        self.all.sort_by_key(|splice| std::cmp::Reverse(splice.span.start));
        for Splice { span, with } in self.all {
            made.replace_range(span, &with);
        }
        let mark = &whole[..whole.len() - self.text.len()];
        format!("{mark}{made}")
    }

    fn at(&self, path: &[&str]) -> Option<&Object<'a>> {
        path.iter().try_fold(&self.root, |object, name| member(object, name)?.value.as_object())
    }

    /// What stands between a member and the comma or brace before it.
    fn gap_before(&self, object: &Object<'_>, own: &ObjectProp<'_>) -> &str {
        let before = object.properties.iter().rev().find(|other| other.end() <= own.start());
        let from = before.map_or(object.start() + 1, Ranged::end);
        let gap = &self.text[from..own.start()];
        gap.split_once(',').map_or(gap, |(_, gap)| gap)
    }
}

fn member<'o, 'a>(object: &'o Object<'a>, name: &str) -> Option<&'o ObjectProp<'a>> {
    object.properties.iter().find(|member| member.name.as_str() == name)
}

fn span(of: &impl Ranged) -> Range<usize> {
    of.start()..of.end()
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// As a person would write it in one line.
fn written(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let members = object.iter().map(|(name, value)| format!("{}: {}", quoted(name), written(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TEXT: &str = "\u{feff}{\r\n\t\"mcpServers\" : {\"a\":{ \"url\":\"https:\\/\\/a.example\" ,\"oauth\":{}},\r\n  \"b\": {\r\n    \"url\": \"https://b.example\"\r\n  }},\r\n\t\"valet\": {\"agents\": \"ask\"} }\r\n\r\n";

    fn edited(edit: impl FnOnce(&mut Splices<'_>) -> Option<()>) -> String {
        let mut splices = Splices::of(TEXT).unwrap();
        edit(&mut splices).unwrap();
        splices.make(TEXT)
    }

    #[test]
    fn what_is_not_edited_stays_byte_for_byte() {
        assert_eq!(edited(|_| Some(())), TEXT);
        let renamed = edited(|splices| {
            splices.set(&["mcpServers", "a"], "url", &json!("https://c.example"))?;
            splices.rename(&["mcpServers"], "a", "c\"")
        });
        let expected = TEXT
            .replace("\"a\":{", "\"c\\\"\":{")
            .replace("\"https:\\/\\/a.example\"", "\"https://c.example\"");
        assert_eq!(renamed, expected);
    }

    #[test]
    fn what_is_new_is_written_as_what_stands_beside_it() {
        let scopes = json!(["read", "write"]);
        let beside =
            edited(|splices| splices.set(&["mcpServers", "b"], "oauth", &json!({ "scopes": scopes })));
        let url = "\"url\": \"https://b.example\"";
        let expected = format!("{url},\r\n    \"oauth\": {{\"scopes\": [\"read\", \"write\"]}}");
        assert_eq!(beside, TEXT.replace(url, &expected));
        let alone = edited(|splices| splices.set(&["mcpServers", "a", "oauth"], "scopes", &scopes));
        assert_eq!(alone, TEXT.replace("{}", "{\"scopes\": [\"read\", \"write\"]}"));
    }

    #[test]
    fn what_is_taken_out_takes_one_comma_along() {
        let first = edited(|splices| splices.remove(&["mcpServers", "a"], "url"));
        assert_eq!(first, TEXT.replace("\"url\":\"https:\\/\\/a.example\" ,", ""));
        let last = edited(|splices| splices.remove(&["mcpServers", "a"], "oauth"));
        assert_eq!(last, TEXT.replace(" ,\"oauth\":{}", ""));
        let only = edited(|splices| splices.remove(&["mcpServers", "b"], "url"));
        assert_eq!(only, TEXT.replace("\"url\": \"https://b.example\"", ""));
        assert_eq!(edited(|splices| splices.remove(&["mcpServers", "b"], "oauth")), TEXT);
    }

    #[test]
    fn what_is_not_there_cannot_be_edited() {
        let mut splices = Splices::of(TEXT).unwrap();
        assert!(splices.rename(&["mcpServers"], "c", "d").is_none());
        assert!(splices.set(&["mcpServers", "c"], "url", &json!("")).is_none());
        assert!(Splices::of("[]").is_none() && Splices::of("{").is_none());
    }
}
