//! A home in which many programs keep secrets in plain text, five kinds of them, beside much that only
//! looks so.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Home;

/// A file of a program.
#[derive(Debug, Clone)]
pub struct Planted {
    /// Where it is in the home.
    pub file: &'static str,
    /// What is in it.
    pub text: String,
}

/// A home full of secrets.
#[derive(Debug)]
pub struct PlantedHome {
    /// The files.
    pub files: Vec<Planted>,
    /// Every secret in them that can be moved.
    pub secrets: Vec<String>,
}

/// The five secrets of one program.
struct Five {
    header: String,
    variable: String,
    argument: String,
    password: String,
    token: String,
}

const CLIENTS: [&str; 12] = [
    "claude", "desktop", "vscode", "cursor", "windsurf", "zed", "codex", "gemini", "qwen", "goose",
    "continue", "opencode",
];

impl Five {
    fn of(name: &str, number: usize) -> Self {
        Self {
            header: format!("sk-{name}-header-4f7Q{number:02}"),
            variable: format!("ghp_{name}Variable8kZ2{number:02}"),
            argument: format!("glpat-{name}-argument-9Xw{number:02}"),
            password: format!("pass.{name}.Url5Rt{number:02}"),
            token: format!("eyJhbGciOiJub25lIn0.{name}Token7Lm{number:02}.sig"),
        }
    }

    fn all(&self) -> [String; 5] {
        [&self.header, &self.variable, &self.argument, &self.password, &self.token].map(Clone::clone)
    }

    /// As most programs write them: `address` is what they call it, and `headers`.
    fn entries(&self, name: &str, address: &str, headers: &str) -> Value {
        json!({
            format!("{name}-header"): {
                address: format!("https://{name}-header.example/mcp"), headers: { "X-Api-Key": self.header, "X-Region": "eu" },
            },
            format!("{name}-variable"): {
                "command": "npx", "args": ["-y", "@example/server", "--port=8080"],
                "env": { "GITHUB_TOKEN": self.variable, "LOG": "info", "DEBUG": "true", "API_URL": "https://api.example/v1" },
            },
            format!("{name}-argument"): {
                "command": "npx", "args": [
                    "-y", "mcp-remote", format!("https://{name}-argument.example/mcp"), "--header",
                    format!("Authorization: Bearer {}", self.argument),
                ],
            },
            format!("{name}-url"): { address: format!("https://ada:{}@{name}-url.example/mcp?region=eu", self.password) },
            format!("{name}-token"): {
                address: format!("https://{name}-token.example/mcp"),
                headers: { "Authorization": format!("Bearer {}", self.token) },
            },
            "files": {
                "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/ada/projects"],
                "env": { "PROJECT": "0b5b2d0e-7f0c-4b8e-9a61-2f3d4c5e6a7b", "KEY_FILE": "/home/ada/key.json" },
            },
        })
    }
}

/// Fills a home with the files of twelve programs.
pub fn plant(home: &Home) -> PlantedHome {
    let five: Vec<(&str, Five)> =
        CLIENTS.iter().enumerate().map(|(number, name)| (*name, Five::of(name, number))).collect();
    let files: Vec<Planted> = five.iter().map(|(name, five)| file(name, five)).collect();
    files.iter().for_each(|planted| {
        put(&home.path().join(planted.file), &planted.text);
    });
    PlantedHome { files, secrets: five.iter().flat_map(|(_, five)| five.all()).collect() }
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn file(name: &str, five: &Five) -> Planted {
    let below = |file, root: &str, entries: Value| Planted {
        file,
        text: serde_json::to_string_pretty(&json!({ "theme": "dark", root: entries })).unwrap() + "\n",
    };
    match name {
        "claude" => below(".claude.json", "mcpServers", five.entries(name, "url", "headers")),
        "desktop" => below(
            "config/Claude/claude_desktop_config.json",
            "mcpServers",
            five.entries(name, "url", "headers"),
        ),
        "vscode" => Planted {
            file: "config/Code/User/mcp.json",
            text: format!("{{\r\n\t// mine\r\n\t\"servers\": {}\r\n}}", five.entries(name, "url", "headers")),
        },
        "cursor" => below(".cursor/mcp.json", "mcpServers", five.entries(name, "url", "headers")),
        "windsurf" => below(
            ".codeium/windsurf/mcp_config.json",
            "mcpServers",
            five.entries(name, "serverUrl", "headers"),
        ),
        "zed" => below("config/zed/settings.json", "context_servers", five.entries(name, "url", "headers")),
        "gemini" => below(".gemini/settings.json", "mcpServers", five.entries(name, "httpUrl", "headers")),
        "qwen" => below(".qwen/settings.json", "mcpServers", five.entries(name, "httpUrl", "headers")),
        "codex" => Planted { file: ".codex/config.toml", text: codex(name, five) },
        "goose" => Planted { file: "config/goose/config.yaml", text: goose(name, five) },
        "continue" => Planted { file: ".continue/config.yaml", text: continues(name, five) },
        _ => Planted { file: "config/opencode/opencode.json", text: opencode(name, five) },
    }
}

fn codex(name: &str, five: &Five) -> String {
    let Five { header, variable, argument, password, token } = five;
    format!(
        "model = \"x\" # mine\r\n\r\n\
         [mcp_servers.{name}-header]\r\nurl = \"https://{name}-header.example/mcp\"\r\nhttp_headers = {{ \"X-Api-Key\" = '{header}' }}\r\n\r\n\
         [mcp_servers.{name}-variable]\r\ncommand = \"npx\"\r\nargs = [\"-y\", \"@example/server\"]\r\nstartup_timeout_sec = 20\r\n\
         [mcp_servers.{name}-variable.env]\r\nGITHUB_TOKEN = \"{variable}\"\r\nLOG = \"info\" # said\r\n\r\n\
         [mcp_servers.{name}-argument]\r\ncommand = \"npx\"\r\nargs = [\"mcp-remote\", \"https://{name}-argument.example/mcp\", \"--header\", \"Authorization: Bearer {argument}\"]\r\n\r\n\
         [mcp_servers.{name}-url]\r\nurl = \"https://ada:{password}@{name}-url.example/mcp\"\r\n\r\n\
         [mcp_servers.{name}-token]\r\nurl = \"https://{name}-token.example/mcp\"\r\nbearer_token = \"{token}\"\r\n\r\n\
         [mcp_servers.files]\r\ncommand = \"npx\"\r\nargs = [\"-y\", \"@modelcontextprotocol/server-filesystem\", \"/tmp\"]"
    )
}

fn goose(name: &str, five: &Five) -> String {
    let Five { header, variable, argument, password, token } = five;
    format!(
        "# mine\nGOOSE_MODEL: x\nextensions:\n  developer:\n    type: builtin\n    enabled: true\n\
        \x20 {name}-header:\n    type: streamable_http\n    uri: https://{name}-header.example/mcp\n    headers:\n      X-Api-Key: {header}\n    enabled: true\n\
        \x20 {name}-variable:\n    type: stdio\n    cmd: npx\n    args: [-y, '@example/server']\n    envs:\n      GITHUB_TOKEN: \"{variable}\"\n      LOG: info\n    enabled: true\n    timeout: 300\n\
        \x20 {name}-argument:\n    type: stdio\n    cmd: npx\n    args:\n      - mcp-remote\n      - https://{name}-argument.example/mcp\n      - --header\n      - 'Authorization: Bearer {argument}'\n    enabled: true\n\
        \x20 {name}-url:\n    type: streamable_http\n    uri: https://ada:{password}@{name}-url.example/mcp\n    enabled: true\n\
        \x20 {name}-token:\n    type: streamable_http\n    uri: https://{name}-token.example/mcp\n    headers:\n      Authorization: Bearer {token}\n    enabled: true\n"
    )
}

fn continues(name: &str, five: &Five) -> String {
    let Five { header, variable, argument, password, token } = five;
    format!(
        "name: Mine\nversion: 1.0.0\nschema: v1\nmcpServers:\n\
        \x20 - name: {name}-header\n    type: streamable-http\n    url: https://{name}-header.example/mcp\n    requestOptions:\n      headers:\n        X-Api-Key: {header}\n\
        \x20 - name: {name}-variable\n    command: npx\n    args:\n      - -y\n      - '@example/server'\n    env:\n      GITHUB_TOKEN: {variable}\n      LOG: info\n\
        \x20 - name: {name}-argument\n    command: npx\n    args: [mcp-remote, 'https://{name}-argument.example/mcp', --header, 'Authorization: Bearer {argument}']\n\
        \x20 - name: {name}-url\n    type: streamable-http\n    url: https://ada:{password}@{name}-url.example/mcp\n\
        \x20 - name: {name}-token\n    type: streamable-http\n    url: https://{name}-token.example/mcp\n    apiKey: {token}\n# the end"
    )
}

fn opencode(name: &str, five: &Five) -> String {
    let Five { header, variable, argument, password, token } = five;
    serde_json::to_string_pretty(&json!({
        "$schema": "https://opencode.ai/config.json",
        "mcp": {
            format!("{name}-header"): {
                "type": "remote", "url": format!("https://{name}-header.example/mcp"), "headers": { "X-Api-Key": header },
            },
            format!("{name}-variable"): {
                "type": "local", "command": ["npx", "-y", "@example/server"], "environment": { "GITHUB_TOKEN": variable, "LOG": "info" },
            },
            format!("{name}-argument"): {
                "type": "local", "enabled": true, "command": [
                    "npx", "mcp-remote", format!("https://{name}-argument.example/mcp"), "--header",
                    format!("Authorization:Bearer {argument}"),
                ],
            },
            format!("{name}-url"): { "type": "remote", "url": format!("https://ada:{password}@{name}-url.example/mcp") },
            format!("{name}-token"): {
                "type": "remote", "url": format!("https://{name}-token.example/mcp"),
                "headers": { "Authorization": format!("Bearer {token}") },
            },
        },
    }))
    .unwrap()
}

impl PlantedHome {
    /// The files that are not what they were.
    pub fn changed(&self, home: &Home) -> Vec<&'static str> {
        let is_changed = |planted: &&Planted| read(home, planted.file) != planted.text;
        self.files.iter().filter(is_changed).map(|planted| planted.file).collect()
    }

    /// Each secret that some file of the home has, with the file.
    pub fn found(&self, home: &Home) -> Vec<(PathBuf, String)> {
        found(home, &self.secrets)
    }
}

/// Each of the secrets that some file of the home has, with the file.
pub fn found(home: &Home, secrets: &[String]) -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    walk(home.path(), &mut |file| {
        let bytes = fs::read(file).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        all.extend(
            secrets.iter().filter(|one| text.contains(*one)).map(|one| (file.to_owned(), one.clone())),
        );
    });
    all
}

fn walk(folder: &Path, look: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            walk(&entry.path(), look);
        } else if kind.is_file() {
            look(&entry.path());
        }
    }
}

/// A file of the home.
pub fn read(home: &Home, file: &str) -> String {
    fs::read_to_string(home.path().join(file)).unwrap()
}

/// Has a file of the home say this.
pub fn has(home: &Home, file: &str, text: &str) {
    let path = home.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What the valet's configuration lists.
pub fn servers(home: &Home) -> Value {
    let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    config["mcpServers"].clone()
}
