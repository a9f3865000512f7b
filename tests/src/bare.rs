//! A client of `mcp-valet connect` that says exactly what a test has it say.

use std::io::Write;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{Home, Process, program, until};

/// The client, and the program that it takes for its server.
#[derive(Debug)]
pub struct BareClient {
    process: Process,
    input: Option<ChildStdin>,
    last: u64,
}

impl BareClient {
    /// Starts `mcp-valet connect SERVER` and says nothing yet.
    pub fn start(home: &Home, server: &str) -> Self {
        Self::start_with(home, &[server])
    }

    /// The same with these arguments.
    pub fn start_with(home: &Home, arguments: &[&str]) -> Self {
        let mut command = home.command(program("mcp-valet"));
        command.arg("connect").args(arguments);
        Self::of(home, command)
    }

    /// Of what this starts.
    pub fn of(home: &Home, mut command: Command) -> Self {
        static NUMBERS: AtomicU32 = AtomicU32::new(1);
        let name = format!("connect-{}", NUMBERS.fetch_add(1, Ordering::Relaxed));
        let mut process = home.spawn(command.stdin(Stdio::piped()), &name);
        let input = Some(process.take_stdin());
        Self { process, input, last: 0 }
    }

    /// Starts it and begins a session with these capabilities of its own; also the result of `initialize`.
    #[track_caller]
    pub fn begin(home: &Home, server: &str, capabilities: &Value) -> (Self, Value) {
        let mut client = Self::start(home, server);
        let result = client.initialize(capabilities);
        client.notify("notifications/initialized");
        (client, result)
    }

    /// Begins a session; the result.
    #[track_caller]
    pub fn initialize(&mut self, capabilities: &Value) -> Value {
        let params = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": capabilities,
            "clientInfo": { "name": "bare", "version": "1" },
        });
        self.result("initialize", &params)
    }

    /// Sends a message as it is.
    pub fn say(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    /// Sends a notification without parameters.
    pub fn notify(&mut self, method: &str) {
        self.say(&json!({ "jsonrpc": "2.0", "method": method }));
    }

    /// Sends a request and does not wait; its ID.
    pub fn ask(&mut self, method: &str, params: &Value) -> u64 {
        self.last += 1;
        self.say(&json!({ "jsonrpc": "2.0", "id": self.last, "method": method, "params": params }));
        self.last
    }

    /// Calls a tool and does not wait; the ID.
    pub fn call(&mut self, tool: &str) -> u64 {
        let params = json!({ "name": tool, "arguments": {}, "_meta": { "progressToken": tool } });
        self.ask("tools/call", &params)
    }

    /// The answer to the request with this ID.
    #[track_caller]
    pub fn answer(&self, id: u64) -> Value {
        let is_it = |said: &Value| said["id"] == id && said.get("method").is_none();
        until(&format!("{id} is answered: {:?}", self.heard()), || self.heard().into_iter().find(is_it))
    }

    /// The result of a request.
    #[track_caller]
    pub fn result(&mut self, method: &str, params: &Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        answer.get("result").unwrap_or_else(|| panic!("{method}: {answer}")).clone()
    }

    /// The text that a tool answers.
    #[track_caller]
    pub fn calls(&mut self, tool: &str) -> String {
        let id = self.call(tool);
        text(&self.answer(id))
    }

    /// The names of the tools.
    #[track_caller]
    pub fn tools(&mut self) -> Vec<String> {
        let result = self.result("tools/list", &json!({}));
        let tools = result["tools"].as_array().unwrap_or_else(|| panic!("{result}"));
        tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything that it was told.
    pub fn heard(&self) -> Vec<Value> {
        let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        self.process.stdout().lines().map(line).collect()
    }

    /// How often it was told or asked this.
    pub fn times(&self, method: &str) -> usize {
        self.heard().iter().filter(|said| said["method"] == method).count()
    }

    /// Waits until it is told or asked this, and says with which parameters.
    #[track_caller]
    pub fn hears(&self, method: &str) -> Value {
        let is_it = |said: &Value| said["method"] == method;
        until(&format!("{method} comes: {:?}", self.heard()), || self.heard().into_iter().find(is_it))
    }

    /// Ends it as a client does that goes away.
    #[track_caller]
    pub fn close(mut self) {
        drop(self.input.take());
        self.has_ended();
    }

    /// Asks the program to end, whatever is open.
    #[track_caller]
    pub fn ends(mut self) {
        self.process.signal(Signal::TERM);
        self.has_ended();
    }

    #[track_caller]
    fn has_ended(&mut self) {
        assert!(self.process.wait().success(), "{}", self.process.stderr());
    }
}

/// The text of a tool's answer.
#[track_caller]
pub fn text(answer: &Value) -> String {
    let text = answer["result"]["content"][0]["text"].as_str();
    text.unwrap_or_else(|| panic!("no text: {answer}")).to_owned()
}
