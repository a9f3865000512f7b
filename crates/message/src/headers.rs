//! The headers that say how a body is to be read, and those that say what it says (MCP 2026-07-28, Streamable
//! HTTP, "Standard Request Headers").

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Number, Value};

static METHOD: HeaderName = HeaderName::from_static("mcp-method");
static NAME: HeaderName = HeaderName::from_static("mcp-name");
const JSON: &str = "application/json";
const PARAMETER: &str = "mcp-param-";

/// Whether a server can read nothing but these very bytes, as the JSON in UTF-8 that they are: neither in
/// another charset or form, nor decoded first. Who reads CGI variables does not tell `_` from `-`.
#[must_use]
pub fn are_plain(headers: &HeaderMap) -> bool {
    let is_said = |name: &str| {
        let name = name.replace(['_', '.'], "-");
        [CONTENT_TYPE, CONTENT_ENCODING].iter().any(|said| *said == name.as_str())
            || [&METHOD, &NAME].iter().any(|said| **said == name.as_str())
            || name.starts_with(PARAMETER)
    };
    let is_odd = |name: &str| name.bytes().any(|byte| matches!(byte, b'_' | b'.')) && is_said(name);
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(is), None) = (types.next(), types.next()) else { return false };
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    is.to_str().is_ok_and(is_json)
        && codings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"))
        && !headers.keys().any(|name| is_odd(name.as_str()))
}

/// `application/json`, with or without the charset that JSON always has (RFC 8259 §8.1).
fn is_json(text: &str) -> bool {
    if text == JSON {
        return true;
    }
    let mut parts = text.split(';').map(str::trim);
    let is = |part: Option<&str>, one: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(one));
    let charsets = ["charset=utf-8", "charset=\"utf-8\""];
    is(parts.next(), JSON)
        && parts.next().is_none_or(|charset| charsets.iter().any(|one| is(Some(charset), one)))
        && parts.next().is_none()
}

/// Whether what the headers say of a message is what it says itself. Somebody before the server may go by
/// them alone. What they do not say is not missed here; the server knows whether it wants them.
#[must_use]
pub fn agree(headers: &HeaderMap, method: Option<&str>, subject: Option<&str>) -> bool {
    says(headers, &METHOD, method) && says(headers, &NAME, subject)
}

/// The same of what is not one message but several: nothing that a header says could be so.
#[must_use]
pub fn say_nothing(headers: &HeaderMap) -> bool {
    !headers.contains_key(&METHOD) && !headers.contains_key(&NAME)
}

/// Whether every argument that a header says once more (`Mcp-Param-…`) is among the arguments, whichever it
/// is there: which header tells which, the tool's schema says to the server.
#[must_use]
pub fn tell_arguments(headers: &HeaderMap, arguments: Option<&str>) -> bool {
    let told = || headers.iter().filter(|(name, _)| name.as_str().starts_with(PARAMETER));
    if told().next().is_none() {
        return true;
    }
    let arguments: Value = arguments.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    told().all(|(_, said)| value(said).is_some_and(|said| has(&arguments, &said)))
}

fn has(arguments: &Value, said: &str) -> bool {
    match arguments {
        Value::Object(members) => members.values().any(|member| has(member, said)),
        Value::Array(all) => all.iter().any(|one| has(one, said)),
        Value::String(text) => text == said,
        Value::Bool(flag) => said == if *flag { "true" } else { "false" },
        Value::Number(number) => serde_json::from_str::<Number>(said).is_ok_and(|said| said == *number),
        Value::Null => false,
    }
}

fn says(headers: &HeaderMap, name: &HeaderName, what: Option<&str>) -> bool {
    let mut said = headers.get_all(name).iter();
    let Some(first) = said.next() else { return true };
    said.next().is_none() && value(first).as_deref() == what && what.is_some()
}

/// A value that is no plain text is written `=?base64?…?=`.
fn value(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?;
    let Some(coded) = text.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) else {
        return Some(text.to_owned());
    };
    String::from_utf8(BASE64_STANDARD.decode(coded).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        map
    }

    #[test]
    fn json_that_is_not_coded_is_all_that_is_plain() {
        const SAID: (&str, &str) = ("content-type", JSON);
        for plain in [
            &[SAID][..],
            &[("content-type", "Application/JSON; Charset=UTF-8"), ("content-encoding", "identity")],
            &[("content-type", "application/json;charset=\"utf-8\""), ("x_own", "1")],
        ] {
            assert!(are_plain(&map(plain)), "{plain:?}");
        }
        for other in [
            &[][..],
            &[SAID, SAID],
            &[("content-type", "application/json; charset=utf-16")],
            &[("content-type", "application/json; charset=utf-8; charset=utf-7")],
            &[("content-type", "application/x-www-form-urlencoded")],
            &[("content-type", "application/json, text/plain")],
            &[SAID, ("content-encoding", "gzip")],
            &[SAID, ("content-encoding", "identity"), ("content-encoding", "br")],
            &[SAID, ("content_encoding", "gzip")],
            &[SAID, ("content_type", "text/plain; charset=utf-7")],
            &[SAID, ("mcp_name", "wipe")],
            &[SAID, ("mcp.param.id", "1")],
        ] {
            assert!(!are_plain(&map(other)), "{other:?}");
        }
    }

    #[test]
    fn what_a_header_tells_of_an_argument_is_there() {
        let told = |pairs, arguments| tell_arguments(&map(pairs), arguments);
        let arguments = Some(r#"{"region":"eu","n":7,"deep":[{"dry":true}]}"#);
        assert!(told(&[], None) && told(&[("mcp-param-region", "eu"), ("mcp-param-n", "7")], arguments));
        assert!(told(&[("mcp-param-dry", "true"), ("mcp-param-r", "=?base64?ZXU=?=")], arguments));
        assert!(
            !told(&[("mcp-param-region", "us")], arguments) && !told(&[("mcp-param-region", "eu")], None)
        );
    }

    #[test]
    fn a_header_that_says_anything_else_does_not_agree() {
        let call = |pairs| agree(&map(pairs), Some("tools/call"), Some("delete"));
        assert!(call(&[]) && call(&[("mcp-method", "tools/call"), ("mcp-name", "delete")]));
        assert!(call(&[("mcp-name", "=?base64?ZGVsZXRl?=")]));
        for pairs in [
            &[("mcp-method", "tools/list")][..],
            &[("mcp-method", "Tools/call")],
            &[("mcp-name", "read")],
            &[("mcp-name", "")],
            &[("mcp-name", "=?base64?cmVhZA==?=")],
            &[("mcp-name", "=?base64?%?=")],
            &[("mcp-method", "tools/call"), ("mcp-method", "tools/list")],
        ] {
            assert!(!call(pairs), "{pairs:?}");
        }
        assert!(!agree(&map(&[("mcp-name", "delete")]), Some("tools/list"), None));
        assert!(!agree(&map(&[("mcp-method", "tools/call")]), None, None));
    }
}
