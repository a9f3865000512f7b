//! The authorization endpoint (RFC 6749 §4.1.1). It only asks: nothing is granted by a GET.

use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use provider::{Client, Params, RedirectUri, UnixSeconds};

use crate::call::Call;
use crate::state::Demo;
use crate::{consent, page};

/// Shows the consent page, sends the browser back with an error, or, where nobody can be trusted with it,
/// shows the error.
pub(crate) fn ask(demo: &Demo, call: &Call) -> Response {
    let params = Params::of_query(call.uri.query());
    let now = demo.clock.now();
    // Client and redirect URI come first: before they are certain, a redirect would serve anybody (RFC 6749
    // §4.1.2.1).
    let (client, redirect) = match destination(demo, &params, now) {
        Ok(destination) => destination,
        Err(problem) => return page::problem(StatusCode::BAD_REQUEST, problem),
    };
    let state = params.one("state").ok().flatten().map(str::to_owned);
    let serves = |resource: &str| resource == demo.resource;
    match provider::wanted(&demo.profile, &params, client, redirect.clone(), serves) {
        Ok(asked) => consent::show(demo, asked, now),
        Err(error) => {
            let location = provider::refusal(&demo.profile, &redirect, state.as_deref(), error);
            (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
        }
    }
}

fn destination(
    demo: &Demo,
    params: &Params,
    now: UnixSeconds,
) -> Result<(Arc<Client>, RedirectUri), &'static str> {
    let id = params.one("client_id").map_err(|_| "There are two client_id parameters.")?;
    let id = id.ok_or("The request has no client_id.")?;
    let client = demo.ledger().books.client(id, now).ok_or(
        "This program is not registered here. The demo forgets everything when it restarts: \
         remove the registration in the program and let it register again.",
    )?;
    let raw = params.one("redirect_uri").map_err(|_| "There are two redirect_uri parameters.")?;
    let redirect = provider::destination(&client, raw.ok_or("The request has no redirect_uri.")?)
        .ok_or("The redirect_uri is not one that this program has registered.")?;
    Ok((client, redirect))
}
