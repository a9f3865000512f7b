//! Cookies that tie a page to the browser that was shown it.

use http::{HeaderMap, header};

use crate::profile::UnixSeconds;

/// What all cookies of some pages have.
pub(crate) struct Cookies {
    pub(crate) path: &'static str,
    pub(crate) same_site: &'static str,
    pub(crate) is_secure: bool,
}

impl Cookies {
    /// `Set-Cookie` (RFC 6265 §4.1) of one that lives for `age`; without any, it is taken away.
    pub(crate) fn set(&self, name: &str, value: &str, age: UnixSeconds) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let (path, site) = (self.path, self.same_site);
        format!("{name}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite={site}{secure}")
    }
}

/// The value of a cookie that was sent.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}
