//! What of the environment the window's process gets.

use std::env;
use tokio::process::Command;

/// Takes from `command` whatever lets somebody into the web view: debuggers of WebKit, code to be loaded into it. A build for
/// tests leaves that in.
pub(crate) fn clean(command: &mut Command) {
    if !cfg!(feature = "test-hooks") {
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_none_or(opens_a_door)) {
            command.env_remove(name);
        }
    }
    // Saves some 50 MiB, and works on drivers that the faster way does not.
    command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
}

fn opens_a_door(name: &str) -> bool {
    ["WEBKIT_", "TAURI_", "LD_"].iter().any(|prefix| name.starts_with(prefix)) || name == "GTK_MODULES"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_are_told_from_the_rest() {
        for door in ["WEBKIT_INSPECTOR_SERVER", "TAURI_WEBVIEW_AUTOMATION", "LD_PRELOAD", "GTK_MODULES"] {
            assert!(opens_a_door(door), "{door}");
        }
        for other in ["DISPLAY", "HOME", "LANG", "GTK_THEME", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"] {
            assert!(!opens_a_door(other), "{other}");
        }
    }
}
