//! A request that takes its time.

use crate::valet::Valet;
use std::sync::Arc;

/// A request that takes its time: until it is over, the valet is used.
pub(crate) struct InUse(Arc<Valet>);

impl InUse {
    pub(crate) fn of(valet: &Arc<Valet>) -> Self {
        valet.activity.begin();
        Self(Arc::clone(valet))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.activity.end(self.0.clock.now());
    }
}
