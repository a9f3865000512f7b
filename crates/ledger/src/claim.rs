//! What a sign-in wants a redirect URI for, and when two such are of one place or one issuer.

use config::thing::is_here;
use ground::fingerprint::fingerprint;
use url::Url;

/// Where the redirect URIs of our own registrations lead: each to a path that is made of its issuer.
const REGISTERED: &str = "/callback/";

/// Whose doing a sign-in was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// The person had a part in it.
    Persons,
    /// All of it was a program's.
    Programs,
}

/// The person's part in a sign-in, from the one that says least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// None: a program added the server, and began the sign-in.
    Nothing,
    /// They configured the server.
    Configured,
    /// They began the sign-in.
    Began,
}

impl Part {
    /// Whose doing the sign-in was.
    #[must_use]
    pub const fn doing(self) -> Doing {
        match self {
            Self::Nothing => Doing::Programs,
            Self::Configured | Self::Began => Doing::Persons,
        }
    }
}

/// From whom a sign-in takes what it needs, where that is another issuer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// From nobody.
    FromNobody,
    /// From who has it by a program's doing alone: nobody can be asked, and the server is of the person's own
    /// file.
    FromPrograms,
    /// From anybody: the person gave it to the issuer.
    FromAnybody,
}

/// What a sign-in wants a redirect URI for.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The redirect URI.
    pub uri: String,
    /// Who is to have it.
    pub issuer: String,
    /// Whether the issuer promises to say who it is, which its answers are then held to.
    pub says_iss: bool,
    /// The person's part in it.
    pub part: Part,
    /// Whether another port is no other place: issuers must not mind the port of this machine (RFC 8252
    /// §7.3). Only what the person wrote is told apart by it.
    pub any_port: bool,
    /// From whom it may be taken.
    pub taking: Taking,
}

impl Claim {
    /// What an issuer that says nothing of itself has had all along, and takes from nobody.
    pub(crate) fn kept(uri: &str, issuer: &str) -> Self {
        Self {
            uri: uri.to_owned(),
            issuer: issuer.to_owned(),
            says_iss: false,
            part: Part::Configured,
            any_port: false,
            taking: Taking::FromNobody,
        }
    }

    /// Whether `uri` leads to the same place.
    pub fn is_at(&self, uri: &str) -> bool {
        self.uri == uri
            || matches!((Url::parse(&self.uri), Url::parse(uri)), (Ok(one), Ok(other)) if is_one_place(&one, &other, self.any_port))
    }

    /// Whether it is this issuer's.
    pub fn is_of(&self, issuer: &str) -> bool {
        is_one_issuer(&self.issuer, issuer)
    }

    /// Whether it is of the form that our registrations have; then, whether it is one at this issuer.
    pub fn registration(&self) -> Option<bool> {
        let path = Url::parse(&self.uri).ok()?;
        let mark = path.path().strip_prefix(REGISTERED)?;
        let is_mark = mark.len() == 32 && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_mark.then(|| registered_path(&self.issuer) == path.path())
    }
}

/// The path that is an issuer's own.
pub fn registered_path(issuer: &str) -> String {
    format!("{REGISTERED}{}", fingerprint(&[issuer]))
}

/// Names of this machine are one place, and so are http and https there: who registers one may be sent to the
/// other.
fn is_one_place(one: &Url, other: &Url, any_port: bool) -> bool {
    let here = is_here(one) && is_here(other);
    let host = one.path() == other.path() && (here || one.origin() == other.origin());
    host && (!here || any_port || one.port_or_known_default() == other.port_or_known_default())
}

/// An issuer is a name, byte for byte; a bare origin is one with a slash and without.
pub fn is_one_issuer(one: &str, other: &str) -> bool {
    let bare = |text: &str| Url::parse(text).is_ok_and(|url| url.path() == "/");
    one == other || (one.trim_end_matches('/') == other.trim_end_matches('/') && bare(one) && bare(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_registration_is_its_issuers() {
        const HONEST: &str = "https://honest.example";
        const OTHER: &str = "https://other.example";
        let registration = |uri: &str, issuer| Claim::kept(uri, issuer).registration();
        let own = format!("http://127.0.0.1:5/{}", registered_path(HONEST).trim_start_matches('/'));
        assert_eq!(registration(&own, HONEST), Some(true));
        assert_eq!(registration(&own, OTHER), Some(false));
        assert_eq!(registration("http://localhost:3118/callback", OTHER), None);
    }
}
