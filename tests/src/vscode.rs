//! Visual Studio Code as somebody uses it in a browser: code-server, from npm.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::{Browser, Home, Process, free_port, until};

/// The button of a dialog that is not *Cancel*.
const CONSENT: &str = ".monaco-dialog-box .dialog-buttons .monaco-button:not(.secondary)";
/// Where it has its answers sent, unless its window and its programs are on one machine.
pub const REDIRECT: &str = "https://vscode.dev/redirect";

/// One that is running, and the browser that shows it.
#[derive(Debug)]
pub struct VsCode {
    browser: Browser,
    tab: String,
    _process: Process,
}

/// Where it is, if it is there: in `MCP_VALET_CLIENTS`, installed with --ignore-scripts, as is what its
/// `lib/vscode` and the extensions in there want.
pub fn installed() -> Option<PathBuf> {
    let entry = Path::new("node_modules/code-server/out/node/entry.js");
    env::var_os("MCP_VALET_CLIENTS")
        .map(|clients| Path::new(&clients).join(entry))
        .filter(|entry| entry.exists())
}

impl VsCode {
    /// Starts it in a folder whose `mcp.json` has this server, and opens that file. `authority` is a
    /// certificate authority that it is to know.
    pub fn start(home: &Home, entry: &Path, url: &str, authority: Option<&str>) -> Self {
        let (port, folder) = (free_port(), home.path().join("project"));
        let list = folder.join(".vscode/mcp.json");
        let servers = json!({ "servers": { "toolbox": { "type": "http", "url": url } } });
        write(&list, &servers);
        let settings = json!({
            "workbench.startupEditor": "none",
            "workbench.secondarySideBar.defaultVisibility": "hidden",
            // Of authorities it knows those of the system alone, unless it is left to Node.
            "http.systemCertificates": false,
            "http.fetchAdditionalSupport": false,
        });
        write(&home.path().join("data/code-server/User/settings.json"), &settings);
        let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/node_modules/node/bin/node");
        let mut command = home.command(node);
        command.arg(entry).args(["--auth", "none", "--bind-addr", &format!("127.0.0.1:{port}")]);
        command.args(["--disable-workspace-trust", "--disable-update-check", "--disable-telemetry"]);
        authority.map(|authority| command.env("NODE_EXTRA_CA_CERTS", authority));
        let process = home.spawn(command.arg(&folder), "code-server");
        until("code-server listens", || process.stdout().contains("HTTP server listening").then_some(()));
        let browser = Browser::start(home);
        let opened = format!("vscode-remote://127.0.0.1:{port}{}", list.display());
        let page = Url::parse_with_params(
            &format!("http://127.0.0.1:{port}/"),
            [("folder", folder.to_str().unwrap()), ("payload", &json!([["openFile", opened]]).to_string())],
        );
        browser.open(page.unwrap().as_str());
        let tab = browser.tabs().remove(0);
        Self { browser, tab, _process: process }
    }

    /// Presses what stands above the server in its list, such as *Start*, and goes on where it wants to sign
    /// in. Answers the path and query of the page that it opens for that.
    #[track_caller]
    pub fn signs_in(&self, by: &str) -> String {
        // What stands there is drawn again now and then, and a click on what goes is lost.
        let mut looks = 0;
        until(&format!("it asks whether to sign in: {}", self.browser.page()), || {
            if looks % 100 == 0 {
                self.browser.follows(by);
            }
            looks += 1;
            self.browser.has(CONSENT).then_some(())
        });
        self.browser.click(CONSENT);
        let opened =
            until("it opens a page", || self.browser.tabs().into_iter().find(|tab| *tab != self.tab));
        self.browser.turn_to(&opened);
        let page = until("the page has an address", || {
            Some(self.browser.url()).filter(|url| url.contains("/authorize?"))
        });
        // code-server leads whatever is on this machine by its own address.
        let (_, led) = page.split_once("/proxy/").unwrap_or_else(|| panic!("{page}"));
        led.trim_start_matches(|letter: char| letter.is_ascii_digit()).to_owned()
    }

    /// What comes back at [`REDIRECT`] goes on to where its `state` says, as that page does it.
    #[track_caller]
    pub fn comes_back(&self, back: &Value) {
        let (state, code) = (back["state"].as_str().unwrap(), back["code"].as_str().unwrap());
        let address = form_urlencoded::parse(format!("to={state}").as_bytes()).next().unwrap().1.into_owned();
        let mut address = Url::parse(&address).unwrap();
        // The code is not the first: it is looked for behind an ampersand.
        address.query_pairs_mut().append_pair("state", state).append_pair("code", code);
        self.browser.open(address.as_str());
        self.browser.shows("You can close this page");
        self.browser.close_tab();
        self.browser.turn_to(&self.tab);
    }

    /// Waits until its list says that the server has so many tools.
    #[track_caller]
    pub fn has_tools(&self, count: u32) {
        self.browser.shows(&format!("{count} tools"));
    }
}

fn write(path: &Path, value: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, value.to_string()).unwrap();
}
