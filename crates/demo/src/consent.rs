//! The person's answer. A page is answered once, from the browser that was shown it, by a POST.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};

use crate::account::Account;
use crate::approval::{Approval, CODE_LIFETIME, Code, CodeState};
use crate::authorize::{self, Asked};
use crate::call::Call;
use crate::clock::UnixSeconds;
use crate::error::{self, OAuthError};
use crate::page;
use crate::params::Params;
use crate::secret::{Digest, Secret};
use crate::state::Demo;

/// How long a page waits for an answer.
const PAGE_LIFETIME: UnixSeconds = 600;
/// The only path that gets the cookie, and the form's target.
pub(crate) const PATH: &str = "/authorize/consent";

/// A page that was shown and not yet answered, kept under the digest of its CSRF token.
pub(crate) struct Pending {
    asked: Asked,
    cookie: Digest,
}

/// What the person clicked.
enum Decision {
    Allow(Account),
    Deny,
}

/// Shows the page and remembers it.
pub(crate) fn show(demo: &Demo, asked: Asked, now: UnixSeconds) -> Response {
    let (csrf, cookie) = (Secret::random(), Secret::random());
    let mut response = page::consent(&asked, &csrf);
    // Strict suffices: the only request that needs the cookie is the form's own.
    let set = format!(
        "{}={}; Path={PATH}; Max-Age={PAGE_LIFETIME}; HttpOnly; SameSite=Strict",
        cookie_name(csrf.digest()),
        cookie.expose()
    );
    if let Ok(set) = set.parse() {
        response.headers_mut().insert(header::SET_COOKIE, set);
    }
    let pending = Pending { asked, cookie: cookie.digest() };
    demo.ledger().pending.insert(csrf.digest(), pending, now + PAGE_LIFETIME, now);
    response
}

/// Takes the answer and sends the browser back to the client.
pub(crate) fn answer(demo: &Demo, call: &Call) -> Response {
    let now = demo.clock.now();
    let Ok((csrf, answer)) = parse(call) else {
        return page::problem(StatusCode::BAD_REQUEST, "This form was not sent by the demo's own page.");
    };
    let mut ledger = demo.ledger();
    let Some(pending) = ledger.pending.take(&csrf, now) else {
        return page::problem(
            StatusCode::BAD_REQUEST,
            "This page was answered before, or waited too long. Go back to the program and begin again.",
        );
    };
    if cookie(&call.headers, &cookie_name(csrf)).is_none_or(|value| Digest::of(value) != pending.cookie) {
        return page::problem(StatusCode::FORBIDDEN, "This page was shown to another browser.");
    }

    let Asked { client, redirect, state, challenge, scopes } = pending.asked;
    let location = match answer {
        Decision::Deny => {
            tracing::info!(client = client.id, "consent denied");
            let error = OAuthError::new(error::Code::AccessDenied, "the person did not allow it");
            authorize::refusal(demo, &redirect, state.as_deref(), error)
        }
        Decision::Allow(account) => {
            tracing::info!(client = client.id, account = account.id(), %scopes, "consent given");
            let approval = Approval { client_id: client.id.clone(), account, scopes };
            let redirect_uri = redirect.as_str().to_owned();
            let code = Secret::random();
            let entry = Code { approval, redirect_uri, challenge, state: CodeState::Fresh };
            ledger.codes.insert(code.digest(), entry, now + CODE_LIFETIME, now);
            authorize::success(demo, &redirect, state.as_deref(), code.expose())
        }
    };
    // 303, so that the browser asks with GET and does not send the form on (RFC 9700 §4.12).
    let gone = format!("{}=; Path={PATH}; Max-Age=0; HttpOnly; SameSite=Strict", cookie_name(csrf));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::SET_COOKIE, gone)]).into_response()
}

fn parse(call: &Call) -> Result<(Digest, Decision), OAuthError> {
    let params = Params::of_form(&call.headers, &call.body)?;
    let csrf = params.need_secret("csrf", "csrf is missing")?.digest();
    let unclear = OAuthError::new(error::Code::InvalidRequest, "no clear answer");
    let answer = match params.need("decision", "decision is missing")? {
        "deny" => Decision::Deny,
        "allow" => params.one("account")?.and_then(Account::with_id).map(Decision::Allow).ok_or(unclear)?,
        _ => return Err(unclear),
    };
    Ok((csrf, answer))
}

/// A cookie for each page, so that two tabs do not end each other's sign-in.
fn cookie_name(csrf: Digest) -> String {
    let digest = csrf.base64url();
    format!("consent-{}", digest.get(..12).unwrap_or_default())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}
