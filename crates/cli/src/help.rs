//! The help of the command line, in the person's language. Only who reads it has it put together: a command
//! that is understood starts without.

use crate::command::Options;
use clap::builder::Styles;
use clap::{Arg, Command, CommandFactory};
use words::say;

/// The command line with its help.
pub(crate) fn command() -> Command {
    let mut command = Options::command();
    // What clap adds itself is there from here on.
    command.build();
    command
        .about(say!(help_valet))
        .subcommand_help_heading(say!(help_commands))
        .help_template(template())
        .mut_args(|arg| described("", arg))
        .mut_subcommands(|command| subcommand(command, ""))
}

/// A command below those that are named `above`. What stands below "help" are the same commands once more.
fn subcommand(command: Command, above: &str) -> Command {
    let name = command.get_name().to_owned();
    let whole = format!("{above} {name}").trim().to_owned();
    let (path, text) = match name.as_str() {
        "help" => (above, about("help")),
        _ => (&*whole, about(&whole)),
    };
    let command = command
        .help_template(template())
        .subcommand_help_heading(say!(help_commands))
        .mut_args(|arg| described(&name, arg))
        .mut_subcommands(|command| subcommand(command, path));
    match text {
        Some(text) => command.about(text),
        None => command,
    }
}

/// As clap's own, but for its word for "usage".
fn template() -> String {
    let style = *Styles::styled().get_usage();
    let usage = say!(help_usage);
    format!("{{about-with-newline}}\n{style}{usage}{style:#} {{usage}}\n\n{{all-args}}")
}

/// An argument with its help, and the value that it has if nobody gives one.
fn described(command: &str, arg: Arg) -> Arg {
    let heading = if arg.is_positional() { say!(help_arguments) } else { say!(help_options) };
    let arg = arg.help_heading(heading).hide_default_value(true);
    let place = arg.get_index().unwrap_or_default();
    let arg = if arg.is_positional() { arg.display_order(place) } else { arg };
    let Some(text) = help(command, arg.get_id().as_str()) else { return arg };
    let takes_value = arg.get_action().takes_values();
    let default =
        arg.get_default_values().first().filter(|_| takes_value).map(|value| value.to_string_lossy());
    match default {
        Some(value) => {
            let text = say!(help_default, text = text, value = value.into_owned());
            arg.help(text)
        }
        None => arg.help(text),
    }
}

fn about(command: &str) -> Option<String> {
    Some(match command {
        "add" => say!(help_add),
        "import" => say!(help_import),
        "setup" => say!(help_setup),
        "adopt" => say!(help_adopt),
        "list" => say!(help_list),
        "show" => say!(help_show),
        "authorize" => say!(help_authorize),
        "token" => say!(help_token),
        "headers" => say!(help_headers),
        "connect" => say!(help_connect),
        "exec" => say!(help_exec),
        "doctor" => say!(help_doctor),
        "decline" => say!(help_decline),
        "revoke" => say!(help_revoke),
        "remove" => say!(help_remove),
        "key" => say!(help_key),
        "key set" => say!(help_key_set),
        "forward" => say!(help_forward),
        "forward list" => say!(help_forward_list),
        "door" => say!(help_door),
        "door list" => say!(help_door_list),
        "door take-back" => say!(help_door_take_back),
        "key list" => say!(help_key_list),
        "key remove" => say!(help_key_remove),
        "forward ssh" => say!(help_forward_ssh),
        "forward container" => say!(help_forward_container),
        "forward close" => say!(help_forward_close),
        "audit" => say!(help_audit),
        "rules" => say!(help_rules),
        "lock" => say!(help_lock),
        "backup" => say!(help_backup),
        "restore" => say!(help_restore),
        "help" => say!(help_help),
        _ => return None,
    })
}

fn help(command: &str, arg: &str) -> Option<String> {
    Some(match (command, arg) {
        (_, "help") => say!(help_arg_help),
        (_, "version") => say!(help_arg_version),
        (_, "subcommand") => say!(help_arg_subcommand),
        ("add", "server") => say!(help_add_server),
        ("add", "client_id") => say!(help_add_client_id),
        ("add", "client_secret_stdin") => say!(help_add_client_secret),
        ("add", "callback_port") => say!(help_add_callback_port),
        ("add", "scopes") => say!(help_add_scope),
        ("add", "tls") => say!(help_add_tls),
        ("add", "folders") => say!(help_add_folder),
        ("add", "headers") => say!(help_add_header, header = "X-Api-Key: ${key}"),
        ("setup", "clients") => say!(help_setup_clients),
        ("setup", "all") => say!(help_setup_all),
        ("setup", "list") => say!(help_setup_list),
        ("setup", "dry_run") => say!(help_setup_dry_run),
        ("setup", "undo") => say!(help_setup_undo),
        ("setup", "forget") => say!(help_setup_forget),
        ("setup", "project") => say!(help_setup_project),
        ("adopt", "clients") => say!(help_setup_clients),
        ("adopt", "all") => say!(help_setup_all),
        ("adopt", "dry_run") => say!(help_setup_dry_run),
        ("adopt", "undo") => say!(help_adopt_undo),
        ("adopt", "forget") => say!(help_adopt_forget),
        ("adopt", "except") => say!(help_adopt_except),
        ("adopt", "with_arguments") => say!(help_adopt_with_arguments),
        ("add" | "import" | "set" | "setup" | "adopt" | "ssh" | "container", "wait") => say!(help_add_wait),
        ("add", "program") => say!(help_add_program),
        ("add", "env") => say!(help_add_env, variable = "BRAVE_API_KEY=${key}"),
        ("add", "cwd") => say!(help_add_cwd),
        ("add", "keys_in_args") => say!(help_add_key_in_args),
        (_, "key") => say!(help_key_name),
        ("ssh" | "container", "host") => say!(help_forward_host),
        ("ssh" | "container", "servers") => say!(help_forward_server),
        ("close", "forward") => say!(help_forward_which),
        ("take-back", "client") => say!(help_door_which),
        ("import", "from") => say!(help_import_from),
        ("import", "yes") => say!(help_import_yes),
        ("import", "dry_run") => say!(help_import_dry_run),
        ("authorize", "no_browser") => say!(help_authorize_no_browser),
        ("authorize", "device") => say!(help_authorize_device),
        ("authorize", "issuer") => say!(help_authorize_issuer),
        ("authorize", "wait") => say!(help_authorize_wait),
        ("connect", "wait") => say!(help_connect_wait),
        ("exec", "env") => say!(help_exec_env),
        ("exec", "command") => say!(help_exec_command),
        ("revoke", "all") => say!(help_revoke_all),
        ("revoke", "yes") => say!(help_revoke_yes),
        ("revoke", "client") => say!(help_revoke_client),
        ("rules", "explain") => say!(help_rules_explain),
        ("audit", "since") => say!(help_audit_since),
        ("audit", "verify") => say!(help_audit_verify),
        ("backup" | "restore", "file") => say!(help_backup_file),
        (_, "server") => say!(help_arg_server),
        (_, "wait") => say!(help_arg_wait),
        (_, "scopes") => say!(help_arg_scope),
        (_, "min_ttl") => say!(help_arg_min_ttl),
        (_, "json") => say!(help_arg_json),
        _ => return None,
    })
}
