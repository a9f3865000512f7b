//! To which issuer a redirect URI belongs, and whose pages which issuer uses: written down once a sign-in is
//! complete, and for good, whatever is signed in, configured or running later. Nothing in it is secret, and
//! nothing depends on a client ID being one.

mod claim;
mod pages;
mod servers;

pub use claim::{Claim, Doing, Part, Taking, is_one_issuer, registered_path};

use serde::{Deserialize, Serialize};
use servers::KnownServer;
use std::collections::BTreeMap;
use url::Url;

/// Most redirect URIs, most pages and most origins of pages that are remembered, and most issuers of each.
const MOST: usize = 1024;
const MOST_ISSUERS: usize = 64;

/// Redirect URIs and pages, and the issuers that each belongs to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Whether what older versions left in the vault has been looked through.
    #[serde(default)]
    pub seeded: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    redirect_uris: BTreeMap<String, Holders>,
    /// By origin. Older versions did not write them in normal form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pages: BTreeMap<String, Holders>,
    /// By the whole address, in normal form, for origins with several issuers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    addresses: BTreeMap<String, Holders>,
    /// What a sign-in was completed to, by the servers' ids, for when they have left.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    servers: BTreeMap<String, KnownServer>,
}

/// Issuers, and how each came to it.
type Holders = BTreeMap<String, Holding>;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Holding {
    /// Whether the issuer says who it is when the browser comes back (RFC 9207).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    says_iss: bool,
    /// Whether all of it was a program's doing: it added the server, and signed in. The person may have used
    /// the command line to do so, so that it counts all the same where they can be asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_program: bool,
}

/// Another issuer, with which a sign-in was completed that went the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Other<'a> {
    /// Its name.
    pub issuer: &'a str,
    /// Whether all of it was a program's doing.
    pub by_program: bool,
}

/// What a grant tells that was made before there was a ledger.
#[derive(Debug, Clone, Copy)]
pub struct Seed<'a> {
    /// Where the browser came back to, if that is known.
    pub redirect_uri: Option<&'a str>,
    /// Whose grant it is.
    pub issuer: &'a str,
    /// Where its tokens come from.
    pub token_endpoint: &'a str,
}

impl From<Doing> for Holding {
    /// That of an issuer which is not known to say who it is.
    fn from(doing: Doing) -> Self {
        Self { says_iss: false, by_program: doing == Doing::Programs }
    }
}

impl Ledger {
    /// Whether the redirect URI of `claim` is its issuer's.
    pub fn has(&self, claim: &Claim) -> bool {
        let holders = self.redirect_uris.get(&claim.uri).into_iter().flatten();
        holders.into_iter().any(|(issuer, _)| claim.is_of(issuer))
    }

    /// The same, and the person had a part in it.
    pub fn is_firm(&self, claim: &Claim) -> bool {
        let holders = self.redirect_uris.get(&claim.uri).into_iter().flatten();
        holders.into_iter().any(|(issuer, holding)| claim.is_of(issuer) && !holding.by_program)
    }

    /// The issuer that stands against `claim`: the redirect URI is its, and not both say who they are. It is
    /// the protected one that has to: what the other promises is its own to change. What two had before there
    /// was this ledger, both keep.
    pub fn other_at(&self, claim: &Claim) -> Option<Other<'_>> {
        let kept = |(issuer, holding): (&String, &Holding)| {
            claim.is_of(issuer) && !holding.by_program && holding.says_iss <= claim.says_iss
        };
        let at = self.redirect_uris.iter().filter(|(uri, _)| claim.is_at(uri));
        let foreign = at.filter(|(uri, holders)| **uri != claim.uri || !holders.iter().any(kept));
        let stands = |(issuer, holding): &(&String, &Holding)| {
            let apart = holding.says_iss && claim.says_iss;
            let gives_way = holding.by_program && claim.taking == Taking::FromPrograms;
            !claim.is_of(issuer) && !apart && !gives_way
        };
        worst(foreign.flat_map(|(_, holders)| holders).filter(stands))
    }

    /// A sign-in is complete: its redirect URI is its issuer's from now on.
    pub fn record(&mut self, claim: &Claim) {
        if claim.registration() == Some(true) {
            return;
        }
        let holders = self.redirect_uris.entry(claim.uri.clone()).or_default();
        holders.retain(|issuer, holding| {
            let apart = holding.says_iss && claim.says_iss;
            let is_taken = match claim.taking {
                Taking::FromNobody => false,
                Taking::FromPrograms => holding.by_program,
                Taking::FromAnybody => true,
            };
            claim.is_of(issuer) || apart || !is_taken
        });
        hold(holders, &claim.issuer, Holding { says_iss: claim.says_iss, ..claim.part.doing().into() });
        make_room(&mut self.redirect_uris);
    }

    /// Takes over what is known of a grant, from before there was a ledger.
    pub fn seed(&mut self, known: Seed<'_>, doing: Doing) {
        if let Some(uri) = known.redirect_uri {
            self.seed_uri(uri, known.issuer, doing);
        }
        for url in [known.issuer, known.token_endpoint] {
            if let Ok(url) = Url::parse(url) {
                self.record_page(&url, known.issuer, doing);
            }
        }
    }

    /// The same for a redirect URI. Once that is done, what has been given to another stays with it.
    pub fn seed_uri(&mut self, uri: &str, issuer: &str, doing: Doing) {
        if self.seeded && self.redirect_uris.contains_key(uri) {
            return;
        }
        let of = Claim::kept(uri, issuer);
        if of.registration() != Some(true) {
            let holders = self.redirect_uris.entry(uri.to_owned()).or_default();
            if !holders.contains_key(issuer) {
                hold(holders, issuer, doing.into());
            }
            make_room(&mut self.redirect_uris);
        }
    }

    /// Redirect URIs that several issuers have although they cannot be told apart there.
    pub fn shared(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        let told_apart = |holders: &Holders| holders.values().all(|holding| holding.says_iss);
        let shared =
            self.redirect_uris.iter().filter(move |(_, holders)| holders.len() > 1 && !told_apart(holders));
        shared.map(|(uri, holders)| (uri.as_str(), holders.keys().map(String::as_str).collect()))
    }
}

/// The one that a person should hear of first: what a program did alone says least.
fn worst<'a>(holders: impl Iterator<Item = (&'a String, &'a Holding)>) -> Option<Other<'a>> {
    let others = holders.map(|(issuer, holding)| Other { issuer, by_program: holding.by_program });
    others.min_by_key(|other| other.by_program)
}

/// What the person had a part in once is not made less by a program.
fn hold(holders: &mut Holders, issuer: &str, now: Holding) {
    let by_program = now.by_program && holders.get(issuer).is_none_or(|before| before.by_program);
    holders.insert(issuer.to_owned(), Holding { by_program, ..now });
    while holders.len() > MOST_ISSUERS {
        let programs = holders.iter().find(|(other, holding)| holding.by_program && *other != issuer);
        let Some(other) = programs.map(|(other, _)| other.clone()) else { break };
        holders.remove(&other);
    }
}

/// What programs did goes first, and what the person did not at all.
fn make_room(book: &mut BTreeMap<String, Holders>) {
    while book.len() > MOST {
        let programs = book.iter().find(|(_, holders)| holders.values().all(|holding| holding.by_program));
        let Some(key) = programs.map(|(key, _)| key.clone()) else { break };
        book.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(uri: &str, issuer: &str) -> Claim {
        Claim::kept(uri, issuer)
    }

    fn stands(issuer: &str) -> Option<Other<'_>> {
        Some(Other { issuer, by_program: false })
    }

    const URI: &str = "http://localhost:3118/callback";
    const HONEST: &str = "https://honest.example";
    const OTHER: &str = "https://other.example";

    #[test]
    fn a_redirect_uri_is_one_issuers_whatever_another_promises() {
        let mut ledger = Ledger::default();
        ledger.record(&claim(URI, HONEST));
        assert_eq!(ledger.other_at(&claim(URI, HONEST)), None);
        assert_eq!(ledger.other_at(&claim(URI, "https://honest.example/")), None);
        let promising = Claim { says_iss: true, ..claim(URI, OTHER) };
        assert_eq!(ledger.other_at(&promising), stands(HONEST));
        let from_there = Claim { says_iss: true, ..claim(URI, HONEST) };
        ledger.record(&from_there);
        assert_eq!(ledger.other_at(&promising), None, "both say who they are");
        ledger.record(&promising);
        assert_eq!(ledger.other_at(&claim(URI, OTHER)), stands(HONEST), "it does not say so any more");
        assert_eq!(ledger.other_at(&claim(URI, HONEST)), stands(OTHER));
    }

    #[test]
    fn what_a_program_did_alone_gives_way_only_where_nobody_can_be_asked() {
        let mut ledger = Ledger::default();
        let program = Claim { part: Part::Nothing, any_port: true, ..claim(URI, OTHER) };
        ledger.record(&program);
        let known = ledger.other_at(&claim(URI, HONEST));
        assert_eq!(known, Some(Other { issuer: OTHER, by_program: true }));
        let alone = Claim { taking: Taking::FromPrograms, ..claim(URI, HONEST) };
        assert_eq!(ledger.other_at(&alone), None);
        ledger.record(&alone);
        assert_eq!(ledger.other_at(&program), stands(HONEST));
        let other_alone = Claim { taking: Taking::FromPrograms, ..claim(URI, OTHER) };
        assert_eq!(ledger.other_at(&other_alone), stands(HONEST), "what the person did stays");
    }

    #[test]
    fn names_and_ports_of_this_machine_make_no_other_place_for_a_program() {
        let mut ledger = Ledger::default();
        ledger.record(&claim(URI, HONEST));
        for uri in [
            "http://localhost:4444/callback",
            "http://127.0.0.1:3118/callback",
            "https://localhost:3118/callback",
            "http://localhost:3118/x/../callback",
            "http://localhost:3118/callback?x=1",
        ] {
            let program = Claim { part: Part::Nothing, any_port: true, ..claim(uri, OTHER) };
            assert_eq!(ledger.other_at(&program), stands(HONEST), "{uri}");
        }
        assert_eq!(ledger.other_at(&claim("http://localhost:4444/callback", OTHER)), None);
        assert_eq!(ledger.other_at(&claim("http://127.0.0.1:3118/callback", OTHER)), stands(HONEST));
        let apart =
            Claim { part: Part::Nothing, any_port: true, ..claim("http://localhost:3118/other", OTHER) };
        assert_eq!(ledger.other_at(&apart), None);
        assert_eq!(ledger.other_at(&claim("https://valet.example/callback", OTHER)), None);
    }

    #[test]
    fn what_was_given_to_another_is_not_taken_back_by_an_old_grant() {
        let mut ledger = Ledger::default();
        ledger.seed_uri(URI, HONEST, Doing::Persons);
        ledger.seed_uri(URI, OTHER, Doing::Persons);
        assert_eq!(ledger.shared().count(), 1);
        assert_eq!(ledger.other_at(&claim(URI, HONEST)), None, "both keep what they had");
        assert!(ledger.other_at(&claim(URI, "https://third.example")).is_some());
        ledger.seeded = true;
        ledger.record(&Claim { taking: Taking::FromAnybody, ..claim(URI, OTHER) });
        ledger.seed_uri(URI, HONEST, Doing::Persons);
        assert_eq!((ledger.shared().count(), ledger.other_at(&claim(URI, HONEST))), (0, stands(OTHER)));
    }

    #[test]
    fn programs_do_not_crowd_out_what_the_person_did() {
        let mut ledger = Ledger::default();
        ledger.record(&claim(URI, HONEST));
        for number in 0..MOST + 10 {
            let uri = format!("http://localhost:1/{number}");
            ledger.record(&Claim { part: Part::Nothing, any_port: true, ..claim(&uri, OTHER) });
        }
        assert_eq!(ledger.redirect_uris.len(), MOST);
        assert!(ledger.has(&claim(URI, HONEST)));
    }
}
