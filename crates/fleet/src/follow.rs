//! Following the engine: a beat each second says whether it is reached, keeps the lease, and finds whatever
//! changed. The watch beside it only makes that quicker: a watch that hangs, breaks or was compacted away
//! loses nothing.

use super::engine::{Engine, coded};
use super::item::{Place, Signed};
use super::keys::{Keys, SECRETS, Spot};
use super::machine::Machine;
use super::pins::Pins;
use super::store::Store;
use super::trouble::{EngineError, FleetError};
use super::turn::{Live, sweep};
use super::watched;
use config::Etcd;
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, watch};
use vault::{News, Standing, VaultError};
use words::say;

/// From one beat to the next.
const BEAT: Duration = Duration::from_secs(1);
/// How long a beat may take: with the one before, a cut shows within five seconds.
const AT_MOST: Duration = Duration::from_millis(3400);
/// Seconds after which a machine of which nothing is heard has lost its turns.
const LEASE: u32 = 6;
/// Beats until it is looked again whether something is to be renewed.
const RENEWING: u64 = 60;
/// The same once the members are others, for as many beats as it may take to seal everything anew: what a
/// machine left that was taken out is not believed before that.
const SEALING: (u64, u64) = (3, 30);
/// Beats until it is looked again whether turns of this machine are left over.
const SWEEPING: u64 = 10;
/// Seconds by which clocks may differ.
const APART: i64 = 60;

/// The shared vault, as one machine uses it.
pub struct Fleet(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) runtime: Handle,
    pub(crate) standing: watch::Sender<Standing>,
    /// Rings when a turn may be over.
    pub(crate) ends: watch::Sender<u64>,
    /// Has the watch begin anew, where it missed something.
    pub(crate) anew: Notify,
    /// The last revision that was looked at.
    seen: AtomicI64,
    /// Until when what is in memory may be used, in milliseconds since the machine started, sleep included.
    fresh_until: AtomicU64,
    stale: Duration,
    lease: tokio::sync::Mutex<Option<i64>>,
    beats: AtomicU64,
    /// The list that was last looked at for what is to be renewed, and the first beat that did so.
    looked: Mutex<(u64, u64)>,
    news: mpsc::UnboundedSender<News>,
    pub(crate) heard: Mutex<Option<mpsc::UnboundedReceiver<News>>>,
    notice: Mutex<Option<String>>,
    pub(crate) live: Live,
}

impl Fleet {
    pub(crate) fn open(etcd: &Etcd, state: &Path) -> Result<Arc<Self>, FleetError> {
        let folder = state.join("fleet");
        let machine = Machine::load(&folder.join("key"))?.ok_or(FleetError::NoKeys)?;
        let pins = Pins::at(&folder)?;
        let list = pins.list().ok_or(FleetError::NoKeys)?;
        let keys = Keys { prefix: etcd.prefix.clone() };
        let store = Store::new(Engine::of(etcd)?, machine, pins, keys, list);
        let (news, heard) = mpsc::unbounded_channel();
        let inner = Arc::new(Inner {
            store,
            runtime: Handle::current(),
            standing: watch::Sender::new(Standing::Away(VaultError::EngineUnreachable)),
            ends: watch::Sender::new(0),
            anew: Notify::new(),
            seen: AtomicI64::new(0),
            fresh_until: AtomicU64::new(0),
            stale: Duration::from_secs(etcd.stale_seconds.into()),
            lease: tokio::sync::Mutex::default(),
            beats: AtomicU64::new(0),
            looked: Mutex::default(),
            news,
            heard: Mutex::new(Some(heard)),
            notice: Mutex::default(),
            live: Live::default(),
        });
        inner.runtime.spawn(Arc::clone(&inner).follow());
        inner.runtime.spawn(watched::follow(Arc::clone(&inner)));
        Ok(Arc::new(Self(inner)))
    }
}

impl Inner {
    async fn follow(self: Arc<Self>) {
        loop {
            let begun = since_start();
            let beat = tokio::time::timeout(AT_MOST, self.beat()).await;
            self.stand(begun, beat.unwrap_or(Err(VaultError::EngineUnreachable)));
            self.compare_clocks();
            tokio::time::sleep(BEAT).await;
        }
    }

    /// Says how it stands after a beat that began at that moment.
    fn stand(&self, begun: Duration, beat: Result<(), VaultError>) {
        let standing = match beat {
            Ok(()) => {
                let until = begun + self.stale;
                self.fresh_until.store(until.as_millis().try_into().unwrap_or(u64::MAX), Ordering::Release);
                Standing::Reached
            }
            Err(error @ (VaultError::FleetUnjoined | VaultError::FleetTampered)) => {
                self.fresh_until.store(0, Ordering::Release);
                Standing::Closed(error)
            }
            Err(error) if self.is_fresh() => Standing::Away(error),
            Err(error) => Standing::Closed(error),
        };
        let changed = self.standing.send_if_modified(|before| {
            let changed = *before != standing;
            *before = standing;
            changed
        });
        if changed {
            tracing::info!(?standing, "the shared vault");
        }
    }

    /// The last revision that was looked at; 0 before the first beat.
    pub(crate) fn seen(&self) -> i64 {
        self.seen.load(Ordering::Acquire)
    }

    pub(crate) fn is_fresh(&self) -> bool {
        let until = self.fresh_until.load(Ordering::Acquire);
        since_start().as_millis() < u128::from(until)
    }

    /// Looks for all that changed since the last look, and keeps the lease alive.
    async fn beat(&self) -> Result<(), VaultError> {
        let (seen, newest) = (self.seen(), self.store.engine.newest());
        let mut question = self.store.keys.below("");
        question["keys_only"] = true.into();
        question["min_mod_revision"] = (seen + 1).to_string().into();
        let found = self.store.engine.range(&question).await?;
        if found.header.revision < newest {
            tracing::error!("the engine has gone back to an older state");
            return Err(VaultError::FleetTampered);
        }
        let is_first = seen == 0;
        let beats = self.beats.fetch_add(1, Ordering::Relaxed);
        // What was to be renewed, and could not be then, is renewed some time.
        let again = self.looks_again(beats) && self.store.list().removed() > 0;
        let (mut changed, mut members) = (Vec::new(), is_first || again);
        for kv in &found.kvs {
            let key = kv.key()?;
            match self.store.keys.spot(&key) {
                Spot::Item(name) if self.store.is_told(name, kv.mod_revision) => {
                    changed.push(name.to_owned())
                }
                Spot::Members(generation) => members |= generation > self.store.list().generation(),
                Spot::Item(_) | Spot::Lock(_) | Spot::Other => {}
            }
        }
        // Before anything else is waited for: what was noted as told of is told of, whatever fails then.
        if !is_first && !changed.is_empty() {
            // The watch should have told of it.
            self.anew.notify_one();
            self.tell(News::Changed(changed));
        }
        if members {
            self.members_changed().await?;
        }
        // The watch may have followed to the list that is without us.
        if !self.store.list().has(&self.store.machine) {
            return Err(VaultError::FleetUnjoined);
        }
        if is_first {
            self.tell(News::All);
        }
        self.seen.fetch_max(found.header.revision, Ordering::AcqRel);
        self.keep_lease().await?;
        if beats.is_multiple_of(SWEEPING)
            && let Err(error) = sweep(self).await
        {
            tracing::debug!(%error, "turns that are left over");
        }
        Ok(())
    }

    pub(crate) fn tell(&self, news: News) {
        // Where nobody listens any more, the valet ends.
        let _ = self.news.send(news);
    }

    fn looks_again(&self, beats: u64) -> bool {
        let (_, since) = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        beats.is_multiple_of(if beats < since + SEALING.1 { SEALING.0 } else { RENEWING })
    }

    fn begin_looking(&self, generation: u64) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.0 != generation {
            *looked = (generation, self.beats.load(Ordering::Relaxed));
        }
    }

    /// Follows to the newest list, and names what a machine that was taken out had known.
    pub(crate) async fn members_changed(&self) -> Result<(), VaultError> {
        self.store.sync().await?;
        let list = self.store.list();
        if list.removed() == 0 {
            return Ok(());
        }
        self.begin_looking(list.generation());
        let mut known = Vec::new();
        for folder in SECRETS {
            let found = self.store.engine.range(&self.store.keys.below(&format!("items/{folder}"))).await?;
            for kv in &found.kvs {
                let key = kv.key()?;
                let Spot::Item(name) = self.store.keys.spot(&key) else { continue };
                let place = Place { prefix: &self.store.keys.prefix, name };
                let signed = Signed::of(place, &kv.value()?, list.fleet(), |by| list.member(by));
                if signed.is_ok_and(|signed| signed.is_known_before(list.removed())) {
                    known.push(name.to_owned());
                }
            }
        }
        self.tell(News::Known(known));
        Ok(())
    }

    /// The lease of this machine's turns.
    pub(crate) async fn lease(&self) -> Result<i64, VaultError> {
        let mut lease = self.lease.lock().await;
        if let Some(lease) = *lease {
            return Ok(lease);
        }
        let new = self.store.engine.lease(LEASE).await?;
        let here = self.store.keys.here(&self.store.machine.name);
        let put = json!({"request_put": {"key": coded(here), "value": "", "lease": new.to_string()}});
        self.store.engine.txn(&json!({"success": [put]})).await?;
        *lease = Some(new);
        Ok(new)
    }

    /// Forgets a lease that the engine does not know any more.
    pub(crate) fn lose_lease(&self, lost: i64) {
        if let Ok(mut lease) = self.lease.try_lock()
            && *lease == Some(lost)
        {
            *lease = None;
        }
    }

    async fn keep_lease(&self) -> Result<(), VaultError> {
        let lease = match self.lease().await {
            // Nothing is renewed without it; what is there can be read all the same.
            Err(error @ (VaultError::EngineFull | VaultError::EngineRefused)) => {
                tracing::debug!(%error, "this machine gets no turns");
                return Ok(());
            }
            lease => lease?,
        };
        match self.store.engine.keep_alive(lease).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(EngineError::NoLease) => {
                self.lose_lease(lease);
                self.lease().await.map(drop)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Members that are not heard of just now.
    pub(crate) async fn absent(&self) -> Result<Vec<String>, VaultError> {
        let members = self.store.members().await?;
        Ok(members.into_iter().filter(|(_, is_here)| !is_here).map(|(member, _)| member.name).collect())
    }

    /// Tokens end by the clock of the machine that got them.
    fn compare_clocks(&self) {
        let ahead = self.store.engine.ahead();
        let notice = (ahead.abs() > APART).then(|| say!(fleet_notice_clock, seconds = ahead.abs()));
        let mut told = self.notice.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_some() != notice.is_some() {
            told.clone_from(&notice);
            self.tell(News::Notice(notice));
        }
    }
}

/// How long this machine runs, sleep included: what was slept through was not heard.
fn since_start() -> Duration {
    let now = clock_gettime(ClockId::Boottime);
    Duration::new(now.tv_sec.try_into().unwrap_or_default(), now.tv_nsec.try_into().unwrap_or_default())
}
