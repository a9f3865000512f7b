//! Starting when the person logs in: an entry of the desktop's autostart folder (XDG autostart
//! specification).
//!
//! Tauri's plugin for this takes any entry for a "yes"; here one that the desktop's own settings switched off
//! is a "no".

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

const NAME: &str = "mcp-valet-tray.desktop";
const LAUNCHER: &str = include_str!("../../mcp-valet-tray.desktop");
/// With this the process knows that nobody asked for a window.
const AT_LOGIN: &str = " --login";
/// How desktops switch an entry off without removing it.
const OFF: [&str; 2] = ["Hidden=true", "X-GNOME-Autostart-enabled=false"];

/// The entry of this program.
pub(crate) struct Login {
    entry: PathBuf,
    program: PathBuf,
}

impl Login {
    /// `None` where there is no home to put an entry into.
    pub(crate) fn of_this_program() -> Option<Self> {
        let absolute = |folder: &PathBuf| folder.is_absolute();
        let named = |variable| std::env::var_os(variable).map(PathBuf::from).filter(absolute);
        let config = named("XDG_CONFIG_HOME").or_else(|| Some(named("HOME")?.join(".config")))?;
        Some(Self { entry: config.join("autostart").join(NAME), program: std::env::current_exe().ok()? })
    }

    /// Whether the entry is there and in force.
    pub(crate) fn is_on(&self) -> bool {
        fs::read_to_string(&self.entry)
            .is_ok_and(|entry| !entry.lines().any(|line| OFF.contains(&line.trim())))
    }

    /// Writes the entry, or removes it.
    pub(crate) fn set(&self, on: bool) -> io::Result<()> {
        if !on {
            return match fs::remove_file(&self.entry) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                done => done,
            };
        }
        if let Some(folder) = self.entry.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.entry, entry(&self.program))
    }

    /// Brings an entry up to date that an earlier version wrote; one that was changed since is left alone.
    pub(crate) fn renew(&self) {
        if fs::read_to_string(&self.entry).is_ok_and(|text| text == earlier(&self.program)) {
            let _ = fs::write(&self.entry, entry(&self.program));
        }
    }
}

/// The launcher's entry, with the whole path of the program: a session's `PATH` may not lead to it.
fn entry(program: &Path) -> String {
    LAUNCHER.replace("Exec=mcp-valet-tray", &format!("Exec={}{AT_LOGIN}", quoted(program)))
}

/// What version 0.1.0 wrote: it opened the window, and spoke English alone.
fn earlier(program: &Path) -> String {
    let now = entry(program).replace(AT_LOGIN, "");
    now.split_inclusive('\n').filter(|line| !line.contains("[de]=")).collect()
}

/// A path as one argument of `Exec` (Desktop Entry Specification, "The Exec key"): its own quoting, inside
/// that of texts.
fn quoted(program: &Path) -> String {
    let mut quoted = String::from('"');
    for c in program.to_string_lossy().chars() {
        match c {
            '"' | '`' | '$' => quoted.extend(['\\', '\\', c]),
            '\\' => quoted.push_str(r"\\\\"),
            '%' => quoted.push_str("%%"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As version 0.1.0 wrote it.
    const FIRST: &str = r#"[Desktop Entry]
Type=Application
Name=MCP Valet
Comment=Holds the keys to your MCP servers
Exec="/opt/a b/100%%\\$"
Icon=mcp-valet
Categories=System;Security;
Keywords=MCP;OAuth;token;sign in;
StartupNotify=true
StartupWMClass=mcp-valet-tray
"#;

    #[test]
    fn an_entry_that_the_desktop_switched_off_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let login =
            Login { entry: folder.path().join("autostart").join(NAME), program: "/opt/a b/100%$".into() };
        assert!(!login.is_on());
        login.set(true).unwrap();
        assert!(login.is_on());
        let text = fs::read_to_string(&login.entry).unwrap();
        assert!(text.contains("\nExec=\"/opt/a b/100%%\\\\$\" --login\n"), "{text}");
        fs::write(&login.entry, FIRST).unwrap();
        login.renew();
        assert_eq!(fs::read_to_string(&login.entry).unwrap(), text, "of an earlier version");
        fs::write(&login.entry, format!("{text}Hidden=true\n")).unwrap();
        assert!(!login.is_on());
        login.set(false).unwrap();
        login.set(false).unwrap();
        assert!(!login.entry.exists());
    }
}
