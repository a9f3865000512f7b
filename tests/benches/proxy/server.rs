//! The server behind the proxy: a bare one, of which nothing takes time.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::{Stream, stream};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// One of its events, which is small.
pub const EVENT: &str =
    "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":1}}\n\n";

static SESSIONS: AtomicU64 = AtomicU64::new(0);

/// Starts it; whoever wants in signs in at `issuer`.
pub fn start(issuer: &str) -> SocketAddr {
    let (issuer, (tell, told)) = (issuer.to_owned(), std::sync::mpsc::channel());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tell.send(address).unwrap();
            let metadata =
                json!({ "resource": format!("http://{address}/mcp"), "authorization_servers": [issuer] });
            let metadata = metadata.to_string();
            let router = Router::new()
                .route(
                    "/.well-known/oauth-protected-resource/mcp",
                    get(async move || json_of(metadata.clone())),
                )
                .route("/mcp", post(answer).delete(async || StatusCode::OK))
                .with_state(address);
            let served = axum::serve(
                axum::serve::ListenerExt::tap_io(listener, |stream| stream.set_nodelay(true).unwrap()),
                router,
            );
            served.await.unwrap();
        });
    });
    told.recv().unwrap()
}

async fn answer(State(address): State<SocketAddr>, headers: HeaderMap, body: Bytes) -> Response {
    if !headers.contains_key("authorization") {
        let metadata = format!("http://{address}/.well-known/oauth-protected-resource/mcp");
        let challenge = format!("Bearer resource_metadata=\"{metadata}\"");
        let refused = Response::builder().status(401).header("www-authenticate", challenge);
        return refused.body(Body::empty()).unwrap();
    }
    let message: Value = serde_json::from_slice(&body).unwrap();
    let result = match message["method"].as_str().unwrap_or_default() {
        "events" => {
            let count = message["params"]["count"].as_u64().unwrap();
            let answer = Response::builder().header("content-type", "text/event-stream");
            return answer.body(Body::from_stream(events(count))).unwrap();
        }
        "initialize" => json!({
            "protocolVersion": "2025-11-25",
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "bare", "version": "1" },
        }),
        "tools/list" => json!({ "tools": [{ "name": "echo", "inputSchema": { "type": "object" } }] }),
        "tools/call" => json!({ "content": [{ "type": "text", "text": "done" }] }),
        _ if message["id"].is_null() => return Response::builder().status(202).body(Body::empty()).unwrap(),
        _ => json!({}),
    };
    let text = json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }).to_string();
    let mut answer = json_of(text);
    if message["method"] == "initialize" {
        let session = SESSIONS.fetch_add(1, Ordering::Relaxed).to_string();
        answer.headers_mut().insert("mcp-session-id", session.parse().unwrap());
    }
    answer
}

/// Each is a piece of its own.
fn events(count: u64) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::iter((0..count).map(|_| Ok(Bytes::from_static(EVENT.as_bytes()))))
}

fn json_of(text: String) -> Response {
    Response::builder().header("content-type", "application/json").body(Body::from(text)).unwrap()
}
