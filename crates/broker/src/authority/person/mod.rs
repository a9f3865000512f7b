//! What the person may do, through a shell. Only [`crate::run`] makes one, so consent is given in a shell
//! alone.

mod answers;
mod calls;
mod clients;
mod demo;
mod forwards;
mod programs;
mod settings;
mod vault;

pub use calls::{RulesSaid, ToolSaid, ToolSeen, ToolShown, ToolsSaid};
pub use clients::{ClientStanding, FilesPlanned, LyingEntry, SecretsLying};

use crate::authority::discover::{self, Preview};
use crate::authority::{add, doctor, examine_key, other_programs};
use crate::grants::{revoke, signin};
use crate::valet::view::View;
use crate::valet::{Valet, deeds, fleet_lock, read_audit};
use consent::surfaces::Surfaces;
use ground::cause::Cause;
use oauth::AccountChoice;
use peer::By;
use state::not_now::Declined;
use std::sync::Arc;
use tokio::sync::watch;
use url::Url;
use wire::doctor::Report;
use wire::{
    Act, Authorization, AuthorizeRequest, NewServer, Problem, Removed, Revocation, Revoke, RevokedAll,
    VaultKind, Verified,
};
use words::say;

/// The authority of the person whose valet this is.
#[derive(Clone)]
pub struct Person {
    valet: Arc<Valet>,
}

/// A surface on which questions can be shown. While none is open, nobody can be asked.
pub struct Surface {
    valet: Arc<Valet>,
}

impl Person {
    pub(crate) const fn new(valet: Arc<Valet>) -> Self {
        Self { valet }
    }

    /// Everything there is to draw, now and whenever it changes.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<View> {
        let mut view = self.valet.view.subscribe();
        self.valet.draw();
        view.mark_unchanged();
        view
    }

    /// The vault in use.
    #[must_use]
    pub fn vault(&self) -> VaultKind {
        self.valet.vault.kind()
    }

    /// Says that questions can be shown, until the surface is dropped.
    #[must_use]
    pub fn open_surface(&self) -> Surface {
        self.valet.surfaces.send_modify(|surfaces| {
            *surfaces = match surfaces {
                Surfaces::Starting => Surfaces::Open(1),
                Surfaces::Open(count) => Surfaces::Open(*count + 1),
            };
        });
        Surface { valet: Arc::clone(&self.valet) }
    }

    /// Says that this shell can show no question. Requests that waited for it to start are told so.
    pub fn without_surface(&self) {
        self.valet.surfaces.send_if_modified(|surfaces| {
            let starting = *surfaces == Surfaces::Starting;
            if starting {
                *surfaces = Surfaces::Open(0);
            }
            starting
        });
    }

    pub(super) fn name_of(&self, id: &str) -> Option<String> {
        let book = self.valet.book();
        book.servers.values().find(|server| server.id == id).map(|server| server.name.clone())
    }

    /// Begins a sign-in and opens it in the browser. True if the browser was opened; else the shell shows the
    /// address.
    ///
    /// # Errors
    /// Discovery, registration or the vault said no; the problem says what to do.
    pub async fn sign_in(
        &self,
        server: &str,
        issuer: Option<String>,
    ) -> Result<(Authorization, bool), Problem> {
        let how = AuthorizeRequest { issuer, device: false };
        self.authorize(server, how, AccountChoice::ByTheIssuer).await
    }

    /// As [`Person::sign_in`], in the way that is asked for, for an account that the person may want to
    /// choose. What works already goes on until the new sign-in is complete.
    ///
    /// # Errors
    /// As [`Person::sign_in`].
    pub async fn authorize(
        &self,
        server: &str,
        how: AuthorizeRequest,
        account: AccountChoice,
    ) -> Result<(Authorization, bool), Problem> {
        self.valet.undecline(server);
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        self.on_broker(async move {
            let request = signin::Request { how, account };
            let authorization = signin::start(Arc::clone(&valet), server, By::Person, request).await?;
            // On another device means not on this one.
            let url = Url::parse(&authorization.authorization_url)
                .ok()
                .filter(|url| authorization.device.is_none() && matches!(url.scheme(), "https" | "http"));
            let opened =
                tokio::task::spawn_blocking(move || url.is_some_and(|url| valet.shell.open_url(&url))).await;
            Ok((authorization, opened.unwrap_or(false)))
        })
        .await
    }

    /// A sign-in that is under way is not waited for any more, whoever began it.
    pub fn cancel(&self, server: &str) {
        self.valet.give_up(server);
    }

    /// Opens the page on which a provider has a client registered, or keys made and ended. False if there is
    /// no browser.
    ///
    /// # Errors
    /// No provider that is known has it there.
    pub async fn open_client_page(&self, page: &str) -> Result<bool, Problem> {
        let is_known = oauth::is_client_page(page) || oauth::is_key_page(page);
        let known = Url::parse(page).ok().filter(|_| is_known);
        let url = known.ok_or_else(problems::page_unknown)?;
        let valet = Arc::clone(&self.valet);
        let opened = tokio::task::spawn_blocking(move || valet.shell.open_url(&url)).await;
        Ok(opened.unwrap_or(false))
    }

    /// Looks at a server before it is added.
    ///
    /// # Errors
    /// It cannot be reached, or there is no way to sign in to it.
    pub async fn discover(&self, url: &str) -> Result<Preview, Problem> {
        let (valet, url) = (Arc::clone(&self.valet), url.to_owned());
        self.on_broker(async move { discover::discover(&valet, &url).await }).await
    }

    /// Looks at a server from outside, step by step. Keys that it takes are tried.
    ///
    /// # Errors
    /// There is no such server, or the URL cannot be used.
    pub async fn examine(&self, server: &str) -> Result<Report, Problem> {
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        self.on_broker(async move {
            examine_key::try_keys(&valet, &server).await?;
            doctor::examine(&valet, &server).await
        })
        .await
    }

    /// The servers that other programs list, beside those that are here.
    ///
    /// # Errors
    /// Nobody knows where this person's home is.
    pub async fn elsewhere(&self) -> Result<import::Listing, Problem> {
        let valet = Arc::clone(&self.valet);
        let looked = tokio::task::spawn_blocking(move || other_programs::listing(&valet));
        looked.await.unwrap_or_else(|_| Err(broke_off()))
    }

    /// Adds a server; answers its name.
    ///
    /// # Errors
    /// The configuration cannot take it.
    pub async fn add(&self, server: NewServer) -> Result<String, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move { add::add(&valet, server, &By::Person).await.map(|(name, _)| name) }).await
    }

    /// The programs that have a connection to the socket open.
    pub(crate) fn connected(&self) -> Vec<String> {
        self.valet.present.programs()
    }

    /// Ends the valet.
    pub(crate) fn quit(&self) {
        self.valet.shell.quit();
    }

    /// "Not now": the server asks for nothing more in this session.
    pub fn decline(&self, server: &str) {
        self.valet.decline(server, Declined::ForNow);
        self.note(Act::Decline, server);
    }

    /// "Don't ask": the server asks for nothing more, in later sessions neither.
    pub fn decline_for_good(&self, server: &str) {
        self.valet.decline(server, Declined::ForGood);
        self.note(Act::DeclineForGood, server);
    }

    /// Takes back either.
    pub fn undecline(&self, server: &str) {
        self.valet.undecline(server);
        self.note(Act::Undecline, server);
    }

    pub(super) fn note(&self, act: Act, server: &str) {
        let mut entry = audit::entry(self.valet.clock.now(), act, By::Person.actor());
        entry.server = Some(server.to_owned());
        self.valet.note(&entry);
    }

    /// Revokes a grant at the issuer and wipes it here.
    ///
    /// # Errors
    /// There is no such server.
    pub async fn revoke(&self, server: &str, asked: Revoke) -> Result<Revocation, Problem> {
        self.on_broker(revoke::revoke(Arc::clone(&self.valet), server.to_owned(), By::Person, asked)).await
    }

    /// Revokes all grants at their issuers, wipes them here, and forgets the answers about all programs. The
    /// view shows how far it has come.
    ///
    /// # Errors
    /// It broke off.
    pub async fn revoke_all(&self) -> Result<RevokedAll, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move { Ok(revoke::everything(valet, By::Person).await) }).await
    }

    /// Puts away what a program did, once the person has seen it.
    pub fn put_away(&self, deed: u64) {
        deeds::put_away(&self.valet, deed);
    }

    /// Revokes, and takes the server out of the configuration.
    ///
    /// # Errors
    /// There is no such server, or the configuration could not be written.
    pub async fn remove(&self, server: &str) -> Result<Removed, Problem> {
        self.on_broker(revoke::remove(Arc::clone(&self.valet), server.to_owned(), By::Person)).await
    }

    /// What was done, as far as that is asked for.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) async fn activity(&self, ask: audit::Search) -> Result<audit::Activity, Problem> {
        read_audit::activity(&self.valet, ask).await
    }

    /// Whether the audit is as it was written.
    ///
    /// # Errors
    /// The vault is locked, or a file cannot be read.
    pub(crate) async fn verify_audit(&self) -> Result<Verified, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move { read_audit::verify(&valet).await }).await
    }

    /// Wipes every secret from memory.
    pub fn lock(&self) {
        if self.valet.lock(Cause::Person) {
            self.valet.note(&audit::entry(self.valet.clock.now(), Act::Lock, By::Person.actor()));
            fleet_lock::tell(&self.valet);
        }
    }

    /// Reads the keychain again.
    ///
    /// # Errors
    /// The keychain is locked or does not answer.
    pub async fn unlock(&self) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        valet.note(&audit::entry(valet.clock.now(), Act::Unlock, By::Person.actor()));
        self.on_broker(async move {
            let unlocked = valet.unlock().await.map_err(Problem::from);
            fleet_lock::tell(&valet);
            unlocked
        })
        .await
    }

    /// What was begun goes on, whatever becomes of the surface that began it.
    pub(super) async fn on_broker<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Result<T, Problem> {
        self.valet.activity.touch(self.valet.clock.now());
        let done = self.valet.runtime.spawn(work).await;
        done.unwrap_or_else(|_| Err(broke_off()))
    }
}

fn broke_off() -> Problem {
    problems::internal(say!(problem_this_broke_off), say!(problem_again_advice))
}

impl Drop for Surface {
    fn drop(&mut self) {
        self.valet.surfaces.send_modify(|surfaces| {
            if let Surfaces::Open(count) = surfaces {
                *count = count.saturating_sub(1);
            }
        });
    }
}
