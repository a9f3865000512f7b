//! What holds for every request and every response.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::state::Demo;

/// Set unless the response has its own.
const DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Refuses requests that came by a foreign name or from a foreign page, and adds the security headers.
pub(crate) async fn guard(State(demo): State<Arc<Demo>>, request: Request, next: Next) -> Response {
    let mut response = match refuse(&demo, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

fn refuse(demo: &Demo, request: &Request) -> Option<Response> {
    let headers = request.headers();
    // A page whose host name was rebound to 127.0.0.1 still sends that name.
    if !only(headers, header::HOST).is_some_and(|host| host.eq_ignore_ascii_case(&demo.authority)) {
        let advice = format!("this is {}; use that address\n", demo.profile.issuer);
        return Some((StatusCode::MISDIRECTED_REQUEST, advice).into_response());
    }
    // Programs send no Origin; a browser does with every POST. Ours is the only page with business here.
    let foreign = headers.contains_key(header::ORIGIN)
        && only(headers, header::ORIGIN) != Some(demo.profile.issuer.as_str());
    if foreign && !request.method().is_safe() {
        return Some((StatusCode::FORBIDDEN, "foreign Origin\n").into_response());
    }
    None
}

fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() { None } else { first.to_str().ok() }
}
