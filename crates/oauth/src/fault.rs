//! What can go wrong, who is at fault, and what helps.

mod code;
mod dead_token;

pub use code::FaultCode;

use std::sync::Arc;

use crate::obstacle::{Distrust, Obstacle};
use crate::quirk;
use crate::said::Said;
use terms::{BadUrl, Issuer, Noun};

/// Who is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// The MCP server.
    Server,
    /// The authorization server.
    Issuer,
    /// The way there: name resolution, connection, certificate.
    Network,
    /// What the person configured.
    Configuration,
    /// The person's own answer.
    Person,
}

/// A failure of discovery, registration, a flow or a token request.
///
/// It displays as one plain sentence that names the host at fault and what it did: never a token, code,
/// verifier, secret or raw answer; a provider's own words are bounded and quoted.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{kind}")]
pub struct Fault {
    party: Party,
    kind: Box<Kind>,
    source: Option<Arc<reqwest::Error>>,
}

/// Whoever named it is at fault: issuers are named by others, all else by the person.
impl From<BadUrl> for Fault {
    fn from(bad: BadUrl) -> Self {
        let party = match bad.of {
            Noun::Issuer => Party::Issuer,
            Noun::Server | Noun::ClientDocument => Party::Configuration,
        };
        Self::new(party, Kind::Url { name: bad.of.noun(), problem: bad.problem })
    }
}

impl Fault {
    pub(crate) fn new(party: Party, kind: Kind) -> Self {
        Self { party, kind: Box::new(kind), source: None }
    }

    pub(crate) fn server(kind: Kind) -> Self {
        Self::new(Party::Server, kind)
    }

    pub(crate) fn issuer(kind: Kind) -> Self {
        Self::new(Party::Issuer, kind)
    }

    pub(crate) fn configuration(kind: Kind) -> Self {
        Self::new(Party::Configuration, kind)
    }

    /// Keeps the cause, without its URL.
    pub(crate) fn caused_by(mut self, source: reqwest::Error) -> Self {
        self.source = Some(Arc::new(source.without_url()));
        self
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Who is at fault.
    #[must_use]
    pub fn party(&self) -> Party {
        let network = matches!(
            *self.kind,
            Kind::Unreachable { .. } | Kind::Slow { .. } | Kind::Unanswered { .. } | Kind::Certificate { .. }
        );
        if network { Party::Network } else { self.party }
    }

    /// Whether it was the authorization server that was asked, whatever went wrong on the way.
    pub(crate) fn is_about_issuer(&self) -> bool {
        self.party == Party::Issuer
    }

    /// Whether the same request may work later: network faults, time-outs, 5xx and 429. Ends no grant.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            *self.kind,
            Kind::Unreachable { .. } | Kind::Slow { .. } | Kind::Unanswered { .. } | Kind::Unavailable { .. }
        )
    }

    /// Whether an issuer was asked for tokens and may have given some that never came: then what was sent may
    /// be used up. What it refused, what never reached it, and what it says that it has no time for, used up
    /// nothing.
    #[must_use]
    pub fn leaves_open(&self) -> bool {
        if let Kind::Unavailable { status, .. } | Kind::Status { status, .. } = *self.kind {
            return !matches!(status, 400..=499 | 503);
        }
        matches!(
            *self.kind,
            Kind::Unanswered { .. }
                | Kind::TooLarge { .. }
                | Kind::NotJson { .. }
                | Kind::Answer { .. }
                | Kind::TokenType { .. }
        )
    }

    /// Whether the issuer said that it does not know our client, or not any more (RFC 6749 §5.2). Some say
    /// `unauthorized_client` of one that they have deleted.
    #[must_use]
    pub fn refuses_client(&self) -> bool {
        let unauthorized =
            matches!(&*self.kind, Kind::Provider { error, .. } if error.as_str() == "unauthorized_client");
        unauthorized || matches!(*self.kind, Kind::InvalidClient { .. })
    }

    /// Whether the issuer said that the grant is over: only `invalid_grant`, as 400 or 401, from a token
    /// endpoint (RFC 6749 §5.2).
    #[must_use]
    pub fn ends_grant(&self) -> bool {
        matches!(*self.kind, Kind::InvalidGrant { .. })
    }

    /// Whether a token may well be good, but nobody except its server can tell.
    #[must_use]
    pub fn is_unverifiable(&self) -> bool {
        matches!(*self.kind, Kind::TokenUnverifiable { .. })
    }

    /// Whether the issuer said, in words that the quirk table knows, that `resource` should not have been
    /// sent.
    #[must_use]
    pub fn refuses_resource(&self) -> bool {
        let Some((host, words)) = self.words() else { return false };
        quirk::at(host).refuses_resource(&words)
    }

    /// Whether the issuer said that `scope` should not have been sent, or not like this. Some name it in a
    /// refusal of another kind.
    #[must_use]
    pub fn refuses_scope(&self) -> bool {
        let names =
            |said: &Option<Said>| said.iter().any(|said| said.as_str().to_lowercase().contains("scope"));
        if let Kind::Provider { error, said, .. } = &*self.kind {
            return error.as_str() == "invalid_scope" || names(said);
        }
        matches!(&*self.kind, Kind::InvalidGrant { said, .. } if names(said))
    }

    /// Whether the issuer said of the refresh token that it is dead, in other words than those of the protocol
    /// (RFC 6749 §5.2). Said once, that may be a mistake.
    #[must_use]
    pub fn may_end_grant(&self) -> bool {
        let Kind::Provider { error, said, .. } = &*self.kind else { return false };
        dead_token::is_meant(error.as_str(), said.as_ref().map(Said::as_str).unwrap_or_default())
    }

    /// The provider's own words, and its host.
    pub(crate) fn words(&self) -> Option<(&str, Vec<&str>)> {
        if let Kind::Provider { host, error, said } = &*self.kind {
            return Some((host, [error].into_iter().chain(said).map(Said::as_str).collect()));
        }
        let (Kind::InvalidGrant { host, said }
        | Kind::InvalidClient { host, said }
        | Kind::AccessDenied { host, said }) = &*self.kind
        else {
            return None;
        };
        Some((host, said.iter().map(Said::as_str).collect()))
    }

    /// What went wrong, for programs.
    #[must_use]
    pub fn code(&self) -> FaultCode {
        if self.refuses_resource() {
            return FaultCode::ResourceRefused;
        }
        let server = self.party == Party::Server;
        match *self.kind {
            Kind::Unreachable { .. } if server => FaultCode::ServerUnreachable,
            Kind::Unreachable { .. } => FaultCode::IssuerUnreachable,
            Kind::Slow { .. } if server => FaultCode::ServerSlow,
            Kind::Slow { .. } => FaultCode::IssuerSlow,
            Kind::Unanswered { .. } => FaultCode::IssuerUnanswered,
            Kind::Unavailable { .. } if server => FaultCode::ServerUnavailable,
            Kind::Unavailable { .. } => FaultCode::IssuerUnavailable,
            Kind::Certificate { .. } => FaultCode::CertificateRefused,
            Kind::TooLarge { .. } => FaultCode::AnswerTooLarge,
            Kind::NotJson { .. } => FaultCode::NotJson,
            Kind::Answer { .. } => FaultCode::AnswerInvalid,
            Kind::Status { .. } => FaultCode::UnexpectedStatus,
            Kind::Redirect { .. } => FaultCode::RedirectRefused,
            Kind::Address { .. } => FaultCode::AddressRefused,
            Kind::Insecure { .. } => FaultCode::InsecureEndpoint,
            Kind::Url { .. } | Kind::NamedUrl { .. } => FaultCode::UrlInvalid,
            Kind::NoSignIn { .. } => FaultCode::NoSignInNeeded,
            Kind::ResourceMismatch { .. } => FaultCode::ResourceMismatch,
            Kind::IssuerMismatch { .. } => FaultCode::IssuerMismatch,
            Kind::NoMetadata { .. } => FaultCode::MetadataMissing,
            Kind::NoPkce { .. } => FaultCode::NoPkce,
            Kind::NoBrowserSignIn { .. } => FaultCode::NoBrowserSignIn,
            Kind::NoDeviceSignIn { .. } => FaultCode::NoDeviceSignIn,
            Kind::DeviceExpired => FaultCode::DeviceExpired,
            Kind::TokenWrong { .. } => FaultCode::TokenWrong,
            Kind::TokenUnverifiable { .. } => FaultCode::TokenUnverifiable,
            Kind::NoScopes { .. } => FaultCode::ScopesNeeded,
            Kind::ClientDocument { .. } => FaultCode::ClientDocumentInvalid,
            Kind::PushRequired { .. } => FaultCode::PushedRequestsRequired,
            Kind::NoRegistration { .. } => FaultCode::RegistrationMissing,
            Kind::RegistrationRefused { .. } => FaultCode::RegistrationRefused,
            Kind::RedirectUriRefused { .. } => FaultCode::RedirectUriRefused,
            Kind::TokenType { .. } => FaultCode::TokenType,
            Kind::InvalidGrant { .. } => FaultCode::InvalidGrant,
            Kind::InvalidClient { .. } => FaultCode::InvalidClient,
            Kind::AccessDenied { .. } => FaultCode::AccessDenied,
            Kind::Provider { .. } => FaultCode::ProviderError,
            Kind::UnknownState => FaultCode::StateUnknown,
            Kind::AttemptExpired => FaultCode::AttemptExpired,
            Kind::CallbackIssuer { .. } => FaultCode::CallbackIssuerMismatch,
            Kind::CallbackUnsigned { .. } => FaultCode::SignInFailed,
            Kind::Reserved { .. } => FaultCode::ParameterReserved,
            Kind::Setting { .. } => FaultCode::SettingInvalid,
        }
    }

    /// What the person can do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        crate::advice::advice(self).text.into_owned()
    }

    /// The key of the configuration that the advice names, such as `oauth.scopes`, if it names one.
    #[must_use]
    pub fn setting(&self) -> Option<&'static str> {
        crate::advice::advice(self).setting
    }
}

/// What happened. Hosts are shown as written in the URL, with the port if it is not the usual one.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Kind {
    #[error("{host} cannot be reached{obstacle}")]
    Unreachable { host: String, obstacle: Obstacle },
    #[error("{host} did not answer in time")]
    Slow { host: String },
    #[error("{host} was asked for a token, and no answer came")]
    Unanswered { host: String },
    #[error("{host} answered {status}: it is out of order or overloaded")]
    Unavailable { host: String, status: u16 },
    #[error("{host} showed a certificate that this computer does not trust{distrust}")]
    Certificate { host: String, distrust: Distrust },
    #[error("{host} sent more than {limit} bytes")]
    TooLarge { host: String, limit: usize },
    #[error("{host} answered {status} with something that is not JSON")]
    NotJson { host: String, status: u16 },
    #[error("{host} answered with {problem}")]
    Answer { host: String, problem: String },
    #[error("{host} answered {status}")]
    Status { host: String, status: u16 },
    #[error("{host} redirected to {target}, which is not allowed here")]
    Redirect { host: String, target: Said },
    #[error("{host} is a private address, which a server elsewhere must not name")]
    Address { host: String },
    #[error("{name} is {url}, which is plain http")]
    Insecure { name: &'static str, url: Said, tls_proxy: bool },
    #[error("{name} is not a URL that can be used: {problem}")]
    Url { name: &'static str, problem: &'static str },
    #[error("{host} names a {name} that cannot be used: {problem}")]
    NamedUrl { host: String, name: &'static str, problem: &'static str },
    #[error("{host} asks for no sign-in")]
    NoSignIn { host: String },
    #[error("the server is {server}, but its own metadata says that it is {resource}")]
    ResourceMismatch { server: String, resource: Said },
    #[error("the metadata of {expected} says that it belongs to {found}")]
    IssuerMismatch { expected: Issuer, found: Said },
    #[error("{issuer} has no usable sign-in metadata ({tried})")]
    NoMetadata { issuer: String, tried: String },
    #[error("{issuer} does not say that it supports PKCE with S256")]
    NoPkce { issuer: String },
    #[error("{host} must be told the scopes to sign in for, and none are configured")]
    NoScopes { host: String, named: Option<Said> },
    #[error("the client metadata document {url} {problem}")]
    ClientDocument { url: String, problem: String, remedy: String },
    #[error("{issuer} offers no sign-in by a browser")]
    NoBrowserSignIn { issuer: String },
    #[error("{issuer} offers no sign-in on another device")]
    NoDeviceSignIn { issuer: String },
    #[error("the code was not typed in on the other device in time")]
    DeviceExpired,
    #[error("{issuer} wants authorization requests to be pushed, but does not say where")]
    PushRequired { issuer: String },
    #[error("{issuer} does not register clients by itself")]
    NoRegistration { issuer: String },
    #[error("{host} refused to register this program{}", because(.said))]
    RegistrationRefused { host: String, said: Option<Said> },
    #[error("{host} refused the redirect address {uri}{}", because(.said))]
    RedirectUriRefused { host: String, uri: String, said: Option<Said> },
    #[error("{host} issued a token of {}, not of type {wanted}", kind_of(.found))]
    TokenType { host: String, found: Option<Said>, wanted: &'static str },
    #[error("{host} issued {what} {problem}")]
    TokenWrong { host: String, what: &'static str, problem: String },
    #[error("{host} issued {what} {problem}")]
    TokenUnverifiable { host: String, what: &'static str, problem: String },
    #[error("{host} says that the authorization is no longer valid{}", because(.said))]
    InvalidGrant { host: String, said: Option<Said> },
    #[error("{host} does not accept this program's client{}", because(.said))]
    InvalidClient { host: String, said: Option<Said> },
    #[error("the sign-in was refused at {host}{}", because(.said))]
    AccessDenied { host: String, said: Option<Said> },
    #[error("{host} answered with the error {error}{}", because(.said))]
    Provider { host: String, error: Said, said: Option<Said> },
    #[error("the browser came back with an answer that belongs to no open sign-in")]
    UnknownState,
    #[error("the sign-in took longer than ten minutes")]
    AttemptExpired,
    #[error("the browser came back with an answer that is not from {issuer}")]
    CallbackIssuer { issuer: String },
    #[error(
        "the sign-in at {issuer} was refused: the browser came back with {what}, but not with the `iss` that {issuer} promises to send, so nothing else that it said is believed"
    )]
    CallbackUnsigned { issuer: String, what: &'static str },
    #[error("the parameter {name} is set by the sign-in itself")]
    Reserved { name: String },
    #[error("{name} cannot be used: {problem}")]
    Setting { name: String, problem: String },
}

fn because(said: &Option<Said>) -> String {
    said.as_ref().map(|said| format!("; it says {said}")).unwrap_or_default()
}

fn kind_of(found: &Option<Said>) -> String {
    found.as_ref().map_or_else(|| "no type".to_owned(), |found| format!("type {found}"))
}
