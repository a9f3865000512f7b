//! One request through the proxy: leave, credential, the server's answer, and what its challenges ask for.

use super::endpoint::{AgentStream, EndpointStream};
use super::judged::{Held, Judged};
use super::leave::StandingLeave;
use super::lists::Lists;
use super::message::{Content, Message};
use super::overheard::{self, Overheard};
use super::route::{self, Route};
use super::source::Source;
use super::stream::{self, BreakOff, Watched};
use crate::authority::agent::Agent;
use crate::hand_out::{self, Ask, Heard, Need, Outgoing, Purpose, Shown};
use crate::valet::in_use::InUse;
use axum::response::Response;
use consent::permit::Permit;
use consent::session::{Own, UnderWay};
use http::header::{CONTENT_LENGTH, COOKIE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use oauth::{Challenge, Download, Forward, Mask, ServerUrl, Transport};
use plain::plain;
use relay::veil::Veil;
use state::held;
use state::kept::Carried;
use state::meant::Meant;
use std::pin::Pin;
use std::sync::Arc;
use tokio::time::Instant;
use wire::{ConsentState, Problem};
use words::say;
use zeroize::Zeroizing;

const DPOP_NONCE: &str = "dpop-nonce";
/// Longest nonce that is sent back, in bytes.
const LONGEST_NONCE: usize = 512;
pub(super) const SESSION: &str = "mcp-session-id";

/// The server that is meant.
pub(super) struct Upstream {
    pub(super) meant: Meant,
    pub(super) at: At,
}

/// Where a request goes.
#[derive(Clone)]
pub(super) enum At {
    /// To a server at this address.
    Address(ServerUrl),
    /// To a program of this machine.
    Program,
}

/// A request of an agent to a server.
pub(super) struct Call {
    pub(super) agent: Agent,
    pub(super) place: Upstream,
    pub(super) method: Method,
    /// The path by which the agent asks.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) message: Arc<Message>,
    /// The session that the agent says it is in.
    pub(super) session: Option<String>,
    /// What is kept for the session, or for the one that begins.
    pub(super) kept: Carried,
    pub(super) deadline: Instant,
}

impl Call {
    /// The server's answer, or why there is none. What is awaited is large: in a box it is moved once.
    pub(super) fn answer(
        self,
        content: Content,
    ) -> Pin<Box<dyn Future<Output = Result<Response, Held>> + Send>> {
        match self.place.at.clone() {
            At::Address(url) => Box::pin(self.answer_from(url, content)),
            At::Program => Box::pin(self.answer_by_program(content)),
        }
    }

    async fn answer_from(self, url: ServerUrl, mut content: Content) -> Result<Response, Held> {
        hand_out::not_while_locked(&self.agent)?;
        let asks = overheard::asks(&self.message.method, &content);
        let mut permit = self.permit().await?;
        let mut leave = self.standing(&permit);
        let mut need = Need::at_once(self.deadline);
        let mut nonce_sent = false;
        let mut route = Route::to(&url);
        loop {
            let shown = match self.may_go_without(&content, &need) {
                true => None,
                false => {
                    permit = self.ask(&need.scopes).extend(permit).await?;
                    Some(
                        hand_out::obtain(&self.agent, &self.place.meant, &need, |_, _, shown| Ok(shown))
                            .await?,
                    )
                }
            };
            if shown.as_ref().is_some_and(|shown| !permit.covers(Purpose::Proxy.wanted(shown))) {
                permit = self.ask(&[]).extend(permit).await?;
                continue;
            }
            if self.clear(&mut leave, &permit, shown.as_ref(), content.held()).await? {
                continue;
            }
            leave.once = permit.is_once();
            leave.scopes = shown.as_ref().map(|shown| shown.scopes().to_vec());
            let asked = self.asks_for_lists(shown.as_ref(), &content);
            let download = tokio::select! {
                // First, since much may have happened while a sign-in was waited for.
                biased;
                problem = leave.taken_back() => return Err(problem.into()),
                download = self.send((&permit, leave.judged.as_ref()), shown.as_ref(), &mut content, route.here()) => {
                    download?
                }
            };
            self.kept.cookies.take(route.here().url(), download.headers(), self.agent.valet.clock.now());
            let mask = self.mask(shown.as_ref());
            let grant = shown.as_ref().and_then(Shown::grant);
            let bound = grant.is_some_and(|grant| grant.parts.dpop.is_some());
            if bound {
                self.keep_nonce(&download, &mask);
            }
            match download.status() {
                StatusCode::UNAUTHORIZED if bound && !nonce_sent && wants_nonce(&download) => {
                    nonce_sent = true;
                    if !content.is_held() {
                        return Err(problems::cannot_repeat(&self.place.meant.name).into());
                    }
                }
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                    need = self.challenged(&download, &mask, shown, need)?;
                    if !content.is_held() {
                        return Err(problems::cannot_repeat(&self.place.meant.name).into());
                    }
                }
                StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                    return Err(problems::proxy_wants_credentials(&self.place.meant.name).into());
                }
                StatusCode::NETWORK_AUTHENTICATION_REQUIRED => {
                    let host = download.host();
                    return Err(problems::network_wants_sign_in(&self.place.meant.name, &host).into());
                }
                status if content.is_held() && route.follow(status, &self.method, download.headers()) => {}
                status if status.is_redirection() => return Err(self.redirected(&download, &mask).into()),
                status => {
                    if status.is_success() {
                        self.accepted(&need, shown.as_ref());
                    }
                    let from = route.here().clone();
                    let veil = shown.as_ref().and_then(Shown::veil);
                    let asks = asks.filter(|_| status == StatusCode::OK);
                    let overheard = asks.map(|asks| Overheard::new(&self, asks, shown.clone(), mask.clone()));
                    let source = Source::from(download);
                    let lists = self.lists(&permit, shown.as_ref(), asked, &source);
                    let parts = (overheard, lists);
                    return Ok(self.pass(source, (&mask, veil), leave, permit, Some(from), parts));
                }
            }
        }
    }

    /// The leave that this lives on, before anything was asked for.
    pub(super) fn standing(&self, permit: &Permit) -> StandingLeave {
        StandingLeave {
            agent: self.agent.clone(),
            meant: self.place.meant.clone(),
            once: permit.is_once(),
            scopes: None,
            message: Arc::clone(&self.message),
            judged: None,
            session: None,
            // A stream that only listens may stand open for days.
            _in_use: (self.method == Method::POST).then(|| InUse::of(&self.agent.valet)),
        }
    }

    /// Whether to ask the server without a sign-in, since there is none: it may want none for this, and else
    /// it says which scopes it wants.
    fn may_go_without(&self, content: &Content, need: &Need) -> bool {
        let book = self.agent.valet.book();
        let server = book.meant(&self.place.meant);
        let nothing = server.is_ok_and(|server| {
            matches!(server.held, held::Held::Nothing) && !server.is_unattended() && !server.takes_keys()
        });
        nothing && content.is_held() && matches!(need.heard, Heard::Nothing)
    }

    /// The leave of the session that this belongs to, or else of the person.
    pub(super) async fn permit(&self) -> Result<Permit, Problem> {
        if let Some(permit) = self.permit_of_session() {
            return Ok(permit);
        }
        self.ask(&[]).permit().await
    }

    /// The wish to use the server, with `scopes` beside those that there are.
    pub(super) fn ask<'a>(&'a self, scopes: &'a [String]) -> Ask<'a> {
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
        let (id, now) = (&self.place.meant.id, valet.clock.now());
        let standing = valet.consents().standing(policy, peer.application(), id, None, now);
        if self.begins_session() || standing == ConsentState::Denied {
            return None;
        }
        let permit = valet.sessions().permit(peer, &self.place.meant.id, self.session.as_deref(), now)?;
        // Few have such a leave; by any other, the program is looked at where that is found.
        peer.is_unchanged().then_some(permit)
    }

    /// What the server may have seen and must not say again: what this request showed it, and what is held
    /// for its other names and accounts.
    pub(super) fn mask(&self, shown: Option<&Shown>) -> Mask {
        let book = self.agent.valet.book();
        let url = match &self.place.at {
            At::Address(url) => Some(url),
            At::Program => None,
        };
        let others = url.into_iter().flat_map(|url| book.at_origin_of(url));
        let others = others.filter_map(|server| server.held.mask());
        Mask::all(shown.into_iter().map(Shown::mask).chain(others))
    }

    async fn send(
        &self,
        (permit, judged): (&Permit, Option<&Judged>),
        shown: Option<&Shown>,
        content: &mut Content,
        url: &ServerUrl,
    ) -> Result<Download, Problem> {
        let nonce = self.nonce();
        let outgoing = Outgoing {
            rpc: &self.message.method,
            method: &self.method,
            url,
            nonce: nonce.as_deref(),
            cleared: judged.map(|judged| &judged.cleared),
        };
        let credential =
            hand_out::credential(&self.agent, permit, &self.place.meant, shown, &outgoing).await?;
        let body = content.take().ok_or_else(|| problems::cannot_repeat(&self.place.meant.name))?;
        let mut all = relay::headers::to_server(&self.headers);
        // What is not held has the length that the agent said, or none.
        let chunked = self.headers.contains_key(TRANSFER_ENCODING);
        if let (false, false, Some(length)) = (content.is_held(), chunked, self.headers.get(CONTENT_LENGTH)) {
            all.insert(CONTENT_LENGTH, length.clone());
        }
        all.extend(credential.headers);
        let cookies = self.kept.cookies.header(url.url(), self.agent.valet.clock.now());
        if let Some(cookies) = cookies.and_then(|cookies| beside(all.get(COOKIE), cookies)) {
            all.insert(COOKIE, cookies);
        }
        let server = credential.url.as_ref().unwrap_or(url);
        let forward = Forward { server, method: self.method.clone(), headers: all, body };
        let http = self.agent.valet.http();
        Box::pin(http.forward(forward)).await.map_err(|fault| problems::fault(&fault))
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

    /// The answer on its way; `from` is the address that it came from, if it has one.
    pub(super) fn pass(
        self,
        source: Source,
        (mask, veil): (&Mask, Option<Veil>),
        mut leave: StandingLeave,
        permit: Permit,
        from: Option<ServerUrl>,
        (overheard, mut lists): (Option<Overheard>, Option<Lists>),
    ) -> Response {
        let headers = mask.over(source.headers());
        let from = from.filter(|_| self.method == Method::GET && source.is_events());
        let endpoint = from.map(|from| {
            let once = Some(&permit).filter(|permit| permit.is_once()).map(Permit::within_session);
            let (agent, meant, kept) = (self.agent.clone(), self.place.meant.clone(), self.kept.clone());
            EndpointStream::of(AgentStream { agent, meant, path: self.path.clone(), from, once, kept })
        });
        if let (Some(endpoint), Some(lists)) = (&endpoint, &mut lists) {
            lists.answers_session(endpoint.session());
        }
        leave.session = self.keep_books(source.status(), &headers, permit);
        let watched = Watched { endpoint, overheard, lists, veil };
        stream::answer(source, &headers, leave, watched, BreakOff::to(&self.headers))
    }

    /// Notes which session has begun or ended with this answer, and that the operation is past its
    /// challenges.
    fn keep_books(&self, status: StatusCode, headers: &HeaderMap, permit: Permit) -> Option<UnderWay> {
        let (valet, peer, id) = (&self.agent.valet, &self.agent.peer, self.place.meant.id.as_str());
        valet.operations().succeeded(id, &self.message.operation);
        let over = status == StatusCode::NOT_FOUND || (self.method == Method::DELETE && status.is_success());
        if status.is_success()
            && self.begins_session()
            && let Ok(server) = valet.book().meant_mut(&self.place.meant)
        {
            server.transport = Some(Transport::Streamable);
        }
        let (mut sessions, now) = (valet.sessions(), valet.clock.now());
        if let (true, Some(session)) = (over, &self.session) {
            sessions.end(peer, id, Some(session));
            return None;
        }
        if !status.is_success() {
            return None;
        }
        let given = session_id(headers).ok().flatten();
        let session = given.as_deref().or(self.session.as_deref());
        // A session without cookies has none of the one before.
        let has_others = || sessions.kept(peer, id, session, now).is_some();
        let matters = !self.kept.cookies.is_empty() || self.kept.stream.is_some() || has_others();
        let kept = matters.then(|| self.kept.clone());
        let own = Own { once: Some(permit).filter(Permit::is_once), kept };
        sessions.begin(peer, id, session, own, now)
    }
}

/// The cookies of a session beside those of the configuration, in one header (RFC 6265 §5.4).
fn beside(configured: Option<&HeaderValue>, cookies: HeaderValue) -> Option<HeaderValue> {
    let Some(configured) = configured else { return Some(cookies) };
    let both = Zeroizing::new([configured.as_bytes(), b"; ", cookies.as_bytes()].concat());
    let mut both = HeaderValue::from_bytes(&both).ok()?;
    both.set_sensitive(true);
    Some(both)
}

/// Whether the server refused the proof alone, and said what is to be in it.
fn wants_nonce(download: &Download) -> bool {
    let challenge = Challenge::bearer(download.headers()).unwrap_or_default();
    challenge.error.as_deref() == Some("use_dpop_nonce") && download.headers().contains_key(DPOP_NONCE)
}

/// The session that a message names: visible ASCII (MCP, Streamable HTTP, "Session Management"), once.
pub(super) fn session_id(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut named = headers.get_all(SESSION).iter();
    let wrong = || problems::invalid_request(say!(problem_session_id), say!(problem_session_id_advice));
    let (Some(id), None) = (named.next(), named.next()) else {
        return if headers.contains_key(SESSION) { Err(wrong()) } else { Ok(None) };
    };
    let visible = id.len() <= 1024 && !id.is_empty() && id.as_bytes().iter().all(u8::is_ascii_graphic);
    let text = id.to_str().ok().filter(|_| visible).ok_or_else(wrong)?;
    Ok(Some(text.to_owned()))
}
