//! Grants of programs: nobody signs in (RFC 6749 §4.4; MCP extension `oauth-client-credentials`).

use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::form::Form;
use crate::http::Http;
use crate::token::{self, Tokens};

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
    let form = Form::of_grant("client_credentials").with_scopes(scopes).with_some("resource", resource);
    token::ask(http, endpoint, &form).await
}
