//! A sign-in that goes a way that another issuer uses as well: the person is asked, with both named, or it
//! goes no further.

use super::By;
use super::prepare::{Preparation, Stopped, stopped};
use crate::base::problems;
use crate::config::redirect::Endpoint;
use crate::consent::answer::Answer;
use crate::consent::question::{About, Shared, Subject};
use crate::consent::surfaces::Surfaces;
use crate::grants::apart::{self, Clash};
use crate::state::book::Book;
use crate::state::ledger::{Claim, origin};
use crate::state::server::Server;
use crate::state::ways::Ways;
use crate::valet::Valet;
use oauth::{Http, Issuer, Metadata};
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use wire::Problem;

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
        self.keep_to_own_pages(&metadata.issuer, Ways::foreign(metadata, pages), false).await
    }

    /// The same on another device, where no redirect URI tells issuers apart: a code that one gives must not
    /// be redeemed at another.
    pub(super) async fn ways_on_device(&self, metadata: &Metadata, page: &Url) -> Result<Ways, Stopped> {
        let pages = Ways::foreign(metadata, [Some(page), Some(&metadata.token_endpoint)]);
        let page = origin(page);
        let redeemed_elsewhere = pages.contains(&page) && page != origin(&metadata.token_endpoint);
        let asks = redeemed_elsewhere && !self.is_persons_word(&metadata.issuer);
        if asks {
            let other = Issuer::parse(&page).map(|page| page.host()).unwrap_or_default();
            self.may_share(&metadata.issuer, other, Shared::Page { address: page }).await?;
        }
        self.keep_to_own_pages(&metadata.issuer, pages, asks).await
    }

    /// Asks about pages that are another issuer's as well, unless the person has `agreed` already.
    pub(super) async fn keep_to_own_pages(
        &self,
        issuer: &Issuer,
        pages: Vec<String>,
        agreed: bool,
    ) -> Result<Ways, Stopped> {
        let (firm, shared) = {
            let book = self.valet.book();
            let persons = book.servers.get(self.name).is_some_and(Server::is_persons);
            let firm = persons || self.by == By::Person;
            let words = |other: &str| book.issuer_in_words(other);
            let with = |page: &String| book.ledger.other_with_page(page, issuer, firm).map(words);
            (firm, pages.iter().find_map(|page| Some((page.clone(), with(page)?))))
        };
        let word = agreed || self.is_persons_word(issuer);
        let shared = shared.filter(|_| !word);
        let agreed = word || shared.is_some();
        if let Some((address, other)) = shared {
            self.may_share(issuer, other, Shared::Page { address }).await?;
        }
        Ok(Ways { issuer: issuer.clone(), claim: None, pages, agreed, firm })
    }

    /// What the sign-in wants `endpoint` for, once nothing stands against it, or the person has given it
    /// away.
    pub(super) async fn claim(
        &self,
        http: &Http,
        metadata: &Metadata,
        endpoint: &Endpoint,
    ) -> Result<Claim, Stopped> {
        let (claim, clash, neighbours) = {
            let book = self.valet.book();
            let claim = Claim::of(&book, self.name, &self.by, metadata, &endpoint.redirect_uri);
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
            Clash::Issuer(issuer) => self.valet.book().issuer_in_words(issuer),
            Clash::Server(name) => format!("\"{name}\""),
            Clash::Waiting(_) | Clash::Registration => {
                return Err(stopped(refused(&self.valet.book(), self.name, &claim, &clash)));
            }
        };
        let shared = Shared::RedirectUri { address: claim.uri.clone() };
        self.may_share(&metadata.issuer, other, shared).await?;
        Ok(Claim { given: true, ..claim })
    }

    fn is_by_program(&self, book: &Book) -> bool {
        book.servers.get(self.name).is_none_or(|server| server.added_by.is_some())
    }

    /// Whether the person configured this issuer for the server.
    fn is_persons_word(&self, issuer: &Issuer) -> bool {
        self.oauth.authorization_server.as_ref() == Some(issuer) && !self.is_by_program(&self.valet.book())
    }

    /// Asks the person, as long as the sign-in is wanted. Where nobody can be asked it goes no further.
    async fn may_share(&self, issuer: &Issuer, other: String, shared: Shared) -> Result<(), Stopped> {
        let valet = self.valet;
        let problem = || stopped(not_agreed(self.name, issuer, &other, &shared));
        if !matches!(*valet.surfaces.borrow(), Surfaces::Open(1..)) {
            return Err(problem());
        }
        let agent = match &self.by {
            By::Person => None,
            By::Agent(application) => Some(application.name().to_owned()),
        };
        let page = matches!(shared, Shared::Page { .. });
        let about = About::SignIn {
            agent,
            server: self.name.to_owned(),
            issuer: issuer.host(),
            other: other.clone(),
            shared: shared.clone(),
        };
        let subject = Subject::SignIn { attempt: self.number, page };
        let Some(mut waiting) = valet.questions.ask(subject.clone(), about) else { return Err(problem()) };
        let _asking = Asking { valet, subject };
        valet.publish();
        let patience = if self.by == By::Person { THINKING } else { PROGRAM_WAITS };
        let answer = tokio::select! {
            answer = tokio::time::timeout(patience, waiting.answer()) => answer,
            () = self.is_overtaken() => return Err(stopped(super::overtaken(self.name))),
        };
        match answer {
            Ok(Some(Answer::AllowOnce | Answer::AllowSession)) => Ok(()),
            Err(_) if self.by != By::Person => Err(stopped(problems::unanswered(self.name))),
            Ok(_) | Err(_) => Err(problem()),
        }
    }

    /// Ends once something else was done with the server.
    async fn is_overtaken(&self) {
        let mut changes = self.valet.changes();
        let is_wanted = || {
            let book = self.valet.book();
            book.servers.get(self.name).and_then(|server| server.attempt.number()) == Some(self.number)
        };
        while is_wanted() && changes.changed().await.is_ok() {}
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

fn not_agreed(name: &str, issuer: &Issuer, other: &str, shared: &Shared) -> Problem {
    match shared {
        Shared::RedirectUri { address } => redirect_uri_shared(name, issuer.as_str(), other, address),
        Shared::Page { address } => page_shared(name, issuer, other, address),
    }
}

/// What is said where a page is another issuer's as well.
pub(super) fn page_shared(name: &str, issuer: &Issuer, other: &str, page: &str) -> Problem {
    let host = issuer.host();
    let detail = format!(
        "\"{name}\" signs in at {issuer}, but leads to {page}, where {other} has its pages: what you do there could be used by {host}"
    );
    let advice = format!(
        "If {host} is known to you and is meant to use those pages, say so where MCP Valet can ask you, or write {issuer} into the \
         configuration yourself, as mcpServers.{name}.oauth.authorizationServer. Else remove the server."
    );
    problems::failed("page_shared", detail, advice)
}

/// What is said where a redirect URI is somebody else's.
pub(super) fn refused(book: &Book, name: &str, claim: &Claim, clash: &Clash) -> Problem {
    let other = match clash {
        Clash::Issuer(issuer) => book.issuer_in_words(issuer),
        Clash::Server(other) | Clash::Waiting(other) => format!("\"{other}\""),
        Clash::Registration => "a registration at another issuer".to_owned(),
    };
    redirect_uri_shared(name, &claim.issuer, &other, &claim.uri)
}

fn redirect_uri_shared(name: &str, issuer: &str, other: &str, uri: &str) -> Problem {
    let detail = format!(
        "\"{name}\" signs in at {issuer}, but what comes back to {uri} belongs to {other}, and the two could not be told apart"
    );
    let advice = format!(
        "Give \"{name}\" another path, as mcpServers.{name}.oauth.callbackPath, and register that redirect URI there. If both do sign \
         in at one place, name it in `oauth.authorizationServer` of both. To give the address to {issuer}, authorize \"{name}\" where \
         MCP Valet can ask you."
    );
    problems::failed("redirect_uri_shared", detail, advice)
}
