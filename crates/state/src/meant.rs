//! Which server a request means.

use crate::book::Book;
use crate::server::Server;
use wire::Problem;

/// The server that a request means, from its first look on: by the time of the next, another may bear its
/// name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// What it was called at the first look.
    pub name: String,
    /// What tells it from another of that name.
    pub id: String,
}

impl Meant {
    /// What a look that finds this server means from now on.
    pub fn of(server: &Server) -> Self {
        Self { name: server.name.clone(), id: server.id.clone() }
    }
}

impl Book {
    /// The server that was meant, and not another that bears its name since.
    ///
    /// # Errors
    /// It is gone.
    pub fn meant(&self, meant: &Meant) -> Result<&Server, Problem> {
        let found = self.servers.get(&meant.name).filter(|server| server.id == meant.id);
        found.ok_or_else(|| problems::unknown_server(&meant.name))
    }

    /// As [`Book::meant`], to be changed.
    pub fn meant_mut(&mut self, meant: &Meant) -> Result<&mut Server, Problem> {
        let found = self.servers.get_mut(&meant.name).filter(|server| server.id == meant.id);
        found.ok_or_else(|| problems::unknown_server(&meant.name))
    }
}
