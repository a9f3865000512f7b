//! A second start: one valet a user is enough, so the one that runs shows its window.

use crate::Failure;
use crate::resident::display;
use broker::wire::{Client, ClientError, Show};
use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The other one may be starting still, and hold its place before it listens.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(150);

/// Asks the valet that runs to show its window.
pub(crate) async fn show_window() -> Result<ExitCode, Failure> {
    let token =
        ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"].into_iter().find_map(|name| env::var(name).ok());
    let show = Show { activation_token: token, displays: display::names() };
    let start = Instant::now();
    let mut asked = Client::new().show(&show).await;
    while matches!(asked, Err(ClientError::NotRunning(_) | ClientError::Hidden(_)))
        && start.elapsed() < PATIENCE
    {
        tokio::time::sleep(PAUSE).await;
        asked = Client::new().show(&show).await;
    }
    match asked {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(ClientError::Problem(problem)) => {
            let detail = format!("MCP Valet is running already, and {}", problem.detail);
            Err(Failure::new(detail, problem.advice))
        }
        Err(ClientError::NotRunning(socket) | ClientError::Hidden(socket)) => {
            let detail = format!("MCP Valet is running already, but not at {}", socket.display());
            Err(Failure::new(detail, "Use it in the session where it runs, or quit it there first."))
        }
        Err(error) => Err(Failure::new(format!("MCP Valet is running already, but {error}"), error.advice())),
    }
}
