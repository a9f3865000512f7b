//! Trying the valet on the demo provider.

use crate::authority::add;
use crate::authority::person::{Person, broke_off};
use peer::By;
use std::io;
use std::sync::Arc;
use wire::{NewServer, Problem, Reason};
use words::say;

const NAME: &str = "demo";

impl Person {
    /// Starts the demo provider where the person is, and adds its server; answers the name of that.
    ///
    /// # Errors
    /// It did not start, or the configuration cannot take it.
    pub async fn try_demo(&self) -> Result<String, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            let here = Arc::clone(&valet);
            let started = tokio::task::spawn_blocking(move || here.shell.start_demo()).await;
            let url = started.map_err(|_| broke_off())?.map_err(|error| not_started(&error))?;
            let server = NewServer { name: Some(NAME.to_owned()), ..NewServer::at(url) };
            add::add(&valet, server, &By::Person).await.map(|(name, _)| name)
        })
        .await
    }
}

fn not_started(error: &io::Error) -> Problem {
    let detail = say!(problem_no_demo, error = error.to_string());
    problems::internal(detail, say!(problem_no_demo_advice)).because(Reason::DemoNotStarted)
}
