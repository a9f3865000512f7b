//! What is said between clients and one program: who waits for which answer, and where goes what the program
//! says by itself.

mod ask;
mod due;
mod hear;
pub(crate) mod message;
mod stream;

use crate::fault::Fault;
use crate::held::Held;
use crate::process::Input;
use crate::program::Owner;
use crate::run::Run;
use crate::stderr::Ring;
use bytes::Bytes;
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::{Notify, mpsc, watch};

pub(crate) use ask::Asked;
pub(crate) use due::Due;
pub(crate) use stream::done;

/// One message to a client.
#[derive(Debug)]
pub(crate) struct Item {
    text: Bytes,
    /// Whether it is the answer that the request waits for.
    is_answer: bool,
    /// And that says that something is wrong.
    is_error: bool,
    _held: Held,
}

/// A request that waits, by the ID under which the program has it.
#[derive(Debug)]
struct Waiting {
    /// The client's own.
    id: String,
    /// What its progress is told by: the client's own, and as the program has it.
    token: Option<(String, String)>,
    to: mpsc::Sender<Item>,
    /// Which one was first.
    number: u64,
    /// The client takes other messages before the answer.
    events: bool,
    /// It is open for as long as the client likes.
    stays: bool,
    /// Asks what the program is (MCP 2026-07-28).
    discovers: bool,
}

/// What the program wrote that was no message.
#[derive(Debug, Default)]
struct Wrong {
    first: Option<String>,
    lines: usize,
    bytes: usize,
}

#[derive(Debug)]
struct State {
    session: Option<String>,
    waiting: BTreeMap<String, Waiting>,
    /// Who hears what the program says by itself.
    listener: Option<mpsc::Sender<Item>>,
    /// Whether anybody ever did.
    has_listened: bool,
    /// What nobody has heard yet.
    unheard: VecDeque<Bytes>,
    unheard_bytes: usize,
    over: Option<Fault>,
    has_answered: bool,
    /// It wants a handshake: it refused what a client begins with that has none.
    is_before: bool,
    wrong: Wrong,
    asked_at: Instant,
    heard_at: Instant,
    next: u64,
}

/// One program, as clients talk to it.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) number: u64,
    pub(crate) owner: Owner,
    keeper: u32,
    pid: u32,
    since: Timestamp,
    began: Instant,
    unheard: usize,
    input: Arc<Input>,
    stderr: Arc<Mutex<Ring>>,
    state: Mutex<State>,
    closes: Notify,
    /// What it is given its time by has changed.
    stirs: Notify,
    gone: watch::Sender<bool>,
}

/// What a talk is made of.
pub(crate) struct Parts {
    pub(crate) number: u64,
    pub(crate) owner: Owner,
    /// The keeper, and the program.
    pub(crate) processes: (u32, u32),
    pub(crate) since: Timestamp,
    /// Bytes that are kept until somebody hears them.
    pub(crate) unheard: usize,
    pub(crate) input: Arc<Input>,
    pub(crate) stderr: Arc<Mutex<Ring>>,
    pub(crate) session: Option<String>,
}

impl Talk {
    pub(crate) fn new(parts: Parts) -> Self {
        let now = Instant::now();
        let state = State {
            session: parts.session,
            waiting: BTreeMap::new(),
            listener: None,
            has_listened: false,
            unheard: VecDeque::new(),
            unheard_bytes: 0,
            over: None,
            has_answered: false,
            is_before: false,
            wrong: Wrong::default(),
            asked_at: now,
            heard_at: now,
            next: 0,
        };
        Self {
            number: parts.number,
            owner: parts.owner,
            keeper: parts.processes.0,
            pid: parts.processes.1,
            since: parts.since,
            began: now,
            unheard: parts.unheard,
            input: parts.input,
            stderr: parts.stderr,
            state: Mutex::new(state),
            closes: Notify::new(),
            stirs: Notify::new(),
            gone: watch::channel(false).0,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is seen of it.
    pub(crate) fn run(&self) -> Run {
        let state = self.state();
        Run {
            owner: self.owner.clone(),
            keeper: self.keeper,
            pid: Some(self.pid),
            since: self.since,
            session: state.session.is_some(),
            waiting: state.waiting.len(),
        }
    }

    /// Whether it serves this session.
    pub(crate) fn is_session(&self, id: &str) -> bool {
        let state = self.state();
        state.over.is_none() && state.session.as_deref() == Some(id)
    }

    /// Somebody used it until now.
    fn was_used(&self) {
        self.state().asked_at = Instant::now();
        self.stirs.notify_one();
    }

    /// Waits until that is to be looked at again.
    pub(crate) async fn stirred(&self) {
        self.stirs.notified().await;
    }

    /// Has it serve this session from now on, if it serves none and wants one.
    pub(crate) fn becomes(&self, id: &str) -> bool {
        let mut state = self.state();
        let is_free = state.over.is_none() && state.is_before && state.waiting.is_empty();
        if is_free && state.session.is_none() {
            state.session = Some(id.to_owned());
        }
        is_free
    }

    /// Since when nobody wants anything of it; nothing where somebody does.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        (!state.is_open()).then(|| state.asked_at.max(state.heard_at))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state().over.is_some()
    }

    /// Nothing is asked any more, and whoever waits hears why. The program is ended.
    pub(crate) fn close(&self, fault: Fault) {
        let mut state = self.state();
        if state.over.is_none() {
            if matches!(fault, Fault::Ended { .. }) && state.is_asked_what_it_is() {
                state.refuse_discovery();
            }
            state.over = Some(fault);
            self.closes.notify_one();
        }
        state.waiting.clear();
        state.listener = None;
        state.unheard.clear();
    }

    /// Waits until it is closed.
    pub(crate) async fn closed(&self) {
        while !self.is_over() {
            self.closes.notified().await;
        }
    }

    /// Nothing is left of the program.
    pub(crate) fn is_gone(&self) {
        self.gone.send_replace(true);
    }

    /// Waits for that.
    pub(crate) async fn until_gone(&self) {
        let _ = self.gone.subscribe().wait_for(|gone| *gone).await;
    }

    /// What the program wrote last to its standard error.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).last(self.number)
    }

    /// Keeps what it wrote.
    pub(crate) fn wrote(&self, line: &[u8]) {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).keep(self.number, line);
    }
}

impl State {
    fn is_open(&self) -> bool {
        !self.waiting.is_empty() || self.listener.as_ref().is_some_and(|listener| !listener.is_closed())
    }
}
