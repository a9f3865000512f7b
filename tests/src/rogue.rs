//! A server that does what a test tells it: MCP server and authorization server in one, well-behaved until
//! told otherwise.

mod feed;
mod gate;
mod hasty;
mod provider;
mod reply;

use std::collections::HashMap;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{Coding, curl, until};
pub use feed::{Feed, Streams};
pub use gate::Gate;
use hasty::Hasty;
use provider::Provider;
pub use reply::Reply;

/// The server and its script.
#[derive(Debug)]
pub struct Rogue {
    address: SocketAddr,
    origin: String,
    script: Arc<Script>,
    service: Mutex<Option<Service>>,
}

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query.
    pub query: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: String,
}

impl Recorded {
    /// A member of a form body, or of the query where there is no body.
    pub fn field(&self, name: &str) -> Option<String> {
        let text = if self.body.is_empty() { &self.query } else { &self.body };
        url::form_urlencoded::parse(text.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

#[derive(Debug)]
struct Script {
    provider: Mutex<Provider>,
    replies: Mutex<HashMap<String, Reply>>,
    edits: Mutex<HashMap<String, Vec<(String, Value)>>>,
    gates: Mutex<HashMap<String, Gate>>,
    plans: Mutex<Vec<Plan>>,
    requests: Mutex<Vec<Recorded>>,
    /// How all that is JSON is coded on its way.
    coding: Mutex<Option<Coding>>,
    closes: Arc<AtomicBool>,
}

/// What a test says to a request.
struct Plan(Box<dyn Planned + Send>);

trait Planned: Fn(&Recorded) -> Option<Reply> {}

impl<F: Fn(&Recorded) -> Option<Reply>> Planned for F {}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plan")
    }
}

#[derive(Debug)]
struct Service {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Default for Rogue {
    fn default() -> Self {
        Self::start()
    }
}

impl Rogue {
    /// Starts it on a free port of loopback.
    pub fn start() -> Self {
        Self::new(|address| format!("http://{address}"))
    }

    /// Starts it as the server of a name, to which a test's [`crate::Internet`] leads.
    pub fn named(host: &str) -> Self {
        Self::known_as(&format!("https://{host}"))
    }

    /// Starts it on a free port of loopback; it calls itself by another origin, as somebody behind a proxy
    /// does.
    pub fn known_as(origin: &str) -> Self {
        Self::new(|_| origin.to_owned())
    }

    fn new(origin: impl Fn(SocketAddr) -> String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let origin = origin(address);
        let script = Arc::new(Script {
            provider: Mutex::new(Provider::new(origin.clone())),
            plans: Mutex::default(),
            replies: Mutex::default(),
            edits: Mutex::default(),
            gates: Mutex::default(),
            requests: Mutex::default(),
            coding: Mutex::default(),
            closes: Arc::default(),
        });
        let service = Mutex::new(Some(serve(listener, Arc::clone(&script))));
        Self { address, origin, script, service }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its issuer identifier and origin.
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// From now on, what `plan` answers comes before all else; the newest plan is asked first.
    pub fn plan(&self, plan: impl Fn(&Recorded) -> Option<Reply> + Send + 'static) {
        self.script.plans.lock().unwrap().push(Plan(Box::new(plan)));
    }

    /// From now on its MCP endpoint answers whoever has a token as a server with one tool does.
    pub fn is_a_server(&self) {
        self.plan(|request| {
            request.headers.get("authorization").filter(|_| request.path == "/mcp")?;
            let message: Value = serde_json::from_str(&request.body).ok()?;
            let result = match message["method"].as_str()? {
                "initialize" => json!({
                    "protocolVersion": "2025-11-25",
                    "capabilities": { "tools": {} },
                    "serverInfo": { "name": "rogue", "version": "1" },
                }),
                "tools/list" => json!({ "tools": [{ "name": "echo", "inputSchema": { "type": "object" } }] }),
                _ if message["id"].is_null() => return Some(Reply::Bare(202, Vec::new())),
                _ => json!({}),
            };
            Some(Reply::Json(200, json!({ "jsonrpc": "2.0", "id": message["id"], "result": result })))
        });
    }

    /// From now on whoever has a token gets a stream by GET at its MCP endpoint, which stays open.
    pub fn streams(&self) -> Streams {
        let streams = Streams::default();
        let opened = streams.clone();
        self.plan(move |request| {
            let is_stream = request.path == "/mcp" && request.method == "GET";
            request.headers.get("authorization").filter(|_| is_stream)?;
            Some(Reply::Feed(opened.open()))
        });
        streams
    }

    /// What was planned counts no more.
    pub fn forget_plans(&self) {
        self.script.plans.lock().unwrap().clear();
    }

    /// What it calls itself when the browser goes back (RFC 9207), if it does.
    pub fn gives_iss(&self, iss: Option<&str>) {
        self.script.provider.lock().unwrap().iss = iss.map(str::to_owned);
    }

    /// From now on all JSON that it answers is coded like this, whoever asks.
    pub fn codes(&self, coding: Option<Coding>) {
        *self.script.coding.lock().unwrap() = coding;
    }

    /// From now on it closes each connection after one answer, without saying so.
    pub fn closes_after_each_answer(&self) {
        self.script.closes.store(true, Ordering::Relaxed);
    }

    /// Its MCP endpoint.
    pub fn mcp(&self) -> String {
        format!("{}/mcp", self.origin())
    }

    /// From now on `path` answers this.
    pub fn reply(&self, path: &str, reply: Reply) {
        self.script.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// `path` behaves again.
    pub fn behave(&self, path: &str) {
        self.script.replies.lock().unwrap().remove(path);
        self.script.edits.lock().unwrap().remove(path);
    }

    /// Replaces one member of what `path` answers; `null` removes it.
    pub fn edit(&self, path: &str, member: &str, value: Value) {
        let mut edits = self.script.edits.lock().unwrap();
        edits.entry(path.to_owned()).or_default().push((member.to_owned(), value));
    }

    /// Replaces one member of the authorization server's metadata; `null` removes it.
    pub fn edit_metadata(&self, member: &str, value: Value) {
        self.edit(provider::METADATA, member, value);
    }

    /// Says that its metadata describe this resource.
    pub fn edit_resource(&self, resource: Value) {
        self.edit(provider::RESOURCE_METADATA, "resource", resource);
    }

    /// The life of access tokens issued from now on, in seconds; `None` leaves it out of the answer.
    pub fn token_lifetime(&self, seconds: Option<i64>) {
        self.script.provider.lock().unwrap().lifetime = seconds;
    }

    /// Ends every grant: refresh tokens are refused from now on.
    pub fn end_grants(&self) {
        self.script.provider.lock().unwrap().end_grants();
    }

    /// Ends every access token: its MCP server answers 401 to them from now on.
    pub fn end_access(&self) {
        self.script.provider.lock().unwrap().end_access();
    }

    /// From now on its MCP server answers 403 to tokens without this scope, and says so.
    pub fn demand_scope(&self, scope: &str) {
        self.script.provider.lock().unwrap().demanded = Some(scope.to_owned());
    }

    /// Holds every answer of `path`, which has done its work by then, until the gate is opened or dropped.
    pub fn hold(&self, path: &str) -> Gate {
        let gate = Gate::closed();
        self.script.gates.lock().unwrap().insert(path.to_owned(), gate.clone());
        gate
    }

    /// What has arrived at `path`.
    pub fn requests(&self, path: &str) -> Vec<Recorded> {
        self.script.requests.lock().unwrap().iter().filter(|one| one.path == path).cloned().collect()
    }

    /// How many requests have arrived at `path`.
    pub fn count(&self, path: &str) -> usize {
        self.requests(path).len()
    }

    /// How many refreshes have arrived.
    pub fn refreshes(&self) -> usize {
        let is_refresh = |one: &Recorded| one.field("grant_type").as_deref() == Some("refresh_token");
        self.requests("/token").iter().filter(|one| is_refresh(one)).count()
    }

    /// Every code, token and client secret it ever issued, and every verifier it was shown.
    pub fn secrets(&self) -> Vec<String> {
        self.script.provider.lock().unwrap().secrets.clone()
    }

    /// Whether it would accept this access token.
    pub fn accepts(&self, token: &str) -> bool {
        self.script.provider.lock().unwrap().accepts(token)
    }

    /// Where a browser that says yes at `url` is sent: the callback with its code.
    #[track_caller]
    pub fn agree(&self, url: &url::Url) -> url::Url {
        let answer = curl(&[url.as_str()]).expect_status(302);
        answer.header("location").unwrap().parse().unwrap()
    }

    /// Stops listening: connections are refused.
    pub fn go_down(&self) {
        let Some(service) = self.service.lock().unwrap().take() else { return };
        let _ = service.stop.send(());
        service.thread.join().unwrap();
    }

    /// Listens again at the same address and remembers everything.
    pub fn come_back(&self) {
        self.go_down();
        let listener = until("the port is free again", || TcpListener::bind(self.address).ok());
        *self.service.lock().unwrap() = Some(serve(listener, Arc::clone(&self.script)));
    }
}

impl Drop for Rogue {
    fn drop(&mut self) {
        self.go_down();
    }
}

/// A runtime on a thread of its own, so that tests stay plain functions that may block.
fn serve(listener: TcpListener, script: Arc<Script>) -> Service {
    let (stop, stopped) = oneshot::channel();
    let thread = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let listener = Hasty { listener, closes: Arc::clone(&script.closes) };
            let router = Router::new().fallback(answer).with_state(script);
            tokio::select! {
                _ = axum::serve(listener, router) => {}
                _ = stopped => {}
            }
        });
    });
    Service { stop, thread }
}

async fn answer(State(script): State<Arc<Script>>, request: Request) -> Response {
    let recorded = record(request).await;
    script.requests.lock().unwrap().push(recorded.clone());
    let planned = script.plans.lock().unwrap().iter().rev().find_map(|plan| plan.0(&recorded));
    let planned = planned.or_else(|| script.replies.lock().unwrap().get(&recorded.path).cloned());
    let mut reply = planned.unwrap_or_else(|| script.provider.lock().unwrap().answer(&recorded));
    if let Some(edits) = script.edits.lock().unwrap().get(&recorded.path) {
        reply.edit(edits);
    }
    let gate = script.gates.lock().unwrap().get(&recorded.path).cloned();
    if let Some(gate) = gate {
        gate.pass().await;
    }
    let coding = *script.coding.lock().unwrap();
    if let Some(coding) = coding {
        let coded = tokio::task::spawn_blocking(move || reply.coded(coding)).await;
        return coded.unwrap().into_response().await;
    }
    reply.into_response().await
}

async fn record(request: Request<Body>) -> Recorded {
    let (head, body) = request.into_parts();
    let headers = head.headers.iter();
    let body = to_bytes(body, 32 << 20).await.unwrap_or_default();
    Recorded {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .map(|(k, v)| (k.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}
