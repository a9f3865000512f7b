//! Signing in on another device (RFC 8628): a code is typed there, and asked about here until it was.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::Url;

use crate::endpoint::Endpoint;
use crate::fault::{Fault, Kind, Party};
use crate::http::Http;
use crate::mask::Mask;
use crate::parameters::Parameters;
use crate::registration::DEVICE_CODE;
use crate::spelling::{Lifetime, Text};
use crate::token::Tokens;
use crate::token_answer;
use crate::uri;
use secret::Secret;
use words::say;

/// How long to wait between two questions where the issuer does not say (RFC 8628 §3.2).
const INTERVAL: Duration = Duration::from_secs(5);
/// How much longer to wait when told to slow down (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// The longest pause that an issuer may ask for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The shortest pause.
const SHORTEST: Duration = Duration::from_secs(1);
/// The longest that a code may be good for.
const LIFETIME: Duration = Duration::from_secs(3600);
/// Longest code that a person can be asked to type, in characters.
const CODE: usize = 32;

/// A sign-in that is finished on another device.
pub struct DeviceSignIn {
    code: Secret,
    /// What the person types there.
    pub user_code: String,
    /// Where they type it.
    pub verification_uri: Url,
    /// The same with the code filled in, if the issuer offers that.
    pub verification_uri_complete: Option<Url>,
    /// When the code is over.
    pub expires_at: Timestamp,
    /// How long to wait before the next question.
    pub interval: Duration,
}

impl fmt::Debug for DeviceSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceSignIn").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Begun {
    device_code: String,
    user_code: String,
    verification_uri: String,
    #[serde(default)]
    verification_uri_complete: Text,
    #[serde(default)]
    expires_in: Lifetime,
    #[serde(default)]
    interval: Lifetime,
}

/// Begins a sign-in on another device. The endpoint is the issuer's `device_authorization_endpoint`.
///
/// # Errors
/// The endpoint is unreachable, refuses, or answers with something that cannot be shown to a person.
pub async fn begin_device(
    http: &Http,
    endpoint: &Endpoint<'_>,
    resource: Option<&str>,
    scopes: &[String],
) -> Result<DeviceSignIn, Fault> {
    let form = Parameters::default().with_scopes(scopes).with_some("resource", resource);
    let answer = endpoint.post(http, &form).await?;
    let sent = endpoint.secrets(form.secrets());
    if !answer.status.is_success() {
        let status = Kind::Status { host: answer.host.clone(), status: answer.status.as_u16() };
        let refused = token_answer::check(&answer, &sent).err();
        return Err(refused.unwrap_or_else(|| answer.fault(status)));
    }
    let begun: Begun = answer.json()?;
    let wrong = |problem| answer.fault(Kind::Answer { host: answer.host.clone(), problem });
    let plain = |c: char| (c.is_alphanumeric() && !plain::misleads(c)) || c == '-' || c == ' ';
    if begun.device_code.is_empty() || begun.user_code.is_empty() {
        return Err(wrong(say!(fault_device_no_code)));
    }
    if begun.user_code.chars().count() > CODE || !begun.user_code.chars().all(plain) {
        return Err(wrong(say!(fault_device_code)));
    }
    let device_code = Secret::from(begun.device_code);
    // What a person is shown, whoever began the sign-in is shown too.
    let mask = Mask::of(sent.into_iter().chain([&device_code]));
    let complete = begun.verification_uri_complete.0.as_deref();
    if [&*begun.user_code, &begun.verification_uri, complete.unwrap_or_default()]
        .iter()
        .any(|text| mask.hides(text.as_bytes()))
    {
        return Err(wrong(say!(fault_device_secret)));
    }
    let page = |text: &str| uri::parse(text).map_err(|_| wrong(say!(fault_device_address)));
    let lifetime = begun.expires_in.0.unwrap_or(LIFETIME).min(LIFETIME);
    let lifetime = SignedDuration::try_from(lifetime).unwrap_or_default();
    Ok(DeviceSignIn {
        verification_uri: page(&begun.verification_uri)?,
        verification_uri_complete: complete.map(page).transpose()?,
        code: device_code,
        user_code: begun.user_code,
        expires_at: endpoint.now.checked_add(lifetime).unwrap_or(endpoint.now),
        interval: begun.interval.0.map_or(INTERVAL, |pause| pause.max(SHORTEST).min(PATIENCE)),
    })
}

impl DeviceSignIn {
    /// Asks once whether the person has finished; nothing if not yet. The endpoint is the token endpoint.
    ///
    /// # Errors
    /// The person said no, the code is over, or the endpoint answers with something else. A fault that is
    /// transient does not end the sign-in.
    pub async fn poll(
        &mut self,
        http: &Http,
        endpoint: &Endpoint<'_>,
        resource: Option<&str>,
    ) -> Result<Option<Tokens>, Fault> {
        if endpoint.now >= self.expires_at {
            return Err(expired());
        }
        let form = Parameters::of_grant(DEVICE_CODE)
            .with_secret("device_code", &self.code)
            .with_some("resource", resource);
        let answer = endpoint.post_for_tokens(http, &form).await?;
        match answer.error().as_deref() {
            Some("authorization_pending") => return Ok(None),
            Some("slow_down") => {
                self.interval = (self.interval + SLOWER).min(PATIENCE);
                return Ok(None);
            }
            Some("expired_token") => return Err(expired()),
            Some("access_denied") => {
                let kind = Kind::AccessDenied { host: endpoint.issuer.host(), said: None };
                return Err(Fault::new(Party::Person, kind));
            }
            Some(_) | None => {}
        }
        token_answer::tokens(&answer, endpoint, &form).map(Some)
    }
}

fn expired() -> Fault {
    Fault::new(Party::Person, Kind::DeviceExpired)
}
