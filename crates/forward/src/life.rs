//! One life of a forward: from its beginning to its end.

use crate::by_ssh::BySsh;
use crate::fault::Fault;
use crate::inside::Inside;
use crate::place::Place;
use ground::clock::Clock;
use std::path::Path;
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::sync::mpsc;

/// How often it is looked whether a container is as it was.
const EVERY: Duration = Duration::from_secs(2);

/// A forward that stands.
pub(crate) enum Life {
    Ssh(Box<BySsh>),
    Container(Inside),
}

impl Life {
    /// Makes the socket there.
    pub(crate) async fn begin(place: &Place, near: &Path) -> Result<Self, Fault> {
        match place {
            Place::Ssh(host) => BySsh::begin(host, near).await.map(Box::new).map(Self::Ssh),
            Place::Container(container) => {
                let first = container.first_process().await?;
                Inside::bind(first).map(Self::Container)
            }
        }
    }

    /// The path of the socket there.
    pub(crate) fn far(&self) -> &str {
        match self {
            Self::Ssh(login) => &login.far,
            Self::Container(inside) => &inside.far,
        }
    }

    /// Hands over what connects, until it ends or is told to.
    pub(crate) async fn live(
        self,
        streams: &mpsc::Sender<UnixStream>,
        end: impl Future<Output = ()>,
        clock: &Clock,
    ) -> Option<Fault> {
        match self {
            Self::Ssh(login) => login.live(streams, end, clock).await,
            Self::Container(inside) => {
                let accepting = async {
                    while let Ok(stream) = inside.accept().await {
                        if streams.send(stream).await.is_err() {
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

async fn watch(inside: &Inside, clock: &Clock) -> Fault {
    loop {
        clock.wait(EVERY).await;
        if let Some(fault) = inside.trouble() {
            return fault;
        }
    }
}
