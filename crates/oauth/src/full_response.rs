//! An answer, bounded.

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use url::Url;

use crate::fault::{Fault, Kind, Party};
use crate::http::response::Response;
use crate::target::{Target, broke_off};
use words::say;

/// Most bytes of a body that are read.
const LIMIT: usize = 1024 * 1024;

/// As much of a refusal as tells which it is.
#[derive(Deserialize)]
struct Refusal {
    error: Option<Value>,
}

/// An answer, read to its end.
pub(crate) struct FullResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) host: String,
    /// Where it came from in the end, after redirects.
    pub(crate) url: Url,
    pub(crate) whose: Party,
}

impl FullResponse {
    pub(crate) fn fault(&self, kind: Kind) -> Fault {
        Fault::new(self.whose, kind)
    }

    /// Faults for 5xx and 429, which say nothing about the request.
    pub(crate) fn available(self) -> Result<Self, Fault> {
        match is_outage(self.status) {
            true => {
                Err(self.fault(Kind::Unavailable { host: self.host.clone(), status: self.status.as_u16() }))
            }
            false => Ok(self),
        }
    }

    /// The body as JSON of the expected shape; what is of another is named.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let (host, status) = (self.host.clone(), self.status.as_u16());
        let not_json = |_| self.fault(Kind::NotJson { host: host.clone(), status });
        let mut body = serde_json::Deserializer::from_slice(&self.body);
        let read = serde_path_to_error::deserialize(&mut body);
        let read = read.map_err(|error| match error.inner().is_data() {
            true => self.fault(Kind::Answer { host: host.clone(), problem: misshapen(&error) }),
            false => not_json(error.into_inner()),
        })?;
        body.end().map_err(not_json)?;
        Ok(read)
    }

    /// The error that it names, if it is one (RFC 6749 §5.2).
    pub(crate) fn error(&self) -> Option<String> {
        let refusal: Refusal = self.json().ok()?;
        refusal.error?.as_str().map(str::to_owned)
    }
}

/// What is wrong with JSON of another shape than expected. It names members that we look for, and nothing
/// that was written by others.
pub(crate) fn misshapen(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let words = error.inner().to_string();
    let missing = words.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match (error.path().iter().next(), missing) {
        (_, Some(name)) => format!("JSON without {name}"),
        (Some(Segment::Map { key }), None) => say!(fault_answer_senseless, key = key),
        _ => say!(fault_answer_other_shape),
    }
}

/// 5xx and 429.
pub(crate) fn is_outage(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

/// Reads the body piece by piece, so that an endless one costs no more memory than the limit.
pub(crate) async fn read(target: Target<'_>, response: Response) -> Result<FullResponse, Fault> {
    let mut response = response.decoded(target).await?;
    let too_large = || target.fault(Kind::TooLarge { host: target.host(), limit: LIMIT });
    let declared =
        response.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > LIMIT as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(piece) = response.piece().await.map_err(|error| broke_off(target, &*error))? {
        if body.len() + piece.len() > LIMIT {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    let Response { status, headers, .. } = response;
    Ok(FullResponse {
        status,
        headers,
        body,
        host: target.host(),
        url: target.url.clone(),
        whose: target.whose,
    })
}
