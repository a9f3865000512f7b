//! What a model reads where a call was not made: the result of a tool, which it understands, and not an error
//! of the protocol, at which many clients give up.

use super::judged::Held;
use super::message::Message;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use message::deed::{Asks, Deed};
use plain::plain;
use serde_json::{Value, json};
use state::kept::Stream;
use wire::{Problem, Reason};

/// Characters of a tool's name that are said.
const LONGEST: usize = 200;

impl Message {
    /// Answers instead of a server to which nothing was sent.
    pub(super) fn hold(&self, held: &Held, stream: Option<&Stream>) -> Response {
        let Held { deeds, at, problem } = held;
        let Some(deeds) = deeds else { return self.hold_unread(problem, stream) };
        let problem = &*self.told(problem);
        // A batch is sent whole or not at all.
        let beside = problems::batch_held();
        let answers = deeds.all.iter().enumerate().filter_map(|(here, deed)| match here == *at {
            true => answer(deed, problem),
            false => answer(deed, &beside),
        });
        let mut answers: Vec<Value> = answers.collect();
        let answer = match (deeds.batch, answers.len()) {
            (_, 0) => return self.refuse(problem),
            (false, _) => answers.remove(0),
            (true, _) => Value::Array(answers),
        };
        match stream.map(|stream| stream.says.try_send(answer.clone())) {
            Some(Ok(())) => StatusCode::ACCEPTED.into_response(),
            Some(Err(_)) | None => Json(answer).into_response(),
        }
    }

    fn hold_unread(&self, problem: &Problem, stream: Option<&Stream>) -> Response {
        let mut response = match stream {
            Some(stream) => self.refuse_by(stream, problem),
            None => self.refuse(problem),
        };
        // MCP 2026-07-28, Streamable HTTP, "Server Validation".
        if problem.reason() == Some(Reason::HeaderMismatch) {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
        response
    }
}

fn answer(deed: &Deed, problem: &Problem) -> Option<Value> {
    let id = deed.id.as_ref()?;
    let said = match &deed.asks {
        Asks::Tool(call) => json!({ "result": result(&call.name, problem) }),
        Asks::Nothing | Asks::Read(_) | Asks::Unknown(_) => json!({ "error": problem.to_rpc() }),
    };
    let mut answer = json!({ "jsonrpc": "2.0", "id": id });
    if let (Value::Object(answer), Value::Object(said)) = (&mut answer, said) {
        answer.extend(said);
    }
    Some(answer)
}

fn result(tool: &str, problem: &Problem) -> Value {
    let text = text(&plain(tool, LONGEST), problem);
    json!({ "content": [{ "type": "text", "text": text }], "isError": true })
}

fn text(tool: &str, problem: &Problem) -> String {
    match problem.reason() {
        Some(Reason::CallRefused) => format!(
            "The person at this computer did not allow this call of \"{tool}\". Nothing was done. Do not try \
             it again, nor the same in another way; go on without it, or ask them what to do instead."
        ),
        Some(Reason::AgainstTheRules) => format!(
            "The person at this computer does not allow calls of \"{tool}\" from this program. Nothing was \
             done. Do not try it again; go on without it, or tell them what you need it for."
        ),
        Some(Reason::CallAsked) => format!(
            "The person at this computer is being asked whether this call of \"{tool}\" may be made, and has \
             not answered yet. Nothing was done. Make the same call again, with the same arguments, to wait \
             for their answer."
        ),
        Some(Reason::BatchHeld) => format!(
            "This call of \"{tool}\" was not made, since it came in one batch with another message that was \
             held. Nothing was done. Make this call again, by itself."
        ),
        _ => format!("This call of \"{tool}\" was not made: {}. {}", problem.detail, problem.advice),
    }
}
