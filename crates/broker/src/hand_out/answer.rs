//! A token or a key as it goes out.

use crate::hand_out::seal::GoingKey;
use jiff::Timestamp;
use serde::Serialize;
use state::item::Grant;
use zeroize::Zeroizing;

/// Bytes that an answer has beside its token, mostly.
const ROOM: usize = 512;

/// A [`wire::Token`] as JSON.
pub(crate) struct Answer(Vec<u8>);

/// What of it is not the token itself.
#[derive(Serialize)]
struct Beside<'a> {
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'a str,
    server: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'a str>,
}

impl Answer {
    pub(super) fn of(server: &str, grant: &Grant, now: Timestamp) -> Self {
        let scope = match grant.parts.scopes.as_slice() {
            [one] => one,
            scopes => &scopes.join(" "),
        };
        let beside = Beside {
            token_type: "Bearer",
            expires_in: grant.seconds_left(now).map(|left| u64::try_from(left).unwrap_or(0)),
            scope,
            server,
            resource: grant.parts.resource.as_deref(),
            header: None,
            prefix: None,
        };
        Self::beside(grant.spoken().expose(), &beside)
    }

    /// RFC 8693 §2.2.1 has a name for what is no access token.
    pub(super) fn of_key(server: &str, key: &GoingKey) -> Self {
        let is_bearer =
            key.header.eq_ignore_ascii_case("authorization") && key.before.eq_ignore_ascii_case("bearer ");
        let beside = Beside {
            token_type: if is_bearer { "Bearer" } else { "N_A" },
            expires_in: None,
            scope: "",
            server,
            resource: None,
            header: Some(&key.header),
            prefix: Some(key.before.as_str()).filter(|before| !before.is_empty()),
        };
        let spoken = Zeroizing::new(serde_json::to_string(key.secret.expose()).unwrap_or_default());
        Self::beside(&spoken, &beside)
    }

    /// `token` is as JSON has it.
    fn beside(token: &str, beside: &Beside<'_>) -> Self {
        let mut text = Vec::with_capacity(token.len() + ROOM);
        text.extend_from_slice(b"{\"access_token\":");
        text.extend_from_slice(token.as_bytes());
        let end = text.len();
        // What is serialized is an object of its own, whose first bracket becomes the comma between the
        // two. Text and numbers always have a form.
        let _ = serde_json::to_writer(&mut text, beside);
        text.iter_mut().skip(end).take(1).for_each(|bracket| *bracket = b',');
        Self(text)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
