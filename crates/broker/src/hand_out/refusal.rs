//! Writing down that an agent got nothing.

use crate::hand_out::caller::Caller;
use audit::{entry, mark};
use wire::{Act, Actor, Code, Problem, Reason};

/// Writes down that an agent did not get what it asked a server for, where a person had a part in that.
pub(crate) fn note_refusal(agent: &Caller, server: &str, problem: &Problem) {
    let told = [Code::Denied, Code::Declined, Code::ConsentRequired, Code::Timeout, Code::Locked];
    if told.contains(&problem.code) {
        note(agent, server, problem.code.as_str());
    }
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

/// Of a burst, the first.
fn note(agent: &Caller, server: &str, outcome: &'static str) {
    let valet = &agent.valet;
    let Some(name) = valet.book().find(server).ok().map(|server| server.name.clone()) else { return };
    let (now, executable) = (valet.clock.now(), agent.peer.application().path().to_owned());
    if !valet.refusals.begins((executable.clone(), name.clone(), outcome), now) {
        return;
    }
    let mut entry = entry(now, Act::Refused, Actor::program(&agent.name(), &executable));
    entry.mark = mark(agent.peer.application());
    entry.server = Some(name);
    entry.outcome = Some(outcome.to_owned());
    valet.note(&entry);
}
