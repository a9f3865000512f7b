//! How costs grow with what there is.

use crate::peers::Visitors;
use crate::socket::{Door, request};
use crate::start::names;
use crate::table::{Table, in_short};
use mcp_valet_tests::{Home, Rogue, Valet};
use std::time::{Duration, Instant};

const TIMES: usize = 2_000;
const SERVERS: &[usize] = &[10, 100, 1_000, 10_000];
const AGENTS: &[usize] = &[1, 10, 100, 1_000];
/// A client that asks so often in a second, and for so long.
const RATE: u32 = 50;
const LONG: Duration = Duration::from_secs(7);
/// A valet that has written nothing for so long is done with its start.
const REST: Duration = Duration::from_secs(1);
/// Seconds that a token lives longer than the one before.
const STEP: i64 = 8_000;

pub(crate) fn measure(table: &mut Table) {
    let flat = "flat";
    table.curve("held token by name, of servers", "µs", flat, SERVERS, |servers| {
        in_short(among(servers, by_name))
    });
    table.curve("held token by URL, of servers", "µs", flat, SERVERS, |servers| {
        in_short(among(servers, by_url))
    });
    table
        .curve("renewed token, of servers", "ms", flat, SERVERS, |servers| in_short(among(servers, renewed)));
    table.curve("written at 50 requests/s, of servers", "KiB/s", flat, SERVERS, |servers| {
        in_short(among(servers, written))
    });
    table.curve("held token, of agents that are there", "µs", flat, AGENTS, |agents| {
        in_short(beside_agents(agents))
    });
}

/// Among so many servers, one that is signed in to.
fn among(servers: usize, measure: impl FnOnce(&Valet<'_>, &Home, &Rogue) -> f64) -> f64 {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.token_lifetime(Some(9_000));
    let names = names(servers - 1);
    let mcp = rogue.mcp();
    let mut listed: Vec<(&str, &str)> =
        names.iter().map(|(name, url)| (name.as_str(), url.as_str())).collect();
    listed.push(("rogue", &mcp));
    home.lists(&listed, "memory");
    let valet = Valet::start_quiet(&home);
    valet.sign_in("rogue");
    measure(&valet, &home, &rogue)
}

fn by_name(_: &Valet<'_>, home: &Home, _: &Rogue) -> f64 {
    Door::new(&home.socket(), &request("rogue")).kept(TIMES)
}

fn by_url(_: &Valet<'_>, home: &Home, rogue: &Rogue) -> f64 {
    Door::new(&home.socket(), &request(&rogue.mcp())).kept(TIMES)
}

/// From a question that the token is too old for to the answer, in milliseconds; our issuer answers at once.
fn renewed(_: &Valet<'_>, home: &Home, rogue: &Rogue) -> f64 {
    let socket = home.socket();
    let mut taken: Vec<f64> = (0..9)
        .map(|round| {
            // Each time for longer than what there is, and for less than a day: what lasts is not handed out.
            rogue.token_lifetime(Some(STEP * (round + 1)));
            let request = crate::socket::asking(&format!(
                r#"{{"server":"rogue","min_ttl":{}}}"#,
                STEP * (round + 1) - 1_000
            ));
            let begun = Instant::now();
            crate::socket::answered(&socket, &request);
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() / 2]
}

/// KiB that reach the disk in a second.
fn written(valet: &Valet<'_>, home: &Home, _: &Rogue) -> f64 {
    let request = request("rogue");
    let (socket, before) = (home.socket(), at_rest(valet.id()));
    let begun = Instant::now();
    let mut times = 0;
    while begun.elapsed() < LONG {
        crate::socket::answered(&socket, &request);
        times += 1;
        std::thread::sleep((Duration::from_secs(1) / RATE * times).saturating_sub(begun.elapsed()));
    }
    (written_by(valet.id()) - before) / 1024.0 / begun.elapsed().as_secs_f64()
}

/// The same once the start is over, of which all that is known is written down in the background.
fn at_rest(process: u32) -> f64 {
    let mut before = written_by(process);
    loop {
        std::thread::sleep(REST);
        match written_by(process) {
            now if now <= before => return now,
            now => before = now,
        }
    }
}

fn written_by(process: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/io")).unwrap();
    text.lines().find_map(|line| line.strip_prefix("wchar: ")).unwrap().parse().unwrap()
}

/// With so many programs connected, each another one.
fn beside_agents(agents: usize) -> f64 {
    among(10, |_, home, _| {
        let request = request("rogue");
        let _visitors = Visitors::come(home, agents - 1, "rogue");
        Door::new(&home.socket(), &request).kept(TIMES)
    })
}
