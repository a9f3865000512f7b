//! Whether a token says that it is for another server of the person's: what the one at hand would get is then
//! the other's. Looked at when tokens are new, and again when there are other servers than before.

use crate::book::Book;
use crate::item::GrantParts;
use crate::server::Server;
use config::Verify;
use config::thing::{Thing, is_below};
use ledger::is_one_issuer;
use oauth::Secret;
use plain::plain;
use std::borrow::Cow;
use url::Url;
use wire::{Problem, Reason};
use words::say;

/// Most characters of an audience that are shown.
const MAX_SHOWN: usize = 120;

/// Refuses a token that names another server as its audience, be it beside the one that it was asked for.
/// Servers that left the configuration count as well.
///
/// # Errors
/// It is such a token.
pub fn not_anothers(book: &Book, name: &str, parts: &GrantParts, token: &Secret) -> Result<(), Problem> {
    let audience = oauth::audience(token);
    let Some(own) = book.servers.get(name).filter(|_| !audience.is_empty()) else { return Ok(()) };
    let own_names = named(own, parts.resource.as_deref());
    let is_own = |aud: &Thing, text: &str| own_names.is(aud) || is_scoped(own, text);
    let auds = audience.iter().map(|text| (text.as_str(), Thing::at(text)));
    let foreign: Vec<(&str, Thing)> = auds.filter(|(text, aud)| !is_own(aud, text)).collect();
    if foreign.is_empty() {
        return Ok(());
    }
    let here = &own.at;
    let others = || {
        let is_other = |other: &&Server| other.id != own.id && !other.at.is(here);
        book.servers.values().filter(is_other)
    };
    let is_for = |names: &Thing, (_, aud): &(&str, Thing)| {
        names.is(aud) || (is_near(names, aud) && !is_near(&own_names, aud))
    };
    for of in &foreign {
        let there = others().find(|other| {
            is_for(&named(other, None), of) || is_scoped(other, of.0) || is_shown(own, other, parts, of.0)
        });
        if let Some(other) = there {
            return Err(refused(own, &say!(problem_for_another_named, server = &other.name), of.0));
        }
        let mut left = book.ledger.left(|id| book.servers.values().any(|server| server.id == id));
        if let Some((left, _)) = left.find(|(_, thing)| !thing.is(here) && is_for(thing, of)) {
            return Err(refused(own, &say!(problem_for_another_left, server = left), of.0));
        }
    }
    Ok(())
}

impl Book {
    /// A sign-in to this server is complete: what its tokens are for is remembered.
    pub fn remember_signed_in(&mut self, name: &str) {
        let Some(server) = self.servers.get(name) else { return };
        let thing = named(server, None).into_owned();
        self.ledger.record_server(&server.id, name, thing, server.doing());
    }

    /// Looks at the tokens that are held, since a server that has come may be the one that they are for.
    pub(crate) fn look_at_tokens(&mut self) {
        let names: Vec<String> = self.servers.keys().cloned().collect();
        names.iter().for_each(|name| self.look_at_token(name));
    }

    /// The same for one.
    pub(crate) fn look_at_token(&mut self, name: &str) {
        let Some(server) = self.servers.get(name).filter(|server| server.config.verify != Verify::Off) else {
            return;
        };
        let found = server.held.grant().map(|grant| not_anothers(self, name, &grant.parts, &grant.access));
        let problem = found.and_then(Result::err);
        if let Some(server) = self.servers.get_mut(name) {
            server.doubts.for_another = problem;
        }
    }
}

/// What tokens of this server are for: its URL, and the resources that they are asked for with.
fn named<'a>(server: &'a Server, asked: Option<&str>) -> Cow<'a, Thing> {
    let mut names = Cow::Borrowed(&server.at);
    let granted = server.held.grant().and_then(|grant| grant.parts.resource.as_deref());
    let resources = [asked, server.config.oauth.resource_uri(), granted].into_iter().flatten();
    resources.for_each(|resource| names.to_mut().join(&Thing::at(resource)));
    names
}

/// Whether the person's own scopes for this server are those of the API `aud`, as Entra writes them.
fn is_scoped(server: &Server, aud: &str) -> bool {
    let scopes = server.config.oauth.scopes.as_deref().unwrap_or_default();
    scopes.iter().any(|scope| scope.strip_prefix(aud).is_some_and(|rest| rest.starts_with('/')))
}

/// Whether `aud` is a parent of one of these, or below it.
fn is_near(names: &Thing, aud: &Thing) -> bool {
    names.keys().any(|name| aud.keys().any(|aud| is_below(aud, name) || is_below(name, aud)))
}

/// Whether the token of `other` that is held shows that its API is `aud`. Many issuers have one audience for
/// all their servers, so that it says something only against what a program added; and an issuer may not
/// say it of another's.
fn is_shown(own: &Server, other: &Server, parts: &GrantParts, aud: &str) -> bool {
    if own.is_of_the_file() || Url::parse(aud).is_err() {
        return false;
    }
    let has = |server: &Server| {
        let grant = server.held.grant().filter(|grant| is_one_issuer(&grant.parts.issuer, &parts.issuer));
        grant.is_some_and(|grant| oauth::audience(&grant.access).iter().any(|one| one == aud))
    };
    has(other) && !has(own)
}

fn refused(own: &Server, other: &str, aud: &str) -> Problem {
    let aud = plain(aud, MAX_SHOWN);
    let detail = say!(problem_for_another, server = &own.name, other = other, aud = aud);
    let advice = say!(problem_for_another_advice, server = &own.name);
    problems::failed(Reason::TokenForAnother, detail, advice)
}
