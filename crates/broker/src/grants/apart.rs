//! Asking those who do not tell where they sign in, where a redirect URI may be somebody else's.

use config::ServerConfig;
use futures_util::future::join_all;
use ledger::Claim;
use oauth::Http;
use state::apart::{Clash, Neighbour};

/// The first of `neighbours` that does not sign in at the issuer of `claim`, or does not tell, although it
/// cannot be told apart there.
pub(crate) async fn stranger(http: &Http, claim: &Claim, neighbours: Vec<Neighbour>) -> Option<Clash> {
    let asked = neighbours.iter().map(|neighbour| is_settled(http, claim, &neighbour.config));
    let settled = join_all(asked).await;
    let stranger = neighbours.iter().zip(settled).find(|(_, settled)| !settled);
    stranger.map(|(neighbour, _)| Clash::Server(neighbour.name.clone()))
}

/// Asks a server where it signs in: at the same issuer, or at one that says who it is as well.
async fn is_settled(http: &Http, claim: &Claim, config: &ServerConfig) -> bool {
    // Nobody signs in to a program of this machine.
    let Some(url) = config.place.url() else { return true };
    let Ok(discovery) = oauth::discover(http, url, &config.oauth.overrides()).await else {
        return false;
    };
    let certain = discovery.doubt.is_none();
    if certain && discovery.issuers.iter().all(|issuer| claim.is_of(issuer.as_str())) {
        return true;
    }
    let Some(only) = discovery.only_issuer() else { return false };
    let metadata = discovery.metadata(http, only).await;
    metadata.is_ok_and(|theirs| {
        claim.is_of(theirs.issuer.as_str()) || (claim.says_iss && theirs.iss_parameter_supported)
    })
}
