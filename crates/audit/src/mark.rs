//! Whose an entry is. What a person reads of a program, its name and its path, two programs can have in
//! common.

use crate::line::Keyed;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use peer::{Application, Identity, Longest};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use wire::AuditEntry;

/// Makes the marks of what is known again in this run alone into ones of no other run.
static RUN: LazyLock<[u8; 32]> = LazyLock::new(rand::random);
/// The same for marks of texts, as long as there is no key.
pub(crate) static OF_TEXTS: LazyLock<Keyed> = LazyLock::new(|| Keyed::with(&RUN));

/// By what entries of this application are found again. `None` if it cannot be told from others.
pub fn mark(application: &Application) -> Option<String> {
    let run: &[u8] = match application.longest() {
        Longest::Once => return None,
        Longest::Session => RUN.as_slice(),
        Longest::Always => &[],
    };
    let identity = serde_json::to_vec(application.identity()).ok()?;
    let hash = Sha256::new_with_prefix(b"mcp-valet audit mark\0")
        .chain_update(identity)
        .chain_update([0])
        .chain_update(run);
    Some(BASE64_URL_SAFE_NO_PAD.encode(hash.finalize()))
}

/// Whether an entry tells of this application, whose mark this is.
pub fn is_of(entry: &AuditEntry, own: &Application, mark: &str) -> bool {
    if let Some(theirs) = &entry.mark {
        return theirs == mark;
    }
    // Without a mark there is only what a person reads. It tells program files apart, as long as it is whole.
    let told = matches!(own.identity(), Identity::Program(_)) && !own.path().ends_with('…');
    told && entry.actor.executable() == Some(own.path()) && entry.actor.name() == own.name()
}
