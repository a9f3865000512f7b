//! A second start: one valet a user is enough, so the one that runs shows its window.

use crate::Failure;
use crate::resident::display;
use broker::wire::{Client, ClientError, Show};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use words::say;

/// The other one may be starting still, and hold its place before it listens.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(150);

/// Asks the valet that runs to show its window.
pub(crate) async fn show_window() -> Result<ExitCode, Failure> {
    let show =
        Show { activation_token: display::activation_token(), displays: display::names(), errand: None };
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
            let detail = say!(start_another_and, detail = problem.detail);
            Err(Failure::new(detail, problem.advice))
        }
        Err(ClientError::NotRunning(socket) | ClientError::Hidden(socket)) => {
            let detail = say!(start_another_elsewhere, socket = socket.display().to_string());
            Err(Failure::new(detail, say!(start_another_elsewhere_advice)))
        }
        Err(error) => Err(Failure::new(say!(start_another_but, error = error.to_string()), error.advice())),
    }
}
