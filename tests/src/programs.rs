//! The programs under test, as they were built.

use std::path::PathBuf;

use crate::curl::mcp_call;
use crate::{Home, HttpResponse, Process};

/// One of our executables, beside the program that asks or beside the folder of the test that asks.
///
/// Cargo cannot make a test depend on another package's executable, so they are built first: `make test`
/// does.
#[track_caller]
pub fn program(name: &str) -> PathBuf {
    if let Some(installed) = shown_below() {
        return installed.join("mcp-valet/bin").join(name);
    }
    let this = std::env::current_exe().unwrap();
    let beside = this.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|path| path.exists());
    beside.unwrap_or_else(|| {
        panic!("{name} is missing: run the tests with `make test`, or `make build-tests` first")
    })
}

/// Where everything is installed that pictures show the path of, such as `/opt`: by itself it would be that
/// of the build. `make screenshots` names it, and puts our programs there.
pub(crate) fn shown_below() -> Option<PathBuf> {
    std::env::var_os("MCP_VALET_SHOWN_BELOW").map(PathBuf::from)
}

/// The demo provider: authorization server and MCP server in one.
#[derive(Debug)]
pub struct Demo {
    process: Process,
    origin: String,
}

impl Demo {
    /// Starts it on a free port with the home's clock.
    pub fn start(home: &Home) -> Self {
        Self::with(home, &[])
    }

    /// Starts it with more options.
    pub fn with(home: &Home, options: &[&str]) -> Self {
        let mut command = home.command(program("mcp-valet-demo"));
        command.args(["--port", "0"]).args(options);
        let mut process = home.spawn(&mut command, "demo");
        let origin = process.announces("listening on ");
        Self { process, origin }
    }

    /// Ends it and starts it at the same address. It keeps nothing, so it knows nobody any more.
    pub fn restart(&mut self, home: &Home) {
        self.process.kill();
        let port = self.origin.rsplit(':').next().unwrap().to_owned();
        let mut command = home.command(program("mcp-valet-demo"));
        self.process = home.spawn(command.args(["--port", &port]), "demo-again");
        self.process.announces("listening on ");
    }

    /// The address, which is the issuer too.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The MCP endpoint.
    pub fn mcp(&self) -> String {
        format!("{}/mcp", self.origin)
    }

    /// `tools/list` as an agent that holds `token` would ask.
    pub fn list_tools(&self, token: &str) -> HttpResponse {
        mcp_call(&self.mcp(), token, "tools/list", "{}")
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        self.process.stderr() + &self.process.stdout()
    }
}

/// Runs `openssl`, which makes keys as an operator would, and answers what it wrote.
pub fn openssl(arguments: &[&str]) -> String {
    let output = std::process::Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
