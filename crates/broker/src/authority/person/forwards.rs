//! Sockets in other places that lead here, and clients of the door, for the person.

use crate::authority::forward;
use crate::authority::person::Person;
use crate::valet::{door, forwards};
use peer::By;
use std::sync::Arc;
use wire::{Forward, NewForward, Problem, WebClient};

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

    /// Takes back what a client of the door was given, by its number.
    ///
    /// # Errors
    /// There is none such.
    pub fn take_back(&self, which: &str) -> Result<WebClient, Problem> {
        door::take_back(&self.valet, which, &By::Person)
    }
}
