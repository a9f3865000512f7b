//! What of the environment the window's process gets.

use std::env;
use tokio::process::Command;

/// Takes from `command` whatever lets somebody into the web view: debuggers of WebKit, code to be loaded into
/// it. A build for tests leaves that in.
pub(crate) fn clean(command: &mut Command) {
    if !cfg!(feature = "test-hooks") {
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_none_or(opens_a_door)) {
            command.env_remove(name);
        }
    }
    // Saves some 50 MiB, and works on drivers that the faster way does not.
    command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
}

/// What WebKit, GTK and the loader read on their own: debuggers, and folders or files of code to load.
const FAMILIES: [&str; 5] = ["WEBKIT_", "TAURI_", "LD_", "JSC_", "GST_"];
const DOORS: [&str; 12] = [
    "GTK_MODULES",
    "GTK3_MODULES",
    "GTK_PATH",
    "GTK_EXE_PREFIX",
    "GTK_DEBUG",
    "GTK_IM_MODULE_FILE",
    "GDK_PIXBUF_MODULE_FILE",
    "GDK_PIXBUF_MODULEDIR",
    "GIO_MODULE_DIR",
    "GIO_EXTRA_MODULES",
    "GCONV_PATH",
    "LIBGL_DRIVERS_PATH",
];

fn opens_a_door(name: &str) -> bool {
    DOORS.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_are_told_from_the_rest() {
        for door in ["WEBKIT_INSPECTOR_SERVER", "TAURI_WEBVIEW_AUTOMATION", "LD_PRELOAD", "GTK_PATH"] {
            assert!(opens_a_door(door), "{door}");
        }
        for other in
            ["DISPLAY", "HOME", "LANG", "GTK_THEME", "GTK_IM_MODULE", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"]
        {
            assert!(!opens_a_door(other), "{other}");
        }
    }
}
