//! The programs whose lists are read.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use words::say;

/// A program that lists MCP servers.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// Claude Code.
    ClaudeCode,
    /// Claude Desktop.
    ClaudeDesktop,
    /// Visual Studio Code.
    Vscode,
    /// Cursor.
    Cursor,
    /// Windsurf.
    Windsurf,
    /// Zed.
    Zed,
    /// Codex.
    Codex,
    /// Gemini CLI.
    Gemini,
    /// goose.
    Goose,
    /// Continue.
    Continue,
    /// OpenCode.
    Opencode,
    /// GitHub Copilot CLI.
    Copilot,
    /// Qwen Code.
    Qwen,
    /// Cline.
    Cline,
    /// mcporter.
    Mcporter,
}

impl Client {
    /// Every one of them.
    pub const ALL: [Self; 15] = [
        Self::ClaudeCode,
        Self::ClaudeDesktop,
        Self::Vscode,
        Self::Cursor,
        Self::Windsurf,
        Self::Zed,
        Self::Codex,
        Self::Gemini,
        Self::Goose,
        Self::Continue,
        Self::Opencode,
        Self::Copilot,
        Self::Qwen,
        Self::Cline,
        Self::Mcporter,
    ];

    /// Its name, as it calls itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "Claude Code",
            Self::ClaudeDesktop => "Claude Desktop",
            Self::Vscode => "VS Code",
            Self::Cursor => "Cursor",
            Self::Windsurf => "Windsurf",
            Self::Zed => "Zed",
            Self::Codex => "Codex",
            Self::Gemini => "Gemini CLI",
            Self::Goose => "goose",
            Self::Continue => "Continue",
            Self::Opencode => "OpenCode",
            Self::Copilot => "Copilot CLI",
            Self::Qwen => "Qwen Code",
            Self::Cline => "Cline",
            Self::Mcporter => "mcporter",
        }
    }

    /// The word for it on a command line and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::ClaudeDesktop => "claude-desktop",
            Self::Vscode => "vscode",
            Self::Cursor => "cursor",
            Self::Windsurf => "windsurf",
            Self::Zed => "zed",
            Self::Codex => "codex",
            Self::Gemini => "gemini",
            Self::Goose => "goose",
            Self::Continue => "continue",
            Self::Opencode => "opencode",
            Self::Copilot => "copilot",
            Self::Qwen => "qwen",
            Self::Cline => "cline",
            Self::Mcporter => "mcporter",
        }
    }
}

/// No program that is known goes by this word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownClient;

impl fmt::Display for UnknownClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = Client::ALL.into_iter().map(Client::word).collect();
        write!(f, "{}", say!(import_unknown_client, names = words.join(", ")))
    }
}

impl std::error::Error for UnknownClient {}

impl FromStr for Client {
    type Err = UnknownClient;

    fn from_str(word: &str) -> Result<Self, UnknownClient> {
        Self::ALL.into_iter().find(|client| client.word() == word).ok_or(UnknownClient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_goes_by_the_same_word_everywhere() {
        for client in Client::ALL {
            assert_eq!(client.word().parse(), Ok(client));
            assert_eq!(serde_json::to_value(client).unwrap(), client.word());
        }
        assert!("emacs".parse::<Client>().unwrap_err().to_string().contains("claude-code"));
    }
}
