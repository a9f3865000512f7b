//! One request to a server that is a program: leave, rules and the audit are as for any other, and then the
//! program is asked in the place of the network.

use super::call::Call;
use super::judged::Held;
use super::message::{Content, Message};
use super::overheard::{self, Overheard};
use super::source::Source;
use crate::hand_out::{self, Launch, Need, Purpose, Shown};
use crate::valet::programs;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use consent::permit::Permit;
use http::{Method, StatusCode};
use local::{Answer, Fault, Request};
use std::sync::Arc;
use wire::Problem;

/// Bytes of one message.
const LONGEST: usize = 16 << 20;

/// Why a program did not answer.
enum Unanswered {
    Fault(Fault),
    Problem(Problem),
}

impl From<Fault> for Unanswered {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Problem> for Unanswered {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Call {
    /// The program's answer, or why there is none.
    pub(super) async fn answer_by_program(mut self, content: Content) -> Result<Response, Held> {
        hand_out::not_while_locked(&self.agent)?;
        // Nobody has a long message held who has no leave.
        let mut permit = self.permit().await?;
        let (was_held, bytes) = (content.is_held(), content.whole(LONGEST).await?);
        if !was_held {
            self.message = Arc::new(Message::parse(&bytes)?);
        }
        let content = Content::Held(bytes.clone());
        let asks = overheard::asks(&self.message.method, &content);
        let mut leave = self.standing(&permit);
        let need = Need::at_once(self.deadline);
        loop {
            let shown = self.shown_to_program(&need).await?;
            if shown.as_ref().is_some_and(|shown| !permit.covers(Purpose::Proxy.wanted(shown))) {
                permit = self.ask(&[]).extend(permit).await?;
                continue;
            }
            if self.clear(&mut leave, &permit, shown.as_ref(), Some(&bytes)).await? {
                continue;
            }
            leave.once = permit.is_once();
            leave.scopes = shown.as_ref().map(|shown| shown.scopes().to_vec());
            let said = (self.message.method.as_str(), leave.judged.as_ref().map(|judged| &judged.cleared));
            let launch =
                hand_out::launch(&self.agent, &permit, &self.place.meant, shown.as_ref(), said).await?;
            let asked = self.asks_for_lists(shown.as_ref(), &content);
            let answer = tokio::select! {
                biased;
                problem = leave.taken_back() => return Err(problem.into()),
                answer = self.have_answered(launch, bytes.clone()) => answer,
            };
            let answer = match answer {
                Ok(answer) => answer,
                Err(Unanswered::Problem(problem)) => return Err(problem.into()),
                // It may have been ended for that, before everybody is told.
                Err(Unanswered::Fault(fault)) => {
                    return match leave.problem() {
                        Some(problem) => Err(problem.into()),
                        None => self.without_answer(&permit, &fault),
                    };
                }
            };
            let status = answer.status;
            let mask = self.mask(shown.as_ref());
            let asks = asks.filter(|_| status == StatusCode::OK);
            let overheard = asks.map(|asks| Overheard::new(&self, asks, shown.clone(), mask.clone()));
            let source = Source::from(answer);
            let lists = self.lists(&permit, shown.as_ref(), asked, &source);
            let veil = shown.as_ref().and_then(Shown::veil);
            return Ok(self.pass(source, (&mask, veil), leave, permit, None, (overheard, lists)));
        }
    }

    /// Its keys, if it takes any.
    async fn shown_to_program(&self, need: &Need) -> Result<Option<Shown>, Problem> {
        if !self.agent.valet.book().meant(&self.place.meant)?.takes_keys() {
            return Ok(None);
        }
        hand_out::obtain(&self.agent, &self.place.meant, need, |_, _, shown| Ok(shown)).await.map(Some)
    }

    async fn have_answered(&self, launch: Launch, body: Bytes) -> Result<Answer, Unanswered> {
        let (programs, peer) = (&self.agent.valet.programs, &self.agent.peer);
        let owner = programs.owner(&self.place.meant.id, peer);
        let request = Request { method: self.method.clone(), headers: self.headers.clone(), body };
        let begin = || async { launch.program().await.map_err(Unanswered::from) };
        programs.running.forward(&owner, request, begin).await
    }

    /// What a client has to be told by a status goes so.
    fn without_answer(&self, _: &Permit, fault: &Fault) -> Result<Response, Held> {
        let problem = programs::problem(&self.place.meant.name, fault);
        match fault.status() {
            StatusCode::NOT_FOUND => {
                let (sessions, id) = (&self.agent.valet.sessions, &self.place.meant.id);
                sessions.lock().end(&self.agent.peer, id, self.session.as_deref());
                Ok(self.message.refuse_session(&problem))
            }
            status @ StatusCode::METHOD_NOT_ALLOWED if self.method == Method::GET => {
                Ok(status.into_response())
            }
            _ => Err(problem.into()),
        }
    }
}
