//! Handing a token out: from a request to the credential, with consent before and an audit entry first.
//!
//! Of a token that is held, it takes two looks at the book, each of one moment: `first_look` for what the
//! leave is about, and `obtain` for what was decided, with the last check. Nothing is waited for in between
//! unless somebody has to be asked, or something to be obtained.

mod account;
mod answer;
mod askable;
pub(crate) mod caller;
mod clear;
mod credential;
mod decision;
#[cfg(test)]
mod decision_tests;
mod folder;
mod need;
mod obtain;
mod permit;
mod program;
mod prospect;
pub(crate) mod refusal;
mod seal;
mod shown;
mod sign_in;

pub(crate) use account::{Account, For, account};
pub(crate) use answer::Answer;
pub(crate) use askable::{not_while_locked, somebody_can_be_asked};
pub(crate) use clear::{Doing, NotCleared};
pub(crate) use credential::{Outgoing, credential, for_person};
pub(crate) use need::{Heard, Need, Remedy};
pub(crate) use obtain::obtain;
pub(crate) use permit::Ask;
pub(crate) use program::{Launch, launch};
pub(crate) use prospect::Purpose;
pub(crate) use shown::Shown;

use crate::hand_out::caller::Caller;
use crate::valet::idle;
use ground::ranked::Count;
use prospect::Prospect;
use seal::{Width, may_leave};
use state::accounts::Found;
use state::book::Book;
use state::meant::Meant;
use state::server::Server;
use wire::{Problem, TokenRequest};

/// Answers one request for a token. A refusal is written down as well.
pub(crate) async fn token(agent: &Caller, request: &TokenRequest) -> Result<Answer, Problem> {
    let answer = answer(agent, request).await;
    answer.inspect_err(|problem| refusal::note_refusal(agent, &request.server, problem))
}

async fn answer(agent: &Caller, request: &TokenRequest) -> Result<Answer, Problem> {
    let _count = Count::new(|book, consents| {
        tracing::debug!("locks taken for a hand-out: book {book}, consents {consents}");
    });
    let need = Need::of(request)?;
    let by_folder;
    let (agent, (meant, prospect)) = match first_look(agent, &request.server, &need)? {
        Some(look) => (agent, look),
        None => {
            let account = Box::pin(account(agent, &request.server, For::Use(need.deadline))).await?;
            by_folder = agent.within(account.folder);
            (&by_folder, look_again(agent, &account.meant, &need)?)
        }
    };
    let (scopes, deadline) = (need.scopes.as_slice(), need.deadline);
    let ask = Ask { agent, meant: &meant, purpose: Purpose::Token, initializes: false, scopes, deadline };
    let mut permit = match prospect {
        Some(prospect) => ask.permit_for(prospect).await?,
        None => ask.permit().await?,
    };
    loop {
        let reach =
            obtain(agent, &meant, &need, |policy, server, shown| ask.recheck(&permit, policy, server, shown));
        match reach.await? {
            Width::Within(going) => return seal::hand_out(agent, permit, &meant, &going).await,
            Width::Beyond => permit = ask.extend(permit).await?,
        }
    }
}

/// The server that is meant, and what the agent would get of it. `None` of that where the valet is locked, or
/// about to be.
type Look = (Meant, Option<Prospect>);

/// Nothing where the folder that the agent works in says which server is meant.
fn first_look(agent: &Caller, server: &str, need: &Need) -> Result<Option<Look>, Problem> {
    let book = agent.valet.book();
    match book.look_for(server)? {
        Found::One(server) => look_at(agent, &book, server, need).map(Some),
        Found::ByFolder(_) => Ok(None),
    }
}

fn look_again(agent: &Caller, meant: &Meant, need: &Need) -> Result<Look, Problem> {
    let book = agent.valet.book();
    look_at(agent, &book, book.meant(meant)?, need)
}

fn look_at(agent: &Caller, book: &Book, server: &Server, need: &Need) -> Result<Look, Problem> {
    may_leave(server, server.held.grant().map(AsRef::as_ref))?;
    let open = idle::is_open(&agent.valet, book);
    let prospect = open.then(|| Prospect::of(book, server, Purpose::Token, &need.scopes));
    Ok((Meant::of(server), prospect))
}
