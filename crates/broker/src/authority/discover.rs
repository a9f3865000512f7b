//! Looking at a server before it is added.

use crate::valet::Valet;
use oauth::{Overrides, ServerUrl};
use serde::Serialize;
use wire::Problem;
use words::say;

/// What a server says of itself.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The authorization servers that it trusts.
    pub issuers: Vec<String>,
    /// The scopes that a sign-in would ask for.
    pub scopes: Vec<String>,
    /// Whether the first of them takes this program as a client without the person's help; if not, a client
    /// ID is needed.
    pub registers: bool,
    /// The redirect URI to register where it does not.
    pub redirect_uri: String,
    /// The page to register it on, where that is known.
    pub client_page: Option<String>,
}

/// Asks the server, and the first authorization server that it names.
pub(crate) async fn discover(valet: &Valet, url: &str) -> Result<Preview, Problem> {
    let fault = |fault: oauth::Fault| problems::fault(&fault);
    let url = ServerUrl::parse(url).map_err(|bad| fault(bad.into()))?;
    let http = valet.http();
    let discovery = oauth::discover(&http, &url, &Overrides::default()).await.map_err(fault)?;
    let issuer = discovery
        .issuers
        .first()
        .ok_or_else(|| problems::internal(say!(problem_no_issuer), say!(problem_again_advice)))?;
    let metadata = discovery.metadata(&http, issuer).await.map_err(fault)?;
    let has_document = valet.book().config.valet.client_metadata_url.is_some();
    Ok(Preview {
        issuers: discovery.issuers.iter().map(|issuer| issuer.to_string()).collect(),
        scopes: discovery.scopes_for(issuer),
        client_page: oauth::client_page(issuer).map(str::to_owned),
        registers: metadata.registration_endpoint.is_some()
            || (has_document && metadata.client_id_metadata_document_supported),
        redirect_uri: config::redirect::WantedRedirect::by_hand(&config::OauthBlock::default(), None)
            .example(),
    })
}
