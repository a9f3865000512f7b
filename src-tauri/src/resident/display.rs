//! The display, which GTK would otherwise look for in its own time, and panic without.

use crate::Failure;
use std::env;
use words::say;

/// Opens the display.
pub(crate) fn open() -> Result<(), Failure> {
    if names().is_empty() {
        return Err(Failure::new(say!(start_no_display), say!(start_no_display_advice)));
    }
    gtk::glib::set_prgname(Some("mcp-valet-tray"));
    gtk::init().map_err(|_| Failure::new(say!(start_display_shut), say!(start_no_display_advice)))
}

/// What the environment calls the screens of this session; two sessions have no name in common.
pub(crate) fn names() -> Vec<String> {
    let names = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().filter_map(|name| env::var(name).ok());
    names.filter(|name| !name.is_empty()).collect()
}

/// What the desktop gave this process, so that its window may come to the front.
pub(crate) fn activation_token() -> Option<String> {
    ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"].into_iter().find_map(|name| env::var(name).ok())
}
