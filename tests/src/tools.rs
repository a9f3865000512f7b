//! Servers with tools, and programs that go by rules.

use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::{Home, HttpResponse, Reply, Rogue, Terminal, Valet, until};

/// The tools that a server lists, which may change while it runs.
#[derive(Debug, Clone)]
pub struct Tools(Arc<Mutex<Vec<Value>>>);

/// One that says of itself what it does.
pub fn tool(name: &str, hints: Value) -> Value {
    json!({ "name": name, "description": format!("{name}, says the server"), "annotations": hints,
        "inputSchema": { "type": "object", "properties": { "id": { "type": "string" } } } })
}

/// One that only reads, says its server.
pub fn reads(name: &str) -> Value {
    tool(name, json!({ "readOnlyHint": true }))
}

/// One that deletes nothing, says its server.
pub fn changes(name: &str) -> Value {
    tool(name, json!({ "destructiveHint": false }))
}

/// One that deletes, says its server.
pub fn deletes(name: &str) -> Value {
    tool(name, json!({ "destructiveHint": true }))
}

impl Tools {
    /// From now on the server lists these.
    pub fn are(&self, tools: Vec<Value>) {
        *self.0.lock().unwrap() = tools;
    }
}

impl Rogue {
    /// From now on its MCP endpoint lists these tools to whoever has a token, and does what is called.
    pub fn has_tools(&self, tools: Vec<Value>) -> Tools {
        let tools = Tools(Arc::new(Mutex::new(tools)));
        let listed = tools.clone();
        self.plan(move |request| {
            request.headers.get("authorization").filter(|_| request.path == "/mcp")?;
            let message: Value = serde_json::from_str(&request.body).ok()?;
            let answer = |message: &Value| {
                let result = match message["method"].as_str() {
                    Some("tools/list") => json!({ "tools": *listed.0.lock().unwrap() }),
                    Some("tools/call") => json!({ "content": [{ "type": "text", "text": "done" }] }),
                    _ => json!({}),
                };
                json!({ "jsonrpc": "2.0", "id": message["id"], "result": result })
            };
            let answers = match message.as_array() {
                Some(batch) => batch.iter().map(answer).collect(),
                None => answer(&message),
            };
            Some(Reply::Json(200, answers))
        });
        tools
    }

    /// The tools that were called here, in their order, with what they were told.
    pub fn called(&self) -> Vec<String> {
        let requests = self.requests("/mcp");
        let messages =
            requests.iter().filter_map(|request| serde_json::from_str::<Value>(&request.body).ok());
        let all = messages.flat_map(|message| message.as_array().cloned().unwrap_or_else(|| vec![message]));
        let calls = all.filter(|message| message["method"] == "tools/call");
        calls
            .map(|call| {
                format!("{} {}", call["params"]["name"].as_str().unwrap(), call["params"]["arguments"])
            })
            .collect()
    }
}

/// A message that calls a tool.
pub fn call(name: &str, arguments: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": name, "arguments": arguments } })
}

/// A message of this method.
pub fn request(method: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": {} })
}

/// A valet that is signed in at these servers, and asks about every program.
pub fn asking<'home>(home: &'home Home, servers: &[(&str, &Rogue)]) -> (Valet<'home>, Terminal) {
    let urls: Vec<(&str, String)> = servers.iter().map(|(name, rogue)| (*name, rogue.mcp())).collect();
    let urls: Vec<(&str, &str)> = urls.iter().map(|(name, url)| (*name, url.as_str())).collect();
    home.asks_about(&urls);
    let (valet, terminal) = Valet::on_terminal(home);
    servers.iter().for_each(|(name, _)| valet.sign_in(name));
    (valet, terminal)
}

/// The questions about calls that were on the screen.
pub fn asked(terminal: &Terminal) -> usize {
    terminal.screen().matches("wants to call").count()
}

/// Sends a message, about which the person is asked, who answers this.
#[track_caller]
pub fn answered(
    valet: &Valet<'_>,
    terminal: &mut Terminal,
    server: &str,
    message: &Value,
    word: &str,
) -> HttpResponse {
    let before = prompts(terminal);
    thread::scope(|scope| {
        let sending = scope.spawn(|| valet.proxy(server, message, &[]));
        until("it is asked", || (prompts(terminal) > before).then_some(()));
        terminal.types(word);
        sending.join().unwrap()
    })
}

fn prompts(terminal: &Terminal) -> usize {
    let screen = terminal.screen();
    screen.matches("wants to call").count() + screen.matches("wants to use").count()
}

/// Lets this program read at a server, and has it list the tools there.
#[track_caller]
pub fn may_read(valet: &Valet<'_>, terminal: &mut Terminal, server: &str) {
    answered(valet, terminal, server, &request("initialize"), "f reads").expect_status(200);
    valet.proxy(server, &request("tools/list"), &[]).expect_status(200);
}

/// Whether an answer is that of the tool.
pub fn is_done(answer: &HttpResponse) -> bool {
    answer.body.contains("\"done\"") && !answer.body.contains("isError")
}

/// Whether an answer says to a model that the call was not made.
pub fn is_held(answer: &HttpResponse) -> bool {
    answer.status == 200
        && answer.json()["result"]["isError"] == true
        && answer.body.contains("Nothing was done")
}
