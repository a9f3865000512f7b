//! What a shell wants its window to show.

use serde::{Deserialize, Serialize};

/// A page of the window, to be brought to the front.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Where it is in the window, such as `/servers/linear`.
    pub path: String,
    /// What the desktop gave to whoever asked for it (`XDG_ACTIVATION_TOKEN`), so that it lets the window
    /// come to the front.
    pub activation_token: Option<String>,
}
