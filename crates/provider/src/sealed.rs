//! Pages that ask a person, and of which nothing is remembered until they are answered: what one is about is
//! in its form, under a seal. So nobody pushes out the page of another by opening many.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use sha2::Sha256;

use crate::bounded::Bounded;
use crate::cookie::{Cookies, read};
use crate::page::{Answered, PAGE_LIFETIME, Shown};
use crate::profile::UnixSeconds;
use crate::secret::{Digest, Secret};

/// The one cookie of a browser, however many pages it is shown: it would forget the first of many.
const COOKIE: &str = "browser";
/// Characters of its value: 256 bits in base64url.
const LENGTH: usize = 43;
/// Pages that were answered and could be again. More of them push the oldest out, and all that comes of one
/// that is answered twice is to be bounded elsewhere.
const SPENT: usize = 256;

/// Pages of which each is answered once, by a POST, from the browser that was shown it.
pub struct SealedPages {
    key: Secret,
    spent: Bounded<String, ()>,
    cookies: Cookies,
}

impl SealedPages {
    /// Pages whose cookie goes to `path` alone; over https alone if they are `is_secure`. A browser that is
    /// led there from elsewhere shows the cookie that it has (Lax), and not with a form of another site.
    #[must_use]
    pub fn new(path: &'static str, is_secure: bool) -> Self {
        let cookies = Cookies { path, same_site: "Lax", is_secure };
        Self { key: Secret::random(), spent: Bounded::new(SPENT), cookies }
    }

    /// A page about this, which is about to be shown to the browser that sent these headers.
    #[must_use]
    pub fn show(&self, about: &str, headers: &HeaderMap, now: UnixSeconds) -> Shown {
        let browser = browser(headers).map_or_else(Secret::random, |value| Secret::new(value.to_owned()));
        let (expires, nonce) = (now.saturating_add(PAGE_LIFETIME), Secret::random());
        let about = BASE64_URL_SAFE_NO_PAD.encode(about);
        let sealed = format!("{expires}.{}.{}.{about}", nonce.expose(), browser.digest().base64url());
        let seal = BASE64_URL_SAFE_NO_PAD.encode(self.seal(&sealed).finalize().into_bytes());
        let cookie = self.cookies.set(COOKIE, browser.expose(), PAGE_LIFETIME);
        Shown { csrf: Secret::new(format!("{seal}.{sealed}")), cookie }
    }

    /// Takes an answer, which spends the page.
    pub fn answer(&mut self, csrf: &Secret, headers: &HeaderMap, now: UnixSeconds) -> Answered<String> {
        let Some(page) = self.open(csrf.expose(), now) else { return Answered::Over };
        if browser(headers).is_none_or(|value| Digest::of(value).base64url() != page.browser) {
            return Answered::AnotherBrowser;
        }
        self.spent.insert(page.nonce.to_owned(), (), page.expires, now);
        // The browser keeps its cookie, by which it may answer its other pages.
        Answered::Page(
            page.about,
            self.cookies.set(COOKIE, browser(headers).unwrap_or_default(), PAGE_LIFETIME),
        )
    }

    fn open<'a>(&self, text: &'a str, now: UnixSeconds) -> Option<Sealed<'a>> {
        let (seal, sealed) = text.split_once('.')?;
        let seal = BASE64_URL_SAFE_NO_PAD.decode(seal).ok()?;
        self.seal(sealed).verify_slice(&seal).ok()?;
        let mut parts = sealed.split('.');
        let expires = parts.next()?.parse().ok().filter(|expires| *expires > now)?;
        let nonce = parts.next().filter(|nonce| self.spent.live(&(*nonce).to_owned(), now).is_none())?;
        let browser = parts.next()?;
        let about = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?).ok()?;
        Some(Sealed { expires, nonce, browser, about })
    }

    fn seal(&self, text: &str) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let begun = Hmac::<Sha256>::new_from_slice(self.key.expose().as_bytes()).expect("any length");
        begun.chain_update(text)
    }
}

/// A page as it came back.
struct Sealed<'a> {
    expires: UnixSeconds,
    nonce: &'a str,
    /// The digest of its cookie.
    browser: &'a str,
    about: String,
}

/// The cookie that a browser has.
fn browser(headers: &HeaderMap) -> Option<&str> {
    let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    read(headers, COOKIE).filter(|value| value.len() == LENGTH && value.bytes().all(is_ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = 1_000;

    /// What a browser sends that was shown this.
    fn sent(shown: &Shown) -> HeaderMap {
        let pair = shown.cookie.split(';').next().unwrap();
        [(http::header::COOKIE, pair.parse().unwrap())].into_iter().collect()
    }

    fn is_about(answered: &Answered<String>, about: &str) -> bool {
        matches!(answered, Answered::Page(found, _) if found == about)
    }

    #[test]
    fn many_pages_of_others_push_out_none_that_waits() {
        let mut pages = SealedPages::new("/authorize", false);
        let first = pages.show("the first", &HeaderMap::new(), NOW);
        for _ in 0..10_000 {
            let _ = pages.show("another", &HeaderMap::new(), NOW);
        }
        assert!(is_about(&pages.answer(&first.csrf, &sent(&first), NOW), "the first"));
    }

    #[test]
    fn a_browser_has_one_cookie_for_all_its_pages() {
        let mut pages = SealedPages::new("/authorize", false);
        let first = pages.show("the first", &HeaderMap::new(), NOW);
        let second = pages.show("the second", &sent(&first), NOW);
        assert_eq!(first.cookie, second.cookie);
        assert!(is_about(&pages.answer(&second.csrf, &sent(&first), NOW), "the second"));
        assert!(is_about(&pages.answer(&first.csrf, &sent(&second), NOW), "the first"));
    }

    #[test]
    fn a_page_is_answered_once_in_time_by_its_browser_and_as_it_was() {
        let mut pages = SealedPages::new("/authorize", false);
        let shown = pages.show("this", &HeaderMap::new(), NOW);
        let other = sent(&pages.show("that", &HeaderMap::new(), NOW));
        for headers in [&HeaderMap::new(), &other] {
            assert!(matches!(pages.answer(&shown.csrf, headers, NOW), Answered::AnotherBrowser));
        }
        let (seal, sealed) = shown.csrf.expose().split_once('.').unwrap();
        let parts: Vec<&str> = sealed.split('.').collect();
        let forged = BASE64_URL_SAFE_NO_PAD.encode("forged");
        for text in [
            format!("{seal}.{}.{}.{}.{forged}", parts[0], parts[1], parts[2]),
            format!("{seal}.9{}.{}.{}.{}", parts[0], parts[1], parts[2], parts[3]),
            sealed.to_owned(),
            String::new(),
        ] {
            assert!(matches!(pages.answer(&Secret::new(text), &sent(&shown), NOW), Answered::Over));
        }
        let elsewhere = SealedPages::new("/authorize", false).answer(&shown.csrf, &sent(&shown), NOW);
        assert!(matches!(elsewhere, Answered::Over));
        assert!(matches!(pages.answer(&shown.csrf, &sent(&shown), NOW + PAGE_LIFETIME), Answered::Over));
        assert!(is_about(&pages.answer(&shown.csrf, &sent(&shown), NOW), "this"));
        assert!(matches!(pages.answer(&shown.csrf, &sent(&shown), NOW), Answered::Over));
    }
}
