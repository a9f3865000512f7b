//! The commands.

use crate::adopt::{self, AdoptArgs};
use crate::audit::{self, Audit};
use crate::authorize::{self, Authorize};
use crate::backup;
use crate::connect::{self, Connect};
use crate::doctor;
use crate::door::{self, Door};
use crate::exec::{self, Exec};
use crate::failure::Failure;
use crate::forward::{self, Forward};
use crate::import::{self, Import};
use crate::key::{self, Key};
use crate::print;
use crate::proposal;
use crate::revoke::{self, Revoke};
use crate::rules::{self, Rules};
use crate::secret;
use crate::setup::{self, SetUpArgs};
use crate::start::Starter;
use clap::{Args, Parser, Subcommand};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use wire::{Client, Errand, NewProgram, NewServer, Token, TokenRequest};
use words::say;

/// Your MCP servers' credentials, held by MCP Valet.
#[derive(Parser)]
#[command(name = "mcp-valet", version, max_term_width = 100)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What there is to do. SERVER is a name or a URL.
// Only the arguments of the command that was asked for are put together.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Add a server.
    Add(Add),
    /// Look at what other programs list, and add what you choose.
    Import(Import),
    /// Lead other programs here by their own files, or back.
    Setup(SetUpArgs),
    /// Move what other programs list, secrets too, into MCP Valet.
    Adopt(AdoptArgs),
    /// List the servers and their states.
    List(Listing),
    /// Show one server.
    Show(One),
    /// Sign in to a server in your browser.
    Authorize(Authorize),
    /// Print an access token.
    Token(TokenAsk),
    /// Print the headers for a request as one JSON object, for clients that run a helper.
    Headers(TokenAsk),
    /// Act as the server over standard input and output, for clients that start their servers.
    Connect(Connect),
    /// Run a command with an access token in its environment.
    Exec(Exec),
    /// Look at a server step by step: what works, what does not, and what to change. Without one, look at MCP
    /// Valet itself.
    Doctor(Doctor),
    /// Not now: no program gets this server, and you are not asked to sign in, until you start the valet.
    Decline(One),
    /// Revoke a server's tokens at its issuer and wipe them here, or those of all servers.
    Revoke(Revoke),
    /// Revoke, and take the server out of the configuration.
    Remove(One),
    /// Give servers their API keys, wipe them, or list which they take.
    #[command(subcommand)]
    Key(Key),
    /// Let programs on another host use your servers, with the sign-ins kept here.
    #[command(subcommand)]
    Forward(Forward),
    /// See and take back what web clients may use.
    #[command(subcommand)]
    Door(Door),
    /// List what was done for the application that runs this, or verify the whole audit.
    Audit(Audit),
    /// Show what the application that runs this may do at a server, and why.
    Rules(Rules),
    /// Wipe every token from memory until you unlock where the valet runs.
    Lock,
    /// Copy all that is kept to a new file, which a passphrase opens that you give in the window.
    Backup(BackupFile),
    /// Take in all that such a file has, where nothing is kept yet.
    Restore(BackupFile),
}

/// A file with a copy of all that is kept.
#[derive(Args)]
pub(crate) struct BackupFile {
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// A server to add.
#[derive(Args)]
pub(crate) struct Add {
    /// NAME URL, or URL alone; NAME before a program that is to be started.
    #[arg(required = true, num_args = 1..=2, value_name = "[NAME] URL")]
    server: Vec<String>,
    /// In place of a URL, the program that is the server, and what it is started with.
    #[arg(last = true, value_name = "PROGRAM", conflicts_with_all = ["client_id", "callback_port", "scopes", "tls", "headers", "folders"])]
    program: Vec<String>,
    /// A variable of that program's environment, such as 'BRAVE_API_KEY=${key}'; may be given several times.
    #[arg(long = "env", value_name = "VARIABLE", requires = "program")]
    env: Vec<String>,
    /// The folder that it runs in.
    #[arg(long, value_name = "FOLDER", requires = "program")]
    cwd: Option<String>,
    /// A key that may be an argument, although every user of this machine can read those.
    #[arg(long = "key-in-args", value_name = "KEY", requires = "program")]
    keys_in_args: Vec<String>,
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
    /// A header that goes with each request, such as 'X-Api-Key: ${key}'; may be given several times.
    #[arg(long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// A folder that this account is for, of all with the same address; may be given several times.
    #[arg(long = "folder", value_name = "DIR")]
    folders: Vec<String>,
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

/// What to look at.
#[derive(Args)]
pub(crate) struct Doctor {
    /// The server's name or URL; MCP Valet itself if there is none.
    server: Option<String>,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// A request for a token.
#[derive(Args)]
pub(crate) struct TokenAsk {
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
            Self::Setup(setup) => setup.json,
            Self::Adopt(adopt) => adopt.json,
            Self::List(list) => list.json,
            Self::Doctor(doctor) => doctor.json,
            Self::Show(one) | Self::Decline(one) | Self::Remove(one) => one.json,
            Self::Revoke(revoke) => revoke.json,
            Self::Authorize(authorize) => authorize.json,
            Self::Token(ask) | Self::Headers(ask) => ask.json,
            Self::Audit(audit) => audit.json,
            Self::Rules(rules) => rules.json,
            Self::Exec(exec) => exec.ask.json,
            Self::Key(key) => key.wants_json(),
            Self::Forward(forward) => forward.wants_json(),
            Self::Door(door) => door.wants_json(),
            Self::Connect(_) | Self::Lock | Self::Backup(_) | Self::Restore(_) => false,
        }
    }
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let tells = !command.wants_json();
    let client = Client::new().starting(Arc::new(Starter { tells }));
    match command {
        Command::Add(add) => run_add(&client, add).await,
        Command::Import(import) => import::run(&client, import).await,
        Command::Setup(asked) => setup::run(&client, asked).await,
        Command::Adopt(asked) => adopt::run(&client, asked).await,
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
            let (name, before) = match &token.header {
                Some(header) => (header.as_str(), token.prefix.as_deref().unwrap_or_default()),
                None => ("Authorization", "Bearer "),
            };
            print::line(&json!({name: format!("{before}{}", token.access_token.expose())}).to_string())
        }
        Command::Connect(connect) => connect::run(client, connect).await,
        Command::Exec(exec) => exec::run(&client, exec).await,
        Command::Doctor(Doctor { server: Some(server), json }) => doctor::run(&client, server, json).await,
        Command::Doctor(Doctor { server: None, json }) => doctor::itself(&client, json).await,
        Command::Decline(one) => print::declined(&client.decline(&one.server).await?, one.json),
        Command::Revoke(revoke) => revoke::run(&client, revoke).await,
        Command::Remove(one) => revoke::removed(&client.remove(&one.server).await?, one.json),
        Command::Key(key) => key::run(&client, key).await,
        Command::Forward(forward) => forward::run(&client, forward).await,
        Command::Door(door) => door::run(&client, door).await,
        Command::Audit(audit) => audit::run(&client, audit).await,
        Command::Rules(asked) => rules::run(&client, asked).await,
        Command::Backup(backup) => backup::begin(&client, &backup.file, Errand::BackUp).await,
        Command::Restore(backup) => backup::begin(&client, &backup.file, Errand::Restore).await,
        Command::Lock => {
            client.lock().await?;
            print::line(&say!(cli_locked))
        }
    }
}

fn print_token(token: &Token, json: bool) -> Result<(), Failure> {
    if json { print::json(token) } else { print::line(token.access_token.expose()) }
}

impl TokenAsk {
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
    fn into_server(mut self) -> Result<NewServer, Failure> {
        if let Some(program) = self.take_program()? {
            let [name] = self.server.as_slice() else {
                return Err(Failure::Usage(say!(cli_add_program), say!(cli_add_program_advice)));
            };
            let (name, program) = (Some(name.clone()), Some(program));
            return Ok(NewServer { name, program, ..NewServer::default() });
        }
        let headers =
            self.headers.iter().map(|header| read_header(header)).collect::<Result<Map<_, _>, _>>()?;
        let (name, url) = match self.server.as_slice() {
            [name, url] => (Some(name.clone()), Some(url.clone())),
            [url] => (None, Some(url.clone())),
            _ => {
                return Err(Failure::Usage(say!(cli_add_nothing), say!(cli_add_nothing_advice)));
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
        let some = |block: Map<String, Value>| Some(block).filter(|block| !block.is_empty());
        let folders = self.folders.iter().map(|folder| whole(folder)).collect::<Result<Vec<_>, _>>()?;
        let folders = Some(folders).filter(|folders| !folders.is_empty());
        let (oauth, headers) = (some(oauth), some(headers));
        Ok(NewServer { name, url, program: None, oauth, headers, folders, wait: None })
    }

    fn take_program(&mut self) -> Result<Option<NewProgram>, Failure> {
        let mut words = std::mem::take(&mut self.program).into_iter();
        let Some(command) = words.next() else { return Ok(None) };
        let env =
            self.env.iter().map(|variable| read_variable(variable)).collect::<Result<Map<_, _>, _>>()?;
        Ok(Some(NewProgram {
            command,
            args: words.collect(),
            env: Some(env).filter(|env| !env.is_empty()),
            cwd: self.cwd.take(),
            keys_in_args: std::mem::take(&mut self.keys_in_args),
        }))
    }
}

/// `NAME=VALUE`, see [`read_header`].
fn read_variable(variable: &str) -> Result<(String, Value), Failure> {
    let wrong = || {
        Failure::Usage(
            say!(cli_add_variable),
            say!(cli_add_variable_advice, variable = "BRAVE_API_KEY=${key}"),
        )
    };
    let (name, value) = variable.split_once('=').ok_or_else(wrong)?;
    Ok((name.to_owned(), json!(value)))
}

/// A folder as the configuration has it: one that is named from where this is called is there already.
fn whole(folder: &str) -> Result<String, Failure> {
    if folder.starts_with(['/', '~']) {
        return Ok(folder.to_owned());
    }
    let wrong = || {
        let folder = print::plain(folder);
        Failure::Usage(say!(cli_add_folder, folder = folder), say!(cli_add_folder_advice))
    };
    let found = std::fs::canonicalize(folder).ok().filter(|found| found.is_dir()).ok_or_else(wrong)?;
    found.into_os_string().into_string().map_err(|_| wrong())
}

/// `NAME: VALUE`. A key in it could be read by every program of this machine, so its name stands for it.
fn read_header(header: &str) -> Result<(String, Value), Failure> {
    let wrong =
        || Failure::Usage(say!(cli_add_header), say!(cli_add_header_advice, header = "X-Api-Key: ${key}"));
    let (name, value) = header.split_once(':').ok_or_else(wrong)?;
    Ok((name.trim().to_owned(), json!(value.trim())))
}

fn read_secret() -> Result<String, Failure> {
    let none = || Failure::Usage(say!(cli_add_no_secret), say!(cli_add_no_secret_advice));
    secret::piped()?.ok_or_else(none)
}
