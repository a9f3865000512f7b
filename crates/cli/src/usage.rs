//! What is wrong with a command line, in the person's language.

use crate::failure::Failure;
use crate::help;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error;
use std::process::ExitCode;
use words::say;

/// Says what whoever wrote this command line needs: its help, or what is wrong with it.
pub(crate) fn explained(error: &clap::Error) -> ExitCode {
    // The same again, with its help in the person's language.
    let shown = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::DisplayVersion
    );
    if shown {
        let helped = help::command().try_get_matches();
        let _ = helped.as_ref().map_or_else(clap::Error::print, |_| error.print());
        return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
    }
    let failure = Failure::Usage(wrong(error), advice(error));
    crate::tell(&failure, false)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the kinds that clap knows are open")]
fn wrong(error: &clap::Error) -> String {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => say!(usage_unknown_argument, argument = argument),
        ErrorKind::InvalidSubcommand => {
            say!(usage_unknown_command, command = context(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => say!(usage_missing, argument = argument),
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg);
            match other.is_empty() || other == argument {
                true => say!(usage_twice, argument = argument),
                false => say!(usage_conflict, argument = argument, other = other),
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => say!(usage_no_value, argument = argument),
        ErrorKind::ValueValidation if is_number(&argument) => {
            say!(usage_no_number, argument = argument, value = value)
        }
        ErrorKind::ValueValidation => match error.source() {
            Some(why) => say!(usage_value_because, argument = argument, value = value, why = why.to_string()),
            None => say!(usage_value, argument = argument, value = value),
        },
        ErrorKind::InvalidValue | ErrorKind::TooManyValues => {
            say!(usage_value, argument = argument, value = value)
        }
        _ => say!(usage_unclear),
    }
}

/// Values that are counted say so where they are named.
fn is_number(argument: &str) -> bool {
    ["<PORT>", "<SECONDS>"].iter().any(|name| argument.ends_with(name))
}

fn advice(error: &clap::Error) -> String {
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand].map(|kind| context(error, kind));
    match suggested.into_iter().find(|suggested| !suggested.is_empty()) {
        Some(meant) => say!(usage_advice_meant, meant = meant),
        None => say!(usage_advice),
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
