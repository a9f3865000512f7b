//! The answers that outlive the valet: in the vault, with no secret in them but with what nobody else may change.

use crate::consent::Kept;
use crate::record;
use crate::valet::Valet;
use crate::vault::{Item, Key, VaultError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is kept of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct Always {
    answers: Vec<Kept>,
}

impl Item for Always {}

/// Writes them down as they are, in a task that nobody waits for: until it is done, they hold in memory.
pub(crate) fn keep(valet: &Arc<Valet>) {
    let valet = Arc::clone(valet);
    valet.runtime.clone().spawn(async move {
        let _pen = valet.consent_pen.lock().await;
        // An answer that the vault has not been read for must not be lost by writing over it.
        if let Err(error) = read(&valet).await {
            return tracing::warn!(%error, "an answer could not be kept, and holds until the valet ends");
        }
        let answers = valet.consents().kept();
        match valet.vault.write(Key::Consents, Arc::new(Always { answers })).await {
            Ok(_) => record::save(&valet),
            Err(error) => {
                tracing::warn!(%error, "an answer could not be kept, and holds until the valet ends")
            }
        }
    });
}

/// Wipes those that are kept. False if they are still there, and come back with the next run.
pub(crate) async fn wipe(valet: &Valet) -> bool {
    let _pen = valet.consent_pen.lock().await;
    valet.vault.delete(Key::Consents).await.is_ok()
}

/// Reads them, once.
pub(crate) async fn read(valet: &Valet) -> Result<(), VaultError> {
    if valet.consents().are_read() {
        return Ok(());
    }
    let kept = match valet.vault.read::<Always>(Key::Consents).await {
        Ok(kept) => kept.map(|kept| kept.value().answers.clone()).unwrap_or_default(),
        // What is damaged is no leave.
        Err(VaultError::Broken) => Vec::new(),
        Err(error) => return Err(error),
    };
    valet.consents().restore(&kept);
    valet.publish();
    Ok(())
}
