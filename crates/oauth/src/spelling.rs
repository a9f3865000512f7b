//! Values that servers and issuers write otherwise than the specifications say, and what they mean by it.
//! What cannot be meant otherwise is refused, and whoever reads the answer names the member.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::scope;

/// Ten years: what is longer is a mistake, and would overflow sooner or later.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// It cannot be meant otherwise.
#[derive(Debug, thiserror::Error)]
#[error("it makes no sense")]
pub(crate) struct Senseless;

/// Text, of which nothing is as good as none. An id may be written as a number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Text(pub(crate) Option<String>);

/// A list of names; one alone is a list of one, and several may stand in one text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Names(pub(crate) Vec<String>);

/// A list of scopes, separated by white space (RFC 6749 §3.3) or commas, or as a list of JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Scopes(pub(crate) Vec<String>);

/// Yes or no; nothing is no.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Flag(pub(crate) bool);

/// How long something is good for, in seconds, at most ten years. Nothing where nobody says, be it by a
/// number below zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Lifetime(pub(crate) Option<Duration>);

/// When something ends, in seconds since 1970 (RFC 7591 §3.2.1) or as RFC 3339 has it. Nothing where it never
/// does: no number above zero, or one beyond all calendars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct End(pub(crate) Option<Timestamp>);

/// A `token_type` (RFC 6749 §7.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Text")]
pub(crate) struct TokenType(pub(crate) Option<String>);

impl TokenType {
    /// As it was written.
    pub(crate) fn said(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether it is a bearer token's, or not said: a client knows no other.
    pub(crate) fn is_bearer(&self) -> bool {
        let mut name = self.said().to_ascii_lowercase();
        name.retain(|c| c.is_ascii_alphanumeric());
        self.0.is_none() || matches!(name.as_str(), "bearer" | "bearertoken")
    }
}

impl From<Text> for TokenType {
    fn from(text: Text) -> Self {
        Self(text.0)
    }
}

impl TryFrom<Value> for Text {
    type Error = Senseless;

    fn try_from(value: Value) -> Result<Self, Senseless> {
        match value {
            Value::Null => Ok(Self(None)),
            Value::String(text) => Ok(Self((!text.trim().is_empty()).then_some(text))),
            Value::Number(number) if number.is_u64() => Ok(Self(Some(number.to_string()))),
            Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(Senseless),
        }
    }
}

impl TryFrom<Value> for Names {
    type Error = Senseless;

    fn try_from(value: Value) -> Result<Self, Senseless> {
        let texts = texts(value)?;
        Ok(Self(texts.iter().flat_map(|text| text.split_whitespace()).map(ToOwned::to_owned).collect()))
    }
}

impl TryFrom<Value> for Scopes {
    type Error = Senseless;

    fn try_from(value: Value) -> Result<Self, Senseless> {
        Ok(Self(scope::parse_commas(&texts(value)?.join(" "))))
    }
}

impl TryFrom<Value> for Flag {
    type Error = Senseless;

    fn try_from(value: Value) -> Result<Self, Senseless> {
        let word = match value {
            Value::Bool(flag) => return Ok(Self(flag)),
            Value::Null => return Ok(Self(false)),
            Value::String(text) => text.trim().to_ascii_lowercase(),
            Value::Number(number) => number.to_string(),
            Value::Array(_) | Value::Object(_) => return Err(Senseless),
        };
        match word.as_str() {
            "true" | "1" | "yes" => Ok(Self(true)),
            "false" | "0" | "no" | "" => Ok(Self(false)),
            _ => Err(Senseless),
        }
    }
}

impl TryFrom<Value> for Lifetime {
    type Error = Senseless;

    fn try_from(value: Value) -> Result<Self, Senseless> {
        let Some(seconds) = seconds(&value)?.filter(|seconds| *seconds >= 0.0) else { return Ok(Self(None)) };
        let bounded = seconds.trunc().min(LONGEST.as_secs_f64());
        Ok(Self(Some(Duration::try_from_secs_f64(bounded).map_err(|_| Senseless)?)))
    }
}

impl TryFrom<Value> for End {
    type Error = Senseless;

    fn try_from(value: Value) -> Result<Self, Senseless> {
        if let Some(moment) = value.as_str().and_then(|text| text.trim().parse().ok()) {
            return Ok(Self(Some(moment)));
        }
        let seconds = seconds(&value)?.filter(|seconds| *seconds > 0.0);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it ends at the largest, which is beyond all calendars"
        )]
        Ok(Self(seconds.and_then(|seconds| Timestamp::from_second(seconds as i64).ok())))
    }
}

/// A number, or text with one; nothing where there is none.
fn seconds(value: &Value) -> Result<Option<f64>, Senseless> {
    let seconds: f64 = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64().ok_or(Senseless)?,
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().map_err(|_| Senseless)?,
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(Senseless),
    };
    if seconds.is_finite() { Ok(Some(seconds)) } else { Err(Senseless) }
}

/// The texts of a list, or the one that stands for it.
fn texts(value: Value) -> Result<Vec<String>, Senseless> {
    let list = match value {
        Value::Array(list) => list,
        one @ (Value::String(_) | Value::Null) => vec![one],
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => return Err(Senseless),
    };
    let text = |value| Text::try_from(value).map(|text| text.0);
    list.into_iter().filter_map(|value| text(value).transpose()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read<T: TryFrom<Value>>(value: Value) -> Option<T> {
        T::try_from(value).ok()
    }

    #[test]
    fn a_lifetime_is_a_number_or_text_with_one_or_not_said() {
        let hour = Some(Lifetime(Some(Duration::from_secs(3600))));
        for value in [json!(3600), json!("3600"), json!(3600.9), json!(" 3600 "), json!("3600.0")] {
            assert_eq!(read(value.clone()), hour, "{value}");
        }
        for value in [json!(-1), json!("-1"), json!(""), json!(" "), json!(null), json!(-0.5), json!(-3600)] {
            assert_eq!(read(value.clone()), Some(Lifetime(None)), "{value}");
        }
        assert_eq!(read(json!(u64::MAX)), Some(Lifetime(Some(LONGEST))));
        assert_eq!(read(json!(0)), Some(Lifetime(Some(Duration::ZERO))));
        for value in
            [json!("soon"), json!("NaN"), json!("-inf"), json!([1]), json!(true), json!({}), json!("1h")]
        {
            assert_eq!(read::<Lifetime>(value.clone()), None, "{value}");
        }
    }

    #[test]
    fn an_end_is_a_moment_or_never() {
        let moment = Some(End(Some("2033-05-18T03:33:20Z".parse().unwrap())));
        for value in [json!(2_000_000_000), json!("2000000000"), json!(2e9), json!("2033-05-18T03:33:20Z")] {
            assert_eq!(read(value.clone()), moment, "{value}");
        }
        for value in [json!("0"), json!(0), json!(""), json!(null), json!(-1), json!(1e300), json!(u64::MAX)]
        {
            assert_eq!(read(value.clone()), Some(End(None)), "{value}");
        }
        for value in [json!("never"), json!(false), json!([0])] {
            assert_eq!(read::<End>(value.clone()), None, "{value}");
        }
    }

    #[test]
    fn scopes_are_words_however_they_are_strung_together() {
        let both = Some(Scopes(vec!["read".to_owned(), "write:all".to_owned()]));
        for value in [
            json!("read write:all"),
            json!("read,write:all"),
            json!("read, write:all"),
            json!(["read", "write:all"]),
            json!(["read write:all"]),
            json!(["read,write:all", null, "read"]),
        ] {
            assert_eq!(read(value.clone()), both, "{value}");
        }
        for value in [json!(""), json!(null), json!([]), json!([""])] {
            assert_eq!(read(value.clone()), Some(Scopes(Vec::new())), "{value}");
        }
        for value in [json!(7.5), json!({ "read": true }), json!([["read"]]), json!(true)] {
            assert_eq!(read::<Scopes>(value.clone()), None, "{value}");
        }
    }

    #[test]
    fn one_name_is_a_list_of_one() {
        let one = Some(Names(vec!["https://a.example/x,y".to_owned()]));
        assert_eq!(read(json!("https://a.example/x,y")), one);
        assert_eq!(read(json!(["https://a.example/x,y"])), one);
        assert_eq!(read::<Names>(json!({ "S256": true })), None);
    }

    #[test]
    fn yes_and_no_have_several_spellings() {
        for (value, flag) in
            [(json!("True"), true), (json!(1), true), (json!("0"), false), (json!(null), false)]
        {
            assert_eq!(read(value.clone()), Some(Flag(flag)), "{value}");
        }
        assert_eq!(read::<Flag>(json!("perhaps")), None);
    }

    #[test]
    fn a_bearer_token_is_one_under_any_of_its_names() {
        let is_bearer =
            |value: Value| serde_json::from_value::<TokenType>(value).map(|kind| kind.is_bearer());
        for value in [
            json!("Bearer"),
            json!("BearerToken"),
            json!("bearer_token"),
            json!("bearer "),
            json!(""),
            json!(null),
        ] {
            assert!(is_bearer(value.clone()).unwrap(), "{value}");
        }
        for value in [json!("DPoP"), json!("mac"), json!("N_A"), json!("bearers"), json!("1")] {
            assert!(!is_bearer(value.clone()).unwrap(), "{value}");
        }
        assert!(is_bearer(json!(["Bearer"])).is_err());
    }
}
