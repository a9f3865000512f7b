//! The page of a sign-in, for a client whose messages stand for themselves: a call that waits for its server
//! is answered with what it needs, and the client calls again once it has shown that (MCP 2026-07-28, "Multi
//! Round-Trip Requests").

use super::bridge::Bridge;
use super::message::Message;
use super::sign_in::Action;
use serde::Deserialize;
use serde_json::{Value, json};
use std::future::pending;

/// What the page is called among the inputs of a call.
const PAGE: &str = "mcp-valet-sign-in";

impl Bridge {
    /// Waits until a sign-in is all that is missing, and begins one: the result by which the client shows its
    /// page.
    pub(super) async fn requires_page(&self) -> Value {
        self.needs_sign_in_during_call().await;
        let Some(page) = self.begin_page().await else { return pending().await };
        let request = json!({ "method": "elicitation/create", "params": page });
        json!({ "resultType": "input_required", "inputRequests": { PAGE: request } })
    }

    /// Takes what the client says of the page out of a call, which then is as it was before.
    pub(super) async fn without_page(&self, message: Message) -> Message {
        let Some((action, message)) = answered(&message) else { return message };
        self.page_was(action).await;
        message
    }
}

fn answered(message: &Message) -> Option<(Action, Message)> {
    let is_there = || message.text.windows(PAGE.len()).any(|part| part == PAGE.as_bytes());
    if !message.is_modern() || message.method != "tools/call" || !is_there() {
        return None;
    }
    let mut said: Value = serde_json::from_slice(&message.text).ok()?;
    let params = said.get_mut("params")?.as_object_mut()?;
    let inputs = params.get_mut("inputResponses")?.as_object_mut()?;
    let answer = inputs.remove(PAGE)?;
    if inputs.is_empty() {
        params.remove("inputResponses");
    }
    let action = Action::deserialize(&answer["action"]).unwrap_or(Action::Cancel);
    Some((action, Message::read(said.to_string().as_bytes())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(inputs: &Value) -> Message {
        let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28" });
        let params = json!({ "name": "a", "_meta": meta, "inputResponses": inputs });
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        Message::read(call.to_string().as_bytes()).unwrap()
    }

    fn left(message: &Message) -> Value {
        serde_json::from_slice::<Value>(&message.text).unwrap()["params"]["inputResponses"].clone()
    }

    #[test]
    fn only_what_is_said_of_our_page_is_taken_out() {
        let (action, rest) = answered(&call(&json!({ PAGE: { "action": "accept" } }))).unwrap();
        assert_eq!((action, left(&rest)), (Action::Accept, Value::Null));
        let theirs = json!({ "which": { "action": "accept" } });
        let both = json!({ PAGE: { "action": "decline" }, "which": theirs["which"] });
        let (action, rest) = answered(&call(&both)).unwrap();
        assert_eq!((action, left(&rest)), (Action::Decline, theirs.clone()));
        assert!(answered(&call(&theirs)).is_none());
        assert!(answered(&call(&json!({ "which": { "action": PAGE } }))).is_none());
    }
}
