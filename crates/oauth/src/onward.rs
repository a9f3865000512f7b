//! Answers by which a server sends a request on within itself.

use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};

use crate::server::ServerUrl;

/// How often one request is sent on.
pub const MOST_ONWARD: usize = 5;

/// Where this answer of `from` sends the same request on within `server`; nothing if it does not, or
/// elsewhere.
#[must_use]
pub fn onward(
    server: &ServerUrl,
    from: &ServerUrl,
    method: &Method,
    (status, headers): (StatusCode, &HeaderMap),
) -> Option<ServerUrl> {
    let mut named = headers.get_all(LOCATION).iter();
    let (Some(location), None) = (named.next(), named.next()) else { return None };
    let location = str::from_utf8(location.as_bytes()).ok().filter(|_| repeats(status, method))?;
    server.onward(from, location)
}

/// Whether `status` asks for the same request at another address: 307 and 308 do, and of a GET the older ones
/// too (RFC 9110 §15.4). Of anything else those would make a GET.
fn repeats(status: StatusCode, method: &Method) -> bool {
    match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => method == Method::GET,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_become_another_request_is_not_repeated() {
        let all = [300, 301, 302, 303, 304, 305, 307, 308].map(|code| StatusCode::from_u16(code).unwrap());
        let of = |method| all.iter().filter(|status| repeats(**status, &method)).count();
        assert_eq!((of(Method::POST), of(Method::DELETE), of(Method::GET)), (2, 2, 5));
    }
}
