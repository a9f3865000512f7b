//! Grants that the vault did not take yet.

use crate::state::held::Held;
use crate::state::item::Grant;
use crate::state::server::Server;
use crate::valet::Valet;
use std::sync::Arc;
use std::time::Duration;
use vault::Key;

/// Tries again to store a grant that the vault did not take, until it does or another grant takes its place.
pub(crate) fn save_later(valet: &Arc<Valet>, name: &str, grant: &Arc<Grant>) {
    let (valet, name, grant) = (Arc::clone(valet), name.to_owned(), Arc::clone(grant));
    let runtime = valet.runtime.clone();
    runtime.spawn(async move {
        let mut pause = Duration::from_secs(1);
        loop {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(60));
            if saved(&valet, &name, &grant).await {
                return;
            }
        }
    });
}

/// True once there is nothing more to save.
async fn saved(valet: &Valet, name: &str, grant: &Arc<Grant>) -> bool {
    let of = |server: &Server| (server.id.clone(), Arc::clone(&server.pen));
    let Some((id, pen)) = valet.book().servers.get(name).filter(|server| server.held.is(grant)).map(of)
    else {
        return true;
    };
    let _pen = pen.lock().await;
    let still_held = valet.book().servers.get(name).is_some_and(|server| server.held.is(grant));
    if !still_held {
        return true;
    }
    let Ok(stored) = valet.vault.write(Key::Grant(id), Arc::clone(grant)).await else { return false };
    valet.change_server(name, |server| {
        // Revoked meanwhile, it does not come back.
        if server.held.is(grant) {
            server.held = Held::Live(stored);
        }
    });
    true
}
