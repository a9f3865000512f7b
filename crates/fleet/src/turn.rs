//! The turn for one item: a key that lives as long as its machine is heard of. Who has it asks an issuer with
//! the refresh token; whatever is written meanwhile is written only while the turn lasts.

use super::engine::coded;
use super::follow::Inner;
use super::keys::{made_at, one};
use super::store::{Found, Unput};
use super::trouble::EngineError;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use vault::{Answer, Bytes, SharedTurn, SharesSecret, VaultError};

/// How long somebody else's turn is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the members may be others meanwhile.
const TRIES: usize = 3;
/// How long until it is looked at again whether it is over, should its end not be heard.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Who has the turn.
pub(crate) struct Turn {
    name: String,
    lock: Lock,
    made: i64,
    found: Found,
    current: Option<Bytes>,
}

/// The key of the turn, which is taken away when this is dropped: also where it is not known whether it is
/// there.
struct Lock {
    inner: Arc<Inner>,
    key: String,
    /// What it is worth, which tells it from any other.
    value: String,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.inner.live.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.value);
        let (inner, question) = (Arc::clone(&self.inner), taken_away(&self.key, self.value.as_bytes()));
        self.inner.runtime.spawn(async move {
            // Where it is not reached, it is swept away later, or the lease ends it.
            let _ = inner.store.engine.txn(&question).await;
        });
    }
}

/// The turns that this machine has, or is about to take, by what their keys are worth.
pub(crate) type Live = Mutex<HashSet<String>>;

/// Takes away a key, if it is worth this.
fn taken_away(key: &str, value: &[u8]) -> Value {
    let ours = json!({"key": coded(key), "target": "VALUE", "result": "EQUAL", "value": coded(value)});
    json!({"compare": [ours], "success": [{"request_delete_range": one(key)}], "failure": []})
}

/// Takes away what bears this machine's name and is no turn of its own: of an earlier run, or written after
/// it was given up. The lease would keep it alive.
pub(crate) async fn sweep(inner: &Inner) -> Result<(), EngineError> {
    let found = inner.store.engine.range(&inner.store.keys.below("locks/")).await?;
    let own = format!("{} ", inner.store.machine.name);
    for kv in &found.kvs {
        let (key, value) = (kv.key()?, kv.value()?);
        let Ok(text) = std::str::from_utf8(&value) else { continue };
        let is_live = inner.live.lock().unwrap_or_else(PoisonError::into_inner).contains(text);
        if text.starts_with(&own) && !is_live {
            inner.store.engine.txn(&taken_away(&key, &value)).await?;
        }
    }
    Ok(())
}

impl Turn {
    /// Waits for the turn, and takes it.
    pub(crate) async fn take(inner: &Arc<Inner>, name: &str) -> Result<Self, VaultError> {
        let random: [u8; 8] = rand::random();
        let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let value = format!("{} {random}", inner.store.machine.name);
        // Before it can be there.
        inner.live.lock().unwrap_or_else(PoisonError::into_inner).insert(value.clone());
        let lock = Lock { inner: Arc::clone(inner), key: inner.store.keys.lock(name), value };
        let deadline = Instant::now() + PATIENCE;
        let mut ends = inner.ends.subscribe();
        loop {
            ends.mark_unchanged();
            if let Some((made, found)) = lock.try_to_take(name).await? {
                let current = inner.store.open(&found)?;
                return Ok(Self { name: name.to_owned(), lock, made, found, current });
            }
            if Instant::now() >= deadline {
                return Err(VaultError::Overtaken);
            }
            let _ = timeout_at(Instant::now() + LOOK_AGAIN, ends.changed()).await;
        }
    }
}

impl Lock {
    async fn try_to_take(&self, name: &str) -> Result<Option<(i64, Found)>, VaultError> {
        let store = &self.inner.store;
        let lease = self.inner.lease().await?;
        let (mark, item) = (store.pins.mark(name), store.keys.item(name));
        let looks = [json!({"request_range": one(&self.key)}), json!({"request_range": one(&item)})];
        let mut takes: Vec<Value> = vec![json!({"request_put": {
            "key": coded(&self.key), "value": coded(&self.value), "lease": lease.to_string(),
        }})];
        takes.extend_from_slice(&looks);
        let question = json!({"compare": [made_at(&self.key, 0)], "success": takes, "failure": looks});
        let answer = match store.engine.txn(&question).await {
            Err(EngineError::NoLease) => {
                self.inner.lose_lease(lease);
                return Ok(None);
            }
            answer => answer?,
        };
        let mut ranges = answer.ranges();
        let (there, item) = (ranges.next().unwrap_or_default(), ranges.next().unwrap_or_default());
        let there = there.kvs.into_iter().next();
        let is_ours = |kv: &super::answer::Kv| kv.value().is_ok_and(|value| value == self.value.as_bytes());
        let Some(own) = there.filter(is_ours) else { return Ok(None) };
        let found = store.judge(name, mark.as_ref(), item.kvs.first()).await?;
        Ok(Some((own.create_revision, found)))
    }
}

impl SharedTurn for Turn {
    fn current(&self) -> Option<&[u8]> {
        self.current.as_ref().map(|bytes| bytes.as_slice())
    }

    fn replace(&mut self, bytes: Option<Bytes>, shares: SharesSecret) -> Answer<'_, ()> {
        Box::pin(async move {
            let inner = Arc::clone(&self.lock.inner);
            let guard = made_at(&self.lock.key, self.made);
            let content = bytes.as_ref().map(|bytes| bytes.as_slice());
            for _ in 0..TRIES {
                let of = inner.store.of((&self.found, self.current.as_ref()), content, shares);
                let guards = std::slice::from_ref(&guard);
                match inner.store.put(&self.name, content, &self.found, of, guards).await {
                    Ok(found) => {
                        (self.found, self.current) = (found, bytes);
                        return Ok(());
                    }
                    Err(Unput::Failed(error)) => return Err(error),
                    // It may have been sealed to other members by now; whatever else changed is not ours any
                    // more.
                    Err(Unput::Changed) => {
                        inner.store.sync().await?;
                        self.found = self.resealed(self.current.as_ref()).await?;
                    }
                }
            }
            Err(VaultError::Overtaken)
        })
    }
}

impl Turn {
    /// The item, if it is what it was but for the members to whom it is sealed.
    async fn resealed(&self, current: Option<&Bytes>) -> Result<Found, VaultError> {
        let found = self.lock.inner.store.find(&self.name).await?;
        if self.lock.inner.store.open(&found)?.as_ref() == current {
            Ok(found)
        } else {
            Err(VaultError::Overtaken)
        }
    }
}
