//! Token requests that the `oauth2` crate forms, and the bounded client that sends them.

use std::pin::Pin;

use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{AsyncHttpClient, AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest};
use oauth2::{HttpResponse, RequestTokenError, Scope, StandardRevocableToken, TokenUrl};

use crate::endpoint::{Endpoint, Pace};
use crate::fault::{Fault, Kind};
use crate::full_response::misshapen;
use crate::http::Http;
use crate::token::Tokens;
use crate::token_answer::{self, TokenAnswer};
use secret::Secret;
use terms::AuthMethod;
use words::say;

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

type Answered = Result<TokenAnswer, RequestTokenError<Fault, BasicErrorResponse>>;

/// The client at its token endpoint. Of a client with a key, only its name: the assertion comes with the
/// sending.
pub(crate) fn at(endpoint: &Endpoint<'_>) -> Protocol {
    let client = endpoint.client;
    let protocol = oauth2::Client::new(ClientId::new(client.id.clone()))
        .set_token_uri(TokenUrl::from_url(endpoint.url.clone()));
    let secret = client.secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
    match (client.auth, secret) {
        (AuthMethod::Basic, Some(secret)) => {
            protocol.set_auth_type(AuthType::BasicAuth).set_client_secret(secret)
        }
        (AuthMethod::Post, Some(secret)) => {
            protocol.set_auth_type(AuthType::RequestBody).set_client_secret(secret)
        }
        (AuthMethod::None | AuthMethod::Basic | AuthMethod::Post | AuthMethod::PrivateKeyJwt, _) => {
            protocol.set_auth_type(AuthType::RequestBody)
        }
    }
}

/// Scopes as the `oauth2` crate wants them.
pub(crate) fn scopes(scopes: &[String]) -> impl Iterator<Item = Scope> {
    scopes.iter().cloned().map(Scope::new)
}

/// The endpoint, as the `oauth2` crate wants an HTTP client.
pub(crate) struct Sender<'a> {
    http: &'a Http,
    endpoint: &'a Endpoint<'a>,
    /// What is sent and must not come back in anybody's words.
    secrets: Vec<&'a Secret>,
}

impl<'a> Sender<'a> {
    pub(crate) fn new(
        http: &'a Http,
        endpoint: &'a Endpoint<'a>,
        secrets: impl IntoIterator<Item = &'a Secret>,
    ) -> Self {
        Self { http, endpoint, secrets: endpoint.secrets(secrets) }
    }

    /// Lets through only answers with a token; all others become faults here, where the status is known.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Fault> {
        let (parts, form) = request.into_parts();
        let answer = self.endpoint.send(self.http, &parts.headers, &form, Pace::Patient).await?;
        token_answer::check(&answer, &self.secrets)?;
        Ok(HttpResponse::new(answer.body))
    }

    /// The tokens of an answer that this sender brought.
    pub(crate) fn tokens(&self, answered: Answered) -> Result<Tokens, Fault> {
        match answered {
            Ok(answer) => answer.into_tokens(self.endpoint, &self.secrets),
            Err(RequestTokenError::Request(fault)) => Err(fault),
            // The crate's own errors carry the answer, which may hold tokens: they are not kept.
            Err(RequestTokenError::Parse(error, _)) => Err(self.wrong(misshapen(&error))),
            Err(RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_)) => {
                Err(self.wrong(say!(fault_answer_other_shape)))
            }
        }
    }

    fn wrong(&self, problem: String) -> Fault {
        let target = self.endpoint.target();
        target.fault(Kind::Answer { host: target.host(), problem })
    }
}

impl<'c> AsyncHttpClient<'c> for Sender<'_> {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Fault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
