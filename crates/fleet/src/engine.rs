//! etcd's JSON gateway: one question at a time, to the endpoints in turn, each bounded in time and size.

use super::answer::{Kept, Lease, Range, Refusal, SignedIn, Txn};
use super::trouble::{EngineError, FleetError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use config::{Etcd, EtcdTls};
use futures_util::future::join_all;
use reqwest::header::{AUTHORIZATION, DATE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use secret::Secret;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// How long one endpoint has for its answer.
pub(crate) const ANSWER: Duration = Duration::from_millis(1200);
/// How long all of them have: two that hang, and what one that does not takes.
const TOGETHER: Duration = Duration::from_millis(2500);
/// How long it is looked then whether any of them runs at all. With the above, a beat can say it.
const SIGN_OF_LIFE: Duration = Duration::from_millis(700);
/// How long one has to take the connection.
const CONNECTING: Duration = Duration::from_millis(800);
/// Bytes of an answer: all items of a fleet.
const LARGEST: usize = 64 << 20;
/// The credential with the password of the user.
const PASSWORD: &str = "mcp-valet-etcd-password";

/// The engine, as whoever asks it.
pub(crate) struct Engine {
    http: Client,
    endpoints: Vec<Url>,
    /// The one that answered last.
    good: AtomicUsize,
    account: Option<Account>,
    token: Mutex<Option<Arc<Secret>>>,
    /// The newest revision of which it ever told.
    newest: AtomicI64,
    /// Seconds by which the engine's clock is ahead of ours.
    ahead: AtomicI64,
    clock: ground::clock::Clock,
}

struct Account {
    user: String,
    password: Secret,
}

/// `text` as the gateway has bytes.
pub(crate) fn coded(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn decoded(text: &str) -> Result<Vec<u8>, EngineError> {
    STANDARD.decode(text).map_err(|_| EngineError::Garbled("what should be base64".to_owned()))
}

impl Engine {
    pub(crate) fn of(etcd: &Etcd) -> Result<Self, FleetError> {
        let http = Client::builder()
            .tls_backend_preconfigured(tls(&etcd.tls)?)
            .http1_only()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(CONNECTING)
            .tcp_keepalive(Duration::from_secs(3))
            .pool_idle_timeout(Duration::from_secs(30))
            .retry(reqwest::retry::never())
            .build()
            .map_err(|error| FleetError::Setting("tls".to_owned(), error.to_string()))?;
        Ok(Self {
            http,
            endpoints: etcd.endpoints.clone(),
            good: AtomicUsize::new(0),
            account: account(etcd)?,
            token: Mutex::default(),
            newest: AtomicI64::new(0),
            ahead: AtomicI64::new(0),
            clock: ground::clock::Clock::system(),
        })
    }

    /// Seconds by which the engine's clock is ahead of ours, as it was last seen.
    pub(crate) fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    /// The newest revision of which it ever told: whatever is asked from now on is at that or a later one.
    pub(crate) fn newest(&self) -> i64 {
        self.newest.load(Ordering::Acquire)
    }

    /// Notes that it told of this revision.
    pub(crate) fn told_of(&self, revision: i64) {
        self.newest.fetch_max(revision, Ordering::AcqRel);
    }

    pub(crate) async fn range(&self, question: &Value) -> Result<Range, EngineError> {
        let range: Range = self.ask("kv/range", question).await?;
        self.told_of(range.header.revision);
        Ok(range)
    }

    pub(crate) async fn txn(&self, question: &Value) -> Result<Txn, EngineError> {
        let txn: Txn = self.ask("kv/txn", question).await?;
        self.told_of(txn.header.revision);
        Ok(txn)
    }

    /// A lease of so many seconds.
    pub(crate) async fn lease(&self, seconds: u32) -> Result<i64, EngineError> {
        let lease: Lease = self.ask("lease/grant", &json!({"TTL": seconds.to_string()})).await?;
        Ok(lease.id)
    }

    /// Keeps a lease alive. False if it is over.
    pub(crate) async fn keep_alive(&self, lease: i64) -> Result<bool, EngineError> {
        let kept: Kept = self.ask("lease/keepalive", &json!({"ID": lease.to_string()})).await?;
        Ok(kept.result.seconds > 0)
    }

    /// A stream of what happens, at the endpoint that answered last.
    pub(crate) async fn watch(&self, question: &Value) -> Result<reqwest::Response, EngineError> {
        let index = self.good.load(Ordering::Relaxed);
        let sent = self.request(index, "watch", question, None).await?.send();
        let answer = tokio::time::timeout(ANSWER, sent).await;
        let answer = answer.map_err(|_| EngineError::Unreachable("time is over".to_owned()))?;
        let answer = answer.map_err(|error| unreachable(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(refused(&read(answer).await?));
        }
        Ok(answer)
    }

    async fn ask<T: DeserializeOwned>(&self, path: &str, question: &Value) -> Result<T, EngineError> {
        let asked = tokio::time::timeout(TOGETHER, self.ask_in_turn(path, question)).await;
        match asked.unwrap_or_else(|_| Err(EngineError::Unreachable("time is over".to_owned()))) {
            Err(error @ EngineError::Unreachable(_)) => Err(self.without_quorum().await.unwrap_or(error)),
            answer => answer,
        }
    }

    async fn ask_in_turn<T: DeserializeOwned>(&self, path: &str, question: &Value) -> Result<T, EngineError> {
        let (first, count) = (self.good.load(Ordering::Relaxed), self.endpoints.len());
        let mut last = EngineError::NoQuorum;
        for index in (0..count).map(|step| (first + step) % count) {
            match self.ask_at(index, path, question).await {
                Err(
                    error @ (EngineError::Unreachable(_) | EngineError::NoQuorum | EngineError::Garbled(_)),
                ) => {
                    self.leave(index);
                    last = error;
                }
                answer => {
                    self.good.store(index, Ordering::Relaxed);
                    return answer;
                }
            }
        }
        Err(last)
    }

    /// Begins with the endpoint after this one the next time, unless another has answered meanwhile: of many
    /// that hang, each costs time once.
    fn leave(&self, index: usize) {
        let next = (index + 1) % self.endpoints.len();
        let _ = self.good.compare_exchange(index, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    async fn ask_at<T: DeserializeOwned>(
        &self,
        index: usize,
        path: &str,
        question: &Value,
    ) -> Result<T, EngineError> {
        match self.ask_once(index, path, question).await {
            // A member that was restarted has forgotten all sign-ins.
            Err(EngineError::SignedOut) => {
                *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
                self.ask_once(index, path, question).await
            }
            answer => answer,
        }
    }

    async fn ask_once<T: DeserializeOwned>(
        &self,
        index: usize,
        path: &str,
        question: &Value,
    ) -> Result<T, EngineError> {
        let answer = self.request(index, path, question, Some(ANSWER)).await?.send().await;
        let answer = answer.map_err(|error| unreachable(&error))?;
        self.note_clock(&answer);
        let is_well = answer.status() == StatusCode::OK;
        let body = read(answer).await?;
        if !is_well {
            return Err(refused(&body));
        }
        serde_json::from_slice(&body).map_err(|error| EngineError::Garbled(error.to_string()))
    }

    /// Whether an endpoint answers what needs no agreement: then it is the quorum that is missing.
    async fn without_quorum(&self) -> Option<EngineError> {
        let question = json!({"key": coded("x"), "serializable": true, "count_only": true});
        let signs = (0..self.endpoints.len()).map(async |index| {
            let answer = self.ask_at::<Range>(index, "kv/range", &question);
            let answered = tokio::time::timeout(SIGN_OF_LIFE, answer).await;
            matches!(answered, Ok(Ok(_) | Err(EngineError::Refused(_))))
        });
        join_all(signs).await.contains(&true).then_some(EngineError::NoQuorum)
    }

    async fn request(
        &self,
        index: usize,
        path: &str,
        question: &Value,
        patience: Option<Duration>,
    ) -> Result<reqwest::RequestBuilder, EngineError> {
        let mut request = self.http.post(self.address(index, path)?).body(question.to_string());
        if let Some(patience) = patience {
            request = request.timeout(patience);
        }
        match &self.account {
            Some(account) => {
                let token = self.token(index, account).await?;
                Ok(request.header(AUTHORIZATION, token.expose()))
            }
            None => Ok(request),
        }
    }

    async fn token(&self, index: usize, account: &Account) -> Result<Arc<Secret>, EngineError> {
        if let Some(token) = &*self.token.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(Arc::clone(token));
        }
        let question = json!({"name": account.user, "password": account.password.expose()});
        let sent = self.http.post(self.address(index, "auth/authenticate")?).body(question.to_string());
        let answer = sent.timeout(ANSWER).send().await.map_err(|error| unreachable(&error))?;
        let is_well = answer.status() == StatusCode::OK;
        let body = read(answer).await?;
        if !is_well {
            let error = refused(&body);
            let is_no = matches!(error, EngineError::Refused(_) | EngineError::SignedOut);
            return Err(if is_no { EngineError::Refused(error.to_string()) } else { error });
        }
        let signed_in: SignedIn =
            serde_json::from_slice(&body).map_err(|error| EngineError::Garbled(error.to_string()))?;
        let token = Arc::new(Secret::from(signed_in.token));
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&token));
        Ok(token)
    }

    fn address(&self, index: usize, path: &str) -> Result<Url, EngineError> {
        let endpoint = self.endpoints.get(index).or(self.endpoints.first());
        let joined = endpoint.and_then(|endpoint| endpoint.join(&format!("/v3/{path}")).ok());
        joined.ok_or_else(|| EngineError::Garbled("an endpoint".to_owned()))
    }

    fn note_clock(&self, answer: &reqwest::Response) {
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        if let Some(date) = date {
            let ahead = date.timestamp().duration_since(self.clock.now()).as_secs();
            self.ahead.store(ahead, Ordering::Relaxed);
        }
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Vec<u8>, EngineError> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + piece.len() > LARGEST {
            return Err(EngineError::Garbled("too large".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The codes are those of gRPC.
fn refused(body: &[u8]) -> EngineError {
    const INVALID: i64 = 3;
    const TOO_SLOW: i64 = 4;
    const UNKNOWN: i64 = 5;
    const DENIED: i64 = 7;
    const EXHAUSTED: i64 = 8;
    const OUT_OF_RANGE: i64 = 11;
    const UNAVAILABLE: i64 = 14;
    const UNAUTHENTICATED: i64 = 16;
    let Ok(refusal) = serde_json::from_slice::<Refusal>(body) else {
        return EngineError::Garbled("no JSON".to_owned());
    };
    let said = if refusal.message.is_empty() { refusal.error } else { refusal.message };
    let said: String = said.chars().filter(|letter| !letter.is_control()).take(200).collect();
    match refusal.code {
        UNAUTHENTICATED => EngineError::SignedOut,
        // Its users or their rights were changed since the sign-in.
        INVALID if said.contains("auth store") => EngineError::SignedOut,
        // Nothing else is asked for by a number of its own.
        UNKNOWN if said.contains("lease") => EngineError::NoLease,
        INVALID | DENIED => EngineError::Refused(said),
        EXHAUSTED => EngineError::Full,
        OUT_OF_RANGE => EngineError::Compacted,
        UNAVAILABLE | TOO_SLOW => EngineError::NoQuorum,
        // Words for what has no code of its own.
        _ if said.contains("timed out") || said.contains("leader") => EngineError::NoQuorum,
        _ => EngineError::Garbled(said),
    }
}

/// With the innermost cause, which says most, and without the address.
fn unreachable(error: &reqwest::Error) -> EngineError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    EngineError::Unreachable(cause.to_string())
}

fn account(etcd: &Etcd) -> Result<Option<Account>, FleetError> {
    let Some(user) = etcd.user.clone() else { return Ok(None) };
    let setting = |why: String| FleetError::Setting(PASSWORD.to_owned(), why);
    let password = vault::credential(PASSWORD).map_err(setting)?;
    let password = password.or_else(|| vault::from_keychain(PASSWORD));
    let password = password.ok_or_else(|| setting(words::say!(fleet_error_no_password)))?;
    Ok(Some(Account { user, password }))
}

fn tls(files: &EtcdTls) -> Result<ClientConfig, FleetError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| FleetError::Setting("tls".to_owned(), error.to_string()))?;
    let builder = match &files.ca {
        Some(ca) => builder.with_root_certificates(authorities(ca)?),
        None => builder
            .with_platform_verifier()
            .map_err(|error| FleetError::Setting("tls".to_owned(), error.to_string()))?,
    };
    match (&files.cert, &files.key) {
        (Some(cert), Some(key)) => {
            let chain = certificates(cert)?;
            let own = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
            builder.with_client_auth_cert(chain, own).map_err(|error| unusable(cert, &error))
        }
        (None, None) => Ok(builder.with_no_client_auth()),
        (Some(_), None) | (None, Some(_)) => {
            Err(FleetError::Setting("tls".to_owned(), words::say!(fleet_error_pair)))
        }
    }
}

fn authorities(file: &Path) -> Result<RootCertStore, FleetError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(file)? {
        store.add(certificate).map_err(|error| unusable(file, &error))?;
    }
    Ok(store)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, FleetError> {
    let read = || CertificateDer::pem_file_iter(file)?.collect::<Result<Vec<_>, _>>();
    read().map_err(|error| unusable(file, &error))
}

fn unusable(file: &Path, error: &dyn std::fmt::Display) -> FleetError {
    FleetError::Setting(file.display().to_string(), error.to_string())
}
