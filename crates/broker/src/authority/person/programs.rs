//! What the person does with servers that are programs of this machine.

use crate::authority::person::Person;
use crate::valet::reload;
use peer::By;
use std::sync::Arc;
use wire::{Act, Problem};

impl Person {
    /// Ends what runs of a server, to its end. The next request starts it again.
    ///
    /// # Errors
    /// There is no such server.
    pub async fn stop_program(&self, server: &str) -> Result<(), Problem> {
        let id = self.valet.book().find(server)?.id.clone();
        let running = self.valet.programs.running.clone();
        self.on_broker(async move {
            running.stop(&id).await;
            Ok(())
        })
        .await
    }

    /// What the programs of a server wrote last to their standard error.
    ///
    /// # Errors
    /// There is no such server.
    pub fn said_by_program(&self, server: &str) -> Result<Vec<String>, Problem> {
        let id = self.valet.book().find(server)?.id.clone();
        let lines = self.valet.programs.running.stderr(&id);
        Ok(lines.iter().map(|line| plain::shown(line)).collect())
    }

    /// Agrees to a program of the file that was left alone.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn wake_program(&self, server: &str) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        reload::wake(&valet, server)?;
        let mut entry = audit::entry(valet.clock.now(), Act::Add, By::Person.actor());
        entry.server = Some(server.to_owned());
        valet.note(&entry);
        Ok(())
    }
}
