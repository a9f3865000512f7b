//! How near to this machine an address is, and what a server may therefore name (SSRF).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// How near to this machine a server is. What a server names (metadata, endpoints, redirects) may be no
/// nearer than the server itself: a public server must not steer us into a private network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// On the open internet; may name public addresses only.
    Public,
    /// In a private or otherwise special network; may name private and public addresses.
    Private,
    /// On this machine; may name anything.
    Loopback,
}

impl Reach {
    /// How near `address` is.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => of_v4(v4),
            IpAddr::V6(v6) => of_v6(v6),
        }
    }

    /// How near the host is as far as the URL itself tells: an IP literal or a name of `localhost`.
    /// Nothing for other names, which only a resolver can place.
    #[must_use]
    pub fn written(url: &Url) -> Option<Self> {
        match url.host()? {
            Host::Ipv4(v4) => Some(of_v4(v4)),
            Host::Ipv6(v6) => Some(of_v6(v6)),
            Host::Domain(name) => is_localhost(name).then_some(Self::Loopback),
        }
    }
}

/// Whether a name is `localhost`, or one below it (RFC 6761 §6.3).
#[must_use]
pub fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether plain http to this URL stays on this machine: a loopback address, `localhost`, or a name below it.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(v4)) => v4.is_loopback(),
        Some(Host::Ipv6(v6)) => v6.is_loopback(),
        Some(Host::Domain(name)) => is_localhost(name),
        None => false,
    }
}

fn of_v4(v4: Ipv4Addr) -> Reach {
    let [a, b, c, _] = v4.octets();
    // 0.0.0.0 connects to this machine on Linux.
    if v4.is_loopback() || a == 0 {
        return Reach::Loopback;
    }
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmark = a == 198 && (b == 18 || b == 19);
    let special = v4.is_private() || v4.is_link_local() || v4.is_documentation() || a >= 224;
    if shared || protocol || benchmark || special { Reach::Private } else { Reach::Public }
}

fn of_v6(v6: Ipv6Addr) -> Reach {
    if v6.is_loopback() || v6.is_unspecified() {
        return Reach::Loopback;
    }
    if let Some(v4) = embedded(v6) {
        return of_v4(v4);
    }
    // Global unicast is 2000::/3; of that, 2001:db8::/32 is documentation and 2001::/32 is Teredo.
    let [a, b, ..] = v6.segments();
    let global = a & 0xE000 == 0x2000;
    let special = a == 0x2001 && (b == 0x0DB8 || b == 0);
    if global && !special { Reach::Public } else { Reach::Private }
}

/// The IPv4 address that a mapped, compatible, NAT64 or 6to4 address leads to.
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0 | 0xFFFF) | (0, 0, 0, 0, 0xFFFF, 0) | (0x64, 0xFF9B, 0, 0, 0, 0) => Some(v4(g, h)),
        (0x2002, ..) => Some(v4(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(text: &str) -> Reach {
        Reach::of(text.parse().unwrap())
    }

    #[test]
    fn addresses_of_this_machine_are_loopback() {
        for text in ["127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]
        {
            assert_eq!(reach(text), Reach::Loopback, "{text}");
        }
    }

    #[test]
    fn special_networks_are_private() {
        let special =
            ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1"];
        let more = ["224.0.0.1", "255.255.255.255", "fd00::1", "fe80::1", "ff02::1", "::ffff:10.0.0.1"];
        let rest = ["2002:a00:1::", "2001:db8::1", "2001::1", "192.0.0.1"];
        for text in special.iter().chain(&more).chain(&rest) {
            assert_eq!(reach(text), Reach::Private, "{text}");
        }
    }

    #[test]
    fn the_rest_is_public() {
        for text in ["1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "100.128.0.1"] {
            assert_eq!(reach(text), Reach::Public, "{text}");
        }
    }

    #[test]
    fn numbers_in_disguise_are_seen_in_the_url() {
        for text in [
            "http://2130706433/",
            "http://0x7f.1/",
            "http://127.1/",
            "http://LOCALHOST./",
            "http://a.localhost",
        ] {
            assert_eq!(Reach::written(&Url::parse(text).unwrap()), Some(Reach::Loopback), "{text}");
        }
        assert_eq!(Reach::written(&Url::parse("https://example.com").unwrap()), None);
    }
}
