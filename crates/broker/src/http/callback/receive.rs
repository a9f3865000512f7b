//! What comes back from an issuer: found out which sign-in it belongs to, believed or not, and answered with a page.

use super::endpoint::ListenerKey;
use super::page::{self, Page};
use crate::asking;
use crate::http::arrival::drain;
use crate::http::seats::Seat;
use crate::outcome;
use crate::signin::{self, Next, Return};
use crate::state::{Attempt, Server};
use crate::valet::Valet;
use crate::vault::fingerprint;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, Uri, header};
use http_body_util::Full;
use hyper::body::Incoming;
use oauth::{CallbackQuery, Fault};
use plain::plain;
use std::sync::Arc;
use wire::Problem;

/// How many states are remembered after they were used, to tell a page that is opened twice from a foreign one.
pub(crate) const REMEMBERED: usize = 256;
/// Most characters of a resource that are shown.
const MAX_RESOURCE: usize = 300;

/// How an answer from an issuer was taken.
#[derive(Debug)]
pub(crate) enum Received {
    /// The sign-in is complete.
    Done { server: String, resource: Option<String> },
    /// The issuer wants the browser once more, at this address.
    Again { server: String, url: String },
    /// The sign-in came to an end without success.
    Failed { server: String, problem: Problem },
    /// The issuer takes its time to make tokens of the code; it is waited for.
    Awaited,
    /// Not believed; the sign-in still waits.
    NotBelieved(Problem),
    /// Its state was used before.
    UsedUp,
    /// No sign-in waits for it.
    NotWaitedFor,
    /// Parts are missing, or there twice.
    Incomplete,
}

/// Answers one request of a browser.
pub(super) async fn answer(
    valet: &Arc<Valet>,
    key: &ListenerKey,
    seat: &Arc<Seat>,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    // A body is of no use here, but closing on unread bytes could cost the browser our answer.
    drain(body).await;
    // From here on it is not given up for another connection.
    let _turn = seat.turn();
    if !is_for_us(valet, key, &head.uri, &head.headers) {
        return Page::ForeignHost.response();
    }
    if head.method != Method::GET {
        return Page::WrongMethod.response();
    }
    if !is_known_path(valet, key, head.uri.path()) {
        return Page::Nothing.response();
    }
    let query = head.uri.query().unwrap_or_default().to_owned();
    let path = head.uri.path().to_owned();
    // In a task of its own: a browser that goes away must not break off the exchange of its code.
    respond(receive_in_time(valet, key, &path, &query).await)
}

/// As [`receive`], for whoever cannot wait as long as an issuer may take: the exchange goes on in a task of its own.
pub(crate) async fn receive_in_time(
    valet: &Arc<Valet>,
    key: &ListenerKey,
    path: &str,
    query: &str,
) -> Received {
    let (valet, key, path, query) = (Arc::clone(valet), key.clone(), path.to_owned(), query.to_owned());
    let receiving = tokio::spawn(async move { receive(&valet, &key, &path, &query).await });
    match tokio::time::timeout(asking::LONG, receiving).await {
        Ok(received) => received.unwrap_or(Received::NotWaitedFor),
        Err(_) => Received::Awaited,
    }
}

fn respond(received: Received) -> Response<Full<Bytes>> {
    match &received {
        Received::Done { server, resource } => Page::Done { server, resource: resource.as_deref() },
        Received::Again { url, .. } => return page::onward(url),
        Received::Failed { server, problem } => Page::Failed { server, problem },
        Received::NotBelieved(problem) => Page::NotBelieved { problem },
        Received::Awaited => Page::Awaited,
        Received::UsedUp => Page::UsedUp,
        Received::NotWaitedFor => Page::NotWaitedFor,
        Received::Incomplete => Page::Incomplete,
    }
    .response()
}

/// Takes an answer that came to `path` of a listener. One that is not believed spends nothing.
async fn receive(valet: &Arc<Valet>, key: &ListenerKey, path: &str, query: &str) -> Received {
    let Ok(query) = CallbackQuery::parse(query) else { return Received::Incomplete };
    let mark = fingerprint(&[query.state()]);
    let now = valet.clock.now();
    let (name, back, accepted) = {
        let mut book = valet.book();
        let Some(name) = book.waiting_for(query.state()).map(|server| server.name.clone()) else {
            return if book.used_states.contains(&mark) { Received::UsedUp } else { Received::NotWaitedFor };
        };
        let Some(server) = book.servers.get_mut(&name) else { return Received::NotWaitedFor };
        let attempt = std::mem::take(&mut server.attempt);
        let Attempt::Waiting(waiting) = attempt else { return Received::NotWaitedFor };
        // A redirect URI belongs to one issuer: an answer at another's is a mix-up.
        let own_place = waiting.endpoint.listener == *key && waiting.endpoint.path == path;
        let believed = if own_place { waiting.pending.check(&query, now) } else { Ok(()) };
        match believed {
            Err(fault) if !is_late(&fault) => {
                server.attempt = Attempt::Waiting(waiting);
                return Received::NotBelieved(outcome::fault(&fault));
            }
            _ if !own_place => {
                server.attempt = Attempt::Waiting(waiting);
                return Received::NotWaitedFor;
            }
            Ok(()) | Err(_) => {}
        }
        let (pending, back) = Return::of(*waiting);
        server.attempt = Attempt::Finishing(back.number());
        book.use_up(mark);
        (name, back, pending.accept(query, now))
    };
    valet.publish();
    finish(valet, name, back, accepted).await
}

async fn finish(
    valet: &Arc<Valet>,
    server: String,
    back: Return,
    accepted: Result<oauth::Code, Fault>,
) -> Received {
    let outcome = match accepted {
        Ok(code) => signin::complete(Arc::clone(valet), server.clone(), back, code).await,
        Err(fault) => signin::fail(valet, &server, &back, outcome::fault(&fault)).await,
    };
    match outcome {
        Ok(Next::Ready) => {
            let resource = {
                let book = valet.book();
                let other = book.servers.get(&server).and_then(Server::other_resource);
                other.map(|resource| plain(&plain::address(resource), MAX_RESOURCE))
            };
            Received::Done { server, resource }
        }
        Ok(Next::Again(url)) => Received::Again { server, url },
        Err(problem) => Received::Failed { server, problem },
    }
}

fn is_late(fault: &Fault) -> bool {
    fault.code() == "attempt_expired"
}

/// The exact authority of one of the listener's redirect URIs, said once; a page that resolves a name of its own to this machine
/// is turned away.
fn is_for_us(valet: &Valet, key: &ListenerKey, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else {
        return false;
    };
    if uri.authority().is_some_and(|authority| !authority.as_str().eq_ignore_ascii_case(host)) {
        return false;
    }
    let own = format!("{}:{}", key.host.as_str(), key.port);
    let usual_port = if key.tls.is_some() { 443 } else { 80 };
    host.eq_ignore_ascii_case(&own)
        || (key.port == usual_port && host.eq_ignore_ascii_case(key.host.as_str()))
        || endpoints(valet, key).iter().any(|(authority, _)| host.eq_ignore_ascii_case(authority))
}

fn is_known_path(valet: &Valet, key: &ListenerKey, path: &str) -> bool {
    path == "/callback"
        || path.starts_with("/callback/")
        || endpoints(valet, key).iter().any(|(_, known)| known == path)
}

/// Authority and path of the redirect URIs that lead to a listener: of sign-ins that wait, and of clients in use.
fn endpoints(valet: &Valet, key: &ListenerKey) -> Vec<(String, String)> {
    let book = valet.book();
    let known = book.endpoints.iter().filter(|endpoint| endpoint.listener == *key);
    known.map(|endpoint| (endpoint.authority.clone(), endpoint.path.clone())).collect()
}
