//! A sign-in that goes a way that another issuer uses as well: the person is asked, with both named, or it
//! goes no further.

use super::prepare::Preparation;
use super::{is_overtaken, overtaken};
use crate::grants::apart::{self, Clash};
use crate::grants::stopped::Stopped;
use crate::state::book::Book;
use crate::state::server::Server;
use crate::state::ways::{Agreed, Ways};
use crate::valet::Valet;
use config::redirect::Endpoint;
use config::thing::origin;
use consent::about::{About, Shared};
use consent::answer::Answer;
use consent::subject::Subject;
use consent::surfaces::Surfaces;
use ledger::{Claim, Other};
use oauth::{Http, Issuer, Metadata};
use peer::By;
use plain::plain;
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use wire::{Problem, Reason};

/// Most characters of a page's address that are shown.
const MAX_SHOWN: usize = 120;
/// How long the person may think about it: for themselves, and while a program waits.
const THINKING: Duration = Duration::from_mins(5);
const PROGRAM_WAITS: Duration = Duration::from_mins(1);

impl Preparation<'_> {
    /// The ways of a sign-in in the browser. Where the browser, or what only the issuer should see, goes to
    /// somebody else, that must not be an issuer which the person has signed in at: unless they say so, or
    /// wrote the issuer down themselves.
    pub(super) async fn ways(&self, metadata: &Metadata) -> Result<Ways, Stopped> {
        let pages = [
            metadata.authorization_endpoint.as_ref(),
            metadata.pushed_authorization_request_endpoint.as_ref(),
            Some(&metadata.token_endpoint),
        ];
        self.keep_to_own_pages(&metadata.issuer, pages, Agreed::No).await
    }

    /// The same on another device, where no redirect URI tells issuers apart: a code that one gives must not
    /// be redeemed at another.
    pub(super) async fn ways_on_device(&self, metadata: &Metadata, page: &Url) -> Result<Ways, Stopped> {
        let elsewhere = |url: &Url| origin(page) != origin(url);
        let redeemed_elsewhere = elsewhere(metadata.issuer.url()) && elsewhere(&metadata.token_endpoint);
        let mut agreed = Agreed::No;
        if redeemed_elsewhere && !self.is_persons_word(&metadata.issuer) {
            let address = page.origin().ascii_serialization();
            let other = Issuer::parse(&address).map(|page| page.host()).unwrap_or_default();
            let page = Shared::Page { address: address.clone() };
            let refused = || device_page(self.name, &metadata.issuer, &other, &address);
            self.may_share(&metadata.issuer, other.clone(), page, refused).await?;
            agreed = Agreed::Yes;
        }
        let pages = [Some(page), Some(&metadata.token_endpoint)];
        self.keep_to_own_pages(&metadata.issuer, pages, agreed).await
    }

    /// Asks about pages that are another issuer's as well, unless the person has `agreed` already.
    pub(super) async fn keep_to_own_pages(
        &self,
        issuer: &Issuer,
        pages: impl IntoIterator<Item = Option<&Url>>,
        agreed: Agreed,
    ) -> Result<Ways, Stopped> {
        let pages = pages.into_iter().flatten().cloned().collect();
        let nobody = self.valet.nobody_to_ask();
        let (ways, shared) = {
            let book = self.valet.book();
            let server = book.servers.get(self.name);
            let firm = server.is_some_and(Server::is_persons) || self.by == By::Person;
            let takes_over = nobody && server.is_some_and(Server::is_of_the_file);
            let ways = Ways { issuer: issuer.clone(), claim: None, pages, agreed, firm, takes_over };
            let shared = ways.shared(&book).map(|(page, other)| {
                let refused = page_shared(&book, self.name, issuer, page, other);
                (in_words(page, issuer), book.issuer_in_words(other.issuer), refused)
            });
            (ways, shared)
        };
        if agreed == Agreed::Yes || self.is_persons_word(issuer) {
            return Ok(Ways { agreed: Agreed::Yes, ..ways });
        }
        let Some((address, other, refused)) = shared else { return Ok(ways) };
        self.may_share(issuer, other, Shared::Page { address }, || refused.clone()).await?;
        Ok(Ways { agreed: Agreed::Yes, ..ways })
    }

    /// What the sign-in wants `endpoint` for, once nothing stands against it, or the person has given it
    /// away.
    pub(super) async fn claim(
        &self,
        http: &Http,
        metadata: &Metadata,
        endpoint: &Endpoint,
    ) -> Result<Claim, Stopped> {
        let nobody = self.valet.nobody_to_ask();
        let (claim, clash, neighbours) = {
            let book = self.valet.book();
            let claim = book.claim(self.name, &self.by, metadata, &endpoint.redirect_uri, nobody);
            let clash = book.clash(self.name, &claim);
            let neighbours = book.neighbours(self.name, &claim);
            (claim, clash, neighbours)
        };
        let clash = match clash {
            None => apart::stranger(http, &claim, neighbours).await,
            clash => clash,
        };
        let Some(clash) = clash else { return Ok(claim) };
        let other = match &clash {
            Clash::Issuer { issuer, .. } => self.valet.book().issuer_in_words(issuer),
            Clash::Server(name) => format!("\"{name}\""),
            Clash::Waiting(_) | Clash::Registration => {
                return Err(refused(&self.valet.book(), self.name, &claim, &clash).into());
            }
        };
        let shared = Shared::RedirectUri { address: claim.uri.clone() };
        let refused = || refused(&self.valet.book(), self.name, &claim, &clash);
        self.may_share(&metadata.issuer, other, shared, refused).await?;
        Ok(Claim { given: true, ..claim })
    }

    /// Whether the person configured this issuer for the server.
    fn is_persons_word(&self, issuer: &Issuer) -> bool {
        let of_the_file = || self.valet.book().servers.get(self.name).is_some_and(Server::is_of_the_file);
        self.config.oauth.authorization_server.as_ref() == Some(issuer) && of_the_file()
    }

    /// Asks the person, as long as the sign-in is wanted. Where nobody can be asked it goes no further.
    async fn may_share(
        &self,
        issuer: &Issuer,
        other: String,
        shared: Shared,
        refused: impl Fn() -> Problem,
    ) -> Result<(), Stopped> {
        let valet = self.valet;
        let problem = || Stopped::from(refused());
        if !matches!(*valet.surfaces.borrow(), Surfaces::Open(1..)) {
            return Err(problem());
        }
        let agent = match &self.by {
            By::Person => None,
            By::Agent(application) => Some(application.name().to_owned()),
        };
        let page = matches!(shared, Shared::Page { .. });
        let about =
            About::SignIn { agent, server: self.name.to_owned(), issuer: issuer.host(), other, shared };
        let subject = Subject::SignIn { attempt: self.number, page };
        let Some(mut waiting) = valet.questions.ask(subject.clone(), about) else { return Err(problem()) };
        let _asking = Asking { valet, subject };
        valet.publish();
        let patience = if self.by == By::Person { THINKING } else { PROGRAM_WAITS };
        let answer = tokio::select! {
            answer = tokio::time::timeout(patience, waiting.answer()) => answer,
            () = is_overtaken(valet, self.name, self.number) => return Err(overtaken(self.name).into()),
        };
        match answer {
            Ok(Some(Answer::AllowOnce | Answer::AllowSession)) => Ok(()),
            Err(_) if self.by != By::Person => Err(problems::unanswered(self.name).into()),
            Ok(_) | Err(_) => Err(problem()),
        }
    }
}

/// A question that goes with who asked.
struct Asking<'a> {
    valet: &'a Arc<Valet>,
    subject: Subject,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.valet.questions.take_back(|subject| *subject == self.subject);
        self.valet.publish();
    }
}

/// What is said where a page is another issuer's as well. Where a program alone brought that about, it may be
/// the other that does not belong there.
pub(super) fn page_shared(book: &Book, name: &str, issuer: &Issuer, page: &Url, other: Other<'_>) -> Problem {
    let address = in_words(page, issuer);
    let known = book.issuer_in_words(other.issuer);
    if !other.by_program {
        return device_page(name, issuer, &known, &address);
    }
    let detail = format!(
        "\"{name}\" signs in at {issuer} and leads to {address}. A program has completed a sign-in at {known} that led there as well, \
         and which of the two belongs there cannot be told"
    );
    problems::failed(Reason::PageShared, detail, known_to_you(book, name, issuer, &known))
}

/// What a person can do who knows the issuer, and one who does not know the other.
fn known_to_you(book: &Book, name: &str, issuer: &Issuer, other: &str) -> String {
    let host = issuer.host();
    let written = match book.servers.get(name).is_some_and(Server::is_of_the_file) {
        true => {
            format!("write {issuer} into the configuration, as mcpServers.{name}.oauth.authorizationServer")
        }
        false => format!(
            "remove \"{name}\" and write it into the configuration by hand, with {issuer} as its oauth.authorizationServer"
        ),
    };
    format!(
        "If you know {host}, agree where MCP Valet can ask you, or {written}. If you do not know {other}, remove what signs in there."
    )
}

fn device_page(name: &str, issuer: &Issuer, other: &str, page: &str) -> Problem {
    let host = issuer.host();
    let detail = format!(
        "\"{name}\" signs in at {issuer}, but leads to {page}, where {other} has its pages: what you do there could be used by {host}"
    );
    let advice = format!(
        "If {host} is known to you and is meant to use those pages, say so where MCP Valet can ask you, or write {issuer} into the \
         configuration yourself, as mcpServers.{name}.oauth.authorizationServer. Else remove the server."
    );
    problems::failed(Reason::PageShared, detail, advice)
}

/// A page as a person knows it: where it is, and at the issuer's own place, which it is.
fn in_words(page: &Url, issuer: &Issuer) -> String {
    let site = page.origin().ascii_serialization();
    if origin(page) == origin(issuer.url()) {
        plain(&format!("{site}{}", page.path()), MAX_SHOWN)
    } else {
        site
    }
}

/// What is said where a redirect URI is somebody else's.
pub(super) fn refused(book: &Book, name: &str, claim: &Claim, clash: &Clash) -> Problem {
    let (other, by_program) = match clash {
        Clash::Issuer { issuer, by_program } => (book.issuer_in_words(issuer), *by_program),
        Clash::Server(other) | Clash::Waiting(other) => (format!("\"{other}\""), false),
        Clash::Registration => ("a registration at another issuer".to_owned(), false),
    };
    let (issuer, uri) = (&claim.issuer, &claim.uri);
    let belongs = if by_program { "was taken by a program for" } else { "belongs to" };
    let detail = format!(
        "\"{name}\" signs in at {issuer}, but what comes back to {uri} {belongs} {other}, and the two could not be told apart"
    );
    let advice = format!(
        "Give \"{name}\" another path, as mcpServers.{name}.oauth.callbackPath, and register that redirect URI there. If both do sign \
         in at one place, name it in `oauth.authorizationServer` of both. To give the address to {issuer}, authorize \"{name}\" where \
         MCP Valet can ask you."
    );
    problems::failed(Reason::RedirectUriShared, detail, advice)
}
