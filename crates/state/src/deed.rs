//! What programs did over the socket that the person should know of: what only lowers, which is done at once,
//! and what undoes their "not now".

use serde::Serialize;
use words::say;

/// More than these are not shown at once; each is in the audit.
const MOST: usize = 5;

/// What a program did.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It revoked a server's grant.
    Revoked,
    /// It removed a server.
    Removed,
    /// It said "not now" to signing in.
    Declined,
    /// It began a sign-in to what the person had said "not now" to, and somebody finished it.
    SignedIn,
    /// It revoked everything.
    RevokedAll,
    /// It locked the valet.
    Locked,
    /// It wiped a server's key.
    KeyWiped,
    /// It ended a forward to the place that stands in the server's stead.
    ForwardEnded,
}

/// Something that a program did, shown until the person has seen it.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deed {
    /// The number by which it is put away.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub id: u64,
    /// The agent's name.
    pub agent: String,
    /// What it did.
    pub what: What,
    /// The server's name, where it was about one.
    pub server: Option<String>,
}

impl Deed {
    /// Such as `"curl" revoked "linear"`. Both names come from outside, and may read like a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let agent = self.agent.replace('"', "'");
        let server = self.server.as_deref().unwrap_or_default().replace('"', "'");
        match self.what {
            What::Revoked => say!(deed_revoked, agent = agent, server = server),
            What::Removed => say!(deed_removed, agent = agent, server = server),
            What::Declined => say!(deed_declined, agent = agent, server = server),
            What::SignedIn => say!(deed_signed_in, agent = agent, server = server),
            What::RevokedAll => say!(deed_revoked_all, agent = agent),
            What::Locked => say!(deed_locked, agent = agent),
            What::ForwardEnded => say!(deed_forward_ended, agent = agent, host = server),
            What::KeyWiped => say!(deed_key_wiped, agent = agent, server = server),
        }
    }
}

/// The same again says nothing new, and a flood of them pushes out the oldest.
pub fn add(deeds: &mut Vec<Deed>, deed: Deed) {
    let known = |old: &Deed| (&old.agent, old.what, &old.server) == (&deed.agent, deed.what, &deed.server);
    if deeds.iter().any(known) {
        return;
    }
    if deeds.len() == MOST {
        deeds.remove(0);
    }
    deeds.push(deed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_again_is_not_shown_twice_and_a_flood_keeps_the_newest() {
        let deed = |id, server: &str| Deed {
            id,
            agent: "curl".to_owned(),
            what: What::Declined,
            server: Some(server.to_owned()),
        };
        let mut deeds = Vec::new();
        (0..3).for_each(|id| add(&mut deeds, deed(id, "a")));
        assert_eq!(deeds.iter().map(|deed| deed.id).collect::<Vec<_>>(), [0]);
        (3..20).for_each(|id| add(&mut deeds, deed(id, &id.to_string())));
        assert_eq!(deeds.iter().map(|deed| deed.id).collect::<Vec<_>>(), [15, 16, 17, 18, 19]);
    }
}
