//! What the tests of this crate have in common: a client that speaks by [`Running::forward`], and a look at
//! the processes that are left.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses some of it")]

use bytes::Bytes;
use futures_util::StreamExt;
use ground::clock::Clock;
use http::{HeaderMap, HeaderValue, Method};
use local::{Answer, Bounds, Fault, Keeper, Owner, Program, Request, Running, Word};
use secret::Secret;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

pub(crate) const KEY: &str = "sk-rogue-0123456789";

pub(crate) fn running(bounds: Bounds) -> Running {
    let keeper = Keeper::new(env!("CARGO_BIN_EXE_local-valet").into(), vec!["--keep".into()], "test");
    Running::new(bounds, keeper, Clock::system())
}

pub(crate) fn quick() -> Bounds {
    Bounds { farewell: Duration::from_millis(300), ..Bounds::default() }
}

/// The rogue server, which behaves like this. What it starts has the mark in its environment.
pub(crate) fn rogue(how: &str, mark: &str) -> Program {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/rogue.py");
    Program {
        command: "python3".into(),
        args: vec![Word::from(script.into_os_string()), Word::from(how)],
        env: vec![
            ("PATH".into(), Word::from("/usr/bin:/bin")),
            ("ROGUE_KEY".into(), Word::from(KEY)),
            ("TEST_MARK".into(), Word::from(mark)),
        ],
        cwd: "/tmp".into(),
        secrets: vec![Secret::from(KEY.to_owned())],
    }
}

pub(crate) struct Client {
    pub(crate) running: Running,
    pub(crate) owner: Owner,
    pub(crate) program: Program,
    pub(crate) session: Option<String>,
}

impl Client {
    pub(crate) fn of(running: &Running, program: Program) -> Self {
        let owner = Owner { server: "rogue".into(), application: "app".into(), run: "1".into() };
        Self { running: running.clone(), owner, program, session: None }
    }

    pub(crate) async fn begun(running: &Running, program: Program) -> Self {
        let mut client = Self::of(running, program);
        client.initialize().await.unwrap();
        client
    }

    pub(crate) async fn initialize(&mut self) -> Result<Value, Fault> {
        let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        let answer =
            self.post(json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params })).await?;
        self.session = Some(answer.headers["mcp-session-id"].to_str().unwrap().to_owned());
        let said = one(answer).await;
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        assert_eq!(self.post(ready).await?.status, 202);
        said
    }

    pub(crate) async fn send(&self, method: Method, body: Bytes) -> Result<Answer, Fault> {
        let mut headers = HeaderMap::new();
        headers.insert("accept", HeaderValue::from_static("application/json, text/event-stream"));
        if let Some(session) = &self.session {
            headers.insert("mcp-session-id", session.parse().unwrap());
        }
        let request = Request { method, headers, body };
        let program = self.program.clone();
        self.running.forward(&self.owner, request, || async { Ok::<_, Fault>(program) }).await
    }

    pub(crate) async fn post(&self, message: Value) -> Result<Answer, Fault> {
        self.send(Method::POST, message.to_string().into()).await
    }

    pub(crate) fn call(
        &self,
        id: u64,
        name: &str,
        arguments: Value,
    ) -> impl Future<Output = Result<Answer, Fault>> {
        let params = json!({ "name": name, "arguments": arguments, "_meta": { "progressToken": id } });
        self.post(json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params }))
    }

    pub(crate) async fn text(&self, id: u64, name: &str, arguments: Value) -> Result<String, Fault> {
        let said = one(self.call(id, name, arguments).await?).await?;
        assert_eq!(said["id"], id, "{said}");
        Ok(said["result"]["content"][0]["text"].as_str().unwrap().to_owned())
    }
}

/// The last message of an answer.
pub(crate) async fn one(answer: Answer) -> Result<Value, Fault> {
    Ok(all(answer).await?.pop().unwrap())
}

/// All messages of an answer.
pub(crate) async fn all(answer: Answer) -> Result<Vec<Value>, Fault> {
    let is_events = answer.headers["content-type"] == "text/event-stream";
    let mut pieces = answer.body;
    let mut text = Vec::new();
    while let Some(piece) = pieces.next().await {
        text.extend_from_slice(&piece?);
    }
    if !is_events {
        return Ok(vec![serde_json::from_slice(&text).unwrap()]);
    }
    let text = String::from_utf8(text).unwrap();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    Ok(data.map(|data| serde_json::from_str(data).unwrap()).collect())
}

/// Processes with this mark in their environment, but zombies.
pub(crate) fn left(mark: &str) -> BTreeSet<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let variable = format!("TEST_MARK={mark}");
    let has = |pid: &u32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|one| one == variable.as_bytes())
    };
    pids.filter(has).collect()
}

/// Waits until none is left, and panics where some are after ten seconds.
pub(crate) async fn none_left(mark: &str) {
    none_left_but(mark, &[]).await;
}

/// The same, but for these.
pub(crate) async fn none_left_but(mark: &str, but: &[u32]) {
    until(mark, |left| left.iter().all(|pid| but.contains(pid))).await;
}

/// Waits until there are so many.
pub(crate) async fn until_there_are(mark: &str, number: usize) {
    until(mark, |left| left.len() == number).await;
}

async fn until(mark: &str, is_so: impl Fn(&BTreeSet<u32>) -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !is_so(&left(mark)) {
        assert!(Instant::now() < until, "{mark}: {:?} are there", left(mark));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A mark that nobody else has.
pub(crate) fn mark() -> String {
    format!("{:032x}", rand::random::<u128>())
}
