//! The ways that a sign-in goes: where the browser comes back to, and whose pages it sees.

use crate::agreed::Agreed;
use ledger::{Claim, Ledger, Other, Part, Taking};
use oauth::Issuer;
use url::Url;

/// What is remembered of them once the sign-in is complete.
#[derive(Debug, Clone)]
pub struct Ways {
    /// Who is signed in at.
    pub issuer: Issuer,
    /// What the redirect URI is wanted for; nothing where no browser comes back.
    pub claim: Option<Claim>,
    /// The pages that the issuer signs in at.
    pub pages: Vec<Url>,
    /// Whether the person agreed to those, whoever else has them.
    pub agreed: Agreed,
    /// The person's part in it.
    pub part: Part,
    /// From whom pages may be taken.
    pub taking: Taking,
}

impl Ways {
    /// These and the others.
    pub fn and(mut self, others: Self) -> Self {
        self.pages.extend(others.pages);
        self.agreed = self.agreed.max(others.agreed);
        self
    }

    /// What the redirect URI is wanted for.
    pub const fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// The sign-in is complete: what it went by is its issuer's from now on.
    pub fn record(&self, ledger: &mut Ledger) {
        if let Some(claim) = &self.claim {
            ledger.record(claim);
        }
        for page in self.pages.iter().chain([self.issuer.url()]) {
            ledger.record_page(page, self.issuer.as_str(), self.part.doing());
        }
    }

    /// A page that another issuer uses as well, and that issuer.
    pub fn shared<'b>(&self, ledger: &'b Ledger) -> Option<(&Url, Other<'b>)> {
        let with = |page| ledger.other_with_page(page, &self.issuer, oauth::is_one_provider);
        let stands = |other: &Other<'_>| !(self.taking == Taking::FromPrograms && other.by_program);
        let shared = self.pages.iter().filter_map(|page| Some((page, with(page).filter(stands)?)));
        shared.min_by_key(|(_, other)| other.by_program)
    }
}
