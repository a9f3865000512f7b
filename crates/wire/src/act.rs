//! What was done, as the audit names it.

use serde::{Deserialize, Serialize};

/// What was done. The names are in files that outlive a version: none is ever given to another act.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A program got a token.
    HandOut,
    /// A program used a server through the proxy.
    Proxied,
    /// A program got nothing.
    Refused,
    /// The person allowed one token.
    AllowOnce,
    /// The person allowed a program until the valet ends.
    AllowSession,
    /// The person allowed a program until they take it back.
    AllowAlways,
    /// The person refused a program until the valet ends.
    Deny,
    /// The person refused a program until they take it back.
    DenyAlways,
    /// The person took an answer back.
    ForgetAnswer,
    /// The person set what new programs get.
    SetAgents,
    /// A sign-in began to hold.
    SignIn,
    /// A grant was obtained with nobody signing in.
    Obtain,
    /// Somebody said "not now".
    Decline,
    /// The person said "don't ask".
    DeclineForGood,
    /// The person took either back.
    Undecline,
    /// A grant was ended.
    Revoke,
    /// All grants were ended.
    RevokeAll,
    /// A server was taken out of the configuration.
    Remove,
    /// A server was put into the configuration.
    Add,
    /// The person did not let a program add a server.
    AddRefused,
    /// The person changed a server's name, address or scopes.
    Edit,
    /// The person filled in a client.
    SetClient,
    /// The person set when to lock.
    SetLock,
    /// The configuration file was changed.
    Configuration,
    /// The configuration file allowed more than at the last start.
    ConfigurationRaised,
    /// Secrets were wiped from memory.
    Lock,
    /// The vault was opened again.
    Unlock,
    /// What is kept was moved to another vault.
    MoveVault,
    /// The passphrase was changed.
    ChangePassphrase,
    /// The encrypted file was repaired, or begun anew.
    MendVault,
    /// A crash left a line unfinished. This one accounts for it.
    Torn,
    /// The audit is not as it was written.
    AuditDamaged,
    /// Entries were there that nothing shows to be ours.
    Unproven,
    /// The person allowed a program until a moment.
    AllowUntil,
    /// The person refused what a program asked for once.
    DenyOnce,
    /// The person refused a program until a moment.
    DenyUntil,
    /// A key was set.
    SetKey,
    /// The person did not let a program set a key.
    SetKeyRefused,
    /// A key was wiped.
    WipeKey,
    /// The person let one call of a tool through.
    AllowCall,
    /// The person let calls of a tool through, for a while.
    AllowTool,
    /// The person refused one call of a tool.
    DenyCall,
    /// The person refused calls of a tool, for a while.
    DenyTool,
    /// The person set what a program may do at a server, or programs that were never answered about.
    SetRules,
    /// The person said what tools of a server do.
    SetClasses,
    /// The person named the account that a program is to use in a folder.
    ChooseAccount,
    /// The person named none.
    ChooseNoAccount,
    /// A file of another program was made to lead here.
    SetUp,
    /// What was written into it was taken back.
    PutBack,
    /// The person did not let a program have files of others changed.
    SetUpRefused,
    /// What was written into it is not to be taken back any more.
    ForgetFile,
    /// A socket in another place was led here.
    Forward,
    /// It was led here no more.
    ForwardEnded,
    /// The person did not let a program have one led here.
    ForwardRefused,
    /// A client of the door was let in to a server.
    LetIn,
    /// It was let in no more.
    LetInEnded,
    /// The person ended the programs of a server that ran.
    StopProgram,
    /// All that is kept was copied to a file.
    BackUp,
    /// All that is kept was taken in from such a file.
    Restore,
}

/// What kind of thing was done.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// An agent got a token, or used a server through the proxy.
    Use,
    /// An agent got nothing.
    Refusal,
    /// The person said who may use what.
    Answer,
    /// A sign-in began to hold, or ended.
    SignIn,
    /// All else.
    Other,
}

impl Act {
    /// What kind of thing it is.
    #[must_use]
    pub const fn kind(self) -> ActKind {
        match self {
            Self::HandOut | Self::Proxied => ActKind::Use,
            Self::Refused => ActKind::Refusal,
            Self::AllowOnce
            | Self::AllowSession
            | Self::AllowAlways
            | Self::Deny
            | Self::DenyAlways
            | Self::AllowUntil
            | Self::DenyOnce
            | Self::DenyUntil
            | Self::AllowCall
            | Self::AllowTool
            | Self::DenyCall
            | Self::DenyTool
            | Self::SetRules
            | Self::SetClasses
            | Self::ChooseAccount
            | Self::ChooseNoAccount
            | Self::ForgetAnswer
            | Self::SetAgents => ActKind::Answer,
            Self::SignIn
            | Self::Obtain
            | Self::Decline
            | Self::DeclineForGood
            | Self::Undecline
            | Self::Revoke
            | Self::RevokeAll
            | Self::SetKey
            | Self::WipeKey => ActKind::SignIn,
            Self::Remove
            | Self::Add
            | Self::AddRefused
            | Self::SetKeyRefused
            | Self::SetUp
            | Self::PutBack
            | Self::SetUpRefused
            | Self::ForgetFile
            | Self::Forward
            | Self::ForwardEnded
            | Self::LetIn
            | Self::LetInEnded
            | Self::ForwardRefused
            | Self::StopProgram
            | Self::Edit
            | Self::SetClient
            | Self::SetLock
            | Self::Configuration
            | Self::ConfigurationRaised
            | Self::Lock
            | Self::Unlock
            | Self::MoveVault
            | Self::ChangePassphrase
            | Self::MendVault
            | Self::BackUp
            | Self::Restore
            | Self::Torn
            | Self::AuditDamaged
            | Self::Unproven => ActKind::Other,
        }
    }

    /// Its name in the audit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HandOut => "hand_out",
            Self::Proxied => "proxied",
            Self::Refused => "refused",
            Self::AllowOnce => "allow_once",
            Self::AllowSession => "allow_session",
            Self::AllowAlways => "allow_always",
            Self::Deny => "deny",
            Self::DenyAlways => "deny_always",
            Self::ForgetAnswer => "forget_answer",
            Self::SetAgents => "set_agents",
            Self::SignIn => "sign_in",
            Self::Obtain => "obtain",
            Self::Decline => "decline",
            Self::DeclineForGood => "decline_for_good",
            Self::Undecline => "undecline",
            Self::Revoke => "revoke",
            Self::RevokeAll => "revoke_all",
            Self::Remove => "remove",
            Self::Add => "add",
            Self::AddRefused => "add_refused",
            Self::Edit => "edit",
            Self::SetClient => "set_client",
            Self::SetLock => "set_lock",
            Self::Configuration => "configuration",
            Self::ConfigurationRaised => "configuration_raised",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::MoveVault => "move_vault",
            Self::ChangePassphrase => "change_passphrase",
            Self::MendVault => "mend_vault",
            Self::Torn => "torn",
            Self::AuditDamaged => "audit_damaged",
            Self::Unproven => "unproven",
            Self::AllowUntil => "allow_until",
            Self::DenyOnce => "deny_once",
            Self::DenyUntil => "deny_until",
            Self::SetKey => "set_key",
            Self::SetKeyRefused => "set_key_refused",
            Self::WipeKey => "wipe_key",
            Self::AllowCall => "allow_call",
            Self::AllowTool => "allow_tool",
            Self::DenyCall => "deny_call",
            Self::DenyTool => "deny_tool",
            Self::SetRules => "set_rules",
            Self::SetClasses => "set_classes",
            Self::ChooseAccount => "choose_account",
            Self::ChooseNoAccount => "choose_no_account",
            Self::SetUp => "set_up",
            Self::PutBack => "put_back",
            Self::SetUpRefused => "set_up_refused",
            Self::ForgetFile => "forget_file",
            Self::Forward => "forward",
            Self::ForwardEnded => "forward_ended",
            Self::ForwardRefused => "forward_refused",
            Self::LetIn => "let_in",
            Self::LetInEnded => "let_in_ended",
            Self::StopProgram => "stop_program",
            Self::BackUp => "back_up",
            Self::Restore => "restore",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnyAct;

    const ALL: [Act; Act::Restore as usize + 1] = [
        Act::HandOut,
        Act::Proxied,
        Act::Refused,
        Act::AllowOnce,
        Act::AllowSession,
        Act::AllowAlways,
        Act::Deny,
        Act::DenyAlways,
        Act::ForgetAnswer,
        Act::SetAgents,
        Act::SignIn,
        Act::Obtain,
        Act::Decline,
        Act::DeclineForGood,
        Act::Undecline,
        Act::Revoke,
        Act::RevokeAll,
        Act::Remove,
        Act::Add,
        Act::AddRefused,
        Act::Edit,
        Act::SetClient,
        Act::SetLock,
        Act::Configuration,
        Act::ConfigurationRaised,
        Act::Lock,
        Act::Unlock,
        Act::MoveVault,
        Act::ChangePassphrase,
        Act::MendVault,
        Act::Torn,
        Act::AuditDamaged,
        Act::Unproven,
        Act::AllowUntil,
        Act::DenyOnce,
        Act::DenyUntil,
        Act::SetKey,
        Act::SetKeyRefused,
        Act::WipeKey,
        Act::AllowCall,
        Act::AllowTool,
        Act::DenyCall,
        Act::DenyTool,
        Act::SetRules,
        Act::SetClasses,
        Act::ChooseAccount,
        Act::ChooseNoAccount,
        Act::SetUp,
        Act::PutBack,
        Act::SetUpRefused,
        Act::ForgetFile,
        Act::Forward,
        Act::ForwardEnded,
        Act::ForwardRefused,
        Act::LetIn,
        Act::LetInEnded,
        Act::StopProgram,
        Act::BackUp,
        Act::Restore,
    ];

    #[test]
    fn every_act_is_read_back_as_it_was_written() {
        for (at, act) in ALL.into_iter().enumerate() {
            assert_eq!(act as usize, at, "{act:?} stands twice, and another is missing");
            let line = serde_json::to_string(&AnyAct::from(act)).unwrap();
            assert_eq!(line, format!("\"{}\"", act.name()));
            assert_eq!(serde_json::from_str::<AnyAct>(&line).unwrap(), AnyAct::Known(act));
        }
    }
}
