//! Clients that begin without a handshake (MCP 2026-07-28, "Versioning and Compatibility"): each message
//! stands for itself, and what changes is heard by a subscription. Where the server turns out to be one that
//! wants a handshake, it gets one from here, and messages without what it does not know.

use super::bridge::Bridge;
use super::early::Early;
use super::handshake::METHOD_NOT_FOUND;
use super::message::Message;
use super::stand_in;
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The revision that begins so.
const REVISION: &str = "2026-07-28";
/// The revision in which a server is spoken to that begins otherwise.
const BEFORE: &str = "2025-11-25";
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";
/// What the keys of `_meta` begin with that a server before does not know.
const OURS: &str = "io.modelcontextprotocol/";

/// Each list, and what a subscription to its changes is called.
const LISTS: [(&str, &str); 3] =
    [("tools", "toolsListChanged"), ("prompts", "promptsListChanged"), ("resources", "resourcesListChanged")];

/// Subscriptions that are kept here, by the text of their IDs: what each wants to hear.
#[derive(Default)]
pub(super) struct Subscriptions(Mutex<BTreeMap<String, (Value, Value)>>);

/// One that is kept until this is dropped.
struct Kept<'a>(&'a Subscriptions, String);

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Subscriptions {
    fn keep(&self, id: &Value, filter: Value) -> Kept<'_> {
        let name = id.to_string();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.clone(), (id.clone(), filter));
        Kept(self, name)
    }

    /// The notification that a list has changed, for each who wants to hear it.
    fn news(&self, list: &str) -> Vec<String> {
        let Some((_, wanted)) = LISTS.iter().find(|(name, _)| *name == list) else { return Vec::new() };
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hear = all.values().filter(|(_, filter)| filter[*wanted] == true);
        hear.map(|(id, _)| tagged(&format!("notifications/{list}/list_changed"), id, json!({}))).collect()
    }
}

/// The result of `server/discover`: as the server answered it the last time, if that is known.
pub(super) fn discovered(server: &str, early: &Early) -> Value {
    let last = early.last();
    if let Some(last) = last.filter(|last| last.discovered.is_object()) {
        let mut result = last.discovered.clone();
        result["capabilities"] = stand_in::announced(last.capabilities());
        return result;
    }
    json!({
        "supportedVersions": [REVISION],
        "capabilities": last.map_or_else(stand_in::everything, |last| stand_in::announced(last.capabilities())),
        "instructions": stand_in::instructions(server),
        "_meta": { "io.modelcontextprotocol/serverInfo": stand_in::info(server) },
    })
}

/// A result, with what each has since this revision; nobody is to keep it.
pub(super) fn complete(result: &str) -> String {
    const MORE: &str = r#""resultType":"complete","ttlMs":0,"cacheScope":"private""#;
    match result.trim_start().strip_prefix('{') {
        Some(rest) if rest.trim_start().starts_with('}') => format!("{{{MORE}}}"),
        Some(rest) if !result.contains("\"resultType\"") => format!("{{{MORE},{rest}"),
        Some(_) | None => result.to_owned(),
    }
}

fn tagged(method: &str, id: &Value, mut params: Value) -> String {
    params["_meta"] = json!({ SUBSCRIPTION: id });
    json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string()
}

impl Message {
    /// Whether it stands for itself.
    pub(super) const fn is_modern(&self) -> bool {
        self.version.is_some()
    }

    /// The same for a server that had a handshake.
    fn as_before(&self) -> Option<Self> {
        let mut message: Value = serde_json::from_slice(&self.text).ok()?;
        if let Some(Value::Object(meta)) = message.pointer_mut("/params/_meta") {
            meta.retain(|key, _| !key.starts_with(OURS));
        }
        Self::read(message.to_string().as_bytes())
    }

    /// What each message of this client says of it.
    pub(super) fn meta(&self) -> Option<Value> {
        let message: Value = serde_json::from_slice(&self.text).ok()?;
        let meta = message.pointer("/params/_meta")?.as_object()?;
        let ours = meta.iter().filter(|(key, _)| key.starts_with(OURS));
        Some(ours.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// The handshake in the place of this first message.
    pub(super) fn handshake(&self) -> Option<Self> {
        let meta = self.meta()?;
        let unnamed = json!({ "name": "mcp-valet", "version": env!("CARGO_PKG_VERSION") });
        let client = meta.get("io.modelcontextprotocol/clientInfo").unwrap_or(&unnamed);
        // What a server asks of a client in a session has no way to this one.
        let params = json!({ "protocolVersion": BEFORE, "capabilities": {}, "clientInfo": client });
        let id = "mcp-valet-initialize";
        let text = json!({ "jsonrpc": "2.0", "id": id, "method": "initialize", "params": params });
        Self::read(text.to_string().as_bytes())
    }
}

impl Bridge {
    /// As [`Bridge::unless_early`], for a message that stands for itself.
    pub(super) async fn unless_subscribed(&self, early: &Early, message: Message) -> Option<Message> {
        let is_before = || early.is_there_now() && early.wants_handshake();
        match message.method.as_str() {
            "subscriptions/listen" => self.stands_by(early, &message).await.then_some(message),
            "server/discover" if is_before() || !early.is_there_now() => {
                self.answer(&message, &discovered(&self.server, early)).await
            }
            _ => Some(message),
        }
    }

    /// The message as the server understands it.
    pub(super) fn understood(&self, message: Message) -> Message {
        let is_before = message.is_modern() && self.early().is_some_and(|early| early.wants_handshake());
        if is_before { message.as_before().unwrap_or(message) } else { message }
    }

    /// Keeps a subscription until the server is there. True if the server keeps it from then on.
    async fn stands_by(&self, early: &Early, message: &Message) -> bool {
        let Some(id) = message.ids.first() else { return true };
        if early.is_there_now() && !early.wants_handshake() {
            return true;
        }
        let text: Value = serde_json::from_slice(&message.text).unwrap_or_default();
        let filter = &text["params"]["notifications"];
        let heard = LISTS.iter().filter(|(_, wanted)| filter[*wanted] == true);
        let heard: Value = heard.map(|(_, wanted)| ((*wanted).to_owned(), Value::Bool(true))).collect();
        let said = json!({ "notifications": heard });
        self.output.message(&tagged("notifications/subscriptions/acknowledged", id, said)).await;
        let kept = early.subscriptions.keep(id, heard);
        early.is_there().await;
        if early.wants_handshake() {
            std::future::pending::<()>().await;
        }
        // What has changed is said where the server is found to be there.
        drop(kept);
        true
    }

    /// Tells those who want to hear of each that these lists have changed, as far as the server has them.
    pub(super) async fn tell_subscribers(&self, early: &Early, capabilities: &Value, lists: &[&str]) {
        for list in lists.iter().filter(|list| capabilities.get(**list).is_some()) {
            for news in early.subscriptions.news(list) {
                self.output.message(&news).await;
            }
        }
    }

    /// Sees to what a server with a handshake says by itself, which a client without one does not expect.
    /// False if it is for the client as it is.
    pub(super) async fn keeps_to_itself(&self, said: &str) -> bool {
        let Some(early) = self.early().filter(|early| early.is_modern && early.wants_handshake()) else {
            return false;
        };
        let message: Value = serde_json::from_str(said).unwrap_or_default();
        if let Some(id) = message.get("id") {
            let error = json!({ "code": METHOD_NOT_FOUND, "message": "Method not found" });
            let answer = json!({ "jsonrpc": "2.0", "id": id, "error": error });
            let (_, headers) = self.headers();
            let _ = self.send(Method::POST, &headers, HeaderMap::new(), answer.to_string().into()).await;
            return true;
        }
        let method = message["method"].as_str().unwrap_or_default();
        let list = method.strip_prefix("notifications/").and_then(|rest| rest.strip_suffix("/list_changed"));
        let Some(list) = list else { return false };
        for news in early.subscriptions.news(list) {
            self.output.message(&news).await;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_says_that_it_is_whole_and_keeps_what_it_has() {
        let read = |text: &str| serde_json::from_str::<Value>(&complete(text)).unwrap();
        assert_eq!(read("{}")["resultType"], "complete");
        assert_eq!(read(r#"{"tools":[{"name":"a"}]}"#)["tools"][0]["name"], "a");
        assert_eq!(read(r#" { "a": 1 }"#)["cacheScope"], "private");
        assert_eq!(complete(r#"{"resultType":"input_required"}"#), r#"{"resultType":"input_required"}"#);
    }

    #[test]
    fn a_server_before_gets_what_it_knows() {
        let text = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{"progressToken":7,
            "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"x"}}}}"#;
        let message = Message::read(text.as_bytes()).unwrap();
        let before = message.as_before().unwrap();
        assert!(!before.is_modern());
        let said: Value = serde_json::from_slice(&before.text).unwrap();
        assert_eq!(said["params"]["_meta"], json!({ "progressToken": 7 }));
        let handshake: Value = serde_json::from_slice(&message.handshake().unwrap().text).unwrap();
        assert_eq!(handshake["params"]["clientInfo"], json!({ "name": "x" }));
    }
}
