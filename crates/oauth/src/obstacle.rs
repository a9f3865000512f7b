//! What is in the way of a connection, and why a certificate is not trusted.

use std::error::Error;
use std::fmt;
use std::io;

use rustls::CertificateError;

use crate::http::trust::NoAuthorities;
use crate::target::cause;

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
        match self {
            Self::Name => f.write_str(": its name has no address"),
            Self::Refused => f.write_str(": nothing listens there"),
            Self::Proxy(proxy, ProxyProblem::Credentials) => {
                write!(f, ": the proxy {proxy} wants a user name and password (407)")
            }
            Self::Proxy(proxy, ProxyProblem::Refuses) => {
                write!(f, ": the proxy {proxy} does not let us through to it")
            }
            Self::Proxy(proxy, ProxyProblem::Unreachable) => write!(f, ": the proxy {proxy} does not answer"),
            Self::Other => Ok(()),
        }
    }
}

/// A name that has no address. The system's own error has no kind that tells.
#[derive(Debug)]
pub(crate) struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
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
        f.write_str(match self {
            Self::Authority => ": nobody this computer knows vouches for it",
            Self::Expired => ": it has expired",
            Self::NotYetValid => ": it is not valid yet",
            Self::OtherName => ": it is for another name",
            Self::NoAuthorities => ": it knows no certificate authority at all",
            Self::Other => "",
        })
    }
}
