//! A program that asks for a token.

use crate::valet::Valet;
use audit::{Receipt, Use};
use jiff::Timestamp;
use peer::{Longest, Peer};
use serde::Serialize;
use std::sync::Arc;
use wire::{Act, Actor, ActorKind, AuditEntry, Problem};

/// A program that asks, and the valet that it asks.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) valet: Arc<Valet>,
    pub(crate) peer: Arc<Peer>,
    /// The connection that it asks by.
    pub(crate) number: u64,
    /// The folder that said which account it has.
    pub(crate) folder: Option<Arc<str>>,
    /// Its entries in the audit bear this, as long as it is who it was.
    mark: Option<Arc<str>>,
}

impl Caller {
    pub(crate) fn new(valet: Arc<Valet>, peer: Arc<Peer>) -> Self {
        let mark = audit::mark(peer.application()).map(Arc::from);
        let number = valet.number();
        Self { valet, peer, number, folder: None, mark }
    }

    /// The same, with the account that this folder leads to.
    pub(crate) fn within(&self, folder: Option<Arc<str>>) -> Self {
        Self { folder, ..self.clone() }
    }

    /// The same, by the name that it gives itself, where it is at a place that is led here.
    pub(crate) fn calling_itself(&self, name: &str) -> Self {
        let named = self.peer.calling_itself(name).map(Arc::new);
        Self { peer: named.unwrap_or_else(|| Arc::clone(&self.peer)), ..self.clone() }
    }

    /// The program's name, as a person reads it.
    pub(crate) fn name(&self) -> String {
        self.peer.application().name().to_owned()
    }

    /// By what its entries in the audit are found again. `None` if it cannot be told from others.
    pub(crate) fn mark(&self) -> Option<&str> {
        let is_told = self.peer.application().longest() != Longest::Once;
        self.mark.as_deref().filter(|_| is_told)
    }

    /// An audit entry about a token of this server that it gets.
    pub(super) fn hand_out<'a>(
        &'a self,
        server: &'a str,
        account: Option<&'a str>,
        scopes: &'a [String],
        at: Timestamp,
    ) -> Use<'a> {
        let application = self.peer.application();
        Use {
            at,
            what: Act::HandOut,
            by: ActorKind::Program,
            agent: application.name(),
            executable: application.path(),
            mark: self.mark(),
            through: self.peer.through(),
            server,
            account,
            folder: self.folder.as_deref(),
            scopes,
        }
    }

    /// Writes an audit entry of this time, with those of others who are ready to write one.
    pub(super) async fn write(&self, entry: &impl Serialize, at: Timestamp) -> Result<Receipt, Problem> {
        let written = self.valet.audit.write_with_others(entry, at, self.number).await;
        written.map_err(|error| problems::not_audited(&error))
    }

    /// An audit entry about what this agent does.
    pub(crate) fn entry(&self, act: Act) -> AuditEntry {
        let application = self.peer.application();
        let actor = Actor::program(application.name(), application.path());
        AuditEntry {
            mark: self.mark().map(str::to_owned),
            through: self.peer.through().map(str::to_owned),
            folder: self.folder.as_deref().map(str::to_owned),
            ..audit::entry(self.valet.clock.now(), act, actor)
        }
    }
}
