//! One desktop entry, as far as it tells which program it is for: the Desktop Entry Specification.

/// What is read of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DesktopEntry {
    pub(super) name: String,
    pub(super) icon: Option<String>,
    /// The words of the command that it runs.
    pub(super) command: Vec<String>,
    /// The program that has to be there for the entry to be of use.
    pub(super) needs: Option<String>,
    pub(super) is_terminal: bool,
}

/// Reads the keys of the main group. `None` if it is no entry of an application, or one that no person sees:
/// that is for a purpose of the program's own, such as a link that opens it, and named after that.
pub(super) fn parse(text: &str) -> Option<DesktopEntry> {
    let group = text.lines().skip_while(|line| line.trim_end() != "[Desktop Entry]").skip(1);
    let mut entry = DesktopEntry::default();
    let (mut is_application, mut is_hidden) = (false, false);
    for line in group.take_while(|line| !line.starts_with('[')) {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = unescape(value.trim());
        match key.trim_end() {
            "Type" => is_application = value == "Application",
            "Name" => entry.name = value,
            "Icon" => entry.icon = Some(value).filter(|icon| is_icon(icon)),
            "Exec" => entry.command = words(&value),
            "TryExec" => entry.needs = Some(value),
            "NoDisplay" | "Hidden" => is_hidden |= value == "true",
            "Categories" => {
                entry.is_terminal = value.split(';').any(|category| category == "TerminalEmulator")
            }
            _ => {}
        }
    }
    (is_application && !is_hidden && !entry.name.trim().is_empty()).then_some(entry)
}

/// A name in the icon theme, or the absolute path of a picture.
fn is_icon(icon: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "._-+@ ".contains(c);
    let is_path = icon.starts_with('/') && !icon.contains("/../");
    !icon.is_empty() && icon.len() <= 255 && icon.chars().all(|c| plain(c) || (is_path && c == '/'))
}

fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next() } else { None };
        match escaped {
            Some('s') => text.push(' '),
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('\\') => text.push('\\'),
            // What belongs to the quotes of a command.
            Some(other) => text.extend(['\\', other]),
            None => text.push(c),
        }
    }
    text
}

/// The words of a command, without what stands for files to be opened.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut rest = command.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(rest.next()),
            ' ' | '\t' if !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words.retain(|word| !(word.len() == 2 && word.starts_with('%')));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_group_alone_is_read() {
        let text = "# x\n[Other]\nName=No\n[Desktop Entry]\nType=Application\nName=Scribe\nName[de]=Schreiber\n\
             Icon=scribe\nExec=\"/opt/my apps/scribe\" --new \\\\%U %F %u\nTryExec=scribe\n\
             Categories=System;TerminalEmulator;\n[Desktop Action x]\nName=Action\nExec=evil\n";
        let entry = parse(text).unwrap();
        assert_eq!(entry.name, "Scribe");
        assert_eq!(entry.command, ["/opt/my apps/scribe", "--new", "\\%U"]);
        assert_eq!((entry.icon.as_deref(), entry.needs.as_deref()), (Some("scribe"), Some("scribe")));
        assert!(entry.is_terminal);
    }

    #[test]
    fn what_is_no_application_or_hidden_or_no_picture_is_left_out() {
        assert_eq!(parse("[Desktop Entry]\nType=Link\nName=X\n"), None);
        assert_eq!(parse("[Desktop Entry]\nType=Application\n"), None);
        for hidden in ["NoDisplay", "Hidden"] {
            assert_eq!(parse(&format!("[Desktop Entry]\nType=Application\nName=X\n{hidden}=true\n")), None);
        }
        for icon in ["../../x", "http://x/y.png", "/a/../b.png", "a\"onerror=", ""] {
            let entry = parse(&format!("[Desktop Entry]\nType=Application\nName=X\nIcon={icon}\n")).unwrap();
            assert_eq!(entry.icon, None, "{icon}");
        }
    }
}
