//! Pages that ask a person, and are remembered until they are answered: once, by a POST, from the browser
//! that was shown it.

use http::HeaderMap;

use crate::bounded::Bounded;
use crate::cookie::{Cookies, read};
use crate::profile::UnixSeconds;
use crate::secret::{Digest, Secret};

/// How long a page waits for an answer.
pub(crate) const PAGE_LIFETIME: UnixSeconds = 600;

/// Pages that were shown and not yet answered, kept under the digests of their CSRF tokens.
pub struct Pages<P> {
    open: Bounded<Digest, Pending<P>>,
    cookies: Cookies,
}

struct Pending<P> {
    about: P,
    cookie: Digest,
}

/// A page as it goes out.
pub struct Shown {
    /// Stands in the form.
    pub csrf: Secret,
    /// `Set-Cookie`, which ties the page to the browser that shows it.
    pub cookie: String,
}

/// What came back.
pub enum Answered<P> {
    /// The page was about this. With it, `Set-Cookie` for the answer.
    Page(P, String),
    /// It was answered before, waited too long, or never was.
    Over,
    /// It was shown to another browser.
    AnotherBrowser,
}

impl<P> Pages<P> {
    /// At most so many pages, whose cookies go to `path` alone; over https alone if the page `is_secure`.
    /// Strict suffices: the only request that needs the cookie is the form's own.
    #[must_use]
    pub fn new(most: usize, path: &'static str, is_secure: bool) -> Self {
        Self { open: Bounded::new(most), cookies: Cookies { path, same_site: "Strict", is_secure } }
    }

    /// The same for pages that the browser may be led to from another site.
    #[must_use]
    pub fn reached_from_elsewhere(self) -> Self {
        Self { cookies: Cookies { same_site: "Lax", ..self.cookies }, ..self }
    }

    /// What a page is about, which this does not spend; for the browser alone that was shown it.
    #[must_use]
    pub fn look(&self, csrf: &Secret, headers: &HeaderMap, now: UnixSeconds) -> Option<&P> {
        let pending = self.open.live(&csrf.digest(), now)?;
        let shown = read(headers, &cookie_name(csrf.digest()))?;
        (Digest::of(shown) == pending.cookie).then_some(&pending.about)
    }

    /// Where one more would push another out, forgets those that `keeps` does not.
    pub fn make_room(&mut self, keeps: impl Fn(&P) -> bool) {
        if self.open.is_full() {
            self.open.retain(|pending| keeps(&pending.about));
        }
    }

    /// Forgets pages, whose answers come to nothing from now on.
    pub fn forget(&mut self, is_meant: impl Fn(&P) -> bool) {
        self.open.retain(|pending| !is_meant(&pending.about));
    }

    /// Remembers a page that is about to be shown.
    pub fn show(&mut self, about: P, now: UnixSeconds) -> Shown {
        let (csrf, cookie) = (Secret::random(), Secret::random());
        let set = self.cookie(csrf.digest(), cookie.expose(), PAGE_LIFETIME);
        self.open.insert(csrf.digest(), Pending { about, cookie: cookie.digest() }, now + PAGE_LIFETIME, now);
        Shown { csrf, cookie: set }
    }

    /// Takes an answer, which spends the page.
    pub fn answer(&mut self, csrf: &Secret, headers: &HeaderMap, now: UnixSeconds) -> Answered<P> {
        let csrf = csrf.digest();
        let Some(pending) = self.open.take(&csrf, now) else { return Answered::Over };
        let shown = read(headers, &cookie_name(csrf));
        if shown.is_none_or(|value| Digest::of(value) != pending.cookie) {
            return Answered::AnotherBrowser;
        }
        Answered::Page(pending.about, self.cookie(csrf, "", 0))
    }

    fn cookie(&self, csrf: Digest, value: &str, age: UnixSeconds) -> String {
        self.cookies.set(&cookie_name(csrf), value, age)
    }
}

/// A cookie for each page, so that two tabs do not end each other's sign-in.
fn cookie_name(csrf: Digest) -> String {
    let digest = csrf.base64url();
    format!("consent-{}", digest.get(..12).unwrap_or_default())
}
