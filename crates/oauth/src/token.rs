//! Token requests (RFC 6749 §4.1.3, §5, §6). The `oauth2` crate forms them; the bounded client sends them.

use std::borrow::Cow;
use std::pin::Pin;
use std::time::Duration;

use oauth2::AsyncHttpClient;
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, PkceCodeVerifier, RedirectUrl, RefreshToken,
};
use oauth2::{
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RequestTokenError, Scope, StandardRevocableToken,
    TokenUrl,
};
use url::Url;

use crate::address::Reach;
use crate::callback::Code;
use crate::fault::{Fault, Kind, Party};
use crate::http::Http;
use crate::issuer::Issuer;
use crate::quirk;
use crate::registration::{AuthMethod, Client};
use crate::secret::Secret;
use crate::shape;
use crate::target::Target;
use crate::token_answer::{self, TokenAnswer};

/// What a token endpoint gave.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token, of type Bearer.
    pub access: Secret,
    /// The refresh token; on a refresh, nothing means that the old one stays.
    pub refresh: Option<Secret>,
    /// How long the access token is good from now on, at most ten years; nothing if unknown.
    pub expires_in: Option<Duration>,
    /// The scopes granted; nothing means those asked for (RFC 6749 §5.1).
    pub scopes: Option<Vec<String>>,
    /// Who signed in, unverified (OpenID Connect): good for showing an account's name at most.
    pub id_token: Option<Secret>,
}

/// What a refresh needs.
#[derive(Debug, Clone)]
pub struct RefreshRequest<'a> {
    /// Who issued the grant.
    pub issuer: &'a Issuer,
    /// Where it is refreshed.
    pub token_endpoint: &'a Url,
    /// The refresh token.
    pub refresh_token: &'a Secret,
    /// The resource of the grant (RFC 8707), byte for byte.
    pub resource: Option<&'a str>,
    /// Fewer scopes than granted; nothing for all of them, as usual.
    pub scopes: Option<&'a [String]>,
    /// How near the endpoint may be.
    pub reach: Reach,
}

/// Exchanges a code.
///
/// # Errors
/// The endpoint is unreachable, refuses, or answers with anything but a bearer token.
pub async fn exchange(http: &Http, code: Code, client: &Client) -> Result<Tokens, Fault> {
    let target = Target { url: &code.token_endpoint, whose: Party::Issuer, reach: code.reach };
    let redirect_uri =
        RedirectUrl::new(code.redirect_uri.clone()).map_err(|_| unusable("the redirect URI"))?;
    let protocol = protocol(client, target.url);
    let mut request = protocol
        .exchange_code(AuthorizationCode::new(code.code.expose().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(code.verifier.expose().to_owned()))
        .set_redirect_uri(Cow::Borrowed(&redirect_uri));
    if let Some(resource) = &code.resource {
        request = request.add_extra_param("resource", resource.as_str());
    }
    let secrets = client.secret.iter().chain([&code.code, &code.verifier]).collect();
    let answer = request.request_async(&Sender { http, target, secrets }).await;
    tokens(answer, target, &code.issuer)
}

/// Refreshes a grant. The request is sent once and never repeated by this crate.
///
/// # Errors
/// As [`exchange`]; [`Fault::ends_grant`] tells whether the grant is over.
pub async fn refresh(http: &Http, client: &Client, grant: &RefreshRequest<'_>) -> Result<Tokens, Fault> {
    let target = Target { url: grant.token_endpoint, whose: Party::Issuer, reach: grant.reach };
    let token = RefreshToken::new(grant.refresh_token.expose().to_owned());
    let protocol = protocol(client, target.url);
    let scopes = grant.scopes.unwrap_or_default().iter().cloned().map(Scope::new);
    let mut request = protocol.exchange_refresh_token(&token).add_scopes(scopes);
    if let Some(resource) = grant.resource {
        request = request.add_extra_param("resource", resource);
    }
    let secrets = client.secret.iter().chain([grant.refresh_token]).collect();
    let answer = request.request_async(&Sender { http, target, secrets }).await;
    tokens(answer, target, grant.issuer)
}

type Protocol = oauth2::Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn protocol(client: &Client, endpoint: &Url) -> Protocol {
    let protocol = oauth2::Client::new(ClientId::new(client.id.clone()))
        .set_token_uri(TokenUrl::from_url(endpoint.clone()));
    let secret = client.secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
    match (client.auth, secret) {
        (AuthMethod::Basic, Some(secret)) => {
            protocol.set_auth_type(AuthType::BasicAuth).set_client_secret(secret)
        }
        (AuthMethod::Post, Some(secret)) => {
            protocol.set_auth_type(AuthType::RequestBody).set_client_secret(secret)
        }
        (AuthMethod::None | AuthMethod::Basic | AuthMethod::Post, _) => {
            protocol.set_auth_type(AuthType::RequestBody)
        }
    }
}

/// The bounded client, as the `oauth2` crate wants one.
struct Sender<'a> {
    http: &'a Http,
    target: Target<'a>,
    /// What is sent and must not come back in anybody's words.
    secrets: Vec<&'a Secret>,
}

impl<'c> AsyncHttpClient<'c> for Sender<'_> {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Fault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl Sender<'_> {
    /// Lets through only answers with a token; all others become faults here, where the status is known.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Fault> {
        let (parts, body) = request.into_parts();
        let mut answer = self.http.post(self.target, parts.headers, body).await?.available()?;
        answer.body = shape::usual(answer.body, quirk::at(&answer.host));
        token_answer::check(&answer, &self.secrets)?;
        Ok(HttpResponse::new(answer.body))
    }
}

fn tokens(
    answer: Result<TokenAnswer, RequestTokenError<Fault, BasicErrorResponse>>,
    target: Target<'_>,
    issuer: &Issuer,
) -> Result<Tokens, Fault> {
    match answer {
        Ok(answer) => answer.into_tokens(target, issuer),
        Err(RequestTokenError::Request(fault)) => Err(fault),
        // The crate's own errors carry the answer, which may hold tokens: they are not kept.
        Err(
            RequestTokenError::ServerResponse(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_),
        ) => Err(target
            .fault(Kind::Answer { host: target.host(), problem: "no token of the usual shape".to_owned() })),
    }
}

fn unusable(name: &'static str) -> Fault {
    Fault::configuration(Kind::Url { name, problem: "it is not an absolute URL" })
}
