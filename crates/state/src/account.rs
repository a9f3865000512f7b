//! Whose grant it is.

use crate::item::GrantParts;
use oauth::Account;
use plain::plain;

/// Most characters of an account's name that are shown.
const MAX_ACCOUNT: usize = 80;

impl GrantParts {
    /// Notes whose grant it is. What the issuer does not say again stays as it was.
    pub fn belongs_to(&mut self, account: Option<Account>) {
        if let Some(account) = account {
            self.account = Some(plain(&account.name, MAX_ACCOUNT));
            self.subject = Some(account.subject);
        }
    }

    /// Whether both are known to be of accounts, and not of the same.
    pub fn is_another_account(&self, other: &Self) -> bool {
        self.subject.is_some() && other.subject.is_some() && !self.is_same_account(other)
    }

    /// Whether both are known to be of one account. The name is no proof: an issuer may give it to another.
    pub fn is_same_account(&self, other: &Self) -> bool {
        self.subject.is_some() && self.subject == other.subject && self.issuer == other.issuer
    }
}
