//! Token answers of an unusual shape, brought into the usual one (RFC 6749 §5.1).

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::quirk::Quirk;

/// The body as a flat JSON object, where the provider is known to send something else.
pub(crate) fn usual(body: Vec<u8>, quirk: &Quirk) -> Vec<u8> {
    if !quirk.form_answers && quirk.nested_in.is_none() {
        return body;
    }
    let read = serde_json::from_slice::<Map<String, Value>>(&body).ok();
    let flat = match (read, quirk.nested_in) {
        (Some(answer), Some(name)) => lifted(answer, name),
        (None, _) if quirk.form_answers => form(&body),
        (Some(_), None) | (None, _) => return body,
    };
    serde_json::to_vec(&flat).unwrap_or(body)
}

/// The members of the inner object beside those of the outer one, which come first.
fn lifted(mut answer: Map<String, Value>, name: &str) -> Map<String, Value> {
    let Some(Value::Object(inner)) = answer.remove(name) else { return answer };
    if !answer.contains_key("access_token") {
        answer.extend(inner);
    }
    answer
}

fn form(body: &[u8]) -> Map<String, Value> {
    form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quirk;

    fn read(host: &str, body: &str) -> Value {
        serde_json::from_slice(&usual(body.as_bytes().to_vec(), quirk::at(host))).unwrap_or_default()
    }

    #[test]
    fn a_form_is_read_where_one_is_expected() {
        let form = "access_token=a&scope=repo%2Cuser&token_type=bearer";
        assert_eq!(read("github.com", form)["scope"], "repo,user");
        assert_eq!(read("a.example", form), Value::Null);
        assert_eq!(read("github.com", r#"{"access_token":"a"}"#)["access_token"], "a");
    }

    #[test]
    fn a_nested_token_is_lifted_and_replaces_none() {
        let inner = r#""authed_user":{"access_token":"inner","token_type":"user"}"#;
        assert_eq!(read("slack.com", &format!("{{{inner}}}"))["access_token"], "inner");
        let both = format!(r#"{{"access_token":"outer","token_type":"bot",{inner}}}"#);
        assert_eq!(read("slack.com", &both)["token_type"], "bot");
        assert_eq!(read("slack.com", r#"{"authed_user":7}"#)["access_token"], Value::Null);
    }
}
