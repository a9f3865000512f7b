//! One table: where each program has its list, and how an entry is written there.

use crate::yaml::Held;
use import::{Client, Folders, Format};
use std::path::{Path, PathBuf};

/// The folder that a file is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Home,
    Config,
    Application,
    Codex,
    /// Claude Code's own, where a variable names one.
    Claude,
    Project,
}

/// How an entry is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `command` and `args`.
    Plain,
    /// The same, and that it is started as a program.
    Stdio,
    Claude,
    Zed,
    OpenCode,
    Copilot,
    /// The whole of it one level further in.
    Transport,
    Goose,
    Continue,
}

/// One file of one program.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) client: Client,
    pub(crate) base: Base,
    pub(crate) path: &'static str,
    /// What holds the entries.
    pub(crate) root: &'static str,
    pub(crate) shape: Shape,
    /// What a file begins as that is not there yet.
    pub(crate) fresh: &'static str,
}

const fn row(client: Client, base: Base, path: &'static str, root: &'static str, shape: Shape) -> Row {
    Row { client, base, path, root, shape, fresh: "" }
}

const OPENCODE: &str = "{\n  \"$schema\": \"https://opencode.ai/config.json\"\n}\n";
const CONTINUE: &str = "name: Local Assistant\nversion: 1.0.0\nschema: v1\n";
const MCP: &str = "mcpServers";
const CLINE_IN_VSCODE: &str =
    "Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json";

/// Of several files of a program, the first is written where none is there.
static ROWS: [Row; 31] = [
    row(Client::ClaudeCode, Base::Claude, ".claude.json", MCP, Shape::Claude),
    row(Client::ClaudeCode, Base::Home, ".claude.json", MCP, Shape::Claude),
    row(Client::ClaudeCode, Base::Project, ".mcp.json", MCP, Shape::Claude),
    row(Client::ClaudeDesktop, Base::Application, "Claude/claude_desktop_config.json", MCP, Shape::Plain),
    row(Client::Vscode, Base::Application, "Code/User/mcp.json", "servers", Shape::Stdio),
    row(Client::Vscode, Base::Application, "Code - Insiders/User/mcp.json", "servers", Shape::Stdio),
    row(Client::Vscode, Base::Application, "VSCodium/User/mcp.json", "servers", Shape::Stdio),
    row(Client::Vscode, Base::Project, ".vscode/mcp.json", "servers", Shape::Stdio),
    row(Client::Cursor, Base::Home, ".cursor/mcp.json", MCP, Shape::Plain),
    row(Client::Cursor, Base::Project, ".cursor/mcp.json", MCP, Shape::Plain),
    row(Client::Windsurf, Base::Home, ".codeium/windsurf/mcp_config.json", MCP, Shape::Plain),
    row(Client::Zed, Base::Config, "zed/settings.json", "context_servers", Shape::Zed),
    row(Client::Zed, Base::Project, ".zed/settings.json", "context_servers", Shape::Zed),
    row(Client::Codex, Base::Codex, "config.toml", "mcp_servers", Shape::Plain),
    row(Client::Codex, Base::Project, ".codex/config.toml", "mcp_servers", Shape::Plain),
    row(Client::Gemini, Base::Home, ".gemini/settings.json", MCP, Shape::Plain),
    row(Client::Gemini, Base::Project, ".gemini/settings.json", MCP, Shape::Plain),
    row(Client::Qwen, Base::Home, ".qwen/settings.json", MCP, Shape::Plain),
    row(Client::Qwen, Base::Project, ".qwen/settings.json", MCP, Shape::Plain),
    row(Client::Cline, Base::Home, ".cline/data/settings/cline_mcp_settings.json", MCP, Shape::Transport),
    row(Client::Cline, Base::Application, CLINE_IN_VSCODE, MCP, Shape::Stdio),
    row(Client::Mcporter, Base::Home, ".mcporter/mcporter.json", MCP, Shape::Plain),
    row(Client::Mcporter, Base::Home, ".mcporter/mcporter.jsonc", MCP, Shape::Plain),
    row(Client::Mcporter, Base::Project, "config/mcporter.json", MCP, Shape::Plain),
    row(Client::Goose, Base::Config, "goose/config.yaml", "extensions", Shape::Goose),
    Row {
        fresh: CONTINUE,
        ..row(Client::Continue, Base::Home, ".continue/config.yaml", MCP, Shape::Continue)
    },
    Row {
        fresh: OPENCODE,
        ..row(Client::Opencode, Base::Config, "opencode/opencode.jsonc", "mcp", Shape::OpenCode)
    },
    Row {
        fresh: OPENCODE,
        ..row(Client::Opencode, Base::Config, "opencode/opencode.json", "mcp", Shape::OpenCode)
    },
    Row { fresh: OPENCODE, ..row(Client::Opencode, Base::Project, "opencode.json", "mcp", Shape::OpenCode) },
    row(Client::Copilot, Base::Home, ".copilot/mcp-config.json", MCP, Shape::Copilot),
    row(Client::Copilot, Base::Project, ".mcp.json", MCP, Shape::Copilot),
];

/// A file in which a program lists its servers.
#[derive(Debug, Clone)]
pub struct Spot {
    /// The program.
    pub client: Client,
    /// The file, as it is reached.
    pub path: PathBuf,
    /// The project that it belongs to; the person's own otherwise.
    pub project: Option<PathBuf>,
    pub(crate) row: &'static Row,
}

impl Spot {
    pub(crate) fn format(&self) -> Format {
        Format::of(&self.path)
    }

    pub(crate) const fn held(&self) -> Held {
        match self.row.shape {
            Shape::Continue => Held::Listed,
            Shape::Plain
            | Shape::Stdio
            | Shape::Claude
            | Shape::Zed
            | Shape::OpenCode
            | Shape::Copilot
            | Shape::Transport
            | Shape::Goose => Held::ByName,
        }
    }

    fn of(row: &'static Row, folders: &Folders) -> Option<Self> {
        let path = folder(row.base, folders)?.join(row.path);
        let project = folders.project.clone().filter(|_| row.base == Base::Project);
        Some(Self { client: row.client, path, project, row })
    }
}

fn folder(base: Base, folders: &Folders) -> Option<&Path> {
    match base {
        Base::Home => Some(&folders.home),
        Base::Config => Some(&folders.config),
        Base::Application => Some(&folders.application),
        Base::Codex => Some(&folders.codex),
        Base::Claude => folders.claude.as_deref(),
        Base::Project => folders.project.as_deref(),
    }
}

/// The files of a program, where `folders` lead: in a project, if they name one.
pub(crate) fn of(client: Client, folders: &Folders) -> impl Iterator<Item = Spot> {
    let rows = ROWS.iter().filter(move |row| row.client == client);
    let wanted = rows.filter(|row| (row.base == Base::Project) == folders.project.is_some());
    wanted.filter_map(|row| Spot::of(row, folders))
}

/// The files of a program that are written: those that are there, or else where one would be; in a project,
/// where `folders` name one.
#[must_use]
pub fn spots(client: Client, folders: &Folders) -> Vec<Spot> {
    let all: Vec<Spot> = of(client, folders).collect();
    let first_alone = client == Client::ClaudeCode || folders.project.is_some();
    if first_alone {
        return all.into_iter().take(1).collect();
    }
    let is_one_of_several = matches!(client, Client::Vscode | Client::Cline);
    let there = |spot: &&Spot| match is_one_of_several {
        true => spot.path.parent().is_some_and(Path::is_dir),
        false => spot.path.symlink_metadata().is_ok(),
    };
    let found: Vec<Spot> = all.iter().filter(there).cloned().collect();
    if found.is_empty() { all.into_iter().take(1).collect() } else { found }
}

/// The person's own lists of a program that are there.
#[must_use]
pub fn lists(client: Client, folders: &Folders) -> Vec<Spot> {
    let own = Folders { project: None, ..folders.clone() };
    let mut all: Vec<Spot> = of(client, &own).filter(|spot| spot.path.symlink_metadata().is_ok()).collect();
    // The same folder may be named in two ways.
    all.dedup_by(|one, other| one.path == other.path);
    all
}

/// Whether the program has left any trace here.
#[must_use]
pub fn is_here(client: Client, folders: &Folders) -> bool {
    of(client, folders).any(|spot| {
        let own = spot.path.parent().filter(|folder| **folder != folders.home);
        let claude = (client == Client::ClaudeCode).then(|| folders.home.join(".claude"));
        spot.path.symlink_metadata().is_ok() || own.into_iter().chain(claude.as_deref()).any(Path::is_dir)
    })
}

/// What keeps a program apart from the person's home, where it was installed so: it reads other files, and
/// may start nothing here.
pub(crate) fn boxed(client: Client, folders: &Folders) -> Option<&'static str> {
    const PLACES: [(Client, &str, &str); 5] = [
        (Client::Vscode, "Flatpak", ".var/app/com.visualstudio.code"),
        (Client::Vscode, "Flatpak", ".var/app/com.vscodium.codium"),
        (Client::Vscode, "Snap", "snap/code"),
        (Client::Vscode, "Snap", "snap/codium"),
        (Client::Zed, "Flatpak", ".var/app/dev.zed.Zed"),
    ];
    let own = PLACES.iter().filter(|(one, ..)| *one == client);
    let mut there = own.filter(|(.., place)| folders.home.join(place).is_dir());
    there.next().map(|(_, kind, _)| *kind)
}

/// Every file of every program, where `folders` lead.
pub(crate) fn all(folders: &Folders) -> impl Iterator<Item = Spot> {
    ROWS.iter().filter_map(|row| Spot::of(row, folders))
}
