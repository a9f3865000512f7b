//! Plain `curl`, which is what an agent has at hand.

use std::process::Command;

use serde_json::Value;

/// One HTTP answer.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    /// The status, or 0 when there was no answer.
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    /// The body, as it came.
    pub body: String,
}

impl HttpResponse {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A member of a JSON body as text.
    #[track_caller]
    pub fn text(&self, member: &str) -> String {
        let json = self.json();
        json[member].as_str().unwrap_or_else(|| panic!("no text in {member:?}: {json}")).to_owned()
    }

    /// Panics with the whole answer unless it has this status.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Splits what a connection that was closed after its answer has said.
    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }
}

/// Runs curl with these arguments. No answer, for whatever reason, is status 0.
pub fn curl(arguments: &[&str]) -> HttpResponse {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--include", "--http1.1", "--max-time", "60", "--noproxy", "*"])
        .args(arguments)
        .output()
        .expect("curl is installed");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    // A proxy's or an interim answer comes first; what counts is the last head.
    while text.starts_with("HTTP/1.1 100") {
        text = text.split_once("\r\n\r\n").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    }
    HttpResponse::parse(&text)
}

/// One JSON-RPC call over Streamable HTTP with a bearer token, as an agent would make it.
pub(crate) fn mcp_call(mcp: &str, token: &str, method: &str, parameters: &str) -> HttpResponse {
    let call = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{parameters}}}"#);
    let authorization = format!("Authorization: Bearer {token}");
    let accept = "Accept: application/json, text/event-stream";
    curl(&[
        "-H",
        &authorization,
        "-H",
        accept,
        "-H",
        "Content-Type: application/json",
        "--data-raw",
        &call,
        mcp,
    ])
}
