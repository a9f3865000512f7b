//! Where people run programs that have no name of their own, and what starts programs for them: the last
//! resort for a name.

/// How much a place says of what runs there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Whatever runs there without a name is one to the person: a terminal, a desktop, a service.
    Whole,
    /// It holds the terminals of many programs for weeks, so each of those is told apart: a multiplexer.
    Multiplexer,
}

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
    ("sshd", "an SSH session"),
    ("sshd-session", "an SSH session"),
    ("st", "st"),
    ("sway", "Sway"),
    ("tilix", "Tilix"),
    ("urxvt", "urxvt"),
    ("wezterm-gui", "WezTerm"),
    ("wezterm-mux-server", "WezTerm"),
    ("xfce4-panel", "Xfce"),
    ("xfce4-session", "Xfce"),
    ("xfce4-terminal", "Xfce Terminal"),
    ("xfdesktop", "Xfce"),
    ("xterm", "XTerm"),
    ("yakuake", "Yakuake"),
];

const MULTIPLEXERS: &[(&str, &str)] = &[
    ("abduco", "abduco"),
    ("dtach", "dtach"),
    ("dvtm", "dvtm"),
    ("mtm", "mtm"),
    ("screen", "Screen"),
    ("SCREEN", "Screen"),
    ("shpool", "shpool"),
    ("tmate", "tmate"),
    ("tmux", "tmux"),
    ("zellij", "Zellij"),
];

/// What people call a place, by the name of its program.
pub(super) fn place(name: &str) -> Option<(&'static str, Sort)> {
    let of = |table: &[(&str, &'static str)], sort| {
        table.iter().find(|(other, _)| *other == name).map(|(_, shown)| (*shown, sort))
    };
    of(PLACES, Sort::Whole).or_else(|| of(MULTIPLEXERS, Sort::Multiplexer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_one_place_and_a_multiplexer_holds_many() {
        assert_eq!(place("xterm"), Some(("XTerm", Sort::Whole)));
        for name in ["tmux", "screen", "SCREEN", "zellij", "dtach"] {
            assert!(matches!(place(name), Some((_, Sort::Multiplexer))), "{name}");
        }
        assert_eq!(place("scribe"), None);
    }
}
