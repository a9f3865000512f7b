//! Which headers go through the proxy, in either direction.

use http::header::{
    ACCEPT, CONNECTION, CONTENT_LENGTH, EXPECT, ORIGIN, REFERER, SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING,
    UPGRADE, WWW_AUTHENTICATE,
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

/// Who the agent is and how it came here is not the server's business, and the length is that of what is
/// sent.
const FROM_AGENT: [HeaderName; 5] =
    [CONTENT_LENGTH, EXPECT, ORIGIN, REFERER, HeaderName::from_static(wire::WAIT_HEADER)];

/// What MCP itself defines (Streamable HTTP). Servers put settings of their own beside these, which are
/// looked at like any other name.
const OF_MCP: [&str; 4] = ["mcp-method", "mcp-name", "mcp-protocol-version", "mcp-session-id"];
/// What MCP puts before the names of parameters of a call, which may be called anything.
const PARAMETER: &str = "mcp-param-";

/// What has such a word in its name and turns nothing: who the program is, and what Google bills.
const HARMLESS: [&str; 2] = ["user-agent", "x-goog-user-project"];

/// What nearly all requests have, and is not looked at word by word.
const USUAL: [&str; 4] = ["accept", "accept-encoding", "accept-language", "content-type"];

/// What a header is about whose name has one of these words, and why it goes no further: it could have a
/// server, or what stands before one, take the request for another method, address or origin than the one
/// that was looked at, or for another person's. No list of names is ever complete, and these are the words
/// that such names are made of.
const TURNS: [&str; 59] = [
    "method",
    "verb",
    "override",
    "overrides",
    "original",
    "orig",
    "rewrite",
    "rewritten",
    "forward",
    "forwarded",
    "host",
    "server",
    "authority",
    "target",
    "backend",
    "upstream",
    "uri",
    "url",
    "path",
    "query",
    "route",
    "proto",
    "protocol",
    "scheme",
    "https",
    "ssl",
    "cert",
    "certificate",
    "dn",
    "port",
    "ip",
    "addr",
    "address",
    "via",
    "proxy",
    "remote",
    "user",
    "principal",
    "identity",
    "email",
    "impersonate",
    "as",
    "sudo",
    "auth",
    "authenticated",
    "authorization",
    "authentication",
    "assertion",
    "jwt",
    "oidc",
    "saml",
    "token",
    "password",
    "secret",
    "credential",
    "credentials",
    "cookie",
    "cookie2",
    "subrequest",
];

/// Names of the kind above that are one word of several.
const TURNS_WITHIN: [&str; 15] = [
    "destination",
    "middleware",
    "methodoverride",
    "httpmethod",
    "requesturi",
    "requesturl",
    "realip",
    "clientip",
    "forwarded",
    "authtoken",
    "accesstoken",
    "apikey",
    "accesskey",
    "subscriptionkey",
    "dpop",
];

/// What would begin a sign-in or keep a state that is ours.
const FROM_SERVER: [HeaderName; 5] = [
    WWW_AUTHENTICATE,
    HeaderName::from_static("authentication-info"),
    HeaderName::from_static("dpop-nonce"),
    SET_COOKIE,
    HeaderName::from_static("set-cookie2"),
];

/// The agent's headers as the server gets them. The length is that of what is sent, so it is left to whoever
/// sends.
pub fn to_server(agent: &HeaderMap) -> HeaderMap {
    let mut headers = passed(agent, |name| FROM_AGENT.contains(name) || turns(name.as_str()));
    // Absent means "anything" (RFC 9110 §12.5.1), which the HTTP client would otherwise fill in for us.
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers
}

/// Whether a header could have the request taken for another one. Servers that read CGI variables do not tell
/// `_` from `-`.
fn turns(name: &str) -> bool {
    if USUAL.contains(&name)
        || HARMLESS.contains(&name)
        || OF_MCP.contains(&name)
        || name.starts_with(PARAMETER)
    {
        return false;
    }
    let words = || name.split(['-', '_', '.']);
    let joined: String = words().collect();
    name.starts_with("sec-")
        || words().any(|word| TURNS.contains(&word))
        || TURNS_WITHIN.iter().any(|part| joined.contains(part))
}

/// The server's headers as the agent gets them.
pub fn to_agent(server: &HeaderMap) -> HeaderMap {
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
    fn no_name_that_could_turn_a_request_goes_to_the_server() {
        for name in [
            "x-method-override",
            "x-http-method",
            "x-http-method-override",
            "x_http_method_override",
            "x-method",
            "x-original-url",
            "x-original-host",
            "x-rewrite-url",
            "x-forwarded-for",
            "x-forwarded-prefix",
            "forwarded",
            "x-host",
            "x-real-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "x-envoy-original-path",
            "x-http-destinationurl",
            "x-middleware-subrequest",
            "x-remote-user",
            "x-auth-request-email",
            "x-ms-client-principal",
            "impersonate-user",
            "request-uri",
            "base-url",
            "authorization",
            "proxy-authorization",
            "x-authorization",
            "x-auth-token",
            "cookie",
            "dpop",
            "via",
            "host",
            "sec-fetch-site",
            "x-http-verb",
            "x-verb",
            "x-forwardedhost",
            "x-authority",
            "x-request-target",
            "x-server-name",
            "server-name",
            "x-client-cert",
            "x-client-dn",
            "x-jwt-assertion",
            "x-goog-iap-jwt-assertion",
            "x-amzn-oidc-data",
            "private-token",
            "x-api-key",
            "apikey",
            "x-session-token",
            "x-backend",
            "x-upstream",
            "mcp-method-override",
            "mcp-host",
            "mcp-authorization",
            "mcp_method",
            "x-mcp-forwarded-for",
            "x-mcp-user",
        ] {
            let sent = to_server(&map(&[(name, "1"), ("x-own", "1")]));
            assert_eq!(sent, map(&[("x-own", "1"), ("accept", "*/*")]), "{name}");
        }
    }

    #[test]
    fn what_is_usual_turns_nothing() {
        for name in USUAL {
            assert!(!name.split('-').any(|word| TURNS.contains(&word)), "{name}");
            assert!(!TURNS_WITHIN.iter().any(|part| name.replace('-', "").contains(part)), "{name}");
        }
    }

    #[test]
    fn what_mcp_and_its_servers_use_goes_to_the_server() {
        let from = map(&[
            ("accept", "application/json"),
            ("accept-language", "de"),
            ("content-type", "application/json"),
            ("last-event-id", "7"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "add"),
            ("mcp-param-host", "db1"),
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-session-id", "1"),
            ("user-agent", "agent/1"),
            ("traceparent", "00-1-1-01"),
            ("tracestate", "a=b"),
            ("baggage", "a=b"),
            ("x-mcp-toolsets", "repos"),
            ("x-mcp-readonly", "true"),
            ("x-mcp-lockdown", "true"),
            ("x-request-id", "1"),
            ("idempotency-key", "1"),
        ]);
        assert_eq!(to_server(&from), from);
    }

    #[test]
    fn several_headers_of_one_name_all_pass() {
        let from = map(&[("mcp-param-a", "1"), ("mcp-param-a", "2"), ("accept", "text/event-stream")]);
        assert_eq!(to_server(&from), from);
    }
}
