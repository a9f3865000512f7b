//! Key sets that were fetched before, so that a token is checked without asking its issuer each time.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::address::Reach;
use crate::algorithm::Algorithm;
use crate::fault::{Fault, Kind, Party};
use crate::http::Http;
use crate::jwks::{JwkSet, KeySet};
use crate::jwt::Jwt;
use crate::target::Target;

/// How long a key set counts without being fetched again: a key that was taken back is not believed for
/// longer.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// The least time between two fetches because of a key that is not known, so that nobody can make us hammer
/// an issuer.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);
/// Most issuers whose keys are remembered.
const LIMIT: usize = 64;

/// The key sets of issuers, by where they are.
#[derive(Default)]
pub struct KeyCache(Mutex<HashMap<Url, CachedKeys>>);

#[derive(Clone)]
struct CachedKeys {
    keys: KeySet,
    fetched_at: Timestamp,
}

impl std::fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyCache")
    }
}

impl KeyCache {
    /// The keys at `url`, among them the token's if the issuer has it.
    pub(crate) async fn keys(
        &self,
        http: &Http,
        url: &Url,
        reach: Reach,
        token: (&Jwt<'_>, Algorithm),
        now: Timestamp,
    ) -> Result<KeySet, Fault> {
        let kept = self.lock().get(url).cloned();
        if let Some(kept) = kept.filter(|kept| kept.serves(token, now)) {
            return Ok(kept.keys);
        }
        let keys = fetch(http, url, reach).await?;
        self.keep(url, CachedKeys { keys: keys.clone(), fetched_at: now });
        Ok(keys)
    }

    fn keep(&self, url: &Url, kept: CachedKeys) {
        let mut all = self.lock();
        if all.len() >= LIMIT && !all.contains_key(url) {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.fetched_at).map(|(url, _)| url.clone());
            oldest.map(|url| all.remove(&url));
        }
        all.insert(url.clone(), kept);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Url, CachedKeys>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CachedKeys {
    fn serves(&self, (token, algorithm): (&Jwt<'_>, Algorithm), now: Timestamp) -> bool {
        let age = now.duration_since(self.fetched_at).abs();
        age < PAUSE || (age < FRESH && self.keys.knows(token, algorithm))
    }
}

async fn fetch(http: &Http, url: &Url, reach: Reach) -> Result<KeySet, Fault> {
    let answer = http.get(Target { url, whose: Party::Issuer, reach }).await?.available()?;
    if !answer.status.is_success() {
        return Err(answer.fault(Kind::Status { host: answer.host.clone(), status: answer.status.as_u16() }));
    }
    answer.json::<JwkSet>().map(KeySet::from)
}
