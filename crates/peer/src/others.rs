//! Programs that are known by name: those that do what others tell them, the places in which people run them,
//! and agents.

use std::path::Path;

/// Those that do what others tell them: a "yes" to one would be a "yes" to all who use it.
const OTHERS: &[&str] = &[
    "ash bash csh dash elvish fish ksh mksh nu osh pwsh sh tcsh yash zsh busybox",
    "bun deno dotnet guile java javaw lua luajit node nodejs perl php pypy python ruby tclsh wish",
    "bunx cargo conda just make mise nix npm npx pipx pnpm poetry rustup task tsx uv uvx yarn",
    "chroot doas env expect flock gdb ionice ld-linux-x86-64.so nice nohup parallel pkexec runuser script setarch setpriv",
    "setsid stdbuf strace su sudo systemd-run time timeout unshare watch xargs",
    "dbus-launch flatpak flatpak-spawn gio gtk-launch snap xdg-open",
    "curl mcp-valet nc ncat socat wget",
];

/// Where people run programs, and what starts programs for them: the last resort for a name.
const PLACES: &[(&str, &str)] = &[
    ("alacritty", "Alacritty"),
    ("atd", "at"),
    ("cron", "cron"),
    ("crond", "cron"),
    ("dbus-broker-launch", "D-Bus"),
    ("dbus-daemon", "D-Bus"),
    ("foot", "Foot"),
    ("footclient", "Foot"),
    ("ghostty", "Ghostty"),
    ("gnome-session-binary", "GNOME"),
    ("gnome-shell", "GNOME"),
    ("gnome-terminal-server", "GNOME Terminal"),
    ("Hyprland", "Hyprland"),
    ("i3", "i3"),
    ("kgx", "Console"),
    ("kitty", "kitty"),
    ("konsole", "Konsole"),
    ("krunner", "KRunner"),
    ("kwin_wayland", "KDE Plasma"),
    ("login", "a console"),
    ("lxterminal", "LXTerminal"),
    ("mate-terminal", "MATE Terminal"),
    ("openbox", "Openbox"),
    ("plasmashell", "KDE Plasma"),
    ("ptyxis", "Ptyxis"),
    ("ptyxis-agent", "Ptyxis"),
    ("qterminal", "QTerminal"),
    ("rio", "Rio"),
    ("screen", "Screen"),
    ("SCREEN", "Screen"),
    ("sshd", "an SSH session"),
    ("sshd-session", "an SSH session"),
    ("st", "st"),
    ("sway", "Sway"),
    ("tilix", "Tilix"),
    ("tmux", "tmux"),
    ("urxvt", "urxvt"),
    ("wezterm-gui", "WezTerm"),
    ("wezterm-mux-server", "WezTerm"),
    ("xfce4-panel", "Xfce"),
    ("xfce4-session", "Xfce"),
    ("xfce4-terminal", "Xfce Terminal"),
    ("xfdesktop", "Xfce"),
    ("xterm", "XTerm"),
    ("yakuake", "Yakuake"),
    ("zellij", "Zellij"),
];

/// Agents without a desktop entry, by a part of the path where their own installers put them.
const AGENTS: &[(&str, &str)] = &[
    (".cursor-server", "Cursor Server"),
    (".vscode-server", "VS Code Server"),
    ("claude/versions", "Claude Code"),
    ("cursor-agent/versions", "Cursor Agent"),
    ("node_modules/@anthropic-ai/claude-code", "Claude Code"),
    ("node_modules/@github/copilot", "GitHub Copilot"),
    ("node_modules/@google/gemini-cli", "Gemini CLI"),
    ("node_modules/@openai/codex", "Codex"),
    ("node_modules/@qwen-code/qwen-code", "Qwen Code"),
    ("node_modules/@sourcegraph/amp", "Amp"),
    ("node_modules/opencode-ai", "OpenCode"),
];

/// The same where an interpreter runs them, by the name that they go by.
const SCRIPTS: &[(&str, &str)] = &[
    ("aider", "Aider"),
    ("amp", "Amp"),
    ("claude", "Claude Code"),
    ("codex", "Codex"),
    ("copilot", "GitHub Copilot"),
    ("gemini", "Gemini CLI"),
    ("opencode", "OpenCode"),
    ("qwen", "Qwen Code"),
];

/// Whether a program file with this name does what others tell it.
pub(super) fn stands_for_others(name: &str) -> bool {
    // An interpreter may bear its version.
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || ".-".contains(c));
    let mut others = OTHERS.iter().flat_map(|names| names.split(' '));
    others.any(|other| other == name || other == plain)
}

/// What people call a place, by the name of its program.
pub(super) fn place(name: &str) -> Option<&'static str> {
    find(PLACES, name)
}

/// The agent whose installer put a file at this path.
pub(super) fn agent_at(path: &Path) -> Option<&'static str> {
    let holds = |part: &str| {
        let part: Vec<_> = Path::new(part).components().collect();
        let path: Vec<_> = path.components().collect();
        path.windows(part.len()).any(|window| window == part)
    };
    AGENTS.iter().find(|(part, _)| holds(part)).map(|(_, name)| *name)
}

/// The agent that an interpreter says it runs: by what it calls itself, else by its script.
pub(super) fn agent_called(comm: &str, words: &[String]) -> Option<&'static str> {
    let file = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let called = find(SCRIPTS, comm).or_else(|| find(SCRIPTS, &file(words.first()?)));
    called.or_else(|| {
        let script = script(words)?;
        agent_at(Path::new(script)).or_else(|| find(SCRIPTS, &file(script)))
    })
}

/// The script among the words that an interpreter was started with, as far as that can be told.
pub(super) fn script(words: &[String]) -> Option<&str> {
    words.iter().skip(1).map(String::as_str).find(|word| !word.starts_with('-') && !word.is_empty())
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(other, _)| *other == name).map(|(_, shown)| *shown)
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

    #[test]
    fn an_agent_is_known_by_whole_parts_of_its_path() {
        let path = Path::new("/home/u/.local/share/claude/versions/2.1.9");
        assert_eq!(agent_at(path), Some("Claude Code"));
        assert_eq!(agent_at(Path::new("/home/u/myclaude/versions/2")), None);
    }

    #[test]
    fn a_script_is_known_by_what_it_calls_itself_or_where_it_is() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(agent_called("claude", &words("node x.js")), Some("Claude Code"));
        assert_eq!(agent_called("node", &words("claude")), Some("Claude Code"));
        assert_eq!(agent_called("node", &words("node --x /usr/local/bin/gemini")), Some("Gemini CLI"));
        assert_eq!(
            agent_called("node", &words("node /l/node_modules/@openai/codex/bin/x.js")),
            Some("Codex")
        );
        assert_eq!(agent_called("node", &words("node server.js --claude claude")), None);
    }
}
