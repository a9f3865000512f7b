//! What of a file is looked at: the places where one program or another lists its servers. All else is
//! skipped as it is read.

use crate::format::Format;
use crate::lenient::Lenient;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use words::say;

/// Entries that one file may bring; nobody uses more.
const MOST: usize = 500;

/// How a program lays its file out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Entries by name, below this key.
    Below(Root),
    /// The same below `mcpServers`, and once more for each project.
    ClaudeCode,
    /// The same below `mcpServers`; `mcp` says which are not used.
    Gemini,
    /// As Gemini CLI, from which it was made; an address below `url` is one of the older transport.
    Qwen,
    /// The same below `mcp`, or below `mcp.servers`.
    OpenCode,
    /// A list, in which each entry has its name.
    List,
}

/// The key that entries are below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    McpServers,
    Servers,
    ContextServers,
    SnakeCase,
    Extensions,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tree {
    #[serde(rename = "mcpServers")]
    mcp_servers: Value,
    servers: Value,
    context_servers: Value,
    #[serde(rename = "mcp_servers")]
    snake_case: Value,
    extensions: Value,
    mcp: Value,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ClaudeTree {
    #[serde(rename = "mcpServers")]
    mcp_servers: Value,
    projects: Lenient<BTreeMap<String, Lenient<Project>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Project {
    #[serde(rename = "mcpServers")]
    mcp_servers: Value,
    #[serde(rename = "disabledMcpServers")]
    disabled: Value,
}

/// One entry as it stands in a file. It may hold secrets.
pub struct Listed {
    /// What it is called there.
    pub name: String,
    /// The project that it is listed for, in a file that has many.
    pub project: Option<String>,
    /// It is said elsewhere in the file that this one is not used.
    pub disabled: bool,
    /// Where it is listed says that the server speaks the older transport, HTTP+SSE.
    pub is_older: bool,
    /// What it says.
    pub value: Value,
}

/// Every entry in a text, and what of it could not be read. All that is wrong is a phrase for a person.
pub(crate) fn entries(
    shape: Shape,
    format: Format,
    text: &str,
) -> Result<(Vec<Listed>, Vec<String>), String> {
    let mut troubles = Vec::new();
    let mut all = match shape {
        Shape::ClaudeCode => claude(format.read(text)?, &mut troubles),
        Shape::Below(root) => below(format.read(text)?, root),
        Shape::Gemini => gemini(format.read(text)?),
        Shape::Qwen => qwen(format.read(text)?),
        Shape::OpenCode => opencode(format.read::<Tree>(text)?.mcp),
        Shape::List => list(format.read::<Tree>(text)?.mcp_servers),
    };
    if all.len() > MOST {
        troubles.push(say!(import_too_many));
    }
    all.truncate(MOST);
    Ok((all, troubles))
}

fn below(tree: Tree, root: Root) -> Vec<Listed> {
    named(match root {
        Root::McpServers => tree.mcp_servers,
        Root::Servers => tree.servers,
        Root::ContextServers => tree.context_servers,
        Root::SnakeCase => tree.snake_case,
        Root::Extensions => tree.extensions,
    })
}

fn named(servers: Value) -> Vec<Listed> {
    let Value::Object(servers) = servers else { return Vec::new() };
    let one = |(name, value)| Listed { name, project: None, disabled: false, is_older: false, value };
    servers.into_iter().map(one).collect()
}

fn claude(tree: ClaudeTree, troubles: &mut Vec<String>) -> Vec<Listed> {
    let mut all = named(tree.mcp_servers);
    let projects = tree.projects.read();
    let mut is_odd = projects.is_none();
    for (path, project) in projects.unwrap_or_default() {
        let Some(project) = project.read() else {
            is_odd = true;
            continue;
        };
        let own = named(project.mcp_servers).into_iter();
        all.extend(own.map(|listed| Listed {
            disabled: names(&project.disabled, &listed.name),
            project: Some(path.clone()),
            ..listed
        }));
    }
    if is_odd {
        troubles.push(say!(import_odd_projects));
    }
    all
}

fn gemini(tree: Tree) -> Vec<Listed> {
    let (allowed, excluded) = (&tree.mcp["allowed"], &tree.mcp["excluded"]);
    let unused = |name: &str| names(excluded, name) || (allowed.is_array() && !names(allowed, name));
    let all = named(tree.mcp_servers).into_iter();
    all.map(|listed| Listed { disabled: unused(&listed.name), ..listed }).collect()
}

fn qwen(tree: Tree) -> Vec<Listed> {
    let is_older = |value: &Value| value.get("url").is_some() && value.get("httpUrl").is_none();
    gemini(tree).into_iter().map(|listed| Listed { is_older: is_older(&listed.value), ..listed }).collect()
}

fn names(list: &Value, name: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|one| one == name))
}

/// A server that is called "servers" would be an entry, with an address or a command.
fn opencode(mut mcp: Value) -> Vec<Listed> {
    let is_entry =
        |map: &Map<String, Value>| ["url", "command", "type"].iter().any(|key| map.contains_key(*key));
    match mcp.get_mut("servers") {
        Some(Value::Object(servers)) if !is_entry(servers) => named(Value::Object(std::mem::take(servers))),
        _ => named(mcp),
    }
}

fn list(servers: Value) -> Vec<Listed> {
    let Value::Array(servers) = servers else { return Vec::new() };
    let named = |value: Value| {
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Listed { name, project: None, disabled: false, is_older: false, value }
    };
    servers.into_iter().map(named).collect()
}
