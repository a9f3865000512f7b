//! One refresh, from the mark in the vault to the new tokens in it. An issuer may take minutes to answer:
//! nothing is held up meanwhile, and what it answers at last is kept, or ended there if nobody wants it any
//! more.

use super::{Landing, mask};
use crate::grants::{registration, revoke, verify};
use crate::valet::Valet;
use crate::valet::keep::{self, ToKeep};
use futures_util::FutureExt;
use jiff::Timestamp;
use oauth::{Fault, Issuer, Tokens};
use state::held::{Doubts, Held};
use state::item::Grant;
use state::server::Server;
use std::pin::pin;
use std::sync::Arc;
use url::Url;
use vault::{Key, Stored, Turn};
use wire::{Problem, Reason};
use words::say;

/// A refresh of the grant of one server.
pub(super) struct Renewal {
    pub(super) valet: Arc<Valet>,
    pub(super) name: String,
    pub(super) id: String,
    pen: Arc<tokio::sync::Mutex<()>>,
    pub(super) grant: Arc<Grant>,
    /// How many sign-ins there were before it: one more, and what it brings is of yesterday.
    sign_ins: u64,
}

/// The grant as the vault has it while the request is under way.
struct Marked {
    grant: Stored<Grant>,
    sent_at: Timestamp,
}

/// Whose the answer is, now that it is there.
enum Fate {
    /// It belongs to what is held, or to a server that may come back.
    Ours,
    /// A sign-in took its place.
    Replaced,
    /// It was revoked, or its server is gone.
    Ended,
}

impl Renewal {
    pub(super) fn of(valet: &Arc<Valet>, server: &Server, grant: &Arc<Grant>) -> Self {
        Self {
            valet: Arc::clone(valet),
            name: server.name.clone(),
            id: server.id.clone(),
            pen: Arc::clone(&server.pen),
            grant: Arc::clone(grant),
            sign_ins: server.sign_ins,
        }
    }

    pub(super) async fn fly(&self) -> Landing {
        let (issuer, token_endpoint) = self.endpoints()?;
        let slot = self.valet.asking.at(issuer.as_str()).await;
        let parts = self.parts_of_today().await?;
        // Several machines may share the vault: one of them asks, and the others wait for what it brings.
        let mut turn = self.valet.vault.turn(Key::Grant(self.id.clone())).await.map_err(Problem::from)?;
        let (marked, refresh_token) = {
            let _pen = self.pen.lock().await;
            // While this waited for the pen, a sign-in or a revocation may have had it.
            match self.held_now() {
                Some(held) if Arc::ptr_eq(&held, &self.grant) => {}
                Some(newer) => return Ok(newer),
                None => {
                    self.valet.not_locked().map_err(Problem::from)?;
                    return Err(problems::authorization_required(&self.name));
                }
            }
            if let Some(landing) = self.others_left(&mut turn).await {
                return landing;
            }
            let Some(refresh_token) = &self.grant.refresh else {
                return Err(self.lapse(&mut turn, &say!(problem_lapsed_ended)).await);
            };
            (self.mark(&mut turn).await?, refresh_token)
        };
        let sent_at = marked.sent_at;
        let (grant, answer) = self.ask(slot, &issuer, &token_endpoint, parts, refresh_token, sent_at).await;
        let _pen = self.pen.lock().await;
        match answer {
            Ok(tokens) => match self.fate() {
                Fate::Ours => self.accept(&mut turn, &grant, tokens, sent_at).await,
                Fate::Replaced | Fate::Ended => self.come_too_late(&grant, tokens, sent_at).await,
            },
            Err(fault) => Err(self.refused(&mut turn, &fault, marked).await),
        }
    }

    /// Proves that the vault takes what the issuer will answer, and tells the next run if this one is cut
    /// short.
    async fn mark(&self, turn: &mut Turn<'_>) -> Result<Marked, Problem> {
        let sent_at = self.valet.clock.now();
        let (refresh_sent_at, refresh_unanswered) = (Some(sent_at), false);
        let marked = Grant { refresh_sent_at, refresh_unanswered, ..Grant::clone(&self.grant) };
        match turn.write(Arc::new(marked)).await {
            Ok(grant) => Ok(Marked { grant, sent_at }),
            Err(error) => {
                // It may be there all the same, and nothing is sent.
                self.unmark_later(turn, sent_at);
                Err(Problem::from(error))
            }
        }
    }

    /// Whose the answer is. Asked with the pen in hand, so that it stays so.
    fn fate(&self) -> Fate {
        let book = self.valet.book();
        let Some(server) = book.servers.get(&self.name).filter(|server| server.id == self.id) else {
            let waits = book.left.get(&self.id).is_some_and(|left| !left.revoked);
            return if waits { Fate::Ours } else { Fate::Ended };
        };
        if server.sign_ins > self.sign_ins && !matches!(server.held, Held::Nothing | Held::Lapsed(_)) {
            return Fate::Replaced;
        }
        match server.held.is_of(&self.grant) {
            true => Fate::Ours,
            false if server.held.kept().is_some() => Fate::Replaced,
            false => Fate::Ended,
        }
    }

    /// Takes over what the issuer answered. Where tokens that fail a check are not to be used, the old one
    /// stays, but with the new refresh token: the old one has been used up.
    async fn accept(
        &self,
        turn: &mut Turn<'_>,
        grant: &Grant,
        tokens: Tokens,
        sent_at: Timestamp,
    ) -> Landing {
        let mut renewed = grant.renewed(&tokens, sent_at);
        let old = Grant {
            refresh: renewed.refresh.clone(),
            refresh_sent_at: None,
            refresh_unanswered: false,
            registration_lost: None,
            // It takes the place of the same mark.
            follows: renewed.follows,
            ..Grant::clone(&self.grant)
        };
        let mut check = pin!(verify::verify(&self.valet, &self.name, &grant.parts, &tokens, None));
        let verdict = match check.as_mut().now_or_never() {
            Some(verdict) => verdict,
            None => {
                // It takes its time, and what the issuer has rotated to must not be lost in it.
                if tokens.refresh.is_some() {
                    // Should the vault not take it now, it is tried again below.
                    let _ = turn.write(Arc::new(old.clone())).await;
                }
                check.await
            }
        };
        // Whoever waits is told once this is in the vault. They could be told before: they get no refresh
        // token, and what a kill would lose is lost then in any case. But what was handed out could not be
        // revoked any more, since nobody would know of it.
        match verdict {
            Ok(verdict) => {
                renewed.parts.belongs_to(verdict.account);
                let grant = self.store(turn, renewed).await;
                self.valet.change_server(&self.name, |server| {
                    server.doubts = Doubts { warning: verdict.warning, ..Doubts::default() };
                    server.upkeep.ask_again();
                });
                Ok(grant)
            }
            Err(problem) => {
                self.store(turn, old).await;
                Err(problem)
            }
        }
    }

    /// Ends at the issuer what nobody wants any more, and keeps nothing of it. The vault is left as it is:
    /// whoever ended or replaced the grant has seen to it.
    async fn come_too_late(&self, grant: &Grant, tokens: Tokens, sent_at: Timestamp) -> Landing {
        tracing::info!(server = self.name, "an issuer's late answer is ended there");
        revoke::give_back(&self.valet, &self.name, &grant.renewed(&tokens, sent_at)).await;
        if let Some(newer) = self.held_now() {
            return Ok(newer);
        }
        self.valet.not_locked().map_err(Problem::from)?;
        Err(problems::authorization_required(&self.name))
    }

    /// Makes of a refusal what follows from it. The grant ends with the issuer's word alone.
    async fn refused(&self, turn: &mut Turn<'_>, fault: &Fault, marked: Marked) -> Problem {
        if !matches!(self.fate(), Fate::Ours) {
            return problems::fault(fault);
        }
        if fault.ends_grant() {
            return self.lapse(turn, &self.why_over(fault)).await;
        }
        if fault.may_end_grant() && self.is_over(marked.sent_at) {
            return self.lapse(turn, &self.why_over(fault)).await;
        }
        if fault.leaves_open() {
            // It is kept in mind that the refresh token may be used up.
            self.publish(Held::Live(self.unanswered(turn, marked.grant).await));
            return problems::fault(fault);
        }
        if fault.refuses_client() {
            return self.lose_client(turn, fault, marked.sent_at).await;
        }
        self.unmark(turn, marked.sent_at).await;
        problems::fault(fault)
    }

    /// Nothing was used up, so nothing was interrupted.
    async fn unmark(&self, turn: &mut Turn<'_>, sent_at: Timestamp) {
        if (self.grant.refresh_sent_at.is_none() || turn.is_shared())
            && turn.write(Arc::clone(&self.grant)).await.is_err()
        {
            self.unmark_later(turn, sent_at);
        }
    }

    /// The mark of a request that used up nothing may still be where other machines see it: it is known here
    /// that it means nothing, and it is taken back as soon as the vault takes that.
    fn unmark_later(&self, turn: &Turn<'_>, sent_at: Timestamp) {
        if !turn.is_shared() {
            return;
        }
        let unsent = |server: &mut Server| {
            if server.id == self.id {
                server.unsent = Some(sent_at);
            }
        };
        self.valet.change_server(&self.name, unsent);
        keep::unmark_later(&self.valet, &self.id, sent_at);
    }

    /// Says to the machines that share the vault that the request is over, so that they do not take it for
    /// one that was interrupted.
    async fn unanswered(&self, turn: &mut Turn<'_>, marked: Stored<Grant>) -> Stored<Grant> {
        if !turn.is_shared() {
            return marked;
        }
        let open = Grant { refresh_unanswered: true, ..Grant::clone(marked.value()) };
        turn.write(Arc::new(open)).await.unwrap_or(marked)
    }

    /// What comes of it where another machine was there first: the tokens that it got, or nothing where it
    /// revoked them. A refresh that one began and nobody ended is never sent again: the issuer may have
    /// answered it, and take a second one for theft.
    async fn others_left(&self, turn: &mut Turn<'_>) -> Option<Landing> {
        let found = match turn.found::<Grant>()? {
            Ok(found) => found,
            Err(error) => return Some(Err(Problem::from(error))),
        };
        if self.is_unsaved() && keep::is_ours(found.as_ref().map(|found| &**found.value()), &self.grant) {
            // What is newest is here alone: it goes there first, and is what is renewed.
            return match turn.write(Arc::clone(&self.grant)).await {
                Ok(stored) => {
                    self.publish(Held::Live(stored));
                    None
                }
                Err(error) => Some(Err(Problem::from(error))),
            };
        }
        let Some(found) = found else {
            self.publish(Held::Nothing);
            return Some(Err(problems::authorization_required(&self.name)));
        };
        let grant = Arc::clone(found.value());
        if !grant.has_tokens_of(&self.grant) {
            self.publish(Held::Live(found));
            return Some(Ok(grant));
        }
        let is_known = (self.grant.refresh_unanswered && grant.refresh_sent_at == self.grant.refresh_sent_at)
            || self.unsent() == grant.refresh_sent_at;
        if !grant.is_interrupted() || is_known {
            return None;
        }
        self.publish(Held::Lapsed(say!(problem_lapsed_fleet)));
        Some(Err(
            problems::lapsed(&self.name, &say!(problem_lapsed_fleet)).because(Reason::RefreshInterrupted)
        ))
    }

    /// The issuer does not take our client. It may be mistaken, so that it is asked again; if it says so
    /// again once the token is over, the person has to sign in, with a client that is registered anew. The
    /// grant is kept until then.
    async fn lose_client(&self, turn: &mut Turn<'_>, fault: &Fault, sent_at: Timestamp) -> Problem {
        let now = self.valet.clock.now();
        let over = self.grant.seconds_left(now).is_none_or(|left| left <= 0);
        let problem = problems::fault(fault);
        let again = self.valet.change_server(&self.name, |server| {
            server.upkeep.leave_alone(problem.clone(), now) || self.grant.registration_lost.is_some()
        });
        if again != Some(true) || !over {
            self.unmark(turn, sent_at).await;
            return problem;
        }
        let why = mask([&*self.grant]).text(&fault.to_string()).to_owned();
        let lost = Grant { registration_lost: Some(why.clone()), ..Grant::clone(&self.grant) };
        match turn.write(Arc::new(lost)).await {
            Ok(stored) => self.publish(Held::Unregistered(stored, why.clone())),
            Err(_) => {
                self.unmark_later(turn, sent_at);
                return problem;
            }
        }
        registration::forget_client(&self.valet, &self.grant.parts.issuer, &self.grant.parts.client.id).await;
        problems::registration_lost(&self.name, &why)
    }

    fn is_unsaved(&self) -> bool {
        let book = self.valet.book();
        let held = book.servers.get(&self.name).map(|server| &server.held);
        matches!(held, Some(Held::Unsaved(held)) if Arc::ptr_eq(held, &self.grant))
    }

    /// When a request was noted that is known here to have used up nothing.
    fn unsent(&self) -> Option<Timestamp> {
        let book = self.valet.book();
        book.servers.get(&self.name).filter(|server| server.id == self.id)?.unsent
    }

    fn held_now(&self) -> Option<Arc<Grant>> {
        let book = self.valet.book();
        book.servers.get(&self.name).filter(|server| server.id == self.id)?.held.kept().cloned()
    }

    async fn store(&self, turn: &mut Turn<'_>, grant: Grant) -> Arc<Grant> {
        let grant = Arc::new(grant);
        let keeping = ToKeep { valet: &self.valet, name: &self.name, id: &self.id, grant: &grant };
        keeping.store(Some(turn), |held| self.publish(held)).await;
        grant
    }

    /// What was renewed may have been locked meanwhile, and read again from the vault, with the old tokens or
    /// these.
    fn publish(&self, held: Held) {
        self.valet.change_one(&self.name, |server| {
            let of_this =
                server.held.is_of(&self.grant) || held.kept().is_some_and(|new| server.held.is_of(new));
            if server.id == self.id && of_this && !server.takes_keys() {
                server.held = held;
            }
        });
    }

    async fn lapse(&self, turn: &mut Turn<'_>, why: &str) -> Problem {
        let mask = mask([&*self.grant]);
        let why = mask.text(why);
        if let Err(error) = turn.delete().await {
            tracing::warn!(server = self.name, %error, "a grant that is over could not be wiped from the keychain");
        }
        self.valet.change_server(&self.name, |server| {
            if server.id == self.id && !server.takes_keys() && server.held.is_of(&self.grant) {
                server.held = Held::Lapsed(why.to_owned());
                server.upkeep.forget_trouble();
            }
        });
        problems::lapsed(&self.name, why)
    }

    /// Whether the access token is of no use any more: its time is over, or its server refused it.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        let book = self.valet.book();
        let refused = book.servers.get(&self.name).is_some_and(|server| server.doubts.refused.is_some());
        refused || self.grant.seconds_left(now).is_none_or(|left| left <= 0)
    }

    fn why_over(&self, fault: &Fault) -> String {
        if self.grant.refresh_sent_at.is_some() {
            return say!(problem_lapsed_interrupted);
        }
        fault.to_string()
    }

    fn endpoints(&self) -> Result<(Issuer, Url), Problem> {
        let parts = &self.grant.parts;
        let issuer = Issuer::parse(&parts.issuer).ok();
        let broken = || {
            problems::failed(
                Reason::GrantDamaged,
                say!(problem_grant_damaged),
                say!(problem_grant_damaged_advice),
            )
        };
        issuer.zip(Url::parse(&parts.token_endpoint).ok()).ok_or_else(broken)
    }
}
