//! What is in the way of a connection, and why a certificate is not trusted.

use std::error::Error;
use std::fmt;
use std::io;

use rustls::CertificateError;
use words::say;

use crate::cause::cause;
use crate::http::trust::NoAuthorities;

/// What is in the way of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The name has no address.
    Name,
    /// Nothing listens there.
    Refused,
    /// The proxy on the way; named without its user name and password.
    Proxy(String, ProxyProblem),
    /// Something else.
    Other,
}

/// What a proxy did instead of letting us through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProxyProblem {
    /// It wants a user name and password, or others than those it was given (407).
    Credentials,
    /// It does not connect to this host.
    Refuses,
    /// It does not answer itself.
    Unreachable,
}

impl Obstacle {
    /// Reads a failed connection, which went through `proxy` if there is one.
    pub(crate) fn of(error: &(dyn Error + 'static), proxy: Option<String>) -> Self {
        if let Some(proxy) = proxy {
            return Self::Proxy(proxy, ProxyProblem::of(error));
        }
        if cause::<NoAddress>(error).is_some() {
            return Self::Name;
        }
        let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
        if cause(error).is_some_and(refused) { Self::Refused } else { Self::Other }
    }
}

impl ProxyProblem {
    /// The type of a tunnel's error is private; its words are all there is.
    fn of(error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            match error.to_string().as_str() {
                "tunnel error: proxy authorization required" => return Self::Credentials,
                "tunnel error: unsuccessful" | "tunnel error: unexpected end of file" => {
                    return Self::Refuses;
                }
                _ => next = error.source(),
            }
        }
        Self::Unreachable
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Name => say!(fault_obstacle_name),
            Self::Refused => say!(fault_obstacle_refused),
            Self::Proxy(proxy, ProxyProblem::Credentials) => say!(fault_obstacle_credentials, proxy = proxy),
            Self::Proxy(proxy, ProxyProblem::Refuses) => say!(fault_obstacle_proxy_refuses, proxy = proxy),
            Self::Proxy(proxy, ProxyProblem::Unreachable) => say!(fault_obstacle_proxy_silent, proxy = proxy),
            Self::Other => return Ok(()),
        })
    }
}

/// A name that has no address. The system's own error has no kind that tells.
#[derive(Debug)]
pub(crate) struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&say!(fault_no_address))
    }
}

impl Error for NoAddress {}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// Nobody known vouches for it: a company's own authority, or the certificate is its own.
    Authority,
    /// Its time is over.
    Expired,
    /// Its time has not begun, or this computer's clock is wrong.
    NotYetValid,
    /// It is for other names.
    OtherName,
    /// This system has no authorities that could vouch for anybody.
    NoAuthorities,
    /// Something else.
    Other,
}

impl Distrust {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the enum of rustls is open")]
    pub(crate) fn of(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::Authority,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::OtherName
            }
            CertificateError::Other(error) if error.0.is::<NoAuthorities>() => Self::NoAuthorities,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Authority => say!(fault_distrust_authority),
            Self::Expired => say!(fault_distrust_expired),
            Self::NotYetValid => say!(fault_distrust_not_yet_valid),
            Self::OtherName => say!(fault_distrust_other_name),
            Self::NoAuthorities => say!(fault_distrust_no_authorities),
            Self::Other => return Ok(()),
        })
    }
}
