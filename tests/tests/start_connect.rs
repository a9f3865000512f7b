//! `mcp-valet connect` over the ends and starts of the valet: it has one started where none runs, and goes on
//! where another one ended.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::{Duration, Instant};

use mcp_valet_tests::{BareClient, Home, Keychain, Rogue, SessionServer, World};
use rustix::process::Signal;
use serde_json::json;

/// What a new valet may cost a client, with room for a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(4);

#[test]
fn what_codex_leaves_of_an_environment_is_enough_to_find_the_valet() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    home.asks_about(&[("toolbox", "http://127.0.0.1:1/mcp")]);
    let (valet, _terminal) = world.valet_on_terminal();
    let output = home.run(&mut world.cli(&["list"])).expect_code(0);
    assert!(output.stdout.contains("toolbox") && output.stderr.is_empty(), "{output:?}");
    assert_eq!(world.running("mcp-valetd"), [valet.id()]);
}

#[test]
fn a_client_costs_nobody_a_thought_whenever_the_valet_ends() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(world) = World::new(&home) else { return };
    let _keychain = Keychain::on_bus(&home, world.bus(&[], &[]));
    let server = SessionServer::start(&home, &rogue.origin());
    home.configure(&json!({
        "mcpServers": { "toolbox": { "url": server.mcp() } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
    let (mut valet, _terminal) = world.valet_on_terminal();
    home.browser_says_yes();
    home.run(world.cli(&["authorize", "toolbox"]).env("BROWSER", home.path().join("browser"))).expect_code(0);
    valet.signal(Signal::TERM);
    valet.wait();
    let mut client = BareClient::of(&home, world.cli(&["connect", "toolbox"]));
    client.initialize(&json!({}));
    client.notify("notifications/initialized");
    assert_eq!(client.calls("hello"), "hello");
    for _ in 0..2 {
        world.kill("mcp-valetd");
        let begun = Instant::now();
        assert_eq!(client.calls("hello"), "hello");
        assert!(begun.elapsed() < PATIENCE, "it took {:?}", begun.elapsed());
    }
}
