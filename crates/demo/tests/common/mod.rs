//! A running demo, and a client that signs in to it the way programs and people do: over HTTP.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code fails by panicking")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use reqwest::{Response, header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

pub(crate) const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rules-0123456789";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:4711/cb";
pub(crate) const ALL: &str = "demo:read demo:write offline_access";

/// The real binary on a port of its own. It ends with the test.
pub(crate) struct Demo {
    child: Child,
    pub(crate) base: String,
    pub(crate) http: reqwest::Client,
    clock: tempfile::NamedTempFile,
    log: tempfile::NamedTempFile,
}

/// A registered client.
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) registration: Value,
}

impl Demo {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(arguments: &[&str]) -> Self {
        let clock = tempfile::NamedTempFile::new().unwrap();
        // A file, not a pipe: nobody reads it while the test runs.
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_mcp-valet-demo"))
            .args(["--port", "0"])
            .args(arguments)
            .env("RUST_LOG", "trace")
            .env("MCP_VALET_TEST_CLOCK", clock.path())
            .stdout(Stdio::piped())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base =
            line.trim().strip_prefix("listening on ").expect("the line that programs wait for").to_owned();
        Self { child, base, http: http(), clock, log }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Moves the demo's clock. Only a build with test hooks looks at it.
    pub(crate) fn move_clock(&self, seconds: i64) {
        std::fs::write(self.clock.path(), seconds.to_string()).unwrap();
    }

    /// Ends the demo as a service manager would; its exit code and what it logged.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        let code = self.child.wait().unwrap().code();
        (code, std::fs::read_to_string(self.log.path()).unwrap())
    }

    pub(crate) fn resource(&self) -> String {
        format!("{}/mcp", self.base)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }

    pub(crate) async fn get_json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    /// Posts a form; status and JSON body.
    pub(crate) async fn form(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let response = self.http.post(self.url(path)).form(form).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    pub(crate) async fn register(&self, metadata: Value) -> (u16, Value) {
        let response = self.http.post(self.url("/register")).json(&metadata).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) async fn app_with(&self, method: &str) -> App {
        let (status, registration) = self
            .register(json!({
                "client_name": "A Test",
                "redirect_uris": ["http://127.0.0.1/cb"],
                "token_endpoint_auth_method": method,
                "grant_types": ["authorization_code", "refresh_token"],
                "application_type": "native",
            }))
            .await;
        assert_eq!(status, 201, "{registration}");
        App { id: registration["client_id"].as_str().unwrap().to_owned(), registration }
    }

    pub(crate) async fn app(&self) -> App {
        self.app_with("none").await
    }

    /// An authorization request; `changes` replace parameters, or with an empty value leave them out.
    pub(crate) fn authorization(&self, id: &str, changes: &[(&str, &str)]) -> Url {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let resource = self.resource();
        let usual = [
            ("response_type", "code"),
            ("client_id", id),
            ("redirect_uri", REDIRECT),
            ("state", "a state&more"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("resource", &resource),
            ("scope", ALL),
        ];
        let mut url = Url::parse(&self.url("/authorize")).unwrap();
        for (name, value) in usual {
            let value = changes.iter().find(|(key, _)| *key == name).map_or(value, |(_, value)| *value);
            if !value.is_empty() {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url
    }

    /// Opens the consent page.
    pub(crate) async fn page(&self, url: Url) -> ConsentPage {
        let response = self.http.get(url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let html = response.text().await.unwrap();
        let csrf = html.split(r#"name="csrf" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
        ConsentPage { cookie, csrf, policy, html }
    }

    /// Answers a consent page.
    pub(crate) async fn answer(&self, page: &ConsentPage, decision: &str) -> Response {
        let form = [("csrf", page.csrf.as_str()), ("account", "grace"), ("decision", decision)];
        let request = self.http.post(self.url("/authorize/consent")).form(&form);
        request.header(header::COOKIE, &page.cookie).header(header::ORIGIN, &self.base).send().await.unwrap()
    }

    /// Goes through the consent page, allows, and brings back the code.
    pub(crate) async fn code(&self, app: &App, scope: &str) -> String {
        let page = self.page(self.authorization(&app.id, &[("scope", scope)])).await;
        let location = location(&self.answer(&page, "allow").await);
        parameter(&location, "code").expect("a code")
    }

    /// Exchanges a code at the token endpoint as a public client.
    pub(crate) async fn exchange(&self, id: &str, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let resource = self.resource();
        let usual = [
            ("grant_type", "authorization_code"),
            ("client_id", id),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("resource", &resource),
        ];
        self.form("/token", &changed(&usual, changes)).await
    }

    pub(crate) async fn refresh(&self, id: &str, token: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let resource = self.resource();
        let usual = [
            ("grant_type", "refresh_token"),
            ("client_id", id),
            ("refresh_token", token),
            ("resource", &resource),
        ];
        self.form("/token", &changed(&usual, changes)).await
    }

    /// The whole sign-in.
    pub(crate) async fn sign_in(&self, app: &App, scope: &str) -> Value {
        let code = self.code(app, scope).await;
        let (status, tokens) = self.exchange(&app.id, &code, &[]).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    /// Posts to the MCP endpoint.
    pub(crate) fn mcp(&self, token: &str) -> reqwest::RequestBuilder {
        self.http
            .post(self.resource())
            .bearer_auth(token)
            .header(header::ACCEPT, "application/json, text/event-stream")
    }

    /// Calls `whoami`; the status.
    pub(crate) async fn status_of(&self, token: &str) -> u16 {
        self.mcp(token).json(&whoami()).send().await.unwrap().status().as_u16()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A consent page as a browser holds it.
pub(crate) struct ConsentPage {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
    pub(crate) policy: String,
    pub(crate) html: String,
}

pub(crate) fn http() -> reqwest::Client {
    // The client wants a provider even where nothing is encrypted; a second install is refused, which is
    // fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

fn changed<'a>(usual: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| !changes.iter().any(|(key, _)| key == name));
    kept.chain(changes).copied().filter(|(_, value)| !value.is_empty()).collect()
}

pub(crate) fn whoami() -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami", "arguments": {}}})
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

pub(crate) fn location(response: &Response) -> Url {
    let location = response.headers().get(header::LOCATION);
    Url::parse(location.expect("a redirect").to_str().unwrap()).unwrap()
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
