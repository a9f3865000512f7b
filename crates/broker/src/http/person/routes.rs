//! The person's routes.

use crate::authority::person::Person;
use crate::http::body::Body;
use crate::http::person::answered::answer;
use crate::http::person::{Page, import};
use crate::http::problem::Refusal;
use crate::valet::view::View;
use axum::extract::{DefaultBodyLimit, Extension, Path};
use axum::response::sse::{Event, Sse};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use config::{AgentsPolicy, LockPolicy, ServerEdit};
use futures_util::Stream;
use http::StatusCode;
use oauth::{AccountChoice, Secret};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use tokio::sync::watch;
use wire::doctor::{Examine, Report};
use wire::{
    Authorization, AuthorizeRequest, ClassRules, NewServer, Problem, Removed, Revocation, Revoke, RevokedAll,
};
use words::say;

const MAX_BODY: usize = 64 << 10;

type WantedPage = watch::Sender<Option<Page>>;
type Reply<T> = Result<Json<T>, Refusal>;

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/view", get(view))
        .route("/v1/events", get(events))
        .route("/v1/page", get(page))
        .route("/v1/page/shown", post(shown))
        .route("/v1/questions/{question}", post(answer))
        .route("/v1/servers", post(add))
        .route("/v1/demo", post(try_demo))
        .route("/v1/servers/{server}", delete(remove).put(edit))
        .route("/v1/servers/{server}/authorize", post(authorize))
        .route("/v1/servers/{server}/cancel", post(cancel))
        .route("/v1/servers/{server}/decline", post(decline).delete(undecline))
        .route("/v1/servers/{server}/decline/for-good", post(decline_for_good))
        .route("/v1/servers/{server}/revoke", post(revoke))
        .route("/v1/servers/{server}/forget", post(forget))
        .route("/v1/servers/{server}/client", put(set_client))
        .route("/v1/programs/{program}/take-back", post(take_back_all))
        .route("/v1/revoke", post(revoke_all))
        .route("/v1/deeds/{deed}/seen", post(put_away))
        .route("/v1/discover", post(discover))
        .route("/v1/client-page", post(open_client_page))
        .route("/v1/import", get(import::listing))
        .route("/v1/settings", put(set))
        .route("/v1/doctor", post(doctor))
        .route("/v1/connected", get(connected))
        .route("/v1/quit", post(quit))
        .route("/v1/lock", post(lock))
        .route("/v1/unlock", post(unlock))
        .merge(super::keys::router())
        .merge(super::clients::router())
        .merge(super::forwards::router())
        .merge(super::programs::router())
        .merge(super::vault::router())
        .merge(super::activity::router())
        .merge(super::rules::router())
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

async fn view(Extension(person): Extension<Person>) -> Json<View> {
    Json(person.view().borrow().clone())
}

/// The view now and after every change, as server-sent events named `view`.
async fn events(Extension(person): Extension<Person>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    follow("view", person.view())
}

/// The page that the shell wants in front, or null, now and after every change, as server-sent events named
/// `page`.
async fn page(
    Extension(wanted): Extension<WantedPage>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    follow("page", wanted.subscribe())
}

/// The window shows this page; if it does not say so before it ends, the next window shows it.
async fn shown(Extension(wanted): Extension<WantedPage>, Body(page): Body<Page>) -> StatusCode {
    wanted.send_if_modified(|wanted| wanted.take_if(|wanted| *wanted == page).is_some());
    StatusCode::NO_CONTENT
}

fn follow<T: Serialize + Send + Sync + 'static>(
    name: &'static str,
    mut changes: watch::Receiver<T>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    changes.mark_changed();
    Sse::new(futures_util::stream::unfold(changes, move |mut changes| async move {
        changes.changed().await.ok()?;
        let event = Event::default().event(name).json_data(&*changes.borrow_and_update()).ok()?;
        Some((Ok(event), changes))
    }))
}

/// The name of the server that was added.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Name {
    name: String,
}

async fn add(Extension(person): Extension<Person>, Body(new): Body<NewServer>) -> Reply<Name> {
    Ok(Json(Name { name: person.add(new).await? }))
}

async fn try_demo(Extension(person): Extension<Person>) -> Reply<Name> {
    Ok(Json(Name { name: person.try_demo().await? }))
}

async fn remove(Extension(person): Extension<Person>, Path(server): Path<String>) -> Reply<Removed> {
    Ok(Json(person.remove(&server).await?))
}

/// What a server is to be.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    name: String,
    url: String,
    /// The scopes to ask for; null leaves that to the server.
    scopes: Option<Vec<String>>,
    /// The folders that this account is for; null leaves them as they are.
    folders: Option<Vec<String>>,
}

async fn edit(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(Edit { name, url, scopes, folders }): Body<Edit>,
) -> Result<StatusCode, Refusal> {
    person.edit_server(&server, ServerEdit { name, url, scopes, folders }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A sign-in that the person wants.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// Which of several authorization servers to sign in at.
    issuer: Option<String>,
    /// On another device, by a code that is typed there.
    device: Option<bool>,
    /// For an account that is chosen there.
    another_account: Option<bool>,
}

/// A sign-in that was begun, and whether a browser shows it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Begun {
    #[serde(flatten)]
    authorization: Authorization,
    opened: bool,
}

async fn authorize(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(wanted): Body<SignIn>,
) -> Reply<Begun> {
    let how = AuthorizeRequest { issuer: wanted.issuer, device: wanted.device == Some(true) };
    let account = match wanted.another_account {
        Some(true) => AccountChoice::ByThePerson,
        Some(false) | None => AccountChoice::ByTheIssuer,
    };
    let (authorization, opened) = person.authorize(&server, how, account).await?;
    Ok(Json(Begun { authorization, opened }))
}

async fn cancel(Extension(person): Extension<Person>, Path(server): Path<String>) -> StatusCode {
    person.cancel(&server);
    StatusCode::NO_CONTENT
}

async fn decline(Extension(person): Extension<Person>, Path(server): Path<String>) -> StatusCode {
    person.decline(&server);
    StatusCode::NO_CONTENT
}

async fn revoke(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(asked): Body<Revoke>,
) -> Reply<Revocation> {
    Ok(Json(person.revoke(&server, asked).await?))
}

async fn revoke_all(Extension(person): Extension<Person>) -> Reply<RevokedAll> {
    Ok(Json(person.revoke_all().await?))
}

async fn put_away(Extension(person): Extension<Person>, Path(deed): Path<u64>) -> StatusCode {
    person.put_away(deed);
    StatusCode::NO_CONTENT
}

async fn decline_for_good(Extension(person): Extension<Person>, Path(server): Path<String>) -> StatusCode {
    person.decline_for_good(&server);
    StatusCode::NO_CONTENT
}

async fn undecline(Extension(person): Extension<Person>, Path(server): Path<String>) -> StatusCode {
    person.undecline(&server);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Forgotten {
    mark: String,
}

async fn forget(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(agent): Body<Forgotten>,
) -> StatusCode {
    person.forget_answer(&server, &agent.mark);
    StatusCode::NO_CONTENT
}

/// What a program may not do any more.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct TakenBack {
    /// The servers that it may not use.
    servers: Vec<String>,
}

async fn take_back_all(Extension(person): Extension<Person>, Path(program): Path<String>) -> Json<TakenBack> {
    Json(TakenBack { servers: person.take_back_all(&program) })
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Address {
    url: String,
}

async fn discover(
    Extension(person): Extension<Person>,
    Body(address): Body<Address>,
) -> Reply<crate::authority::discover::Preview> {
    Ok(Json(person.discover(&address.url).await?))
}

/// The client that the person registered at the issuer of a server.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub(super) struct OwnClient {
    client_id: String,
    client_secret: Option<String>,
    /// The port of the redirect URI that was registered with it.
    callback_port: Option<u16>,
}

/// Whether a browser shows what was to be opened.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Opened {
    opened: bool,
}

async fn open_client_page(
    Extension(person): Extension<Person>,
    Body(address): Body<Address>,
) -> Reply<Opened> {
    Ok(Json(Opened { opened: person.open_client_page(&address.url).await? }))
}

async fn set_client(
    Extension(person): Extension<Person>,
    Path(server): Path<String>,
    Body(own): Body<OwnClient>,
) -> Result<StatusCode, Refusal> {
    let secret = own.client_secret.map(Secret::from);
    person.set_client(&server, own.client_id, secret, own.callback_port).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the person sets; what is absent stays as it is.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    agents: Option<AgentsPolicy>,
    start_at_login: Option<bool>,
    lock: Option<LockPolicy>,
    rules: Option<ClassRules>,
}

async fn set(
    Extension(person): Extension<Person>,
    Body(settings): Body<Settings>,
) -> Result<StatusCode, Refusal> {
    if let Some(agents) = settings.agents {
        person.set_agents(agents).await?;
    }
    if let Some(start) = settings.start_at_login {
        person.start_at_login(start).await?;
    }
    if let Some(policy) = settings.lock {
        person.set_lock(policy).await?;
    }
    if let Some(rules) = settings.rules {
        person.set_default_rules(rules).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn doctor(Extension(person): Extension<Person>, Body(examine): Body<Examine>) -> Reply<Report> {
    Ok(Json(person.examine(&examine.server).await?))
}

/// The programs that have a connection to the socket open, by their names.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Connected {
    programs: Vec<String>,
}

async fn connected(Extension(person): Extension<Person>) -> Json<Connected> {
    Json(Connected { programs: person.connected() })
}

async fn quit(Extension(person): Extension<Person>) -> StatusCode {
    person.quit();
    StatusCode::NO_CONTENT
}

async fn lock(Extension(person): Extension<Person>) -> StatusCode {
    person.lock();
    StatusCode::NO_CONTENT
}

async fn unlock(Extension(person): Extension<Person>) -> Result<StatusCode, Refusal> {
    person.unlock().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn nothing() -> Refusal {
    Refusal(Problem::new(wire::Code::NotFound, say!(problem_no_call), say!(problem_no_call_advice)))
}
