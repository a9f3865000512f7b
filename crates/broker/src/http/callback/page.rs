//! What the browser shows when it comes back: plain pages that nothing can be slipped into.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::Full;
use maud::{DOCTYPE, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use wire::Problem;
use words::say;

pub(in crate::http) const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2230;--soft:#5b6475;--page:#f4f5f8;--card:#fff;--line:#e2e5ec;--good:#1a7f4b;--bad:#b3362b}\
@media(prefers-color-scheme:dark){:root{--ink:#e8eaf0;--soft:#a2aab9;--page:#15181f;--card:#1f232d;--line:#2f3542;--good:#5fcf95;--bad:#ff8a7d}}\
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--page);color:var(--ink);\
font:16px/1.5 system-ui,sans-serif}main{width:min(30rem,calc(100vw - 2rem));padding:2rem;background:var(--card);\
border:1px solid var(--line);border-radius:14px}h1{margin:.75rem 0 .25rem;font-size:1.35rem;line-height:1.3}p{margin:.5rem 0;\
overflow-wrap:anywhere}.soft{color:var(--soft)}.code{\
font:600 1.5rem/1.2 ui-monospace,monospace;letter-spacing:.15em}.mark{width:2.5rem;height:2.5rem;fill:none;stroke-width:2;stroke-linecap:round;\
stroke-linejoin:round}.good{stroke:var(--good)}.bad{stroke:var(--bad)}footer{margin-top:1.5rem;padding-top:1rem;\
border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}form{display:flex;gap:.5rem;margin-top:1.25rem}\
button{flex:1;padding:.5rem 1rem;border:1px solid var(--line);border-radius:10px;background:var(--page);color:var(--ink);\
font:inherit;font-weight:550;cursor:pointer}#go-on{border-color:transparent;background:#2b4c7e;color:#fff}\
:focus-visible{outline:2px solid #5b87c9;outline-offset:2px}";

/// No script, no picture, no frame, no form: only our one style sheet, by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = style_source();
    format!(
        "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// The source expression that lets our style sheet in (CSP 3 §2.3.1).
pub(in crate::http) fn style_source() -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(STYLE)))
}

const TICK: &str = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M8 12.5l2.7 2.7L16 9.8";
const CROSS: &str = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M12 7v6M12 16.6v.1";

/// What a page says.
pub(super) enum CallbackPage<'a> {
    /// The sign-in is complete, and tokens are for `resource` where that is not the server itself.
    Done { server: &'a str, resource: Option<&'a str> },
    /// It did not succeed; the problem says why and what to do.
    Failed { server: &'a str, problem: &'a Problem },
    /// The issuer has not confirmed it yet.
    Awaited,
    /// The answer is not from where it should be; nothing was done.
    NotBelieved { problem: &'a Problem },
    /// The page was opened a second time.
    UsedUp,
    /// The sign-in was given up before the browser came back.
    GivenUp,
    /// No sign-in is waiting for this.
    NotWaitedFor,
    /// Something is missing in the address.
    Incomplete,
    /// Not an address of ours.
    Nothing,
    /// Not the way to ask.
    WrongMethod,
    /// Asked for under a foreign name.
    ForeignHost,
}

impl CallbackPage<'_> {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Done { .. } | Self::Awaited => StatusCode::OK,
            Self::Failed { .. } | Self::NotBelieved { .. } | Self::NotWaitedFor | Self::Incomplete => {
                StatusCode::BAD_REQUEST
            }
            Self::UsedUp | Self::GivenUp => StatusCode::GONE,
            Self::Nothing => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
        }
    }

    fn heading(&self) -> String {
        match self {
            Self::Done { server, .. } => say!(callback_done_heading, server = *server),
            Self::Failed { server, .. } => say!(callback_failed_heading, server = *server),
            Self::NotBelieved { .. } => say!(callback_not_believed_heading),
            Self::Awaited => say!(callback_awaited_heading),
            Self::UsedUp => say!(callback_used_up_heading),
            Self::GivenUp => say!(callback_given_up_heading),
            Self::NotWaitedFor => say!(callback_not_waited_for_heading),
            Self::Incomplete => say!(callback_incomplete_heading),
            Self::Nothing => say!(callback_nothing_heading),
            Self::WrongMethod | Self::ForeignHost => say!(callback_wrong_method_heading),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Done { .. } => say!(callback_done_text),
            Self::Failed { problem, .. } | Self::NotBelieved { problem } => sentence(&problem.detail),
            Self::Awaited => {
                say!(callback_awaited_text)
            }
            Self::UsedUp => say!(callback_used_up_text),
            Self::GivenUp => say!(callback_given_up_text),
            Self::NotWaitedFor => say!(callback_not_waited_for_text),
            Self::Incomplete => {
                say!(callback_incomplete_text)
            }
            Self::Nothing => say!(callback_nothing_text),
            Self::WrongMethod => say!(callback_wrong_method_text),
            Self::ForeignHost => {
                say!(callback_foreign_host_text)
            }
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Done { resource: None, .. } => String::new(),
            Self::Done { resource: Some(resource), .. } => {
                say!(callback_done_advice, resource = *resource)
            }
            Self::Failed { problem, .. } => problem.advice.clone(),
            Self::NotBelieved { .. } => {
                say!(callback_not_believed_advice)
            }
            Self::Awaited => {
                say!(callback_awaited_advice)
            }
            Self::UsedUp => {
                say!(callback_used_up_advice)
            }
            Self::GivenUp | Self::NotWaitedFor | Self::Incomplete => say!(callback_not_waited_for_advice),
            Self::Nothing | Self::WrongMethod | Self::ForeignHost => say!(callback_nothing_advice),
        }
    }

    /// The whole answer.
    pub(super) fn response(&self) -> Response<Full<Bytes>> {
        let good = matches!(self, Self::Done { .. });
        let (mark, class) = if good { (TICK, "mark good") } else { (CROSS, "mark bad") };
        let body = html! {
            (DOCTYPE)
            html lang=(words::locale().tag) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width,initial-scale=1";
                    title { (self.heading()) " – MCP Valet" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        svg class=(class) viewBox="0 0 24 24" aria-hidden="true" { path d=(mark) {} }
                        h1 { (self.heading()) }
                        p { (self.text()) }
                        @if !self.advice().is_empty() { p class="soft" { (self.advice()) } }
                        footer { "MCP Valet" }
                    }
                }
            }
        };
        let mut response = Response::new(Full::new(Bytes::from(plain::shown(&body.into_string()))));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        let mut set = |name, value: &str| {
            if let Ok(value) = header::HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::CONTENT_TYPE, "text/html; charset=utf-8");
        set(header::CONTENT_SECURITY_POLICY, &POLICY);
        set(header::CACHE_CONTROL, "no-store");
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::X_FRAME_OPTIONS, "DENY");
        if matches!(self, Self::WrongMethod) {
            set(header::ALLOW, "GET");
        }
        response
    }
}

/// Sends the browser on to an issuer.
pub(super) fn onward(url: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    if let Ok(url) = header::HeaderValue::from_str(url) {
        headers.insert(header::LOCATION, url);
    }
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    response
}

/// The text with a capital at its beginning and a full stop at its end.
fn sentence(text: &str) -> String {
    let is_name = text.split(' ').next().is_some_and(|word| word.contains(['.', ':', '"']));
    let mut letters = text.chars();
    let first =
        letters.next().map(|first| if is_name { first.to_string() } else { first.to_uppercase().collect() });
    let first = first.unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?', '”', '"']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_shown_as_text() {
        let problem = problems::failed(
            wire::Reason::Forbidden,
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
        );
        let page = CallbackPage::Failed { server: "<b>s</b>", problem: &problem }.response();
        let body = format!("{:?}", page.body());
        assert!(!body.contains("<script") && !body.contains("<img") && !body.contains("<b>"), "{body}");
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
}
