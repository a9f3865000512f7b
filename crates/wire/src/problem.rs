//! Errors on the socket: RFC 9457 problem documents with a stable `code` and the `advice` that ends the
//! trouble.

use crate::{AnyReason, Reason};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// What went wrong, for programs. A program decides on this, never on a text.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The person has not signed in to this server yet.
    AuthorizationRequired,
    /// The issuer ended the grant; the person must sign in again.
    Lapsed,
    /// The issuer does not know MCP Valet's registration any more; the person must sign in again.
    RegistrationLost,
    /// The person has not said whether this agent may use this server, and nobody can be asked now.
    ConsentRequired,
    /// The vault is locked or cannot be read.
    Locked,
    /// The person said "not now" to signing in, for this session.
    Declined,
    /// The person said no to this agent.
    Denied,
    /// This server's credential is only used inside the proxy.
    ProxyOnly,
    /// A sign-in or a refresh did not succeed.
    Failed,
    /// The provider answered with an error of its own.
    ProviderError,
    /// The time allowed ran out before the person or the provider answered.
    Timeout,
    /// This program has as much under way at a time as one may have.
    Busy,
    /// No such server in the configuration.
    UnknownServer,
    /// Several servers share this URL; a name is needed.
    AmbiguousServer,
    /// The request is not of the form that the call takes.
    InvalidRequest,
    /// No such call, or not for this caller.
    NotFound,
    /// The valet itself could not do its part, such as writing the audit entry.
    Internal,
}

impl Code {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::AuthorizationRequired | Self::Lapsed | Self::RegistrationLost => 401,
            Self::ConsentRequired | Self::Declined | Self::Denied | Self::ProxyOnly => 403,
            Self::Locked => 423,
            Self::Failed | Self::ProviderError => 502,
            Self::Timeout => 504,
            Self::Busy => 429,
            Self::UnknownServer | Self::NotFound => 404,
            Self::AmbiguousServer => 409,
            Self::InvalidRequest => 400,
            Self::Internal => 500,
        }
    }

    /// The exit status of `mcp-valet` for the code.
    #[must_use]
    pub const fn exit(self) -> u8 {
        match self {
            Self::AuthorizationRequired
            | Self::Lapsed
            | Self::RegistrationLost
            | Self::ConsentRequired
            | Self::Locked => 3,
            Self::Declined | Self::Denied | Self::ProxyOnly => 4,
            Self::Failed | Self::ProviderError => 5,
            Self::Timeout => 7,
            Self::UnknownServer | Self::AmbiguousServer | Self::InvalidRequest => 8,
            Self::NotFound | Self::Internal | Self::Busy => 1,
        }
    }

    /// The code as it is written on the socket.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationRequired => "authorization_required",
            Self::Lapsed => "lapsed",
            Self::RegistrationLost => "registration_lost",
            Self::ConsentRequired => "consent_required",
            Self::Locked => "locked",
            Self::Declined => "declined",
            Self::Denied => "denied",
            Self::ProxyOnly => "proxy_only",
            Self::Failed => "failed",
            Self::ProviderError => "provider_error",
            Self::Timeout => "timeout",
            Self::Busy => "busy",
            Self::UnknownServer => "unknown_server",
            Self::AmbiguousServer => "ambiguous_server",
            Self::InvalidRequest => "invalid_request",
            Self::NotFound => "not_found",
            Self::Internal => "internal",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::AuthorizationRequired => "Sign-in needed",
            Self::Lapsed => "Sign-in has ended",
            Self::RegistrationLost => "Registration lost",
            Self::ConsentRequired => "Consent needed",
            Self::Locked => "Locked",
            Self::Declined => "Not now",
            Self::Denied => "Not allowed",
            Self::ProxyOnly => "Proxy only",
            Self::Failed => "Sign-in failed",
            Self::ProviderError => "Provider error",
            Self::Timeout => "Time ran out",
            Self::Busy => "Too much at a time",
            Self::UnknownServer => "Unknown server",
            Self::AmbiguousServer => "Several servers share this URL",
            Self::InvalidRequest => "Request not understood",
            Self::NotFound => "No such call",
            Self::Internal => "The valet could not do this",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error answer, `application/problem+json` (RFC 9457 §3.1). Its `type`, `title` and `status` follow from
/// the code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(as = "ProblemDetails<'static>"))]
#[error("{detail}")]
pub struct Problem {
    /// What happened, for programs.
    pub code: Code,
    /// What happened this time, in one sentence.
    pub detail: String,
    /// What to do about it, in one sentence or two.
    pub advice: String,
    /// The finer cause, such as `no_pkce` or `issuer_mismatch`, where there is one.
    #[serde(default)]
    pub reason: Option<AnyReason>,
    /// The key of the configuration that the advice names, such as `oauth.scopes`, if it names one.
    #[serde(default)]
    pub setting: Option<String>,
}

impl Problem {
    /// A problem without a finer cause. Whatever of its words comes from outside hides nothing and turns no
    /// line.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { code, detail: seen(detail.into()), advice: seen(advice.into()), reason: None, setting: None }
    }

    /// The same problem with its finer cause.
    #[must_use]
    pub fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The same problem, whose advice names this key of the configuration.
    #[must_use]
    pub fn at(mut self, setting: impl Into<String>) -> Self {
        self.setting = Some(setting.into());
        self
    }

    /// The finer cause, where there is one that this version knows.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self.reason {
            Some(AnyReason::Known(reason)) => Some(reason),
            Some(AnyReason::Unknown(_)) | None => None,
        }
    }
}

fn seen(text: String) -> String {
    if text.contains(plain::misleads) { plain::shown(&text) } else { text }
}

/// A [`Problem`] as it is sent.
#[derive(Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(rename = "Problem", optional_fields)
)]
struct ProblemDetails<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: Code,
    advice: &'a str,
    /// The valet itself sends only what it knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(as = "Option<Reason>"), schemars(with = "Option<Reason>"))]
    reason: Option<&'a AnyReason>,
    /// The key of the configuration that the advice names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    setting: Option<&'a str>,
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = ProblemDetails {
            r#type: format!("urn:mcp-valet:{}", self.code),
            title: self.code.title(),
            status: self.code.status(),
            detail: &self.detail,
            code: self.code,
            advice: &self.advice,
            reason: self.reason.as_ref(),
            setting: self.setting.as_deref(),
        };
        document.serialize(serializer)
    }
}

#[cfg(feature = "types")]
impl schemars::JsonSchema for Problem {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Problem".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        ProblemDetails::json_schema(generator)
    }
}
