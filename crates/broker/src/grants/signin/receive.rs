//! What comes back from an issuer: found out which sign-in it belongs to, and believed or not.

use super::again::{Next, fail};
use super::finish::complete;
use super::news::not_taken;
use crate::valet::{Valet, asking};
use config::redirect::ListenerKey;
use oauth::{CallbackQuery, Fault, FaultCode};
use plain::plain;
use problems::Untaken;
use state::attempt::Attempt;
use state::server::Server;
use state::spent::Spent;
use state::waiting::{Return, Waiting};
use std::sync::Arc;
use wire::Problem;

/// Most characters of a resource that are shown.
const MAX_RESOURCE: usize = 300;

/// How an answer from an issuer was taken.
#[derive(Debug)]
pub(crate) enum Received {
    /// The sign-in is complete.
    Done { server: String, resource: Option<String>, number: u64 },
    /// The issuer wants the browser once more, at this address.
    Again { server: String, url: String },
    /// The sign-in came to an end without success.
    Failed { server: String, problem: Problem, number: u64 },
    /// The issuer takes its time to make tokens of the code; it is waited for.
    Awaited,
    /// Not believed; the sign-in still waits.
    NotBelieved(Problem),
    /// Its state was used before.
    UsedUp,
    /// Its sign-in was given up before.
    GivenUp,
    /// No sign-in waits for it.
    NotWaitedFor,
    /// Parts are missing, or there twice.
    Incomplete,
}

/// As [`receive`], for whoever cannot wait as long as an issuer may take: the exchange goes on in a task of
/// its own.
pub(crate) async fn receive_in_time(
    valet: &Arc<Valet>,
    key: &ListenerKey,
    path: &str,
    query: &str,
) -> Received {
    let (valet, key, path, query) = (Arc::clone(valet), key.clone(), path.to_owned(), query.to_owned());
    let receiving = tokio::spawn(async move {
        let received = receive(&valet, &key, &path, &query).await;
        match received {
            Received::Incomplete => not_taken(&valet, &key, &path, Untaken::Incomplete),
            Received::NotWaitedFor => not_taken(&valet, &key, &path, Untaken::Anothers),
            Received::NotBelieved(_) => valet.publish(),
            Received::Done { .. }
            | Received::Again { .. }
            | Received::Failed { .. }
            | Received::Awaited
            | Received::UsedUp
            | Received::GivenUp => {}
        }
        received
    });
    match tokio::time::timeout(asking::LONG, receiving).await {
        Ok(received) => received.unwrap_or(Received::NotWaitedFor),
        Err(_) => Received::Awaited,
    }
}

/// Takes an answer that came to `path` of a listener. One that is not believed spends nothing.
async fn receive(valet: &Arc<Valet>, key: &ListenerKey, path: &str, query: &str) -> Received {
    let Ok(query) = CallbackQuery::parse(query) else { return Received::Incomplete };
    let now = valet.clock.now();
    let (name, back, accepted) = {
        let mut book = valet.book();
        let Some(name) = book.waiting_for(query.state()).map(|server| server.name.clone()) else {
            return match book.spent_states.of(query.state()) {
                Some(Spent::Used) => Received::UsedUp,
                Some(Spent::GivenUp) => Received::GivenUp,
                None => Received::NotWaitedFor,
            };
        };
        let Some(server) = book.servers.get_mut(&name) else { return Received::NotWaitedFor };
        let attempt = std::mem::take(&mut server.attempt);
        let Attempt::Waiting(waiting) = attempt else { return Received::NotWaitedFor };
        // A redirect URI belongs to one issuer: an answer at another's is a mix-up.
        let own_place = waiting.endpoint.listener == *key && waiting.endpoint.path == path;
        let believed = if own_place { waiting.pending.check(&query, now) } else { Ok(()) };
        match believed {
            Err(fault) if !is_late(&fault) => {
                let problem = problems::fault(&fault);
                let news = Some(problem.clone());
                server.attempt = Attempt::Waiting(Box::new(Waiting { news, ..*waiting }));
                return Received::NotBelieved(problem);
            }
            _ if !own_place => {
                server.attempt = Attempt::Waiting(waiting);
                return Received::NotWaitedFor;
            }
            Ok(()) | Err(_) => {}
        }
        let Waiting { back, pending, .. } = *waiting;
        server.attempt = Attempt::Finishing(back.number);
        book.spent_states.note(query.state(), Spent::Used);
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
    let number = back.number;
    let outcome = match accepted {
        Ok(code) => complete(Arc::clone(valet), server.clone(), back, code).await,
        Err(fault) => fail(valet, &server, back, problems::fault(&fault)).await,
    };
    match outcome {
        Ok(Next::Ready) => {
            let resource = {
                let book = valet.book();
                let other = book.servers.get(&server).and_then(Server::other_resource);
                other.map(|resource| plain(&plain::address(resource), MAX_RESOURCE))
            };
            Received::Done { server, resource, number }
        }
        Ok(Next::Again(url)) => Received::Again { server, url },
        Err(problem) => Received::Failed { server, problem, number },
    }
}

fn is_late(fault: &Fault) -> bool {
    fault.code() == FaultCode::AttemptExpired
}
