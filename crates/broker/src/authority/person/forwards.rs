//! Sockets in other places that lead here, for the person.

use crate::authority::forward;
use crate::authority::person::Person;
use crate::valet::forwards;
use peer::By;
use std::sync::Arc;
use wire::{Forward, NewForward, Problem};

impl Person {
    /// Leads the socket of a host here.
    ///
    /// # Errors
    /// There is no such host or server, or the host does not let it be done.
    pub async fn forward(&self, asked: NewForward) -> Result<Forward, Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            let proposed = forward::proposed(&valet, &asked)?;
            forward::put(&valet, &proposed, &By::Person).await
        })
        .await
    }

    /// Ends one, by its number or its host. What goes by it ends with it.
    ///
    /// # Errors
    /// There is none such.
    pub fn close_forward(&self, which: &str) -> Result<Forward, Problem> {
        forwards::close(&self.valet, which, &By::Person)
    }
}
