//! Keys that go back into the files that they came from: the vault gives them to this alone, once the person
//! agreed.

use crate::valet::Valet;
use clients::{Change, Hole, Job};
use config::KeyName;
use oauth::Secret;
use state::keys::Keys;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vault::Key;
use wire::{Problem, Returning};
use zeroize::Zeroizing;

/// The keys that a job puts back, as far as they are still there.
#[derive(Default)]
pub(crate) struct Returns(BTreeMap<(String, String), Secret>);

impl Returns {
    /// Those of a job. The vault is opened only where it has some.
    pub(crate) async fn of(valet: &Arc<Valet>, job: &Job) -> Result<Self, Problem> {
        let holes = job.changes.iter().flat_map(|change| &change.holes);
        let mut wanted = BTreeMap::<&str, BTreeSet<&str>>::new();
        for hole in holes {
            wanted.entry(&hole.server_id).or_default().insert(&hole.key);
        }
        let mut returns = Self::default();
        for (id, names) in wanted {
            valet.open_vault().await?;
            let kept = valet.vault.read::<Keys>(Key::Keys(id.to_owned())).await.map_err(Problem::from)?;
            let Some(kept) = kept else { continue };
            for name in names {
                let secret = KeyName::parse(name).and_then(|key| kept.value().given_back(&key).cloned());
                returns.0.extend(secret.map(|secret| ((id.to_owned(), name.to_owned()), secret)));
            }
        }
        Ok(returns)
    }

    /// What goes into a hole.
    pub(crate) fn secret(&self, hole: &Hole) -> Option<Zeroizing<String>> {
        let secret = self.0.get(&(hole.server_id.clone(), hole.key.clone()))?;
        Some(Zeroizing::new(secret.expose().to_owned()))
    }

    /// The keys that a change puts into its file, as the audit has them; nothing where there is none.
    pub(crate) fn named(&self, change: &Change) -> String {
        let filled = change.holes.iter().filter(|hole| self.secret(hole).is_some());
        let names: BTreeSet<String> = filled.map(|hole| format!("{}/{}", hole.server, hole.key)).collect();
        if names.is_empty() {
            return String::new();
        }
        format!(", in plain text: {}", names.into_iter().collect::<Vec<_>>().join(", "))
    }

    /// What a person is told of it.
    pub(crate) fn shown(&self, job: &Job) -> Vec<Returning> {
        let of_change =
            job.changes.iter().flat_map(|change| change.holes.iter().map(move |hole| (change, hole)));
        let one = |(change, hole): (&Change, &Hole)| Returning {
            server: hole.server.clone(),
            key: hole.key.clone(),
            program: change.client.name().to_owned(),
            is_gone: self.secret(hole).is_none(),
        };
        of_change.map(one).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
