//! Memory that stays.

use crate::socket::{Door, request};
use crate::table::Table;
use mcp_valet_tests::{Home, Rogue, Valet};
use std::thread::sleep;
use std::time::Duration;

/// How long a valet is left alone before it is idle.
const REST: Duration = Duration::from_secs(12);

pub(crate) fn measure(table: &mut Table) {
    let work = "idle, headless, resident";
    if !table.wants(work) {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start_quiet(&home);
    sleep(REST);
    let idle = valet.memory();
    table.row(work, &mib(idle), "", "–", "≤ 6.5 MB");
    valet.sign_in("rogue");
    let (request, socket) = (request("rogue"), home.socket());
    let door = Door::new(&socket, &request);
    door.crowd(1000, 20_000);
    let loaded = valet.memory();
    sleep(REST);
    let rested = valet.memory();
    table.row(
        "resident after 1,000 connections",
        &mib(rested),
        &format!("at once {}", mib(loaded)),
        "–",
        "idle + 5 MB",
    );
}

fn mib(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}
