//! What a server says of itself on its way to an agent, noted for the next time: see `valet::last_time`.

use super::call::Call;
use super::message::Content;
use crate::hand_out::Shown;
use crate::valet::Valet;
use oauth::Mask;
use relay::answer;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use state::held::Held;
use state::last_time::{Asked, LONGEST};
use state::meant::Meant;
use std::sync::Arc;

/// Bytes of a list of tools, and of what a stream of events has around it.
const MOST: usize = LONGEST + (64 << 10);

/// An answer that is listened to while it passes. It is read once all of it has passed, or as much as comes.
pub(super) struct Overheard {
    valet: Arc<Valet>,
    meant: Meant,
    shown: Option<Shown>,
    mask: Mask,
    asked: Option<Asked>,
    id: Value,
    heard: Vec<u8>,
}

#[derive(Deserialize)]
struct Request {
    id: Value,
    method: String,
    #[serde(default)]
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    #[serde(default)]
    cursor: Option<String>,
}

/// What a request asks that says something of the server, and the ID that its answer has.
pub(super) fn asks(method: &str, content: &Content) -> Option<(Asked, Value)> {
    let Content::Held(bytes) = content else { return None };
    if !matches!(method, "initialize" | "server/discover" | "tools/list") {
        return None;
    }
    let request: Request = serde_json::from_slice(bytes).ok()?;
    let asked = match request.method.as_str() {
        "initialize" => Asked::Initialize,
        "server/discover" => Asked::Discover,
        "tools/list" => Asked::Tools(request.params.and_then(|params| params.cursor)),
        _ => return None,
    };
    Some((asked, request.id))
}

impl Overheard {
    /// The answer to this, of a server that was shown this. `mask` knows what is never to be noted.
    pub(super) fn new(call: &Call, (asked, id): (Asked, Value), shown: Option<Shown>, mask: Mask) -> Self {
        let (valet, meant) = (Arc::clone(&call.agent.valet), call.place.meant.clone());
        Self { valet, meant, shown, mask, asked: Some(asked), id, heard: Vec::new() }
    }

    /// Hears a piece.
    pub(super) fn hear(&mut self, piece: &[u8]) {
        if self.heard.len() + piece.len() > MOST {
            (self.asked, self.heard) = (None, Vec::new());
        }
        if self.asked.is_some() {
            self.heard.extend_from_slice(piece);
        }
    }

    fn result(&self) -> Option<Box<RawValue>> {
        let result = answer::result(&self.heard, &self.id)?;
        // A server that says the token again has it written down by nobody.
        (!self.mask.hides(result.get().as_bytes())).then_some(result)
    }
}

impl Drop for Overheard {
    fn drop(&mut self) {
        let Some(asked) = self.asked.take() else { return };
        let Some(result) = self.result() else { return };
        let (valet, meant, shown) = (Arc::clone(&self.valet), self.meant.clone(), self.shown.take());
        let note = move || {
            let whose = shown.as_ref().and_then(Shown::grant).map(|grant| grant.parts.whose());
            let stands = |held: &Held| Shown::stands(shown.as_ref(), held);
            valet.note_last_time(&meant, whose.unwrap_or_default(), stands, asked, result);
        };
        self.valet.runtime.spawn_blocking(note);
    }
}
