//! What a shell wants its window to show.

use serde::{Deserialize, Serialize};

/// A page that the window is to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Where it is in the window, such as `/servers/linear`.
    pub path: String,
    /// What the desktop gave to whoever asked for it (`XDG_ACTIVATION_TOKEN`), so that it lets the window
    /// come to the front.
    pub activation_token: Option<String>,
    /// Whether the window takes the keyboard.
    pub raise: Raise,
}

/// How a page comes up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Raise {
    /// The person asked for it just now: the window comes to the front, and the keyboard with it.
    Asked,
    /// By itself, or for a click on a notification, which any program on the bus can claim: what the person
    /// types goes on to where it went.
    #[default]
    Quietly,
}
