//! A program that asks for a token.

use crate::valet::Valet;
use peer::Peer;
use std::sync::Arc;
use wire::{Act, Actor, AuditEntry};

/// A program that asks, and the valet that it asks.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) valet: Arc<Valet>,
    pub(crate) peer: Arc<Peer>,
}

impl Caller {
    /// The program's name, as a person reads it.
    pub(crate) fn name(&self) -> String {
        self.peer.application().name().to_owned()
    }

    /// An audit entry about what this agent does.
    pub(crate) fn entry(&self, act: Act) -> AuditEntry {
        let application = self.peer.application();
        let actor = Actor::program(application.name(), application.path());
        AuditEntry {
            mark: audit::mark(application),
            through: self.peer.through().map(str::to_owned),
            ..audit::entry(self.valet.clock.now(), act, actor)
        }
    }
}
