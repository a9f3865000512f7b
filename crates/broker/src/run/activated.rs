//! A valet that the session bus has started: it has to take the name by which that was asked for, or else the
//! bus takes the start for failed and ends it (D-Bus Specification, "Message Bus Starting Services").

use std::env;
use std::future::pending;
use zbus::connection;

/// By what the bus knows us, as in `share/dbus-1/services`.
const NAME: &str = "io.github.mcp_valet.Valet";
/// Where the bus says which it is to whatever it starts.
const STARTER: &str = "DBUS_STARTER_ADDRESS";

/// Takes the name for as long as this lasts, if it was the bus. For when the socket listens: whoever asked
/// for the start goes there as soon as the name is taken.
pub(super) async fn keep_name() {
    let Ok(bus) = env::var(STARTER) else { return };
    let taken = async { connection::Builder::address(bus.as_str())?.name(NAME)?.build().await };
    match taken.await {
        Ok(_connection) => pending().await,
        Err(error) => tracing::warn!(%error, "the bus that started it does not give it its name"),
    }
}
