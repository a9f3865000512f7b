//! A sign-in that goes a way that another issuer uses as well: the person is asked, with both named, or it
//! goes no further.

use super::is_overtaken;
use super::prepare::Preparation;
use crate::grants::apart;
use crate::grants::stopped::Stopped;
use crate::valet::Valet;
use config::redirect::RedirectEndpoint;
use config::thing::origin;
use consent::about::{About, Shared};
use consent::answer::Confirmation;
use consent::subject::Matter;
use consent::surfaces::Surfaces;
use ledger::{Claim, Taking};
use oauth::{Http, Issuer, Metadata};
use peer::By;
use problems::overtaken;
use state::agreed::Agreed;
use state::apart::Clash;
use state::server::Server;
use state::shared::{device_page, in_words, page_shared, refused};
use state::ways::Ways;
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
        self.keep_to_own_pages(&metadata.issuer, pages, Agreed::ByNobody).await
    }

    /// The same on another device, where no redirect URI tells issuers apart: a code that one gives must not
    /// be redeemed at another.
    pub(super) async fn ways_on_device(&self, metadata: &Metadata, page: &Url) -> Result<Ways, Stopped> {
        let elsewhere = |url: &Url| origin(page) != origin(url);
        let redeemed_elsewhere = elsewhere(metadata.issuer.url()) && elsewhere(&metadata.token_endpoint);
        let mut agreed = Agreed::ByNobody;
        if redeemed_elsewhere && !self.is_persons_word(&metadata.issuer) {
            let address = page.origin().ascii_serialization();
            let other = Issuer::parse(&address).map(|page| page.host()).unwrap_or_default();
            let page = Shared::Page { address: address.clone() };
            let refused = || device_page(self.name, &metadata.issuer, &other, &address);
            self.may_share(&metadata.issuer, other.clone(), page, refused).await?;
            agreed = Agreed::ByThePerson;
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
        let taking = self.valet.taking();
        let (ways, shared) = {
            let book = self.valet.book();
            let (part, taking) = (book.part(self.name, &self.by), book.taking(self.name, taking));
            let ways = Ways { issuer: issuer.clone(), claim: None, pages, agreed, part, taking };
            let shared = ways.shared(&book.ledger).map(|(page, other)| {
                let refused = page_shared(&book, self.name, issuer, page, other);
                (in_words(page, issuer), book.issuer_in_words(other.issuer), refused)
            });
            (ways, shared)
        };
        if agreed == Agreed::ByThePerson || self.is_persons_word(issuer) {
            return Ok(Ways { agreed: Agreed::ByThePerson, ..ways });
        }
        let Some((address, other, refused)) = shared else { return Ok(ways) };
        self.may_share(issuer, other, Shared::Page { address }, || refused.clone()).await?;
        Ok(Ways { agreed: Agreed::ByThePerson, ..ways })
    }

    /// What the sign-in wants `endpoint` for, once nothing stands against it, or the person has given it
    /// away.
    pub(super) async fn claim(
        &self,
        http: &Http,
        metadata: &Metadata,
        endpoint: &RedirectEndpoint,
    ) -> Result<Claim, Stopped> {
        let taking = self.valet.taking();
        let (claim, clash, neighbours) = {
            let book = self.valet.book();
            let claim = book.claim(self.name, &self.by, metadata, &endpoint.redirect_uri, taking);
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
        Ok(Claim { taking: Taking::FromAnybody, ..claim })
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
        let matter = Matter::SignIn { attempt: self.number, page };
        let Some(mut waiting) = valet.questions.ask(matter.clone(), about) else { return Err(problem()) };
        let _asking = Asking { valet, matter };
        valet.publish();
        let patience = if self.by == By::Person { THINKING } else { PROGRAM_WAITS };
        let answer = tokio::select! {
            answer = tokio::time::timeout(patience, waiting.answer()) => answer,
            () = is_overtaken(valet, self.name, self.number) => return Err(overtaken(self.name).into()),
        };
        match answer {
            Ok(Some(Confirmation::Yes)) => Ok(()),
            Err(_) if self.by != By::Person => Err(problems::unanswered(self.name).into()),
            Ok(_) | Err(_) => Err(problem()),
        }
    }
}

/// A question that goes with who asked.
struct Asking<'a> {
    valet: &'a Arc<Valet>,
    matter: Matter,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.valet.questions.take_back(|matter| *matter == self.matter);
        self.valet.publish();
    }
}
