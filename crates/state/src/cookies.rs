//! Cookies of one MCP session at one origin: those by which a load balancer finds the same machine again. The
//! valet alone sees them.

use cookie::Cookie;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use oauth::Secret;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// Cookies of a session; further ones are not kept.
const MOST: usize = 16;
/// Bytes of all their names, values and paths together.
const ROOM: usize = 4 << 10;

/// The cookies of one session. A clone is the same cookies.
#[derive(Clone, Default)]
pub struct Cookies(Arc<Mutex<Vec<StoredCookie>>>);

struct StoredCookie {
    name: String,
    value: Secret,
    path: String,
    /// Until when, unless it is until the session ends.
    until: Option<Timestamp>,
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cookies", self.kept().len())
    }
}

impl Cookies {
    /// Keeps, changes and forgets what an answer from `url` says (RFC 6265 §5.3).
    pub fn take(&self, url: &Url, answer: &HeaderMap, now: Timestamp) {
        let mut kept = self.kept();
        let set = answer.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        for cookie in set.filter_map(|line| Cookie::parse(line).ok()) {
            let Some(new) = StoredCookie::of(&cookie, url, now) else { continue };
            kept.retain(|old| (&old.name, &old.path) != (&new.name, &new.path));
            let room = kept.iter().map(StoredCookie::size).sum::<usize>() + new.size() <= ROOM;
            if room && kept.len() < MOST && new.is_good(now) {
                kept.push(new);
            }
        }
    }

    /// The header that goes with a request to `url`, the longest paths first (RFC 6265 §5.4).
    pub fn header(&self, url: &Url, now: Timestamp) -> Option<HeaderValue> {
        let kept = self.kept();
        let mut meant: Vec<&StoredCookie> =
            kept.iter().filter(|one| one.is_good(now) && is_within(url.path(), &one.path)).collect();
        meant.sort_by_key(|one| std::cmp::Reverse(one.path.len()));
        let pairs: Vec<String> =
            meant.iter().map(|one| format!("{}={}", one.name, one.value.expose())).collect();
        let mut header = HeaderValue::from_str(&pairs.join("; ")).ok().filter(|header| !header.is_empty())?;
        header.set_sensitive(true);
        Some(header)
    }

    /// Forgets them all, whoever holds them.
    pub fn wipe(&self) {
        self.kept().clear();
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept().is_empty()
    }

    fn kept(&self) -> MutexGuard<'_, Vec<StoredCookie>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoredCookie {
    /// What `url` may set. It goes back to that host alone, also where it is meant for more.
    fn of(cookie: &Cookie<'_>, url: &Url, now: Timestamp) -> Option<Self> {
        let host = url.host_str()?;
        let is_ours = |domain: &str| {
            let parent = host.strip_suffix(domain);
            domain.eq_ignore_ascii_case(host) || parent.is_some_and(|rest| rest.ends_with('.'))
        };
        cookie.domain().is_none_or(is_ours).then(|| Self {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned().into(),
            path: cookie.path().filter(|path| path.starts_with('/')).unwrap_or(parent(url.path())).to_owned(),
            until: until(cookie, now),
        })
    }

    fn is_good(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    fn size(&self) -> usize {
        self.name.len() + self.value.expose().len() + self.path.len()
    }
}

/// `Max-Age` counts more than `Expires` (RFC 6265 §5.3). What cannot be reckoned with is over.
fn until(cookie: &Cookie<'_>, now: Timestamp) -> Option<Timestamp> {
    if let Some(age) = cookie.max_age() {
        return Some(
            now.checked_add(SignedDuration::from_secs(age.whole_seconds())).unwrap_or(Timestamp::MAX),
        );
    }
    let expires = cookie.expires_datetime()?;
    Some(Timestamp::from_second(expires.unix_timestamp()).unwrap_or(now))
}

/// Where a cookie belongs that does not say (RFC 6265 §5.1.4).
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map(|(parent, _)| parent).filter(|parent| !parent.is_empty()).unwrap_or("/")
}

/// RFC 6265 §5.1.4.
fn is_within(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || of.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        format!("https://a.b.example{path}").parse().unwrap()
    }

    fn sent(set: &[&str], path: &str, later: i64) -> String {
        let cookies = Cookies::default();
        let now = Timestamp::UNIX_EPOCH;
        for line in set {
            let headers = HeaderMap::from_iter([(SET_COOKIE, line.parse().unwrap())]);
            cookies.take(&url("/v1/mcp"), &headers, now);
        }
        let header = cookies.header(&url(path), now + SignedDuration::from_secs(later));
        header.map(|header| header.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn a_cookie_goes_back_where_it_belongs_and_as_long_as_it_is_good() {
        assert_eq!(sent(&["lb=\"1\"; Path=/; HttpOnly; Secure; SameSite=None"], "/v1/mcp", 0), "lb=\"1\"");
        assert_eq!(sent(&["a=1; Path=/", "b=2", "a=3; Path=/"], "/v1/mcp/x", 0), "b=2; a=3");
        assert_eq!(sent(&["a=1; Path=/other", "b=1; Path=/v1/mc"], "/v1/mcp", 0), "");
        assert_eq!(sent(&["a=1"], "/v2/mcp", 0), "");
        let aged = ["a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"];
        assert_eq!(
            (sent(&aged, "/v1/mcp", 59), sent(&aged, "/v1/mcp", 60)),
            ("a=1".to_owned(), String::new())
        );
        assert_eq!(sent(&["a=1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "/v1/mcp", 0), "");
        assert_eq!(sent(&["a=1", "a=2; Max-Age=0"], "/v1/mcp", 0), "");
    }

    #[test]
    fn nobody_sets_cookies_of_others() {
        for domain in ["c.example", "x.a.b.example", "xa.b.example", "a.b.example.evil"] {
            assert_eq!(sent(&[&format!("a=1; Domain={domain}")], "/v1/mcp", 0), "", "{domain}");
        }
        assert_eq!(sent(&["a=1; Domain=.b.example"], "/v1/mcp", 0), "a=1");
    }

    #[test]
    fn there_is_no_room_without_end() {
        let many: Vec<String> = (0..100).map(|n| format!("c{n}=1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(sent(&many, "/v1/mcp", 0).matches('=').count(), MOST);
        let long = format!("a={}", "x".repeat(ROOM));
        assert_eq!(sent(&[&long, "b=1"], "/v1/mcp", 0), "b=1");
    }
}
