//! A tool, as its server lists it.

use ground::fingerprint::fingerprint;
use plain::plain;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Characters of a name for people, and of a description, that are kept.
const LONGEST_TITLE: usize = 100;
const LONGEST_DESCRIPTION: usize = 400;
/// Parameters of a tool that are told apart; the schema as a whole is always compared.
const MOST_PARAMETERS: usize = 64;

/// A tool, as its server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// By what it is called.
    pub name: String,
    /// What it is called for people.
    pub title: Option<String>,
    /// What it says of itself, cut.
    pub description: String,
    /// A mark of all that it says of itself.
    pub said: String,
    /// `readOnlyHint`: it changes nothing, says the server.
    pub read_only: Option<bool>,
    /// `destructiveHint`: it may delete, says the server.
    pub destructive: Option<bool>,
    /// A mark of what it takes and gives.
    pub schema: String,
    /// A mark of each parameter.
    pub parameters: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    name: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    input_schema: Value,
    #[serde(default)]
    output_schema: Value,
    #[serde(default)]
    annotations: Option<Annotations>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Annotations {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    read_only_hint: Option<bool>,
    #[serde(default)]
    destructive_hint: Option<bool>,
}

impl Tool {
    /// Reads one. `None` if it is none, or says one thing twice.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let Written { name, title, description, input_schema, output_schema, annotations } =
            serde_json::from_str(text).ok()?;
        let hints = annotations.as_ref();
        let title = title.or_else(|| hints.and_then(|hints| hints.title.clone()));
        let description = description.unwrap_or_default();
        let parameters = input_schema.get("properties").and_then(Value::as_object);
        let parameters = parameters.into_iter().flatten().take(MOST_PARAMETERS);
        Some(Self {
            said: fingerprint(&[title.as_deref().unwrap_or_default(), &description]),
            title: title.map(|title| plain(&title, LONGEST_TITLE)),
            description: plain(
                &description.split_whitespace().collect::<Vec<_>>().join(" "),
                LONGEST_DESCRIPTION,
            ),
            read_only: hints.and_then(|hints| hints.read_only_hint),
            destructive: hints.and_then(|hints| hints.destructive_hint),
            schema: fingerprint(&[&ordered(&input_schema), &ordered(&output_schema)]),
            parameters: parameters
                .map(|(name, value)| (name.clone(), fingerprint(&[&ordered(value)])))
                .collect(),
            name,
        })
    }

    /// The same without any hint: what a list says twice says nothing.
    pub(crate) fn without_hints(self) -> Self {
        Self { read_only: None, destructive: None, ..self }
    }
}

/// JSON in one order of keys, whichever a server writes it in this time.
fn ordered(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, String> = sorted(members);
            let members = sorted.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str())));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(all) => format!("[{}]", all.iter().map(ordered).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

fn sorted(members: &Map<String, Value>) -> BTreeMap<&String, String> {
    members.iter().map(|(key, value)| (key, ordered(value))).collect()
}
