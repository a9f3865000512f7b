//! An endpoint at which a client proves itself: of tokens, revocation, pushed requests, devices.

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use url::Url;

use crate::address::Reach;
use crate::client_auth;
use crate::dpop::{DpopKey, ProofRequest};
use crate::fault::{Fault, Party};
use crate::full_response::FullResponse;
use crate::http::Http;
use crate::issuer::Issuer;
use crate::parameters::Parameters;
use crate::quirk;
use crate::registration::Client;
use crate::shape;
use crate::target::Target;
use secret::Secret;

/// Longest nonce that is sent back, in bytes.
const NONCE: usize = 512;

/// How long an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// As long as somebody may wait.
    Usual,
    /// As long as it may still come: what was sent is used up.
    Patient,
}

/// Where a request goes, and who makes it.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    /// Whose endpoint it is.
    pub issuer: &'a Issuer,
    /// Where it is.
    pub url: &'a Url,
    /// How near it may be.
    pub reach: Reach,
    /// Who asks.
    pub client: &'a Client,
    /// The key that tokens are bound to, if they are to be (RFC 9449).
    pub dpop: Option<&'a DpopKey>,
    /// The time, which goes into whatever is signed.
    pub now: Timestamp,
}

impl<'a> Endpoint<'a> {
    pub(crate) fn target(&self) -> Target<'a> {
        Target { url: self.url, whose: Party::Issuer, reach: self.reach }
    }

    /// Sends a form with the client's name and secret.
    pub(crate) async fn post(&self, http: &Http, form: &Parameters) -> Result<FullResponse, Fault> {
        let (headers, form) = self.identified(form);
        self.send(http, &headers, &form, Pace::Usual).await
    }

    /// As [`Endpoint::post`], at the token endpoint: the answer is waited for patiently.
    pub(crate) async fn post_for_tokens(
        &self,
        http: &Http,
        form: &Parameters,
    ) -> Result<FullResponse, Fault> {
        let (headers, form) = self.identified(form);
        self.send(http, &headers, &form, Pace::Patient).await
    }

    fn identified(&self, form: &Parameters) -> (HeaderMap, Vec<u8>) {
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, form_type)]);
        let form = client_auth::identify(self.client, &mut headers, form.clone());
        (headers, form.encode())
    }

    /// Sends an encoded form that names the client, with what is signed for this one request. An issuer that
    /// wants its nonce in the proof acted on nothing yet, and is asked once more with it (RFC 9449 §8);
    /// nothing else is ever sent twice.
    pub(crate) async fn send(
        &self,
        http: &Http,
        headers: &HeaderMap,
        form: &[u8],
        pace: Pace,
    ) -> Result<FullResponse, Fault> {
        let send = |nonce| self.send_once(http, headers.clone(), form.to_vec(), nonce, pace);
        let mut answer = send(None).await?;
        if let Some(nonce) = nonce(&answer).filter(|_| self.dpop.is_some()) {
            answer = send(Some(nonce)).await?;
        }
        let mut answer = answer.available()?;
        answer.body = shape::usual(answer.body, quirk::at(&answer.host));
        Ok(answer)
    }

    async fn send_once(
        &self,
        http: &Http,
        mut headers: HeaderMap,
        mut form: Vec<u8>,
        nonce: Option<String>,
        pace: Pace,
    ) -> Result<FullResponse, Fault> {
        if let Some(assertion) = client_auth::assertion(self.client, self.issuer, self.now)? {
            form.push(b'&');
            form.extend(assertion.encode());
        }
        if let Some(secret) = headers.get_mut(AUTHORIZATION) {
            secret.set_sensitive(true);
        }
        if let Some(key) = self.dpop {
            let request =
                ProofRequest { method: "POST", url: self.url, token: None, nonce: nonce.as_deref() };
            let proof = key.proof(&request, self.now)?;
            let proof = HeaderValue::from_str(proof.expose());
            headers.extend(proof.ok().map(|proof| (HeaderName::from_static("dpop"), proof)));
        }
        match pace {
            Pace::Usual => http.post(self.target(), headers, form).await,
            Pace::Patient => http.post_patiently(self.target(), headers, form).await,
        }
    }

    /// What is sent and must not come back in anybody's words.
    pub(crate) fn secrets<'s>(&self, sent: impl IntoIterator<Item = &'s Secret>) -> Vec<&'s Secret>
    where
        'a: 's,
    {
        self.client.secret.iter().chain(sent).collect()
    }
}

fn nonce(answer: &FullResponse) -> Option<String> {
    if answer.error()? != "use_dpop_nonce" {
        return None;
    }
    let nonce = answer.headers.get("dpop-nonce")?.to_str().ok()?;
    (1..=NONCE).contains(&nonce.len()).then(|| nonce.to_owned())
}
