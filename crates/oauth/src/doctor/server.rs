//! The first request: is there a server, and does it ask for a sign-in?

use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::report::{Finding, Step, Verdict, Who};
use super::{Examination, NO_ANSWER, remedy, rule};
use crate::address::Reach;
use crate::answer::is_outage;
use crate::challenge::Challenge;
use crate::discovery;
use crate::fault::Fault;
use crate::http::Head;
use crate::said::{Said, shown};
use crate::transport::{self, Reached, Transport};
use crate::uri;

/// Most challenges that are shown.
const CHALLENGES: usize = 16;
const STATELESS: &str = "2026-07-28";

/// What the server let us know.
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) challenge: Option<Challenge>,
    pub(super) reach: Reach,
    headers: HeaderMap,
}

impl Seen {
    fn new(head: Head) -> Self {
        let unauthorized = head.status == StatusCode::UNAUTHORIZED;
        let challenge = unauthorized.then(|| Challenge::bearer(&head.headers)).flatten();
        Self { status: head.status, challenge, reach: head.reach, headers: head.headers }
    }
}

impl Examination<'_> {
    /// Asks without a token: first by a handshake, and where that is not refused, by a call of the stateless
    /// kind.
    pub(super) async fn reach(&mut self) -> Option<Seen> {
        let mut step = Step::new("Reach the server");
        if let Some(proxy) = self.http.proxy(self.server.url()) {
            step.find(Finding::note("proxied", format!("Requests go through the proxy {proxy}.")));
        }
        let url = self.server;
        let first = discovery::ask(self.http, self.server, &discovery::initialize()).await;
        step.exchange(format_args!("POST {url} (initialize, without a token)"), outcome(&first));
        let mut seen = match first {
            Ok(reached) => {
                if let Some(onward) = reached.onward {
                    let text =
                        format!("It sends requests on to {onward}, within itself. They are followed there.");
                    step.find(Finding::note("sent_on", text));
                }
                Seen::new(reached.head)
            }
            Err(fault) => {
                step.find(remedy::trouble(&fault, self.server));
                self.done(step);
                return None;
            }
        };
        let mut spoken = self.plan.transport;
        if transport::may_be_older(seen.status) {
            let stream = transport::listen(self.http, url).await;
            let said = stream.as_ref().map_or(NO_ANSWER.to_owned(), |head| head.status.as_u16().to_string());
            step.exchange(format_args!("GET {url} (event stream, without a token)"), said);
            if let Some(head) = stream {
                (seen, spoken) = (Seen::new(head), Some(Transport::Older));
            }
        } else if seen.status != StatusCode::UNAUTHORIZED {
            spoken = seen.status.is_success().then_some(Transport::Streamable);
            let second = self.list_tools().await;
            step.exchange(format_args!("POST {url} (tools/list, {STATELESS})"), outcome(&second));
            if let Some(later) = second.ok().filter(|reached| reached.head.status == StatusCode::UNAUTHORIZED)
            {
                step.find(Finding::note(
                    "late_challenge",
                    "It asks for a sign-in at a call only, not before.",
                ));
                seen = Seen::new(later.head);
            }
        }
        step.find(place(seen.reach));
        step.find(self.status(&seen));
        step.find(speaks(spoken));
        self.done(step);
        Some(seen)
    }

    async fn list_tools(&self) -> Result<Reached, Fault> {
        let headers = HeaderMap::from_iter([
            (ACCEPT, HeaderValue::from_static("application/json, text/event-stream")),
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (HeaderName::from_static("mcp-protocol-version"), HeaderValue::from_static(STATELESS)),
            (HeaderName::from_static("mcp-method"), HeaderValue::from_static("tools/list")),
        ]);
        let meta = serde_json::json!({
            "io.modelcontextprotocol/protocolVersion": STATELESS,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let body = serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "_meta": meta } });
        transport::reach(self.http, self.server, Method::POST, headers, body.to_string().into_bytes()).await
    }

    fn status(&self, seen: &Seen) -> Finding {
        let status = seen.status;
        if status == StatusCode::UNAUTHORIZED {
            return Finding::ok("unauthorized", "It asks for a sign-in.").by(rule::UNAUTHORIZED);
        }
        if status.is_success() {
            return Finding::note("open", "It answers without asking for a sign-in.").by(rule::UNAUTHORIZED);
        }
        let location = seen.headers.get(LOCATION).and_then(|value| Said::address(value.to_str().ok()?));
        if let (true, Some(location)) = (status.is_redirection(), location) {
            let text = format!("It redirects to {location}. A token is never sent after a redirect.");
            let what =
                format!("Use that URL instead: {}.", plain::command("mcp-valet add", &[location.as_str()]));
            return Finding::trouble("redirect", text).remedy(Who::Person, what);
        }
        let code = status.as_u16();
        if is_outage(status) {
            return Finding::trouble(
                "server_unavailable",
                format!("It answers {code}: it is out of order or overloaded."),
            )
            .remedy(Who::Server, "Find out why the server fails; then run this again.");
        }
        Finding::note("unexpected_status", format!("It answers {code} instead of 401."))
            .by(rule::UNAUTHORIZED)
            .remedy(
                Who::Person,
                format!("Check the path {}: MCP servers are often at /mcp.", self.server.url().path()),
            )
    }

    /// Shows every challenge, and which one counts.
    pub(super) fn challenge(&mut self, seen: &Seen) {
        if seen.status != StatusCode::UNAUTHORIZED {
            return;
        }
        let mut step = Step::new("What it asks for");
        for value in seen.headers.get_all(WWW_AUTHENTICATE).iter().take(CHALLENGES) {
            step.exchange("WWW-Authenticate", shown(&String::from_utf8_lossy(value.as_bytes())));
        }
        step.find(match &seen.challenge {
            None => Finding::note("no_challenge", "The 401 carries no Bearer challenge.")
                .by(rule::CHALLENGE)
                .remedy(Who::Server, self.add_challenge()),
            Some(challenge) => self.pointer(challenge),
        });
        if let Some(scope) =
            seen.challenge.as_ref().and_then(|challenge| Said::new(challenge.scope.as_deref()?))
        {
            step.find(
                Finding::ok("challenge_scope", format!("It asks for the scopes {scope}.")).by(rule::SCOPES),
            );
        }
        self.done(step);
    }

    fn pointer(&self, challenge: &Challenge) -> Finding {
        let Some(place) = &challenge.resource_metadata else {
            return Finding::note(
                "bare_challenge",
                "The challenge does not say where the server's metadata is; the well-known places are tried.",
            )
            .by(rule::RESOURCE_METADATA)
            .remedy(Who::Server, self.add_challenge());
        };
        match uri::parse(place) {
            Ok(_) => {
                Finding::ok("resource_metadata", "It says where its metadata is.").by(rule::RESOURCE_METADATA)
            }
            Err(problem) => {
                let fault = crate::resource::misplaced(place, problem, self.server);
                Finding { verdict: Verdict::Note, ..remedy::trouble(&fault, self.server) }
            }
        }
    }

    fn add_challenge(&self) -> String {
        let origin = self.server.url().origin().ascii_serialization();
        let path = self.server.url().path().trim_end_matches('/');
        format!(
            "Answer 401 with `WWW-Authenticate: Bearer resource_metadata=\"{origin}/.well-known/oauth-protected-resource{path}\"`."
        )
    }
}

fn outcome(result: &Result<Reached, Fault>) -> String {
    match result {
        Ok(reached) => reached.head.status.as_u16().to_string(),
        Err(_) => NO_ANSWER.to_owned(),
    }
}

fn place(reach: Reach) -> Finding {
    Finding::ok(
        "reached",
        match reach {
            Reach::Public => "It is on the open internet; what it names must be, too.",
            Reach::Private => "It is in a private network; what it names may be there, too.",
            Reach::Loopback => "It is on this computer; what it names may be anywhere.",
        },
    )
}

/// Both work; which it is helps to understand what else is seen.
fn speaks(transport: Option<Transport>) -> Finding {
    match transport {
        Some(Transport::Streamable) => Finding::ok("streamable_http", "It speaks Streamable HTTP."),
        Some(Transport::Older) => Finding::ok(
            "http_sse",
            "It speaks HTTP+SSE (MCP 2024-11-05): its event stream says where messages are posted.",
        ),
        None => Finding::ok(
            "transport_unseen",
            "It has not shown yet whether it speaks Streamable HTTP or HTTP+SSE. Both work.",
        ),
    }
}
