//! The person's leave for an agent: remembered, or asked for now.

use crate::hand_out::askable::{not_while_locked, somebody_can_be_asked};
use crate::hand_out::caller::Caller;
use crate::hand_out::obtain::unseal;
use crate::hand_out::prospect::{Prospect, Purpose};
use crate::valet::asker::Asker;
use config::AgentsPolicy;
use consent::about::{Before, Wish};
use consent::answer::Leave;
use consent::extent::{self, Extent, Wanted};
use consent::permit::{Decision, Permit};
use consent::start::Request;
use consent::subject::{Subject, Use};
use consent::waiting::WaitingForUse;
use consent::who::Who;
use peer::Longest;
use plain::plain;
use state::meant::Meant;
use state::server::Server;
use tokio::time::{Instant, timeout_at};
use wire::{ConsentState, Problem};

/// Most characters of a resource that are shown.
const MAX_RESOURCE: usize = 300;

/// What an agent asks for: to use a server.
pub(crate) struct Ask<'a> {
    pub(crate) agent: &'a Caller,
    pub(crate) meant: &'a Meant,
    pub(crate) purpose: Purpose,
    /// Whether an MCP session begins by this.
    pub(crate) initializes: bool,
    /// Scopes that it wants beside those that there are.
    pub(crate) scopes: &'a [String],
    pub(crate) deadline: Instant,
}

impl Ask<'_> {
    /// The person's leave: remembered, or asked for now.
    pub(crate) async fn permit(&self) -> Result<Permit, Problem> {
        not_while_locked(self.agent)?;
        self.permit_for(self.prospect()?).await
    }

    /// The same, of a valet that was seen open, for what was there at that moment.
    pub(super) async fn permit_for(&self, prospect: Prospect) -> Result<Permit, Problem> {
        if let Some(decided) = self.decided(prospect.policy, prospect.wanted()) {
            return decided;
        }
        if prospect.sealed {
            // What the keychain has may be an answer, and is what the question would be about.
            unseal(&self.agent.valet, self.deadline).await?;
        }
        // Rarely; what is awaited often stays small.
        Box::pin(self.ask()).await
    }

    /// A leave that reaches as far as what there is now: `permit`, or another.
    pub(crate) async fn extend(&self, permit: Permit) -> Result<Permit, Problem> {
        if permit.covers(self.prospect()?.wanted()) {
            return Ok(permit);
        }
        self.permit().await
    }

    /// What there is now.
    fn prospect(&self) -> Result<Prospect, Problem> {
        let book = self.agent.valet.book();
        let server = book.meant(self.meant)?;
        if let Some(declined) = server.declined() {
            return Err(declined);
        }
        Ok(Prospect::of(&book, server, self.purpose, self.scopes))
    }

    /// What follows from the answers that are remembered; `None` if the person has to be asked.
    fn decided(&self, policy: AgentsPolicy, wanted: Wanted<'_>) -> Option<Result<Permit, Problem>> {
        let (valet, who) = (&self.agent.valet, Who::of(&self.agent.peer));
        let now = valet.clock.now();
        let decision = valet.consents().decide(policy, who, &self.meant.id, wanted, now);
        match (decision, who) {
            (Decision::Allow(permit), _) => Some(Ok(permit)),
            (Decision::Deny, _) => Some(Err(self.denied(policy))),
            (Decision::ProxyOnly, _) => Some(Err(self.proxy_only())),
            (Decision::Ask, Who::Same(_)) => self.permit_of_start(wanted).map(Ok),
            (Decision::Ask, Who::Another(_)) => None,
        }
    }

    /// "Once" that was said to another process of the same start of the application.
    fn permit_of_start(&self, wanted: Wanted<'_>) -> Option<Permit> {
        let request = self.request()?;
        self.agent.valet.sessions().permit_of_start(request, wanted)
    }

    /// This, as one request of a session. A token belongs to none.
    fn request(&self) -> Option<Request<'_>> {
        let (peer, server_id) = (&self.agent.peer, self.meant.id.as_str());
        let request =
            Request { peer, server_id, initializes: self.initializes, now: self.agent.valet.clock.now() };
        (self.purpose == Purpose::Proxy).then_some(request)
    }

    /// What "once" allows to one of all who wait, and through the proxy to the start that it belongs to.
    /// Nothing if another was first.
    fn take_once(&self, waiting: &WaitingForUse, permit: Permit) -> Option<Permit> {
        // Whoever is not the first finds the start written down.
        let mut sessions = self.agent.valet.sessions();
        if !waiting.take_once() {
            return None;
        }
        if let Some(request) = self.request() {
            sessions.allow_start(request, &permit);
        }
        Some(permit)
    }

    /// Who or what said no tells how that is taken back.
    fn denied(&self, policy: AgentsPolicy) -> Problem {
        let (valet, who) = (&self.agent.valet, self.agent.peer.application());
        let now = valet.clock.now();
        let answer = valet.consents().standing(AgentsPolicy::Ask, who, &self.meant.id, None, now);
        if policy == AgentsPolicy::Deny && answer != ConsentState::Denied {
            return problems::denied_by_policy(&self.meant.name, who.name());
        }
        problems::denied(&self.meant.name, who.name())
    }

    fn proxy_only(&self) -> Problem {
        problems::kept_to_the_proxy(&self.meant.name, &self.agent.name())
    }

    /// Asks the person, together with all who ask the same. "Once" is for one of them; the others ask again.
    async fn ask(&self) -> Result<Permit, Problem> {
        let valet = &self.agent.valet;
        loop {
            let prospect = self.prospect()?;
            if let Some(decided) = self.decided(prospect.policy, prospect.wanted()) {
                return decided;
            }
            if !somebody_can_be_asked(valet, self.deadline).await {
                return Err(self.nobody_to_ask(&prospect));
            }
            let asked = self.asked(&prospect);
            let subject = Subject::Use(asked.clone());
            let _asker = Asker::new(valet, &subject);
            let asked_before = valet.questions.is_open(&subject);
            let (wish, now) = (self.wish(&prospect), valet.clock.now());
            let Some(mut waiting) = valet.questions.ask_for_use(asked, wish, now) else {
                return Err(problems::too_many_questions());
            };
            // The same question may have been answered between the look at the answers and the asking; it is
            // remembered by now.
            let policy = valet.book().config.valet.agents;
            if let Some(decided) = self.decided(policy, prospect.wanted()) {
                drop(waiting);
                valet.questions.withdraw_unheard(&subject);
                return decided;
            }
            if !asked_before {
                valet.show_soon();
            }
            let answer = timeout_at(self.deadline, waiting.answer()).await;
            let answer = answer.map_err(|_| problems::unanswered(&self.meant.name))?;
            if self.is_somebody_else_now() {
                continue;
            }
            // None: settled by another answer, or about what is not so any more.
            match answer.map(|answer| answer.leave(prospect.wanted())) {
                Some(Leave::Given(permit)) if !permit.is_once() => return Ok(permit),
                Some(Leave::Given(permit)) => {
                    if let Some(permit) = self.take_once(&waiting, permit) {
                        return Ok(permit);
                    }
                }
                Some(Leave::ProxyOnly) => return Err(self.proxy_only()),
                Some(Leave::Refused) => {
                    return Err(problems::denied(&self.meant.name, &self.agent.name()));
                }
                None => {}
            }
        }
    }

    /// Whether the program that was asked about has ended meanwhile, or is another: the answer is not about
    /// what it left running.
    pub(super) fn is_somebody_else_now(&self) -> bool {
        let peer = &self.agent.peer;
        peer.application().longest() != Longest::Once && !peer.is_unchanged()
    }

    fn nobody_to_ask(&self, prospect: &Prospect) -> Problem {
        let new = self.before(prospect).map(|before| before.new_scopes).unwrap_or_default();
        problems::consent_required(&self.meant.name, &self.agent.name(), &new)
    }

    fn asked(&self, prospect: &Prospect) -> Use {
        let who = self.agent.peer.application().clone();
        Use { who, server_id: self.meant.id.clone(), extent: Extent::of(prospect.wanted()) }
    }

    /// What was allowed before, of an agent that is allowed less than it wants.
    fn before(&self, prospect: &Prospect) -> Option<Before> {
        let (valet, who) = (&self.agent.valet, self.agent.peer.application());
        let (now, consents) = (valet.clock.now(), valet.consents());
        let extent = consents.allowed(who, &self.meant.id, now)?;
        Some(Before { form: extent.form(), new_scopes: extent.new_in(prospect.wanted()).cloned().collect() })
    }

    fn wish(&self, prospect: &Prospect) -> Wish {
        let (host, account, resource) = {
            let book = self.agent.valet.book();
            let of = |server: &Server| {
                (
                    server.config.place.host(),
                    server.account().map(ToOwned::to_owned),
                    server.other_resource().map(|resource| plain(&plain::address(resource), MAX_RESOURCE)),
                )
            };
            book.servers.get(&self.meant.name).map(of).unwrap_or_default()
        };
        Wish {
            server: self.meant.name.clone(),
            host,
            account,
            folder: self.agent.folder.as_deref().map(str::to_owned),
            resource,
            form: prospect.form,
            scopes: prospect.wanted().scopes.map(|scopes| {
                scopes.iter().filter(|scope| extent::concerns_agents(scope)).cloned().collect()
            }),
            lives: prospect.grant.as_ref().and_then(|grant| grant.lifetime()),
            before: self.before(prospect),
        }
    }
}
