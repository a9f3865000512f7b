//! A browser waits for the person's answer, is led through the server's own sign-in where one is needed, and
//! goes back to the client in the end.

use super::page::{Page, redirected};
use crate::valet::door::{Open, Stage, Waiting};
use crate::valet::{Valet, door};
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Uri};
use provider::{Answered, OAuthError, Params, Secret};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use wire::Act;

/// How long one request of a browser is held; then it asks again. What stands in between closes one that is
/// held for a minute.
const HELD: Duration = Duration::from_secs(20);

/// How a browser comes here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comes {
    /// From the form: it is shown what it waits for.
    New,
    /// By itself, from that page.
    Again,
    /// From the server's own sign-in.
    Back,
}

impl Comes {
    fn of(params: &Params) -> Self {
        let says = |name| params.one(name).ok().flatten().is_some();
        match (says("back"), says("held")) {
            (true, _) => Self::Back,
            (false, true) => Self::Again,
            (false, false) => Self::New,
        }
    }

    /// Whether there is more to wait for.
    fn waits_in(self, stage: &Stage) -> bool {
        match (self, stage) {
            (_, Stage::Over(_)) | (Self::New | Self::Again, Stage::SignIn(_)) => false,
            (_, Stage::Asking | Stage::SignInThere) | (Self::Back, Stage::SignIn(_)) => true,
        }
    }

    const fn next(self) -> &'static str {
        match self {
            Self::New | Self::Again => "held",
            Self::Back => "back",
        }
    }
}

/// Answers a browser that waits.
pub(super) async fn wait(State(valet): State<Arc<Valet>>, uri: Uri, headers: HeaderMap) -> Response {
    let params = Params::of_query(uri.query());
    let (comes, now) = (Comes::of(&params), valet.clock.now().as_second());
    let Ok(ticket) = params.need_secret("ticket", "ticket is missing") else { return Page::Over.response() };
    let waiting = valet.door.look(|open| open.waiting.look(&ticket, &headers, now).cloned()).flatten();
    let Some(waiting) = waiting else { return Page::Over.response() };
    let mut stages = waiting.stage.subscribe();
    if comes != Comes::New {
        let _ = timeout(HELD, stages.wait_for(|stage| !comes.waits_in(stage))).await;
    }
    let stage = stages.borrow().clone();
    // The form was on our page, whose policy is held against each address that it leads to: so the first
    // answer leads nowhere.
    if comes == Comes::New || comes.waits_in(&stage) {
        let next = format!("{}?ticket={}&{}=1", uri.path(), ticket.expose(), comes.next());
        let (server, code) = (waiting.web.meant.name.clone(), waiting.web.code.clone());
        let signs_in = stage == Stage::SignInThere;
        return Page::Waits { server, code, next, signs_in }.response();
    }
    match stage {
        Stage::SignIn(url) => redirected(&url, None),
        Stage::Over(decided) => {
            let over = valet.door.look(|open| end(open, &ticket, &headers, decided, now)).flatten();
            let Some(End { location, gone, is_let_in }) = over else { return Page::Over.response() };
            if is_let_in {
                door::note(&valet, Act::LetIn, &waiting.web);
                valet.publish();
            }
            redirected(&location, Some(&gone))
        }
        Stage::Asking | Stage::SignInThere => Page::Over.response(),
    }
}

/// Where the browser goes in the end.
struct End {
    location: String,
    /// `Set-Cookie` that takes the cookie away.
    gone: String,
    /// Whether a code goes there.
    is_let_in: bool,
}

/// Where the browser goes in the end; once.
fn end(
    open: &mut Open,
    ticket: &Secret,
    headers: &HeaderMap,
    decided: Result<(), OAuthError>,
    now: i64,
) -> Option<End> {
    let Answered::Page(waiting, gone) = open.waiting.answer(ticket, headers, now) else { return None };
    let code = decided.and_then(|()| open.code(&waiting, now).ok_or(OAuthError::TAKEN_BACK));
    let is_let_in = code.is_ok();
    Some(End { location: location(open, &waiting, code), gone, is_let_in })
}

fn location(open: &Open, waiting: &Waiting, code: Result<Secret, OAuthError>) -> String {
    match code {
        Ok(code) => waiting.asked.success(&open.profile, code.expose()),
        Err(error) => waiting.asked.refusal(&open.profile, error),
    }
}
