//! The display, which GTK would otherwise look for in its own time, and panic without.

use crate::Failure;
use std::env;

const ADVICE: &str = "Start `mcp-valetd` instead: it needs no screen, and asks its questions in a terminal.";

/// Opens the display.
pub(crate) fn open() -> Result<(), Failure> {
    if names().is_empty() {
        return Err(Failure::new("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)", ADVICE));
    }
    gtk::glib::set_prgname(Some("mcp-valet-tray"));
    gtk::init().map_err(|_| Failure::new("the display cannot be opened", ADVICE))
}

/// What the environment calls the screens of this session; two sessions have no name in common.
pub(crate) fn names() -> Vec<String> {
    let names = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().filter_map(|name| env::var(name).ok());
    names.filter(|name| !name.is_empty()).collect()
}
