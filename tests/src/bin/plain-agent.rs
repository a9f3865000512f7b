//! An agent that speaks plain MCP through the valet's proxy, for the official conformance suite.
//!
//! The suite starts it once for each scenario with the server's URL. It has a valet of its own, and no word
//! of OAuth: when the proxy says that a person is needed, it lets the valet begin a sign-in and follows the
//! address as a browser would.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a fixture; the suite shows what it says")]

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use mcp_valet_tests::{Home, HttpResponse, Valet, curl, free_port};
use serde_json::{Value, json};

/// The revision from which requests stand alone, each with its own `_meta`.
const STATELESS: &str = "2026-07-28";
const SERVER: &str = "scenario";
/// Sign-ins that a person would have patience for. The valet has less.
const PATIENCE: usize = 5;

fn main() -> ExitCode {
    let scenario = Scenario::from_env();
    if !scenario.name.starts_with("auth/") {
        return ExitCode::SUCCESS;
    }
    let home = Home::new();
    home.configure(&json!({
        "mcpServers": { SERVER: scenario.server(&home) },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    let ended = Agent { valet: &valet, version: &scenario.version, session: None, calls: 0 }.work();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem:#}\n{}", valet.log());
            ExitCode::FAILURE
        }
    }
}

/// What the suite wants to see.
struct Scenario {
    name: String,
    version: String,
    context: Value,
    url: String,
}

impl Scenario {
    fn from_env() -> Self {
        let var = |name| std::env::var(name).unwrap_or_default();
        Self {
            name: var("MCP_CONFORMANCE_SCENARIO"),
            version: var("MCP_CONFORMANCE_PROTOCOL_VERSION"),
            context: serde_json::from_str(&var("MCP_CONFORMANCE_CONTEXT")).unwrap_or_default(),
            url: std::env::args().next_back().unwrap(),
        }
    }

    /// The server's entry in the configuration, as a person would write it who was told what is in the
    /// context.
    fn server(&self, home: &Home) -> Value {
        let mut oauth = self.extras(home);
        for (key, from) in [("clientId", "client_id"), ("clientSecret", "client_secret")] {
            if let Some(value) = self.context.get(from) {
                oauth[key] = value.clone();
            }
        }
        json!({ "url": self.url, "oauth": oauth })
    }

    fn extras(&self, home: &Home) -> Value {
        let told = |key: &str| self.context[key].as_str().unwrap_or_default();
        match self.name.as_str() {
            "auth/basic-cimd" => json!({ "clientMetadataUrl": DOCUMENT, "callbackPort": free_port() }),
            // Scenarios run side by side, and a port belongs to one of them.
            "auth/pre-registration" => json!({ "callbackPort": free_port() }),
            "auth/client-credentials-basic" => json!({ "grant": "client_credentials" }),
            "auth/client-credentials-jwt" => json!({
                "grant": "client_credentials",
                "privateKey": file(home, "key.pem", told("private_key_pem")),
                "signingAlg": told("signing_algorithm"),
            }),
            "auth/wif-jwt-bearer" => {
                let token = json!({ "file": file(home, "workload.jwt", told("valid_jwt")) });
                json!({ "grant": { "type": "jwt_bearer", "assertion": token } })
            }
            "auth/enterprise-managed-authorization" => json!({ "grant": {
                "type": "id_jag",
                "issuer": told("idp_issuer"),
                "tokenEndpoint": told("idp_token_endpoint"),
                "clientId": told("idp_client_id"),
                "idToken": { "file": file(home, "id.jwt", told("idp_id_token")) },
            }}),
            _ => json!({}),
        }
    }
}

/// The document whose address the suite takes for a client's ID.
const DOCUMENT: &str = "https://conformance-test.local/client-metadata.json";

fn file(home: &Home, name: &str, text: &str) -> PathBuf {
    let path = home.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// One MCP client.
struct Agent<'a> {
    valet: &'a Valet<'a>,
    version: &'a str,
    session: Option<String>,
    calls: u64,
}

impl Agent<'_> {
    fn work(mut self) -> Result<(), Value> {
        if self.version < STATELESS {
            self.handshake()?;
        }
        // Not more than a program that wants to call one tool would do.
        self.call("tools/list", json!({}))?;
        self.call("tools/call", json!({ "name": "test-tool", "arguments": {} }))?;
        Ok(())
    }

    fn handshake(&mut self) -> Result<(), Value> {
        let client = json!({ "name": "plain-agent", "version": "1.0.0" });
        let parameters = json!({ "protocolVersion": self.version, "capabilities": {}, "clientInfo": client });
        self.call("initialize", parameters)?;
        self.send(
            "notifications/initialized",
            &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        );
        Ok(())
    }

    /// One call; where a person is needed, that comes first.
    fn call(&mut self, method: &str, parameters: Value) -> Result<Value, Value> {
        let parameters = self.with_meta(parameters);
        for _ in 0..PATIENCE {
            self.calls += 1;
            let call = json!({ "jsonrpc": "2.0", "id": self.calls, "method": method, "params": parameters });
            let reply = self.send(method, &call);
            let Some(error) = reply.get("error") else { return Ok(reply) };
            match error["data"]["code"].as_str() {
                Some("authorization_required" | "lapsed") => self.sign_in()?,
                _ => return Err(reply),
            }
        }
        Err(json!({ "gave_up": method }))
    }

    fn with_meta(&self, mut parameters: Value) -> Value {
        if self.version >= STATELESS {
            parameters["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": self.version,
                "io.modelcontextprotocol/clientCapabilities": {},
            });
        }
        parameters
    }

    fn send(&mut self, method: &str, message: &Value) -> Value {
        let mut headers = vec![
            "Content-Type: application/json".to_owned(),
            "Accept: application/json, text/event-stream".to_owned(),
        ];
        if method != "initialize" {
            headers.push(format!("MCP-Protocol-Version: {}", self.version));
        }
        if self.version >= STATELESS {
            headers.push(format!("Mcp-Method: {method}"));
            headers.extend(message["params"]["name"].as_str().map(|name| format!("Mcp-Name: {name}")));
        }
        headers.extend(self.session.iter().map(|session| format!("Mcp-Session-Id: {session}")));
        let body = message.to_string();
        let mut arguments: Vec<&str> = headers.iter().flat_map(|header| ["-H", header]).collect();
        let address = format!("http://localhost/mcp/{SERVER}");
        arguments.extend(["--data-raw", &body, &address]);
        let answer = self.valet.curl(&arguments);
        self.session = answer.header("mcp-session-id").map(str::to_owned).or(self.session.take());
        message_of(&answer)
    }

    /// The person's part: the valet begins, the browser follows every redirect, and the valet says how it
    /// ended.
    fn sign_in(&self) -> Result<(), Value> {
        let begun = self.valet.post(&format!("/v1/servers/{SERVER}/authorize"), &json!({}));
        if begun.status != 200 {
            return Err(begun.json());
        }
        curl(&["--location", "--output", "/dev/null", &begun.text("authorization_url")]);
        let server = self.valet.get(&format!("/v1/servers/{SERVER}?wait=20")).json();
        if server["attempt"] == "none" { Ok(()) } else { Err(server) }
    }
}

/// The JSON-RPC message in an answer, whether it stands alone or is the event of a stream.
fn message_of(answer: &HttpResponse) -> Value {
    let event = answer.body.lines().find_map(|line| line.strip_prefix("data:"));
    serde_json::from_str(event.unwrap_or(&answer.body)).unwrap_or_else(|_| json!({ "status": answer.status }))
}
