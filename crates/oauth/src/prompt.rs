//! What an issuer is asked to show before a sign-in (OpenID Connect Core §3.1.2.1, `prompt`).

/// Which account a sign-in is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AccountChoice {
    /// Whichever the issuer takes by itself: most take the one that the browser is signed in with.
    #[default]
    ByTheIssuer,
    /// The one that the person chooses there.
    ByThePerson,
}

/// Lets the person choose among accounts.
const SELECT: &str = "select_account";
/// Has the person sign in there anew, as whoever they like.
const LOGIN: &str = "login";

/// The value by which an issuer lets the person choose an account. `offered` is what its metadata lists; who
/// speaks OpenID Connect and lists nothing has `login` at least (§15.1), and nobody else is asked for it.
pub(crate) fn choosing(offered: Option<&[String]>, is_openid: bool) -> Option<&'static str> {
    match offered {
        Some(offered) => [SELECT, LOGIN].into_iter().find(|value| offered.iter().any(|one| one == value)),
        None => is_openid.then_some(LOGIN),
    }
}

/// A value of `prompt` beside those that are wanted already; `none` goes with no other.
pub(crate) fn with(wanted: Option<&str>, value: &str) -> String {
    let others = wanted.unwrap_or_default().split_ascii_whitespace();
    let others = others.filter(|other| !["none", value].contains(other));
    others.chain([value]).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_asked_for_what_it_says_that_it_can() {
        let offers = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(choosing(Some(&offers("none login select_account")), true), Some(SELECT));
        assert_eq!(choosing(Some(&offers("login consent")), true), Some(LOGIN));
        assert_eq!(choosing(Some(&offers("none")), true), None);
        assert_eq!((choosing(None, true), choosing(None, false)), (Some(LOGIN), None));
    }

    #[test]
    fn it_stands_beside_what_is_wanted_anyway() {
        assert_eq!(with(Some("consent"), SELECT), "consent select_account");
        assert_eq!((with(None, LOGIN), with(Some("none"), LOGIN)), (LOGIN.to_owned(), LOGIN.to_owned()));
    }
}
