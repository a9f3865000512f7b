//! Servers that others wrote, as programs with keys: each lists and does behind the valet what it does where
//! a client starts it, and its key arrives at its provider and nowhere else. Where they are not installed,
//! nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use mcp_valet_tests::foreign::{FOREIGN, Foreign, Provider, foreign_servers};
use mcp_valet_tests::{Home, StdioClient, Valet, figure, until};
use serde_json::{Value, json};

/// What one lists, and what a call of it comes to. The call waits for one that starts slowly; a list does
/// not.
fn used(foreign: &Foreign, client: &mut StdioClient) -> [Value; 2] {
    let arguments = serde_json::from_str(foreign.call.1).unwrap();
    let called = client.call(foreign.call.0, &arguments);
    [client.request(&json!({ "method": "tools/list", "params": {} })), called]
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
    let Some(folder) = foreign_servers() else { return };
    let mut failed = Vec::new();
    for foreign in &FOREIGN {
        let (home, provider) = (Home::new(), Provider::start());
        let begun = Instant::now();
        let (key, at) = (foreign.key(), provider.at.as_str());
        let mut straight = vec!["env".to_owned()];
        straight.extend(foreign.env(at).into_iter().map(|(name, value)| format!("{name}={value}")));
        straight.extend(foreign.words(&folder));
        let straight: Vec<&OsStr> = straight.iter().map(OsStr::new).collect();
        let mut client = StdioClient::with(&home, &straight);
        let alone = used(foreign, &mut client);
        client.close();
        assert!(provider.has_heard(&key), "{}: a call that needs the key", foreign.name);
        provider.forget();

        // What stood in a command line for the comparison is over; the logs of that are not the valet's.
        let home = Home::new();
        let servers = json!({ foreign.name: foreign.entry(&folder, at) });
        home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
        let valet = Valet::start(&home);
        until("it is in use", || (valet.server(foreign.name)["state"] == "ready").then_some(()));
        let mut client = StdioClient::start(&home, foreign.name);
        let ours = used(foreign, &mut client);
        if let Some(differs) = difference(&ours, &alone) {
            failed.push(format!("{}: {differs}", foreign.name));
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

/// From where on two answers differ. They can be long.
fn difference(ours: &[Value; 2], alone: &[Value; 2]) -> Option<String> {
    let [ours, alone] = [ours, alone].map(|answers| json!(answers).to_string());
    let at = ours.bytes().zip(alone.bytes()).position(|(one, other)| one != other);
    let at = at.or_else(|| (ours.len() != alone.len()).then(|| ours.len().min(alone.len())))?;
    let from = |text: &str| -> String {
        String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(40)..]).chars().take(200).collect()
    };
    Some(format!("{} is not {}", from(&ours), from(&alone)))
}
