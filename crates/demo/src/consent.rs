//! The person's answer. A page is answered once, from the browser that was shown it, by a POST.

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use provider::{Answered, Asked, Code, OAuthError, Params, Secret, UnixSeconds};

use crate::account::Account;
use crate::call::Call;
use crate::page;
use crate::state::Demo;

/// The only path that gets the cookie, and the form's target.
pub(crate) const PATH: &str = "/authorize/consent";

/// What the person clicked.
enum Decision {
    Allow(Account),
    Deny,
}

/// Shows the page and remembers it.
pub(crate) fn show(demo: &Demo, asked: Asked, now: UnixSeconds) -> Response {
    let shown = demo.ledger().pages.show(asked.clone(), now);
    let mut response = page::consent(&asked, &shown.csrf);
    if let Ok(cookie) = shown.cookie.parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Takes the answer and sends the browser back to the client.
pub(crate) fn answer(demo: &Demo, call: &Call) -> Response {
    let now = demo.clock.now();
    let Ok((csrf, answer)) = parse(call) else {
        return page::problem(StatusCode::BAD_REQUEST, "This form was not sent by the demo's own page.");
    };
    let mut ledger = demo.ledger();
    let (asked, gone) = match ledger.pages.answer(&csrf, &call.headers, now) {
        Answered::Page(asked, gone) => (asked, gone),
        Answered::Over => {
            return page::problem(
                StatusCode::BAD_REQUEST,
                "This page was answered before, or waited too long. Go back to the program and begin again.",
            );
        }
        Answered::AnotherBrowser => {
            return page::problem(StatusCode::FORBIDDEN, "This page was shown to another browser.");
        }
    };
    let client = &asked.client.id;
    let location = match answer {
        Decision::Deny => {
            tracing::info!(client, "consent denied");
            let error = OAuthError::new(Code::AccessDenied, "the person did not allow it");
            asked.refusal(&demo.profile, error)
        }
        Decision::Allow(account) => {
            let scopes = &asked.scopes;
            tracing::info!(client, account = account.id(), %scopes, "consent given");
            let code = ledger.books.code(&asked, account, now);
            asked.success(&demo.profile, code.expose())
        }
    };
    // 303, so that the browser asks with GET and does not send the form on (RFC 9700 §4.12).
    (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::SET_COOKIE, gone)]).into_response()
}

fn parse(call: &Call) -> Result<(Secret, Decision), OAuthError> {
    let params = Params::of_form(&call.headers, &call.body)?;
    let csrf = params.need_secret("csrf", "csrf is missing")?;
    let unclear = OAuthError::new(Code::InvalidRequest, "no clear answer");
    let answer = match params.need("decision", "decision is missing")? {
        "deny" => Decision::Deny,
        "allow" => params.one("account")?.and_then(Account::with_id).map(Decision::Allow).ok_or(unclear)?,
        _ => return Err(unclear),
    };
    Ok((csrf, answer))
}
