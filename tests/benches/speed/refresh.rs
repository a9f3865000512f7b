//! A token that has to be renewed while many wait.

use crate::socket::asking;
use crate::table::Table;
use mcp_valet_tests::{Home, Rogue, Valet};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

const ASKERS: usize = 1_000;

pub(crate) fn measure(table: &mut Table) {
    let work = "1,000 askers at expiry, last answer after the issuer's";
    table.alone(work, "ms", "≤ 10 ms", last_answer);
}

fn last_answer() -> f64 {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    rogue.token_lifetime(Some(2));
    let valet = Valet::start_quiet(&home);
    valet.sign_in("rogue");
    rogue.token_lifetime(Some(9_000));
    let gate = rogue.hold("/token");
    let request = asking(r#"{"server":"rogue","min_ttl":60}"#);
    let mut streams: Vec<_> = (0..ASKERS).map(|_| UnixStream::connect(home.socket()).unwrap()).collect();
    streams.iter_mut().for_each(|stream| stream.write_all(request.as_bytes()).unwrap());
    gate.reached();
    // By then all have been heard.
    sleep(Duration::from_secs(1));
    let begun = Instant::now();
    gate.open();
    streams.iter_mut().for_each(|stream| {
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
    });
    begun.elapsed().as_secs_f64() * 1e3
}
