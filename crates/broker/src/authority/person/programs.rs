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
        let (id, name) = {
            let book = self.valet.book();
            let server = book.find(server)?;
            (server.id.clone(), server.name.clone())
        };
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            let mut entry = audit::entry(valet.clock.now(), Act::StopProgram, By::Person.actor());
            entry.server = Some(name);
            // Its end takes a while, in which the valet itself may end.
            valet.note(&entry);
            valet.programs.running.stop(&id).await;
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

    /// Agrees to a program of the file that was left alone, as it was shown under this mark.
    ///
    /// # Errors
    /// There is none of this name, or it is another one by now.
    pub fn wake_program(&self, server: &str, mark: &str) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        reload::wake(&valet, server, Some(mark))?;
        let mut entry = audit::entry(valet.clock.now(), Act::Add, By::Person.actor());
        entry.server = Some(server.to_owned());
        valet.note(&entry);
        Ok(())
    }
}
