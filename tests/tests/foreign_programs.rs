//! Servers that others wrote, as programs with keys: each lists and does behind the valet what it does where
//! a client starts it, and its key arrives at its provider and nowhere else. They are those of npm in
//! `MCP_VALET_SERVERS`, installed there with --ignore-scripts, and of Python in its `venv`; without that
//! folder nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::{env, fs, thread};

use mcp_valet_tests::{Home, StdioClient, Valet, figure, until};
use serde_json::{Value, json};

/// A program, and one call of it that makes it ask its provider.
struct Foreign {
    name: &'static str,
    /// Below the folder; what ends with `js` is run by Node.
    file: &'static str,
    /// `{at}` is the provider's address.
    args: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
    /// The variable that its key goes into.
    key: &'static str,
    call: (&'static str, &'static str),
}

const ALL: [Foreign; 10] = [
    Foreign {
        name: "gitlab",
        file: "node_modules/@modelcontextprotocol/server-gitlab/dist/index.js",
        args: &[],
        env: &[("GITLAB_API_URL", "{at}/api/v4")],
        key: "GITLAB_PERSONAL_ACCESS_TOKEN",
        call: ("search_repositories", r#"{"search":"valet"}"#),
    },
    Foreign {
        name: "zereight-gitlab",
        file: "node_modules/@zereight/mcp-gitlab/build/index.js",
        args: &[],
        env: &[("GITLAB_API_URL", "{at}/api/v4")],
        key: "GITLAB_PERSONAL_ACCESS_TOKEN",
        call: ("list_projects", "{}"),
    },
    Foreign {
        name: "firecrawl",
        file: "node_modules/firecrawl-mcp/dist/index.js",
        args: &[],
        env: &[("FIRECRAWL_API_URL", "{at}")],
        key: "FIRECRAWL_API_KEY",
        call: ("firecrawl_map", r#"{"url":"https://example.com"}"#),
    },
    Foreign {
        name: "karakeep",
        file: "node_modules/@karakeep/mcp/dist/index.js",
        args: &[],
        env: &[("KARAKEEP_API_ADDR", "{at}")],
        key: "KARAKEEP_API_KEY",
        call: ("search-bookmarks", r#"{"query":"valet"}"#),
    },
    Foreign {
        name: "elasticsearch",
        file: "node_modules/@elastic/mcp-server-elasticsearch/dist/index.js",
        args: &[],
        env: &[("ES_URL", "{at}")],
        key: "ES_API_KEY",
        call: ("list_indices", r#"{"indexPattern":"*"}"#),
    },
    Foreign {
        name: "context7",
        file: "node_modules/@upstash/context7-mcp/dist/index.js",
        args: &[],
        env: &[("CONTEXT7_API_URL", "{at}")],
        key: "CONTEXT7_API_KEY",
        call: ("resolve-library-id", r#"{"query":"svelte","libraryName":"svelte"}"#),
    },
    Foreign {
        name: "notion",
        file: "node_modules/@notionhq/notion-mcp-server/bin/cli.mjs",
        args: &[],
        env: &[("BASE_URL", "{at}")],
        key: "NOTION_TOKEN",
        call: ("API-get-self", "{}"),
    },
    Foreign {
        name: "metabase",
        file: "node_modules/@cognitionai/metabase-mcp-server/dist/server.js",
        args: &[],
        env: &[("METABASE_URL", "{at}")],
        key: "METABASE_API_KEY",
        call: ("list_dashboards", "{}"),
    },
    Foreign {
        name: "atlassian",
        file: "venv/bin/mcp-atlassian",
        args: &[],
        env: &[("JIRA_URL", "{at}")],
        key: "JIRA_PERSONAL_TOKEN",
        call: ("jira_get_all_projects", "{}"),
    },
    Foreign {
        name: "meilisearch",
        file: "venv/bin/meilisearch-mcp",
        args: &[],
        env: &[("MEILI_HTTP_ADDR", "{at}")],
        key: "MEILI_MASTER_KEY",
        call: ("list-indexes", "{}"),
    },
];

/// A provider that answers whatever it is asked with nothing, and keeps what it was told.
struct Provider {
    at: String,
    heard: Arc<Mutex<String>>,
}

impl Provider {
    fn start() -> Self {
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

    fn has_heard(&self, text: &str) -> bool {
        self.heard.lock().unwrap().contains(text)
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
        write!(to, "HTTP/1.1 200 OK\r\n{more}\r\nContent-Length: 2\r\n\r\n[]").ok()?;
    }
}

impl Foreign {
    fn key_text(&self) -> String {
        format!("SECRET-of-{}-0123456789", self.name)
    }

    fn words(&self, folder: &Path, at: &str) -> Vec<String> {
        let file = folder.join(self.file).to_str().unwrap().to_owned();
        let node = self.file.ends_with("js").then(|| "node".to_owned());
        let args = self.args.iter().map(|arg| arg.replace("{at}", at));
        node.into_iter().chain([file]).chain(args).collect()
    }

    fn env(&self, at: &str) -> Vec<(String, String)> {
        self.env.iter().map(|(name, value)| ((*name).to_owned(), value.replace("{at}", at))).collect()
    }

    fn entry(&self, folder: &Path, at: &str) -> Value {
        let words = self.words(folder, at);
        let mut env: serde_json::Map<String, Value> =
            self.env(at).into_iter().map(|(name, value)| (name, json!(value))).collect();
        env.insert(self.key.to_owned(), json!(self.key_text()));
        json!({ "command": words[0], "args": words[1..], "env": env })
    }

    /// What it lists, and what one call comes to. The call waits for one that starts slowly; a list does not.
    fn used(&self, client: &mut StdioClient) -> [Value; 2] {
        let arguments = serde_json::from_str(self.call.1).unwrap();
        let called = client.call(self.call.0, &arguments);
        [client.request(&json!({ "method": "tools/list", "params": {} })), called]
    }
}

/// Where anybody could read this text: the command lines and environments of all processes but those that
/// have it in theirs for a reason, and the valet's files.
fn read_by_others(home: &Home, text: &str, allowed: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let processes = processes.filter(|path| path.join("environ").exists());
    let of_process = processes.flat_map(|path| {
        let environment = fs::read_to_string(path.join("environ")).unwrap_or_default();
        let is_allowed = allowed(&environment);
        [("cmdline", true), ("environ", !is_allowed)]
            .map(|(name, is_looked_at)| (path.join(name), is_looked_at))
    });
    let of_process = of_process.filter(|(_, is_looked_at)| *is_looked_at).map(|(path, _)| path);
    let files = [home.path().join("state/mcp-valet"), home.logs()];
    let files =
        files.into_iter().flat_map(|folder| fs::read_dir(folder).unwrap().flatten().map(|file| file.path()));
    let has = |path: &PathBuf| fs::read(path).is_ok_and(|bytes| memmem(&bytes, text.as_bytes()));
    of_process.chain(files).filter(has).collect()
}

fn memmem(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn each_does_behind_the_valet_what_it_does_alone_and_its_key_arrives_at_its_provider_alone() {
    let Some(folder) = env::var_os("MCP_VALET_SERVERS").map(PathBuf::from) else { return };
    let mut failed = Vec::new();
    for foreign in &ALL {
        let (home, provider) = (Home::new(), Provider::start());
        let begun = std::time::Instant::now();
        let (key, at) = (foreign.key_text(), provider.at.as_str());
        let words = foreign.words(&folder, at);
        let mut straight: Vec<String> = vec!["env".into(), format!("{}={key}", foreign.key)];
        straight.extend(foreign.env(at).into_iter().map(|(name, value)| format!("{name}={value}")));
        straight.extend(words);
        let straight: Vec<&OsStr> = straight.iter().map(OsStr::new).collect();
        let mut client = StdioClient::with(&home, &straight);
        let alone = foreign.used(&mut client);
        client.close();
        assert!(provider.has_heard(&key), "{}: a call that needs the key", foreign.name);
        provider.heard.lock().unwrap().clear();

        // What stood in a command line for the comparison is over; the logs of that are not the valet's.
        let home = Home::new();
        let servers = json!({ foreign.name: foreign.entry(&folder, at) });
        home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
        let valet = Valet::start(&home);
        until("it is in use", || (valet.server(foreign.name)["state"] == "ready").then_some(()));
        let mut client = StdioClient::start(&home, foreign.name);
        let ours = foreign.used(&mut client);
        if ours != alone {
            failed.push(format!("{}: {:.400} is not {:.400}", foreign.name, json!(ours), json!(alone)));
        }
        if !provider.has_heard(&key) {
            failed.push(format!("{}: its key has not arrived", foreign.name));
        }
        let of_program = |environment: &str| environment.contains("MCP_VALET_PROGRAM=");
        let found = read_by_others(&home, &key, of_program);
        if !found.is_empty() {
            failed.push(format!("{}: its key is in {found:?}", foreign.name));
        }
        let tools = ours[0]["result"]["tools"].as_array().map_or(0, Vec::len);
        figure(format!("{}: {tools} tools, {:.1} s", foreign.name, begun.elapsed().as_secs_f64()));
        client.close();
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
