//! The display, which GTK would otherwise look for in its own time, and panic without.

use crate::Failure;
use std::env;

const ADVICE: &str = "Start `mcp-valetd` instead: it needs no screen, and asks its questions in a terminal.";

/// Opens the display.
pub(crate) fn open() -> Result<(), Failure> {
    let named = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if !named("DISPLAY") && !named("WAYLAND_DISPLAY") {
        return Err(Failure::new("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)", ADVICE));
    }
    gtk::glib::set_prgname(Some("mcp-valet-tray"));
    gtk::init().map_err(|_| Failure::new("the display cannot be opened", ADVICE))
}
