//! The commands.

use crate::audit::{self, Audit};
use crate::authorize::{self, Authorize};
use crate::connect::{self, Connect};
use crate::doctor;
use crate::exec::{self, Exec};
use crate::failure::Failure;
use crate::import::{self, Import};
use crate::print;
use crate::proposal;
use crate::revoke::{self, Revoke};
use clap::{Args, Parser, Subcommand};
use serde_json::{Map, Value, json};
use std::io::{self, Read};
use wire::{Client, NewServer, Token, TokenRequest};

/// Your MCP servers' credentials, held by MCP Valet.
#[derive(Parser)]
#[command(name = "mcp-valet", version, max_term_width = 100)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What there is to do. SERVER is a name or a URL.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Add a server.
    Add(Add),
    /// Look at what other programs list, and add what you choose.
    Import(Import),
    /// List the servers and their states.
    List(Listing),
    /// Show one server.
    Show(One),
    /// Sign in to a server in your browser.
    Authorize(Authorize),
    /// Print an access token.
    Token(Ask),
    /// Print the headers for a request as one JSON object, for clients that run a helper.
    Headers(Ask),
    /// Act as the server over standard input and output, for clients that start their servers.
    Connect(Connect),
    /// Run a command with an access token in its environment.
    Exec(Exec),
    /// Look at a server step by step: what works, what does not, and what to change.
    Doctor(One),
    /// Not now: no program gets this server, and you are not asked to sign in, until the valet restarts.
    Decline(One),
    /// Revoke a server's tokens at its issuer and wipe them here, or those of all servers.
    Revoke(Revoke),
    /// Revoke, and take the server out of the configuration.
    Remove(One),
    /// List what was done for the application that runs this, or verify the whole audit.
    Audit(Audit),
    /// Wipe every token from memory until you unlock where the valet runs.
    Lock,
}

/// A server to add.
#[derive(Args)]
pub(crate) struct Add {
    /// NAME URL, or URL alone.
    #[arg(required = true, num_args = 1..=2, value_name = "[NAME] URL")]
    server: Vec<String>,
    /// The ID of a client that you registered at the issuer.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Read that client's secret from standard input.
    #[arg(long, requires = "client_id")]
    client_secret_stdin: bool,
    /// The port of the redirect URI that you registered.
    #[arg(long, value_name = "PORT")]
    callback_port: Option<u16>,
    /// Exactly this scope; may be given several times.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Come back from the browser by https.
    #[arg(long)]
    tls: bool,
    /// Seconds to wait for you, where MCP Valet asks you about these settings.
    #[arg(long, value_name = "SECONDS", default_value_t = wire::DEFAULT_WAIT)]
    wait: u32,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// How to list.
#[derive(Args)]
pub(crate) struct Listing {
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// One server.
#[derive(Args)]
pub(crate) struct One {
    /// The server's name or URL.
    server: String,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// A request for a token.
#[derive(Args)]
pub(crate) struct Ask {
    /// The server's name or URL.
    server: String,
    /// Seconds to wait for you or the provider.
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u32>,
    /// A scope that the token must have; may be given several times.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Seconds for which the token must at least be good.
    #[arg(long, value_name = "SECONDS")]
    min_ttl: Option<u32>,
    /// Answer in JSON, errors too.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Clients give a helper ten seconds, and take what was printed too late for nothing.
const HELPER_WAIT: u32 = 8;

impl Command {
    pub(crate) const fn wants_json(&self) -> bool {
        match self {
            Self::Add(add) => add.json,
            Self::Import(import) => import.json,
            Self::List(list) => list.json,
            Self::Show(one) | Self::Doctor(one) | Self::Decline(one) | Self::Remove(one) => one.json,
            Self::Revoke(revoke) => revoke.json,
            Self::Authorize(authorize) => authorize.json,
            Self::Token(ask) | Self::Headers(ask) => ask.json,
            Self::Audit(audit) => audit.json,
            Self::Exec(exec) => exec.ask.json,
            Self::Connect(_) | Self::Lock => false,
        }
    }
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let client = Client::new();
    match command {
        Command::Add(add) => run_add(&client, add).await,
        Command::Import(import) => import::run(&client, import).await,
        Command::List(list) => print::servers(&client.servers().await?, list.json),
        Command::Show(one) => print::server(&client.server(&one.server).await?, one.json),
        Command::Authorize(authorize) => authorize::run(&client, authorize).await,
        Command::Token(ask) => {
            let json = ask.json;
            let token = client.token(&ask.into_request(wire::DEFAULT_WAIT)).await?;
            print_token(&token, json)
        }
        Command::Headers(ask) => {
            let token = client.token(&ask.into_request(HELPER_WAIT)).await?;
            let value = format!("Bearer {}", token.access_token.expose());
            print::line(&json!({"Authorization": value}).to_string())
        }
        Command::Connect(connect) => connect::run(connect).await,
        Command::Exec(exec) => exec::run(&client, exec).await,
        Command::Doctor(one) => doctor::run(&client, one.server, one.json).await,
        Command::Decline(one) => print::declined(&client.decline(&one.server).await?, one.json),
        Command::Revoke(revoke) => revoke::run(&client, revoke).await,
        Command::Remove(one) => revoke::removed(&client.remove(&one.server).await?, one.json),
        Command::Audit(audit) => audit::run(&client, audit).await,
        Command::Lock => {
            client.lock().await?;
            print::line("Locked: no token is in memory. Unlock MCP Valet where it runs.")
        }
    }
}

fn print_token(token: &Token, json: bool) -> Result<(), Failure> {
    if json { print::json(token) } else { print::line(token.access_token.expose()) }
}

impl Ask {
    pub(crate) fn into_request(self, usual_wait: u32) -> TokenRequest {
        let scope = Some(self.scopes.join(" ")).filter(|scope| !scope.is_empty());
        let wait = Some(self.wait.unwrap_or(usual_wait));
        TokenRequest { server: self.server, wait, scope, challenge: None, min_ttl: self.min_ttl }
    }
}

async fn run_add(client: &Client, add: Add) -> Result<(), Failure> {
    let (json, wait) = (add.json, add.wait);
    let added = proposal::add(client, add.into_server()?, wait).await?;
    print::added(&added, json)
}

impl Add {
    fn into_server(self) -> Result<NewServer, Failure> {
        let (name, url) = match self.server.as_slice() {
            [name, url] => (Some(name.clone()), url.clone()),
            [url] => (None, url.clone()),
            _ => {
                return Err(Failure::Usage(
                    "no server is named".to_owned(),
                    "Write `mcp-valet add [NAME] URL`.".to_owned(),
                ));
            }
        };
        let mut oauth = Map::new();
        let mut set = |key: &str, value: Value| oauth.insert(key.to_owned(), value);
        if let Some(client_id) = self.client_id {
            set("clientId", json!(client_id));
        }
        if self.client_secret_stdin {
            set("clientSecret", json!(read_secret()?));
        }
        if let Some(port) = self.callback_port {
            set("callbackPort", json!(port));
        }
        if !self.scopes.is_empty() {
            set("scopes", json!(self.scopes));
        }
        if self.tls {
            set("tls", json!(true));
        }
        Ok(NewServer { name, url, oauth: Some(oauth).filter(|oauth| !oauth.is_empty()), wait: None })
    }
}

/// A secret on the command line could be read by every program of this machine.
fn read_secret() -> Result<String, Failure> {
    let mut secret = String::new();
    io::stdin().take(4096).read_to_string(&mut secret)?;
    let secret = secret.trim_end_matches(['\r', '\n']).to_owned();
    if secret.is_empty() {
        return Err(Failure::Usage(
            "no secret came by standard input".to_owned(),
            "Pipe it in: `mcp-valet add … --client-secret-stdin < FILE`.".to_owned(),
        ));
    }
    Ok(secret)
}
