//! The ways that a sign-in goes: where the browser comes back to, and whose pages it sees.

use super::shared::{page_shared, refused};
use crate::state::book::Book;
use crate::state::ways::{Agreed, Ways};
use ledger::{Claim, Doing, Other};
use url::Url;
use wire::Problem;

impl Ways {
    /// These and the others.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.pages.extend(others.pages);
        self.agreed = self.agreed.max(others.agreed);
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
        for page in self.pages.iter().chain([self.issuer.url()]) {
            book.ledger.record_page(page, self.issuer.as_str(), Doing::persons_if(self.firm));
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
        match self.shared(book).filter(|_| self.agreed == Agreed::No) {
            Some((page, other)) => Err(page_shared(book, name, &self.issuer, page, other)),
            None => Ok(()),
        }
    }

    /// A page that another issuer uses as well, and that issuer.
    pub(super) fn shared<'b>(&self, book: &'b Book) -> Option<(&Url, Other<'b>)> {
        let with = |page| book.ledger.other_with_page(page, &self.issuer, oauth::is_one_provider);
        let stands = |other: &Other<'_>| !(self.takes_over && other.by_program);
        let shared = self.pages.iter().filter_map(|page| Some((page, with(page).filter(stands)?)));
        shared.min_by_key(|(_, other)| other.by_program)
    }
}
