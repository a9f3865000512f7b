//! What a local program may do. Whatever is not here has no way over the socket.

use crate::authority::add::{self, Checked};
use crate::authority::{added, doctor, key, proposal, rules};
use crate::grants::signin::Received;
use crate::grants::{revoke, signin};
use crate::hand_out::caller::Caller;
use crate::hand_out::refusal;
use crate::hand_out::{self, Answer, For};
use crate::valet::shell::Shown;
use crate::valet::{Valet, deeds, door, fleet_lock, forwards, read_audit, view};
use config::redirect::RedirectEndpoint;
use consent::proposal::Wants;
use consent::who::Who;
use ground::cause::Cause;
use peer::{By, Peer};
use state::agreed::Agreed;
use state::deed::What;
use state::look_alike;
use state::meant::Meant;
use state::not_now::Declined;
use state::server::Server;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wire::doctor::Report;
use wire::{
    Act, Added, AttemptState, AuditEntry, Authorization, AuthorizeRequest, Code, ConsentState, Finish,
    Forward, Health, LastTime, NewServer, Problem, Reason, Removed, Revocation, Revoke, RevokedAll, SetKey,
    Show, TokenRequest, Verified, WebClient,
};
use words::say;

/// Audit entries that one call lists at most.
const ENTRIES: usize = 1000;

/// The authority of one program at the other end of the socket. It is made when a connection is accepted, and
/// nowhere else.
#[derive(Clone)]
pub(crate) struct Agent(Caller);

impl std::ops::Deref for Agent {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Agent {
    pub(crate) fn new(valet: Arc<Valet>, peer: Arc<Peer>) -> Self {
        Self(Caller::new(valet, peer))
    }

    /// The same, with the account that this folder leads to.
    pub(crate) fn within(&self, folder: Option<Arc<str>>) -> Self {
        Self(self.0.within(folder))
    }

    fn by(&self) -> By {
        By::Agent(self.peer.application().clone())
    }

    /// One access token.
    pub(crate) async fn token(&self, request: &TokenRequest) -> Result<Answer, Problem> {
        hand_out::token(self, request).await
    }

    /// Every server.
    pub(crate) fn servers(&self) -> Vec<wire::Server> {
        let book = self.valet.book();
        book.servers.values().map(|server| self.show(server, &book)).collect()
    }

    /// One server.
    pub(crate) fn server(&self, server: &str) -> Result<wire::Server, Problem> {
        let book = self.valet.book();
        book.find(server).map(|server| self.show(server, &book))
    }

    /// One server, once no sign-in is under way any more, or after `wait` seconds.
    pub(crate) async fn settled(&self, server: &str, wait: u32) -> Result<wire::Server, Problem> {
        let deadline = Instant::now() + Duration::from_secs(wait.min(wire::MAX_WAIT).into());
        let server = &self.meant(server).await?.name;
        let mut changes = self.valet.changes();
        loop {
            let found = self.server(server)?;
            let under_way = matches!(found.attempt, AttemptState::Preparing | AttemptState::Waiting);
            if !under_way || !matches!(timeout_at(deadline, changes.changed()).await, Ok(Ok(()))) {
                return Ok(found);
            }
        }
    }

    /// What a server said of itself the last time, for a program that may use it: no other is told even
    /// whether there is anything.
    pub(crate) fn last_time(&self, meant: &Meant) -> Result<LastTime, Problem> {
        let policy = self.valet.book().config.valet.agents;
        let (who, now) = (Who::of(&self.peer), self.valet.clock.now());
        let may = self.valet.consents().may_be_told(policy, who, &meant.id, now);
        if may { Ok(rules::seen(self, meant, self.valet.last_time(meant))) } else { Ok(LastTime::default()) }
    }

    fn show(&self, server: &Server, book: &state::book::Book) -> wire::Server {
        let policy = book.config.valet.agents;
        let (own, now, consents) = (self.peer.application(), self.valet.clock.now(), self.valet.consents());
        let mut consent = consents.standing(policy, own, &server.id, None, now);
        if consent == ConsentState::None && self.valet.questions.is_asked(own, &server.id) {
            consent = ConsentState::Asked;
        }
        let agents = consents.of(own, &server.id, now).into_iter().collect();
        // Whoever reads the code of another's sign-in could finish it as somebody else.
        let mut shown = wire::Server { device: None, agents, ..server.to_wire(book.why_locked(), consent) };
        self.valet.programs.count(&server.id, &mut shown);
        let may = consents.may_be_told(policy, Who::of(&self.peer), &server.id, now);
        if may { shown } else { shown.from_afar() }
    }

    /// What a program that only looks means by a name or URL: of several accounts, that of its folder.
    pub(crate) async fn meant(&self, server: &str) -> Result<Meant, Problem> {
        hand_out::account(self, server, For::Look).await.map(|account| account.meant)
    }

    /// Adds a server that is not there yet. What would aim a sign-in waits for the person.
    pub(crate) async fn add(&self, new: NewServer) -> Result<Added, Problem> {
        let wait = new.wait.unwrap_or(0);
        if wait > wire::MAX_WAIT {
            return Err(problems::too_long_a_wait());
        }
        let (name, added) = match add::check(&self.valet, new)? {
            Checked::There(name) => (name, false),
            Checked::New(entry) => {
                entry.refuse_what_runs()?;
                look_alike::check(&self.valet.book(), &entry.name)?;
                added::has_room(&self.valet.book(), self.peer.application())?;
                match entry.needs_the_person() {
                    true => proposal::propose(self, Wants::Server(entry), wait).await?.entry(),
                    false => add::put(&self.valet, &entry, &self.by(), Agreed::ByNobody).await?,
                }
            }
        };
        Ok(Added { server: self.server(&name)?, added })
    }

    /// Has a key set. It waits for the person.
    pub(crate) async fn set_key(
        &self,
        server: &str,
        key: &str,
        set: &SetKey,
    ) -> Result<wire::Server, Problem> {
        let name = self.meant(server).await?.name;
        let (name, _) = key::propose(self, &name, key, set).await?.entry();
        self.server(&name)
    }

    /// Wipes a key.
    pub(crate) async fn wipe_key(&self, server: &str, key: &str) -> Result<wire::Server, Problem> {
        let name = self.meant(server).await?.name;
        key::wipe(&self.valet, &name, key, &self.by()).await?;
        self.server(&name)
    }

    /// What this program may do at a server.
    pub(crate) async fn rules(&self, server: &str) -> Result<wire::RulesOf, Problem> {
        rules::of(self, server).await
    }

    /// Begins a sign-in, for the caller to open.
    pub(crate) async fn authorize(
        &self,
        server: &str,
        request: AuthorizeRequest,
    ) -> Result<Authorization, Problem> {
        let name = self.meant(server).await?.name;
        let declined = self.valet.book().servers.get(&name).and_then(Server::declined);
        // What the person does not want for good is not brought before them in a browser either.
        if let Some(problem) = declined.filter(|problem| problem.reason() == Some(Reason::DeclinedForGood)) {
            return Err(problem);
        }
        let begun = signin::start(Arc::clone(&self.valet), name.clone(), self.by(), request.into()).await;
        refusal::note_sign_in(self, &name, &begun);
        begun
    }

    /// Finishes a sign-in with the address that the browser ended at. Only who began it can.
    pub(crate) async fn finish(&self, server: &str, finish: &Finish) -> Result<wire::Server, Problem> {
        let name = self.meant(server).await?.name;
        let endpoint = self.endpoint_of_own_attempt(&name)?;
        let prefix = finish.url.split(['?', '#']).next().unwrap_or_default();
        if prefix != endpoint.redirect_uri {
            return Err(problems::invalid_request(
                say!(problem_other_end),
                say!(problem_other_end_advice, begin = endpoint.redirect_uri),
            ));
        }
        let query = finish.url.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        match signin::receive_in_time(&self.valet, &endpoint.listener, &endpoint.path, query).await {
            Received::Done { server, .. } => self.server(&server),
            Received::Awaited => self.server(&name),
            Received::Again { server, url } => Err(problems::sign_in_again(&server, &url)),
            Received::Failed { problem, .. } | Received::NotBelieved(problem) => Err(problem),
            Received::UsedUp | Received::GivenUp | Received::NotWaitedFor | Received::Incomplete => {
                Err(problems::invalid_request(
                    say!(problem_no_such_sign_in),
                    say!(problem_begin_again_advice, command = problems::authorize(&name)),
                ))
            }
        }
    }

    /// Gives up the sign-in that this program itself has begun. Nobody else's is.
    pub(crate) async fn give_up(&self, server: &str) -> Result<wire::Server, Problem> {
        let name = self.meant(server).await?.name;
        self.endpoint_of_own_attempt(&name)?;
        self.valet.give_up(&name);
        self.server(&name)
    }

    fn endpoint_of_own_attempt(&self, name: &str) -> Result<RedirectEndpoint, Problem> {
        let book = self.valet.book();
        let waiting = book.servers.get(name).and_then(|server| server.attempt.waiting());
        let own =
            waiting.filter(|waiting| waiting.back.by == self.by()).map(|waiting| waiting.endpoint.clone());
        own.ok_or_else(|| {
            problems::invalid_request(
                say!(problem_not_begun_here, server = name),
                say!(problem_begin_advice, command = problems::authorize(name)),
            )
        })
    }

    /// "Not now", for this session.
    pub(crate) async fn decline(&self, server: &str) -> Result<wire::Server, Problem> {
        let name = self.meant(server).await?.name;
        // What changes nothing is no news: an agent could go on with it for ever. That a sign-in ends with it
        // is.
        let changes =
            |server: &Server| server.not_now.own == Declined::No || server.attempt.number().is_some();
        if !self.valet.book().servers.get(&name).is_some_and(changes) {
            return self.server(&name);
        }
        self.valet.decline(&name, Declined::ForNow);
        self.note(Act::Decline, &name);
        deeds::show(&self.valet, &self.by(), What::Declined, Some(&name));
        self.server(&name)
    }

    /// Revokes and wipes the grant.
    pub(crate) async fn revoke(&self, server: &str, asked: Revoke) -> Result<Revocation, Problem> {
        revoke::revoke(Arc::clone(&self.valet), self.meant(server).await?.name, self.by(), asked).await
    }

    /// Revokes all grants, and forgets all answers.
    pub(crate) async fn revoke_all(&self) -> RevokedAll {
        revoke::everything(Arc::clone(&self.valet), self.by()).await
    }

    /// Revokes, and takes the server out of the configuration.
    pub(crate) async fn remove(&self, server: &str) -> Result<Removed, Problem> {
        revoke::remove(Arc::clone(&self.valet), self.meant(server).await?.name, self.by()).await
    }

    /// Sockets in other places that lead here.
    pub(crate) fn forwards(&self) -> Vec<Forward> {
        self.valet.forwards.shown(&self.valet.book())
    }

    /// Ends one of them.
    pub(crate) fn close_forward(&self, which: &str) -> Result<Forward, Problem> {
        forwards::close(&self.valet, which, &self.by())
    }

    /// The clients of the door that are let in.
    pub(crate) fn web_clients(&self) -> Vec<WebClient> {
        self.valet.door.shown()
    }

    /// Takes back what one of them was given.
    pub(crate) fn take_back(&self, which: &str) -> Result<WebClient, Problem> {
        door::take_back(&self.valet, which, &self.by())
    }

    /// The same, by the name that a program gives itself at a place that is led here.
    pub(crate) fn calling_itself(&self, name: &str) -> Self {
        Self(self.0.calling_itself(name))
    }

    /// Wipes every secret from memory until the person unlocks.
    pub(crate) fn lock(&self) {
        if !self.valet.lock(Cause::Person) {
            return;
        }
        fleet_lock::tell(&self.valet);
        self.valet.note(&self.entry(Act::Lock));
        deeds::show(&self.valet, &self.by(), What::Locked, None);
    }

    /// Brings the window to the front, if there is one.
    pub(crate) fn show_window(&self, asked: &Show) -> Shown {
        self.valet.shell.show_window(asked)
    }

    /// This application's own audit entries. Whoever cannot be told from others has none.
    pub(crate) async fn audit(&self) -> Result<Vec<AuditEntry>, Problem> {
        let own = self.peer.application().clone();
        let Some(mark) = self.mark().map(str::to_owned) else { return Ok(Vec::new()) };
        let mut entries =
            read_audit::newest(&self.valet, ENTRIES, move |entry| audit::is_of(entry, &own, &mark)).await?;
        entries.iter_mut().for_each(|entry| entry.mark = None);
        Ok(entries)
    }

    /// Whether the audit, everybody's, is as it was written.
    pub(crate) async fn verify_audit(&self) -> Result<Verified, Problem> {
        read_audit::verify(&self.valet).await
    }

    /// Looks at a server from outside.
    pub(crate) async fn examine(&self, server: &str) -> Result<Report, Problem> {
        match self.meant(server).await {
            Ok(meant) => doctor::examine(&self.valet, &meant.name).await,
            // One that is not listed is looked at as well.
            Err(unknown) if unknown.code == Code::UnknownServer => doctor::examine(&self.valet, server).await,
            Err(problem) => Err(problem),
        }
    }

    /// Why nothing can be used now.
    pub(crate) fn why_locked(&self) -> Option<Reason> {
        view::why_locked(&self.valet.book(), &self.valet.vault)?.reason()
    }

    /// Whether the valet is well.
    pub(crate) fn health(&self) -> Health {
        let valet = &self.valet;
        let book = valet.book();
        let locked = view::why_locked(&book, &valet.vault);
        let told = view::trouble_told(valet, &book);
        let troubles = told.iter().chain(&locked);
        let troubles = troubles.map(|problem| format!("{}. {}", problem.detail, problem.advice));
        let of_vault = book.vault_notices.iter().map(|notice| notice.sentence().to_owned());
        let others = view::notices_told(&book, &valet.consents()).into_iter().chain(valet.unaudited_notice());
        Health {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            vault: valet.vault.kind(),
            locked: locked.is_some(),
            notices: troubles.chain(of_vault).chain(others).collect(),
        }
    }

    fn note(&self, act: Act, server: &str) {
        let mut entry = self.entry(act);
        entry.server = Some(server.to_owned());
        self.valet.note(&entry);
    }
}
