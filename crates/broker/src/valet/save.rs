//! Writing down what is known of the servers.

use crate::state::record;
use crate::valet::Valet;

impl Valet {
    /// Writes the records down, whole or not at all.
    pub(crate) fn save(&self) {
        // One writer at a time, so that an older state cannot overtake a newer one; the servers themselves
        // stay free meanwhile.
        let _pen = self.record_pen.lock();
        let records = record::of(&self.book(), &self.consents(), &self.vault);
        if let Err(error) = record::write(&self.paths.servers(), &records) {
            tracing::error!(%error, "what is known of the servers could not be written down");
        }
    }
}
