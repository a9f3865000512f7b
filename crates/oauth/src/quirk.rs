//! What providers do differently from the specifications: data, never an `if` elsewhere.

use crate::issuer::Issuer;

/// How one provider differs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Quirk {
    /// Supports S256 but does not say so.
    pub(crate) assume_pkce: bool,
    /// Fails when the `resource` parameter is sent.
    pub(crate) omit_resource: bool,
    /// Issues access tokens that only its own APIs can read, though they look like JWTs.
    pub(crate) opaque_tokens: bool,
    /// Separates granted scopes by commas.
    pub(crate) comma_scopes: bool,
    /// Gives refresh tokens for `offline_access` alone; to be asked for consent each time is refused to many of its people.
    pub(crate) offline_without_prompt: bool,
}

const NONE: Quirk = Quirk {
    assume_pkce: false,
    omit_resource: false,
    opaque_tokens: false,
    comma_scopes: false,
    offline_without_prompt: false,
};
const ENTRA: Quirk = Quirk {
    assume_pkce: true,
    omit_resource: true,
    opaque_tokens: true,
    offline_without_prompt: true,
    ..NONE
};
const GITHUB: Quirk = Quirk { comma_scopes: true, ..NONE };

/// Keyed by the issuer's host.
const TABLE: &[(&str, Quirk)] = &[
    ("login.microsoftonline.com", ENTRA),
    ("login.microsoftonline.us", ENTRA),
    ("login.partner.microsoftonline.cn", ENTRA),
    ("github.com", GITHUB),
];

/// How this issuer differs.
pub(crate) fn of(issuer: &Issuer) -> &'static Quirk {
    let host = issuer.url().host_str().unwrap_or_default();
    TABLE.iter().find(|(name, _)| *name == host).map_or(&NONE, |(_, quirk)| quirk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_for_its_host_alone() {
        let quirk = |raw| of(&Issuer::parse(raw).unwrap());
        assert_eq!(quirk("https://login.microsoftonline.com/t/v2.0"), &ENTRA);
        assert_eq!(quirk("https://login.microsoftonline.com.evil.example/t/v2.0"), &NONE);
    }
}
