//! The vault's thread, and the handle by which everybody else asks it.

use super::backend::Backend;
use super::file::EncryptedFile;
use super::item::{Item, share_a_secret};
use super::keychain::Keychain;
use super::mark::{Guard, KnownVault, is_newer};
use super::sealed::Items;
use super::shared::{self, Bytes, Shared, SharesSecret};
use super::{Key, VaultError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot};
use wire::VaultKind;

/// How long a caller waits for the keychain. A dialog of the keychain may stay open longer; its answer is
/// then used later.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long the thread reads for one caller before others have their turn.
const TURN: Duration = Duration::from_millis(50);

type Act = dyn FnOnce(&mut Backend, &mut Guard) + Send;

/// Where the answer to a job goes.
type Reply<T> = oneshot::Sender<Result<T, VaultError>>;

pub(super) enum Job {
    Read(Key, Reply<Option<Bytes>>),
    ReadSome(Vec<Key>, Reply<Vec<Result<Option<Bytes>, VaultError>>>),
    /// Whether it shares a secret with what was there matters to those who share the vault.
    Write(Key, Bytes, SharesSecret, Reply<()>),
    Delete(Key, Reply<()>),
    Probe(Reply<()>),
    /// Whether it is the vault that it was.
    Check(Reply<()>),
    /// Whatever else is done with the backend as a whole.
    Act(Box<Act>),
}

/// A handle on the vault.
pub struct Vault {
    kind: Arc<Mutex<VaultKind>>,
    jobs: mpsc::Sender<Job>,
    /// Held while a passphrase is tried.
    pub(super) attempt: tokio::sync::Mutex<()>,
    answers_again: Arc<Notify>,
    /// Why it did not do the last thing that was asked of it.
    trouble: Arc<Mutex<Option<VaultError>>>,
    stuck: Arc<AtomicBool>,
    written: AtomicBool,
    mark: Arc<Mutex<Option<String>>>,
    /// Where several machines share it. No job is the thread's then: what is reached over a network waits
    /// elsewhere, and one job for no other.
    shared: Option<Arc<dyn Shared>>,
}

/// Proof that a value was written to the vault and read back from it. Nothing else makes one.
#[derive(Debug)]
pub struct Stored<T>(Arc<T>);

impl<T> Stored<T> {
    pub(super) fn of(item: Arc<T>) -> Self {
        Self(item)
    }

    /// What was stored.
    pub const fn value(&self) -> &Arc<T> {
        &self.0
    }
}

/// What was found of one item: nothing, or what may be damaged.
pub type Read<T> = Result<Option<Stored<T>>, VaultError>;

pub(super) fn opened<T: Item>(bytes: &[u8]) -> Result<Stored<T>, VaultError> {
    if is_newer(bytes) {
        return Err(VaultError::Newer);
    }
    T::open(bytes).map(|item| Stored(Arc::new(item))).ok_or(VaultError::Broken)
}

impl Vault {
    /// The keychain, of which this is known.
    pub fn keychain(known: KnownVault) -> std::io::Result<Self> {
        Self::start(Backend::Keychain(Keychain::default()), known)
    }

    /// One that forgets everything when the valet ends.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn memory() -> std::io::Result<Self> {
        Self::start(Backend::Memory(Items::new()), KnownVault::default())
    }

    /// The encrypted file at `path`, shut, of which this is known.
    pub fn file(path: PathBuf, known: KnownVault) -> std::io::Result<Self> {
        let file = EncryptedFile::at(path).expected(known.is_used());
        Self::start(Backend::File(file), known)
    }

    fn start(mut backend: Backend, known: KnownVault) -> std::io::Result<Self> {
        let kind = Arc::new(Mutex::new(backend.kind()));
        let mark = Arc::new(Mutex::new(known.mark.clone()));
        let (jobs, queue) = mpsc::channel::<Job>();
        let noted = Arc::clone(&mark);
        std::thread::Builder::new().name("vault".to_owned()).spawn(move || {
            let mut guard = Guard::new(known);
            while let Ok(job) = queue.recv() {
                backend.work(job, &mut guard, &noted);
            }
        })?;
        Ok(Self {
            kind,
            jobs,
            attempt: tokio::sync::Mutex::default(),
            answers_again: Arc::new(Notify::new()),
            trouble: Arc::default(),
            stuck: Arc::new(AtomicBool::new(false)),
            written: AtomicBool::new(false),
            mark,
            shared: None,
        })
    }

    /// One that several machines share.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn of_several(shared: Arc<dyn Shared>) -> std::io::Result<Self> {
        let mut vault = Self::memory()?;
        vault.kind = Arc::new(Mutex::new(VaultKind::Shared));
        vault.shared = Some(shared);
        Ok(vault)
    }

    pub(super) fn shared(&self) -> Option<&dyn Shared> {
        self.shared.as_deref()
    }

    /// Which vault this is.
    pub fn kind(&self) -> VaultKind {
        *self.kind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the vault did not do the last thing that was asked of it; `None` while all is well.
    pub fn trouble(&self) -> Option<VaultError> {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mark of the vault in use, once it is known.
    pub fn mark(&self) -> Option<String> {
        self.mark.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it is the vault that it was.
    pub(super) async fn check(&self) -> Result<(), VaultError> {
        self.answer(Job::Check).await
    }

    /// Whether anything was written in this run.
    pub fn has_written(&self) -> bool {
        self.written.load(Ordering::Acquire)
    }

    /// Whether the vault answers at all.
    pub async fn probe(&self) -> Result<(), VaultError> {
        self.ask(Job::Probe).await
    }

    /// Reads an item; `None` where there is none.
    pub async fn read<T: Item>(&self, key: Key) -> Read<T> {
        let bytes = self.ask(|reply| Job::Read(key, reply)).await?;
        bytes.map(|bytes| opened(&bytes)).transpose()
    }

    /// Reads the first of these items, as many as can be read in a moment: one at least. Whoever wants the
    /// others asks again. What is damaged is that item's trouble alone.
    ///
    /// # Errors
    /// Not even the first can be read.
    pub async fn read_some<T: Item>(&self, keys: Vec<Key>) -> Result<Vec<Read<T>>, VaultError> {
        let mut read = Vec::new();
        for bytes in self.ask(|reply| Job::ReadSome(keys, reply)).await? {
            match bytes.and_then(|bytes| bytes.map(|bytes| opened(&bytes)).transpose()) {
                // Somebody else's machine may be newer than this one, or what it left be swapped.
                item if self.shared.is_some() => read.push(item),
                Err(error) if error != VaultError::Broken && read.is_empty() => return Err(error),
                Err(error) if error != VaultError::Broken => break,
                item => read.push(item),
            }
        }
        Ok(read)
    }

    /// Writes an item and reads it back.
    pub async fn write<T: Item>(&self, key: Key, item: Arc<T>) -> Result<Stored<T>, VaultError> {
        let bytes = item.seal().ok_or(VaultError::Broken)?;
        self.ask(|reply| Job::Write(key, bytes, share_a_secret::<T>, reply)).await?;
        self.was_written();
        Ok(Stored(item))
    }

    /// Notes that something was written in this run.
    pub(super) fn was_written(&self) {
        self.written.store(true, Ordering::Release);
    }

    /// Wipes an item; nothing happens where there is none.
    pub async fn delete(&self, key: Key) -> Result<(), VaultError> {
        self.ask(|reply| Job::Delete(key, reply)).await
    }

    /// Waits until a keychain that hung answers again: its dialog was answered, or it was restarted.
    pub async fn answers_again(&self) {
        self.answers_again.notified().await;
    }

    /// Has the thread do something with the backend as a whole. It may take as long as it needs: a passphrase
    /// costs a second, and moving everything may wait for dialogs.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Backend, &mut Guard) -> T + Send + 'static,
    ) -> Result<T, VaultError> {
        if self.stuck.load(Ordering::Acquire) {
            return Err(VaultError::Slow);
        }
        let (reply, answer) = oneshot::channel();
        let (kind, trouble) = (Arc::clone(&self.kind), Arc::clone(&self.trouble));
        self.send(move |backend, guard| {
            let done = act(backend, guard);
            *kind.lock().unwrap_or_else(PoisonError::into_inner) = backend.kind();
            *trouble.lock().unwrap_or_else(PoisonError::into_inner) = backend.probe().err();
            drop(reply.send(done));
        });
        answer.await.map_err(|_| VaultError::Broken)
    }

    /// Has the thread do something once it has done what was asked of it before; nobody waits for it.
    pub(super) fn send(&self, act: impl FnOnce(&mut Backend, &mut Guard) + Send + 'static) {
        let _ = self.jobs.send(Job::Act(Box::new(act)));
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, VaultError> {
        let answer = self.answer(job).await;
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = answer.as_ref().err().copied();
        answer
    }

    async fn answer<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, VaultError> {
        let (reply, answer) = oneshot::channel();
        if let Some(shared) = self.shared() {
            shared::work(shared, job(reply)).await;
            return answer.await.map_err(|_| VaultError::Broken)?;
        }
        // While one call hangs, others would only queue behind it; they are told at once instead.
        if self.stuck.load(Ordering::Acquire) {
            return Err(VaultError::Slow);
        }
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
        let trouble = Arc::clone(&self.trouble);
        if self.jobs.send(Job::Probe(reply)).is_err() {
            return;
        }
        tokio::spawn(async move {
            let answer = answer.await.unwrap_or(Ok(()));
            *trouble.lock().unwrap_or_else(PoisonError::into_inner) = answer.err();
            stuck.store(false, Ordering::Release);
            again.notify_one();
        });
    }
}

impl Backend {
    /// Does one job. One whose caller gave up is not begun: what it would write may be out of date by now.
    fn work(&mut self, job: Job, guard: &mut Guard, noted: &Mutex<Option<String>>) {
        // Noted before anybody hears of it, so that what is written down of the vault is never behind it.
        let note = |guard: &Guard| *noted.lock().unwrap_or_else(PoisonError::into_inner) = guard.mark();
        match job {
            Job::Read(key, reply) if !reply.is_closed() => {
                let read = guard.pass(self).and_then(|()| self.read(&key.to_string()));
                note(guard);
                drop(reply.send(read));
            }
            Job::ReadSome(keys, reply) if !reply.is_closed() => {
                let read = self.read_some(&keys, guard);
                note(guard);
                drop(reply.send(read));
            }
            Job::Write(key, value, _, reply) if !reply.is_closed() => {
                let name = key.to_string();
                let written = guard.pass_to_change(self, &name).and_then(|()| self.write(name, value));
                note(guard);
                let _ = reply.send(written);
            }
            Job::Delete(key, reply) if !reply.is_closed() => {
                let name = key.to_string();
                let deleted = guard.pass_to_change(self, &name).and_then(|()| self.delete(&name));
                note(guard);
                let _ = reply.send(deleted);
            }
            Job::Probe(reply) => drop(reply.send(self.probe())),
            Job::Check(reply) => drop(reply.send(guard.pass(self))),
            Job::Act(act) => {
                act(self, guard);
                note(guard);
            }
            Job::Read(..) | Job::ReadSome(..) | Job::Write(..) | Job::Delete(..) => {}
        }
    }

    /// Stops at the first that cannot be read: it is told to whoever asks for that one first.
    fn read_some(
        &mut self,
        keys: &[Key],
        guard: &mut Guard,
    ) -> Result<Vec<Result<Option<Bytes>, VaultError>>, VaultError> {
        let (begun, mut read) = (Instant::now(), Vec::with_capacity(keys.len()));
        for key in keys {
            match guard.pass(self).and_then(|()| self.read(&key.to_string())) {
                Ok(bytes) => read.push(Ok(bytes)),
                Err(error) if read.is_empty() => return Err(error),
                Err(_) => break,
            }
            if begun.elapsed() >= TURN {
                break;
            }
        }
        Ok(read)
    }
}
