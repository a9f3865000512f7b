//! Which headers go through the proxy, in either direction.

use http::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, EXPECT, FORWARDED, HOST, ORIGIN, REFERER,
    SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VIA, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// For one connection alone (RFC 9110 §7.6.1).
const HOP_BY_HOP: [HeaderName; 7] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Who the agent is and how it came here is not the server's business, and the credential is not the agent's.
const FROM_AGENT: [HeaderName; 15] = [
    AUTHORIZATION,
    COOKIE,
    HeaderName::from_static("cookie2"),
    HeaderName::from_static("dpop"),
    EXPECT,
    FORWARDED,
    HOST,
    ORIGIN,
    REFERER,
    VIA,
    HeaderName::from_static("x-http-method-override"),
    HeaderName::from_static("x-original-url"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("x-rewrite-url"),
    HeaderName::from_static(wire::WAIT_HEADER),
];

/// What would begin a sign-in or keep a state that is ours.
const FROM_SERVER: [HeaderName; 5] = [
    WWW_AUTHENTICATE,
    HeaderName::from_static("authentication-info"),
    HeaderName::from_static("dpop-nonce"),
    SET_COOKIE,
    HeaderName::from_static("set-cookie2"),
];

/// The agent's headers as the server gets them. The length is that of what is sent, so it is left to whoever sends.
pub(super) fn to_server(agent: &HeaderMap) -> HeaderMap {
    let mut headers = passed(agent, |name| {
        let text = name.as_str();
        FROM_AGENT.contains(name)
            || *name == CONTENT_LENGTH
            || text.starts_with("x-forwarded-")
            || text.starts_with("sec-")
    });
    // Absent means "anything" (RFC 9110 §12.5.1), which the HTTP client would otherwise fill in for us.
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers
}

/// The server's headers as the agent gets them.
pub(super) fn to_agent(server: &HeaderMap) -> HeaderMap {
    passed(server, |name| FROM_SERVER.contains(name))
}

fn passed(from: &HeaderMap, stays: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let named: Vec<String> = from
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let passes = |name: &HeaderName| {
        let hop = HOP_BY_HOP.contains(name) || named.iter().any(|other| other == name.as_str());
        !hop && !name.as_str().starts_with("proxy-") && !stays(name)
    };
    from.iter().filter(|(name, _)| passes(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn what_a_connection_header_names_goes_no_further() {
        let from = map(&[
            ("connection", "close, X-Secret"),
            ("x-secret", "1"),
            ("x-other", "2"),
            ("proxy-thing", "3"),
        ]);
        assert_eq!(to_agent(&from), map(&[("x-other", "2")]));
    }

    #[test]
    fn several_headers_of_one_name_all_pass() {
        let from = map(&[("mcp-param-a", "1"), ("mcp-param-a", "2"), ("accept", "text/event-stream")]);
        assert_eq!(to_server(&from), from);
    }
}
