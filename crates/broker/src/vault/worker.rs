//! The vault's thread, and the handle by which everybody else asks it.

use super::item::Item;
use super::keychain::Keychain;
use super::{Key, VaultError};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use wire::VaultKind;
use zeroize::Zeroizing;

/// How long a caller waits for the keychain. A dialog of the keychain may stay open longer; its answer is then used later.
const PATIENCE: Duration = Duration::from_secs(4);

type Bytes = Zeroizing<Vec<u8>>;

enum Job {
    Read(Key, oneshot::Sender<Result<Option<Bytes>, VaultError>>),
    Write(Key, Bytes, oneshot::Sender<Result<(), VaultError>>),
    Delete(Key, oneshot::Sender<Result<(), VaultError>>),
    Probe(oneshot::Sender<Result<(), VaultError>>),
}

enum Backend {
    Keychain(Keychain),
    Memory(HashMap<Key, Bytes>),
}

/// A handle on the vault.
pub(crate) struct Vault {
    kind: VaultKind,
    jobs: mpsc::Sender<Job>,
    answers_again: Arc<Notify>,
    stuck: Arc<AtomicBool>,
    written: AtomicBool,
}

/// Proof that a value was written to the vault and read back from it. Nothing else makes one.
#[derive(Debug)]
pub(crate) struct Stored<T>(Arc<T>);

impl<T> Stored<T> {
    pub(crate) const fn value(&self) -> &Arc<T> {
        &self.0
    }
}

impl Vault {
    pub(crate) fn keychain() -> std::io::Result<Self> {
        Self::start(VaultKind::Keychain, Backend::Keychain(Keychain::default()))
    }

    pub(crate) fn memory() -> std::io::Result<Self> {
        Self::start(VaultKind::Memory, Backend::Memory(HashMap::new()))
    }

    fn start(kind: VaultKind, mut backend: Backend) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::Builder::new().name("vault".to_owned()).spawn(move || {
            while let Ok(job) = queue.recv() {
                backend.work(job);
            }
        })?;
        Ok(Self {
            kind,
            jobs,
            answers_again: Arc::new(Notify::new()),
            stuck: Arc::new(AtomicBool::new(false)),
            written: AtomicBool::new(false),
        })
    }

    /// Which vault this is.
    pub(crate) const fn kind(&self) -> VaultKind {
        self.kind
    }

    /// Whether anything was written in this run.
    pub(crate) fn has_written(&self) -> bool {
        self.written.load(Ordering::Acquire)
    }

    /// Whether the vault answers at all.
    pub(crate) async fn probe(&self) -> Result<(), VaultError> {
        self.ask(Job::Probe).await
    }

    /// Reads an item; `None` where there is none.
    pub(crate) async fn read<T: Item>(&self, key: Key) -> Result<Option<Stored<T>>, VaultError> {
        let Some(bytes) = self.ask(|reply| Job::Read(key, reply)).await? else { return Ok(None) };
        let item = T::open(&bytes).ok_or(VaultError::Broken)?;
        Ok(Some(Stored(Arc::new(item))))
    }

    /// Writes an item and reads it back.
    pub(crate) async fn write<T: Item>(&self, key: Key, item: Arc<T>) -> Result<Stored<T>, VaultError> {
        let bytes = item.seal().ok_or(VaultError::Broken)?;
        self.ask(|reply| Job::Write(key, bytes, reply)).await?;
        self.written.store(true, Ordering::Release);
        Ok(Stored(item))
    }

    /// Wipes an item; nothing happens where there is none.
    pub(crate) async fn delete(&self, key: Key) -> Result<(), VaultError> {
        self.ask(|reply| Job::Delete(key, reply)).await
    }

    /// Waits until a keychain that hung answers again: its dialog was answered, or it was restarted.
    pub(crate) async fn answers_again(&self) {
        self.answers_again.notified().await;
    }

    async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, VaultError>>) -> Job,
    ) -> Result<T, VaultError> {
        // While one call hangs, others would only queue behind it; they are told at once instead.
        if self.stuck.load(Ordering::Acquire) {
            return Err(VaultError::Slow);
        }
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| VaultError::Broken)?;
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer.map_err(|_| VaultError::Broken)?,
            Err(_) => {
                self.watch_the_stuck();
                Err(VaultError::Slow)
            }
        }
    }

    /// Finds out when the thread is free again by queueing a question of our own behind what hangs.
    fn watch_the_stuck(&self) {
        if self.stuck.swap(true, Ordering::AcqRel) {
            return;
        }
        let (reply, answer) = oneshot::channel();
        let (stuck, again) = (Arc::clone(&self.stuck), Arc::clone(&self.answers_again));
        if self.jobs.send(Job::Probe(reply)).is_err() {
            return;
        }
        tokio::spawn(async move {
            let _ = answer.await;
            stuck.store(false, Ordering::Release);
            again.notify_one();
        });
    }
}

impl Backend {
    /// Does one job. One whose caller gave up is not begun: what it would write may be out of date by now.
    fn work(&mut self, job: Job) {
        match job {
            Job::Read(key, reply) if !reply.is_closed() => drop(reply.send(self.read(&key))),
            Job::Write(key, value, reply) if !reply.is_closed() => drop(reply.send(self.write(key, value))),
            Job::Delete(key, reply) if !reply.is_closed() => drop(reply.send(self.delete(&key))),
            Job::Probe(reply) => drop(reply.send(self.probe())),
            Job::Read(..) | Job::Write(..) | Job::Delete(..) => {}
        }
    }

    fn read(&mut self, key: &Key) -> Result<Option<Bytes>, VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.read(key),
            Self::Memory(items) => Ok(items.get(key).cloned()),
        }
    }

    fn write(&mut self, key: Key, value: Bytes) -> Result<(), VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.write(&key, &value),
            Self::Memory(items) => {
                items.insert(key, value);
                Ok(())
            }
        }
    }

    fn delete(&mut self, key: &Key) -> Result<(), VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.delete(key),
            Self::Memory(items) => {
                items.remove(key);
                Ok(())
            }
        }
    }

    fn probe(&mut self) -> Result<(), VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.probe(),
            Self::Memory(_) => Ok(()),
        }
    }
}
