//! A host that falls silent without hanging up, and a desk that sleeps: what is led there is led there again.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::far::{FarHost, allowed, desk, forward, forwards};
use mcp_valet_tests::{Home, Logind, Rogue, dose, still, until};

#[test]
fn a_host_that_falls_silent_is_noticed_and_led_here_again_once_it_speaks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    // It takes as long as an answer may.
    if dose(true, false) {
        return;
    }
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    let there = far.processes();
    there.iter().for_each(|id| still::freeze(*id));
    home.move_clock(30);
    until("it is lost", || (forwards(&valet)[0]["state"] == "lost").then_some(()));
    there.iter().for_each(|id| still::thaw(*id));
    home.move_clock(120);
    until("it is there again", || (forwards(&valet)[0]["state"] == "open").then_some(()));
    assert_eq!(far.get("/v1/health").status, 200);
}

#[test]
fn while_the_desk_sleeps_nothing_is_used_and_afterwards_it_goes_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(far) = FarHost::start(&home) else { return };
    let logind = Logind::start(&home);
    let (valet, mut terminal) = desk(&home, &rogue, &far);
    logind.is_to_wait();
    forward(&valet, &mut terminal, "far", "y").expect_code(0);
    allowed(&far, &mut terminal, 1);
    let is_answered = || far.get("/v1/health").status == 200;
    logind.sleep(true);
    until("sleep may begin", || (!logind.waits()).then_some(()));
    assert!(!is_answered());
    logind.sleep(false);
    until("it is awake", || is_answered().then_some(()));
    // The person's answer stands.
    far.initialize("rogue", "Claude Code").expect_status(200);
    assert_eq!(forwards(&valet)[0]["state"], "open");
}
