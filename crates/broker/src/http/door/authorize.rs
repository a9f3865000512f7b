//! A client asks to be let in, and a person goes on. Reading the request fetches, asks and opens nothing:
//! that comes of the form on our own page alone, and even then it is MCP Valet that asks.

use super::endpoints::Call;
use super::guard::is_own_origin;
use super::page::{Page, redirected};
use crate::authority::door::{client, decide};
use crate::valet::door::{Open, Stage, WAIT, Waiting, Web};
use crate::valet::{Valet, web_clients};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, StatusCode, Uri};
use provider::{Answered, Asked, Client, ClientUrl, OAuthError, Params, RedirectUri, Secret};
use state::meant::Meant;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// Documents that are fetched at a time.
static FETCHED: Semaphore = Semaphore::const_new(4);

/// Most bytes of a request, which stands in its page's form as well.
const LONGEST: usize = 16 << 10;

type Door = State<Arc<Valet>>;

/// What a request for authorization is so far.
pub(super) enum Wish {
    /// It is in order.
    Known(Box<Asked>),
    /// Its client is at the address of a document that nobody has fetched yet.
    Document,
}

/// Where a browser that was asked something goes, or what it is shown.
enum Next {
    Show(Page),
    /// To the client's redirect URI, with an error.
    Back(String),
}

/// What a browser is shown that comes with a request.
pub(super) async fn show(State(valet): Door, uri: Uri, headers: HeaderMap) -> Response {
    if !is_seen(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let (query, names) = (uri.query().unwrap_or_default(), names(&valet));
    if query.len() > LONGEST {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    let now = valet.clock.now().as_second();
    let next = valet.door.look(|open| {
        let wish = match read(open, query, &names, now) {
            Ok(wish) => wish,
            Err(next) => return next,
        };
        let page = open.pages.show(query, &headers, now);
        Next::Show(Page::ask(open, &wish, query, &page))
    });
    match next.unwrap_or(Next::Show(Page::Closed)) {
        Next::Show(page) => page.response(),
        Next::Back(location) => redirected(&location, None),
    }
}

/// Whether what comes of a request is a page of its own before somebody's eyes, as far as the browser says
/// (Fetch Metadata): what another page only embeds or has fetched ahead nobody sees.
fn is_seen(headers: &HeaderMap) -> bool {
    let is = |name: &'static str, wanted: &[&str]| {
        headers.get(name).is_none_or(|value| wanted.iter().any(|wanted| value == wanted))
    };
    let is_fetched_ahead = ["sec-purpose", "purpose"].iter().any(|name| headers.contains_key(*name));
    // Of a page elsewhere, `cors` has an `Origin`, which is refused; without one it is a program's.
    is("sec-fetch-dest", &["document"]) && is("sec-fetch-mode", &["navigate", "cors"]) && !is_fetched_ahead
}

/// The names of all servers.
fn names(valet: &Valet) -> HashSet<String> {
    valet.book().servers.keys().cloned().collect()
}

fn read(open: &Open, query: &str, names: &HashSet<String>, now: i64) -> Result<Wish, Next> {
    let params = Params::of_query(Some(query));
    let id = params.one("client_id").ok().flatten().ok_or(Next::Show(Page::NoClient))?;
    // A document may say something else by now, so it is fetched for each authorization.
    if ClientUrl::parse(id).is_some() {
        return Ok(Wish::Document);
    }
    let client = open.ledger.client(id, now).ok_or(Next::Show(Page::UnknownClient))?;
    in_order(open, &params, client, names).map(|asked| Wish::Known(Box::new(asked)))
}

/// Client and redirect URI come first: before they are certain, a redirect would serve anybody (RFC 6749
/// §4.1.2.1).
fn in_order(
    open: &Open,
    params: &Params,
    client: Arc<Client>,
    names: &HashSet<String>,
) -> Result<Asked, Next> {
    let raw = params.one("redirect_uri").ok().flatten().unwrap_or_default();
    let redirect = provider::destination(&client, raw).ok_or(Next::Show(Page::ForeignRedirect))?;
    let serves = |resource: &str| open.server_of(resource).is_some_and(|name| names.contains(name));
    provider::wanted(&open.profile, params, client, redirect.clone(), serves)
        .map_err(|error| Next::Back(refusal(open, params, &redirect, error)))
}

fn refusal(open: &Open, params: &Params, redirect: &RedirectUri, error: OAuthError) -> String {
    let state = params.one("state").ok().flatten();
    provider::refusal(&open.profile, redirect, state, error)
}

/// Takes the form of our page: from here on the valet asks.
pub(super) async fn go_on(State(valet): Door, call: Call) -> Response {
    let answer = match form(&valet, &call) {
        Some(form) => go_on_with(&valet, form, &call.headers).await,
        None => Err(Next::Show(Page::ForeignForm)),
    };
    match answer {
        Ok((location, cookie)) => redirected(&location, Some(&cookie)),
        Err(Next::Show(page)) => page.response(),
        Err(Next::Back(location)) => redirected(&location, None),
    }
}

/// What the form says, if it was sent by our own page.
struct Form {
    csrf: Secret,
    goes_on: bool,
}

fn form(valet: &Valet, call: &Call) -> Option<Form> {
    const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
    let is_ours = valet.door.look(|open| is_own_origin(&open.config, &call.headers))?;
    let site = call.headers.get(SITE).is_none_or(|site| site == "same-origin");
    let params = Params::of_form(&call.headers, &call.body).ok().filter(|_| is_ours && site)?;
    let csrf = params.need_secret("csrf", "csrf is missing").ok()?;
    let goes_on = match params.one("decision").ok()?? {
        "go_on" => true,
        "stop" => false,
        _ => return None,
    };
    Some(Form { csrf, goes_on })
}

async fn go_on_with(valet: &Arc<Valet>, form: Form, headers: &HeaderMap) -> Result<(String, String), Next> {
    let now = valet.clock.now().as_second();
    let answered = valet.door.look(|open| open.pages.answer(&form.csrf, headers, now));
    let (query, kept) = match answered.ok_or(Next::Show(Page::Closed))? {
        Answered::Page(query, kept) => (query, kept),
        Answered::Over => return Err(Next::Show(Page::Over)),
        Answered::AnotherBrowser => return Err(Next::Show(Page::AnotherBrowser)),
    };
    let names = names(valet);
    let wish = valet.door.look(|open| read(open, &query, &names, now));
    let asked = match wish.ok_or(Next::Show(Page::Closed))?? {
        Wish::Known(asked) => *asked,
        Wish::Document if !form.goes_on => return Err(Next::Show(Page::Stopped)),
        Wish::Document => fetched(valet, &query).await?,
    };
    if !form.goes_on {
        let location = valet.door.look(|open| asked.refusal(&open.profile, OAuthError::DENIED));
        return Ok((location.ok_or(Next::Show(Page::Closed))?, kept));
    }
    ask(valet, asked)
}

/// The request of a client whose document is fetched now.
async fn fetched(valet: &Arc<Valet>, query: &str) -> Result<Asked, Next> {
    let params = Params::of_query(Some(query));
    let id = params.one("client_id").ok().flatten().and_then(ClientUrl::parse);
    let url = id.ok_or(Next::Show(Page::UnknownClient))?;
    let now = valet.clock.now().as_second();
    let has_room = valet.door.look(|open| open.has_room(url.as_str(), now)).unwrap_or_default();
    let fetching = FETCHED.try_acquire().ok().filter(|_| has_room).ok_or(Next::Show(Page::Busy))?;
    let found = client(valet, &url).await.map_err(|_| Next::Show(Page::NoDocument(url.host().to_owned())))?;
    drop(fetching);
    let (names, now) = (names(valet), valet.clock.now().as_second());
    let asked = valet.door.look(|open| {
        let until = now + open.profile.client_lifetime;
        let client = open.ledger.remember(found, until, now);
        in_order(open, &params, client, &names)
    });
    asked.unwrap_or(Err(Next::Show(Page::Closed)))
}

/// Asks the person, in a task that outlives the browser's request. Answers where that waits, and the cookie
/// that it waits with.
fn ask(valet: &Arc<Valet>, asked: Asked) -> Result<(String, String), Next> {
    let now = valet.clock.now().as_second();
    let server = valet.door.look(|open| {
        let is_from_outside = open.config.external_url.is_some();
        open.server_of(&asked.resource).map(|server| (server.to_owned(), is_from_outside))
    });
    let (server, is_from_outside) = server.flatten().ok_or(Next::Show(Page::Closed))?;
    let meant = valet.book().servers.get(&server).map(Meant::of).ok_or(Next::Show(Page::Closed))?;
    let web = Web::new(valet.number(), valet.clock.now(), meant, &asked, is_from_outside);
    let waiting = Arc::new(Waiting { asked, web, stage: watch::Sender::new(Stage::Asking) });
    let begun = valet.door.look(|open| {
        if !open.has_room(&waiting.asked.client.id, now) {
            return Err(Next::Back(waiting.asked.refusal(&open.profile, OAuthError::BUSY)));
        }
        let ticket = open.expect(&waiting, now);
        Ok((open.profile.url(&format!("{WAIT}?ticket={}", ticket.csrf.expose())), ticket.cookie))
    });
    let (url, cookie) = begun.unwrap_or(Err(Next::Show(Page::Closed)))?;
    web_clients::keep(valet);
    let back = format!("{url}&back=1");
    valet.runtime.spawn(decide(Arc::clone(valet), waiting, back));
    Ok((url, cookie))
}
