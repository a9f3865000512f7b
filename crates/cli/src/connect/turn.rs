//! When it is worth trying again without anybody having asked for it: what the valet tells of a server.

use super::bridge::Bridge;
use super::early::Early;
use super::events::Events;
use super::listen::{LONGEST_PAUSE, PAUSE};
use super::trouble::Trouble;
use http::StatusCode;
use std::future::pending;
use std::time::Duration;
use tokio::time::sleep;
use wire::{ConsentState, Server, ServerState};

/// How many failures a server is asked again after without anybody wanting it.
const TIRED: u32 = 10;

/// How long a server may take before it is asked about.
const PROMPTLY: Duration = Duration::from_millis(50);
/// How much longer, where nobody has signed in: some servers want no sign-in.
const BESIDES: Duration = Duration::from_millis(200);

impl Bridge {
    /// Waits until it is known that a person has to do something first. Some clients send their first prompt
    /// with the tools that they have within half a second.
    pub(super) async fn needs_person(&self) {
        sleep(PROMPTLY).await;
        let Ok(server) = self.client.as_it_is().server(&self.server).await else { return pending().await };
        let is_open = matches!(server.consent, ConsentState::Allowed | ConsentState::Denied);
        let is_unsigned = matches!(server.state, ServerState::AuthorizationRequired | ServerState::Lapsed);
        if is_open && is_unsigned {
            sleep(BESIDES).await;
        } else if is_open && server.state != ServerState::Locked {
            pending().await
        }
    }

    /// Waits until another attempt may well succeed without anybody being asked.
    pub(super) async fn turns_for_the_better(&self, early: &Early, trouble: &Trouble, failures: u32) {
        let asks_nobody = !trouble.waits_for_person();
        if asks_nobody && !trouble.is_of_no_valet() {
            if failures > TIRED {
                return pending().await;
            }
            sleep((PAUSE * failures.pow(2)).min(LONGEST_PAUSE)).await;
            if self.client.as_it_is().server(&self.server).await.is_ok_and(|server| can_be_used(&server)) {
                return;
            }
        }
        let is_better = |server: &Server| {
            let is_open = trouble.is_closed() && early.is_waited_for() && !is_locked(server);
            is_open || can_be_used(server)
        };
        // Where none ran, it is enough that one tells of anything.
        let is_enough = |servers: &[Server]| trouble.is_of_no_valet() || self.is_among(servers, is_better);
        self.hears(is_enough).await;
    }

    /// Waits until the servers are as `is_enough` wants them. A valet may end meanwhile: then the next one is
    /// asked.
    pub(super) async fn hears(&self, is_enough: impl Fn(&[Server]) -> bool) {
        let mut pause = PAUSE;
        loop {
            if let Ok(answer) = self.client.events().await
                && answer.status == StatusCode::OK
            {
                pause = PAUSE;
                if tells(Events::of(answer), &is_enough).await {
                    return;
                }
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Whether the server that is connected is among these, and is so.
    pub(super) fn is_among(&self, servers: &[Server], is_so: impl Fn(&Server) -> bool) -> bool {
        servers.iter().any(|server| self.is_meant(server) && is_so(server))
    }

    /// Whether this server is the one that is connected.
    fn is_meant(&self, server: &Server) -> bool {
        server.name == self.server || server.url == self.server
    }
}

/// Reads what changes until that is enough; not so if the valet ends before.
async fn tells(mut events: Events, is_enough: impl Fn(&[Server]) -> bool) -> bool {
    while let Ok(Some(event)) = events.next().await {
        let servers = || serde_json::from_str::<Vec<Server>>(&event.data).unwrap_or_default();
        if event.kind.as_deref() == Some("servers") && is_enough(&servers()) {
            return true;
        }
    }
    false
}

/// Whether an attempt asks nobody anything.
fn can_be_used(server: &Server) -> bool {
    server.state == ServerState::Ready && server.consent == ConsentState::Allowed
}

const fn is_locked(server: &Server) -> bool {
    matches!(server.state, ServerState::Locked | ServerState::Opening)
}
