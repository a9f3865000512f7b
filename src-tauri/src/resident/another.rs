//! A second start: one valet a user is enough, so the one that runs shows its window.

use crate::Failure;
use broker::wire::{Client, ClientError, Show};
use std::env;
use std::process::ExitCode;
use std::time::Duration;

/// The other one may be starting still, and hold its lock before it listens.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(150);

/// Asks the valet that runs to show its window.
pub(crate) async fn show_window() -> Result<ExitCode, Failure> {
    let token =
        ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"].into_iter().find_map(|name| env::var(name).ok());
    let show = Show { activation_token: token };
    let mut asked = Client::new().show(&show).await;
    for _ in 1..TRIES {
        if !matches!(asked, Err(ClientError::NotRunning(_))) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        asked = Client::new().show(&show).await;
    }
    match asked {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(ClientError::Problem(problem)) => {
            let detail = format!("MCP Valet is running already, and {}", problem.detail);
            Err(Failure::new(detail, "End it first if you want it on the desktop, or use `mcp-valet list`."))
        }
        Err(error) => Err(Failure::new(format!("MCP Valet is running already, but {error}"), error.advice())),
    }
}
