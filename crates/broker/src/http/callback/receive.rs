//! What comes back from an issuer: found out which sign-in it belongs to, believed or not, and answered with
//! a page.

use super::page::{self, CallbackPage};
use crate::grants::signin::{Received, not_taken, receive_in_time};
use crate::http::arrival::drain;
use crate::valet::Valet;
use bytes::Bytes;
use config::redirect::ListenerKey;
use http::{HeaderMap, Method, Request, Response, Uri, header};
use http_body_util::Full;
use hyper::body::Incoming;
use problems::Untaken;
use seats::Seat;
use std::sync::Arc;

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
        return CallbackPage::ForeignHost.response();
    }
    if head.method != Method::GET {
        if head.method == Method::POST {
            not_taken(valet, key, head.uri.path(), Untaken::Posted);
        }
        return CallbackPage::WrongMethod.response();
    }
    if !is_known_path(valet, key, head.uri.path()) {
        return CallbackPage::Nothing.response();
    }
    let query = head.uri.query().unwrap_or_default().to_owned();
    let path = head.uri.path().to_owned();
    // In a task of its own: a browser that goes away must not break off the exchange of its code.
    respond(valet, receive_in_time(valet, key, &path, &query).await)
}

fn respond(valet: &Valet, received: Received) -> Response<Full<Bytes>> {
    // A sign-in that the door led to goes on there, however it ended.
    if let Received::Done { number, .. } | Received::Failed { number, .. } = &received
        && let Some(url) = valet.door.returns(*number, valet.clock.now().as_second())
    {
        return page::onward(&url);
    }
    match &received {
        Received::Done { server, resource, .. } => {
            CallbackPage::Done { server, resource: resource.as_deref() }
        }
        Received::Again { url, .. } => return page::onward(url),
        Received::Failed { server, problem, .. } => CallbackPage::Failed { server, problem },
        Received::NotBelieved(problem) => CallbackPage::NotBelieved { problem },
        Received::Awaited => CallbackPage::Awaited,
        Received::UsedUp => CallbackPage::UsedUp,
        Received::GivenUp => CallbackPage::GivenUp,
        Received::NotWaitedFor => CallbackPage::NotWaitedFor,
        Received::Incomplete => CallbackPage::Incomplete,
    }
    .response()
}

/// The exact authority of one of the listener's redirect URIs, said once; a page that resolves a name of its
/// own to this machine is turned away.
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

/// Authority and path of the redirect URIs that lead to a listener: of sign-ins that wait, and of clients in
/// use.
fn endpoints(valet: &Valet, key: &ListenerKey) -> Vec<(String, String)> {
    let book = valet.book();
    let known = book.endpoints.iter().filter(|endpoint| endpoint.listener == *key);
    known.map(|endpoint| (endpoint.authority.clone(), endpoint.path.clone())).collect()
}
