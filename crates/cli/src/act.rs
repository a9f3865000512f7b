//! What was done, in a few words for a terminal.

use std::borrow::Cow;
use wire::{Act, AnyAct};

/// Of an act that only another version knows, its name has to do.
pub(crate) fn words(act: &AnyAct) -> Cow<'static, str> {
    match act {
        AnyAct::Known(act) => known(*act).into(),
        AnyAct::Unknown(name) => name.replace('_', " ").into(),
    }
}

const fn known(act: Act) -> &'static str {
    match act {
        Act::HandOut => "hand out",
        Act::Proxied => "proxied",
        Act::Refused => "refused",
        Act::AllowOnce => "allow once",
        Act::AllowSession => "allow session",
        Act::AllowAlways => "allow always",
        Act::Deny => "deny",
        Act::DenyAlways => "deny always",
        Act::ForgetAnswer => "forget answer",
        Act::SetAgents => "set agents",
        Act::SignIn => "sign in",
        Act::Obtain => "obtain",
        Act::Decline => "decline",
        Act::DeclineForGood => "decline for good",
        Act::Undecline => "undecline",
        Act::Revoke => "revoke",
        Act::RevokeAll => "revoke all",
        Act::Remove => "remove",
        Act::Add => "add",
        Act::AddRefused => "add refused",
        Act::SetClient => "set client",
        Act::SetLock => "set lock",
        Act::Configuration => "configuration",
        Act::ConfigurationRaised => "configuration raised",
        Act::Lock => "lock",
        Act::Unlock => "unlock",
        Act::MoveVault => "move vault",
        Act::ChangePassphrase => "change passphrase",
        Act::MendVault => "mend vault",
        Act::Torn => "torn",
        Act::AuditDamaged => "audit damaged",
        Act::Unproven => "unproven",
    }
}
