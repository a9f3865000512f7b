//! Where secrets lie about in the lists of other programs.

use crate::copies::{Copied, copies};
use crate::place::Place;
use crate::{local, remote};
use clients::{Scene, lists, look};
use import::{Client, Listed, Whole, listed, whole};
use secret::Secret;
use std::path::PathBuf;

/// An entry with secrets in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lying {
    /// The program.
    pub client: Client,
    /// Its file, as it is reached.
    pub file: PathBuf,
    /// What the entry is called.
    pub name: String,
    /// The project that it is listed for, in a file that has many.
    pub project: Option<String>,
    /// Where in it the secrets are.
    pub places: Vec<Place>,
}

/// Looks through the lists of all programs, and for copies of what is found there. What cannot be read is
/// passed over.
#[must_use]
pub fn survey(scene: &Scene) -> (Vec<Lying>, Vec<Copied>) {
    let (mut all, mut secrets, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for spot in Client::ALL.into_iter().flat_map(|client| lists(client, &scene.folders)) {
        let Ok(found) = look(&spot, &scene.folders) else { continue };
        let text = found.text.unwrap_or_default();
        for one in listed(spot.client, &spot.path, &text).unwrap_or_default().0 {
            let found = suspects(&one);
            if found.is_empty() {
                continue;
            }
            let (places, own): (Vec<Place>, Vec<Secret>) = found.into_iter().unzip();
            secrets.extend(own);
            let (client, file) = (spot.client, spot.path.clone());
            all.push(Lying { client, file, name: one.name, project: one.project, places });
        }
        texts.push(found.path);
    }
    let afterwards: Vec<(PathBuf, &str)> = texts.into_iter().map(|path| (path, "")).collect();
    let copies = copies(
        &scene.folders,
        &afterwards,
        &secrets.into_iter().map(|secret| (secret, Vec::new())).collect::<Vec<_>>(),
    );
    (all, copies)
}

/// Where in an entry secrets are.
pub(crate) fn places(listed: &Listed) -> Vec<Place> {
    suspects(listed).into_iter().map(|(place, _)| place).collect()
}

/// What may be secret in an entry, and where.
fn suspects(listed: &Listed) -> Vec<(Place, Secret)> {
    let (whole, inner) = whole(&listed.value);
    match whole {
        Whole::Remote { .. } => remote::secrets(&whole).into_iter().chain(remote::client(inner)).collect(),
        Whole::Local { .. } => local::secrets(&whole),
        Whole::Ours | Whole::Other => Vec::new(),
    }
}
