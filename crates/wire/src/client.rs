//! A client of the socket: one connection a call.

use crate::doctor::{Examine, Report};
use crate::socket::{self, SocketPathError};
use crate::{
    Added, AuditEntry, Authorization, AuthorizeRequest, Code, Finish, Health, NewServer, Problem, Removed,
    Revocation, Revoke, RevokedAll, Server, Show, Token, TokenRequest, Verified,
};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

const MAX_ANSWER: usize = 16 << 20;
const SPARE: Duration = Duration::from_secs(15);
/// How long a client waits to be let in where many others do, and how long between two tries.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The valet said no, and why.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// No valet listens.
    #[error("no MCP Valet is running ({0})")]
    NotRunning(PathBuf),
    /// One listens, or may, and cannot be reached.
    #[error("MCP Valet cannot be reached at {path}: {why}")]
    Unreachable {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The socket is not safe to use.
    #[error(transparent)]
    Unsafe(SocketPathError),
    /// The valet did not answer in the form agreed, or not in time.
    #[error("the valet did not answer properly: {0}")]
    Protocol(&'static str),
}

impl ClientError {
    /// A stable name of what went wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Problem(problem) => problem.code.as_str(),
            Self::NotRunning(_) => "not_running",
            Self::Unreachable { why, .. } if is_crowded(why) => "busy",
            Self::Unreachable { .. } => "unreachable",
            Self::Unsafe(_) => "unsafe_socket",
            Self::Protocol(_) => "protocol",
        }
    }

    /// What the person can do about it.
    #[must_use]
    pub fn advice(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.advice,
            Self::NotRunning(_) => "Start MCP Valet, or `mcp-valetd` where there is no screen.",
            Self::Unreachable { why, .. } if is_crowded(why) => {
                "Try again in a moment. If it stays so, look for a program that connects without end."
            }
            Self::Unreachable { .. } => "Check that this user may open that path.",
            Self::Unsafe(_) => "Stop MCP Valet, delete that path, and start it again.",
            Self::Protocol(_) => "Check that mcp-valet and the running valet have the same version.",
        }
    }

    /// The exit status of `mcp-valet` for this error.
    #[must_use]
    pub fn exit(&self) -> u8 {
        match self {
            Self::Problem(problem) => problem.code.exit(),
            Self::NotRunning(_) => 6,
            Self::Unreachable { why, .. } if is_crowded(why) => Code::Busy.exit(),
            Self::Unreachable { .. } | Self::Unsafe(_) | Self::Protocol(_) => 1,
        }
    }

    /// The `error` member of a JSON-RPC response.
    #[must_use]
    pub fn to_rpc(&self) -> Value {
        if let Self::Problem(problem) = self {
            return problem.to_rpc();
        }
        let data = json!({ "code": self.code(), "advice": self.advice() });
        json!({ "code": 1000, "message": format!("{self}. {}", self.advice()), "data": data })
    }
}

/// A client of one valet's socket.
#[derive(Debug, Clone)]
pub struct Client {
    path: PathBuf,
}

impl Client {
    /// A client of the valet at [`socket::default_path`].
    #[must_use]
    pub fn new() -> Self {
        Self { path: socket::default_path() }
    }

    /// Asks for an access token, waiting as long as the request says.
    pub async fn token(&self, request: &TokenRequest) -> Result<Token, ClientError> {
        let wait = request.wait.unwrap_or(crate::DEFAULT_WAIT).min(crate::MAX_WAIT);
        self.send(Method::POST, "/v1/token", Some(request), wait).await
    }

    /// Lists every server.
    pub async fn servers(&self) -> Result<Vec<Server>, ClientError> {
        self.send(Method::GET, "/v1/servers", None::<&()>, 0).await
    }

    /// One server.
    pub async fn server(&self, server: &str) -> Result<Server, ClientError> {
        self.send(Method::GET, &server_path(server, ""), None::<&()>, 0).await
    }

    /// One server, once no sign-in is under way any more, or after `wait` seconds.
    pub async fn settled(&self, server: &str, wait: u32) -> Result<Server, ClientError> {
        let path = server_path(server, &format!("?wait={wait}"));
        self.send(Method::GET, &path, None::<&()>, wait).await
    }

    /// Adds a server to the configuration.
    pub async fn add(&self, server: &NewServer) -> Result<Added, ClientError> {
        self.send(Method::POST, "/v1/servers", Some(server), server.wait.unwrap_or(0)).await
    }

    /// Begins a sign-in and answers the page to open.
    pub async fn authorize(
        &self,
        server: &str,
        request: &AuthorizeRequest,
    ) -> Result<Authorization, ClientError> {
        self.send(Method::POST, &server_path(server, "/authorize"), Some(request), 60).await
    }

    /// Finishes a sign-in with the address that the browser ended at.
    pub async fn finish(&self, server: &str, finish: &Finish) -> Result<Server, ClientError> {
        self.send(Method::POST, &server_path(server, "/callback"), Some(finish), 30).await
    }

    /// Says "not now" to signing in, for this session.
    pub async fn decline(&self, server: &str) -> Result<Server, ClientError> {
        self.send(Method::POST, &server_path(server, "/decline"), None::<&()>, 0).await
    }

    /// Revokes the grant at the issuer and wipes it here.
    pub async fn revoke(&self, server: &str, revoke: &Revoke) -> Result<Revocation, ClientError> {
        self.send(Method::POST, &server_path(server, "/revoke"), Some(revoke), 60).await
    }

    /// Revokes every grant and forgets every answer.
    pub async fn revoke_all(&self) -> Result<RevokedAll, ClientError> {
        self.send(Method::POST, "/v1/revoke", None::<&()>, 120).await
    }

    /// Revokes, and takes the server out of the configuration.
    pub async fn remove(&self, server: &str) -> Result<Removed, ClientError> {
        self.send(Method::DELETE, &server_path(server, ""), None::<&()>, 60).await
    }

    /// Looks at a server from outside.
    pub async fn examine(&self, examine: &Examine) -> Result<Report, ClientError> {
        self.send(Method::POST, "/v1/doctor", Some(examine), 60).await
    }

    /// The caller's own audit entries, oldest first.
    pub async fn audit(&self) -> Result<Vec<AuditEntry>, ClientError> {
        self.send(Method::GET, "/v1/audit", None::<&()>, 0).await
    }

    /// Whether the audit, everybody's, is as it was written.
    pub async fn verify_audit(&self) -> Result<Verified, ClientError> {
        self.send(Method::GET, "/v1/audit/verify", None::<&()>, 60).await
    }

    /// Wipes every secret from memory until the person unlocks.
    pub async fn lock(&self) -> Result<(), ClientError> {
        self.send(Method::POST, "/v1/lock", None::<&()>, 0).await
    }

    /// Brings the valet's window to the front.
    pub async fn show(&self, show: &Show) -> Result<(), ClientError> {
        self.send(Method::POST, "/v1/show", Some(show), 0).await
    }

    /// Whether the valet is well.
    pub async fn health(&self) -> Result<Health, ClientError> {
        self.send(Method::GET, "/v1/health", None::<&()>, 0).await
    }

    async fn send<A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
        wait: u32,
    ) -> Result<A, ClientError> {
        let limit = Duration::from_secs(wait.into()) + SPARE;
        let exchange = self.exchange(method, path, body);
        tokio::time::timeout(limit, exchange).await.map_err(|_| ClientError::Protocol("no answer in time"))?
    }

    async fn exchange<A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<A, ClientError> {
        let (mut sender, driver) = self.open().await?;
        let body = match body {
            Some(body) => {
                serde_json::to_vec(body).map_err(|_| ClientError::Protocol("the request is not JSON"))?
            }
            None => Vec::new(),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| ClientError::Protocol("the request has no valid form"))?;
        let answer = sender.send_request(request).await.map_err(|_| ClientError::Protocol("it hung up"))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER)
            .collect()
            .await
            .map_err(|_| ClientError::Protocol("the answer broke off"))?
            .to_bytes();
        driver.abort();
        if status.is_success() {
            let body: &[u8] = if body.is_empty() { b"null" } else { &body };
            return serde_json::from_slice(body)
                .map_err(|_| ClientError::Protocol("the answer has another form"));
        }
        let problem: Problem =
            serde_json::from_slice(&body).map_err(|_| ClientError::Protocol("the error has another form"))?;
        Err(problem.into())
    }

    /// A connection for one request, and the task that drives it for as long as either end wants.
    pub(crate) async fn open(
        &self,
    ) -> Result<(SendRequest<Full<Bytes>>, JoinHandle<hyper::Result<()>>), ClientError> {
        let stream = self.connect().await?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|_| ClientError::Protocol("no HTTP on the socket"))?;
        Ok((sender, tokio::spawn(connection)))
    }

    async fn connect(&self) -> Result<UnixStream, ClientError> {
        socket::check_path(&self.path).map_err(ClientError::from_path)?;
        let stream = self.reach().await.map_err(|error| self.unreached(error))?;
        socket::check_peer(&self.path, &stream).map_err(ClientError::from_path)?;
        Ok(stream)
    }

    /// Connects, and waits for a place for a while where many others do.
    async fn reach(&self) -> io::Result<UnixStream> {
        let begun = Instant::now();
        loop {
            match UnixStream::connect(&self.path).await {
                Err(error) if is_crowded(&error) && begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(PAUSE).await;
                }
                reached => return reached,
            }
        }
    }

    fn unreached(&self, why: io::Error) -> ClientError {
        let path = self.path.clone();
        let nobody = [io::ErrorKind::NotFound, io::ErrorKind::ConnectionRefused];
        match nobody.contains(&why.kind()) {
            true => ClientError::NotRunning(path),
            false => ClientError::Unreachable { path, why },
        }
    }
}

/// Whether more are waiting to be let in than can: unix(7), `EAGAIN`.
fn is_crowded(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl ClientError {
    fn from_path(error: SocketPathError) -> Self {
        match error {
            SocketPathError::Missing(path) => Self::NotRunning(path),
            unsafe_socket @ SocketPathError::Unsafe { .. } => Self::Unsafe(unsafe_socket),
        }
    }
}

/// A server is a name or a URL; a URL has slashes, so the whole of it is percent-encoded into one path
/// segment.
fn server_path(server: &str, rest: &str) -> String {
    format!("/v1/servers/{}{rest}", segment(server))
}

pub(crate) fn segment(server: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(server.as_bytes()).collect();
    encoded.replace('+', "%20")
}
