//! Commands in advice, for pasting. This is the one place that makes them: names and addresses come from
//! outside, and a shell would run what is in them.

/// A command with its operands, in backticks as advice has it, each quoted for a POSIX shell. `fixed` is our
/// own, and stands as it is.
#[must_use]
pub fn command(fixed: &'static str, operands: &[&str]) -> String {
    command_with(fixed, &[], operands)
}

/// The same with options and their values before the operands.
#[must_use]
pub fn command_with(fixed: &'static str, options: &[(&'static str, &str)], operands: &[&str]) -> String {
    let options = options.iter().flat_map(|(name, value)| [(*name).to_owned(), quoted(value)]);
    // An operand must not be taken for an option.
    let end = operands.iter().any(|operand| operand.starts_with('-')).then(|| "--".to_owned());
    let operands = operands.iter().map(|operand| quoted(operand));
    let words: Vec<String> =
        std::iter::once(fixed.to_owned()).chain(options).chain(end).chain(operands).collect();
    format!("`{}`", words.join(" "))
}

/// The words of a program that is started, as they would be typed.
#[must_use]
pub fn command_line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_shell_sees_exactly_the_words_that_were_meant() {
        let names = [
            "a;touch x",
            "$(touch x)",
            "`touch x`",
            "it's",
            "a b",
            "",
            "-x",
            "~",
            "a&b|c>d",
            "*",
            "gооd",
            "!!",
            "a\\b",
            "#a",
        ];
        for name in names {
            let pasted = command_with("printf '%s|'", &[], &[name, "https://a.example/?a=1&b='"]);
            let script = pasted.trim_matches('`');
            let output = Command::new("sh").args(["-c", script]).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let words: Vec<&str> = said.split_terminator('|').filter(|word| *word != "--").collect();
            assert_eq!(words.join("|"), format!("{name}|https://a.example/?a=1&b='"), "{script}");
        }
    }

    #[test]
    fn what_needs_no_quotes_has_none() {
        assert_eq!(command("mcp-valet authorize", &["linear"]), "`mcp-valet authorize linear`");
        let issuer = command_with("mcp-valet authorize", &[("--issuer", "https://a.example")], &["-x"]);
        assert_eq!(issuer, "`mcp-valet authorize --issuer https://a.example -- -x`");
    }
}
