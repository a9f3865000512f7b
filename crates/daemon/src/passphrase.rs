//! The passphrase of the encrypted file, typed where nobody reads along.

use broker::wire::VaultKind;
use broker::{Mend, Person, Secret, View};
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
        if matches!(locked.reason.as_deref(), Some("keychain_other" | "vault_file_gone" | "vault_file_other"))
        {
            return Some(Self::Anew);
        }
        if view.vault != VaultKind::File {
            return None;
        }
        match locked.reason.as_deref() {
            Some("passphrase_unset") if chosen => Some(Self::Repeat),
            Some("passphrase_unset") => Some(Self::Choose),
            Some("vault_file_damaged") => Some(Self::Mend),
            Some("vault_file_refused" | "vault_newer") => None,
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

    /// Takes what was typed; answers what there is to say. `chosen` is the first passphrase, typed once.
    pub(crate) async fn take(self, person: &Person, chosen: &mut Option<Secret>, line: Secret) -> String {
        let typed = line.expose().strip_suffix('\n').unwrap_or(line.expose());
        let done = match self {
            // Whoever put the right one back wants to see it.
            Self::Anew if typed.is_empty() => {
                return person.unlock().await.map_or_else(|_| "\n".to_owned(), |()| String::new());
            }
            _ if typed.is_empty() => return "\n".to_owned(),
            Self::Choose => {
                *chosen = Some(Secret::from(typed.to_owned()));
                return "\n".to_owned();
            }
            Self::Repeat => match chosen.take() {
                Some(first) if first.ct_eq(typed) => person.open_vault(first).await,
                Some(_) | None => return "\nThese are two different ones.\n".to_owned(),
            },
            Self::Enter => person.open_vault(Secret::from(typed.to_owned())).await,
            Self::Anew => match typed.trim().to_lowercase().as_str() {
                "anew" => person.mend_vault(Mend::Anew).await,
                _ => return "Please type anew, or nothing but Enter.\n".to_owned(),
            },
            Self::Mend => match typed.trim().to_lowercase().as_str() {
                "c" | "copy" => person.mend_vault(Mend::Copy).await,
                "n" | "new" => person.mend_vault(Mend::Anew).await,
                _ => return "Please answer c or n.\n".to_owned(),
            },
        };
        match done {
            Ok(()) if matches!(self, Self::Mend | Self::Anew) => String::new(),
            Ok(()) => "\nThe encrypted file is open.\n".to_owned(),
            Err(problem) => format!("\n{}. {}\n", problem.detail, problem.advice),
        }
    }
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
