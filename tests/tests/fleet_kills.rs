//! Machines of a fleet that die, stop or are cut off at any moment: no refresh token is ever sent twice, and
//! nothing is lost but what is said to be interrupted.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::fleet::{Fleet, have_one_token};
use mcp_valet_tests::{Etcd, Home, Network, RawClient, Rogue, Valet, dose, figure, still, until_within};

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;
/// From one moment at which something happens to the next: a renewal takes some of these.
const STEP: Duration = Duration::from_millis(7);
/// More than the lease of a machine, and the time that its end takes to be noticed.
const BEYOND_THE_LEASE: Duration = Duration::from_secs(8);
/// The machine that is behind a network of its own, where the test may make one.
const BEHIND: usize = 3;

/// What happens to a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    Killed,
    Stopped,
    CutOff,
}

impl Blow {
    fn of(round: u32, network: Option<&Network>) -> Self {
        match round % 40 {
            2 => Self::Stopped,
            21 if network.is_some() => Self::CutOff,
            _ => Self::Killed,
        }
    }
}

fn ask(home: &Home) -> RawClient {
    let mut client = RawClient::connect(&home.socket());
    client.ask_token(r#"{"server":"rogue"}"#);
    client
}

fn start<'home>(home: &'home Home, at: usize, network: Option<&Network>) -> Valet<'home> {
    match network.filter(|_| at == BEHIND) {
        Some(network) => Valet::start_under(home, &network.entry().each_ref().map(String::as_str)),
        None => Valet::start(home),
    }
}

fn strike<'home>(
    blow: Blow,
    valets: &mut Vec<Valet<'home>>,
    at: usize,
    home: &'home Home,
    network: Option<&Network>,
) {
    match blow {
        Blow::Killed => {
            valets.remove(at).kill();
            valets.insert(at, start(home, at, network));
        }
        Blow::Stopped => {
            still::freeze(valets[at].id());
            thread::sleep(BEYOND_THE_LEASE);
            still::thaw(valets[at].id());
        }
        Blow::CutOff => {
            let network = network.unwrap();
            network.cut();
            thread::sleep(BEYOND_THE_LEASE);
            network.mend();
        }
    }
}

#[test]
fn whatever_happens_to_a_machine_a_refresh_is_done_once_or_is_said_to_be_interrupted() {
    let rounds = dose(3, 1000);
    let (etcd, rogue) = (Etcd::start(3), Rogue::start());
    let fleet = Fleet::of(4, &etcd, &[("rogue", &rogue.mcp())], 60);
    let network = Network::to(&[etcd.ports(), vec![rogue.address().port()]].concat());
    let network = network.as_ref();
    let mut valets: Vec<Valet<'_>> =
        fleet.homes.iter().enumerate().map(|(at, home)| start(home, at, network)).collect();
    valets[0].sign_in("rogue");
    have_one_token(&valets, "rogue");
    let (mut interrupted, mut blows) = (0, Vec::new());
    for round in 1..=rounds {
        fleet.move_clocks(LATER * i64::from(round));
        let blow = Blow::of(round, network);
        let at = if blow == Blow::CutOff { BEHIND } else { usize::try_from(round).unwrap() % valets.len() };
        let asking: Vec<RawClient> = fleet.homes.iter().map(ask).collect();
        thread::sleep(STEP * (round % 23));
        strike(blow, &mut valets, at, &fleet.homes[at], network);
        drop(asking);
        let is_over = until_within(Duration::from_secs(60), "all say the same", || {
            let answers: Vec<_> = valets.iter().map(|valet| valet.token("rogue")).collect();
            let good = answers.iter().filter(|answer| answer.status == 200).count();
            let lapsed = answers.iter().filter(|answer| answer.body.contains("interrupted")).count();
            (good == valets.len() || lapsed == valets.len()).then_some(lapsed > 0)
        });
        if is_over {
            interrupted += 1;
            valets[0].sign_in("rogue");
        }
        have_one_token(&valets, "rogue");
        blows.push(blow);
    }
    let sent: Vec<String> =
        rogue.requests("/token").iter().filter_map(|request| request.field("refresh_token")).collect();
    let distinct: HashSet<&String> = sent.iter().collect();
    assert_eq!(distinct.len(), sent.len(), "no refresh token is sent twice");
    let count = |blow| blows.iter().filter(|one| **one == blow).count();
    let (killed, stopped, cut_off) = (count(Blow::Killed), count(Blow::Stopped), count(Blow::CutOff));
    figure(format!(
        "{rounds} expiries on 4 machines, at each of which one was killed ({killed}), stopped beyond its lease ({stopped}) or \
         cut off beyond it ({cut_off}): {} refreshes, {interrupted} interrupted",
        sent.len()
    ));
    let rounds = usize::try_from(rounds).unwrap();
    assert!(sent.len() <= rounds && sent.len() + interrupted >= rounds, "{} and {interrupted}", sent.len());
}

#[test]
fn a_machine_that_is_cut_off_serves_nothing_for_longer_than_it_may_and_is_well_soon_after() {
    let rounds = dose(1, 10);
    let stale = 10;
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let Some(network) = Network::to(&[etcd.ports(), vec![rogue.address().port()]].concat()) else {
        figure("no machine was cut off: that takes root");
        return;
    };
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], stale);
    let valet = Valet::start(&fleet.homes[0]);
    let valets = [valet, start(&fleet.homes[1], BEHIND, Some(&network))];
    let (mut noticed, mut served, mut well) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    for round in 1..=rounds {
        valets[0].sign_in("rogue");
        have_one_token(&valets, "rogue");
        let refreshes = rogue.refreshes();
        network.cut();
        let cut = Instant::now();
        valets[0].cli(&["revoke", "rogue"]).expect_code(0);
        let revoked = Instant::now();
        until_within(Duration::from_secs(5), "it notices the cut", || {
            valets[1].cli(&["doctor"]).stdout.contains("shared vault is away").then_some(())
        });
        noticed = noticed.max(cut.elapsed());
        // Nothing is renewed while it cannot be known whether another does so.
        fleet.homes[1].move_clock(LATER * round);
        valets[1].token("rogue");
        fleet.homes[1].move_clock(0);
        until_within(Duration::from_secs(15), "it serves nothing any more", || {
            let answer = valets[1].token("rogue");
            if answer.status == 200 {
                served = served.max(revoked.elapsed());
            }
            (answer.status != 200 && answer.text("reason") == "engine_unreachable").then_some(())
        });
        assert_eq!(rogue.refreshes(), refreshes, "in round {round}");
        valets[0].sign_in("rogue");
        let new = valets[0].token("rogue").expect_status(200).text("access_token");
        network.mend();
        let mended = Instant::now();
        until_within(Duration::from_secs(5), "it has what is new", || {
            let answer = valets[1].token("rogue");
            (answer.status == 200 && answer.text("access_token") == new).then_some(())
        });
        well = well.max(mended.elapsed());
        valets[0].cli(&["revoke", "rogue"]).expect_code(0);
    }
    assert!(served < Duration::from_secs(u64::from(stale) + 1), "{served:?}");
    figure(format!(
        "{rounds} cuts: noticed within {noticed:?}, revoked tokens served for {served:?} at most (staleSeconds: {stale}), \
         well again within {well:?}"
    ));
}
