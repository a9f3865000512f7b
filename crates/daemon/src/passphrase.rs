//! The passphrase of the encrypted file, typed where nobody reads along.

use crate::work::Deed;
use broker::wire::{Reason, VaultKind};
use broker::{Mend, Secret, View};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io;

/// What is asked about the encrypted file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Ask {
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
}

impl Ask {
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

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Choose => {
                "\nYour sign-ins are going to be kept in an encrypted file. Nobody can open it without its passphrase, and \
                 nobody can find that out for you.\nChoose a passphrase > "
            }
            Self::Repeat => "Type it again > ",
            Self::Enter => "\nPassphrase of the encrypted file > ",
            Self::Mend => {
                "\nThe encrypted file is damaged. It is kept whatever you choose.\n  Use its [c]opy   Begin a [n]ew file > "
            }
            Self::Anew => {
                "\nWhat was kept is not there: it may be another keyring, or a file that was moved away. Put it back, then press Enter.\n  \
                 If it is lost, type anew to begin with nothing > "
            }
        }
    }

    /// Takes what was typed. `chosen` is the first passphrase, typed once.
    pub(crate) fn take(self, chosen: &mut Option<Secret>, line: &Secret) -> Taken {
        let typed = line.expose().strip_suffix('\n').unwrap_or(line.expose());
        let word = || typed.trim().to_lowercase();
        match self {
            // Whoever put the right one back wants to see it.
            Self::Anew if typed.is_empty() => Taken::Deed(Deed::Look),
            _ if typed.is_empty() => Taken::Said(""),
            Self::Choose => {
                *chosen = Some(Secret::from(typed.to_owned()));
                Taken::Said("")
            }
            Self::Repeat => match chosen.take() {
                Some(first) if first.ct_eq(typed) => Taken::Deed(Deed::Open(first)),
                Some(_) | None => Taken::Said("These are two different ones.\n"),
            },
            Self::Enter => Taken::Deed(Deed::Open(Secret::from(typed.to_owned()))),
            Self::Anew if word() == "anew" => Taken::Deed(Deed::Mend(Mend::Anew)),
            Self::Anew => Taken::Said("Please type anew, or nothing but Enter.\n"),
            Self::Mend => match word().as_str() {
                "c" | "copy" => Taken::Deed(Deed::Mend(Mend::Copy)),
                "n" | "new" => Taken::Deed(Deed::Mend(Mend::Anew)),
                _ => Taken::Said("Please answer c or n.\n"),
            },
        }
    }
}

/// What comes of what was typed.
pub(crate) enum Taken {
    Said(&'static str),
    Deed(Deed),
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
