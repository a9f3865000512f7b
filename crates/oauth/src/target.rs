//! Where a request goes, and what may be asked there.

use url::Url;

use crate::address::{Reach, Refused};
use crate::fault::{Fault, Kind, Party};
use crate::said::Said;
use crate::uri;

/// Where a request goes, whose host that is, and how near it may be.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) url: &'a Url,
    pub(crate) whose: Party,
    pub(crate) reach: Reach,
}

impl Target<'_> {
    /// The host, for a person to read.
    pub(crate) fn host(&self) -> String {
        host(self.url)
    }

    pub(crate) fn fault(&self, kind: Kind) -> Fault {
        Fault::new(self.whose, kind)
    }

    /// Refuses URLs that may not be asked: anything but https (http on this machine), user information, and
    /// hosts whose very text is nearer than allowed.
    pub(crate) fn permit(&self) -> Result<(), Fault> {
        if !uri::is_permitted(self.url) {
            let url = Said::new(self.url.as_str());
            let kind = |url| Kind::Insecure { name: "the address", url, tls_proxy: false };
            return Err(self.fault(url.map_or(Kind::Url { name: "the address", problem: "empty" }, kind)));
        }
        if uri::has_user(self.url) {
            return Err(
                self.fault(Kind::Url { name: "the address", problem: "it holds a user name or password" })
            );
        }
        if Reach::written(self.url).is_some_and(|written| written > self.reach) {
            return Err(self.fault(Kind::Address { host: self.host() }));
        }
        Ok(())
    }
}

/// The host of a URL, with its port if that is not the usual one.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// What a request that got no answer means.
pub(crate) fn failed(target: Target<'_>, error: reqwest::Error) -> Fault {
    let host = target.host();
    let kind = if caused_by::<Refused>(&error) {
        Kind::Address { host }
    } else if error.is_timeout() {
        Kind::Slow { host }
    } else if caused_by::<rustls::Error>(&error) {
        Kind::Certificate { host }
    } else {
        Kind::Unreachable { host }
    };
    target.fault(kind).caused_by(error)
}

/// Whether an error of type `E` is among the causes. `std::io::Error` hides the one it wraps.
pub(crate) fn caused_by<E: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    if let Some(inner) = inner {
        return caused_by::<E>(inner);
    }
    error.is::<E>() || error.source().is_some_and(caused_by::<E>)
}
