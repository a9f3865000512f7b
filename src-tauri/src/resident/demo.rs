//! The demo provider: a program beside this one, which ends with this one.

use broker::{Person, View};
use std::collections::BTreeSet;
use std::env;
use std::io::{self, BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;
use tokio::task::spawn_blocking;

const PROGRAM: &str = "mcp-valet-demo";
/// Its usual one: what was added once is found there again.
const PORT: u16 = 8976;
const ANNOUNCES: &str = "listening on ";
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of what it announces.
const LONGEST: u64 = 1 << 10;

/// The demo provider, once it is wanted.
#[derive(Debug, Default)]
pub(crate) struct Demo {
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    process: Process,
    /// The address of its MCP server.
    resource: String,
}

/// It ends with its standard input, of which we hold the other end: so it ends with us, however we end.
#[derive(Debug)]
struct Process(Child);

impl Demo {
    /// Starts it, unless it runs, and answers the address of its MCP server once that listens.
    pub(crate) fn start(&self) -> io::Result<String> {
        let mut place = self.running();
        if let Some(running) = place.as_mut()
            && running.process.lives()
        {
            return Ok(running.resource.clone());
        }
        let started = Running::start(if is_free() { PORT } else { 0 })?;
        Ok(place.insert(started).resource.clone())
    }

    fn end_if(&self, is_unwanted: impl FnOnce(&String) -> bool) {
        self.running().take_if(|running| is_unwanted(&running.resource));
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts it where it is in the list from an earlier run, and ends it once it is taken from there.
pub(crate) async fn follow(demo: Arc<Demo>, person: Person) {
    let mut view = person.view();
    let mut listed = addresses(&view.borrow_and_update());
    if listed.contains(&format!("http://127.0.0.1:{PORT}/mcp")) && is_free() {
        let demo = Arc::clone(&demo);
        if let Ok(Err(error)) = spawn_blocking(move || demo.start()).await {
            tracing::warn!(%error, "the demo could not be started");
        }
    }
    while view.changed().await.is_ok() {
        let now = addresses(&view.borrow_and_update());
        let gone: BTreeSet<String> = listed.difference(&now).cloned().collect();
        listed = now;
        if !gone.is_empty() {
            let demo = Arc::clone(&demo);
            // One that is starting meanwhile, or takes its time to end, is not waited for on the way of what
            // the person sees.
            let _ = spawn_blocking(move || demo.end_if(|resource| gone.contains(resource))).await;
        }
    }
}

fn addresses(view: &View) -> BTreeSet<String> {
    view.servers.iter().map(|server| server.url.clone()).collect()
}

fn is_free() -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).is_ok()
}

impl Running {
    fn start(port: u16) -> io::Result<Self> {
        // Never whatever bears this name in a folder of `PATH`.
        let program = env::current_exe()?.with_file_name(PROGRAM);
        let mut command = Command::new(&program);
        command.args(["--port", &port.to_string(), "--ends-with-input"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let child = command.spawn();
        let mut child = child
            .map_err(|error| io::Error::new(error.kind(), format!("{} ({error})", program.display())))?;
        let out = child.stdout.take();
        let process = Process(child);
        let issuer =
            out.and_then(announced).ok_or_else(|| io::Error::other("it does not say that it listens"))?;
        Ok(Self { process, resource: format!("{issuer}/mcp") })
    }
}

/// What it says of where it listens, which it does once it does.
fn announced(out: ChildStdout) -> Option<String> {
    let (says, said) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(io::Read::take(out, LONGEST)).read_line(&mut line);
        let _ = read.map(|_| says.send(line));
    });
    let line = said.recv_timeout(PATIENCE).ok()?;
    line.trim_end().strip_prefix(ANNOUNCES).map(str::to_owned)
}

impl Process {
    fn lives(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
