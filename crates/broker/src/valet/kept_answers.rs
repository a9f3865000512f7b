//! The answers that outlive the valet: in the vault, with no secret in them but with what nobody else may
//! change.

use crate::valet::{Valet, again};
use consent::answers::Consents;
use consent::remembered::{KeptAnswer, KeptWithoutEnd, KeptWithoutScopes};
use jiff::Timestamp;
use lock::alarm;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use vault::{Item, Key, VaultError};
use words::say;

/// The form in which they are kept. An older version takes what it does not know for a "yes" without an end.
const FORM: u64 = 2;
/// The same where an answer goes by rules, which an older version would forget.
const FORM_WITH_RULES: u64 = 3;

/// What is kept of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct Always {
    #[serde(default)]
    form: u64,
    answers: Vec<Written>,
}

impl Item for Always {}

/// One of them, as it is or was written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Now(KeptAnswer),
    /// Before an answer could end by time.
    Endless(KeptWithoutEnd),
    /// Before there was a "never" and consents remembered scopes.
    Scopeless(KeptWithoutScopes),
    /// About a program that is told apart in another way now, or damaged: no leave, and it takes no other
    /// along.
    Else(Value),
}

impl Written {
    fn read(self) -> Option<KeptAnswer> {
        match self {
            Self::Now(kept) => Some(kept),
            Self::Endless(kept) => Some(kept.into()),
            Self::Scopeless(kept) => Some(kept.into()),
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
    if let Err(error) = &written {
        tracing::warn!(%error, "an answer could not be kept yet");
        valet.consents().refused();
    }
    // What was taken back is so in any case.
    valet.save();
    valet.publish();
    written
}

async fn write(valet: &Valet) -> Result<(), VaultError> {
    // An answer that the vault has not been read for must not be lost by writing over it.
    read(valet).await?;
    let kept = valet.consents().begin_keeping();
    let form = if kept.iter().any(KeptAnswer::has_rules) { FORM_WITH_RULES } else { FORM };
    let answers: Vec<_> = kept.into_iter().map(Written::Now).collect();
    if answers.is_empty() {
        return valet.vault.delete(Key::Consents).await;
    }
    valet.vault.write(Key::Consents, Arc::new(Always { form, answers })).await.map(drop)
}

/// Takes in those of a backup.
pub(crate) async fn take_in(valet: &Arc<Valet>, always: Option<Always>) {
    let written = always.map(|always| always.answers).unwrap_or_default();
    let kept = tokio::task::spawn_blocking(move || known_today(written)).await;
    valet.consents().restore(kept.unwrap_or_default(), valet.clock.now());
    keep(valet);
}

fn known_today(written: Vec<Written>) -> Vec<KeptAnswer> {
    written.into_iter().filter_map(Written::read).map(KeptAnswer::known_today).collect()
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
    consents.were_refused().then(|| say!(notice_answers_unkept))
}

/// Ends what is over, for as long as the valet runs: whoever lives on it is told, and every surface shows it.
pub(crate) async fn follow(valet: Arc<Valet>) {
    let mut changes = valet.changes();
    loop {
        let Some(end) = valet.consents().next_end() else {
            if changes.changed().await.is_err() {
                return;
            }
            continue;
        };
        let left = Duration::try_from(end.duration_since(valet.clock.now())).unwrap_or_default();
        tokio::select! {
            () = alarm::after(left) => {}
            () = valet.clock.moved() => {}
            () = another_end(&valet, &mut changes, end) => continue,
        }
        if valet.consents().end(valet.clock.now()) {
            keep(&valet);
        }
        valet.publish();
    }
}

/// Waits until another answer is the next to end.
async fn another_end(valet: &Valet, changes: &mut watch::Receiver<u64>, end: Timestamp) {
    while changes.changed().await.is_ok() {
        if valet.consents().next_end() != Some(end) {
            return;
        }
    }
}

/// Reads them, once.
pub(crate) async fn read(valet: &Valet) -> Result<(), VaultError> {
    if valet.consents().are_read() {
        return Ok(());
    }
    let kept = match valet.vault.read::<Always>(Key::Consents).await {
        Ok(kept) => {
            let written = kept.map(|kept| kept.value().answers.clone()).unwrap_or_default();
            tokio::task::spawn_blocking(move || known_today(written)).await.map_err(|_| VaultError::Broken)?
        }
        // What is damaged is no leave.
        Err(VaultError::Broken) => Vec::new(),
        Err(error) => return Err(error),
    };
    valet.consents().restore(kept, valet.clock.now());
    valet.publish();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use peer::Peer;
    use std::os::unix::net::UnixStream;

    fn read(text: &str) -> Vec<KeptAnswer> {
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
        let again = Always { form: FORM, answers: kept.into_iter().map(Written::Now).collect() };
        let sealed = again.seal().unwrap();
        assert_eq!(read(std::str::from_utf8(&sealed).unwrap()).len(), 1);
    }

    #[test]
    fn every_form_that_answers_were_ever_kept_in_is_read() {
        let kept = [
            (include_str!("../../../../tests/fixtures/stored/consents-1.json"), 0),
            (include_str!("../../../../tests/fixtures/stored/consents-2.json"), 1),
            (include_str!("../../../../tests/fixtures/stored/consents-3.json"), 2),
            (include_str!("../../../../tests/fixtures/stored/consents-4.json"), 2),
            (include_str!("../../../../tests/fixtures/stored/consents-5.json"), 1),
        ];
        for (text, answers) in kept {
            assert_eq!(read(text).len(), answers, "{text}");
        }
    }
}
