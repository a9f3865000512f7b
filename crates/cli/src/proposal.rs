//! Adding a server with settings that the person has to confirm where the valet runs.

use crate::print;
use std::io::{self, Write};
use wire::{Added, Client, ClientError, NewServer, Reason};
use words::say;

/// Adds a server, and waits so many seconds for the person where they are asked about it. A later answer
/// counts as well.
pub(crate) async fn add(client: &Client, new: NewServer, wait: u32) -> Result<Added, ClientError> {
    match client.add(&new).await {
        Err(error) if is_asked(&error) && wait > 0 => {
            let name = new.name.as_deref().or(new.url.as_deref()).unwrap_or_default();
            let _ = writeln!(io::stderr(), "{}", say!(cli_add_asked, server = print::plain(name)));
            client.add(&NewServer { wait: Some(wait), ..new }).await
        }
        added => added,
    }
}

/// Whether the person is being asked.
pub(crate) fn is_asked(error: &ClientError) -> bool {
    matches!(error, ClientError::Problem(problem) if problem.reason() == Some(Reason::Proposed))
}
