//! Machines of a fleet that die at any moment: no refresh token is ever sent twice, and nothing is lost but
//! what is said to be interrupted.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use mcp_valet_tests::fleet::Fleet;
use mcp_valet_tests::{Etcd, Home, RawClient, Rogue, Valet, dose, figure, until, until_within};

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;
/// From one moment at which a machine dies to the next: a renewal takes some of these.
const STEP: Duration = Duration::from_millis(7);

fn ask(home: &Home) -> RawClient {
    let mut client = RawClient::connect(&home.socket());
    client.ask_token(r#"{"server":"rogue"}"#);
    client
}

#[test]
fn whenever_a_machine_dies_a_refresh_is_done_once_or_is_said_to_be_interrupted() {
    let rounds = dose(2, 120);
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(3, &etcd, &[("rogue", &rogue.mcp())], 60);
    let mut valets: Vec<Valet<'_>> = fleet.start();
    valets[0].sign_in("rogue");
    until("all have it", || valets.iter().all(|valet| valet.token("rogue").status == 200).then_some(()));
    let mut interrupted = 0;
    for round in 1..=rounds {
        fleet.move_clocks(LATER * i64::from(round));
        let dies = usize::try_from(round).unwrap() % valets.len();
        let asking: Vec<RawClient> = fleet.homes.iter().map(ask).collect();
        thread::sleep(STEP * (round % 40));
        valets.remove(dies).kill();
        drop(asking);
        valets.insert(dies, Valet::start(&fleet.homes[dies]));
        let is_over = until_within(Duration::from_secs(30), "all say the same", || {
            let answers: Vec<_> = valets.iter().map(|valet| valet.token("rogue")).collect();
            let good = answers.iter().filter(|answer| answer.status == 200).count();
            let lapsed = answers.iter().filter(|answer| answer.body.contains("interrupted")).count();
            (good == valets.len() || lapsed == valets.len()).then_some(lapsed > 0)
        });
        if is_over {
            interrupted += 1;
            valets[0].sign_in("rogue");
            until("all have it again", || {
                valets.iter().all(|valet| valet.token("rogue").status == 200).then_some(())
            });
        }
    }
    let sent: Vec<String> =
        rogue.requests("/token").iter().filter_map(|request| request.field("refresh_token")).collect();
    let distinct: HashSet<&String> = sent.iter().collect();
    assert_eq!(distinct.len(), sent.len(), "no refresh token is sent twice");
    let rounds = usize::try_from(rounds).unwrap();
    assert!(sent.len() <= rounds && sent.len() + interrupted >= rounds, "{} and {interrupted}", sent.len());
    figure(format!("fleet: {rounds} kills: {} refreshes, {interrupted} interrupted", sent.len()));
}
