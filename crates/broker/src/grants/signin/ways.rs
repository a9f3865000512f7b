//! The ways that a sign-in goes: where the browser comes back to, and whose pages it sees.

use super::shared::{page_shared, refused};
use crate::state::book::Book;
use crate::state::ledger::{Claim, origin};
use crate::state::ways::Ways;
use oauth::Metadata;
use url::Url;
use wire::Problem;

impl Ways {
    /// The origins of `urls` that are not the issuer's own.
    pub(super) fn foreign<'u>(
        metadata: &Metadata,
        urls: impl IntoIterator<Item = Option<&'u Url>>,
    ) -> Vec<String> {
        let own = origin(metadata.issuer.url());
        let mut pages: Vec<String> =
            urls.into_iter().flatten().map(origin).filter(|page| *page != own).collect();
        pages.sort();
        pages.dedup();
        pages
    }

    /// These and the others.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.pages.extend(others.pages);
        self.agreed |= others.agreed;
        self
    }

    /// What the redirect URI is wanted for.
    pub(crate) const fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// The sign-in is complete: what it went by is its issuer's from now on.
    pub(super) fn record(&self, book: &mut Book) {
        if let Some(claim) = &self.claim {
            book.ledger.record(claim);
        }
        let own = origin(self.issuer.url());
        for page in self.pages.iter().chain([&own]) {
            book.ledger.record_page(page, self.issuer.as_str(), self.firm);
        }
    }

    /// Looks again before anything is given to the issuer: what was nobody's when the sign-in began may be
    /// another's by now.
    ///
    /// # Errors
    /// It is another's.
    pub(super) fn are_apart(&self, book: &Book, name: &str) -> Result<(), Problem> {
        let taken = self.claim.as_ref().and_then(|claim| Some((claim, book.owner(claim)?)));
        if let Some((claim, clash)) = taken {
            return Err(refused(book, name, claim, &clash));
        }
        let with = |page: &String| book.ledger.other_with_page(page, &self.issuer, self.firm);
        let shared = self.pages.iter().filter(|_| !self.agreed).find_map(|page| Some((page, with(page)?)));
        match shared {
            Some((page, other)) => Err(page_shared(name, &self.issuer, &book.issuer_in_words(other), page)),
            None => Ok(()),
        }
    }
}
