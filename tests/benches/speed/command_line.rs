//! `mcp-valet token`, from its start to its end.

use crate::peers;
use crate::socket::half;
use crate::table::{Table, contender};
use mcp_valet_tests::{Home, Rogue, Valet, program};
use std::process::{Command, Stdio};

const TIMES: usize = 300;

pub(crate) fn measure(table: &mut Table) {
    let work = "command line, whole process, p50";
    if !table.wants(work) {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start_quiet(&home);
    valet.sign_in("rogue");
    let ours = || {
        let mut command = home.command(program("mcp-valet"));
        command.args(["token", "rogue"]);
        command
    };
    table.compare(
        work,
        "µs",
        "≤ 1.3",
        vec![
            contender("valet", || whole(ours)),
            contender("least client", || whole(|| peers::least_client(&home, "rogue"))),
        ],
    );
}

fn whole(command: impl Fn() -> Command) -> f64 {
    half(TIMES, || {
        let ended = command().stdout(Stdio::null()).status().unwrap();
        assert!(ended.success());
    })
}
