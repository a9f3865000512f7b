//! Whether the tokens of a grant are bound to a key.

use config::{Dpop, OauthBlock};
use oauth::{Discovery, DpopKey, Metadata};
use wire::Problem;

/// A new key for the tokens of one grant, where the configuration or the server wants them bound (RFC 9449).
pub(crate) fn bound_key(
    oauth: &OauthBlock,
    discovery: &Discovery,
    metadata: &Metadata,
) -> Result<Option<DpopKey>, Problem> {
    let wanted = match oauth.dpop {
        Dpop::Off => false,
        Dpop::Auto => discovery.wants_dpop() && metadata.supports_dpop(),
        Dpop::Required => true,
    };
    wanted.then(DpopKey::generate).transpose().map_err(|fault| problems::fault(&fault))
}
