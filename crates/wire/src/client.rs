//! A client of the socket: one connection a call, but for those through the proxy.

use crate::client_error::is_crowded;
use crate::doctor::{Examine, Itself, Report};
use crate::kept::Lines;
use crate::{
    Added, Adopt, AdoptDone, AuditEntry, Authorization, AuthorizeRequest, ClientError, Finish, Forward,
    Health, LastTime, NewForward, NewServer, Problem, Removed, Revocation, Revoke, RevokedAll, RulesOf,
    Server, SetKey, SetUp, SetUpDone, Show, Token, TokenRequest, Verified, WebClient,
};
use crate::{Starter, Stream, socket, trust};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use words::say;

const MAX_ANSWER: usize = 16 << 20;
const SPARE: Duration = Duration::from_secs(15);
/// How long a client waits to be let in where many others do, and how long between two tries.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);
/// Seconds that it may take to log in at a host, twice.
const LOGGING_IN: u32 = 60;
const OURS: &str = env!("CARGO_PKG_VERSION");

/// What every version says of itself.
#[derive(Deserialize)]
struct Running {
    version: String,
}

/// A client of one valet's socket.
#[derive(Debug, Clone)]
pub struct Client {
    path: PathBuf,
    lines: Lines,
    /// Has a valet started where none runs and something is asked of it.
    starter: Option<Arc<dyn Starter>>,
}

impl Client {
    /// A client of the valet that programs ask.
    #[must_use]
    pub fn new() -> Self {
        Self { path: socket::path_to_ask(), lines: Lines::default(), starter: None }
    }

    /// The socket that it speaks to.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.path
    }

    /// The same, and where none runs, this one has it started.
    #[must_use]
    pub fn starting(self, starter: Arc<dyn Starter>) -> Self {
        Self { starter: Some(starter), ..self }
    }

    /// The same, and nothing is started for what it asks.
    #[must_use]
    pub fn as_it_is(&self) -> Self {
        Self { starter: None, ..self.clone() }
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

    /// What the calling program may do at a server.
    pub async fn rules(&self, server: &str) -> Result<RulesOf, ClientError> {
        self.send(Method::GET, &server_path(server, "/rules"), None::<&()>, 0).await
    }

    /// One server, once no sign-in is under way any more, or after `wait` seconds.
    pub async fn settled(&self, server: &str, wait: u32) -> Result<Server, ClientError> {
        let path = server_path(server, &format!("?wait={wait}"));
        self.send(Method::GET, &path, None::<&()>, wait).await
    }

    /// What a server said of itself the last time, as far as the caller may know.
    pub async fn last_time(&self, server: &str) -> Result<LastTime, ClientError> {
        self.send(Method::GET, &server_path(server, "/last-time"), None::<&()>, 0).await
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

    /// Gives up the sign-in that the caller itself has begun.
    pub async fn give_up(&self, server: &str) -> Result<Server, ClientError> {
        self.send(Method::DELETE, &server_path(server, "/authorize"), None::<&()>, 0).await
    }

    /// Finishes a sign-in with the address that the browser ended at.
    pub async fn finish(&self, server: &str, finish: &Finish) -> Result<Server, ClientError> {
        self.send(Method::POST, &server_path(server, "/callback"), Some(finish), 30).await
    }

    /// Says "not now" to signing in, for this session.
    pub async fn decline(&self, server: &str) -> Result<Server, ClientError> {
        self.send(Method::POST, &server_path(server, "/decline"), None::<&()>, 0).await
    }

    /// Has a key of a server set, once the person agrees.
    pub async fn set_key(&self, server: &str, key: &str, set: &SetKey) -> Result<Server, ClientError> {
        self.send(Method::PUT, &key_path(server, key), Some(set), set.wait.unwrap_or(0)).await
    }

    /// Has the files of other programs lead here, or not any more; the person is asked.
    pub async fn set_up(&self, asked: &SetUp) -> Result<SetUpDone, ClientError> {
        self.send(Method::POST, "/v1/setup", Some(asked), asked.wait.unwrap_or(0)).await
    }

    /// Has a socket in another place lead here; the person is asked.
    pub async fn forward(&self, asked: &NewForward) -> Result<Forward, ClientError> {
        // Once the person has agreed, the place is logged in to.
        let wait = asked.wait.unwrap_or(0) + LOGGING_IN;
        self.send(Method::POST, "/v1/forwards", Some(asked), wait).await
    }

    /// Every socket in another place that leads here.
    pub async fn forwards(&self) -> Result<Vec<Forward>, ClientError> {
        self.send(Method::GET, "/v1/forwards", None::<&()>, 0).await
    }

    /// Ends one of them, by its number or its place.
    pub async fn close_forward(&self, which: &str) -> Result<Forward, ClientError> {
        self.send(Method::DELETE, &format!("/v1/forwards/{}", segment(which)), None::<&()>, 0).await
    }

    /// The clients of the door that are let in.
    pub async fn web_clients(&self) -> Result<Vec<WebClient>, ClientError> {
        self.send(Method::GET, "/v1/door", None::<&()>, 0).await
    }

    /// Takes back what one of them was given, by its number.
    pub async fn take_back(&self, which: &str) -> Result<WebClient, ClientError> {
        self.send(Method::DELETE, &format!("/v1/door/{}", segment(which)), None::<&()>, 0).await
    }

    /// Moves here what other programs list, secrets too; the person is asked.
    pub async fn adopt(&self, asked: &Adopt) -> Result<AdoptDone, ClientError> {
        self.send(Method::POST, "/v1/adopt", Some(asked), asked.wait.unwrap_or(0)).await
    }

    /// Wipes a key of a server.
    pub async fn wipe_key(&self, server: &str, key: &str) -> Result<Server, ClientError> {
        self.send(Method::DELETE, &key_path(server, key), None::<&()>, 0).await
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

    /// Looks at the valet itself.
    pub async fn examine_itself(&self) -> Result<Itself, ClientError> {
        self.send(Method::GET, "/v1/doctor", None::<&()>, 0).await
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
        let answer = tokio::time::timeout(limit, exchange).await.map_err(|_| ClientError::Silent(limit))?;
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.told_apart(error).await),
        }
    }

    /// What an error comes from, as far as the valet can be asked: it may have ended, or be another version.
    pub(crate) async fn told_apart(&self, error: ClientError) -> ClientError {
        if !matches!(error, ClientError::HungUp | ClientError::Protocol(_)) {
            return error;
        }
        let as_it_is = self.as_it_is();
        let health = as_it_is.exchange::<Running>(Method::GET, "/v1/health", None::<&()>);
        let health = tokio::time::timeout(PATIENCE, health).await;
        let is_gone = matches!(
            health,
            Ok(Err(ClientError::NotRunning(_)
                | ClientError::DeskAway(_)
                | ClientError::Hidden(_)
                | ClientError::HungUp))
        );
        if is_gone && socket::is_forwarded(&self.path) {
            return ClientError::DeskAway(self.path.clone());
        }
        let other = health.ok().and_then(Result::ok).map(|running| running.version).filter(|it| it != OURS);
        match (error, other) {
            (ClientError::HungUp, None) if !is_gone => ClientError::HungUp,
            (ClientError::HungUp, _) => ClientError::Ended,
            (_, Some(version)) => ClientError::OtherVersion(version),
            (error, None) => error,
        }
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
                serde_json::to_vec(body).map_err(|_| ClientError::Protocol(say!(client_protocol_no_json)))?
            }
            None => Vec::new(),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| ClientError::Protocol(say!(client_protocol_request)))?;
        let answer = sender.send_request(request).await.map_err(|error| ClientError::lost(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER)
            .collect()
            .await
            .map_err(|error| match error.downcast::<hyper::Error>() {
                Ok(error) => ClientError::lost(&error),
                Err(_) => ClientError::TooLong(MAX_ANSWER),
            })?
            .to_bytes();
        driver.abort();
        if status.is_success() {
            let body: &[u8] = if body.is_empty() { b"null" } else { &body };
            return serde_json::from_slice(body)
                .map_err(|_| ClientError::Protocol(say!(client_protocol_answer)));
        }
        let problem: Problem =
            serde_json::from_slice(&body).map_err(|_| ClientError::Protocol(say!(client_protocol_error)))?;
        Err(problem.into())
    }

    /// Connections through the proxy that are kept.
    pub(crate) const fn lines(&self) -> &Lines {
        &self.lines
    }

    /// A connection, and the task that drives it for as long as either end wants.
    pub(crate) async fn open(
        &self,
    ) -> Result<(SendRequest<Full<Bytes>>, JoinHandle<hyper::Result<()>>), ClientError> {
        let stream = self.connect().await?;
        let stream = stream.into_std().and_then(Stream::new);
        let stream = stream.map_err(|error| ClientError::unreached(&self.path, error))?;
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| ClientError::lost(&error))?;
        Ok((sender, tokio::spawn(connection)))
    }

    async fn connect(&self) -> Result<UnixStream, ClientError> {
        match (self.connect_as_it_is().await, &self.starter) {
            (Err(ClientError::NotRunning(_)), Some(starter)) => {
                starter.start(&self.path).await?;
                self.connect_as_it_is().await
            }
            (tried, _) => tried,
        }
    }

    async fn connect_as_it_is(&self) -> Result<UnixStream, ClientError> {
        trust::check_path(&self.path)?;
        let stream = self.reach().await.map_err(|why| ClientError::unreached(&self.path, why))?;
        trust::check_peer(&self.path, stream.peer_cred().ok().map(|peer| peer.uid()))?;
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
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

/// A server is a name or a URL; a URL has slashes, so the whole of it is percent-encoded into one path
/// segment.
fn server_path(server: &str, rest: &str) -> String {
    format!("/v1/servers/{}{rest}", segment(server))
}

fn key_path(server: &str, key: &str) -> String {
    server_path(server, &format!("/keys/{}", segment(key)))
}

pub(crate) fn segment(server: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(server.as_bytes()).collect();
    encoded.replace('+', "%20")
}
