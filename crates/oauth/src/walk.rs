//! Where an authorization server's metadata is looked for, in order.

use http::StatusCode;
use url::Url;

use crate::address::Reach;
use crate::fault::{Fault, FaultCode, Kind, Party};
use crate::full_response::FullResponse;
use crate::http::Http;
use crate::issuer::Issuer;
use crate::metadata::{Document, Metadata};
use crate::target::Target;

const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

/// What the walk came to.
pub(crate) enum Walk {
    /// A valid document.
    Found(Box<Metadata>),
    /// No document anywhere: every form answered 4xx or something that is not metadata.
    Nothing {
        /// What they answered, in words.
        tried: String,
        /// Whether all said that there is nothing.
        absent: bool,
    },
}

/// RFC 8414 §3.1 with the path behind the well-known part, then OpenID Connect in the same manner, then
/// OpenID Connect's own manner of appending.
pub(crate) fn forms(issuer: &Issuer) -> Vec<Url> {
    let path = issuer.url().path().trim_end_matches('/');
    let at = |path: String| {
        let mut url = issuer.url().clone();
        url.set_path(&path);
        url
    };
    if path.is_empty() {
        return vec![at(OAUTH.to_owned()), at(OPENID.to_owned())];
    }
    vec![at(format!("{OAUTH}{path}")), at(format!("{OPENID}{path}")), at(format!("{path}{OPENID}"))]
}

/// Asks form after form. A document of another issuer is not used (RFC 8414 §3.3), and said to be there only
/// if there is none of this one. A form that is out of order says nothing: another may have the document, and
/// else there may be one. A network fault or a time-out ends the walk at once: the host is down, and the next
/// form would only wait again.
pub(crate) async fn walk(http: &Http, issuer: &Issuer, reach: Reach) -> Result<Walk, Fault> {
    let mut tried = Vec::new();
    let (mut foreign, mut outage, mut absent) = (None, None, true);
    for url in forms(issuer) {
        let answer = match ask(http, &url, reach).await {
            Err(fault) if matches!(fault.kind(), Kind::Unavailable { .. }) => {
                outage = outage.or(Some(fault));
                continue;
            }
            answered => answered?,
        };
        absent &= answer.status == StatusCode::NOT_FOUND;
        let document = match document(&answer) {
            Ok(document) => document,
            Err(what) => {
                tried.push(format!("{}: {what}", url.path()));
                continue;
            }
        };
        match Metadata::accept(document, issuer, reach) {
            Ok(found) => return Ok(Walk::Found(Box::new(found))),
            Err(fault) if matches!(fault.kind(), Kind::IssuerMismatch { .. }) => {
                foreign = foreign.or(Some(fault))
            }
            Err(fault) => return Err(fault),
        }
    }
    foreign.or(outage).map_or_else(|| Ok(Walk::Nothing { tried: tried.join("; "), absent }), Err)
}

/// Reads the one document that the person named. Without a named issuer, its own counts.
pub(crate) async fn read(
    http: &Http,
    url: &Url,
    issuer: Option<&Issuer>,
    reach: Reach,
) -> Result<Metadata, Fault> {
    let answer = ask(http, url, reach).await?;
    let missing =
        |what| Kind::NoMetadata { issuer: answer.host.clone(), tried: format!("{}: {what}", url.path()) };
    let document = document(&answer).map_err(|what| Fault::issuer(missing(what)))?;
    let own = Issuer::parse(&document.issuer)?;
    Metadata::accept(document, issuer.unwrap_or(&own), reach)
}

async fn ask(http: &Http, url: &Url, reach: Reach) -> Result<FullResponse, Fault> {
    http.get(Target { url, whose: Party::Issuer, reach }).await?.available()
}

pub(crate) fn document(answer: &FullResponse) -> Result<Document, String> {
    if !answer.status.is_success() {
        return Err(format!("status {}", answer.status.as_u16()));
    }
    answer.json().map_err(|fault| {
        let what = if fault.code() == FaultCode::NotJson { "not JSON" } else { "not metadata" };
        what.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(issuer: &str) -> Vec<String> {
        forms(&Issuer::parse(issuer).unwrap()).iter().map(|url| url.path().to_owned()).collect()
    }

    #[test]
    fn the_forms_come_in_the_documented_order() {
        let with_path = [
            "/.well-known/oauth-authorization-server/t/v2",
            "/.well-known/openid-configuration/t/v2",
            "/t/v2/.well-known/openid-configuration",
        ];
        assert_eq!(paths("https://a.example/t/v2"), with_path);
        assert_eq!(paths("https://a.example/t/v2/"), with_path);
        assert_eq!(
            paths("https://a.example"),
            ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]
        );
    }
}
