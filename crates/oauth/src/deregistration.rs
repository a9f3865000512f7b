//! Giving a registration back: deleting our client at its issuer (RFC 7592 §2.3).

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use url::Url;

use crate::address::Reach;
use crate::fault::{Fault, Kind};
use crate::http::Http;
use crate::issuer::Issuer;
use crate::metadata::Endpoints;
use crate::registration::Client;
use crate::target::Target;
use crate::{Party, uri};
use secret::Secret;
use words::say;

/// Where a client was registered.
#[derive(Debug, Clone, Copy)]
pub struct Registrar<'a> {
    /// Whose client it is.
    pub issuer: &'a Issuer,
    /// The endpoint that registered it, if that is known.
    pub endpoint: Option<&'a Url>,
    /// How near the issuer's endpoints may be.
    pub reach: Reach,
}

/// What an issuer made of a wish to delete a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deregistered {
    /// The client is deleted, and with it what was granted to it.
    Done,
    /// The issuer no longer knew it.
    GoneAlready,
    /// The issuer gave nothing to manage the registration by, or deletes none.
    NotOffered,
}

/// Deletes our client at its issuer. A fault here must never keep a person from forgetting the registration
/// locally.
///
/// The address comes from the answer to the registration, and the registration token is shown to nobody but
/// who gave it: the address must be usable as any endpoint of the issuer is, and of the origin of the issuer
/// or of its registration endpoint.
///
/// # Errors
/// The address or the token cannot be used, or the issuer is unreachable or refuses.
pub async fn deregister(
    http: &Http,
    registrar: &Registrar<'_>,
    client: &Client,
) -> Result<Deregistered, Fault> {
    let managed_by = client.registration_client_uri.as_deref().zip(client.registration_access_token.as_ref());
    let Some((address, token)) = managed_by else { return Ok(Deregistered::NotOffered) };
    let url = registrar.check(address)?;
    let target = Target { url: &url, whose: Party::Issuer, reach: registrar.reach };
    let answer = http.delete(target, registrar.bearer(token)?).await?;
    match answer.status {
        status if status.is_success() => Ok(Deregistered::Done),
        // A client that is not there is answered as a token that is not (RFC 7592 §2.3).
        StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Deregistered::GoneAlready),
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => Ok(Deregistered::NotOffered),
        status => {
            let answer = answer.available()?;
            Err(answer.fault(Kind::Status { host: answer.host.clone(), status: status.as_u16() }))
        }
    }
}

impl Registrar<'_> {
    fn check(&self, address: &str) -> Result<Url, Fault> {
        let name = "registration_client_uri";
        let url = Endpoints { issuer: self.issuer, reach: self.reach }.check(name, address)?;
        let own = [Some(self.issuer.url()), self.endpoint];
        if own.into_iter().flatten().any(|own| uri::is_same_origin(own, &url)) {
            return Ok(url);
        }
        let problem = say!(fault_url_other_origin);
        Err(Fault::issuer(Kind::NamedUrl { host: self.issuer.host(), name: name.to_owned(), problem }))
    }

    fn bearer(&self, token: &Secret) -> Result<HeaderMap, Fault> {
        let unusable = |_| {
            let problem = say!(fault_answer_registration_token);
            Fault::issuer(Kind::Answer { host: self.issuer.host(), problem })
        };
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(unusable)?;
        bearer.set_sensitive(true);
        Ok(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(endpoint: Option<&str>, address: &str) -> Result<Url, Fault> {
        let issuer = Issuer::parse("https://as.example/tenant").unwrap();
        let endpoint = endpoint.map(|url| Url::parse(url).unwrap());
        Registrar { issuer: &issuer, endpoint: endpoint.as_ref(), reach: Reach::Public }.check(address)
    }

    #[test]
    fn the_registration_token_goes_to_the_issuers_own_origins_alone() {
        for address in ["https://as.example/register/7", "https://as.example:443/register/7?x=y"] {
            assert!(checked(None, address).is_ok(), "{address}");
        }
        assert!(checked(Some("https://reg.example/"), "https://reg.example/7").is_ok());
        for address in [
            "https://as.example:444/7",
            "https://as.example.evil.example/7",
            "https://reg.example/7",
            "http://as.example/7",
            "http://127.0.0.1/7",
            "https://u:p@as.example/7",
            "https://as.example/7#x",
            "/register/7",
            "",
        ] {
            assert!(checked(None, address).is_err(), "{address}");
        }
    }
}
