//! What a caller is told whose folder does not lead to an account that it may use.

use wire::{Code, Problem, Reason};
use words::say;

/// Why it cannot be told where a program works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// It sees other files than we do.
    Elsewhere,
    /// The folder is gone.
    Removed,
    /// It cannot be looked at.
    Unreadable,
}

/// Accounts go by the folder, and nobody can tell which that is.
#[must_use]
pub fn folder_unknown(url: &str, agent: &str, hidden: Hidden) -> Problem {
    let detail = match hidden {
        Hidden::Elsewhere => say!(problem_folder_elsewhere, agent = agent, url = url),
        Hidden::Removed => say!(problem_folder_removed, agent = agent, url = url),
        Hidden::Unreadable => say!(problem_folder_unreadable, agent = agent, url = url),
    };
    Problem::new(Code::Denied, detail, say!(problem_folder_advice)).because(Reason::FolderUnknown)
}

/// The program has an account already, and went to where another one is meant.
#[must_use]
pub fn folder_changed(agent: &str, before: &str, now: &str, folder: &str) -> Problem {
    let detail = say!(problem_folder_changed, agent = agent, before = before, now = now, folder = folder);
    Problem::new(Code::Denied, detail, say!(problem_folder_changed_advice)).because(Reason::FolderChanged)
}

/// The folder of a question is not where it was any more.
#[must_use]
pub fn folder_moved(folder: &str) -> Problem {
    super::invalid_request(say!(problem_folder_moved, folder = folder), say!(problem_folder_moved_advice))
}

/// The person named none.
#[must_use]
pub fn account_refused(url: &str, agent: &str, folder: &str) -> Problem {
    let detail = say!(problem_account_refused, agent = agent, url = url, folder = folder);
    Problem::new(Code::Denied, detail, say!(problem_account_refused_advice)).because(Reason::AccountRefused)
}

/// No account is for the folder, and nobody can be asked.
#[must_use]
pub fn account_unclear(url: &str, agent: &str, folder: &str) -> Problem {
    let detail = say!(problem_account_unclear, agent = agent, url = url, folder = folder);
    Problem::new(Code::ConsentRequired, detail, say!(problem_account_unclear_advice))
        .because(Reason::NobodyToAsk)
}

/// The person has not answered in time; a late answer counts.
#[must_use]
pub fn account_asked(url: &str, agent: &str, folder: &str) -> Problem {
    let detail = say!(problem_account_asked, agent = agent, url = url, folder = folder);
    Problem::new(Code::Timeout, detail, say!(problem_account_asked_advice)).because(Reason::AccountAsked)
}
