//! What an entry says, and how that is spelled.

use serde_json::{Map, Value};

/// A value in an entry; its members are in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Text(String),
    Texts(Vec<String>),
    Flag(bool),
    Number(u32),
    Members(Vec<(String, Self)>),
}

/// What takes the place of an entry.
#[derive(Debug, Clone, Copy)]
pub(crate) enum With<'a> {
    Item(&'a Item),
    /// What was there before, as it was written.
    Text(&'a str),
}

/// How what is written in several lines begins each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) newline: &'static str,
    /// What the line of the member itself begins with.
    pub(crate) indent: String,
    /// What lines further in begin with besides.
    pub(crate) unit: String,
}

impl Lines {
    pub(crate) fn begin(&self) -> String {
        format!("{}{}", self.newline, self.indent)
    }

    pub(crate) fn deeper(&self) -> Self {
        Self { indent: format!("{}{}", self.indent, self.unit), ..self.clone() }
    }
}

pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

impl Item {
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Texts(texts) => Value::from(texts.clone()),
            Self::Flag(flag) => Value::from(*flag),
            Self::Number(number) => Value::from(*number),
            Self::Members(members) => {
                let members = members.iter().map(|(name, item)| (name.clone(), item.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    /// A value that is as simple as that.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Bool(flag) => Some(Self::Flag(*flag)),
            Value::Number(number) => {
                number.as_u64().and_then(|number| u32::try_from(number).ok()).map(Self::Number)
            }
            Value::Array(all) => {
                let texts = all.iter().map(|one| one.as_str().map(ToOwned::to_owned));
                texts.collect::<Option<_>>().map(Self::Texts)
            }
            Value::Null | Value::Object(_) => None,
        }
    }

    /// In one line, as JSON, of which TOML and YAML take lists and texts as well.
    pub(crate) fn in_line(&self) -> String {
        match self {
            Self::Members(members) => {
                let members = members.iter().map(|(name, item)| member(name, &item.in_line()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            Self::Texts(texts) => {
                format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
            }
            Self::Text(_) | Self::Flag(_) | Self::Number(_) => self.to_value().to_string(),
        }
    }

    /// As JSON in lines, where there is something to put into each.
    pub(crate) fn in_lines(&self, lines: &Lines) -> String {
        match self {
            Self::Members(members) if !members.is_empty() => {
                let (further, end) = (lines.deeper(), lines.begin());
                let one = |(name, item): &(String, Self)| {
                    format!("{}{}", further.begin(), member(name, &item.in_lines(&further)))
                };
                format!("{{{}{end}}}", members.iter().map(one).collect::<Vec<_>>().join(","))
            }
            Self::Members(_) | Self::Text(_) | Self::Texts(_) | Self::Flag(_) | Self::Number(_) => {
                self.in_line()
            }
        }
    }
}

pub(crate) fn member(name: &str, value: &str) -> String {
    format!("{}: {value}", quoted(name))
}
