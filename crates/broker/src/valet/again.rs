//! Trying again what the vault did not do.

use std::time::Duration;

/// Waits, and tries; and again until it is done. The pauses grow from a second to a minute.
pub(crate) async fn until<F: Future<Output = bool>>(is_done: impl Fn() -> F) {
    let mut pause = Duration::from_secs(1);
    loop {
        tokio::time::sleep(pause).await;
        if is_done().await {
            return;
        }
        pause = (pause * 2).min(Duration::from_mins(1));
    }
}
