//! The formats that the lists are written in. An error says where it is, and never what is there: it may be a
//! key.

use crate::mend::mended;
use serde::de::DeserializeOwned;
use std::path::Path;
use words::say;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, with the comments and trailing commas that editors allow.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}

impl Format {
    /// By the end of a file's name.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => Self::Toml,
            Some("yaml" | "yml") => Self::Yaml,
            _ => Self::Json,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
        }
    }

    /// Reads a text. An empty one holds nothing.
    ///
    /// # Errors
    /// A phrase for a person, such as "is not JSON as expected (line 3)".
    pub fn read<T: DeserializeOwned + Default>(self, text: &str) -> Result<T, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Ok(T::default());
        }
        let read = match self {
            Self::Json => json(text).or_else(|error| json(&mended(text)).map_err(|_| error)),
            Self::Toml => toml::from_str(text).map_err(|error| line_of(text, error.span())),
            Self::Yaml => yaml(text),
        };
        read.map_err(|line| match line {
            Some(line) => say!(import_malformed_at, form = self.name(), line = line.to_string()),
            None => say!(import_malformed, form = self.name()),
        })
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, Option<usize>> {
    let options = jsonc_parser::ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    jsonc_parser::parse_to_serde_value(text, &options).map_err(|error| Some(error.line_display()))
}

/// Aliases may be used, and may not be used to make much of little.
fn yaml<T: DeserializeOwned>(text: &str) -> Result<T, Option<usize>> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 200_000,
            max_nodes: 200_000,
            max_depth: 64,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_recorded_anchor_events: 20_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 20_000,
            max_replay_stack_depth: 8,
        },
    };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| error.location().and_then(|at| usize::try_from(at.line()).ok()))
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> Option<usize> {
    let before = text.as_bytes().get(..span?.start)?;
    Some(before.iter().filter(|byte| **byte == b'\n').count() + 1)
}
