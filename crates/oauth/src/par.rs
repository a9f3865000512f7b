//! Pushed authorization requests (RFC 9126).

use serde::Deserialize;
use url::Url;

use crate::endpoint::Endpoint;
use crate::fault::{Fault, Kind};
use crate::form::Form;
use crate::http::Http;
use crate::mask::Mask;
use crate::metadata::Metadata;
use crate::token_answer;

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
    let asked = authorization.query_pairs().filter(|(name, _)| name != "client_id");
    let form = asked.fold(Form::default(), |form, (name, value)| form.with(&name, &value));
    let answer = endpoint.post(http, &form).await?;
    let sent = endpoint.secrets(form.secrets());
    if !answer.status.is_success() {
        let status = Kind::Status { host: answer.host.clone(), status: answer.status.as_u16() };
        let refused = token_answer::check(&answer, &sent).err();
        return Err(refused.unwrap_or_else(|| answer.fault(status)));
    }
    let pushed: Pushed = answer.json()?;
    // It goes through the browser, and to whoever began the sign-in.
    let said_again = Mask::of(sent).hides(pushed.request_uri.as_bytes());
    if pushed.request_uri.is_empty() || pushed.request_uri.len() > LIMIT || said_again {
        let problem = "no request_uri that can be used".to_owned();
        return Err(answer.fault(Kind::Answer { host: answer.host.clone(), problem }));
    }
    let mut url = metadata.authorization_endpoint.clone().unwrap_or_else(|| authorization.clone());
    url.query_pairs_mut()
        .append_pair("client_id", &endpoint.client.id)
        .append_pair("request_uri", &pushed.request_uri);
    Ok(url)
}
