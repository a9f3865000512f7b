//! What a fault is, for programs.

use serde::Serialize;
use std::fmt;

/// What went wrong, as a name that outlives a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The issuer would not have `resource` (RFC 8707).
    ResourceRefused,
    /// The server cannot be reached.
    ServerUnreachable,
    /// The issuer cannot be reached.
    IssuerUnreachable,
    /// The server did not answer in time.
    ServerSlow,
    /// The issuer did not answer in time.
    IssuerSlow,
    /// The issuer was asked for a token, and no answer came.
    IssuerUnanswered,
    /// The server is out of order or overloaded.
    ServerUnavailable,
    /// The issuer is out of order or overloaded.
    IssuerUnavailable,
    /// A certificate is not trusted.
    CertificateRefused,
    /// An answer is too long.
    AnswerTooLarge,
    /// An answer is not JSON.
    NotJson,
    /// An answer is not as the protocol has it.
    AnswerInvalid,
    /// An answer has an unexpected status.
    UnexpectedStatus,
    /// A redirect leads where none is followed.
    RedirectRefused,
    /// A server elsewhere names a private address.
    AddressRefused,
    /// An endpoint is plain http.
    InsecureEndpoint,
    /// An address cannot be used.
    UrlInvalid,
    /// The server asks for no sign-in.
    NoSignInNeeded,
    /// The server's metadata is that of another resource.
    ResourceMismatch,
    /// The metadata is that of another issuer.
    IssuerMismatch,
    /// An issuer has no usable metadata.
    MetadataMissing,
    /// An issuer does not say that it supports PKCE with S256.
    NoPkce,
    /// An issuer offers no sign-in by a browser.
    NoBrowserSignIn,
    /// An issuer offers no sign-in on another device.
    NoDeviceSignIn,
    /// The code was not typed in in time.
    DeviceExpired,
    /// A token did not stand its check.
    TokenWrong,
    /// Nobody but its server can check a token.
    TokenUnverifiable,
    /// The scopes must be configured.
    ScopesNeeded,
    /// The client metadata document cannot be used.
    ClientDocumentInvalid,
    /// Requests are to be pushed, and nobody says where.
    PushedRequestsRequired,
    /// The issuer registers no clients by itself.
    RegistrationMissing,
    /// The issuer refused to register this program.
    RegistrationRefused,
    /// The issuer refused the redirect URI.
    RedirectUriRefused,
    /// A token is of another type than it should be.
    TokenType,
    /// The issuer says that the grant is over.
    InvalidGrant,
    /// The issuer does not accept our client.
    InvalidClient,
    /// The sign-in was refused.
    AccessDenied,
    /// The issuer answered with an error of its own.
    ProviderError,
    /// The answer belongs to no open sign-in.
    StateUnknown,
    /// The sign-in took too long.
    AttemptExpired,
    /// The answer is that of another issuer.
    CallbackIssuerMismatch,
    /// The sign-in failed, and nobody signed why.
    SignInFailed,
    /// A parameter is set by the sign-in itself.
    ParameterReserved,
    /// A setting cannot be used.
    SettingInvalid,
}

impl fmt::Display for FaultCode {
    /// Its name in snake_case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
