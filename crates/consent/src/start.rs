//! "Once" for MCP sessions through the proxy: one start of an application. Programs try a server in one
//! process and use it in the next, or ask what it can do before they begin; the person is asked once about
//! all of that.

use crate::extent::Wanted;
use crate::permit::Permit;
use jiff::{SignedDuration, Timestamp};
use peer::{Identity, Moment, Peer, Process};
use std::collections::VecDeque;
use std::time::Duration;

/// How far apart the processes of one start begin, and how long after the person's answer the last one comes.
const APART: Duration = Duration::from_secs(10);
/// Starts that are remembered; the oldest goes first.
const MOST: usize = 64;
/// Processes of one start.
const PROCESSES: usize = 16;

/// The starts that the person has allowed a server just now.
#[derive(Debug, Default)]
pub(crate) struct Starts(VecDeque<Start>);

#[derive(Debug)]
struct Start {
    who: Identity,
    server_id: String,
    permit: Permit,
    /// The process that was asked about.
    first: Process,
    answered: Moment,
    until: Timestamp,
    /// Those that have begun their session. Another one of theirs is asked about.
    begun: Vec<Process>,
}

/// One request that may belong to a start.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub peer: &'a Peer,
    /// For which server.
    pub server_id: &'a str,
    /// Whether a session begins by it.
    pub initializes: bool,
    /// When it is.
    pub now: Timestamp,
}

impl Starts {
    /// The person has allowed this request once.
    pub(crate) fn allow(&mut self, request: Request<'_>, permit: &Permit) {
        let Ok(apart) = SignedDuration::try_from(APART) else { return };
        let Ok(until) = request.now.checked_add(apart) else { return };
        let (who, first) = (request.peer.application().identity().clone(), request.peer.process());
        self.0.retain(|start| start.until > request.now);
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(Start {
            who,
            server_id: request.server_id.to_owned(),
            permit: permit.within_session(),
            first,
            answered: Moment::now(),
            until,
            begun: request.initializes.then_some(first).into_iter().collect(),
        });
    }

    /// The leave of the start that this request belongs to.
    pub(crate) fn permit(&mut self, request: Request<'_>, wanted: Wanted<'_>) -> Option<Permit> {
        let mut starts = self.0.iter_mut().rev();
        let start = starts.find(|start| start.includes(request) && start.permit.covers(wanted))?;
        if request.initializes {
            start.begun.push(request.peer.process());
        }
        Some(start.permit.within_session())
    }

    pub(crate) fn forget(&mut self, server_id: &str) {
        self.0.retain(|start| start.server_id != server_id);
    }
}

impl Start {
    fn includes(&self, request: Request<'_>) -> bool {
        let (process, who) = (request.peer.process(), request.peer.application().identity());
        let is_near = process.began_within(APART, self.first) || process.began_after(self.answered);
        let is_new = !self.begun.contains(&process) && self.begun.len() < PROCESSES;
        self.server_id == request.server_id
            && self.who == *who
            && request.now < self.until
            && is_near
            && (is_new || !request.initializes)
    }
}
