//! Writing down that an agent got nothing.

use crate::hand_out::caller::Caller;
use crate::valet::Valet;
use audit::{Audit, entry};
use consent::call::Ruled;
use state::accounts::Found;
use wire::{Act, Actor, AuditEntry, Code, Problem, Reason};

/// Writes down that an agent did not get what it asked a server for, where a person had a part in that.
pub(crate) fn note_refusal(agent: &Caller, server: &str, problem: &Problem) {
    let told = [Code::Denied, Code::Declined, Code::ConsentRequired, Code::Timeout, Code::Locked];
    if told.contains(&problem.code) {
        note(agent, server, problem.code.as_str());
    }
}

/// Writes down that somebody at another place asked for a server that is here and is not led there.
pub(crate) fn note_not_forwarded(agent: &Caller, server: &str) {
    note(agent, server, Code::UnknownServer.as_str());
}

/// Writes down that an agent was not let sign in.
pub(crate) fn note_sign_in<T>(agent: &Caller, server: &str, begun: &Result<T, Problem>) {
    match begun {
        Ok(_) => {}
        Err(problem) if problem.reason() == Some(Reason::SignInUnderWay) => {
            note(agent, server, "sign_in_under_way");
        }
        Err(problem) if problem.code == Code::Busy => note(agent, server, Code::Busy.as_str()),
        Err(problem) => note_refusal(agent, server, problem),
    }
}

/// Writes down that a message was held by a rule, or by the person.
pub(crate) fn note_held(agent: &Caller, server: &str, method: Option<&str>, ruled: &Ruled, code: Code) {
    let valet = &agent.valet;
    let mut entry = agent.entry(Act::Refused);
    entry.server = Some(server.to_owned());
    entry.method = method.map(ToOwned::to_owned);
    entry.outcome = Some(code.as_str().to_owned());
    ruled_in(&mut entry, &valet.audit, ruled);
    valet.note(&entry);
}

/// Says in an entry by which rule it went.
pub(super) fn ruled_in(entry: &mut AuditEntry, audit: &Audit, ruled: &Ruled) {
    entry.tool = Some(ruled.name.clone());
    entry.class = ruled.class;
    entry.rule = Some(ruled.rule.clone());
    entry.arguments = ruled.arguments.as_deref().map(|text| audit.mark_of(text));
}

/// The name of what was asked for; of several accounts, where they are.
fn name_of(valet: &Valet, server: &str) -> Option<String> {
    match valet.book().look_for(server).ok()? {
        Found::One(server) => Some(server.name.clone()),
        Found::ByFolder(choices) => Some(choices.said().to_owned()),
    }
}

/// Of a burst, the first.
fn note(agent: &Caller, server: &str, outcome: &'static str) {
    let valet = &agent.valet;
    let Some(name) = name_of(valet, server) else { return };
    // It may have been refused before anybody looked who it is by now.
    agent.peer.is_unchanged();
    let (now, executable) = (valet.clock.now(), agent.peer.application().path().to_owned());
    if !valet.refusals.begins((executable.clone(), name.clone(), outcome), now) {
        return;
    }
    let mut entry = entry(now, Act::Refused, Actor::program(&agent.name(), &executable));
    entry.mark = agent.mark().map(str::to_owned);
    entry.server = Some(name);
    entry.outcome = Some(outcome.to_owned());
    valet.note(&entry);
}
