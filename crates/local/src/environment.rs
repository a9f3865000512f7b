//! What a program is told of the person's environment.

use crate::program::Word;
use std::env;
use std::ffi::OsString;

/// Variables that are handed on; whatever begins with `XDG_` is, besides.
const HANDED_ON: [&str; 18] = [
    "HOME",
    "PATH",
    "LANG",
    "TZ",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSH_AUTH_SOCK",
    "http_proxy",
    "https_proxy",
    "ftp_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "FTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
];

/// Those of this process.
pub(crate) fn handed_on() -> Vec<(OsString, Word)> {
    of(env::vars_os())
}

/// The same with another `PATH`, where there is one.
pub(crate) fn with_path(
    mut variables: Vec<(OsString, Word)>,
    path: Option<OsString>,
) -> Vec<(OsString, Word)> {
    if let Some(path) = path {
        variables.retain(|(name, _)| name != "PATH");
        variables.push(("PATH".into(), path.into()));
    }
    variables
}

fn of(variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<(OsString, Word)> {
    let is_handed_on = |name: &OsString| {
        name.to_str().is_some_and(|name| HANDED_ON.contains(&name) || name.starts_with("XDG_"))
    };
    variables.filter(|(name, _)| is_handed_on(name)).map(|(name, value)| (name, value.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_handed_on_that_is_not_named() {
        let told = ["HOME", "XDG_DATA_HOME", "GITHUB_TOKEN", "LD_PRELOAD", "https_proxy", "NODE_OPTIONS"];
        let handed_on = of(told.iter().map(|name| (OsString::from(name), OsString::from("x"))));
        let names: Vec<OsString> = handed_on.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["HOME", "XDG_DATA_HOME", "https_proxy"]);
    }
}
