//! What a person began by a command, and what waits for a passphrase of its own.

use crate::passphrase::Asking;
use crate::work::Task;
use broker::Secret;
use std::path::PathBuf;

/// Something that is done once its passphrase was typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    /// Copying everything to this file.
    BackUp(PathBuf),
    /// Taking in what this file has.
    Restore(PathBuf),
}

impl Errand {
    /// The errand of a command; `None` where it names no file.
    pub(crate) fn read(verb: &str, file: &str) -> Option<Self> {
        // A terminal knows `~` from its shell, and here is none.
        let home = || std::env::var_os("HOME").map(PathBuf::from);
        let file = match file.strip_prefix("~/") {
            Some(rest) => home()?.join(rest),
            None if file.is_empty() => return None,
            None => std::path::absolute(file).ok()?,
        };
        match verb {
            "backup" => Some(Self::BackUp(file)),
            "restore" => Some(Self::Restore(file)),
            _ => None,
        }
    }

    /// What is asked for it, if a new passphrase was typed once or not.
    pub(crate) const fn asking(&self, chosen: bool) -> Asking {
        match self {
            Self::BackUp(_) if chosen => Asking::RepeatForBackup,
            Self::BackUp(_) => Asking::ChooseForBackup,
            Self::Restore(_) => Asking::EnterForRestore,
        }
    }

    pub(crate) fn with(self, passphrase: Secret) -> Task {
        match self {
            Self::BackUp(file) => Task::BackUp(file, passphrase),
            Self::Restore(file) => Task::Restore(file, passphrase),
        }
    }
}
