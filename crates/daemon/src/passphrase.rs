//! The passphrase of the encrypted file, typed where nobody reads along.

use crate::work::Task;
use broker::wire::{Reason, VaultKind};
use broker::{Mend, Secret, View};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io;
use words::say;

/// What is asked about the encrypted file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Asking {
    /// A first passphrase.
    Choose,
    /// The same once more.
    Repeat,
    /// The passphrase that it has.
    Enter,
    /// What becomes of a damaged file.
    Mend,
    /// Whether to begin anew, where a vault is gone or another than it was.
    Anew,
    /// A passphrase for a backup.
    ChooseForBackup,
    /// The same once more.
    RepeatForBackup,
    /// The passphrase that a backup has.
    EnterForRestore,
}

impl Asking {
    /// What there is to ask now, if a first passphrase was typed once or not.
    pub(crate) fn of(view: &View, chosen: bool) -> Option<Self> {
        let locked = view.locked.as_ref()?;
        match locked.reason() {
            Some(Reason::KeychainOther | Reason::VaultFileGone | Reason::VaultFileOther) => Some(Self::Anew),
            _ if view.vault != VaultKind::File => None,
            Some(Reason::PassphraseUnset) if chosen => Some(Self::Repeat),
            Some(Reason::PassphraseUnset) => Some(Self::Choose),
            Some(Reason::VaultFileDamaged) => Some(Self::Mend),
            Some(Reason::VaultFileRefused | Reason::VaultNewer) => None,
            _ => Some(Self::Enter),
        }
    }

    /// Whether what is typed must not be seen.
    pub(crate) const fn is_secret(self) -> bool {
        !matches!(self, Self::Mend | Self::Anew)
    }

    pub(crate) fn words(self) -> String {
        match self {
            Self::Choose => {
                format!("\n{}\n{} > ", say!(terminal_file_coming), say!(terminal_choose_passphrase))
            }
            Self::Repeat => format!("{} > ", say!(terminal_repeat_passphrase)),
            Self::Enter => format!("\n{} > ", say!(terminal_enter_passphrase)),
            Self::ChooseForBackup => {
                format!("\n{}\n{} > ", say!(terminal_backup_coming), say!(terminal_choose_passphrase))
            }
            Self::RepeatForBackup => format!("{} > ", say!(terminal_repeat_passphrase)),
            Self::EnterForRestore => format!("\n{} > ", say!(terminal_backup_passphrase)),
            Self::Mend => format!("\n{}\n  {} > ", say!(terminal_file_damaged), say!(terminal_copy_or_new)),
            Self::Anew => format!("\n{}\n  {} > ", say!(terminal_vault_gone), say!(terminal_type_anew)),
        }
    }

    /// Takes what was typed. `chosen` is the first passphrase, typed once.
    pub(crate) fn take(self, chosen: &mut Option<Secret>, line: &Secret) -> Taken {
        let typed = line.expose().strip_suffix('\n').unwrap_or(line.expose());
        let word = || typed.trim().to_lowercase();
        match self {
            // Whoever put the right one back wants to see it.
            Self::Anew if typed.is_empty() => Taken::Task(Task::Look),
            Self::ChooseForBackup | Self::RepeatForBackup | Self::EnterForRestore if typed.is_empty() => {
                *chosen = None;
                Taken::LetBe
            }
            _ if typed.is_empty() => Taken::Nothing,
            Self::Choose | Self::ChooseForBackup => {
                *chosen = Some(Secret::from(typed.to_owned()));
                Taken::Nothing
            }
            Self::Repeat => match chosen.take() {
                Some(first) if first.ct_eq(typed) => Taken::Task(Task::Open(first)),
                Some(_) | None => Taken::Said(say!(terminal_two_different)),
            },
            Self::RepeatForBackup => match chosen.take() {
                Some(first) if first.ct_eq(typed) => Taken::Passphrase(first),
                Some(_) | None => Taken::Said(say!(terminal_two_different)),
            },
            Self::EnterForRestore => Taken::Passphrase(Secret::from(typed.to_owned())),
            Self::Enter => Taken::Task(Task::Open(Secret::from(typed.to_owned()))),
            Self::Anew if word() == "anew" => Taken::Task(Task::Mend(Mend::Anew)),
            Self::Anew => Taken::Said(say!(terminal_anew_or_enter)),
            Self::Mend => match word().as_str() {
                "c" | "copy" => Taken::Task(Task::Mend(Mend::Copy)),
                "n" | "new" => Taken::Task(Task::Mend(Mend::Anew)),
                _ => Taken::Said(say!(terminal_c_or_n)),
            },
        }
    }
}

/// What comes of what was typed.
pub(crate) enum Taken {
    Nothing,
    Said(String),
    Task(Task),
    /// That of an errand.
    Passphrase(Secret),
    /// The errand is not wanted any more.
    LetBe,
}

/// A terminal that does not show what is typed, until this is dropped.
pub(crate) struct Hidden(Termios);

impl Hidden {
    /// What was typed before is thrown away: it was meant for something else. `None` where the terminal
    /// refuses.
    pub(crate) fn begin() -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden).ok()?;
        Some(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.0);
    }
}
