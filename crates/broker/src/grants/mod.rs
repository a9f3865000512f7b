//! How a grant begins, renews and ends.

pub(crate) mod apart;
pub(crate) mod chosen;
pub(crate) mod credential;
pub(crate) mod fleet;
pub(crate) mod refresh;
pub(crate) mod registration;
pub(crate) mod revoke;
pub(crate) mod signin;
pub(crate) mod source;
pub(crate) mod stopped;
pub(crate) mod unattended;
pub(crate) mod verify;
