//! A little provider on loopback that answers as a test says, and remembers what it was asked.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses a part of it")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use oauth::{Http, HttpOptions, Metadata, Overrides, ServerUrl, discover};
use serde_json::{Value, json};

/// One request, as it arrived.
#[derive(Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
    /// `http://127.0.0.1:PORT` of the provider itself.
    pub base: String,
}

impl Seen {
    /// `METHOD /path`, for matching.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The value of a form parameter.
    pub fn form(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, v)| v.into_owned())
    }
}

pub struct Fake {
    pub base: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// Starts a provider that answers with `answer`.
    pub async fn start(answer: impl Fn(&Seen) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (log, own) = (seen.clone(), base.clone());
        let app = Router::new().fallback(move |request: Request| {
            let (log, own, answer) = (log.clone(), own.clone(), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
                let (method, path) = (parts.method.to_string(), parts.uri.path().to_owned());
                let seen = Seen { method, path, headers: parts.headers, body, base: own };
                log.lock().unwrap().push(seen.clone());
                answer(&seen)
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, seen }
    }

    /// Every request so far, as `METHOD /path`.
    pub fn lines(&self) -> Vec<String> {
        self.all().iter().map(Seen::line).collect()
    }

    /// Every request so far.
    pub fn all(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The last request.
    pub fn last(&self) -> Seen {
        self.seen.lock().unwrap().last().unwrap().clone()
    }

    pub fn server(&self) -> ServerUrl {
        ServerUrl::parse(&format!("{}/mcp", self.base)).unwrap()
    }
}

pub fn http() -> Http {
    let request_timeout = Duration::from_secs(2);
    Http::new(&HttpOptions { request_timeout, ..HttpOptions::default() }).unwrap()
}

pub fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub fn reply(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

pub fn html(status: u16) -> Response {
    (StatusCode::from_u16(status).unwrap(), [("content-type", "text/html")], "<html>oops</html>")
        .into_response()
}

/// A body of which nothing ever comes.
pub fn pending() -> impl futures_util::Stream<Item = std::io::Result<bytes::Bytes>> {
    futures_util::stream::pending()
}

pub fn not_found() -> Response {
    reply(404, json!({ "error": "not found" }))
}

/// 401 with these `WWW-Authenticate` headers.
pub fn challenge(values: &[&str]) -> Response {
    let mut builder = Response::builder().status(401);
    for value in values {
        builder = builder.header("www-authenticate", value.as_bytes());
    }
    builder.body(Body::empty()).unwrap()
}

pub fn redirect(to: &str) -> Response {
    Response::builder().status(302).header("location", to).body(Body::empty()).unwrap()
}

/// Complete metadata of an issuer at `issuer`, with its endpoints at `base`.
pub fn metadata(issuer: &str, base: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "registration_endpoint": format!("{base}/register"),
        "revocation_endpoint": format!("{base}/revoke"),
        "code_challenge_methods_supported": ["S256"],
    })
}

/// `value` with some members replaced; null removes one.
pub fn with(mut value: Value, changes: Value) -> Value {
    for (key, change) in changes.as_object().unwrap() {
        value.as_object_mut().unwrap().remove(key);
        if !change.is_null() {
            value.as_object_mut().unwrap().insert(key.clone(), change.clone());
        }
    }
    value
}

/// What an ordinary provider answers: a protected server at `/mcp`, and its own issuer beside it.
pub fn ordinary(seen: &Seen) -> Response {
    match seen.line().as_str() {
        "POST /mcp" => challenge(&["Bearer"]),
        "GET /.well-known/oauth-protected-resource/mcp" => reply(200, resource(&seen.base)),
        "GET /.well-known/oauth-authorization-server" => reply(200, metadata(&seen.base, &seen.base)),
        _ => not_found(),
    }
}

pub fn resource(base: &str) -> Value {
    json!({
        "resource": format!("{base}/mcp"),
        "authorization_servers": [base],
        "scopes_supported": ["read", "write"],
    })
}

/// Discovers with the default settings, and reads the only issuer's metadata.
pub async fn found(fake: &Fake) -> Metadata {
    let http = http();
    let discovery = discover(&http, &fake.server(), &Overrides::default()).await.unwrap();
    discovery.metadata(&http, &discovery.issuers[0]).await.unwrap()
}
