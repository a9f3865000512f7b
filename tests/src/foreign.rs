//! Servers that others wrote, as programs with keys, and the provider that each asks. They are those of npm
//! in `MCP_VALET_SERVERS`, installed there with --ignore-scripts, and of Python in its `venv`.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Map, Value, json};

/// Where they are; nothing where nobody has installed them.
pub fn foreign_servers() -> Option<PathBuf> {
    env::var_os("MCP_VALET_SERVERS").map(PathBuf::from)
}

/// A program, and one call of it that makes it ask its provider.
#[derive(Debug)]
pub struct Foreign {
    /// What it is listed as.
    pub name: &'static str,
    /// Below the folder; what ends with `js` is run by Node.
    file: &'static str,
    /// `{at}` is the provider's address.
    env: &'static [(&'static str, &'static str)],
    /// The variable that its key goes into.
    variable: &'static str,
    /// The tool, and its arguments.
    pub call: (&'static str, &'static str),
}

/// All of them.
pub const FOREIGN: [Foreign; 10] = [
    Foreign {
        name: "gitlab",
        file: "node_modules/@modelcontextprotocol/server-gitlab/dist/index.js",
        env: &[("GITLAB_API_URL", "{at}/api/v4")],
        variable: "GITLAB_PERSONAL_ACCESS_TOKEN",
        call: ("search_repositories", r#"{"search":"valet"}"#),
    },
    Foreign {
        name: "zereight-gitlab",
        file: "node_modules/@zereight/mcp-gitlab/build/index.js",
        env: &[("GITLAB_API_URL", "{at}/api/v4")],
        variable: "GITLAB_PERSONAL_ACCESS_TOKEN",
        call: ("list_projects", "{}"),
    },
    Foreign {
        name: "firecrawl",
        file: "node_modules/firecrawl-mcp/dist/index.js",
        env: &[("FIRECRAWL_API_URL", "{at}")],
        variable: "FIRECRAWL_API_KEY",
        call: ("firecrawl_map", r#"{"url":"https://example.com"}"#),
    },
    Foreign {
        name: "karakeep",
        file: "node_modules/@karakeep/mcp/dist/index.js",
        env: &[("KARAKEEP_API_ADDR", "{at}")],
        variable: "KARAKEEP_API_KEY",
        call: ("search-bookmarks", r#"{"query":"valet"}"#),
    },
    Foreign {
        name: "elasticsearch",
        file: "node_modules/@elastic/mcp-server-elasticsearch/dist/index.js",
        env: &[("ES_URL", "{at}")],
        variable: "ES_API_KEY",
        call: ("list_indices", r#"{"indexPattern":"*"}"#),
    },
    Foreign {
        name: "context7",
        file: "node_modules/@upstash/context7-mcp/dist/index.js",
        env: &[("CONTEXT7_API_URL", "{at}")],
        variable: "CONTEXT7_API_KEY",
        call: ("resolve-library-id", r#"{"query":"svelte","libraryName":"svelte"}"#),
    },
    Foreign {
        name: "notion",
        file: "node_modules/@notionhq/notion-mcp-server/bin/cli.mjs",
        env: &[("BASE_URL", "{at}")],
        variable: "NOTION_TOKEN",
        call: ("API-get-self", "{}"),
    },
    Foreign {
        name: "metabase",
        file: "node_modules/@cognitionai/metabase-mcp-server/dist/server.js",
        env: &[("METABASE_URL", "{at}")],
        variable: "METABASE_API_KEY",
        call: ("list_dashboards", "{}"),
    },
    Foreign {
        name: "atlassian",
        file: "venv/bin/mcp-atlassian",
        // Else its schemas name fields in the order of a set, another one at each start.
        env: &[("JIRA_URL", "{at}"), ("PYTHONHASHSEED", "0")],
        variable: "JIRA_PERSONAL_TOKEN",
        call: ("jira_get_all_projects", "{}"),
    },
    Foreign {
        name: "meilisearch",
        file: "venv/bin/meilisearch-mcp",
        env: &[("MEILI_HTTP_ADDR", "{at}")],
        variable: "MEILI_MASTER_KEY",
        call: ("list-indexes", "{}"),
    },
];

/// A provider that answers whatever it is asked with nothing, and keeps what it was told.
#[derive(Debug)]
pub struct Provider {
    /// Its address.
    pub at: String,
    heard: Arc<Mutex<String>>,
}

impl Provider {
    /// Starts it on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::<Mutex<String>>::default();
        let keeps = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let keeps = Arc::clone(&keeps);
                thread::spawn(move || answers(stream, &keeps));
            }
        });
        Self { at, heard }
    }

    /// Whether it was told this, since it was asked to forget.
    pub fn has_heard(&self, text: &str) -> bool {
        self.heard.lock().unwrap().contains(text)
    }

    /// Forgets what it was told.
    pub fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }
}

fn answers(stream: TcpStream, heard: &Mutex<String>) -> Option<()> {
    let (mut to, mut from) = (stream.try_clone().ok()?, BufReader::new(stream));
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            (from.read_line(&mut line).ok()? > 0).then_some(())?;
            let small = line.to_ascii_lowercase();
            length =
                small.strip_prefix("content-length:").map_or(length, |text| text.trim().parse().unwrap());
            head += &line;
            if line.trim().is_empty() {
                break;
            }
        }
        from.read_exact(&mut vec![0; length]).ok()?;
        heard.lock().unwrap().push_str(&head);
        let more = "Content-Type: application/json\r\nX-Elastic-Product: Elasticsearch";
        // At once: what comes in pieces waits for their receipt.
        let answer = format!("HTTP/1.1 200 OK\r\n{more}\r\nContent-Length: 2\r\n\r\n[]");
        to.write_all(answer.as_bytes()).ok()?;
    }
}

impl Foreign {
    /// Its key, which stands nowhere else.
    pub fn key(&self) -> String {
        format!("SECRET-of-{}-0123456789", self.name)
    }

    /// Its command line, where they are installed.
    pub fn words(&self, folder: &Path) -> Vec<String> {
        let file = folder.join(self.file).to_str().unwrap().to_owned();
        let node = self.file.ends_with("js").then(|| "node".to_owned());
        node.into_iter().chain([file]).collect()
    }

    /// Its environment, the key included.
    pub fn env(&self, at: &str) -> Vec<(&'static str, String)> {
        let own = self.env.iter().map(|(name, value)| (*name, value.replace("{at}", at)));
        own.chain([(self.variable, self.key())]).collect()
    }

    /// How a configuration lists it.
    pub fn entry(&self, folder: &Path, at: &str) -> Value {
        let words = self.words(folder);
        let env: Map<String, Value> =
            self.env(at).into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        json!({ "command": words[0], "args": words[1..], "env": env })
    }
}
