//! What can go wrong, who is at fault, and what helps.

mod code;
mod dead_token;

pub use code::FaultCode;

use std::fmt;
use std::sync::Arc;

use crate::obstacle::{Distrust, Obstacle};
use crate::quirk;
use crate::said::Said;
use terms::{BadUrl, Issuer, Noun};
use words::say;

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

    /// Whether the issuer said of the refresh token that it is dead, in other words than those of the
    /// protocol (RFC 6749 §5.2). Said once, that may be a mistake.
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
        crate::advise::advice(self).text
    }

    /// The key of the configuration that the advice names, such as `oauth.scopes`, if it names one.
    #[must_use]
    pub fn setting(&self) -> Option<&'static str> {
        crate::advise::advice(self).setting
    }
}

/// What happened. Hosts are shown as written in the URL, with the port if it is not the usual one.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Unreachable { host: String, obstacle: Obstacle },
    Slow { host: String },
    Unanswered { host: String },
    Unavailable { host: String, status: u16 },
    Certificate { host: String, distrust: Distrust },
    TooLarge { host: String, limit: usize },
    NotJson { host: String, status: u16 },
    Answer { host: String, problem: String },
    Status { host: String, status: u16 },
    Redirect { host: String, target: Said },
    Address { host: String },
    Insecure { name: String, url: Said, tls_proxy: bool },
    Url { name: String, problem: String },
    NamedUrl { host: String, name: String, problem: String },
    NoSignIn { host: String },
    ResourceMismatch { server: String, resource: Said },
    IssuerMismatch { expected: Issuer, found: Said },
    NoMetadata { issuer: String, tried: String },
    NoPkce { issuer: String },
    NoScopes { host: String, named: Option<Said> },
    ClientDocument { url: String, problem: String, remedy: String },
    NoBrowserSignIn { issuer: String },
    NoDeviceSignIn { issuer: String },
    DeviceExpired,
    PushRequired { issuer: String },
    NoRegistration { issuer: String },
    RegistrationRefused { host: String, said: Option<Said> },
    RedirectUriRefused { host: String, uri: String, said: Option<Said> },
    TokenType { host: String, found: Option<Said>, wanted: &'static str },
    TokenWrong { host: String, what: String, problem: String },
    TokenUnverifiable { host: String, what: String, problem: String },
    InvalidGrant { host: String, said: Option<Said> },
    InvalidClient { host: String, said: Option<Said> },
    AccessDenied { host: String, said: Option<Said> },
    Provider { host: String, error: Said, said: Option<Said> },
    UnknownState,
    AttemptExpired,
    CallbackIssuer { issuer: String },
    CallbackUnsigned { issuer: String, what: String },
    Reserved { name: String },
    Setting { name: String, problem: String },
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Unreachable { host, obstacle } => {
                say!(fault_unreachable, host = host, obstacle = obstacle.to_string())
            }
            Self::Slow { host } => say!(fault_slow, host = host),
            Self::Unanswered { host } => say!(fault_unanswered, host = host),
            Self::Unavailable { host, status } => say!(fault_unavailable, host = host, status = *status),
            Self::Certificate { host, distrust } => {
                say!(fault_certificate, host = host, distrust = distrust.to_string())
            }
            Self::TooLarge { host, limit } => say!(fault_too_large, host = host, limit = limit.to_string()),
            Self::NotJson { host, status } => say!(fault_not_json, host = host, status = *status),
            Self::Answer { host, problem } => say!(fault_answer, host = host, problem = problem),
            Self::Status { host, status } => say!(fault_status, host = host, status = *status),
            Self::Redirect { host, target } => say!(fault_redirect, host = host, target = target.to_string()),
            Self::Address { host } => say!(fault_address, host = host),
            Self::Insecure { name, url, .. } => say!(fault_insecure, name = name, url = url.to_string()),
            Self::Url { name, problem } => say!(fault_url, name = name, problem = problem),
            Self::NamedUrl { host, name, problem } => {
                say!(fault_named_url, host = host, name = name, problem = problem)
            }
            Self::NoSignIn { host } => say!(fault_no_sign_in, host = host),
            Self::ResourceMismatch { server, resource } => {
                say!(fault_resource_mismatch, server = server, resource = resource.to_string())
            }
            Self::IssuerMismatch { expected, found } => {
                say!(fault_issuer_mismatch, expected = expected.to_string(), found = found.to_string())
            }
            Self::NoMetadata { issuer, tried } => say!(fault_no_metadata, issuer = issuer, tried = tried),
            Self::NoPkce { issuer } => say!(fault_no_pkce, issuer = issuer),
            Self::NoScopes { host, .. } => say!(fault_no_scopes, host = host),
            Self::ClientDocument { url, problem, .. } => {
                say!(fault_client_document, url = url, problem = problem)
            }
            Self::NoBrowserSignIn { issuer } => say!(fault_no_browser_sign_in, issuer = issuer),
            Self::NoDeviceSignIn { issuer } => say!(fault_no_device_sign_in, issuer = issuer),
            Self::DeviceExpired => say!(fault_device_expired),
            Self::PushRequired { issuer } => say!(fault_push_required, issuer = issuer),
            Self::NoRegistration { issuer } => say!(fault_no_registration, issuer = issuer),
            Self::RegistrationRefused { host, said } => {
                say!(fault_registration_refused, host = host, because = because(said))
            }
            Self::RedirectUriRefused { host, uri, said } => {
                say!(fault_redirect_uri_refused, host = host, uri = uri, because = because(said))
            }
            Self::TokenType { host, found, wanted } => {
                say!(fault_token_type, host = host, kind = kind_of(found), wanted = *wanted)
            }
            Self::TokenWrong { host, what, problem } => {
                say!(fault_token_wrong, host = host, what = what, problem = problem)
            }
            Self::TokenUnverifiable { host, what, problem } => {
                say!(fault_token_unverifiable, host = host, what = what, problem = problem)
            }
            Self::InvalidGrant { host, said } => {
                say!(fault_invalid_grant, host = host, because = because(said))
            }
            Self::InvalidClient { host, said } => {
                say!(fault_invalid_client, host = host, because = because(said))
            }
            Self::AccessDenied { host, said } => {
                say!(fault_access_denied, host = host, because = because(said))
            }
            Self::Provider { host, error, said } => {
                say!(fault_provider, host = host, error = error.to_string(), because = because(said))
            }
            Self::UnknownState => say!(fault_unknown_state),
            Self::AttemptExpired => say!(fault_attempt_expired),
            Self::CallbackIssuer { issuer } => say!(fault_callback_issuer, issuer = issuer),
            Self::CallbackUnsigned { issuer, what } => {
                say!(fault_callback_unsigned, issuer = issuer, what = what)
            }
            Self::Reserved { name } => say!(fault_reserved, name = name),
            Self::Setting { name, problem } => say!(fault_setting, name = name, problem = problem),
        })
    }
}

fn because(said: &Option<Said>) -> String {
    said.as_ref().map(|said| say!(fault_because, said = said.to_string())).unwrap_or_default()
}

fn kind_of(found: &Option<Said>) -> String {
    found.as_ref().map_or_else(|| say!(fault_no_type), |found| say!(fault_of_type, found = found.to_string()))
}
