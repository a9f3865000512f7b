//! `mcp-valet exec`: runs a command with a token in its environment, where no other user can read it.

use crate::command::TokenAsk;
use crate::failure::Failure;
use clap::Args;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;
use wire::Client;
use words::say;

/// A command to run.
#[derive(Args)]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) ask: TokenAsk,
    /// The environment variable that holds the token.
    #[arg(long, value_name = "NAME", default_value = "MCP_VALET_TOKEN", value_parser = variable)]
    env: String,
    /// The command and its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

fn variable(name: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let good = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty();
    if good { Ok(name.to_owned()) } else { Err(say!(cli_exec_variable)) }
}

/// Becomes the command, so that its exit status, signals and terminal are its own.
pub(crate) async fn run(client: &Client, exec: Exec) -> Result<(), Failure> {
    let Some((program, arguments)) = exec.command.split_first() else {
        return Err(Failure::Usage(say!(cli_exec_nothing), say!(cli_exec_nothing_advice)));
    };
    let token = client.token(&exec.ask.into_request(wire::DEFAULT_WAIT)).await?;
    let error = Command::new(program).args(arguments).env(exec.env, token.access_token.expose()).exec();
    Err(Failure::Command(program.to_string_lossy().into_owned(), error))
}
