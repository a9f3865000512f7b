//! A valet that the person's session bus starts for a program, where no service manager does: a real bus,
//! with the file that is installed.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{CommandOutput, Desktop, Home, World, program};
use serde_json::Value;
use std::fs;

const FILE: &str = "io.github.mcp_valet.Valet.service";

/// The file as it is installed, with our programs.
fn service(name: &str) -> String {
    let installed = include_str!("../../share/dbus-1/services/io.github.mcp_valet.Valet.service");
    installed.replace("mcp-valet-tray", program(name).to_str().unwrap())
}

fn lists(home: &Home, world: &World<'_>) -> CommandOutput {
    home.run(world.cli(&["list", "--json"]).env("OF_THE_CALLER", "1"))
}

/// The one process that runs this was started by the bus, and by nobody else.
#[track_caller]
fn is_of_bus(world: &World<'_>, name: &str) -> String {
    let [process] = world.running(name)[..] else { panic!("not one: {:?}", world.running(name)) };
    let environment = fs::read_to_string(format!("/proc/{process}/environ")).unwrap();
    assert!(environment.contains("DBUS_STARTER_ADDRESS="), "{environment}");
    assert!(!environment.contains("OF_THE_CALLER"), "{environment}");
    environment
}

/// What takes too long to take its name is ended by the bus, so the name has to be there.
fn has_its_name(home: &Home, world: &World<'_>) {
    let mut ask = world.command("dbus-send");
    ask.arg(format!("--bus=unix:path={}/bus", world.runtime().display()));
    ask.args(["--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner"]);
    home.run(ask.arg("string:io.github.mcp_valet.Valet")).expect_code(0);
}

#[test]
fn the_bus_starts_it_with_the_environment_of_the_session() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let desktop = Desktop::start(&home);
    fs::remove_file(home.runtime().join("bus")).unwrap();
    let _bus = world.bus(&[("DISPLAY", desktop.display())], &[(FILE, &service("mcp-valet-tray"))]);
    let output = lists(&home, &world).expect_code(0);
    assert!(output.stderr.is_empty(), "nothing to wonder about: {output:?}");
    let environment = is_of_bus(&world, "mcp-valet-tray");
    assert!(environment.contains("DISPLAY="), "{environment}");
    has_its_name(&home, &world);
    assert!(desktop.windows().is_empty(), "nobody asked for a window");
}

#[test]
fn where_the_session_has_no_screen_it_is_the_one_without() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let _bus = world.bus(&[], &[(FILE, &service("mcp-valet-tray"))]);
    lists(&home, &world).expect_code(0);
    is_of_bus(&world, "mcp-valetd");
    has_its_name(&home, &world);
    // One that was killed is started again for the next who asks.
    world.kill("mcp-valetd");
    lists(&home, &world).expect_code(0);
    is_of_bus(&world, "mcp-valetd");
}

#[test]
fn what_does_not_live_is_said() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let broken = service("mcp-valetd").replace(program("mcp-valetd").to_str().unwrap(), "/bin/false");
    let _bus = world.bus(&[], &[(FILE, &broken)]);
    let output = lists(&home, &world).expect_code(6);
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["code"], "not_started", "{error}");
    assert!(error["detail"].as_str().unwrap().contains("exited with status 1"), "{error}");
}

#[test]
fn a_bus_that_knows_none_leaves_it_to_the_program_beside_ours() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let _bus = world.bus(&[], &[]);
    let output = home.run(&mut world.cli(&["list"])).expect_code(0);
    assert!(output.stderr.contains("no service manager knows it"), "{output:?}");
}

#[test]
fn a_bus_of_another_world_is_asked_for_nothing() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let _bus = world.bus(&[], &[(FILE, &service("mcp-valetd"))]);
    let script = format!("unshare --mount {} list --json", program("mcp-valet").display());
    let output = home.run(world.command("sh").args(["-c", &script])).expect_code(6);
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["code"], "sandboxed", "{error}");
    assert_eq!(world.running("mcp-valetd"), Vec::<u32>::new());
}
