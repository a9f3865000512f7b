//! Programs that do what others tell them: a "yes" to one would be a "yes" to all who use it.

/// What one of them does for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Courier {
    /// It runs commands, one by one or from a script.
    Shell,
    /// It runs a program in its language.
    Interpreter,
    /// It starts a command, and is not meant itself.
    Launcher,
    /// It talks to others, as it is told.
    Messenger,
}

const COURIERS: &[(Courier, &str)] = &[
    (Courier::Shell, "ash bash csh dash elvish fish ksh mksh nu osh pwsh sh tcsh yash zsh busybox"),
    (
        Courier::Interpreter,
        "bun deno dotnet guile java javaw lua luajit node nodejs perl php pypy python ruby tclsh wish",
    ),
    (
        Courier::Launcher,
        "bunx cargo conda just make mise nix npm npx pipx pnpm poetry rustup task tsx uv uvx yarn",
    ),
    (
        Courier::Launcher,
        "asdf corepack direnv fnm hatch npm-cli.js npx-cli.js nvm pdm pipenv pyenv rye volta",
    ),
    (
        Courier::Launcher,
        "chroot doas env expect flock gdb ionice ld-linux-x86-64.so nice nohup parallel pkexec",
    ),
    (
        Courier::Launcher,
        "runuser script setarch setpriv setsid stdbuf strace su sudo systemd-run time timeout",
    ),
    (Courier::Launcher, "unshare watch xargs"),
    (Courier::Launcher, "dbus-launch flatpak flatpak-spawn gio gtk-launch snap xdg-open"),
    (Courier::Messenger, "curl mcp-valet nc ncat socat wget"),
];

/// What a program file with this name does for others. `None` if it is a program of its own.
pub(super) fn courier(name: &str) -> Option<Courier> {
    // An interpreter may bear its version.
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || ".-".contains(c));
    let of = |names: &str| names.split(' ').any(|other| other == name || other == plain);
    COURIERS.iter().find(|(_, names)| of(names)).map(|(courier, _)| *courier)
}

/// Whether a program file with this name does what others tell it.
pub(super) fn stands_for_others(name: &str) -> bool {
    courier(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpreters_are_known_with_their_versions() {
        for name in ["python3", "python3.11", "bash", "lua5.4", "node-22", "mcp-valet"] {
            assert!(stands_for_others(name), "{name}");
        }
        for name in ["claude", "code", "mcp-valetd", "bashful", ""] {
            assert!(!stands_for_others(name), "{name}");
        }
    }
}
