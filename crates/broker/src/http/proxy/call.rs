//! One request through the proxy: leave, credential, the server's answer, and what its challenges ask for.

use super::endpoint::{Endpoint, Opened};
use super::leave::Leave;
use super::message::{Content, Message};
use super::route::{self, Route};
use super::stream::{self, BreakOff};
use crate::authority::agent::Agent;
use crate::grants::refresh::mask;
use crate::hand_out::{self, Ask, Heard, Need, Outgoing, Purpose};
use crate::state::held::Held;
use crate::state::item::Grant;
use crate::state::kept::Kept;
use crate::state::meant::Meant;
use crate::valet::in_use::InUse;
use axum::response::Response;
use consent::permit::Permit;
use consent::session::Own;
use http::header::{CONTENT_LENGTH, COOKIE, TRANSFER_ENCODING};
use http::{HeaderMap, Method, StatusCode};
use oauth::{Challenge, Download, Forward, Mask, ServerUrl, Transport};
use plain::plain;
use std::sync::Arc;
use tokio::time::Instant;
use wire::{ConsentState, Problem};

const DPOP_NONCE: &str = "dpop-nonce";
/// Longest nonce that is sent back, in bytes.
const LONGEST_NONCE: usize = 512;
pub(super) const SESSION: &str = "mcp-session-id";

/// The server that is meant.
pub(super) struct Place {
    pub(super) meant: Meant,
    pub(super) url: ServerUrl,
}

/// A request of an agent to a server.
pub(super) struct Call {
    pub(super) agent: Agent,
    pub(super) place: Place,
    pub(super) method: Method,
    /// The path by which the agent asks.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) message: Arc<Message>,
    /// The session that the agent says it is in.
    pub(super) session: Option<String>,
    /// What is kept for the session, or for the one that begins.
    pub(super) kept: Kept,
    pub(super) deadline: Instant,
}

impl Call {
    /// The server's answer, or why there is none.
    pub(super) async fn answer(self, mut content: Content) -> Result<Response, Problem> {
        hand_out::not_while_locked(&self.agent)?;
        let mut permit = self.permit().await?;
        let mut leave = Leave {
            agent: self.agent.clone(),
            meant: self.place.meant.clone(),
            once: permit.is_once(),
            scopes: None,
            // A stream that only listens may stand open for days.
            _in_use: (self.method == Method::POST).then(|| InUse::of(&self.agent.valet)),
        };
        let mut need = Need::at_once(self.deadline);
        let mut nonce_sent = false;
        let mut route = Route::to(&self.place.url);
        loop {
            let grant = match self.may_go_without(&content, &need) {
                true => None,
                false => {
                    permit = self.ask(&need.scopes).extend(permit).await?;
                    Some(
                        hand_out::obtain(&self.agent, &self.place.meant, &need, |_, _, grant| Ok(grant))
                            .await?,
                    )
                }
            };
            if grant.as_ref().is_some_and(|grant| !permit.covers(Purpose::Proxy.wanted(grant))) {
                permit = self.ask(&[]).extend(permit).await?;
                continue;
            }
            leave.once = permit.is_once();
            leave.scopes = grant.as_ref().map(|grant| grant.parts.scopes.clone());
            let download = tokio::select! {
                // First, since much may have happened while a sign-in was waited for.
                biased;
                problem = leave.taken_back() => return Err(problem),
                download = self.send(&permit, grant.as_deref(), &mut content, route.here()) => download?,
            };
            self.kept.cookies.take(route.here().url(), download.headers(), self.agent.valet.clock.now());
            let mask = self.mask(grant.as_deref());
            let bound = grant.as_ref().is_some_and(|grant| grant.parts.dpop.is_some());
            if bound {
                self.keep_nonce(&download, &mask);
            }
            match download.status() {
                StatusCode::UNAUTHORIZED if bound && !nonce_sent && wants_nonce(&download) => {
                    nonce_sent = true;
                    if !content.is_held() {
                        return Err(problems::cannot_repeat(&self.place.meant.name));
                    }
                }
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                    need = self.challenged(&download, &mask, grant, need)?;
                    if !content.is_held() {
                        return Err(problems::cannot_repeat(&self.place.meant.name));
                    }
                }
                StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                    return Err(problems::proxy_wants_credentials(&self.place.meant.name));
                }
                StatusCode::NETWORK_AUTHENTICATION_REQUIRED => {
                    return Err(problems::network_wants_sign_in(&self.place.meant.name, &download.host()));
                }
                status if content.is_held() && route.follow(status, &self.method, download.headers()) => {}
                status if status.is_redirection() => return Err(self.redirected(&download, &mask)),
                status => {
                    if status.is_success() {
                        self.accepted(&need, grant.as_ref());
                    }
                    let from = route.here().clone();
                    return Ok(self.pass(download, &mask, leave, permit, from));
                }
            }
        }
    }

    /// Whether to ask the server without a sign-in, since there is none: it may want none for this, and else
    /// it says which scopes it wants.
    fn may_go_without(&self, content: &Content, need: &Need) -> bool {
        let book = self.agent.valet.book();
        let server = book.meant(&self.place.meant);
        let nothing =
            server.is_ok_and(|server| matches!(server.held, Held::Nothing) && !server.is_unattended());
        nothing && content.is_held() && matches!(need.heard, Heard::Nothing)
    }

    /// The leave of the session that this belongs to, or else of the person.
    async fn permit(&self) -> Result<Permit, Problem> {
        if let Some(permit) = self.permit_of_session() {
            return Ok(permit);
        }
        self.ask(&[]).permit().await
    }

    /// The wish to use the server, with `scopes` beside those that there are.
    fn ask<'a>(&'a self, scopes: &'a [String]) -> Ask<'a> {
        let (meant, purpose, deadline) = (&self.place.meant, Purpose::Proxy, self.deadline);
        let initializes = self.begins_session();
        Ask { agent: &self.agent, meant, purpose, initializes, scopes, deadline }
    }

    /// A stream of the older transport has begun by itself.
    fn begins_session(&self) -> bool {
        self.message.initializes && self.kept.stream.is_none()
    }

    fn permit_of_session(&self) -> Option<Permit> {
        let (valet, peer) = (&self.agent.valet, &self.agent.peer);
        let policy = valet.book().config.valet.agents;
        let standing = valet.consents().standing(policy, peer.application(), &self.place.meant.id, None);
        if self.begins_session() || standing == ConsentState::Denied || !peer.is_unchanged() {
            return None;
        }
        valet.sessions().permit(peer, &self.place.meant.id, self.session.as_deref())
    }

    /// What the server may have seen and must not say again: what this request showed it, and the grants of
    /// its other names and accounts.
    fn mask(&self, shown: Option<&Grant>) -> Mask {
        let here = self.place.url.url().origin();
        let others: Vec<Arc<Grant>> = {
            let book = self.agent.valet.book();
            let theirs = book.servers.values().filter(|server| server.config.url.url().origin() == here);
            theirs.filter_map(|server| server.held.kept().cloned()).collect()
        };
        mask(shown.into_iter().chain(others.iter().map(Arc::as_ref)))
    }

    async fn send(
        &self,
        permit: &Permit,
        grant: Option<&Grant>,
        content: &mut Content,
        url: &ServerUrl,
    ) -> Result<Download, Problem> {
        let nonce = self.nonce();
        let outgoing =
            Outgoing { rpc: &self.message.method, method: &self.method, url, nonce: nonce.as_deref() };
        let credential = hand_out::credential(&self.agent, permit, &self.place.meant, grant, &outgoing)?;
        let body = content.take().ok_or_else(|| problems::cannot_repeat(&self.place.meant.name))?;
        let mut all = relay::headers::to_server(&self.headers);
        // What is not held has the length that the agent said, or none.
        let chunked = self.headers.contains_key(TRANSFER_ENCODING);
        if let (false, false, Some(length)) = (content.is_held(), chunked, self.headers.get(CONTENT_LENGTH)) {
            all.insert(CONTENT_LENGTH, length.clone());
        }
        all.extend(credential);
        let cookies = self.kept.cookies.header(url.url(), self.agent.valet.clock.now());
        all.extend(cookies.map(|cookies| (COOKIE, cookies)));
        let forward = Forward { server: url, method: self.method.clone(), headers: all, body };
        self.agent.valet.http().forward(forward).await.map_err(|fault| problems::fault(&fault))
    }

    /// What the server last wanted to see in a proof (RFC 9449 §9).
    fn nonce(&self) -> Option<String> {
        self.agent.valet.book().meant(&self.place.meant).ok()?.dpop_nonce.clone()
    }

    /// Any answer may bring the nonce for the next request.
    fn keep_nonce(&self, download: &Download, mask: &Mask) {
        let nonce = download.headers().get(DPOP_NONCE).and_then(|value| value.to_str().ok());
        let fits = |nonce: &&str| nonce.len() <= LONGEST_NONCE && !mask.hides(nonce.as_bytes());
        let Some(nonce) = nonce.filter(fits) else { return };
        if let Ok(server) = self.agent.valet.book().meant_mut(&self.place.meant) {
            server.dpop_nonce = Some(nonce.to_owned());
        }
    }

    fn redirected(&self, download: &Download, mask: &Mask) -> Problem {
        let location = route::location(download.headers());
        problems::redirected(&self.place.meant.name, &plain(mask.text(&location), 300))
    }

    fn pass(
        self,
        download: Download,
        mask: &Mask,
        leave: Leave,
        permit: Permit,
        from: ServerUrl,
    ) -> Response {
        let headers = mask.over(download.headers());
        let endpoint = (self.method == Method::GET && download.is_events()).then(|| {
            let once = Some(&permit).filter(|permit| permit.is_once()).map(Permit::within_session);
            let (agent, meant, kept) = (self.agent.clone(), self.place.meant.clone(), self.kept.clone());
            Endpoint::of(Opened { agent, meant, path: self.path.clone(), from, once, kept })
        });
        self.keep_books(download.status(), &headers, permit);
        let (message, break_off) = (self.message, BreakOff::to(&self.headers));
        stream::answer(download, &headers, leave, endpoint, break_off, move |problem| message.error(problem))
    }

    /// Notes which session has begun or ended with this answer, and that the operation is past its
    /// challenges.
    fn keep_books(&self, status: StatusCode, headers: &HeaderMap, permit: Permit) {
        let (valet, peer, id) = (&self.agent.valet, &self.agent.peer, self.place.meant.id.as_str());
        valet.operations().succeeded(id, &self.message.operation);
        let over = status == StatusCode::NOT_FOUND || (self.method == Method::DELETE && status.is_success());
        if status.is_success()
            && self.begins_session()
            && let Ok(server) = valet.book().meant_mut(&self.place.meant)
        {
            server.transport = Some(Transport::Streamable);
        }
        let mut sessions = valet.sessions();
        if let (true, Some(session)) = (over, &self.session) {
            sessions.end(peer, id, Some(session));
        } else if status.is_success() {
            let given = session_id(headers).ok().flatten();
            let session = given.as_deref().or(self.session.as_deref());
            // A session without cookies has none of the one before.
            let has_others = || sessions.kept(peer, id, session).is_some();
            let matters = !self.kept.cookies.is_empty() || self.kept.stream.is_some() || has_others();
            let kept = matters.then(|| self.kept.clone());
            let own = Own { once: Some(permit).filter(Permit::is_once), kept };
            sessions.begin(peer, id, session, own);
        }
    }
}

/// Whether the server refused the proof alone, and said what is to be in it.
fn wants_nonce(download: &Download) -> bool {
    let challenge = Challenge::bearer(download.headers()).unwrap_or_default();
    challenge.error.as_deref() == Some("use_dpop_nonce") && download.headers().contains_key(DPOP_NONCE)
}

/// The session that a message names: visible ASCII (MCP, Streamable HTTP, "Session Management"), once.
pub(super) fn session_id(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut named = headers.get_all(SESSION).iter();
    let wrong = || {
        problems::invalid_request(
            "Mcp-Session-Id is not one session ID",
            "Send the one that the server gave.",
        )
    };
    let (Some(id), None) = (named.next(), named.next()) else {
        return if headers.contains_key(SESSION) { Err(wrong()) } else { Ok(None) };
    };
    let visible = id.len() <= 1024 && !id.is_empty() && id.as_bytes().iter().all(u8::is_ascii_graphic);
    let text = id.to_str().ok().filter(|_| visible).ok_or_else(wrong)?;
    Ok(Some(text.to_owned()))
}
