//! Names on the way to addresses, of which only those are kept that are as far away as they must be.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::obstacle::NoAddress;
use terms::reach::is_localhost;
pub(crate) use terms::reach::{Reach, is_loopback};
use words::say;

/// Every address of the host, without a judgement.
pub(crate) async fn resolve(host: &str) -> std::io::Result<Vec<SocketAddr>> {
    if is_localhost(host) {
        // Never asked of a name server: plain http is allowed to this name.
        return Ok(vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]);
    }
    Ok(tokio::net::lookup_host((host, 0)).await?.collect())
}

/// Resolves names for connections, and keeps only the addresses that `reach` allows. Checking here and not
/// beforehand leaves no gap in which a name can change its answer.
#[derive(Debug, Clone)]
pub(crate) struct Resolver {
    pub(crate) reach: Reach,
}

impl Resolver {
    pub(crate) async fn find(
        &self,
        name: &str,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let all = resolve(name).await.unwrap_or_default();
        if all.is_empty() {
            return Err(NoAddress.into());
        }
        let allowed: Vec<_> =
            all.into_iter().filter(|address| Reach::of(address.ip()) <= self.reach).collect();
        if allowed.is_empty() { Err(Refused.into()) } else { Ok(allowed) }
    }
}

/// All addresses of a name were nearer than allowed.
#[derive(Debug)]
pub(crate) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&say!(fault_address_not_allowed))
    }
}

impl std::error::Error for Refused {}
