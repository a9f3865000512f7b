//! Items in the engine: read and judged, and written by compare-and-set.

use super::answer::{Kv, Range};
use super::engine::{Engine, coded};
use super::item::{Content, Place, Signed, seal};
use super::keys::{Keys, changed_at, made_at, one};
use super::machine::Machine;
use super::members::{List, Member, print};
use super::pins::{Mark, Pins};
use super::trouble::{EngineError, FleetError};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use vault::{Bytes, SharesSecret, VaultError};

/// How often somebody else may come first.
const TRIES: usize = 8;
/// Questions in one transaction: etcd takes 128.
const AT_ONCE: usize = 100;

/// What a machine has of the shared vault, and what it needs for that.
pub(crate) struct Store {
    pub(crate) engine: Engine,
    pub(crate) machine: Machine,
    pub(crate) pins: Pins,
    pub(crate) keys: Keys,
    list: Mutex<Arc<List>>,
    syncing: tokio::sync::Mutex<()>,
    /// At which revision an item was last told of, or written here.
    told: Mutex<HashMap<String, i64>>,
}

/// An item as it was found.
pub(crate) struct Found {
    pub(crate) signed: Option<Signed>,
    pub(crate) revision: i64,
}

/// Why something was not put there.
pub(crate) enum Unput {
    /// Something is not as it was: the item, the list, or the guard.
    Changed,
    Failed(VaultError),
}

impl Found {
    /// Whether nothing was there, or what was there was wiped.
    pub(crate) fn is_nothing(&self) -> bool {
        self.signed.as_ref().is_none_or(Signed::is_wiped)
    }
}

impl From<EngineError> for Unput {
    fn from(error: EngineError) -> Self {
        Self::Failed(error.into())
    }
}

impl Store {
    pub(crate) fn new(engine: Engine, machine: Machine, pins: Pins, keys: Keys, list: List) -> Self {
        let list = Mutex::new(Arc::new(list));
        Self {
            engine,
            machine,
            pins,
            keys,
            list,
            syncing: tokio::sync::Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// The newest list of members that is believed.
    pub(crate) fn list(&self) -> Arc<List> {
        Arc::clone(&self.list.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Follows to the newest list. True if it is another than before.
    ///
    /// # Errors
    /// The engine has another one in the place of what was believed, or this machine is none of the members.
    pub(crate) async fn sync(&self) -> Result<bool, VaultError> {
        let _one_at_a_time = self.syncing.lock().await;
        let mut list = self.list();
        let mut question = self.keys.below("members/");
        question["key"] = coded(self.keys.members(list.generation())).into();
        let found = self.engine.range(&question).await?;
        let mut kvs = found.kvs.iter();
        let pinned = kvs.next().map(|kv| Ok::<_, EngineError>((kv.key()?, kv.value()?))).transpose()?;
        if pinned != Some((self.keys.members(list.generation()), list.bytes.clone())) {
            return Err(VaultError::FleetTampered);
        }
        let mut is_new = false;
        for kv in kvs {
            let next = list.followed_by(kv.value()?).ok_or(VaultError::FleetTampered)?;
            self.take(&next).map_err(|_| VaultError::Broken)?;
            (list, is_new) = (self.list(), true);
        }
        if list.has(&self.machine) { Ok(is_new) } else { Err(VaultError::FleetUnjoined) }
    }

    /// The members, and which of them are heard of now.
    pub(crate) async fn members(&self) -> Result<Vec<(Member, bool)>, VaultError> {
        let mut question = self.keys.below("here/");
        question["keys_only"] = true.into();
        let found = self.engine.range(&question).await?;
        let here: HashSet<String> = found.kvs.iter().map(Kv::key).collect::<Result<_, _>>()?;
        let list = self.list();
        let told = |member: &Member| (member.clone(), here.contains(&self.keys.here(&member.name)));
        Ok(list.members().iter().map(told).collect())
    }

    /// Pins a list that is believed.
    pub(crate) fn take(&self, list: &List) -> Result<(), FleetError> {
        self.pins.pin(list)?;
        *self.list.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(list.clone());
        Ok(())
    }

    /// Reads an item.
    pub(crate) async fn read(&self, name: &str) -> Result<Option<Bytes>, VaultError> {
        let found = self.find(name).await?;
        self.open(&found)
    }

    pub(crate) fn open(&self, found: &Found) -> Result<Option<Bytes>, VaultError> {
        found.signed.as_ref().map_or(Ok(None), |signed| signed.open(&self.machine))
    }

    /// Reads the first of these items, in one transaction.
    pub(crate) async fn read_some(
        &self,
        names: &[String],
    ) -> Result<Vec<Result<Option<Bytes>, VaultError>>, VaultError> {
        let names = names.get(..AT_ONCE).unwrap_or(names);
        let marks: Vec<Option<Mark>> = names.iter().map(|name| self.pins.mark(name)).collect();
        let questions: Vec<Value> =
            names.iter().map(|name| json!({"request_range": one(&self.keys.item(name))})).collect();
        let answer = self.engine.txn(&json!({"success": questions})).await?;
        let ranges: Vec<_> = answer.ranges().collect();
        if ranges.len() != names.len() {
            return Err(VaultError::EngineGarbled);
        }
        let mut read = Vec::with_capacity(names.len());
        for ((name, mark), range) in names.iter().zip(marks).zip(ranges) {
            let found = self.judge(name, mark.as_ref(), range.kvs.first()).await;
            read.push(found.and_then(|found| self.open(&found)));
        }
        Ok(read)
    }

    /// Finds an item, and judges it.
    pub(crate) async fn find(&self, name: &str) -> Result<Found, VaultError> {
        // Known before it is asked: what is seen meanwhile is newer than what this answer may have to be.
        let (mark, range) = (self.pins.mark(name), self.range(name).await?);
        self.judge(name, mark.as_ref(), range.kvs.first()).await
    }

    async fn range(&self, name: &str) -> Result<Range, VaultError> {
        Ok(self.engine.range(&one(&self.keys.item(name))).await?)
    }

    /// The list of members that knows the secrets of what is to be written: an older one where those that
    /// were found are among them.
    pub(crate) fn of(
        &self,
        (found, before): (&Found, Option<&Bytes>),
        bytes: Option<&[u8]>,
        shares: SharesSecret,
    ) -> u64 {
        let is_shared = before.zip(bytes).is_some_and(|(before, bytes)| shares(before, bytes));
        let known = found.signed.as_ref().filter(|_| is_shared);
        known.map_or_else(|| self.list().generation(), |signed| signed.of)
    }

    /// Whether what the engine has is what a member left there, no older than what was seen before.
    pub(crate) async fn judge(
        &self,
        name: &str,
        mark: Option<&Mark>,
        kv: Option<&Kv>,
    ) -> Result<Found, VaultError> {
        let Some(kv) = kv else {
            return if mark.is_none() {
                Ok(Found { signed: None, revision: 0 })
            } else {
                Err(self.tampered(name))
            };
        };
        let value = kv.value()?;
        let signed = match self.signed(name, &value) {
            // It may be of a list that is not known here yet.
            Err(VaultError::FleetTampered) if self.sync().await? => self.signed(name, &value),
            signed => signed,
        };
        let signed = signed.inspect_err(|error| {
            if *error == VaultError::FleetTampered {
                self.tampered(name);
            }
        })?;
        let is_older = mark.is_some_and(|mark| {
            signed.version < mark.version || (signed.version == mark.version && signed.print != mark.print)
        });
        if is_older {
            return Err(self.tampered(name));
        }
        self.pins.note(name, Mark { version: signed.version, print: signed.print.clone() });
        Ok(Found { signed: Some(signed), revision: kv.mod_revision })
    }

    fn tampered(&self, name: &str) -> VaultError {
        tracing::error!(item = name, "what the shared vault has was not written so by a member");
        VaultError::FleetTampered
    }

    fn signed(&self, name: &str, value: &[u8]) -> Result<Signed, VaultError> {
        let list = self.list();
        let place = Place { prefix: &self.keys.prefix, name };
        let signed = Signed::of(place, value, list.fleet(), |by| list.member(by))?;
        let is_others = name
            .strip_prefix("machines/")
            .is_some_and(|rest| rest.split_once('/').is_none_or(|(machine, _)| machine != signed.by));
        if signed.list > list.generation() || is_others {
            return Err(VaultError::FleetTampered);
        }
        Ok(signed)
    }

    /// Writes an item, whatever is there; `None` wipes it. What no member left there is written over.
    pub(crate) async fn write(
        &self,
        name: &str,
        bytes: Option<&[u8]>,
        shares: SharesSecret,
    ) -> Result<(), VaultError> {
        for _ in 0..TRIES {
            let (mark, range) = (self.pins.mark(name), self.range(name).await?);
            let there = range.kvs.first();
            let found = match self.judge(name, mark.as_ref(), there).await {
                Err(VaultError::FleetTampered) => {
                    Found { signed: None, revision: there.map_or(0, |kv| kv.mod_revision) }
                }
                Ok(found) if bytes.is_none() && found.is_nothing() => return Ok(()),
                found => found?,
            };
            let before = self.open(&found).ok().flatten();
            let of = self.of((&found, before.as_ref()), bytes, shares);
            match self.put(name, bytes, &found, of, &[]).await {
                Ok(_) => return Ok(()),
                Err(Unput::Changed) => drop(self.sync().await?),
                Err(Unput::Failed(error)) => return Err(error),
            }
        }
        Err(VaultError::Overtaken)
    }

    /// Puts the next version behind what was found, unless that or one of `guards` has changed, and reads it
    /// back.
    pub(crate) async fn put(
        &self,
        name: &str,
        bytes: Option<&[u8]>,
        found: &Found,
        of: u64,
        guards: &[Value],
    ) -> Result<Found, Unput> {
        let (list, key) = (self.list(), self.keys.item(name));
        let before = found.signed.as_ref().map_or(0, |signed| signed.version);
        let version = before.max(self.pins.mark(name).map_or(0, |mark| mark.version)) + 1;
        let place = Place { prefix: &self.keys.prefix, name };
        let own = name.starts_with("machines/").then(|| list.alone(&self.machine));
        let to = own.as_ref().unwrap_or(&list);
        let value = seal(place, &Content { version, of, bytes }, to, &self.machine);
        let value = value.ok_or(Unput::Failed(VaultError::Broken))?;
        // Written under a list that is not the newest any more, it would not be sealed to all.
        let mut compare =
            vec![changed_at(&key, found.revision), made_at(&self.keys.members(list.generation() + 1), 0)];
        compare.extend_from_slice(guards);
        let question = json!({
            "compare": compare,
            "success": [
                {"request_put": {"key": coded(&key), "value": coded(&value)}},
                {"request_range": one(&key)},
            ],
            "failure": [{"request_range": one(&key)}],
        });
        let (succeeded, kv) = match self.engine.txn(&question).await {
            Ok(answer) => {
                let succeeded = answer.succeeded;
                (succeeded, answer.ranges().next().and_then(|range| range.kvs.into_iter().next()))
            }
            // It may have been done all the same.
            Err(error @ (EngineError::Unreachable(_) | EngineError::NoQuorum | EngineError::Garbled(_))) => {
                let range = self.engine.range(&one(&key)).await.map_err(|_| Unput::from(error.clone()))?;
                let kv = range.kvs.into_iter().next();
                let is_done = kv.as_ref().is_some_and(|kv| kv.value().is_ok_and(|there| there == value));
                if !is_done {
                    return Err(error.into());
                }
                (true, kv)
            }
            Err(error) => return Err(error.into()),
        };
        let is_there = kv.as_ref().is_some_and(|kv| kv.value().is_ok_and(|there| there == value));
        if !is_there {
            return Err(if succeeded { Unput::Failed(VaultError::FleetTampered) } else { Unput::Changed });
        }
        let revision = kv.map_or(0, |kv| kv.mod_revision);
        self.is_told(name, revision);
        self.pins.note(name, Mark { version, print: print(&value) });
        let signed = self.signed(name, &value).map_err(Unput::Failed)?;
        Ok(Found { signed: Some(signed), revision })
    }

    /// Notes that an item was told of as it was at this revision. False if it was before.
    pub(crate) fn is_told(&self, name: &str, revision: i64) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let last = told.entry(name.to_owned()).or_default();
        let is_news = revision > *last;
        *last = revision.max(*last);
        is_news
    }
}
