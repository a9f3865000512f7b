//! A program, as another program lists it.

use crate::key::Keys;
use crate::place::Place;
use crate::suspect;
use crate::thing::Ways;
use crate::why::Why;
use import::{Whole, has_variables};
use secret::Secret;
use serde_json::{Map, Value, json};

/// How the names of files end that an interpreter runs.
const SCRIPTS: [&str; 8] = [".js", ".mjs", ".cjs", ".ts", ".py", ".rb", ".sh", ".jar"];

/// What may be secret in it, and where.
pub(crate) fn secrets(whole: &Whole) -> Vec<(Place, Secret)> {
    let Whole::Local { words, variables, .. } = whole else { return Vec::new() };
    let of_environment = variables.iter().filter_map(|(name, value)| {
        let value =
            value.as_str().filter(|value| !has_variables(value) && suspect::is_variable(name, value))?;
        Some((Place::Variable(name.clone()), Secret::from(value.to_owned())))
    });
    let args = words.get(1..).unwrap_or_default();
    let of_arguments = args.iter().enumerate().filter_map(|(at, argument)| {
        let before = at.checked_sub(1).map(|before| args[before].as_str());
        let (_, secret) = suspect::in_argument(before, argument).filter(|_| !has_variables(argument))?;
        Some((Place::Argument(at + 1), Secret::from(secret.to_owned())))
    });
    of_environment.chain(of_arguments).collect()
}

/// Whether its program fills in a secret.
pub(crate) fn asks(whole: &Whole) -> bool {
    let Whole::Local { variables, .. } = whole else { return false };
    let is_filled_in = |(name, value): (&String, &Value)| {
        value.as_str().is_some_and(|value| has_variables(value) && suspect::is_variable(name, "a-secret"))
    };
    variables.iter().any(is_filled_in)
}

/// The entry that says the same here.
pub(crate) fn entry(
    whole: &Whole,
    in_project: bool,
    ways: Ways,
    keys: &mut Keys,
) -> Result<Map<String, Value>, Why> {
    let Whole::Local { words, variables, cwd } = whole else { return Ok(Map::new()) };
    let (command, args) = words.split_first().ok_or(Why::Variables)?;
    needs_no_folder(command, args, cwd.as_deref(), in_project)?;
    let mut entry = Map::from_iter([("command".to_owned(), json!(command))]);
    let lines = lines(args, ways, keys)?;
    if !lines.is_empty() {
        entry.insert("args".to_owned(), json!(lines));
    }
    let in_args: Vec<String> = keys.0.iter().map(|key| key.name.as_str().to_owned()).collect();
    if !in_args.is_empty() {
        entry.insert("keysInArgs".to_owned(), json!(in_args));
    }
    if let Some(cwd) = cwd {
        entry.insert("cwd".to_owned(), json!(cwd));
    }
    let environment = environment(variables, keys)?;
    if !environment.is_empty() {
        entry.insert("env".to_owned(), Value::Object(environment));
    }
    Ok(entry)
}

fn lines(args: &[String], ways: Ways, keys: &mut Keys) -> Result<Vec<String>, Why> {
    let (mut lines, mut before) = (Vec::new(), None);
    for (at, argument) in args.iter().enumerate() {
        let line = match suspect::in_argument(before, argument) {
            Some(_) if !ways.arguments => return Err(Why::Argument),
            Some((option, secret)) => format!("{option}{}", keys.take(Place::Argument(at + 1), secret, None)),
            None => argument.clone(),
        };
        lines.push(line);
        before = Some(argument.as_str());
    }
    Ok(lines)
}

fn environment(variables: &Map<String, Value>, keys: &mut Keys) -> Result<Map<String, Value>, Why> {
    let mut environment = Map::new();
    for (name, value) in variables {
        let value = match value {
            Value::String(value) => value.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return Err(Why::More(vec!["env".to_owned()]));
            }
        };
        if has_variables(&value) {
            return Err(Why::Variables);
        }
        let line = match suspect::is_variable(name, &value) {
            true => keys.take(Place::Variable(name.clone()), &value, None),
            false => value,
        };
        environment.insert(name.clone(), json!(line));
    }
    Ok(environment)
}

/// What a relative path leads to depends on the folder that its program starts it in.
fn needs_no_folder(command: &str, args: &[String], cwd: Option<&str>, in_project: bool) -> Result<(), Why> {
    let all = args.iter().map(String::as_str).chain([command]).chain(cwd);
    let mut named = all.clone().filter(|word| has_variables(word));
    if named.any(|word| word.to_ascii_lowercase().contains("folder") || word.contains("PWD")) {
        return Err(Why::Folder);
    }
    if all.clone().any(has_variables) {
        return Err(Why::Variables);
    }
    let is_whole = |path: &str| path.starts_with('/') || path.starts_with("~/");
    let is_relative = |word: &str| {
        let is_script = SCRIPTS.iter().any(|end| word.ends_with(end)) && !word.starts_with(['-', '@']);
        let is_below = word == "." || word == ".." || word.starts_with("./") || word.starts_with("../");
        (is_below || is_script) && !is_whole(word) && !word.contains("://")
    };
    let is_command_below = command.contains('/') && !is_whole(command);
    let starts_anywhere = cwd.is_none_or(|cwd| !is_whole(cwd));
    let needs =
        is_command_below || (starts_anywhere && (cwd.is_some() || args.iter().any(|arg| is_relative(arg))));
    if in_project || needs { Err(Why::Folder) } else { Ok(()) }
}
