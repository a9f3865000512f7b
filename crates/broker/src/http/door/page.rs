//! What a browser shows at the door: plain pages without scripts, pictures or frames.

use super::authorize::Wish;
use crate::http::callback::page::{STYLE, style_source};
use crate::valet::door::{AUTHORIZE, Open};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use plain::plain;
use provider::{Client, ClientUrl, Params, Shown};
use words::say;

/// Most characters of a name, and of an address, that are shown.
const MAX_NAME: usize = 60;
/// A host with its port: the client's name never pushes it out.
const MAX_HOST: usize = 300;
const MAX_ADDRESS: usize = 200;

/// What a page says.
pub(super) enum Page {
    /// A client asks to be let in.
    Ask(Box<Ask>),
    /// The valet asks the person; the browser looks again at this address.
    Waits { server: String, code: String, next: String, signs_in: bool },
    /// The request names no client.
    NoClient,
    /// The request names one that has not registered.
    UnknownClient,
    /// The document of a client, which is on this host, cannot be had.
    NoDocument(String),
    /// The redirect URI is none of the client's.
    ForeignRedirect,
    /// The form was not sent by our page.
    ForeignForm,
    /// It was answered before, or waited too long.
    Over,
    /// It was shown to another browser.
    AnotherBrowser,
    /// Too many wait already.
    Busy,
    /// The person did not go on.
    Stopped,
    /// There is no door, or no such server.
    Closed,
}

/// A client that asks to be let in.
pub(super) struct Ask {
    client: String,
    server: String,
    redirect: String,
    /// Where the form may lead, beside to us.
    leads_to: String,
    csrf: String,
    cookie: String,
}

impl Page {
    /// The page about a request, with its query.
    pub(super) fn ask(open: &Open, wish: &Wish, query: &str, shown: &Shown) -> Self {
        let (client, server, redirect, leads_to) = match wish {
            Wish::Known(asked) => (
                called(&asked.client),
                open.server_of(&asked.resource).unwrap_or_default().to_owned(),
                asked.redirect.as_str().to_owned(),
                asked.redirect.csp_source(),
            ),
            Wish::Document => {
                let params = Params::of_query(Some(query));
                let one = |name| params.one(name).ok().flatten().unwrap_or_default().to_owned();
                let host = ClientUrl::parse(&one("client_id")).map(|url| url.host().to_owned());
                let server = open.server_of(&one("resource")).unwrap_or_default().to_owned();
                (host.unwrap_or_default(), server, one("redirect_uri"), String::new())
            }
        };
        Self::Ask(Box::new(Ask {
            client: plain(&client, MAX_HOST + MAX_NAME),
            server: plain(&server, MAX_NAME),
            redirect: plain(&plain::address(&redirect), MAX_ADDRESS),
            leads_to,
            csrf: shown.csrf.expose().to_owned(),
            cookie: shown.cookie.clone(),
        }))
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Ask(_) | Self::Waits { .. } | Self::Stopped => StatusCode::OK,
            Self::NoClient | Self::UnknownClient | Self::NoDocument(_) | Self::ForeignRedirect => {
                StatusCode::BAD_REQUEST
            }
            Self::ForeignForm | Self::AnotherBrowser => StatusCode::FORBIDDEN,
            Self::Over => StatusCode::GONE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Closed => StatusCode::NOT_FOUND,
        }
    }

    fn heading(&self) -> String {
        match self {
            Self::Ask(ask) => say!(door_ask_heading, client = &ask.client, server = &ask.server),
            Self::Waits { signs_in: true, .. } => say!(door_waits_sign_in_heading),
            Self::Waits { signs_in: false, .. } => say!(door_waits_heading),
            Self::Stopped => say!(door_stopped_heading),
            Self::NoClient
            | Self::UnknownClient
            | Self::NoDocument(_)
            | Self::ForeignRedirect
            | Self::ForeignForm
            | Self::Over
            | Self::AnotherBrowser
            | Self::Busy
            | Self::Closed => say!(door_refused_heading),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Ask(_) => say!(door_ask_text),
            Self::Waits { server, signs_in: true, .. } => say!(door_waits_sign_in_text, server = server),
            Self::Waits { server, signs_in: false, .. } => say!(door_waits_text, server = server),
            Self::NoClient => say!(door_no_client_text),
            Self::UnknownClient => say!(door_unknown_client_text),
            Self::NoDocument(host) => say!(door_no_document_text, host = host),
            Self::ForeignRedirect => say!(door_foreign_redirect_text),
            Self::ForeignForm => say!(door_foreign_form_text),
            Self::Over => say!(door_over_text),
            Self::AnotherBrowser => say!(door_another_browser_text),
            Self::Busy => say!(door_busy_text),
            Self::Stopped => say!(door_stopped_text),
            Self::Closed => say!(door_nothing_text),
        }
    }

    /// The whole answer.
    pub(super) fn response(&self) -> Response {
        let (heading, text) = (self.heading(), self.text());
        let body = html! {
            h1 { (heading) }
            p { (text) }
            @if let Self::Ask(ask) = self { (form(ask)) }
            @if let Self::Waits { code, .. } = self {
                p { (say!(door_waits_code)) }
                p class="code" { (code) }
            }
        };
        let leads_to =
            if let Self::Ask(ask) = self { format!("'self' {}", ask.leads_to) } else { "'none'".to_owned() };
        let mut response = (self.status(), Html(plain::shown(&document(&heading, &body)))).into_response();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        };
        set(header::CONTENT_SECURITY_POLICY, &policy(&leads_to));
        if let Self::Ask(ask) = self {
            set(header::SET_COOKIE, &ask.cookie);
            // Under no-referrer a browser sends `Origin: null` with the form; same-origin tells strangers no
            // more.
            set(header::REFERRER_POLICY, "same-origin");
        }
        if let Self::Waits { next, .. } = self {
            set(HeaderName::from_static("refresh"), &format!("1; url={next}"));
        }
        response
    }
}

/// The host that vouches for a client is first and whole.
fn called(client: &Client) -> String {
    let name = plain(&client.name, MAX_NAME);
    match &client.host {
        Some(host) => say!(who_of_host_by_door, host = host, name = name),
        None => name,
    }
}

fn form(ask: &Ask) -> Markup {
    html! {
        p class="soft" { (say!(door_ask_redirect, redirect = &ask.redirect)) }
        form method="post" action=(AUTHORIZE) {
            input type="hidden" name="csrf" value=(ask.csrf);
            // The first button is the one that the Enter key presses.
            button id="stop" name="decision" value="stop" { (say!(door_ask_stop)) }
            " "
            button id="go-on" name="decision" value="go_on" { (say!(door_ask_go_on)) }
        }
    }
}

fn document(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(words::locale().tag) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (title) " – MCP Valet" }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) footer { "MCP Valet" } } }
        }
    };
    page.into_string()
}

fn policy(form_action: &str) -> String {
    format!(
        "default-src 'none'; style-src {}; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'",
        style_source()
    )
}

/// Sends the browser on, by GET (RFC 9700 §4.12).
pub(super) fn redirected(location: &str, cookie: Option<&str>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}
