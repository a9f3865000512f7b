//! Whose pages which issuer uses. Addresses are compared by their normal forms.

use super::{Doing, Holders, Holding, Ledger, Other, hold, is_one_issuer, make_room, worst};
use config::thing::{self, is_below};
use std::collections::BTreeMap;
use terms::Issuer;
use url::Url;

impl Ledger {
    /// A sign-in is complete: its issuer uses `page`.
    pub fn record_page(&mut self, page: &Url, issuer: &str, doing: Doing) {
        let of = |book: &mut BTreeMap<String, Holders>, key: String| {
            hold(book.entry(key).or_default(), issuer, doing.into());
            make_room(book);
        };
        of(&mut self.pages, thing::origin(page));
        of(&mut self.addresses, thing::page(page));
    }

    /// Another issuer that uses `page`, with which a sign-in was completed. Whoever uses an origin that is
    /// not this issuer's has all pages there. At its own origin this issuer has what is below its own name,
    /// and of the rest what its neighbours do not use.
    /// `is_one_provider` tells whether two issuers are names of one that is known for having several.
    pub fn other_with_page(
        &self,
        page: &Url,
        issuer: &Issuer,
        is_one_provider: impl Fn(&Issuer, &Issuer) -> bool,
    ) -> Option<Other<'_>> {
        let (origin, address) = (thing::origin(page), thing::page(page));
        let is_at_home = origin == thing::origin(issuer.url());
        if is_at_home && is_below(&address, &thing::page(issuer.url())) {
            return None;
        }
        let there = |known: &str| Url::parse(known).is_ok_and(|known| thing::origin(&known) == origin);
        let used_there = self.pages.iter().filter(|(known, _)| there(known)).flat_map(|(_, holders)| holders);
        let users = self.addresses.get(&address);
        let is_other = |(other, _): &(&String, &Holding)| {
            if is_one_issuer(other, issuer.as_str()) {
                return false;
            }
            let Ok(parsed) = Issuer::parse(other) else { return !is_at_home };
            if is_one_provider(issuer, &parsed) {
                return false;
            }
            let below = parsed.url().path() != "/" && is_below(&address, &thing::page(parsed.url()));
            let uses = below || users.is_some_and(|users| users.contains_key(*other));
            // Who is at home elsewhere has no say over this issuer's own pages.
            !is_at_home || (uses && thing::origin(parsed.url()) == origin)
        };
        worst(used_there.filter(is_other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(url: &str) -> Url {
        Url::parse(url).unwrap()
    }

    fn other<'l>(ledger: &'l Ledger, at: &str, issuer: &str) -> Option<&'l str> {
        ledger
            .other_with_page(&page(at), &Issuer::parse(issuer).unwrap(), |_, _| false)
            .map(|other| other.issuer)
    }

    const GOOD: &str = "https://host.example/good";
    const EVIL: &str = "https://host.example/evil";

    #[test]
    fn a_page_is_the_same_however_its_host_is_spelled() {
        let here = "http://127.0.0.1:9";
        let ledger: Ledger = serde_json::from_value(
            serde_json::json!({ "pages": { here: { here: {} }, "https://h.example": { GOOD: {} } } }),
        )
        .unwrap();
        for spelled in [
            "http://localhost:9/a",
            "http://localhost.:9/a",
            "http://127.9.9.9:9/a",
            "http://x.localhost:9/a",
            "http://[::1]:9/a",
        ] {
            assert_eq!(other(&ledger, spelled, EVIL), Some(here), "{spelled}");
        }
        assert_eq!(other(&ledger, "https://H.example.:443/a", EVIL), Some(GOOD));
        assert_eq!(other(&ledger, "http://localhost:10/a", EVIL), None);
    }

    #[test]
    fn tenants_of_one_host_have_pages_of_their_own() {
        let mut ledger = Ledger::default();
        for used in [GOOD, "https://host.example/good/authorize", "https://host.example/signin"] {
            ledger.record_page(&page(used), GOOD, Doing::Persons);
        }
        for used in [
            "/good/authorize",
            "/good//authorize/",
            "/GOOD/authorize?x=1",
            "/x/../good/other",
            "/signin",
            "/sign%69n",
        ] {
            assert_eq!(other(&ledger, &format!("https://host.example{used}"), EVIL), Some(GOOD), "{used}");
        }
        for own in ["/evil/authorize", "/authorize", "/goodness"] {
            assert_eq!(other(&ledger, &format!("https://host.example{own}"), EVIL), None, "{own}");
        }
    }

    #[test]
    fn nobody_locks_an_issuer_out_of_its_own_pages() {
        let mut ledger = Ledger::default();
        let own = "https://host.example/good/authorize";
        for elsewhere in ["https://elsewhere.example", EVIL] {
            ledger.record_page(&page(own), elsewhere, Doing::Programs);
        }
        ledger.record_page(&page("https://host.example/signin"), "https://elsewhere.example", Doing::Persons);
        assert_eq!(other(&ledger, own, GOOD), None);
        assert_eq!(other(&ledger, "https://host.example/signin", GOOD), None);
        assert_eq!(other(&ledger, own, "https://host.example"), None);
    }
}
