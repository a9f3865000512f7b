//! The document of a client whose ID is its address: looked at where it is hosted.

use ::http::StatusCode;
use serde::Deserialize;

use crate::address::Reach;
use crate::fault::{Fault, Kind, Party};
use crate::full_response::FullResponse;
use crate::http::Http;
use crate::target::Target;
use terms::ClientDocument;
use words::say;

#[derive(Deserialize)]
struct Document {
    client_id: String,
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: Option<String>,
}

/// Looks at the document as an issuer will (draft-ietf-oauth-client-id-metadata-document §5), which says
/// nothing useful where it is wrong; answers the first of `redirect_uris` that it allows. Nothing for a
/// document that cannot be reached from here: it is left to the issuer.
///
/// # Errors
/// The document is not there, is another client's, wants a proof that we have not, or allows none of
/// `redirect_uris`: then the first is what is missing.
pub async fn choose<'a>(
    client: &ClientDocument,
    http: &Http,
    redirect_uris: &[&'a str],
) -> Result<Option<&'a str>, Fault> {
    let host_this =
        || say!(fault_document_host_this, document = client.text(redirect_uris.get(..1).unwrap_or_default()));
    let Ok(reach) = http.reach_of(client.url()).await else { return Ok(None) };
    let target = Target { url: client.url(), whose: Party::Configuration, reach };
    let answer = match http.get_there(target).await {
        Err(fault) if fault.party() == Party::Network => return Ok(None),
        answer => answer?,
    };
    if answer.status != StatusCode::OK {
        let problem = say!(fault_document_absent, host = answer.host, status = answer.status.as_u16());
        return Err(wrong(client, problem, host_this()));
    }
    let document: Document =
        answer.json().map_err(|_| wrong(client, say!(fault_document_unreadable), host_this()))?;
    judge(client, &document, redirect_uris).map(Some)
}

/// Fetches the document of somebody else's client, whose id is its address. Whoever names it is not known, so
/// it may be nowhere but on the open internet. A host that leads elsewhere vouches for nobody there, so no
/// redirect is followed (draft-ietf-oauth-client-id-metadata-document §5).
///
/// # Errors
/// It cannot be reached, or is not there.
pub async fn fetch(http: &Http, url: &url::Url) -> Result<Vec<u8>, Fault> {
    let target = Target { url, whose: Party::Network, reach: Reach::Public };
    document(http.get_there(target).await?)
}

/// Fetches a document at an address that the person has configured, wherever that is.
///
/// # Errors
/// It cannot be reached, or is not there.
pub async fn fetch_own(http: &Http, url: &url::Url) -> Result<Vec<u8>, Fault> {
    let target = Target { url, whose: Party::Configuration, reach: Reach::Loopback };
    document(http.get(target).await?)
}

fn document(answer: FullResponse) -> Result<Vec<u8>, Fault> {
    if answer.status != StatusCode::OK {
        let problem =
            say!(fault_document_absent, host = answer.host.clone(), status = answer.status.as_u16());
        return Err(answer.fault(Kind::Answer { host: answer.host.clone(), problem }));
    }
    Ok(answer.body)
}

/// The first of `redirect_uris` that the document allows.
fn judge<'a>(
    client: &ClientDocument,
    document: &Document,
    redirect_uris: &[&'a str],
) -> Result<&'a str, Fault> {
    if document.client_id != client.as_str() {
        return Err(wrong(
            client,
            say!(fault_document_other),
            say!(fault_document_other_advice, url = client.as_str()),
        ));
    }
    if document.token_endpoint_auth_method.as_deref().is_some_and(|method| method != "none") {
        return Err(wrong(client, say!(fault_document_proof), say!(fault_document_proof_advice)));
    }
    let allowed = |uri: &&&str| document.redirect_uris.iter().any(|known| known == **uri);
    redirect_uris.iter().find(allowed).copied().ok_or_else(|| {
        let first = redirect_uris.first().copied().unwrap_or_default();
        wrong(
            client,
            say!(fault_document_redirect, uri = first),
            say!(fault_document_redirect_advice, uri = first),
        )
    })
}

fn wrong(client: &ClientDocument, problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
    Fault::configuration(Kind::ClientDocument {
        url: client.as_str().to_owned(),
        problem: problem.into(),
        remedy: remedy.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "http://localhost:3118/callback";

    #[test]
    fn the_document_to_host_passes_its_own_check_and_others_do_not() {
        let client = ClientDocument::parse("https://me.example/client.json").unwrap();
        let read = |text: &str| serde_json::from_str::<Document>(text).unwrap();
        let judged = |text: &str| judge(&client, &read(text), &[OURS]);
        assert!(judged(&client.text(&[OURS])).is_ok());
        let elsewhere = judged(&client.text(&["http://localhost:4000/callback"])).unwrap_err();
        assert!(elsewhere.advice().contains(OURS), "{}", elsewhere.advice());
        assert!(judged(&client.text(&[OURS]).replace("me.example", "you.example")).is_err());
        assert!(judged(&client.text(&[OURS]).replace("none", "private_key_jwt")).is_err());
    }
}
