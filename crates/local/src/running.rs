//! All programs that run.

use crate::bounds::Bounds;
use crate::environment;
use crate::fault::Fault;
use crate::http::{Answer, Request};
use crate::program::{Owner, Program, Word};
use crate::run::Run;
use ground::clock::Clock;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;

/// How a process that keeps a program is started.
#[derive(Debug, Clone)]
pub struct Keeper {
    /// The program whose `main` calls `keeper::run` where it is told to.
    pub program: PathBuf,
    /// What tells it to.
    pub args: Vec<OsString>,
}

impl Keeper {
    /// The program that runs here, whatever is installed in its place meanwhile.
    #[must_use]
    pub fn ours() -> Self {
        Self { program: "/proc/self/exe".into(), args: vec!["--keep".into()] }
    }
}

/// All programs that run. Each handle is one on the same.
#[derive(Clone)]
pub struct Running(Arc<All>);

struct All {
    changes: watch::Sender<u64>,
}

impl Running {
    /// Runs nothing yet.
    #[must_use]
    pub fn new(_bounds: Bounds, _keeper: Keeper, _clock: Clock) -> Self {
        Self(Arc::new(All { changes: watch::channel(0).0 }))
    }

    /// Answers a request as the server would by Streamable HTTP. Where a process is needed for it, `begin`
    /// says which program that is.
    ///
    /// # Errors
    /// As `begin` says, or a [`Fault`].
    pub async fn forward<E, F>(
        &self,
        _owner: &Owner,
        _request: Request,
        _begin: impl FnOnce() -> F,
    ) -> Result<Answer, E>
    where
        E: From<Fault>,
        F: Future<Output = Result<Program, E>>,
    {
        std::future::ready(Err(Fault::NoRequest.into())).await
    }

    /// What a program is told of the person's environment, with the `PATH` of their login shell, which is
    /// asked once.
    pub async fn environment(&self) -> Vec<(OsString, Word)> {
        std::future::ready(environment::handed_on()).await
    }

    /// The programs that run, those that were started first before the others.
    #[must_use]
    pub fn list(&self) -> Vec<Run> {
        Vec::new()
    }

    /// Whose a process is, by the ID of the process that keeps it.
    #[must_use]
    pub fn kept_by(&self, keeper: u32) -> Option<Owner> {
        self.list().into_iter().find(|run| run.keeper == keeper).map(|run| run.owner)
    }

    /// What the programs of a server wrote last to their standard error, secrets covered.
    #[must_use]
    pub fn stderr(&self, _server: &str) -> Vec<String> {
        Vec::new()
    }

    /// Changes whenever what [`Running::list`] says does, or a program ends.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Ends all programs of a server, to their end.
    pub async fn stop(&self, _server: &str) {
        std::future::ready(()).await;
    }

    /// Ends all programs of one run of an application, to their end.
    pub async fn stop_application(&self, _application: &str) {
        std::future::ready(()).await;
    }

    /// Ends all programs, to their end.
    pub async fn stop_all(&self) {
        std::future::ready(()).await;
    }
}
