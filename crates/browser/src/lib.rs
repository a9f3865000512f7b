//! Opens pages in the person's browser: `$BROWSER`, else as the desktop does. Never through a command shell.

use std::env;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use url::Url;

/// Some launchers stay for as long as their browser does; after this, the page is as good as open.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens a page, and says whether a browser took it. Only the web: a provider must not make us start another
/// program. Blocks for three seconds at most for each browser that is tried.
#[must_use]
pub fn open(url: &Url) -> bool {
    if !matches!(url.scheme(), "https" | "http") {
        return false;
    }
    let chosen = env::var("BROWSER").unwrap_or_default();
    chosen
        .split(':')
        .filter_map(|choice| command(choice, url))
        .chain(open::commands(url.as_str()))
        .any(launch)
}

/// One of the choices in `$BROWSER`: words between spaces, with the address where `%s` is, or else at the
/// end.
fn command(choice: &str, url: &Url) -> Option<Command> {
    let mut words = choice.split_ascii_whitespace();
    let mut command = Command::new(words.next()?);
    command.args(words.clone().map(|word| word.replace("%s", url.as_str())));
    if !words.any(|word| word.contains("%s")) {
        command.arg(url.as_str());
    }
    Some(command)
}

/// A thread stays with the process until it has ended, because nobody else would reap it.
fn launch(mut command: Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    let (done, ended) = mpsc::channel();
    thread::spawn(move || done.send(child.wait()));
    ended.recv_timeout(PATIENCE).map_or(true, |status| status.is_ok_and(|status| status.success()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    fn words(choice: &str) -> Option<Vec<String>> {
        let command = command(choice, &Url::parse("https://issuer.example/?a=b&c=%24").unwrap())?;
        let all = [command.get_program()].into_iter().chain(command.get_args());
        Some(all.map(|word| word.to_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn the_address_is_one_argument_where_it_is_wanted() {
        let address = "https://issuer.example/?a=b&c=%24";
        assert_eq!(words("firefox").unwrap(), ["firefox", address]);
        assert_eq!(
            words("chromium --app=%s --new").unwrap(),
            ["chromium", &format!("--app={address}"), "--new"]
        );
        assert_eq!(words(" "), None);
    }

    #[test]
    fn only_the_web_is_opened() {
        for other in ["file:///etc/passwd", "mailto:a@b.example", "javascript:alert(1)"] {
            assert!(!open(&Url::parse(other).unwrap()), "{other}");
        }
    }
}
