//! `mcp-valet connect`: an MCP server on standard input and output that is the remote one, signed in.

mod bridge;
mod calls;
mod early;
mod events;
mod handshake;
mod input;
mod input_required;
mod last;
mod listen;
mod meanwhile;
mod message;
mod mistake;
mod modern;
mod older;
mod output;
mod said;
mod session;
mod sign_in;
mod stand_in;
mod standing;
mod subscription;
mod trouble;
mod turn;

use crate::failure::Failure;
use bridge::Bridge;
use clap::Args;
use input::{Line, Lines};
use message::Message;
use output::Output;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::{AbortHandle, JoinSet};
use wire::{Client, Code, Problem};
use words::say;

/// How long answers are waited for when the client has closed its side.
const LAST_WORDS: Duration = Duration::from_mins(1);

/// A server to be.
#[derive(Args)]
pub(crate) struct Connect {
    /// The server's name or URL.
    server: String,
    /// Seconds for which a request waits for you or the provider (50, at most 600).
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u32>,
}

/// Serves the client until it closes its side or sends a signal.
pub(crate) async fn run(client: Client, connect: Connect) -> Result<(), Failure> {
    let (output, written) = Output::open();
    let bridge = Bridge::new(client, connect.server, connect.wait, output.clone());
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        () = serve(&bridge, &output) => {}
        () = output.closed() => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    bridge.end().await;
    drop((bridge, output));
    let _ = tokio::time::timeout(Duration::from_secs(1), written).await;
    Ok(())
}

/// Relays every message, each at its own pace; only what the following ones build on is waited for.
async fn serve(bridge: &Arc<Bridge>, output: &Output) {
    let mut lines = Lines::open();
    let (mut work, mut subscriptions) = (JoinSet::new(), JoinSet::new());
    let mut open = Open::default();
    while let Some(line) = lines.next().await {
        let line = match line {
            Line::Whole(line) if line.trim_ascii().is_empty() => continue,
            Line::Whole(line) => line,
            Line::TooLong(id) => {
                output.error(&id.unwrap_or_default(), too_long().to_rpc()).await;
                continue;
            }
        };
        let Some(message) = Message::read(&line) else {
            output
                .error(&Value::Null, json!({ "code": -32700, "message": say!(cli_connect_no_message) }))
                .await;
            continue;
        };
        if message.cancels.as_ref().is_some_and(|id| open.cancel(id)) {
            continue;
        }
        if bridge.page.takes(&message) {
            continue;
        }
        bridge.learn_standing(&message);
        if message.initializes() {
            Arc::clone(bridge).begin(message).await;
            continue;
        }
        if message.method == "server/discover" {
            work.spawn(Arc::clone(bridge).discover(message));
            continue;
        }
        if message.method == "notifications/initialized" {
            Arc::clone(bridge).relay(message).await;
            continue;
        }
        let alone = message.version.is_some() || bridge.is_early();
        let id = message.ids.first().cloned();
        // Nobody waits for the end of those.
        let tasks = if message.subscribes() { &mut subscriptions } else { &mut work };
        let task = tasks.spawn(Arc::clone(bridge).relay(message));
        if let (true, Some(id)) = (alone, id) {
            open.keep(&id, task);
        }
        while work.try_join_next().is_some() || subscriptions.try_join_next().is_some() {}
    }
    let _ = tokio::time::timeout(LAST_WORDS, async { while work.join_next().await.is_some() {} }).await;
}

fn too_long() -> Problem {
    let detail = say!(cli_connect_long_line);
    Problem::new(Code::InvalidRequest, detail, say!(cli_connect_long_line_advice))
}

/// Requests under way that stand for themselves: such a one is cancelled by hanging up (MCP 2026-07-28).
#[derive(Default)]
struct Open(HashMap<String, AbortHandle>);

impl Open {
    fn keep(&mut self, id: &Value, task: AbortHandle) {
        self.0.retain(|_, task| !task.is_finished());
        self.0.insert(id.to_string(), task);
    }

    fn cancel(&mut self, id: &Value) -> bool {
        self.0.remove(&id.to_string()).is_some_and(|task| {
            task.abort();
            true
        })
    }
}

/// One line on standard error, where clients keep a log.
fn complain(what: &dyn Display) {
    let _ = writeln!(io::stderr(), "{}", crate::print::plain(&format!("mcp-valet: {what}")));
}
