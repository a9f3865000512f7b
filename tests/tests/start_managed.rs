//! A valet that the person's service manager starts for a program: a real one, with the unit that is
//! installed.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Desktop, Home, World, program, until};

/// The unit as it is installed, with our programs.
fn unit(name: &str) -> String {
    let installed = include_str!("../../share/systemd/user/mcp-valet.service");
    installed.replace("mcp-valet-tray", program(name).to_str().unwrap())
}

fn environment(process: u32) -> String {
    fs::read_to_string(format!("/proc/{process}/environ")).unwrap()
}

#[test]
fn the_manager_starts_it_with_an_environment_of_its_own() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let manager = world.manager(&[("mcp-valet.service", &unit("mcp-valetd"))]);
    let output = home.run(world.cli(&["list"]).env("MCP_VALET_LOG", "trace").env("OF_THE_CALLER", "1"));
    let output = output.expect_code(0);
    assert!(output.stderr.is_empty(), "nothing to wonder about: {output:?}");
    let [valet] = world.running("mcp-valetd")[..] else { panic!("not one") };
    let all = environment(valet);
    assert!(!all.contains("OF_THE_CALLER") && !all.contains("MCP_VALET_LOG"), "{all}");
    let group = fs::read_to_string(format!("/proc/{valet}/cgroup")).unwrap();
    assert!(group.contains("/mcp-valet.service"), "{group}");
    let status = fs::read_to_string(format!("/proc/{valet}/status")).unwrap();
    assert!(status.contains(&format!("\nPPid:\t{}\n", manager.id())), "{status}");
    // One that was killed is started again for the next who asks.
    world.kill("mcp-valetd");
    world.lists().expect_code(0);
}

#[test]
fn what_the_person_does_not_want_to_be_started_is_not() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let _manager = world.manager(&[("mcp-valet.service", "")]);
    let error = world.lists().refused();
    assert_eq!(error["code"], "not_started", "{error}");
    assert!(error["detail"].as_str().unwrap().contains("masked"), "{error}");
    assert_eq!(world.running("mcp-valetd"), Vec::<u32>::new());
}

#[test]
fn a_manager_that_knows_none_leaves_it_to_the_program_beside_ours() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let _manager = world.manager(&[]);
    let output = home.run(&mut world.cli(&["list"])).expect_code(0);
    assert!(output.stderr.contains("no service manager knows it"), "{output:?}");
}

#[test]
fn a_manager_of_another_world_is_asked_for_nothing() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let _manager = world.manager(&[("mcp-valet.service", &unit("mcp-valetd"))]);
    // As in a container that shares the folder of the sockets, and in one with processes of its own.
    for hides in ["unshare --mount", "unshare --pid --fork --mount-proc"] {
        let script = format!("{hides} {} list --json", program("mcp-valet").display());
        let error = home.run(world.command("sh").args(["-c", &script])).refused();
        assert_eq!(error["code"], "sandboxed", "{hides}: {error}");
    }
    assert_eq!(world.running("mcp-valetd"), Vec::<u32>::new());
}

#[test]
fn where_the_session_has_a_screen_it_is_the_one_with_an_icon() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let desktop = Desktop::start(&home);
    let _manager = world.manager(&[("mcp-valet.service", &unit("mcp-valet-tray"))]);
    let mut systemctl = world.command("systemctl");
    let display = format!("DISPLAY={}", desktop.display());
    systemctl.args(["--user", "set-environment", &display]).env("XDG_RUNTIME_DIR", world.runtime());
    home.run(&mut systemctl).expect_code(0);
    world.lists().expect_code(0);
    assert_eq!(world.running("mcp-valet-tray").len(), 1);
    desktop.menu_has("Quit");
    assert!(desktop.windows().is_empty(), "nobody asked for a window");
    desktop.click("Quit");
    until("it ends", || world.running("mcp-valet-tray").is_empty().then_some(()));
    let error = world.lists().refused();
    assert_eq!(error["code"], "quit", "{error}");
}

#[test]
fn where_it_has_none_it_is_the_one_without_and_makes_way_for_the_other() {
    let home = Home::new();
    let Some(world) = World::new(&home) else { return };
    let _manager = world.manager(&[("mcp-valet.service", &unit("mcp-valet-tray"))]);
    world.lists().expect_code(0);
    assert_eq!(world.running("mcp-valetd").len(), 1);
    let desktop = Desktop::start(&home);
    let mut tray = world.command(program("mcp-valet-tray"));
    let bus = format!("unix:path={}/bus", world.runtime().display());
    tray.env("DISPLAY", desktop.display()).env("DBUS_SESSION_BUS_ADDRESS", bus);
    let _tray = home.spawn(&mut tray, "tray");
    desktop.menu_has("Quit");
    until("the other one has made way", || world.running("mcp-valetd").is_empty().then_some(()));
}
