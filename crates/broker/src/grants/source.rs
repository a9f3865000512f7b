//! Reading what another program keeps for us: the token of a platform, an ID token, a private key.

use config::Source;
use oauth::Secret;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use wire::{Problem, Reason};
use words::say;

/// Most bytes that are read.
const LIMIT: u64 = 64 << 10;
/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a token, without the line end behind it.
pub(crate) async fn read(source: &Source) -> Result<Secret, Problem> {
    let text = match source {
        Source::File(path) => return file(path.clone()).await,
        Source::Environment(name) => std::env::var(name).map_err(|_| {
            unreadable(&say!(problem_source_variable, name = name), &say!(problem_source_unset))
        }),
        Source::Command(line) => command(line).await,
    };
    token(text?, &say!(problem_source))
}

/// Reads a file that the configuration names.
pub(crate) async fn file(path: PathBuf) -> Result<Secret, Problem> {
    let name = path.display().to_string();
    let text = tokio::task::spawn_blocking(move || read_file(&path)).await;
    let text = text.map_err(std::io::Error::other).flatten();
    token(text.map_err(|error| unreadable(&name, &error.kind().to_string()))?, &name)
}

/// The text of an ordinary file that is not too long. A pipe would be waited for, and a device never ends.
pub(crate) fn read_file(path: &Path) -> std::io::Result<String> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let mut text = String::new();
    std::fs::File::open(path)?.take(LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

/// Runs a program, with no shell between. What it says on its standard error is its own affair.
async fn command(line: &[String]) -> Result<String, Problem> {
    let Some((program, arguments)) = line.split_first() else {
        return Err(unreadable(&say!(problem_source_command), &say!(problem_source_empty)));
    };
    let failed = |why: &str| unreadable(program, why);
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(&error.kind().to_string()))?;
    let mut text = String::new();
    let output = child.stdout.take();
    let whole = async {
        if let Some(output) = output {
            output.take(LIMIT).read_to_string(&mut text).await?;
        }
        child.wait().await
    };
    match tokio::time::timeout(PATIENCE, whole).await {
        Ok(Ok(status)) if status.success() => Ok(text),
        Ok(Ok(status)) => Err(failed(&say!(problem_source_ended, status = status.to_string()))),
        Ok(Err(error)) => Err(failed(&error.kind().to_string())),
        Err(_) => Err(failed(&say!(problem_source_slow))),
    }
}

fn token(text: String, name: &str) -> Result<Secret, Problem> {
    let text = Secret::from(text);
    let trimmed = text.expose().trim();
    if trimmed.is_empty() || text.expose().len() as u64 >= LIMIT {
        return Err(unreadable(name, &say!(problem_source_nothing)));
    }
    Ok(Secret::from(trimmed.to_owned()))
}

fn unreadable(name: &str, why: &str) -> Problem {
    problems::failed(
        Reason::SourceUnreadable,
        say!(problem_source_unreadable, source = name, why = why),
        say!(problem_source_unreadable_advice),
    )
    .at("oauth.grant")
}
