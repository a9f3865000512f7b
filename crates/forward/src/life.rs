//! One life of a forward: from its beginning to its end.

use crate::by_ssh::BySsh;
use crate::container::Known;
use crate::fault::Fault;
use crate::inside::Inside;
use crate::link::Handed;
use crate::place::Place;
use ground::clock::Clock;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// How often it is looked whether a container is as it was.
const EVERY: Duration = Duration::from_secs(2);
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A forward that stands.
pub(crate) enum Life {
    Ssh(Box<BySsh>),
    Container(Arc<Inside>, Known),
}

impl Life {
    /// Makes the socket there: of a container that was led here before, in that one alone.
    pub(crate) async fn begin(place: &Place, near: &Path, known: Option<&Known>) -> Result<Self, Fault> {
        match place {
            Place::Ssh(host) => BySsh::begin(host, near).await.map(Box::new).map(Self::Ssh),
            Place::Container(container) => {
                let (known, first) = container.first_process(known).await?;
                let id = known.id.clone();
                let inside = aside(move || Inside::bind(first, &id)).await??;
                Ok(Self::Container(Arc::new(inside), known))
            }
        }
    }

    /// Which container it is in.
    pub(crate) const fn known(&self) -> Option<&Known> {
        match self {
            Self::Ssh(_) => None,
            Self::Container(_, known) => Some(known),
        }
    }

    /// The path of the socket there.
    pub(crate) fn far(&self) -> &str {
        match self {
            Self::Ssh(login) => &login.far,
            Self::Container(inside, _) => &inside.far,
        }
    }

    /// Hands over what connects, until it ends or is told to.
    pub(crate) async fn live(
        self,
        handed: &Handed,
        end: impl Future<Output = ()>,
        clock: &Clock,
    ) -> Option<Fault> {
        match self {
            Self::Ssh(login) => login.live(handed, end, clock).await,
            Self::Container(inside, _) => {
                let accepting = async {
                    while let Ok(stream) = inside.accept(&handed.refused).await {
                        if handed.streams.send(stream).await.is_err() {
                            break;
                        }
                    }
                };
                tokio::select! {
                    fault = watch(&inside, clock) => Some(fault),
                    () = accepting => Some(Fault::Stopped),
                    () = end => None,
                }
            }
        }
    }
}

async fn watch(inside: &Arc<Inside>, clock: &Clock) -> Fault {
    loop {
        clock.wait(EVERY).await;
        let looked = Arc::clone(inside);
        match aside(move || looked.trouble()).await {
            Ok(None) => {}
            Ok(Some(fault)) | Err(fault) => return fault,
        }
    }
}

/// Does what touches the files of a container beside everything else: whoever made them decides how long that
/// takes.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    match timeout(PATIENCE, spawn_blocking(work)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) | Err(_) => Err(Fault::Hangs),
    }
}
