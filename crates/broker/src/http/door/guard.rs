//! What holds for every request to the door, and for every answer. What stands in front of it may say who it
//! thinks is there, and so may anybody: of forwarded headers nothing is read.

use crate::http::arrival::drain;
use crate::valet::Valet;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use config::DoorConfig;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::sync::Arc;

/// Set unless the answer has its own.
const DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Refuses requests that came by a foreign name or from a foreign page, and adds the security headers.
pub(super) async fn guard(State(valet): State<Arc<Valet>>, request: Request, next: Next) -> Response {
    let refusal = valet.door.look(|open| refuse(&open.config, &request));
    let mut response = match refusal.unwrap_or(Some(StatusCode::SERVICE_UNAVAILABLE)) {
        None => next.run(request).await,
        Some(status) => {
            drain(request.into_body()).await;
            status.into_response()
        }
    };
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

fn refuse(config: &DoorConfig, request: &Request) -> Option<StatusCode> {
    let headers = request.headers();
    // A page whose host name was rebound to this machine still sends that name.
    let host = only(headers, header::HOST);
    let names = |host: &str| {
        let is = |name: &str| host.eq_ignore_ascii_case(name);
        is(&config.listen.to_string()) || config.external_host().is_some_and(is)
    };
    let authority = request.uri().authority();
    let is_ours = host.is_some_and(names) && authority.is_none_or(|authority| names(authority.as_str()));
    if !is_ours {
        return Some(StatusCode::MISDIRECTED_REQUEST);
    }
    if headers.contains_key(header::ORIGIN) && !is_own_origin(config, headers) {
        return Some(StatusCode::FORBIDDEN);
    }
    None
}

/// Whether a request says that it comes from a page of the door itself.
pub(super) fn is_own_origin(config: &DoorConfig, headers: &HeaderMap) -> bool {
    let origin = only(headers, header::ORIGIN);
    origin == Some(config.origin().as_str()) || origin == Some(config.own_origin().as_str())
}

fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() { None } else { first.to_str().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn status(headers: &[(&str, &str)]) -> Option<StatusCode> {
        let config = r#"{"listen": "127.0.0.1:8790", "externalUrl": "https://valet.example.com"}"#;
        let config: DoorConfig = serde_json::from_str(config).unwrap();
        let all = headers
            .iter()
            .fold(Request::builder().uri("/mcp/a"), |request, (name, value)| request.header(*name, *value));
        refuse(&config, &all.body(Body::empty()).unwrap())
    }

    #[test]
    fn both_names_of_the_door_are_answered_and_no_other() {
        for host in ["127.0.0.1:8790", "valet.example.com", "Valet.Example.com"] {
            assert_eq!(status(&[("host", host)]), None, "{host}");
        }
        for host in ["localhost:8790", "127.0.0.1", "evil.example", "valet.example.com:444", ""] {
            assert_eq!(status(&[("host", host)]), Some(StatusCode::MISDIRECTED_REQUEST), "{host}");
        }
        let twice = [("host", "valet.example.com"), ("host", "evil.example")];
        assert_eq!(status(&twice), Some(StatusCode::MISDIRECTED_REQUEST));
        let forwarded = [("host", "evil.example"), ("x-forwarded-host", "valet.example.com")];
        assert_eq!(status(&forwarded), Some(StatusCode::MISDIRECTED_REQUEST));
    }

    #[test]
    fn a_page_of_another_origin_is_refused_whatever_it_asks() {
        let from = |origin| status(&[("host", "valet.example.com"), ("origin", origin)]);
        assert_eq!(from("https://valet.example.com"), None);
        for origin in
            ["http://valet.example.com", "https://evil.example", "null", "https://valet.example.com/"]
        {
            assert_eq!(from(origin), Some(StatusCode::FORBIDDEN), "{origin}");
        }
    }
}
