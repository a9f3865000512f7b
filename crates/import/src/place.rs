//! Where each program keeps its list, on each system; and looking there.

use crate::client::Client;
use crate::entry::{self, ListEntry};
use crate::file;
use crate::format::Format;
use crate::tree::{self, Listed, Root, Shape};
use std::env;
use std::path::{Path, PathBuf};

/// The folders that lists are found in. Tests bring their own.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    /// The person's home.
    pub home: PathBuf,
    /// `$XDG_CONFIG_HOME`, else `~/.config`.
    pub config: PathBuf,
    /// Where desktop programs keep their settings: the same, but on macOS `~/Library/Application Support`.
    pub application: PathBuf,
    /// `$CLAUDE_CONFIG_DIR`.
    pub claude: Option<PathBuf>,
    /// `$CODEX_HOME`, else `~/.codex`.
    pub codex: PathBuf,
    /// A project whose own lists are read as well.
    pub project: Option<PathBuf>,
}

impl Folders {
    /// Of the person who runs this program; `None` without a home. Paths that are not absolute count as
    /// unset, as the XDG specification wants it.
    #[must_use]
    pub fn from_env(project: Option<PathBuf>) -> Option<Self> {
        let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = folder("HOME")?;
        let config = folder("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        let application =
            if cfg!(target_os = "macos") { home.join("Library/Application Support") } else { config.clone() };
        let codex = folder("CODEX_HOME").unwrap_or_else(|| home.join(".codex"));
        Some(Self { application, config, claude: folder("CLAUDE_CONFIG_DIR"), codex, home, project })
    }

    fn of(&self, base: Base) -> Option<&Path> {
        match base {
            Base::Home => Some(&self.home),
            Base::Config => Some(&self.config),
            Base::Application => Some(&self.application),
            Base::Claude => self.claude.as_deref(),
            Base::Codex => Some(&self.codex),
            Base::Project => self.project.as_deref(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Base {
    Home,
    Config,
    Application,
    Claude,
    Codex,
    Project,
}

/// The list of the extension that is Cline in VS Code.
const CLINE_IN_VSCODE: &str =
    "Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json";

const MCP_SERVERS: Shape = Shape::Below(Root::McpServers);

/// Program, folder, file below it, and how that is laid out.
const PLACES: [(Client, Base, &str, Shape); 27] = [
    (Client::ClaudeCode, Base::Claude, ".claude.json", Shape::ClaudeCode),
    (Client::ClaudeCode, Base::Home, ".claude.json", Shape::ClaudeCode),
    (Client::ClaudeCode, Base::Project, ".mcp.json", MCP_SERVERS),
    (Client::ClaudeDesktop, Base::Application, "Claude/claude_desktop_config.json", MCP_SERVERS),
    (Client::Vscode, Base::Application, "Code/User/mcp.json", Shape::Below(Root::Servers)),
    (Client::Vscode, Base::Application, "Code - Insiders/User/mcp.json", Shape::Below(Root::Servers)),
    (Client::Vscode, Base::Application, "VSCodium/User/mcp.json", Shape::Below(Root::Servers)),
    (Client::Vscode, Base::Project, ".vscode/mcp.json", Shape::Below(Root::Servers)),
    (Client::Cursor, Base::Home, ".cursor/mcp.json", MCP_SERVERS),
    (Client::Cursor, Base::Project, ".cursor/mcp.json", MCP_SERVERS),
    (Client::Windsurf, Base::Home, ".codeium/windsurf/mcp_config.json", MCP_SERVERS),
    (Client::Zed, Base::Config, "zed/settings.json", Shape::Below(Root::ContextServers)),
    (Client::Codex, Base::Codex, "config.toml", Shape::Below(Root::SnakeCase)),
    (Client::Gemini, Base::Home, ".gemini/settings.json", Shape::Gemini),
    (Client::Gemini, Base::Project, ".gemini/settings.json", Shape::Gemini),
    (Client::Qwen, Base::Home, ".qwen/settings.json", Shape::Qwen),
    (Client::Qwen, Base::Project, ".qwen/settings.json", Shape::Qwen),
    (Client::Cline, Base::Home, ".cline/data/settings/cline_mcp_settings.json", MCP_SERVERS),
    (Client::Cline, Base::Application, CLINE_IN_VSCODE, MCP_SERVERS),
    (Client::Mcporter, Base::Home, ".mcporter/mcporter.json", MCP_SERVERS),
    (Client::Mcporter, Base::Home, ".mcporter/mcporter.jsonc", MCP_SERVERS),
    (Client::Mcporter, Base::Project, "config/mcporter.json", MCP_SERVERS),
    (Client::Goose, Base::Config, "goose/config.yaml", Shape::Below(Root::Extensions)),
    (Client::Continue, Base::Home, ".continue/config.yaml", Shape::List),
    (Client::Opencode, Base::Config, "opencode/opencode.json", Shape::OpenCode),
    (Client::Opencode, Base::Config, "opencode/opencode.jsonc", Shape::OpenCode),
    (Client::Copilot, Base::Home, ".copilot/mcp-config.json", MCP_SERVERS),
];

/// What was found in all places.
#[derive(Debug, Default)]
pub struct Findings {
    pub(crate) found: Vec<Located>,
    pub(crate) troubles: Vec<(Client, PathBuf, String)>,
}

/// One entry, and where it is.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) client: Client,
    pub(crate) file: PathBuf,
    pub(crate) project: Option<String>,
    pub(crate) name: String,
    pub(crate) entry: ListEntry,
}

/// Reads every list there is, or those of one program. A file that cannot be read is noted, and ends nothing.
#[must_use]
pub fn look(folders: &Folders, from: Option<Client>) -> Findings {
    let mut findings = Findings::default();
    let mut seen: Vec<PathBuf> = Vec::new();
    for (client, base, path, shape) in
        PLACES.into_iter().filter(|(client, ..)| from.is_none_or(|one| one == *client))
    {
        let Some(path) = folders.of(base).map(|folder| folder.join(path)) else { continue };
        if seen.contains(&path) {
            continue;
        }
        match file::read(&path) {
            Ok(Some(text)) => findings.take(client, &path, shape, &text),
            Ok(None) => {}
            Err(trouble) => findings.troubles.push((client, path.clone(), trouble)),
        }
        seen.push(path);
    }
    findings
}

/// Every entry of a list of the person's own, as it is found at `path` with this `text`; and what of it could
/// not be read, each a phrase for a person.
///
/// # Errors
/// It cannot be read at all; such a phrase.
pub fn listed(client: Client, path: &Path, text: &str) -> Result<(Vec<Listed>, Vec<String>), String> {
    let own = |(one, base, end, _): &&(Client, Base, &str, Shape)| {
        *one == client && !matches!(base, Base::Project) && path.ends_with(end)
    };
    let Some((.., shape)) = PLACES.iter().find(own) else { return Ok(Default::default()) };
    tree::entries(*shape, Format::of(path), text)
}

impl Findings {
    fn take(&mut self, client: Client, path: &Path, shape: Shape, text: &str) {
        let (listed, troubles) = match tree::entries(shape, Format::of(path), text) {
            Ok(read) => read,
            Err(trouble) => return self.troubles.push((client, path.to_owned(), trouble)),
        };
        let troubles = troubles.into_iter().map(|trouble| (client, path.to_owned(), trouble.to_owned()));
        self.troubles.extend(troubles);
        self.found.extend(listed.into_iter().map(|one| Located {
            client,
            file: path.to_owned(),
            entry: entry::read(&one),
            project: one.project,
            name: one.name,
        }));
    }
}
