//! Redirects of metadata: each is checked like the first address.

use ::http::header::LOCATION;
use ::http::{HeaderMap, StatusCode};
use url::Url;

use crate::fault::{Fault, Kind};
use crate::said::Said;
use crate::target::Target;

/// Most redirects that are followed.
pub(super) const MOST: usize = 3;

/// Where a redirect leads, if this is one and it may be followed.
pub(super) fn location(
    target: Target<'_>,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Url>, Fault> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let text = headers.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(shown) = Said::address(text) else {
        return Ok(None);
    };
    let refused = || target.fault(Kind::Redirect { host: target.host(), target: shown.clone() });
    let next = target.url.join(text).map_err(|_| refused())?;
    let downgrade = target.url.scheme() == "https" && next.scheme() != "https";
    if downgrade || (Target { url: &next, ..target }).permit().is_err() {
        return Err(refused());
    }
    Ok(Some(next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Reach;
    use crate::fault::{FaultCode, Party};

    fn redirect(from: &str, to: &str, reach: Reach) -> Result<Option<Url>, Fault> {
        let headers = HeaderMap::from_iter([(LOCATION, to.parse().unwrap())]);
        let target = Target { url: &Url::parse(from).unwrap(), whose: Party::Issuer, reach };
        location(target, StatusCode::FOUND, &headers)
    }

    #[test]
    fn a_redirect_leads_no_nearer_and_never_away_from_https() {
        let from = "https://a.example/x/y";
        for to in [
            "file:///etc/passwd",
            "http://b.example/",
            "http://127.0.0.1/",
            "https://10.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "//localhost/",
            "https://u:p@b.example/",
            "https://",
        ] {
            assert_eq!(
                redirect(from, to, Reach::Public).unwrap_err().code(),
                FaultCode::RedirectRefused,
                "{to}"
            );
        }
        assert_eq!(
            redirect(from, "http://127.0.0.1/", Reach::Loopback).unwrap_err().code(),
            FaultCode::RedirectRefused
        );
        assert_eq!(redirect(from, "../z", Reach::Public).unwrap().unwrap().as_str(), "https://a.example/z");
        assert_eq!(
            redirect(from, "https://b.example/", Reach::Public).unwrap().unwrap().as_str(),
            "https://b.example/"
        );
        assert!(redirect("http://localhost:1/", "http://127.0.0.1:2/", Reach::Loopback).unwrap().is_some());
    }
}
