//! Grants of programs: nobody signs in (RFC 6749 §4.4; MCP extension `oauth-client-credentials`).

use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::http::Http;
use crate::protocol::{self, Sender};
use crate::token::Tokens;

/// Asks for a token in the client's own name.
///
/// # Errors
/// The endpoint is unreachable, refuses, or answers with anything but a token.
pub async fn client_credentials(
    http: &Http,
    endpoint: &Endpoint<'_>,
    resource: Option<&str>,
    scopes: &[String],
) -> Result<Tokens, Fault> {
    let protocol = protocol::at(endpoint);
    let mut request = protocol.exchange_client_credentials().add_scopes(protocol::scopes(scopes));
    if let Some(resource) = resource {
        request = request.add_extra_param("resource", resource);
    }
    let sender = Sender::new(http, endpoint, []);
    sender.tokens(request.request_async(&sender).await)
}
