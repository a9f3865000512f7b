//! Grants that rest on what another issuer says: of a workload (RFC 7523 §2.1), or of an employee (MCP
//! extension `enterprise-managed-authorization`, with an identity assertion authorization grant, ID-JAG).

use serde::Deserialize;

use crate::endpoint::Endpoint;
use crate::fault::{Fault, Kind};
use crate::http::Http;
use crate::issuer::Issuer;
use crate::parameters::Parameters;
use crate::token::Tokens;
use crate::token_answer;
use secret::Secret;
use words::say;

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";

/// Exchanges an assertion for a token. It is sent once: what an issuer refused, it is not asked again.
///
/// # Errors
/// The endpoint is unreachable, refuses, or answers with anything but a token.
pub async fn jwt_bearer(
    http: &Http,
    endpoint: &Endpoint<'_>,
    assertion: &Secret,
    resource: Option<&str>,
    scopes: &[String],
) -> Result<Tokens, Fault> {
    let form = Parameters::of_grant(JWT_BEARER)
        .with_secret("assertion", assertion)
        .with_scopes(scopes)
        .with_some("resource", resource);
    let answer = endpoint.post_for_tokens(http, &form).await?;
    token_answer::tokens(&answer, endpoint, &form)
}

/// What an identity provider is asked to vouch for.
#[derive(Debug, Clone, Copy)]
pub struct IdJagRequest<'a> {
    /// Who the person is, as the identity provider itself said.
    pub id_token: &'a Secret,
    /// The authorization server that is to believe it.
    pub audience: &'a Issuer,
    /// The server that the person is to use.
    pub resource: &'a str,
    /// The scopes to ask for.
    pub scopes: &'a [String],
}

#[derive(Deserialize)]
struct Exchanged {
    access_token: String,
    issued_token_type: String,
}

/// Asks an identity provider for an ID-JAG: that this person may use that server (RFC 8693 §2).
///
/// # Errors
/// The endpoint is unreachable, refuses, or answers with a token of another type.
pub async fn id_jag(
    http: &Http,
    endpoint: &Endpoint<'_>,
    request: &IdJagRequest<'_>,
) -> Result<Secret, Fault> {
    let form = Parameters::of_grant(TOKEN_EXCHANGE)
        .with("requested_token_type", ID_JAG)
        .with("audience", request.audience.as_str())
        .with("resource", request.resource)
        .with_scopes(request.scopes)
        .with_secret("subject_token", request.id_token)
        .with("subject_token_type", ID_TOKEN);
    let answer = endpoint.post_for_tokens(http, &form).await?;
    token_answer::check(&answer, &endpoint.secrets(form.secrets()))?;
    let exchanged: Exchanged = answer.json()?;
    if exchanged.issued_token_type != ID_JAG || exchanged.access_token.is_empty() {
        let problem = say!(fault_answer_token_type);
        return Err(answer.fault(Kind::Answer { host: answer.host.clone(), problem }));
    }
    Ok(Secret::from(exchanged.access_token))
}
