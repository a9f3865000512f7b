//! An act as it is read, of whichever version it is.

use crate::{Act, ActKind};
use serde::{Deserialize, Serialize};

/// An act that is read: an older or a newer version may name one that this version does not know, and no line
/// is lost for that. Only [`Act`]s are written.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AnyAct {
    /// One that this version knows.
    Known(Act),
    /// The name of another.
    Unknown(String),
}

impl AnyAct {
    /// What kind of thing it is.
    #[must_use]
    pub const fn kind(&self) -> ActKind {
        match self {
            Self::Known(act) => act.kind(),
            Self::Unknown(_) => ActKind::Other,
        }
    }

    /// Its name in the audit.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Known(act) => act.name(),
            Self::Unknown(name) => name,
        }
    }
}

impl From<Act> for AnyAct {
    fn from(act: Act) -> Self {
        Self::Known(act)
    }
}

impl PartialEq<Act> for AnyAct {
    fn eq(&self, act: &Act) -> bool {
        matches!(self, Self::Known(known) if known == act)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_of_another_version_stays_as_it_is() {
        let line = "\"lend_out\"";
        let act: AnyAct = serde_json::from_str(line).unwrap();
        assert_eq!((act.name(), act.kind()), ("lend_out", ActKind::Other));
        assert_eq!(serde_json::to_string(&act).unwrap(), line);
    }
}
