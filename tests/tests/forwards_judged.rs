//! Every way to a place, judged alike: clients that others wrote call a tool there, no token is there in
//! memory, on disk or on the wire, and who is root there has no more than that.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::env;
use std::fs;
use std::path::Path;

use mcp_valet_tests::far::FarHost;
use mcp_valet_tests::ways::{Place, Way};
use mcp_valet_tests::{Home, Rogue, SessionServer, Terminal, Valet, copies_in_memory, dose, figure, program};
use serde_json::json;

/// Programs that `node/client.sh` can start, and that answer a prompt, or call a tool, with a model on
/// loopback.
const PROGRAMS: [&str; 4] = ["claude", "codex", "gemini", "mcporter"];

/// The same with the official SDK of Python.
const PYTHON: &str = r#"
import asyncio, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
async def main():
    command, *arguments = sys.argv[1:]
    started = StdioServerParameters(command=command, args=arguments, env={"MCP_VALET_SOCK": SOCKET})
    async with stdio_client(started) as (reads, writes), ClientSession(reads, writes) as session:
        await session.initialize()
        said = await session.call_tool("hello", {})
        print(said.content[0].text)
asyncio.run(main())
"#;

/// A desk whose server others wrote, led to a place.
fn desk<'home>(home: &'home Home, server: &SessionServer, place: &Place<'_>) -> (Valet<'home>, Terminal) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": server.mcp() }, "private": { "url": "https://private.example/mcp" } },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    let (valet, mut terminal) = Valet::on_terminal_with(home, &[place.environment(home)]);
    valet.sign_in("rogue");
    place.is_led_to(home, &valet, &mut terminal);
    (valet, terminal)
}

/// Nothing there has any of them: no process in its memory, no file, not what went by the socket, which is
/// the file `wire` there, and not what went by `ssh`.
fn has_none(home: &Home, place: &Place<'_>, secrets: &[String]) {
    let processes = place.processes();
    // The look would have found one.
    assert!(processes.iter().any(|id| copies_in_memory(*id, b"tools/call") > 0), "{processes:?}");
    assert!(place.files_with(home, "tools/call").contains("wire"));
    assert!(!secrets.is_empty());
    for secret in secrets {
        for id in &processes {
            assert_eq!(copies_in_memory(*id, secret.as_bytes()), 0, "in process {id}");
        }
        assert_eq!(place.files_with(home, secret), "");
    }
    if let Place::Host(far, _) = place {
        carried_none(far, secrets);
    }
}

/// Nothing that `ssh` carried has any of them: not the bytes between the hosts, and not the plain text that
/// the server there made of them.
fn carried_none(far: &FarHost<'_>, secrets: &[String]) {
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let spoken = fs::metadata(far.folder().join("wire")).unwrap().len();
    let (bytes, plain) = (far.wire().bytes(), far.wire().plain());
    // All that was said there went by, and not one call of it was to be read on the way, but at the end.
    assert!(bytes.iter().map(Vec::len).sum::<usize>() as u64 > spoken && spoken > 0);
    assert!(plain.contains("tools/call"), "{} bytes", plain.len());
    for bytes in &bytes {
        assert!(bytes.starts_with(b"SSH-2.0-") && !has(bytes, "tools/call"));
    }
    for secret in secrets {
        assert!(bytes.iter().all(|bytes| !has(bytes, secret)) && !plain.contains(secret), "by ssh");
    }
}

#[test]
fn a_client_there_calls_a_tool_and_no_token_is_there_in_memory_on_disk_or_on_the_wire() {
    for way in Way::ALL.into_iter().take(dose(1, Way::ALL.len())) {
        let (home, rogue) = (Home::new(), Rogue::start());
        let Some(place) = way.place(&home) else { continue };
        let server = SessionServer::start(&home, &rogue.origin());
        let (_valet, _terminal) = desk(&home, &server, &place);
        let (_tap, socket) = place.tap(&home);
        let mut client = place.sdk(&home, &socket);
        assert_eq!(client.calls("hello"), "hello", "{way:?}");
        has_none(&home, &place, &rogue.secrets());
    }
}

#[test]
fn root_there_has_nothing_beyond_that_forward() {
    for way in Way::ALL.into_iter().take(dose(1, Way::ALL.len())) {
        let (home, rogue) = (Home::new(), Rogue::start());
        let Some(place) = way.place(&home) else { continue };
        let server = SessionServer::start(&home, &rogue.origin());
        let (valet, _terminal) = desk(&home, &server, &place);
        let socket = place.home().join(".mcp-valet/agent.sock").display().to_string();
        let asks = |path: &str, more: &[&str]| {
            let mut words =
                vec!["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", &socket];
            let address = format!("http://localhost{path}");
            words.extend(more.iter().copied().chain([address.as_str()]));
            // Of a host, root is root here.
            let mut command = match &place {
                Place::Host(..) => {
                    let mut command = std::process::Command::new(words[0]);
                    command.args(&words[1..]);
                    command
                }
                Place::Container(_) | Place::Spaces(..) => place.command(&words),
            };
            home.run(&mut command).stdout
        };
        assert_eq!(asks("/v1/health", &[]), "200", "{way:?}");
        for path in ["/v1/audit", "/v1/events", "/v1/forwards", "/v1/servers/private", "/mcp/private"] {
            assert_eq!(asks(path, &[]), "404", "{way:?}: {path}");
        }
        for path in ["token", "revoke", "lock", "show", "setup", "adopt", "servers", "forwards", "keys"] {
            let body = r#"{"server":"rogue"}"#;
            let told = asks(&format!("/v1/{path}"), &["-H", "Content-Type: application/json", "-d", body]);
            assert!(["404", "405"].contains(&told.as_str()), "{way:?}: {path}: {told}");
        }
        // Not that one either which has all that is of the desk.
        let near = home.socket().display().to_string();
        if !matches!(place, Place::Spaces(..)) || way == Way::Podman {
            let mut command =
                place.command(&["curl", "-s", "--unix-socket", &near, "http://localhost/v1/health"]);
            assert_eq!(home.run(&mut command).stdout, "", "{way:?}");
        }
        assert_eq!(valet.get("/v1/forwards").json()[0]["refused"], 0);
    }
}

/// What a program there says that is started with a model, and the command of a server.
fn says(home: &Home, place: &Place<'_>, name: &str, socket: &Path) -> String {
    let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    let at = |name: &str| node.join(name).display().to_string();
    let mut model =
        home.spawn(home.command("node").arg(at("model.mjs")).arg("hello"), &format!("model-{name}"));
    let url = model.announces("listening on ");
    let clients = format!("MCP_VALET_CLIENTS={}", env::var("MCP_VALET_CLIENTS").unwrap());
    let named = format!("MCP_VALET_SOCK={}", socket.display());
    let (script, ours) = (at("client.sh"), program("mcp-valet").display().to_string());
    let words = ["env", &clients, "bash", &script, name, &url, "env", &named, &ours, "connect", "rogue"];
    let done = home.run(&mut place.command(&words));
    let said = model.stdout();
    let last = said.lines().rfind(|line| line.starts_with("says ")).map(ToOwned::to_owned);
    last.unwrap_or_else(|| format!("{}{}", done.stdout, done.stderr))
}

#[test]
fn programs_that_others_wrote_call_a_tool_over_every_forward() {
    let Some(clients) = env::var_os("MCP_VALET_CLIENTS") else { return };
    figure("| way | program | the tool was called |\n| --- | --- | --- |");
    let mut surprises = Vec::new();
    for way in Way::ALL.into_iter().take(dose(1, Way::ALL.len())) {
        let (home, rogue) = (Home::new(), Rogue::start());
        let Some(place) = way.place(&home) else { continue };
        let server = SessionServer::start(&home, &rogue.origin());
        let (_valet, _terminal) = desk(&home, &server, &place);
        let (_tap, socket) = place.tap(&home);
        for name in PROGRAMS {
            let said = says(&home, &place, name, &socket);
            let row = format!(
                "| {way:?} | {name} | {} |",
                if said.contains("hello") { "yes" } else { said.trim() }
            );
            figure(&row);
            if !said.contains("hello") {
                surprises.push(row);
            }
        }
        let python = Path::new(&clients).join("venv/bin/python").display().to_string();
        let (script, ours) =
            (PYTHON.replace("SOCKET", &format!("{:?}", socket.display().to_string())), program("mcp-valet"));
        let words = [python.as_str(), "-c", &script, ours.to_str().unwrap(), "connect", "rogue"];
        assert_eq!(home.run(&mut place.command(&words)).expect_code(0).stdout, "hello\n", "{way:?}");
        // One that stays is looked into while it does.
        let mut client = place.sdk(&home, &socket);
        assert_eq!(client.calls("hello"), "hello", "{way:?}");
        has_none(&home, &place, &rogue.secrets());
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}
