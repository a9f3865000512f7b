//! The official conformance suite for authorization servers: all its scenarios, at the door and at the demo.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Demo, Home, Process, Rogue, curl, free_port, until};
use serde_json::{Value, json};

/// The suite at one authorization server, with a browser that goes where it says.
struct Suite {
    process: Process,
    browser: WebClient,
}

impl Suite {
    fn start(home: &Home, issuer: &str, resource: &str) -> Self {
        let port = free_port().to_string();
        let redirect = format!("http://127.0.0.1:{port}/callback");
        let client = json!({ "redirect_uris": [redirect], "token_endpoint_auth_method": "none" }).to_string();
        let header = "Content-Type: application/json";
        let client = curl(&["-H", header, "-d", &client, &format!("{issuer}/register")]).text("client_id");
        let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/node_modules");
        let mut suite = home.command(packages.join("node/bin/node"));
        suite.arg(packages.join("@modelcontextprotocol/conformance/dist/index.js")).arg("authorization");
        suite.args(["--url", issuer, "--client-id", &client, "--resource", resource, "--port", &port]);
        let process = home.spawn(&mut suite, &format!("suite-{port}"));
        let browser = WebClient::with(home, resource, &[("DOOR_REDIRECT", &redirect)]);
        Self { process, browser }
    }

    /// The page that the suite wants opened.
    fn page(&mut self) -> String {
        until("the suite names a page", || {
            assert!(self.process.ended().is_none(), "{}{}", self.process.stdout(), self.process.stderr());
            let said = self.process.stdout();
            let line = said.lines().find(|line| line.contains("/authorize?"))?;
            said.contains("Waiting up to").then(|| line.trim().to_owned())
        })
    }

    fn passes(mut self, went: &Value) -> String {
        let ended = self.process.wait();
        let said = self.process.stdout();
        assert!(ended.success() && !said.contains("FAILURE"), "{said}{}{went}", self.process.stderr());
        said
    }
}

#[test]
fn the_door_passes_every_scenario_without_a_warning() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let mut suite = Suite::start(&home, &door.origin, &door.mcp("rogue"));
    let page = suite.page();
    let went = suite.browser.does_asked(&format!("visit {page}"), &mut terminal, "f");
    let said = suite.passes(&went);
    assert!(!said.contains("WARNING"), "{said}");
}

#[test]
fn the_demo_passes_every_scenario() {
    let home = Home::new();
    let demo = Demo::start(&home);
    let mut suite = Suite::start(&home, demo.origin(), &demo.mcp());
    let page = suite.page();
    let went = suite.browser.does(&format!("visit {page}"));
    // It warns that no document is a client here, which is so.
    suite.passes(&went);
}
