//! A vault that several machines share. It is reached over a network, so it is made outside and handed in:
//! this crate knows only what is asked of it.

use crate::item::{Item, share_a_secret};
use crate::worker::{Job, Read, Stored, opened};
use crate::{Key, Vault, VaultError};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use zeroize::Zeroizing;

/// The bytes of an item.
pub type Bytes = Zeroizing<Vec<u8>>;

/// An answer that is under way.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, VaultError>> + Send + 'a>>;

/// Whether who knows the first bytes of an item knows a secret of the second as well.
pub type SharesSecret = fn(&[u8], &[u8]) -> bool;

/// How it stands with a shared vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is reached, and all that others change arrives.
    Reached,
    /// It is not reached just now; what is in memory serves on for a while.
    Away(VaultError),
    /// Nothing of it may be used any more.
    Closed(VaultError),
}

/// What is heard of other machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// These items are not what they were: changed elsewhere, or not known any more after a gap.
    Changed(Vec<String>),
    /// Whatever was read may be out of date: all is to be read again.
    All,
    /// These items, and no others, are known to a machine that is no member any more: what can be renewed
    /// should be, and the rest be said.
    Known(Vec<String>),
    /// Something that a person should know, in words.
    Notice(Option<String>),
}

/// What keeps items on several machines. Each answer comes within a few seconds, or an error does.
pub trait Shared: Send + Sync {
    /// The item called so, where there is one.
    fn read(&self, name: String) -> Answer<'_, Option<Bytes>>;
    /// The first of these items, at once: as many as go into one question, and one at least. What is wrong
    /// with one is that one's trouble alone.
    fn read_some(&self, names: Vec<String>) -> Answer<'_, Vec<Result<Option<Bytes>, VaultError>>>;
    /// Writes an item, whatever is there, and reads it back: also over what no member left there.
    fn write(&self, name: String, bytes: Bytes, shares: SharesSecret) -> Answer<'_, ()>;
    /// Wipes an item, whatever is there.
    fn delete(&self, name: String) -> Answer<'_, ()>;
    /// Whether it is reached.
    fn probe(&self) -> Answer<'_, ()>;
    /// Waits until nobody else has the turn for an item, and takes it: at most for half a minute.
    fn turn(&self, name: String) -> Answer<'_, Box<dyn SharedTurn>>;
    /// How it stands with it.
    fn standing(&self) -> watch::Receiver<Standing>;
    /// What is heard from others. There is one listener: the second gets nothing.
    fn news(&self) -> Option<mpsc::UnboundedReceiver<News>>;
    /// Whether what is in memory may still be used: all that others changed until a short while ago is known.
    fn is_fresh(&self) -> bool;
    /// The machines that are members and are not heard of just now: what is changed reaches them later.
    fn absent(&self) -> Answer<'_, Vec<String>>;
}

/// Does one job, while others wait for nothing.
pub(super) async fn work(shared: &dyn Shared, job: Job) {
    match job {
        Job::Read(key, reply) => {
            let _ = reply.send(shared.read(key.to_string()).await);
        }
        Job::ReadSome(keys, reply) => {
            let names = keys.iter().map(ToString::to_string).collect();
            let _ = reply.send(shared.read_some(names).await);
        }
        Job::Write(key, bytes, shares, reply) => {
            let _ = reply.send(shared.write(key.to_string(), bytes, shares).await);
        }
        Job::Delete(key, reply) => {
            let _ = reply.send(shared.delete(key.to_string()).await);
        }
        Job::Probe(reply) => {
            let _ = reply.send(shared.probe().await);
        }
        // Each item says itself that it is of this vault.
        Job::Check(reply) => {
            let _ = reply.send(Ok(()));
        }
        // There is no backend here as a whole: it is not moved, and has no passphrase.
        Job::Act(_) => {}
    }
}

/// The turn for one item, which one machine has at a time. It ends when it is dropped, and where its machine
/// falls silent.
pub trait SharedTurn: Send {
    /// The item as it was when the turn began, or was last written in it.
    fn current(&self) -> Option<&[u8]>;
    /// Writes the item, if it still is what [`SharedTurn::current`] says and the turn was not lost; `None`
    /// wipes it. Reads back what it wrote.
    fn replace(&mut self, bytes: Option<Bytes>, shares: SharesSecret) -> Answer<'_, ()>;
}

/// The turn for one item of the vault in use. Where nobody shares the vault, it is nobody else's in any case.
pub struct Turn<'a> {
    vault: &'a Vault,
    key: Key,
    shared: Option<Box<dyn SharedTurn>>,
}

impl Turn<'_> {
    /// What the vault had when the turn began, where others could have changed it.
    pub fn found<T: Item>(&self) -> Option<Read<T>> {
        let turn = self.shared.as_ref()?;
        Some(turn.current().map(opened).transpose())
    }

    /// Whether others could have it.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Writes the item and reads it back.
    ///
    /// # Errors
    /// The vault does not take it; [`VaultError::Overtaken`] where somebody else wrote meanwhile, or may
    /// have.
    pub async fn write<T: Item>(&mut self, item: Arc<T>) -> Result<Stored<T>, VaultError> {
        let Some(turn) = &mut self.shared else { return self.vault.write(self.key.clone(), item).await };
        let bytes = item.seal().ok_or(VaultError::Broken)?;
        turn.replace(Some(bytes), share_a_secret::<T>).await?;
        Ok(Stored::of(item))
    }

    /// Wipes the item.
    ///
    /// # Errors
    /// As [`Turn::write`].
    pub async fn delete(&mut self) -> Result<(), VaultError> {
        match &mut self.shared {
            Some(turn) => turn.replace(None, |_, _| false).await,
            None => self.vault.delete(self.key.clone()).await,
        }
    }
}

impl Vault {
    /// Waits for the turn to change an item in several steps, which nobody else has meanwhile.
    ///
    /// # Errors
    /// The vault is shared, and is not reached; or another machine has the turn for too long.
    pub async fn turn(&self, key: Key) -> Result<Turn<'_>, VaultError> {
        let shared = match self.shared() {
            Some(shared) => Some(shared.turn(key.to_string()).await?),
            None => None,
        };
        Ok(Turn { vault: self, key, shared })
    }

    /// How it stands with it, where it is shared.
    #[must_use]
    pub fn standing(&self) -> Option<watch::Receiver<Standing>> {
        self.shared().map(|shared| shared.standing())
    }

    /// What is heard from others, where it is shared.
    #[must_use]
    pub fn news(&self) -> Option<mpsc::UnboundedReceiver<News>> {
        self.shared().and_then(|shared| shared.news())
    }

    /// The machines that share it and are not heard of just now.
    pub async fn absent(&self) -> Vec<String> {
        match self.shared() {
            Some(shared) => shared.absent().await.unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Why nothing that was read of it before may be used, where that is so.
    #[must_use]
    pub fn outdated(&self) -> Option<VaultError> {
        let shared = self.shared()?;
        if shared.is_fresh() {
            return None;
        }
        match *shared.standing().borrow() {
            Standing::Away(error) | Standing::Closed(error) => Some(error),
            Standing::Reached => Some(VaultError::EngineUnreachable),
        }
    }
}
