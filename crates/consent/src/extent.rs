//! How far a consent reaches: which scopes, and in which form.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use wire::Form;

/// It is for the refresh token (OpenID Connect Core §11), which no agent gets.
const FOR_US_ALONE: &str = "offline_access";

/// Whether a scope says something about what an agent can do.
pub fn concerns_agents(scope: &str) -> bool {
    scope != FOR_US_ALONE
}

/// What an agent is about to get, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// `None` as long as no sign-in has said which there are.
    pub scopes: Option<&'a [String]>,
    /// In which form it gets the credential.
    pub form: Form,
}

/// What was consented to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// `None`: whatever the first sign-in gives.
    scopes: Option<BTreeSet<String>>,
    form: Form,
}

impl Extent {
    /// No end to it.
    pub(crate) const EVERYTHING: Self = Self { scopes: None, form: Form::LastingToken };
    /// What was consented to before consents remembered scopes.
    pub(crate) const UNTOLD: Self = Self { scopes: None, form: Form::Token };

    /// Just what is wanted.
    pub fn of(wanted: Wanted<'_>) -> Self {
        Self { scopes: wanted.scopes.map(|scopes| scopes.iter().cloned().collect()), form: wanted.form }
    }

    /// The same scopes, through the valet alone.
    pub(crate) fn through_the_proxy(&self) -> Self {
        Self { scopes: self.scopes.clone(), form: Form::Proxied }
    }

    /// Whether `wanted` is no more than this. What is not known yet is looked at again once it is.
    pub(crate) fn covers(&self, wanted: Wanted<'_>) -> bool {
        wanted.form <= self.form && self.new_in(wanted).next().is_none()
    }

    /// The scopes of `wanted` that are not in this.
    pub fn new_in<'a>(&'a self, wanted: Wanted<'a>) -> impl Iterator<Item = &'a String> {
        let known = self.scopes.as_ref().zip(wanted.scopes);
        known.into_iter().flat_map(|(have, want)| {
            want.iter().filter(|scope| concerns_agents(scope) && !have.contains(*scope))
        })
    }

    /// Binds what was given before its scopes were known to these. True if it was not bound yet.
    pub(crate) fn bind(&mut self, scopes: &[String]) -> bool {
        let open = self.scopes.is_none();
        if open {
            self.scopes = Some(scopes.iter().cloned().collect());
        }
        open
    }

    /// The scopes, as far as they concern agents.
    pub fn scopes(&self) -> Option<Vec<String>> {
        let scopes = self.scopes.as_ref()?;
        Some(scopes.iter().filter(|scope| concerns_agents(scope)).cloned().collect())
    }

    /// The form in which the credential may be had.
    pub const fn form(&self) -> Form {
        self.form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn a_consent_covers_what_is_narrower_and_nothing_that_is_wider() {
        let (one, both) = (words("read"), words("read write"));
        let wanted = |scopes, form| Wanted { scopes: Some(scopes), form };
        let consented = Extent::of(wanted(&both, Form::Token));
        assert!(
            consented.covers(wanted(&one, Form::Proxied)) && consented.covers(wanted(&both, Form::Token))
        );
        assert!(!consented.covers(wanted(&one, Form::LastingToken)));
        let narrow = Extent::of(wanted(&one, Form::Proxied));
        assert_eq!(narrow.new_in(wanted(&both, Form::Proxied)).collect::<Vec<_>>(), ["write"]);
        assert!(!narrow.covers(wanted(&one, Form::Token)));
        assert!(narrow.covers(wanted(&words("read offline_access"), Form::Proxied)));
    }

    #[test]
    fn what_is_for_us_alone_is_no_part_of_what_an_agent_was_allowed() {
        let both = words("read offline_access");
        let consented = Extent::of(Wanted { scopes: Some(&both), form: Form::Token });
        assert_eq!(consented.scopes(), Some(words("read")));
    }

    #[test]
    fn what_was_given_before_its_scopes_were_known_is_bound_to_the_first_that_come() {
        let mut open = Extent::of(Wanted { scopes: None, form: Form::Token });
        assert!(open.bind(&words("read")) && !open.bind(&words("write")));
        assert!(!open.covers(Wanted { scopes: Some(&words("write")), form: Form::Token }));
    }
}
