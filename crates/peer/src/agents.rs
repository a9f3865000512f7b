//! Agents that have no desktop entry.

use super::script::Script;
use std::path::{Component, Path};

/// By a part of the path where their own installers put them.
const INSTALLED: &[(&str, &str)] = &[
    (".cursor-server", "Cursor Server"),
    (".vscode-server", "VS Code Server"),
    ("claude/versions", "Claude Code"),
    ("cursor-agent/versions", "Cursor Agent"),
    ("node_modules/.bin/inspector", "MCP Inspector"),
    ("node_modules/@ampcode/cli", "Amp"),
    ("node_modules/@anthropic-ai/claude-code", "Claude Code"),
    ("node_modules/@cline/cli", "Cline"),
    ("node_modules/@continuedev/cli", "Continue CLI"),
    ("node_modules/@github/copilot", "GitHub Copilot CLI"),
    ("node_modules/@google/gemini-cli", "Gemini CLI"),
    ("node_modules/@modelcontextprotocol/inspector", "MCP Inspector"),
    ("node_modules/@modelcontextprotocol/inspector-cli", "MCP Inspector"),
    ("node_modules/@modelcontextprotocol/inspector-server", "MCP Inspector"),
    ("node_modules/@openai/codex", "Codex"),
    ("node_modules/@qwen-code/qwen-code", "Qwen Code"),
    ("node_modules/@sourcegraph/amp", "Amp"),
    ("node_modules/cline", "Cline"),
    ("node_modules/mcporter", "mcporter"),
    ("node_modules/opencode", "OpenCode"),
    ("node_modules/opencode-ai", "OpenCode"),
];

/// What npm packages of a program for one system have after its name: `@openai/codex-linux-x64`.
const SYSTEMS: &[&str] = &["-darwin", "-linux", "-win32", "-windows"];

/// Where an interpreter runs them, by the name that they go by.
const CALLED: &[(&str, &str)] = &[
    ("aider", "Aider"),
    ("amp", "Amp"),
    ("claude", "Claude Code"),
    ("cline", "Cline"),
    ("cn", "Continue CLI"),
    ("codex", "Codex"),
    ("copilot", "GitHub Copilot CLI"),
    ("gemini", "Gemini CLI"),
    ("mcp-inspector", "MCP Inspector"),
    ("mcporter", "mcporter"),
    ("opencode", "OpenCode"),
    ("qwen", "Qwen Code"),
];

/// The agent whose installer put a file at this path.
pub(super) fn agent_at(path: &Path) -> Option<&'static str> {
    let path: Vec<_> = path.components().collect();
    let holds = |part: &str| {
        let part: Vec<_> = Path::new(part).components().collect();
        path.windows(part.len()).any(|window| is_at(window, &part))
    };
    INSTALLED.iter().find(|(part, _)| holds(part)).map(|(_, name)| *name)
}

fn is_at(window: &[Component<'_>], part: &[Component<'_>]) -> bool {
    let (Some((found, outer)), Some((wanted, others))) = (window.split_last(), part.split_last()) else {
        return false;
    };
    let text = |component: &Component<'_>| component.as_os_str().to_string_lossy().into_owned();
    let (found, wanted) = (text(found), text(wanted));
    let rest = found.strip_prefix(&wanted);
    outer == others && rest.is_some_and(|rest| rest.is_empty() || is_of_a_system(rest))
}

fn is_of_a_system(rest: &str) -> bool {
    SYSTEMS.iter().any(|system| rest.starts_with(system))
}

/// The agent that an interpreter says it runs: by what it calls itself, else by its script.
pub(super) fn agent_called(comm: &str, words: &[String], script: Option<&Script>) -> Option<&'static str> {
    let file = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let itself = || called(comm).or_else(|| called(&file(words.first()?)));
    itself().or_else(|| {
        script.and_then(|script| agent_at(Path::new(script.word())).or_else(|| called(script.name())))
    })
}

fn called(name: &str) -> Option<&'static str> {
    CALLED.iter().find(|(other, _)| *other == name).map(|(_, shown)| *shown)
}

#[cfg(test)]
mod tests {
    use super::super::others::Courier;
    use super::*;

    #[test]
    fn an_agent_is_known_by_whole_parts_of_its_path() {
        let path = Path::new("/home/u/.local/share/claude/versions/2.1.9");
        assert_eq!(agent_at(path), Some("Claude Code"));
        assert_eq!(agent_at(Path::new("/home/u/myclaude/versions/2")), None);
    }

    #[test]
    fn an_agent_in_a_package_for_one_system_is_the_agent() {
        let at = |package: &str| agent_at(&Path::new("/l/node_modules").join(package).join("bin/x"));
        assert_eq!(at("@openai/codex-linux-x64"), Some("Codex"));
        assert_eq!(at("@github/copilot-linux-x64"), Some("GitHub Copilot CLI"));
        assert_eq!(at("@github/copilot-linuxmusl-arm64"), Some("GitHub Copilot CLI"));
        assert_eq!(at("opencode-linux-x64-baseline"), Some("OpenCode"));
        assert_eq!(at("@github/copilot-language-server-linux-x64"), None);
        assert_eq!(at("@openai/codex-plugin"), None);
    }

    #[test]
    fn a_script_is_known_by_what_it_calls_itself_or_where_it_is() {
        let says = |comm: &str, words: &str| {
            let words = words.split(' ').map(str::to_owned).collect::<Vec<_>>();
            agent_called(comm, &words, Script::of(Courier::Interpreter, &words).as_ref())
        };
        assert_eq!(says("claude", "node x.js"), Some("Claude Code"));
        assert_eq!(says("node", "claude"), Some("Claude Code"));
        assert_eq!(says("node", "node --x /usr/local/bin/gemini"), Some("Gemini CLI"));
        assert_eq!(says("node", "node /l/node_modules/@openai/codex/bin/x.js"), Some("Codex"));
        assert_eq!(says("node", "node /usr/local/bin/cn"), Some("Continue CLI"));
        assert_eq!(says("node", "node /l/node_modules/.bin/mcporter list"), Some("mcporter"));
        assert_eq!(says("node", "node server.js --claude claude"), None);
    }
}
