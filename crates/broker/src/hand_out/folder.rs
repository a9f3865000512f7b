//! The folder that a program works in, and those that its accounts are for, looked at together.

use crate::hand_out::caller::Caller;
use consent::account::Candidate;
use peer::{Folder, NoFolder, folder_at};
use state::accounts::Choices;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How long a file system has to answer. One that a program makes up may never do.
const PATIENCE: Duration = Duration::from_secs(2);
/// Looks at a time: whatever hangs takes no more threads than these.
static LOOKS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(16)));

/// What was seen.
pub(super) struct Seen {
    pub(super) folder: Folder,
    pub(super) candidates: Vec<Candidate>,
}

/// Looks where the program works, and which of the folders in the configuration are there.
pub(super) async fn look(agent: &Caller, choices: &Choices) -> Result<Seen, NoFolder> {
    let (peer, home) = (Arc::clone(&agent.peer), PathBuf::from(&agent.valet.surroundings.places.home));
    let all: Vec<(String, Vec<String>)> =
        choices.all.iter().map(|one| (one.meant.id.clone(), one.folders.clone())).collect();
    let looking = async {
        let room = Arc::clone(&LOOKS).acquire_owned().await.map_err(|_| NoFolder::Unreadable)?;
        let look = move || {
            let _room = room;
            let folder = peer.folder()?;
            let candidate = |(id, folders): (String, Vec<String>)| Candidate {
                id,
                is_bound: !folders.is_empty(),
                folders: folders.iter().filter_map(|one| folder_at(&config::folder_in(&home, one))).collect(),
            };
            Ok(Seen { folder, candidates: all.into_iter().map(candidate).collect() })
        };
        let seen = agent.valet.runtime.spawn_blocking(look).await;
        seen.unwrap_or(Err(NoFolder::Unreadable))
    };
    timeout(PATIENCE, looking).await.unwrap_or(Err(NoFolder::Unreadable))
}
