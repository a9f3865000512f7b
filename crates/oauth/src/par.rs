//! Pushed authorization requests (RFC 9126).

use http::StatusCode;
use serde::Deserialize;
use url::Url;

use crate::client_auth;
use crate::endpoint::Endpoint;
use crate::fault::{Fault, Kind};
use crate::full_response::FullResponse;
use crate::http::Http;
use crate::mask::Mask;
use crate::metadata::Metadata;
use crate::parameters::Parameters;
use crate::registration::Client;
use crate::token_answer;
use secret::Secret;
use words::say;

/// Longest request URI that is taken, in bytes.
const LIMIT: usize = 2048;

#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
}

/// Gives the parameters of `authorization` to the issuer beforehand, and answers the address that the browser
/// opens instead: nobody on the way can read or change them.
///
/// # Errors
/// The endpoint is unreachable, refuses, or answers with something else.
pub async fn push(
    http: &Http,
    endpoint: &Endpoint<'_>,
    metadata: &Metadata,
    authorization: &Url,
) -> Result<Url, Fault> {
    let form = form(endpoint.client, authorization);
    let answer = endpoint.post(http, &form).await?;
    let sent = endpoint.secrets(form.secrets());
    if !answer.status.is_success() {
        return Err(refused(&answer, &sent));
    }
    let pushed: Pushed = answer.json()?;
    // It goes through the browser, and to whoever began the sign-in.
    let said_again = Mask::of(sent).hides(pushed.request_uri.as_bytes());
    if pushed.request_uri.is_empty() || pushed.request_uri.len() > LIMIT || said_again {
        let problem = say!(fault_answer_no_request_uri);
        return Err(answer.fault(Kind::Answer { host: answer.host.clone(), problem }));
    }
    let mut url = metadata.authorization_endpoint.clone().unwrap_or_else(|| authorization.clone());
    url.query_pairs_mut()
        .append_pair("client_id", &endpoint.client.id)
        .append_pair("request_uri", &pushed.request_uri);
    Ok(url)
}

/// All that the browser would have carried. `client_id` is one of the parameters, whatever else the client
/// proves itself by (RFC 9126 §2.1).
fn form(client: &Client, authorization: &Url) -> Parameters {
    let asked = authorization.query_pairs().filter(|(name, _)| name != "client_id");
    let form = asked.fold(Parameters::default(), |form, (name, value)| form.with(&name, &value));
    form.with_some("client_id", client_auth::is_in_header(client).then_some(&client.id))
}

/// Why a request was refused. 401 says of whoever pushes that it is not known, in whatever words (RFC 9126
/// §2.3, RFC 6749 §5.2).
fn refused(answer: &FullResponse, sent: &[&Secret]) -> Fault {
    let (host, status) = (answer.host.clone(), answer.status);
    match token_answer::check(answer, sent) {
        Err(fault) if status == StatusCode::UNAUTHORIZED && matches!(fault.kind(), Kind::Status { .. }) => {
            answer.fault(Kind::InvalidClient { host, said: None })
        }
        Err(fault) => fault,
        Ok(()) => answer.fault(Kind::Status { host, status: status.as_u16() }),
    }
}
