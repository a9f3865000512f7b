//! Whose answers may come to a redirect URI: one issuer's, where issuers do not say who they are. Else one
//! could have the person sign in at another, and pass that one's code off as its own (RFC 9207 §1, RFC 9700
//! §4.4).

use crate::attempt::Attempt;
use crate::book::Book;
use crate::server::Server;
use config::ServerConfig;
use ledger::{Claim, Part, Taking, is_one_issuer};
use oauth::{Issuer, Metadata};
use peer::By;
use std::sync::Arc;
use words::say;

/// Most servers that are named or asked where they sign in.
const MOST: usize = 8;

/// What stands against a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// It belongs to this issuer.
    Issuer {
        /// That issuer.
        issuer: String,
        /// Whether a program alone brought it there.
        by_program: bool,
    },
    /// A client of the person's own comes back there, of this server, which signs in elsewhere or does not
    /// tell where.
    Server(String),
    /// A sign-in to this server waits there.
    Waiting(String),
    /// It is of the form of a registration at another issuer.
    Registration,
}

/// A client of the person's own that comes back to the same place.
pub struct Neighbour {
    /// What the person calls it.
    pub name: String,
    /// Where it signs in, as far as that is written down.
    pub config: Arc<ServerConfig>,
}

impl Book {
    /// What a sign-in to the server `name` wants `uri` for, and from whom it may take it; see
    /// [`Book::taking`].
    pub fn claim(&self, name: &str, by: &By, metadata: &Metadata, uri: &str, taking: Taking) -> Claim {
        let server = self.servers.get(name);
        Claim {
            uri: uri.to_owned(),
            issuer: metadata.issuer.as_str().to_owned(),
            says_iss: metadata.iss_parameter_supported,
            part: self.part(name, by),
            any_port: server.is_none_or(|server| server.added.is_some()),
            taking: self.taking(name, taking),
        }
    }

    /// The person's part in a sign-in to the server `name` that was begun `by` somebody.
    pub fn part(&self, name: &str, by: &By) -> Part {
        match by {
            By::Person => Part::Began,
            _ if self.servers.get(name).is_some_and(Server::is_persons) => Part::Configured,
            _ => Part::Nothing,
        }
    }

    /// From whom a sign-in to the server `name` may take something, where it is `taking` for a server of the
    /// person's own file.
    pub fn taking(&self, name: &str, taking: Taking) -> Taking {
        match self.servers.get(name).is_some_and(Server::is_of_the_file) {
            true => taking,
            false => Taking::FromNobody,
        }
    }

    /// What stands against a claim of the server `name`, as far as it is known at once.
    pub fn clash(&self, name: &str, claim: &Claim) -> Option<Clash> {
        if claim.registration() == Some(true) {
            return None;
        }
        let waiting = || self.waiting_at(name, claim).find(|(_, other)| !gives_way(claim, other));
        self.owner(claim).or_else(|| waiting().map(|(other, _)| Clash::Waiting(other.name.clone())))
    }

    /// The issuer whose the redirect URI of a claim is.
    pub fn owner(&self, claim: &Claim) -> Option<Clash> {
        if claim.registration() == Some(false) && !self.ledger.has(claim) {
            return Some(Clash::Registration);
        }
        let is_given = claim.taking == Taking::FromAnybody;
        let owner = self.ledger.other_at(claim).filter(|_| !is_given && claim.registration() != Some(true));
        owner.map(|other| Clash::Issuer { issuer: other.issuer.to_owned(), by_program: other.by_program })
    }

    /// Lets a sign-in wait at its redirect URI. One that gives way ends; what else stands against it is told,
    /// and nothing is done.
    pub fn wait_at(&mut self, name: &str, claim: &Claim) -> Result<(), Clash> {
        if let Some(clash) = self.clash(name, claim) {
            return Err(clash);
        }
        let overtaken: Vec<String> =
            self.waiting_at(name, claim).map(|(other, _)| other.name.clone()).collect();
        for other in overtaken {
            if let Some(server) = self.servers.get_mut(&other) {
                server.attempt = Attempt::Failed(problems::overtaken(&other));
            }
        }
        Ok(())
    }

    /// Other issuers' sign-ins that wait there and cannot be told apart.
    fn waiting_at<'a>(
        &'a self,
        name: &'a str,
        claim: &'a Claim,
    ) -> impl Iterator<Item = (&'a Server, &'a Claim)> {
        let others = self.servers.values().filter(move |server| server.name != name);
        let waiting = others.filter_map(|server| Some((server, server.attempt.waiting()?.claim()?)));
        waiting.filter(move |(_, other)| {
            let there = claim.is_at(&other.uri) || other.is_at(&claim.uri);
            there && !claim.is_of(&other.issuer) && !(claim.says_iss && other.says_iss)
        })
    }

    /// Clients of the person's own that come back to the same place, and of which it is not known that they
    /// are of the same issuer, nor that they can be told apart there. What a program configured stands in
    /// nobody's way.
    pub fn neighbours(&self, name: &str, claim: &Claim) -> Vec<Neighbour> {
        if claim.registration() == Some(true) || self.ledger.is_firm(claim) {
            return Vec::new();
        }
        let own = self.servers.get(name).map(|own| &own.config);
        let is_near = |other: &&Server| {
            let oauth = &other.config.oauth;
            let by_hand = oauth.client_id.is_some() && oauth.grant.needs_browser();
            let same = own.is_some_and(|own| {
                own.place == other.config.place
                    && own.oauth.authorization_server == oauth.authorization_server
                    && own.oauth.auth_server_metadata_url == oauth.auth_server_metadata_url
            });
            let known = other.likely_issuer();
            let settled = known.is_some_and(|known| {
                let theirs = Claim { issuer: known.to_owned(), ..claim.clone() };
                claim.is_of(known) || self.ledger.has(&theirs)
            });
            other.name != name
                && by_hand
                && other.is_persons()
                && claim.is_at(&other.own_redirect_uri())
                && !same
                && !settled
        };
        let near = self.servers.values().filter(is_near).take(MOST);
        near.map(|other| Neighbour { name: other.name.clone(), config: other.config.clone() }).collect()
    }

    /// An issuer as a person knows it: its host, and what they have there.
    pub fn issuer_in_words(&self, issuer: &str) -> String {
        let host = Issuer::parse(issuer).map_or_else(|_| issuer.to_owned(), |issuer| issuer.host());
        let there =
            |server: &&Server| server.likely_issuer().is_some_and(|known| is_one_issuer(known, issuer));
        let names = self.servers.values().filter(there).take(MOST);
        let names: Vec<String> = names.map(|server| format!("\"{}\"", server.name)).collect();
        if names.is_empty() { host } else { format!("{host} ({})", names.join(", ")) }
    }

    /// What the person should know of redirect URIs that were shared before there was a ledger.
    pub fn shared_redirect_uris(&self) -> impl Iterator<Item = String> {
        let in_use = |issuer: &&&str| {
            let here =
                |server: &Server| server.likely_issuer().is_some_and(|known| is_one_issuer(known, issuer));
            self.servers.values().any(here)
        };
        self.ledger.shared().filter_map(move |(uri, issuers)| {
            let used: Vec<String> =
                issuers.iter().filter(in_use).map(|issuer| self.issuer_in_words(issuer)).collect();
            (used.len() > 1)
                .then(|| say!(notice_shared_address, servers = used.join(" and "), uri = uri.to_string()))
        })
    }
}

/// The person's newest click counts. A program's sign-in ends none in which the person has a part.
fn gives_way(claim: &Claim, other: &Claim) -> bool {
    claim.part == Part::Began || (claim.part == Part::Configured && other.part == Part::Nothing)
}
