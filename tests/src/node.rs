//! Servers that others wrote, from npm.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::curl::mcp_call;
use crate::{Home, HttpResponse, Process, curl, program};

/// What an access token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFormat {
    /// A reference that only the issuer can read; it can be revoked and introspected.
    Opaque,
    /// Signed claims that the MCP server checks alone.
    Jwt,
}

impl TokenFormat {
    fn name(self) -> &'static str {
        match self {
            Self::Opaque => "opaque",
            Self::Jwt => "jwt",
        }
    }
}

/// `oidc-provider`, a certified authorization server.
#[derive(Debug)]
pub struct OidcProvider {
    _process: Process,
    issuer: String,
    format: TokenFormat,
}

impl OidcProvider {
    /// Starts it on a free port. Its access tokens live ten minutes.
    pub fn start(home: &Home, format: TokenFormat) -> Self {
        Self::with(home, format, &[])
    }

    /// Same, with further options of `issuer.mjs`.
    pub fn with(home: &Home, format: TokenFormat, options: &[&str]) -> Self {
        let all: Vec<&str> = ["--format", format.name()].iter().chain(options).copied().collect();
        let (process, issuer) = start(home, "issuer", &all);
        Self { _process: process, issuer, format }
    }

    /// The issuer identifier.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the issuer says of a token when the MCP server asks (RFC 7662).
    pub fn introspect(&self, token: &str) -> Value {
        let (url, form) = (format!("{}/token/introspection", self.issuer), format!("token={token}"));
        let credentials = "mcp-server:mcp-server-secret";
        curl(&["--user", credentials, "--data-raw", &form, &url]).expect_status(200).json()
    }

    /// How often an endpoint was called, such as `POST /token`.
    pub fn count(&self, endpoint: &str) -> u64 {
        curl(&[&format!("{}/counters", self.issuer)]).json()[endpoint].as_u64().unwrap_or(0)
    }
}

/// An MCP server protected by an [`OidcProvider`]: the official TypeScript SDK.
#[derive(Debug)]
pub struct McpServer {
    _process: Process,
    origin: String,
}

impl McpServer {
    /// Starts it on a free port.
    pub fn start(home: &Home, provider: &OidcProvider) -> Self {
        let options = ["--issuer", provider.issuer(), "--format", provider.format.name()];
        let (process, origin) = start(home, "mcp-server", &options);
        Self { _process: process, origin }
    }

    /// The MCP endpoint.
    pub fn mcp(&self) -> String {
        format!("{}/mcp", self.origin)
    }

    /// Calls its one tool as an agent that holds `token` would.
    pub fn whoami(&self, token: &str) -> HttpResponse {
        mcp_call(&self.mcp(), token, "tools/call", r#"{"name":"whoami","arguments":{}}"#)
    }
}

/// An MCP server with sessions, streams and requests of its own: the official TypeScript SDK, protected by a
/// rogue's tokens.
#[derive(Debug)]
pub struct SessionServer {
    process: Process,
    origin: String,
    options: Vec<String>,
}

impl SessionServer {
    /// Starts it on a free port.
    pub fn start(home: &Home, issuer: &str) -> Self {
        Self::with(home, &["--issuer", issuer])
    }

    /// One that speaks the older transport alone, HTTP+SSE.
    pub fn start_older(home: &Home, issuer: &str) -> Self {
        Self::with(home, &["--issuer", issuer, "--older"])
    }

    /// One that has all that a server may have.
    pub fn start_with_everything(home: &Home, issuer: &str, more: &[&str]) -> Self {
        Self::with(home, &[&["--issuer", issuer, "--everything"], more].concat())
    }

    fn with(home: &Home, options: &[&str]) -> Self {
        let (process, origin) = start(home, "session-server", options);
        Self { process, origin, options: options.iter().map(|one| (*one).to_owned()).collect() }
    }

    /// Ends it and starts it at the same address. It keeps nothing, so all sessions are over.
    pub fn restart(&mut self, home: &Home) {
        self.process.kill();
        let port = self.origin.rsplit(':').next().unwrap().to_owned();
        let mut command = home.command("node");
        command.arg(script("session-server")).args(&self.options).args(["--port", &port]);
        self.process = home.spawn(&mut command, "session-server-again");
        self.process.announces("listening on ");
    }

    /// The MCP endpoint.
    pub fn mcp(&self) -> String {
        format!("{}/mcp", self.origin)
    }

    /// How many sessions have begun and ended.
    pub fn sessions(&self) -> (usize, usize) {
        let said = self.process.stdout();
        (said.matches("session begins").count(), said.matches("session ends").count())
    }
}

/// The official TypeScript SDK's client, which starts `mcp-valet connect` as its server.
#[derive(Debug)]
pub struct StdioClient {
    process: Process,
    input: std::process::ChildStdin,
    asked: usize,
}

impl StdioClient {
    /// Starts it with a server that `mcp-valet connect` is to be, and waits until both have agreed on a
    /// version.
    pub fn start(home: &Home, server: &str) -> Self {
        Self::with(home, &[program("mcp-valet").as_os_str(), "connect".as_ref(), server.as_ref()])
    }

    /// The same with a server that it starts itself.
    pub fn with(home: &Home, server: &[&OsStr]) -> Self {
        let mut command = home.command("node");
        command.arg(script("stdio-client")).args(server);
        Self::run(home, command)
    }

    /// The same by a command of its own.
    pub(crate) fn run(home: &Home, mut command: std::process::Command) -> Self {
        static NUMBERS: AtomicU32 = AtomicU32::new(1);
        let name = format!("stdio-client-{}", NUMBERS.fetch_add(1, Ordering::Relaxed));
        let mut process = home.spawn(command.stdin(std::process::Stdio::piped()), &name);
        let input = process.take_stdin();
        process.announces("connected");
        Self { process, input, asked: 0 }
    }

    /// Sends one request and does not wait.
    pub fn ask(&mut self, request: &Value) {
        use std::io::Write;
        self.asked += 1;
        writeln!(self.input, "{request}").unwrap();
    }

    /// Sends one request; what came of it: `{"result"}` or `{"error"}`.
    #[track_caller]
    pub fn request(&mut self, request: &Value) -> Value {
        self.ask(request);
        let answer = self.process.announces(&format!("answer {}: ", self.asked));
        serde_json::from_str(&answer).unwrap()
    }

    /// Calls a tool.
    #[track_caller]
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let params = serde_json::json!({ "name": tool, "arguments": arguments });
        self.request(&serde_json::json!({ "method": "tools/call", "params": params }))
    }

    /// Calls a tool; the text of what came of it.
    #[track_caller]
    pub fn calls(&mut self, tool: &str) -> String {
        let answer = self.call(tool, &serde_json::json!({}));
        let text = answer["result"]["content"][0]["text"].as_str();
        text.unwrap_or_else(|| panic!("no text: {answer}: {}", self.log())).to_owned()
    }

    /// Why a call was not served, as the valet says it for programs.
    pub fn problem(answer: &Value) -> &Value {
        let within = &answer["result"]["_meta"]["mcp-valet/problem"];
        if within.is_null() { &answer["error"]["data"] } else { within }
    }

    /// Everything that it was told or saw.
    pub fn log(&self) -> String {
        self.process.stdout() + &self.process.stderr()
    }

    /// Closes the connection as the SDK does.
    #[track_caller]
    pub fn close(self) {
        let Self { mut process, input, .. } = self;
        drop(input);
        assert!(process.wait().success(), "{}", process.stderr());
    }
}

/// An MCP server that has what the server scenarios of the official suite ask for, and asks nobody who they
/// are.
#[derive(Debug)]
pub struct ExampleServer {
    _process: Process,
    origin: String,
}

impl ExampleServer {
    /// Starts it on a free port.
    pub fn start(home: &Home) -> Self {
        let (process, origin) = start(home, "example-server", &[]);
        Self { _process: process, origin }
    }

    /// The MCP endpoint.
    pub fn mcp(&self) -> String {
        format!("{}/mcp", self.origin)
    }
}

/// A port that leads to an address by a way that only the caller knows: `--token TOKEN`, or `--socket PATH`.
#[derive(Debug)]
pub struct Relay {
    _process: Process,
    /// Where it listens.
    pub origin: String,
}

impl Relay {
    /// Starts it on a free port.
    pub fn start(home: &Home, url: &str, way: [&str; 2]) -> Self {
        static NUMBERS: AtomicU32 = AtomicU32::new(1);
        let name = format!("relay-{}", NUMBERS.fetch_add(1, Ordering::Relaxed));
        let mut command = home.command("node");
        // A token may begin with a dash.
        command.arg(script("relay")).args([url, &way.join("=")]);
        let mut process = home.spawn(&mut command, &name);
        let origin = process.announces("listening on ");
        Self { _process: process, origin }
    }
}

/// The command of a server on standard input and output that has all that a server may have.
pub fn stdio_server() -> (&'static str, std::path::PathBuf) {
    ("node", script("stdio-server"))
}

/// Runs the official TypeScript SDK's client on the socket as VS Code does: initialize, list, call, end. What
/// it said.
pub fn client_on_socket(home: &Home, server: &str) -> String {
    client_with(home, server, &[])
}

/// The same by the older transport, HTTP+SSE.
pub fn older_client_on_socket(home: &Home, server: &str) -> String {
    client_with(home, server, &["older"])
}

fn client_with(home: &Home, server: &str, options: &[&str]) -> String {
    let mut command = home.command("node");
    command.arg(script("http-client")).arg(home.socket()).arg(format!("/mcp/{server}")).args(options);
    home.run(&mut command).expect_code(0).stdout
}

pub(crate) fn script(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    assert!(folder.join("node_modules").exists(), "run `make setup` first: npm packages are missing");
    folder.join(name).with_extension("mjs")
}

/// An MCP server that takes nothing but tokens bound to a key (RFC 9449).
#[derive(Debug)]
pub struct DpopServer {
    _process: Process,
    origin: String,
}

impl DpopServer {
    /// Starts it on a free port.
    pub fn start(home: &Home, provider: &OidcProvider) -> Self {
        let (process, origin) = start(home, "dpop-server", &["--issuer", provider.issuer()]);
        Self { _process: process, origin }
    }

    /// The MCP endpoint.
    pub fn mcp(&self) -> String {
        format!("{}/mcp", self.origin)
    }
}

fn start(home: &Home, name: &str, options: &[&str]) -> (Process, String) {
    let mut command = home.command("node");
    command.arg(script(name)).args(options);
    let mut process = home.spawn(&mut command, name);
    let origin = process.announces("listening on ");
    (process, origin)
}
