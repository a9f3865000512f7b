//! A key on its way to the valet. None comes back by this.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroize;

/// `PUT /v1/servers/{server}/keys/{key}`: a key for a header of a server. The person is asked.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetKey {
    /// The key.
    pub secret: KeyText,
    /// Seconds to wait for the person; 0 if absent, 600 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
}

/// The text of a key. It can be sent, not printed; its memory is wiped on drop.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyText(String);

impl KeyText {
    /// Takes the key over.
    #[must_use]
    pub fn new(key: String) -> Self {
        Self(key)
    }

    /// The key itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

impl Drop for KeyText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
