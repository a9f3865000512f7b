//! Where browsers come back to, as far as the valet needs to know it.

use crate::valet::Valet;
use config::redirect::{RedirectEndpoint, WantedRedirect};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use wire::Problem;

/// Opens places for browsers to come back to. The one who does it listens, and knows the valet; the valet
/// knows no more than this.
pub(crate) trait ComeBack: Send + Sync {
    /// Opens the listener that `wanted` needs, or shares one that is open.
    fn open<'a>(
        &'a self,
        valet: &'a Arc<Valet>,
        wanted: &'a WantedRedirect,
    ) -> BoxFuture<'a, Result<RedirectEndpoint, Problem>>;
}
