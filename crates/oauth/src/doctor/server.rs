//! The first request: is there a server, and does it ask for a sign-in?

use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::report::{Finding, Step, Verdict, Who};
use super::{Examination, no_answer, remedy, rule};
use crate::address::Reach;
use crate::challenge::Challenge;
use crate::discovery;
use crate::fault::Fault;
use crate::full_response::is_outage;
use crate::http::Head;
use crate::said::{Said, shown};
use crate::transport::{self, Reached, Transport};
use crate::uri;
use words::say;

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
        let mut step = Step::new(say!(doctor_reach));
        if let Some(proxy) = self.http.proxy(self.server.url()) {
            step.find(Finding::note("proxied", say!(doctor_proxied, proxy = proxy.to_string())));
        }
        let url = self.server;
        let first = discovery::ask(self.http, self.server, &discovery::initialize()).await;
        step.exchange(say!(doctor_post, url = url.to_string()), outcome(&first));
        let mut seen = match first {
            Ok(reached) => {
                if let Some(onward) = reached.onward {
                    let text = say!(doctor_onward, onward = onward.to_string());
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
            let said = stream.as_ref().map_or_else(no_answer, |head| head.status.as_u16().to_string());
            step.exchange(say!(doctor_get, url = url.to_string()), said);
            if let Some(head) = stream {
                (seen, spoken) = (Seen::new(head), Some(Transport::Older));
            }
        } else if seen.status != StatusCode::UNAUTHORIZED {
            spoken = seen.status.is_success().then_some(Transport::Streamable);
            let second = self.list_tools().await;
            step.exchange(format_args!("POST {url} (tools/list, {STATELESS})"), outcome(&second));
            if let Some(later) = second.ok().filter(|reached| reached.head.status == StatusCode::UNAUTHORIZED)
            {
                step.find(Finding::note("late_challenge", say!(doctor_late)));
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
            return Finding::ok("unauthorized", say!(doctor_asks)).by(rule::UNAUTHORIZED);
        }
        if status.is_success() {
            return Finding::note("open", say!(doctor_asks_not)).by(rule::UNAUTHORIZED);
        }
        let location = seen.headers.get(LOCATION).and_then(|value| Said::address(value.to_str().ok()?));
        if let (true, Some(location)) = (status.is_redirection(), location) {
            let text = say!(doctor_redirects, location = location.to_string());
            let what =
                say!(doctor_use_instead, command = plain::command("mcp-valet add", &[location.as_str()]));
            return Finding::trouble("redirect", text).remedy(Who::Person, what);
        }
        let code = status.as_u16();
        if is_outage(status) {
            return Finding::trouble(
                "server_unavailable",
                say!(doctor_out_of_order, code = code.to_string()),
            )
            .remedy(Who::Server, say!(doctor_find_fault));
        }
        Finding::note("unexpected_status", say!(doctor_no_401, code = code.to_string()))
            .by(rule::UNAUTHORIZED)
            .remedy(Who::Person, say!(doctor_check_path, path = self.server.url().path()))
    }

    /// Shows every challenge, and which one counts.
    pub(super) fn challenge(&mut self, seen: &Seen) {
        if seen.status != StatusCode::UNAUTHORIZED {
            return;
        }
        let mut step = Step::new(say!(doctor_challenge));
        for value in seen.headers.get_all(WWW_AUTHENTICATE).iter().take(CHALLENGES) {
            step.exchange("WWW-Authenticate", shown(&String::from_utf8_lossy(value.as_bytes())));
        }
        step.find(match &seen.challenge {
            None => Finding::note("no_challenge", say!(doctor_no_bearer))
                .by(rule::CHALLENGE)
                .remedy(Who::Server, self.add_challenge()),
            Some(challenge) => self.pointer(challenge),
        });
        if let Some(scope) =
            seen.challenge.as_ref().and_then(|challenge| Said::new(challenge.scope.as_deref()?))
        {
            step.find(
                Finding::ok("challenge_scope", say!(doctor_asks_scopes, scope = scope.to_string()))
                    .by(rule::SCOPES),
            );
        }
        self.done(step);
    }

    fn pointer(&self, challenge: &Challenge) -> Finding {
        let Some(place) = &challenge.resource_metadata else {
            return Finding::note("bare_challenge", say!(doctor_bare_challenge))
                .by(rule::RESOURCE_METADATA)
                .remedy(Who::Server, self.add_challenge());
        };
        match uri::parse(place) {
            Ok(_) => Finding::ok("resource_metadata", say!(doctor_says_where)).by(rule::RESOURCE_METADATA),
            Err(problem) => {
                let fault = crate::resource::misplaced(place, problem, self.server);
                Finding { verdict: Verdict::Note, ..remedy::trouble(&fault, self.server) }
            }
        }
    }

    fn add_challenge(&self) -> String {
        let origin = self.server.url().origin().ascii_serialization();
        let path = self.server.url().path().trim_end_matches('/');
        say!(doctor_answer_401, origin = origin, path = path)
    }
}

fn outcome(result: &Result<Reached, Fault>) -> String {
    match result {
        Ok(reached) => reached.head.status.as_u16().to_string(),
        Err(_) => no_answer(),
    }
}

fn place(reach: Reach) -> Finding {
    Finding::ok(
        "reached",
        match reach {
            Reach::Public => say!(doctor_public),
            Reach::Private => say!(doctor_private),
            Reach::Loopback => say!(doctor_loopback),
        },
    )
}

/// Both work; which it is helps to understand what else is seen.
fn speaks(transport: Option<Transport>) -> Finding {
    match transport {
        Some(Transport::Streamable) => Finding::ok("streamable_http", say!(doctor_streamable)),
        Some(Transport::Older) => Finding::ok("http_sse", say!(doctor_sse)),
        None => Finding::ok("transport_unseen", say!(doctor_transport_unseen)),
    }
}
