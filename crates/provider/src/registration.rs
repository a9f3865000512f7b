//! Registrations as they are written down between runs. Of secrets only digests are in them, and they open
//! nothing: whoever has registered is let in by nobody yet.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::client::{Client, Proof};
use crate::ledger::Ledger;
use crate::profile::{Profile, UnixSeconds};
use crate::redirect::RedirectUri;
use crate::register::readable;
use crate::scopes::Scopes;
use crate::secret::Digest;

/// The step in which the end of a registration is written down, so that this is not done at each use.
const DAY: UnixSeconds = 24 * 3600;

/// One of them, in the words of RFC 7591 §3.2.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    client_id: String,
    client_name: String,
    client_id_issued_at: UnixSeconds,
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: String,
    /// Its digest, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    /// Its digest, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registration_access_token: Option<String>,
    scope: String,
    refreshes: bool,
    /// When it is forgotten, unless it is used.
    until: UnixSeconds,
}

impl Registration {
    fn of(client: &Client, until: UnixSeconds) -> Option<Self> {
        let client_secret = match &client.proof {
            Proof::Public => None,
            Proof::Basic(digest) | Proof::Post(digest) => Some(digest.base64url()),
            Proof::BasicOrPost(_) => return None,
        };
        Some(Self {
            client_id: client.id.clone(),
            client_name: client.name.clone(),
            client_id_issued_at: client.since,
            redirect_uris: client.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
            token_endpoint_auth_method: client.proof.method().to_owned(),
            client_secret,
            registration_access_token: client.management.map(|digest| digest.base64url()),
            scope: client.usual_scopes.to_string(),
            refreshes: client.refreshes,
            until: until.div_euclid(DAY).saturating_add(1).saturating_mul(DAY),
        })
    }

    /// The client again. `None` where it could not register today.
    fn client(&self, profile: &Profile) -> Option<Client> {
        let digest = |text: &Option<String>| text.as_deref().and_then(Digest::from_base64url);
        let proof = match (self.token_endpoint_auth_method.as_str(), digest(&self.client_secret)) {
            ("none", None) => Proof::Public,
            ("client_secret_basic", Some(digest)) => Proof::Basic(digest),
            ("client_secret_post", Some(digest)) => Proof::Post(digest),
            _ => return None,
        };
        let uris = self.redirect_uris.iter().filter_map(|raw| RedirectUri::parse(raw));
        let redirect_uris: Vec<_> = uris.filter(|uri| profile.redirects.admit(uri)).collect();
        (!redirect_uris.is_empty()).then(|| Client {
            id: self.client_id.clone(),
            name: readable(&self.client_name),
            host: None,
            redirect_uris,
            proof,
            usual_scopes: Scopes::parse(&self.scope),
            refreshes: self.refreshes,
            since: self.client_id_issued_at,
            management: digest(&self.registration_access_token),
        })
    }
}

impl<W: Clone> Ledger<W> {
    /// The registrations of clients that were of use, for [`Ledger::restore`]. Those that nobody has looked
    /// at are not worth it, and a document is fetched anew each time.
    #[must_use]
    pub fn registrations(&self, profile: &Profile, now: UnixSeconds) -> Vec<Registration> {
        // Until it is kept for longer, a client is for its own lifetime alone.
        let since = now.saturating_add(profile.client_lifetime);
        let used = self.clients.beyond(since).filter(|(client, _)| client.host.is_none());
        let mut all: Vec<_> = used.filter_map(|(client, until)| Registration::of(client, until)).collect();
        all.sort_by(|one, other| one.client_id.cmp(&other.client_id));
        all
    }

    /// Remembers what was written down, as far as it holds for this profile.
    pub fn restore(&mut self, registrations: &[Registration], profile: &Profile, now: UnixSeconds) {
        for registration in registrations {
            if let Some(client) = registration.client(profile) {
                self.clients.insert(client.id.clone(), Arc::new(client), registration.until, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Limits;
    use crate::profile::Redirects;

    const NOW: UnixSeconds = 1_000_000;
    const LIMITS: Limits = Limits { clients: 8, codes: 8, grants: 8, tokens: 8 };

    fn profile(redirects: Redirects) -> Profile {
        Profile {
            issuer: "http://127.0.0.1:8790".to_owned(),
            sends_iss: true,
            scopes: Scopes::of(&["mcp"]),
            usual: Scopes::of(&["mcp"]),
            offline: None,
            ignores_unknown_scopes: true,
            token_lifetime: 900,
            grant_lifetime: 30 * DAY,
            client_lifetime: DAY,
            redirects,
            realm: "test",
        }
    }

    fn client(id: &str, proof: Proof, uri: &str) -> Client {
        Client {
            id: id.to_owned(),
            name: "A client".to_owned(),
            host: None,
            redirect_uris: vec![RedirectUri::parse(uri).unwrap()],
            proof,
            usual_scopes: Scopes::of(&["mcp"]),
            refreshes: true,
            since: NOW,
            management: Some(Digest::of("token")),
        }
    }

    #[test]
    fn clients_that_had_tokens_are_there_again_with_their_secrets_and_no_other() {
        let here = profile(Redirects::Here(Vec::new()));
        let mut ledger: Ledger<()> = Ledger::new(LIMITS, None);
        let uri = "http://127.0.0.1/callback";
        for (id, until) in [("used", NOW + 30 * DAY), ("new", NOW + DAY)] {
            ledger.remember(client(id, Proof::Post(Digest::of("secret")), uri), until, NOW);
        }
        let by_document = client("https://app.example/c", Proof::Public, uri);
        ledger.remember(Client { host: Some("app.example".to_owned()), ..by_document }, NOW + 30 * DAY, NOW);
        let text = serde_json::to_string(&ledger.registrations(&here, NOW)).unwrap();
        assert!(!text.contains(":\"secret\"") && !text.contains(":\"token\""), "{text}");
        let mut again: Ledger<()> = Ledger::new(LIMITS, None);
        again.restore(&serde_json::from_str::<Vec<_>>(&text).unwrap(), &here, NOW);
        assert!(again.client("new", NOW).is_none() && again.client("https://app.example/c", NOW).is_none());
        let used = again.client("used", NOW).unwrap();
        assert!(matches!(used.proof, Proof::Post(digest) if digest == Digest::of("secret")));
        assert!(used.management == Some(Digest::of("token")));
        assert!(again.client("used", NOW + 32 * DAY).is_none());
    }

    #[test]
    fn a_registration_holds_no_longer_than_its_redirect_uris_are_allowed() {
        let mut ledger: Ledger<()> = Ledger::new(LIMITS, None);
        let loopback = client("used", Proof::Public, "http://127.0.0.1/callback");
        ledger.remember(loopback, NOW + 30 * DAY, NOW);
        let kept = ledger.registrations(&profile(Redirects::Here(Vec::new())), NOW);
        let mut outside: Ledger<()> = Ledger::new(LIMITS, None);
        outside.restore(&kept, &profile(Redirects::Listed(Vec::new())), NOW);
        assert!(outside.client("used", NOW).is_none());
    }
}
