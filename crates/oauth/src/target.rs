//! Where a request goes, and what may be asked there.

use std::error::Error;

use url::Url;

use crate::address::{Reach, Refused};
use crate::cause::cause;
use crate::fault::{Fault, Kind, Party};
use crate::http::coding::Undecodable;
use crate::http::failure::{Failure, TooLate};
use crate::obstacle::{Distrust, Obstacle};
use crate::said::Said;
use crate::uri::{self, host};
use words::say;

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
        let wrong = |problem| self.fault(Kind::Url { name: say!(fault_name_address), problem });
        if !uri::is_permitted(self.url) {
            let plain = (self.url.scheme() == "http").then(|| Said::address(self.url.as_str())).flatten();
            return Err(match plain {
                Some(url) => {
                    self.fault(Kind::Insecure { name: say!(fault_name_address), url, tls_proxy: false })
                }
                None => wrong(say!(fault_url_no_https)),
            });
        }
        if uri::has_user(self.url) {
            return Err(wrong(say!(fault_url_user)));
        }
        if Reach::written(self.url).is_some_and(|written| written > self.reach) {
            return Err(self.fault(Kind::Address { host: self.host() }));
        }
        Ok(())
    }
}

/// What a request that got no answer means. `proxy` is the one it went through, if any.
pub(crate) fn failed(target: Target<'_>, error: reqwest::Error, proxy: Option<String>) -> Fault {
    let kind = match error.is_timeout() {
        true => Kind::Slow { host: target.host() },
        false => meaning(target, &error, proxy),
    };
    target.fault(kind).caused_by(error)
}

/// What it means that a server gave no answer to a request that went to it directly.
pub(crate) fn without_answer(target: Target<'_>, failure: &Failure) -> Fault {
    let host = target.host();
    let kind = match failure {
        Failure::Interim => Kind::Answer { host, problem: failure.to_string() },
        Failure::Connection(_) | Failure::Broken(_) if cause::<TooLate>(failure).is_some() => {
            Kind::Slow { host }
        }
        Failure::Connection(_) | Failure::Broken(_) => meaning(target, failure, None),
    };
    target.fault(kind)
}

/// What it means that an answer broke off.
pub(crate) fn broke_off(target: Target<'_>, error: &(dyn Error + 'static)) -> Fault {
    let is_slow = cause::<reqwest::Error>(error).is_some_and(reqwest::Error::is_timeout);
    let kind = if is_slow { Kind::Slow { host: target.host() } } else { meaning(target, error, None) };
    target.fault(kind)
}

fn meaning(target: Target<'_>, error: &(dyn Error + 'static), proxy: Option<String>) -> Kind {
    let host = target.host();
    if cause::<Refused>(error).is_some() {
        Kind::Address { host }
    } else if let Some(rustls::Error::InvalidCertificate(problem)) = cause(error) {
        Kind::Certificate { host, distrust: Distrust::of(problem) }
    } else if let Some(undecodable) = cause::<Undecodable>(error) {
        Kind::Answer { host, problem: undecodable.to_string() }
    } else if cause(error).is_some_and(hyper::Error::is_parse) {
        Kind::Answer { host, problem: say!(fault_answer_no_http) }
    } else {
        Kind::Unreachable { host, obstacle: Obstacle::of(error, proxy) }
    }
}
