//! The answers that outlive the valet: in the vault, with no secret in them but with what nobody else may
//! change.

use crate::valet::{Valet, again};
use consent::answers::Consents;
use consent::remembered::Kept;
use peer::Application;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use vault::{Item, Key, VaultError};

/// What to do where the vault does not take them.
const UNKEPT: &str = "What you last answered about programs, or took back, is in memory only, because the vault does not take it. It is \
     tried again; check that the disk is not full, and the keychain with your desktop's password program.";

/// What is kept of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct Always {
    answers: Vec<Written>,
}

impl Item for Always {}

/// One of them, as it is or was written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Now(Kept),
    /// Before there was a "never" and consents remembered scopes.
    Before {
        who: Application,
        server: String,
    },
    /// About a program that is told apart in another way now, or damaged: no leave, and it takes no other
    /// along.
    Else(Value),
}

impl Written {
    fn read(self) -> Option<Kept> {
        match self {
            Self::Now(kept) => Some(kept),
            Self::Before { who, server } => Some(Kept::before(who, server)),
            Self::Else(_) => None,
        }
    }
}

/// Writes them down as they are, in a task that nobody waits for and that tries until it is done: until then,
/// they hold in memory.
pub(crate) fn keep(valet: &Arc<Valet>) {
    valet.consents().unkeep();
    let valet = Arc::clone(valet);
    valet.runtime.clone().spawn(async move {
        if flush(&valet).await.is_err() {
            again::until(|| async { flush(&valet).await.is_ok() }).await;
        }
    });
}

/// Writes down what the vault does not have yet.
///
/// # Errors
/// The vault does not take it.
pub(crate) async fn flush(valet: &Valet) -> Result<(), VaultError> {
    let _pen = valet.consent_pen.lock().await;
    if !valet.consents().are_unkept() {
        return Ok(());
    }
    let written = write(valet).await;
    match written {
        Ok(()) => valet.save(),
        Err(error) => {
            tracing::warn!(%error, "an answer could not be kept yet");
            valet.consents().refused();
        }
    }
    valet.publish();
    written
}

async fn write(valet: &Valet) -> Result<(), VaultError> {
    // An answer that the vault has not been read for must not be lost by writing over it.
    read(valet).await?;
    let answers: Vec<_> = valet.consents().begin_keeping().into_iter().map(Written::Now).collect();
    if answers.is_empty() {
        return valet.vault.delete(Key::Consents).await;
    }
    valet.vault.write(Key::Consents, Arc::new(Always { answers })).await.map(drop)
}

/// Forgets every "yes" about a server.
pub(crate) fn forget(valet: &Arc<Valet>, id: &str) {
    let in_use = valet.vault_is_in_use();
    let kept = {
        let mut consents = valet.consents();
        consents.forget(id) || (in_use && !consents.are_read())
    };
    if kept {
        keep(valet);
    }
}

/// Forgets every "yes". False if the vault still has those that outlive the valet: it is tried again.
pub(crate) async fn forget_all(valet: &Arc<Valet>) -> bool {
    keep(valet);
    flush(valet).await.is_ok()
}

/// What the person should know where the vault does not take them.
pub(crate) fn notice(consents: &Consents) -> Option<String> {
    consents.were_refused().then(|| UNKEPT.to_owned())
}

/// Reads them, once.
pub(crate) async fn read(valet: &Valet) -> Result<(), VaultError> {
    if valet.consents().are_read() {
        return Ok(());
    }
    let kept = match valet.vault.read::<Always>(Key::Consents).await {
        Ok(kept) => {
            let written = kept.map(|kept| kept.value().answers.clone()).unwrap_or_default();
            let read = move || written.into_iter().filter_map(Written::read).map(Kept::known_today).collect();
            tokio::task::spawn_blocking(read).await.map_err(|_| VaultError::Broken)?
        }
        // What is damaged is no leave.
        Err(VaultError::Broken) => Vec::new(),
        Err(error) => return Err(error),
    };
    valet.consents().restore(kept);
    valet.publish();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use peer::Peer;
    use std::os::unix::net::UnixStream;

    fn read(text: &str) -> Vec<Kept> {
        Always::open(text.as_bytes()).unwrap().answers.into_iter().filter_map(Written::read).collect()
    }

    #[test]
    fn what_was_kept_in_an_older_form_is_still_read_and_what_says_nothing_takes_nothing_along() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        let who = serde_json::to_string(peer.application()).unwrap();
        let file = r#"{"device":1,"inode":2,"path":"/usr/bin/scribe"}"#;
        let kept = read(&format!(
            r#"{{"answers":[{{"who":{file},"server":"a"}},{{"odd":1}},{{"who":{who},"server":"b"}}]}}"#
        ));
        assert_eq!(kept.len(), 1);
        let again = Always { answers: kept.into_iter().map(Written::Now).collect() };
        let sealed = again.seal().unwrap();
        assert_eq!(read(std::str::from_utf8(&sealed).unwrap()).len(), 1);
    }

    #[test]
    fn every_form_that_answers_were_ever_kept_in_is_read() {
        let kept = [
            (include_str!("../../../../tests/fixtures/stored/consents-1.json"), 0),
            (include_str!("../../../../tests/fixtures/stored/consents-2.json"), 1),
            (include_str!("../../../../tests/fixtures/stored/consents-3.json"), 2),
        ];
        for (text, answers) in kept {
            assert_eq!(read(text).len(), answers, "{text}");
        }
    }
}
