//! Keys that go back into the files that they came from: the vault gives them to this alone, once the person
//! agreed. What asks for them is written down in a file that every program of the person can write, so each
//! key itself says which entries it was taken from.

use crate::valet::Valet;
use clients::{Change, Hole, Job, Origin};
use config::KeyName;
use oauth::Secret;
use state::keys::Keys;
use state::taken_from::{NotBack, TakenFrom};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vault::Key;
use wire::{Comes, Problem, Returning};
use zeroize::Zeroizing;

/// The keys of the servers that a job puts some back of, by what tells those from others.
#[derive(Default)]
pub(crate) struct Returns(BTreeMap<String, OfServer>);

struct OfServer {
    /// As it is called here, whatever is written down.
    name: Option<String>,
    keys: Option<Arc<Keys>>,
}

impl Returns {
    /// Those of a job. The vault is opened only where it has some.
    pub(crate) async fn of(valet: &Arc<Valet>, job: &Job) -> Result<Self, Problem> {
        let holes = job.changes.iter().flat_map(|change| &change.holes);
        let wanted: BTreeSet<&String> = holes.map(|hole| &hole.server_id).collect();
        let mut returns = Self::default();
        for id in wanted {
            valet.open_vault().await?;
            let kept = valet.vault.read::<Keys>(Key::Keys(id.clone())).await.map_err(Problem::from)?;
            let keys = kept.map(|kept| Arc::clone(kept.value()));
            let name = {
                let book = valet.book();
                let own = book.servers.values().find(|server| server.id == *id);
                own.map(|server| server.name.clone())
            };
            returns.0.insert(id.clone(), OfServer { name, keys });
        }
        Ok(returns)
    }

    /// What goes into a hole of a change.
    pub(crate) fn secret(&self, change: &Change, hole: &Hole) -> Option<Zeroizing<String>> {
        self.found(change, hole).ok().map(|secret| Zeroizing::new(secret.expose().to_owned()))
    }

    fn found(&self, change: &Change, hole: &Hole) -> Result<&Secret, NotBack> {
        let keys = self.0.get(&hole.server_id).and_then(|own| own.keys.as_ref()).ok_or(NotBack::Gone)?;
        let name = KeyName::parse(&hole.key).ok_or(NotBack::Gone)?;
        let entries: Vec<TakenFrom> = change.origins(hole).iter().map(taken_from).collect();
        keys.given_back(&name, &entries)
    }

    /// What the server of a hole is called here; where there is none any more, as it was.
    fn name(&self, hole: &Hole) -> String {
        let here = self.0.get(&hole.server_id).and_then(|own| own.name.clone());
        here.unwrap_or_else(|| plain::plain(&hole.server, LONGEST))
    }

    /// The keys that a change puts into its file, as the audit has them; nothing where there is none.
    pub(crate) fn named(&self, change: &Change) -> String {
        let filled = change.holes.iter().filter(|hole| self.found(change, hole).is_ok());
        let names: BTreeSet<String> =
            filled.map(|hole| format!("{}/{}", self.name(hole), hole.key)).collect();
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
            server: self.name(hole),
            key: plain::plain(&hole.key, LONGEST),
            program: change.client.name().to_owned(),
            comes: match self.found(change, hole) {
                Ok(_) => Comes::Back,
                Err(NotBack::Gone) => Comes::Gone,
                Err(NotBack::Another) => Comes::Another,
            },
        };
        of_change.map(one).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Letters of a name from a file.
const LONGEST: usize = 200;

/// An entry as a key remembers it.
pub(crate) fn taken_from(origin: &Origin) -> TakenFrom {
    TakenFrom {
        client: origin.client.word().to_owned(),
        file: origin.file.to_string_lossy().into_owned(),
        entry: origin.entry.clone(),
        mark: origin.mark.clone(),
    }
}
