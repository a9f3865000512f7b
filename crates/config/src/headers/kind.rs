//! What headers and variables of an environment do not have in common.

use super::{LONGEST_NAME, LONGEST_VALUE, Line, SHORTEST_KEY, is_key, is_value};
use crate::ConfigError;
use crate::error::Location;
use terms::{header, variable};
use words::say;

/// Headers of a request, and variables of an environment.
const MOST_HEADERS: usize = 16;
const MOST_VARIABLES: usize = 64;

/// What a line goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A request.
    Header,
    /// The environment of a program.
    Variable,
}

impl Kind {
    /// The name by which it is told from others.
    pub(super) fn folded(self, name: &str) -> String {
        match self {
            Self::Header => name.to_ascii_lowercase(),
            Self::Variable => name.to_owned(),
        }
    }

    /// The secret in a value that is written out, and the text before it.
    pub(super) fn secret<'v>(self, name: &str, value: &'v str) -> Option<(&'v str, &'v str)> {
        match self {
            Self::Header => header::secret(name, value),
            Self::Variable => variable::is_secret(name, value).then_some(("", value)),
        }
    }

    pub(super) fn said(self, name: &str, line: &Line) -> String {
        match self {
            Self::Header => format!("{name}: {line}"),
            Self::Variable => format!("{name}={}", as_a_word(&line.to_string())),
        }
    }

    /// Characters of a line that are shown. What a variable says at its end may be what matters of it.
    pub(super) const fn most_shown(self) -> usize {
        match self {
            Self::Header => 200,
            Self::Variable => LONGEST_NAME + 4 * LONGEST_VALUE,
        }
    }

    pub(super) fn check_number(self, number: usize, place: &Location) -> Result<(), ConfigError> {
        let (most, problem) = match self {
            Self::Header => (MOST_HEADERS, say!(config_headers_many, most = MOST_HEADERS)),
            Self::Variable => (MOST_VARIABLES, say!(config_variables_many, most = MOST_VARIABLES)),
        };
        if number <= most { Ok(()) } else { Err(place.error(problem, say!(config_headers_many_advice))) }
    }

    pub(super) fn check_name(self, name: &str, place: &Location) -> Result<(), ConfigError> {
        match self {
            Self::Header => check_header(name, place),
            Self::Variable if name.len() <= LONGEST_NAME && variable::is_name(name) => Ok(()),
            Self::Variable => Err(place.error(say!(config_variable_name), say!(config_variable_name_advice))),
        }
    }

    pub(super) fn check_value(self, value: &str, place: &Location) -> Result<(), ConfigError> {
        let (fits, problem, advice) = match self {
            Self::Header => (
                !value.is_empty() && is_value(value),
                say!(config_header_value),
                say!(config_header_value_advice),
            ),
            Self::Variable => {
                (!value.contains('\0'), say!(config_variable_value), say!(config_variable_value_advice))
            }
        };
        if fits && value.len() <= LONGEST_VALUE { Ok(()) } else { Err(place.error(problem, advice)) }
    }

    pub(super) fn check_key(self, secret: &str, place: &Location) -> Result<(), ConfigError> {
        let is_one = match self {
            Self::Header => is_key(secret),
            // The private key of a program has several lines.
            Self::Variable => secret.len() >= SHORTEST_KEY,
        };
        if is_one {
            return Ok(());
        }
        Err(place.error(say!(config_no_key, least = SHORTEST_KEY), say!(config_no_key_advice)))
    }
}

/// Quoted where it could be taken for several, or for a part of what is beside it.
fn as_a_word(value: &str) -> String {
    let is_unclear = |c: char| c.is_whitespace() || ",;'\"=".contains(c);
    if value.is_empty() || value.contains(is_unclear) {
        return plain::command_line([value]);
    }
    value.to_owned()
}

/// RFC 9110 §5.1: a token.
fn check_header(name: &str, place: &Location) -> Result<(), ConfigError> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_token) {
        return Err(place.error(say!(config_header_name), say!(config_header_name_advice)));
    }
    if header::is_set_by_itself(name) {
        return Err(place.error(say!(config_header_own), say!(config_take_out)));
    }
    Ok(())
}
