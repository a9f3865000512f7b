//! What the person may do, through a shell. Only [`crate::run`] makes one, so consent is given in a shell
//! alone.

mod vault;

use crate::authority::discover::{self, Found};
use crate::authority::{add, client, doctor, other_programs, proposal};
use crate::base::problems;
use crate::config::{self, AgentsPolicy, LockPolicy};
use crate::consent::answers::Answer;
use crate::consent::question::Subject;
use crate::consent::surfaces::Surfaces;
use crate::grants::{revoke, signin};
use crate::state::server::Declined;
use crate::valet::deeds;
use crate::valet::read_audit;
use crate::valet::view::View;
use crate::valet::{Valet, kept_answers, reload};
use ground::cause::Cause;
use oauth::Secret;
use peer::By;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use tokio::sync::watch;
use url::Url;
use wire::doctor::Report;
use wire::{
    Authorization, AuthorizeRequest, NewServer, Problem, Removed, Revocation, Revoke, RevokedAll, Verified,
};

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
        self.valet.view.subscribe()
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

    /// Answers a question. False if it was answered elsewhere before.
    pub fn answer(&self, question: u64, answer: Answer) -> bool {
        let _one_at_a_time = self.valet.answering.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(asked) = self.valet.questions.about(question) else { return false };
        let now = self.valet.clock.now();
        self.valet.activity.touch(now);
        let answer = match &asked.subject {
            Subject::Use { who, .. } => answer.within(who.longest()),
            Subject::Add(_)
            | Subject::Replace { .. }
            | Subject::SignIn { .. }
            | Subject::Configuration { .. } => answer,
        };
        // Remembered before it is given: whoever hears a "no" and asks again at once must not be asked about
        // again.
        if let Subject::Use { who, server_id, extent, .. } = &asked.subject {
            let kept = self.valet.consents().remember(who, server_id, answer, extent, asked.heard, now);
            if kept {
                kept_answers::keep(&self.valet);
            }
            let mut entry = audit::entry(now, answer.name(), By::Agent(who.clone()).actor());
            entry.server = self.name_of(server_id);
            entry.scopes = extent.scopes().unwrap_or_default();
            self.valet.note(&entry);
        }
        // So is what was answered about a proposal, whoever asks for the same meanwhile.
        if let Subject::Add(proposal) = &asked.subject {
            if answer.is_yes() {
                self.valet.proposals.agree(proposal);
            } else {
                self.valet.proposals.refuse(proposal);
                proposal::note_refusal(&self.valet, proposal);
            }
        }
        self.valet.questions.answer(question, answer);
        if let Subject::Add(proposal) = &asked.subject
            && answer.is_yes()
        {
            proposal::carry_out(&self.valet, Arc::clone(proposal));
        }
        self.settle(&asked.subject);
        self.valet.publish();
        true
    }

    /// Takes the other questions about the same program back that the answer to `answered` settles as well:
    /// about the same server, or by a "no" the same thing under another name.
    fn settle(&self, answered: &Subject) {
        let Subject::Use { who, .. } = answered else { return };
        let policy = self.valet.book().config.valet.agents;
        let consents = self.valet.consents();
        self.valet.questions.take_back(|subject| match subject {
            Subject::Use { who: other, server_id: id, extent, .. } => {
                other == who && consents.settle(policy, who, id, extent)
            }
            Subject::Add(_)
            | Subject::Replace { .. }
            | Subject::SignIn { .. }
            | Subject::Configuration { .. } => false,
        });
    }

    /// Takes a standing answer back: the agent, known by its mark in the view, is asked about again.
    pub fn forget_answer(&self, server: &str, mark: &str) {
        let id = self.valet.book().servers.get(server).map(|server| server.id.clone());
        let Some(id) = id else { return };
        let taken = self.valet.consents().take_back(mark, &id);
        let Some((who, kept)) = taken else { return };
        if kept {
            kept_answers::keep(&self.valet);
        }
        let mut entry = audit::entry(self.valet.clock.now(), "forget_answer", By::Agent(who).actor());
        entry.server = Some(server.to_owned());
        self.valet.note(&entry);
        self.valet.publish();
    }

    fn name_of(&self, id: &str) -> Option<String> {
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
        self.authorize(server, AuthorizeRequest { issuer, device: false }).await
    }

    /// As [`Person::sign_in`], in the way that is asked for.
    ///
    /// # Errors
    /// As [`Person::sign_in`].
    pub async fn authorize(
        &self,
        server: &str,
        request: AuthorizeRequest,
    ) -> Result<(Authorization, bool), Problem> {
        self.valet.undecline(server);
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        self.on_broker(async move {
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

    /// Looks at a server before it is added.
    ///
    /// # Errors
    /// It cannot be reached, or there is no way to sign in to it.
    pub async fn discover(&self, url: &str) -> Result<Found, Problem> {
        let (valet, url) = (Arc::clone(&self.valet), url.to_owned());
        self.on_broker(async move { discover::discover(&valet, &url).await }).await
    }

    /// Looks at a server from outside, step by step.
    ///
    /// # Errors
    /// There is no such server, or the URL cannot be used.
    pub async fn examine(&self, server: &str) -> Result<Report, Problem> {
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        self.on_broker(async move { doctor::examine(&valet, &server).await }).await
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

    /// Uses a client that the person registered for the next sign-in to a server. `callback_port` is that of
    /// the redirect URI registered with it.
    ///
    /// # Errors
    /// There is no such server, the configuration cannot take it, or the vault does not take the secret.
    pub async fn set_client(
        &self,
        server: &str,
        id: String,
        secret: Option<Secret>,
        callback_port: Option<u16>,
    ) -> Result<(), Problem> {
        let (valet, server) = (Arc::clone(&self.valet), server.to_owned());
        let own = client::OwnClient { id, secret, callback_port };
        self.on_broker(async move { client::set(&valet, &server, own).await }).await
    }

    /// Says what an agent gets that was never answered about. It holds at once, and for the next runs.
    ///
    /// # Errors
    /// The configuration could not be written, or other edits of it wait for consent.
    pub async fn set_agents(&self, agents: AgentsPolicy) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        let set = tokio::task::spawn_blocking(move || {
            let edit = |path: &Path| config::set_agents(path, agents);
            reload::edit(&valet, edit, |config| config.valet.agents = agents)?;
            valet.note(&audit::entry(valet.clock.now(), "set_agents", By::Person.actor()));
            Ok(())
        });
        set.await.unwrap_or_else(|_| Err(broke_off()))
    }

    /// Says when the valet locks by itself. It holds at once, and for the next runs.
    ///
    /// # Errors
    /// As [`Person::set_agents`].
    pub async fn set_lock(&self, policy: LockPolicy) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        let set = tokio::task::spawn_blocking(move || {
            let edit = |path: &Path| config::set_lock(path, policy);
            reload::edit(&valet, edit, |config| config.valet.lock = policy)?;
            valet.note(&audit::entry(valet.clock.now(), "set_lock", By::Person.actor()));
            Ok(())
        });
        set.await.unwrap_or_else(|_| Err(broke_off()))
    }

    /// Has the valet start when the person logs in, or not any more.
    ///
    /// # Errors
    /// The system refused, or the shell has no say in it.
    pub async fn start_at_login(&self, start: bool) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        let set = tokio::task::spawn_blocking(move || {
            let set = valet.shell.start_at_login(start);
            valet.show_start_at_login();
            set.map_err(|error| {
                let detail = format!("the desktop does not take this ({error})");
                problems::internal(detail, "Use your desktop's own settings for it.")
                    .because("start_at_login")
            })
        });
        set.await.unwrap_or_else(|_| Err(broke_off()))
    }

    /// Shows the start at login as it is now: the desktop's own settings may have changed it.
    pub(crate) fn look_at_login(&self) {
        self.valet.show_start_at_login();
    }

    /// "Not now": the server asks for nothing more in this session.
    pub fn decline(&self, server: &str) {
        self.valet.decline(server, Declined::ForNow);
        self.note("decline", server);
    }

    /// "Don't ask": the server asks for nothing more, in later sessions neither.
    pub fn decline_for_good(&self, server: &str) {
        self.valet.decline(server, Declined::ForGood);
        self.note("decline_for_good", server);
    }

    /// Takes back either.
    pub fn undecline(&self, server: &str) {
        self.valet.undecline(server);
        self.note("undecline", server);
    }

    fn note(&self, what: &str, server: &str) {
        let mut entry = audit::entry(self.valet.clock.now(), what, By::Person.actor());
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
    pub(crate) async fn activity(&self, ask: audit::Ask) -> Result<audit::Activity, Problem> {
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
            self.valet.note(&audit::entry(self.valet.clock.now(), "lock", By::Person.actor()));
        }
    }

    /// Reads the keychain again.
    ///
    /// # Errors
    /// The keychain is locked or does not answer.
    pub async fn unlock(&self) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        valet.note(&audit::entry(valet.clock.now(), "unlock", By::Person.actor()));
        self.on_broker(async move { valet.unlock().await.map_err(Problem::from) }).await
    }

    /// What was begun goes on, whatever becomes of the surface that began it.
    async fn on_broker<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Result<T, Problem> {
        self.valet.activity.touch(self.valet.clock.now());
        let done = self.valet.runtime.spawn(work).await;
        done.unwrap_or_else(|_| Err(broke_off()))
    }
}

fn broke_off() -> Problem {
    problems::internal("this broke off", "Try again.")
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
