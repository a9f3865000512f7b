//! From the code to the grant: exchanged, compared with what is held, stored, published.

use super::again::{Next, fail};
use crate::grants::{refresh, registration, revoke, verify};
use crate::valet::keep::ToKeep;
use crate::valet::{Valet, deeds, kept_answers};
use config::AgentsPolicy;
use consent::about::About;
use consent::answer::Confirmation;
use consent::subject::Matter;
use consent::surfaces::Surfaces;
use jiff::Timestamp;
use oauth::{AccountChoice, Code, Secret, Tokens};
use peer::By;
use problems::overtaken;
use state::deed::What;
use state::held::{Held, Noted};
use state::item::Grant;
use state::last_time::Whose;
use state::server::Server;
use state::waiting::Return;
use std::sync::Arc;
use std::time::Duration;
use vault::{Key, Stored};
use wire::{Act, Problem, Reason};
use words::say;

/// How long the person may think about a sign-in that would replace another.
const THINKING: Duration = Duration::from_mins(5);

/// What a question about a sign-in that would replace another came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// It replaces nobody's, so that none was asked.
    No,
    Allowed,
}

/// Exchanges the code and stores the grant.
pub(crate) async fn complete(
    valet: Arc<Valet>,
    name: String,
    back: Return,
    code: Code,
) -> Result<Next, Problem> {
    let finish = Finish { valet: &valet, name: &name, back: &back };
    let Err(problem) = finish.exchange(code).await else { return Ok(Next::Ready) };
    let refused = problem.reason() == Some(Reason::InvalidClient);
    if refused && valet.sign_ins.may_forget(&back.ways.issuer, &back.by, valet.clock.now()) {
        registration::forget_client(&valet, &back.parts.issuer, &back.parts.client.id).await;
    }
    fail(&valet, &name, back, problem).await
}

/// A sign-in that came back, on its way to the grant.
pub(super) struct Finish<'a> {
    pub(super) valet: &'a Arc<Valet>,
    pub(super) name: &'a str,
    pub(super) back: &'a Return,
}

impl Finish<'_> {
    async fn exchange(&self, code: Code) -> Result<(), Problem> {
        let Return { server_id, ways, parts, .. } = self.back;
        if self.valet.book().servers.get(self.name).is_none_or(|server| server.id != *server_id) {
            return Err(problems::unknown_server(self.name));
        }
        self.valet.not_locked()?;
        ways.are_apart(&self.valet.book(), self.name)?;
        let sent_at = self.valet.clock.now();
        let nonce = code.nonce().cloned();
        let slot = self.valet.asking.at(ways.issuer.as_str()).await;
        let http = self.valet.http();
        let request = oauth::exchange(&http, code, &parts.client, parts.dpop.as_ref(), sent_at);
        let tokens = slot.wait(self.valet, (self.name, server_id), &ways.issuer.host(), request).await;
        let tokens = tokens.map_err(|fault| problems::fault(&fault))?;
        self.keep(tokens, nonce.as_ref(), sent_at).await
    }

    /// Checks tokens and makes them the server's grant. `nonce` is what an ID token must repeat.
    pub(super) async fn keep(
        &self,
        tokens: Tokens,
        nonce: Option<&Secret>,
        sent_at: Timestamp,
    ) -> Result<(), Problem> {
        let (valet, name) = (self.valet, self.name);
        let verdict = verify::verify(valet, name, &self.back.parts, &tokens, nonce).await;
        let mut grant = Grant::new(self.back.parts.clone(), tokens, sent_at);
        let warning = match verdict {
            Ok(verdict) => {
                grant.parts.belongs_to(verdict.account);
                verdict.warning
            }
            Err(problem) => return Err(self.give_back(&grant, problem).await),
        };
        grant.before = refresh::outdated(valet, name);
        let grant = Arc::new(grant);
        let asked = if self.replaces_another(&grant) { Asked::Allowed } else { Asked::No };
        if asked == Asked::Allowed && !self.may_replace().await {
            return Err(self.give_back(&grant, self.replacement_refused()).await);
        }
        self.store(&grant, asked).await?;
        valet.change_server(name, |server| {
            if server.held.is(&grant) {
                server.doubts.warning = warning;
            }
        });
        Ok(())
    }

    /// Ends at the issuer what is not kept, because of `problem`.
    async fn give_back(&self, grant: &Grant, problem: Problem) -> Problem {
        revoke::give_back(self.valet, self.name, grant).await;
        problem
    }

    fn replacement_refused(&self) -> Problem {
        let name = self.name;
        problems::failed(
            Reason::ReplacementRefused,
            say!(problem_replacement, server = name),
            say!(problem_replacement_advice, command = plain::command("mcp-valet revoke", &[name])),
        )
    }

    /// Whether something of another account is held for the server already; what is not known to be of the
    /// same one, or has not been read, counts as such.
    fn replaces_another(&self, grant: &Grant) -> bool {
        let held = |server: &Server| {
            server.held.grant().is_some_and(|held| !held.parts.is_same_account(&grant.parts))
                || matches!(server.held, Held::Sealed(Noted::Granted))
        };
        let book = self.valet.book();
        book.servers.values().find(|server| server.id == self.back.server_id).is_some_and(held)
    }

    /// A program must not be able to put an account of its own in the place of the person's. The person is
    /// asked, unless they chose not to be asked about agents at all.
    async fn may_replace(&self) -> bool {
        let (valet, back) = (self.valet, self.back);
        if back.by == By::Person {
            return true;
        }
        if !matches!(*valet.surfaces.borrow(), Surfaces::Open(1..)) {
            return valet.book().config.valet.agents == AgentsPolicy::Allow;
        }
        let about = About::Replace { agent: back.by.name().to_owned(), server: self.name.to_owned() };
        let Some(mut waiting) = valet.questions.ask(Matter::Replace { attempt: back.number }, about) else {
            return false;
        };
        valet.publish();
        let answer = tokio::time::timeout(THINKING, waiting.answer()).await;
        let allowed = matches!(answer, Ok(Some(Confirmation::Yes)));
        valet.questions.take_back(|matter| *matter == Matter::Replace { attempt: back.number });
        valet.publish();
        allowed
    }

    /// Stores, then publishes. Nothing is stored for a sign-in that is no longer the one waited for: it was
    /// declined, revoked, overtaken, or its server is another one now.
    async fn store(&self, grant: &Arc<Grant>, asked: Asked) -> Result<(), Problem> {
        let (valet, name, back) = (self.valet, self.name, self.back);
        let pen = valet.book().servers.get(name).map(|server| Arc::clone(&server.pen));
        let pen = pen.ok_or_else(|| problems::unknown_server(name))?;
        let _pen = pen.lock().await;
        if !valet.book().servers.get(name).is_some_and(|server| self.is_own(server)) {
            return Err(self.give_back(grant, overtaken(name)).await);
        }
        if asked == Asked::No && self.replaces_another(grant) {
            return Err(self.give_back(grant, self.replacement_refused()).await);
        }
        let before = self.before().await;
        let is_another = self.is_of_another(before.as_deref(), grant);
        tracing::debug!(server = name, "a sign-in writes a new grant");
        let declined = self.keeping(grant).store(None, |held| {
            let mut entry = audit::entry(valet.clock.now(), Act::SignIn, back.by.actor());
            entry.server = Some(name.to_owned());
            entry.account.clone_from(&grant.parts.account);
            entry.scopes.clone_from(&grant.parts.scopes);
            valet.note(&entry);
            if is_another {
                kept_answers::forget(valet, &back.server_id);
            }
            let published = valet.change_server(name, |server| {
                let declined = server.not_now.is_said();
                self.is_own(server).then(|| server.take_over(held)).map(|()| declined)
            });
            published.flatten()
        });
        let Some(declined) = declined.await else {
            self.put_back(before).await;
            return Err(self.give_back(grant, overtaken(name)).await);
        };
        valet.forget_last_time_unless_of(&back.server_id, &self.whose(grant, asked));
        valet.change(|book| {
            back.ways.record(&mut book.ledger);
            book.shared_vault.ended(name);
            book.remember_signed_in(name);
        });
        valet.save();
        if declined {
            deeds::show(valet, &back.by, What::SignedIn, Some(name));
        }
        Ok(())
    }

    /// Whose grant it is. Where the issuer does not say, nothing is taken to be the same account's that was
    /// to be another's, or that a program has put in the place of what worked.
    fn whose(&self, grant: &Grant, asked: Asked) -> Whose {
        let whose = grant.parts.whose();
        let may_be_the_same = self.back.account == AccountChoice::ByTheIssuer
            && (asked == Asked::No || self.back.by == By::Person);
        if may_be_the_same { whose } else { Whose { client: None, ..whose } }
    }

    /// Whether the account is not the one that was there before: then no answer was about it, and whoever may
    /// use the server is asked about again.
    fn is_of_another(&self, before: Option<&Grant>, grant: &Grant) -> bool {
        let was_another = before.is_some_and(|before| before.parts.is_another_account(&grant.parts));
        was_another || self.valet.last_time_was_of_another(&self.back.server_id, grant)
    }

    /// What the vault has before it is written over: known here, or else read now. A vault that does not say
    /// will hardly be written either.
    async fn before(&self) -> Option<Arc<Grant>> {
        let id = &self.back.server_id;
        let held = {
            let book = self.valet.book();
            let server = book.servers.get(self.name).filter(|server| server.id == *id);
            server.and_then(|server| server.held.grant().cloned())
        };
        if held.is_some() {
            return held;
        }
        let kept = self.valet.vault.read::<Grant>(Key::Grant(id.clone())).await;
        kept.ok().flatten().as_ref().map(Stored::value).cloned()
    }

    /// Gives the vault back what a sign-in that came too late has written over, unless that is over itself by
    /// now.
    async fn put_back(&self, before: Option<Arc<Grant>>) {
        let still_held = |before: &Arc<Grant>| {
            let book = self.valet.book();
            let server = book.servers.values().find(|server| server.id == self.back.server_id);
            server.is_none_or(|server| server.held.is_of(before))
        };
        let Some(before) = before.filter(still_held) else {
            let _ = self.valet.vault.delete(Key::Grant(self.back.server_id.clone())).await;
            return;
        };
        let publish = |held| {
            let unsaved = matches!(held, Held::Unsaved(_));
            self.valet.change_server(self.name, |server| {
                if unsaved && server.held.is_of(&before) {
                    server.held = held;
                }
            });
        };
        self.keeping(&before).store(None, publish).await;
    }

    fn keeping<'a>(&'a self, grant: &'a Arc<Grant>) -> ToKeep<'a> {
        ToKeep { valet: self.valet, name: self.name, id: &self.back.server_id, grant }
    }

    fn is_own(&self, server: &Server) -> bool {
        server.id == self.back.server_id && server.attempt.number() == Some(self.back.number)
    }
}
