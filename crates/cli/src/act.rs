//! What was done, in a few words for a terminal.

use wire::{Act, AnyAct};
use words::say;

/// Of an act that only another version knows, its name has to do.
pub(crate) fn words(act: &AnyAct) -> String {
    match act {
        AnyAct::Known(act) => known(*act),
        AnyAct::Unknown(name) => name.replace('_', " "),
    }
}

fn known(act: Act) -> String {
    match act {
        Act::HandOut => say!(act_hand_out),
        Act::Proxied => say!(act_proxied),
        Act::Refused => say!(act_refused),
        Act::AllowOnce => say!(act_allow_once),
        Act::AllowSession => say!(act_allow_session),
        Act::AllowAlways => say!(act_allow_always),
        Act::Deny => say!(act_deny),
        Act::DenyAlways => say!(act_deny_always),
        Act::ForgetAnswer => say!(act_forget_answer),
        Act::SetAgents => say!(act_set_agents),
        Act::SignIn => say!(act_sign_in),
        Act::Obtain => say!(act_obtain),
        Act::Decline => say!(act_decline),
        Act::DeclineForGood => say!(act_decline_for_good),
        Act::Undecline => say!(act_undecline),
        Act::Revoke => say!(act_revoke),
        Act::RevokeAll => say!(act_revoke_all),
        Act::Remove => say!(act_remove),
        Act::Add => say!(act_add),
        Act::AddRefused => say!(act_add_refused),
        Act::Edit => say!(act_edit),
        Act::SetClient => say!(act_set_client),
        Act::SetLock => say!(act_set_lock),
        Act::Configuration => say!(act_configuration),
        Act::ConfigurationRaised => say!(act_configuration_raised),
        Act::Lock => say!(act_lock),
        Act::Unlock => say!(act_unlock),
        Act::MoveVault => say!(act_move_vault),
        Act::ChangePassphrase => say!(act_change_passphrase),
        Act::MendVault => say!(act_mend_vault),
        Act::Torn => say!(act_torn),
        Act::AuditDamaged => say!(act_audit_damaged),
        Act::Unproven => say!(act_unproven),
        Act::AllowUntil => say!(act_allow_until),
        Act::DenyOnce => say!(act_deny_once),
        Act::DenyUntil => say!(act_deny_until),
        Act::SetKey => say!(act_set_key),
        Act::SetKeyRefused => say!(act_set_key_refused),
        Act::WipeKey => say!(act_wipe_key),
        Act::AllowCall => say!(act_allow_call),
        Act::AllowTool => say!(act_allow_tool),
        Act::DenyCall => say!(act_deny_call),
        Act::DenyTool => say!(act_deny_tool),
        Act::SetRules => say!(act_set_rules),
        Act::SetClasses => say!(act_set_classes),
        Act::ChooseAccount => say!(act_choose_account),
        Act::ChooseNoAccount => say!(act_choose_no_account),
        Act::SetUp => say!(act_set_up),
        Act::PutBack => say!(act_put_back),
        Act::ForgetFile => say!(act_forget_file),
        Act::SetUpRefused => say!(act_set_up_refused),
        Act::Forward => say!(act_forward),
        Act::ForwardEnded => say!(act_forward_ended),
        Act::LetIn => say!(act_let_in),
        Act::LetInEnded => say!(act_let_in_ended),
        Act::ForwardRefused => say!(act_forward_refused),
        Act::StopProgram => say!(act_stop_program),
        Act::BackUp => say!(act_back_up),
        Act::Restore => say!(act_restore),
    }
}
