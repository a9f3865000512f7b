//! A host that is led here by `ssh`: from a login to the end of it.

use crate::fault::Fault;
use crate::host::Host;
use crate::link::Handed;
use crate::near::{Near, Started};
use crate::probe;
use crate::ssh::{self, PATIENCE, Run};
use ground::clock::Clock;
use std::path::Path;
use std::time::Duration;
use tokio::time::timeout;

/// How long it may take to take the socket there away.
const FAREWELL: Duration = Duration::from_millis(700);

/// How often it is looked whether the socket on this side is the one that was made.
const EVERY: Duration = Duration::from_secs(5);

/// A host that is led here.
pub(crate) struct BySsh {
    run: Run,
    near: Near,
    started: Started,
    /// The path of the socket there.
    pub(crate) far: String,
    /// Which file that is.
    file: String,
}

impl BySsh {
    /// Logs in twice: to make the place ready, and to stay.
    pub(crate) async fn begin(host: &Host, near: &Path) -> Result<Self, Fault> {
        let far = ssh::prepare(host).await?;
        let near = Near::bind(near)?;
        let mut run = ssh::lead(host, &far, near.path())?;
        let failed = |error: std::io::Error| Fault::Near(error.to_string());
        let pid = run.child.id().ok_or_else(|| Fault::Ended(String::new()))?;
        let started = Started::of(pid).map_err(failed)?;
        let file = match timeout(PATIENCE, probe::first(&mut run.said)).await {
            Ok(Ok(file)) => file,
            Ok(Err(Fault::Ended(_))) => return Err(run.why().await),
            Ok(Err(fault)) => return Err(fault),
            Err(_) => return Err(Fault::Silent),
        };
        Ok(Self { run, near, started, far, file })
    }

    /// Hands over what connects, until it ends or is told to.
    pub(crate) async fn live(
        mut self,
        handed: &Handed,
        end: impl Future<Output = ()>,
        clock: &Clock,
    ) -> Option<Fault> {
        let Run { child, stdin, said, last_words, .. } = &mut self.run;
        let accepting = async {
            while let Ok(stream) = self.near.accept(&self.started, &handed.refused).await {
                if handed.streams.send(stream).await.is_err() {
                    break;
                }
            }
        };
        let fault = tokio::select! {
            fault = probe::watch(stdin, said, &self.file, clock) => Some(fault),
            _ = child.wait() => Some(Fault::Ended(last_words.words())),
            () = replaced(&self.near, clock) => Some(Fault::Near(String::new())),
            () = accepting => Some(Fault::Near(String::new())),
            () = end => None,
        };
        // Its standard input ends with this, and so does what stays there.
        let Run { mut child, stdin, .. } = self.run;
        drop(stdin);
        let _ = timeout(FAREWELL, child.wait()).await;
        fault
    }
}

/// Ends once a program of this machine has put its own socket in the place of ours.
async fn replaced(near: &Near, clock: &Clock) {
    while near.is_there() {
        clock.wait(EVERY).await;
    }
}
