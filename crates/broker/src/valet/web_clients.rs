//! The registrations of clients of the door, in a file between runs: a client that is forgotten shows its
//! person a page that says so, and many register anew only once somebody has removed them there. Nothing of
//! it lets anybody in.

use crate::valet::Valet;
use files::draft::Draft;
use files::regular;
use ground::stored_form;
use provider::Registration;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The newest form of the file.
const FORM: u64 = 1;
/// The longest file, in bytes.
const LONGEST: u64 = 4 << 20;

/// The file.
#[derive(Default, PartialEq, Eq, Serialize, Deserialize)]
struct Written {
    form: u64,
    /// The door at which they registered.
    issuer: String,
    clients: Vec<Registration>,
}

/// Those that registered at the door with this issuer.
pub(super) fn read(path: &Path, issuer: &str) -> Vec<Registration> {
    let written = parse(path).filter(|written| written.issuer == issuer);
    written.map(|written| written.clients).unwrap_or_default()
}

/// Writes down who is registered by now, in a thread that nobody waits for.
pub(crate) fn keep(valet: &Arc<Valet>) {
    let valet = Arc::clone(valet);
    valet.runtime.clone().spawn_blocking(move || {
        // One writer at a time, so that an older state cannot overtake a newer one.
        let _pen = valet.door.pen.lock();
        let now = valet.clock.now().as_second();
        let registered = valet.door.look(|open| {
            let clients = open.ledger.registrations(&open.profile, now);
            Written { form: FORM, issuer: open.profile.issuer.clone(), clients }
        });
        let path = valet.paths.web_clients();
        // A later version may have written it, and knows better.
        let (Some(registered), Some(before)) = (registered, parse(&path)) else { return };
        if registered == before || (registered.clients.is_empty() && before.form == 0) {
            return;
        }
        if let Err(error) = write(&path, &registered) {
            tracing::warn!(%error, "the registrations of web clients could not be written down");
        }
    });
}

/// `None` where a later version wrote it.
fn parse(path: &Path) -> Option<Written> {
    let text = regular::read(path, LONGEST).unwrap_or_default();
    let is_newer = stored_form::is_newer(text.as_bytes(), FORM);
    (!is_newer).then(|| serde_json::from_str(&text).unwrap_or_default())
}

fn write(path: &Path, written: &Written) -> io::Result<()> {
    Draft::of(path, &serde_json::to_vec_pretty(written)?, 0o600)?.place()
}
