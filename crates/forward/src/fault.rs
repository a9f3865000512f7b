//! Why a place is not led here, or no longer.

use words::say;

/// What `ssh` says where it is not let in, or will not go in. Each further try would be one more failed login
/// there.
const REFUSALS: [&str; 4] = [
    "Permission denied",
    "Host key verification",
    "HOST IDENTIFICATION HAS CHANGED",
    "Too many authentication",
];

/// Why a place is not led here, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The program that leads there cannot be started.
    #[error("{}", say!(forward_fault_no_program, program = program, why = why))]
    NoProgram {
        /// The program.
        program: String,
        /// What the system said.
        why: String,
    },
    /// It ended; these are the last words of it, as a person may read them.
    #[error("{}", say!(forward_fault_ended, words = .0))]
    Ended(String),
    /// The place does not let a socket be led here.
    #[error("{}", say!(forward_fault_not_let, words = .0))]
    NotLet(String),
    /// Nothing was said in time.
    #[error("{}", say!(forward_fault_silent))]
    Silent,
    /// What was said is not what was asked for.
    #[error("{}", say!(forward_fault_garbled))]
    Garbled,
    /// The home there cannot be named to `ssh`.
    #[error("{}", say!(forward_fault_home))]
    Home,
    /// The folder for the socket there is a link, or another user's.
    #[error("{}", say!(forward_fault_folder))]
    Folder,
    /// Another forward has taken the socket there.
    #[error("{}", say!(forward_fault_taken))]
    Taken,
    /// No engine knows such a container; this is what one said.
    #[error("{}", say!(forward_fault_no_container, words = .0))]
    NoContainer(String),
    /// The container does not run.
    #[error("{}", say!(forward_fault_stopped))]
    Stopped,
    /// Another container has its name.
    #[error("{}", say!(forward_fault_replaced))]
    Replaced,
    /// What the engine names is no process of the container on this machine.
    #[error("{}", say!(forward_fault_not_here))]
    NotHere,
    /// Its files do not answer.
    #[error("{}", say!(forward_fault_hangs))]
    Hangs,
    /// This user may not make a socket in it.
    #[error("{}", say!(forward_fault_closed, why = .0))]
    Closed(String),
    /// What runs in it is another user here, to whom the socket would not be open.
    #[error("{}", say!(forward_fault_other_user, user = .0.to_string()))]
    OtherUser(u32),
    /// It sees the files of this machine: it is no container.
    #[error("{}", say!(forward_fault_not_apart))]
    NotApart,
    /// The socket on this side cannot be made.
    #[error("{}", say!(forward_fault_near, why = .0))]
    Near(String),
}

impl Fault {
    /// A stable name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoProgram { .. } => "no_program",
            Self::Ended(_) => "ended",
            Self::NotLet(_) => "not_let",
            Self::Silent => "silent",
            Self::Garbled => "garbled",
            Self::Home => "home",
            Self::Folder => "folder",
            Self::Taken => "taken",
            Self::NoContainer(_) => "no_container",
            Self::Stopped => "stopped",
            Self::Replaced => "replaced",
            Self::NotHere => "not_here",
            Self::Hangs => "hangs",
            Self::Closed(_) => "closed",
            Self::OtherUser(_) => "other_user",
            Self::NotApart => "not_apart",
            Self::Near(_) => "near",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::NoProgram { .. } => say!(forward_fault_no_program_advice),
            Self::Ended(_) | Self::Silent => say!(forward_fault_ended_advice),
            Self::NotLet(_) => say!(forward_fault_not_let_advice),
            Self::Garbled => say!(forward_fault_garbled_advice),
            Self::Home => say!(forward_fault_home_advice),
            Self::Folder => say!(forward_fault_folder_advice),
            Self::Taken => say!(forward_fault_taken_advice),
            Self::NoContainer(_) | Self::Stopped => say!(forward_fault_no_container_advice),
            Self::Replaced => say!(forward_fault_replaced_advice),
            Self::NotHere => say!(forward_fault_not_here_advice),
            Self::Hangs => say!(forward_fault_hangs_advice),
            Self::Closed(_) => say!(forward_fault_closed_advice),
            Self::OtherUser(_) => say!(forward_fault_other_user_advice),
            Self::NotApart => say!(forward_fault_not_apart_advice),
            Self::Near(_) => say!(forward_fault_near_advice),
        }
    }

    /// Whether another try may come to something else without the person.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::NotLet(_)
            | Self::Garbled
            | Self::Home
            | Self::Folder
            | Self::Taken
            | Self::Replaced
            | Self::NotHere
            | Self::Hangs
            | Self::OtherUser(_)
            | Self::NotApart => false,
            Self::Ended(words) => !REFUSALS.iter().any(|refusal| words.contains(refusal)),
            Self::NoProgram { .. }
            | Self::Silent
            | Self::NoContainer(_)
            | Self::Stopped
            | Self::Closed(_)
            | Self::Near(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_not_let_in_does_not_knock_for_ever() {
        let ended = |words: &str| Fault::Ended(words.to_owned());
        for fault in [
            ended("me@build: Permission denied (publickey)."),
            ended("Host key verification failed."),
            Fault::NotLet(String::new()),
            Fault::Garbled,
            Fault::Home,
            Fault::Folder,
            Fault::Replaced,
            Fault::OtherUser(0),
        ] {
            assert!(!fault.may_pass(), "{fault:?}");
        }
        for fault in [ended("Connection reset"), Fault::Silent, Fault::Stopped] {
            assert!(fault.may_pass(), "{fault:?}");
        }
    }
}
