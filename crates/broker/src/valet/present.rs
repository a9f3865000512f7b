//! The programs that have a connection to the socket open, for the person who wants to quit.

use crate::valet::Valet;
use ground::ranked::{Ranked, order};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many connections each application has, by its name.
#[derive(Debug, Default)]
pub(crate) struct Present(Ranked<BTreeMap<String, usize>, { order::LAST }>);

/// One connection, as long as it is open.
pub(crate) struct Attendance {
    valet: Arc<Valet>,
    program: String,
}

impl Present {
    /// Who it is, in the order of their names.
    pub(crate) fn programs(&self) -> Vec<String> {
        self.0.lock().keys().cloned().collect()
    }
}

impl Attendance {
    pub(crate) fn of(valet: &Arc<Valet>, program: &str) -> Self {
        *valet.present.0.lock().entry(program.to_owned()).or_default() += 1;
        Self { valet: Arc::clone(valet), program: program.to_owned() }
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        let mut connections = self.valet.present.0.lock();
        if let Some(count) = connections.get_mut(&self.program) {
            *count -= 1;
        }
        connections.retain(|_, count| *count > 0);
    }
}
