//! What is said where a way of a sign-in is somebody else's as well.

use crate::agreed::Agreed;
use crate::apart::Clash;
use crate::book::Book;
use crate::server::Server;
use crate::ways::Ways;
use config::thing::origin;
use ledger::{Claim, Other};
use oauth::Issuer;
use plain::plain;
use url::Url;
use wire::{Problem, Reason};
use words::say;

/// Most characters of a page's address that are shown.
const MAX_SHOWN: usize = 120;

impl Ways {
    /// Looks again before anything is given to the issuer: what was nobody's when the sign-in began may be
    /// another's by now.
    ///
    /// # Errors
    /// It is another's.
    pub fn are_apart(&self, book: &Book, name: &str) -> Result<(), Problem> {
        let taken = self.claim.as_ref().and_then(|claim| Some((claim, book.owner(claim)?)));
        if let Some((claim, clash)) = taken {
            return Err(refused(book, name, claim, &clash));
        }
        match self.shared(&book.ledger).filter(|_| self.agreed == Agreed::ByNobody) {
            Some((page, other)) => Err(page_shared(book, name, &self.issuer, page, other)),
            None => Ok(()),
        }
    }
}

/// What is said where a page is another issuer's as well. Where a program alone brought that about, it may be
/// the other that does not belong there.
pub fn page_shared(book: &Book, name: &str, issuer: &Issuer, page: &Url, other: Other<'_>) -> Problem {
    let address = in_words(page, issuer);
    let known = book.issuer_in_words(other.issuer);
    if !other.by_program {
        return device_page(name, issuer, &known, &address);
    }
    let detail = say!(
        problem_page_by_program,
        server = name,
        issuer = issuer.to_string(),
        address = address,
        known = &known
    );
    problems::failed(Reason::PageShared, detail, known_to_you(book, name, issuer, &known))
}

/// What a person can do who knows the issuer, and one who does not know the other.
fn known_to_you(book: &Book, name: &str, issuer: &Issuer, other: &str) -> String {
    let host = issuer.host();
    let issuer = issuer.to_string();
    match book.servers.get(name).is_some_and(Server::is_of_the_file) {
        true => say!(problem_page_known_advice, host = host, issuer = issuer, server = name, other = other),
        false => say!(problem_page_added_advice, host = host, issuer = issuer, server = name, other = other),
    }
}

/// What is said where a page is another issuer's, and how a person agrees to that.
#[must_use]
pub fn device_page(name: &str, issuer: &Issuer, other: &str, page: &str) -> Problem {
    let host = issuer.host();
    let detail = say!(
        problem_page_shared,
        server = name,
        issuer = issuer.to_string(),
        page = page,
        other = other,
        host = &host
    );
    let advice = say!(problem_page_shared_advice, server = name, issuer = issuer.to_string(), host = host);
    problems::failed(Reason::PageShared, detail, advice)
}

/// A page as a person knows it: where it is, and at the issuer's own place, which it is.
pub fn in_words(page: &Url, issuer: &Issuer) -> String {
    let site = page.origin().ascii_serialization();
    if origin(page) == origin(issuer.url()) {
        plain(&format!("{site}{}", page.path()), MAX_SHOWN)
    } else {
        site
    }
}

/// What is said where a redirect URI is somebody else's.
pub fn refused(book: &Book, name: &str, claim: &Claim, clash: &Clash) -> Problem {
    let (other, by_program) = match clash {
        Clash::Issuer { issuer, by_program } => (book.issuer_in_words(issuer), *by_program),
        Clash::Server(other) | Clash::Waiting(other) => (format!("\"{other}\""), false),
        Clash::Registration => (say!(problem_another_registration), false),
    };
    let (issuer, uri) = (&claim.issuer, &claim.uri);
    let (at, address) = (issuer.to_string(), uri.to_string());
    let detail = match by_program {
        true => say!(problem_redirect_taken, server = name, issuer = at, uri = address, other = other),
        false => say!(problem_redirect_shared, server = name, issuer = at, uri = address, other = other),
    };
    let advice = say!(problem_redirect_shared_advice, server = name, issuer = issuer.to_string());
    problems::failed(Reason::RedirectUriShared, detail, advice)
}
