//! The fleet as the vault sees it.

use super::follow::Fleet;
use super::keys::Keys;
use super::turn::Turn;
use std::sync::PoisonError;
use tokio::sync::{mpsc, watch};
use vault::{Answer, Bytes, News, Shared, SharedTurn, SharesSecret, Standing, VaultError};

/// Items that are each machine's own: a person's answers hold on theirs, and each has an audit.
const OWN: [&str; 4] = ["consents", "callback-tls", "audit-key", "audit-anchor"];
const OWN_TOO: &str = "tools/";

impl Fleet {
    fn name(&self, name: String) -> String {
        match OWN.contains(&&*name) || name.starts_with(OWN_TOO) {
            true => Keys::of_machine(&self.0.store.machine.name, &name),
            false => name,
        }
    }

    /// Whoever is away is not asked at each request: the beat says when it is back.
    fn reached(&self) -> Result<(), VaultError> {
        match *self.0.standing.borrow() {
            Standing::Closed(error @ (VaultError::FleetUnjoined | VaultError::FleetTampered)) => Err(error),
            Standing::Away(error) | Standing::Closed(error) if self.0.seen() > 0 => Err(error),
            Standing::Reached | Standing::Away(_) | Standing::Closed(_) => Ok(()),
        }
    }
}

impl Shared for Fleet {
    fn read(&self, name: String) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            self.reached()?;
            self.0.store.read(&self.name(name)).await
        })
    }

    fn read_some(&self, names: Vec<String>) -> Answer<'_, Vec<Result<Option<Bytes>, VaultError>>> {
        Box::pin(async move {
            self.reached()?;
            let names: Vec<String> = names.into_iter().map(|name| self.name(name)).collect();
            self.0.store.read_some(&names).await
        })
    }

    fn write(&self, name: String, bytes: Bytes, shares: SharesSecret) -> Answer<'_, ()> {
        Box::pin(async move {
            self.reached()?;
            self.0.store.write(&self.name(name), Some(&bytes), shares).await
        })
    }

    fn delete(&self, name: String) -> Answer<'_, ()> {
        Box::pin(async move {
            self.reached()?;
            self.0.store.write(&self.name(name), None, |_, _| false).await
        })
    }

    fn probe(&self) -> Answer<'_, ()> {
        Box::pin(async move { self.0.store.sync().await.map(drop) })
    }

    fn turn(&self, name: String) -> Answer<'_, Box<dyn SharedTurn>> {
        Box::pin(async move {
            self.reached()?;
            let turn = Turn::take(&self.0, &self.name(name)).await?;
            Ok(Box::new(turn) as Box<dyn SharedTurn>)
        })
    }

    fn standing(&self) -> watch::Receiver<Standing> {
        self.0.standing.subscribe()
    }

    fn news(&self) -> Option<mpsc::UnboundedReceiver<News>> {
        self.0.heard.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn is_fresh(&self) -> bool {
        self.0.is_fresh()
    }

    fn absent(&self) -> Answer<'_, Vec<String>> {
        Box::pin(self.0.absent())
    }
}
