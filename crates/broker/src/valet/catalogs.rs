//! What is known of the servers' tools: in memory from the first list on, and in the vault where rules go by
//! it.

use crate::valet::{Valet, again};
use consent::call::CallAsked;
use consent::tools::{Catalog, Known, Tools};
use message::listing::Listing;
use serde::{Deserialize, Serialize};
use state::item::Grant;
use state::meant::Meant;
use state::server::Server;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use vault::{Item, Key, VaultError};
use wire::Problem;

/// The form in which they are kept.
const FORM: u64 = 1;

/// What is known, by the servers' ids.
#[derive(Debug, Default)]
pub(crate) struct Catalogs {
    of: HashMap<String, Catalog>,
    /// Those that the vault was asked about.
    read: HashSet<String>,
    /// Those that the vault does not have as they are now.
    unkept: HashSet<String>,
    /// Those that are being written there.
    keeping: HashSet<String>,
}

/// A catalog in the vault.
#[derive(Clone, Serialize, Deserialize)]
struct StoredCatalog {
    form: u64,
    #[serde(flatten)]
    catalog: Catalog,
}

impl Item for StoredCatalog {
    fn open(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|kept| kept.form <= FORM)
    }
}

/// What is in a grant's place where a server takes keys.
pub(crate) const KEYS: &str = "keys";

/// By what the tools are told that a server shows now.
pub(crate) fn grant_at(server: &Server) -> String {
    let shown = match server.takes_keys() {
        true => KEYS,
        false => grant_of(server.held.kept().map(AsRef::as_ref)),
    };
    shown.to_owned()
}

/// By what the tools of one grant are told from those of another: of another account, or of nobody.
pub(crate) fn grant_of(grant: Option<&Grant>) -> &str {
    grant.map_or("nobody", Grant::owner)
}

impl Catalogs {
    /// What is known of the tools that a grant sees.
    pub(crate) fn tools(&self, id: &str, grant: &str) -> Option<&Tools> {
        self.of.get(id)?.of(grant)
    }

    /// Changes that, if there is anything.
    pub(crate) fn change<T>(
        &mut self,
        id: &str,
        grant: &str,
        change: impl FnOnce(&mut Tools) -> T,
    ) -> Option<T> {
        let changed = change(self.of.get_mut(id)?.of_mut(grant)?);
        self.unkept.insert(id.to_owned());
        Some(changed)
    }

    /// Forgets a server that is gone.
    pub(crate) fn forget(&mut self, id: &str) {
        self.of.remove(id);
        self.read.remove(id);
        self.unkept.remove(id);
    }
}

/// Reads what the vault has of a server's tools, once, and has it keep what it does not have.
///
/// # Errors
/// The vault cannot be read.
pub(crate) async fn read(valet: &Arc<Valet>, id: &str) -> Result<(), Problem> {
    take_over(valet, id).await?;
    keep(valet, id);
    Ok(())
}

/// What is damaged in the vault is worth nothing. What was learned before it was read is what the tools are
/// by now, and no more.
async fn take_over(valet: &Valet, id: &str) -> Result<(), VaultError> {
    if valet.catalogs.lock().read.contains(id) {
        return Ok(());
    }
    let kept = match valet.vault_is_in_use() {
        true => match valet.vault.read::<StoredCatalog>(Key::Tools(id.to_owned())).await {
            Ok(kept) => kept.map(|kept| kept.value().catalog.clone()),
            Err(VaultError::Broken) => None,
            Err(error) => return Err(error),
        },
        false => None,
    };
    let mut catalogs = valet.catalogs.lock();
    if catalogs.read.insert(id.to_owned())
        && let Some(mut kept) = kept
    {
        kept.catch_up(catalogs.of.remove(id).unwrap_or_default());
        catalogs.of.insert(id.to_owned(), kept);
    }
    Ok(())
}

/// Takes over what a server lists for a grant. Whoever is being asked about a tool that is another by that is
/// asked about what it is now.
pub(crate) fn learn(valet: &Arc<Valet>, meant: &Meant, grant: &str, cursor: Option<&str>, listing: Listing) {
    let now = valet.clock.now();
    {
        let mut catalogs = valet.catalogs.lock();
        let catalog = catalogs.of.entry(meant.id.clone()).or_default();
        if !catalog.learn(grant, cursor, listing, now) {
            return;
        }
        catalogs.unkept.insert(meant.id.clone());
    }
    keep(valet, &meant.id);
    let is_another = |call: &CallAsked| {
        let catalogs = valet.catalogs.lock();
        let tools = catalogs.tools(&call.server_id, &call.grant);
        let known = call.tool.as_ref().and_then(|tool| tools?.get(tool));
        call.tool.is_some() && known.map(Known::form) != call.form.as_ref()
    };
    if valet.questions.take_back_calls(|call| call.server_id == meant.id && is_another(call)) {
        valet.publish();
    }
}

/// Has the vault keep what is known of a server's tools, where rules go by it: whoever uses none leaves
/// nothing there.
pub(crate) fn keep(valet: &Arc<Valet>, id: &str) {
    let own = {
        let catalogs = valet.catalogs.lock();
        if !catalogs.unkept.contains(id) || catalogs.keeping.contains(id) {
            return;
        }
        catalogs.of.get(id).is_some_and(Catalog::has_own_classes)
    };
    if !own && !valet.consents().rule_at(id) {
        return;
    }
    if !valet.catalogs.lock().keeping.insert(id.to_owned()) {
        return;
    }
    let (valet, id) = (Arc::clone(valet), id.to_owned());
    valet.runtime.clone().spawn(async move {
        while !is_kept(&valet, &id) {
            if write(&valet, &id).await.is_err() {
                again::until(|| async { write(&valet, &id).await.is_ok() }).await;
            }
        }
    });
}

/// Whether nothing has come since it was written. Whoever has it kept after that begins anew.
fn is_kept(valet: &Valet, id: &str) -> bool {
    let mut catalogs = valet.catalogs.lock();
    let is_kept = !catalogs.unkept.contains(id);
    if is_kept {
        catalogs.keeping.remove(id);
    }
    is_kept
}

async fn write(valet: &Valet, id: &str) -> Result<(), VaultError> {
    let _pen = valet.consent_pen.lock().await;
    // What has not been read would be written over.
    take_over(valet, id).await?;
    let catalog = {
        let mut catalogs = valet.catalogs.lock();
        if !catalogs.unkept.remove(id) {
            return Ok(());
        }
        catalogs.of.get(id).cloned()
    };
    let Some(catalog) = catalog else { return Ok(()) };
    let written =
        valet.vault.write(Key::Tools(id.to_owned()), Arc::new(StoredCatalog { form: FORM, catalog })).await;
    if written.is_err() {
        valet.catalogs.lock().unkept.insert(id.to_owned());
    }
    written.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_tools_were_ever_kept_in_is_read_and_a_newer_one_is_none() {
        let text = include_str!("../../../../tests/fixtures/stored/tools-1.json");
        let kept = StoredCatalog::open(text.as_bytes()).unwrap();
        assert!(kept.catalog.has_own_classes());
        assert!(StoredCatalog::open(text.replace("\"form\":1", "\"form\":2").as_bytes()).is_none());
    }
}
