//! What grows: a call with many sessions open, a token with many streams that hear of every change.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use mcp_valet_tests::Home;
use tokio::runtime::Runtime;

use crate::client::{Client, Way, p50};
use crate::micros;
use crate::table::{Table, in_short};

/// By this word the bench is a program that listens.
pub const LISTENS: &str = "listens";
/// Streams that one application may hear at a time are 64.
const EACH: usize = 50;
const CALLS: usize = 1_000;

/// A call in the newest of so many sessions.
pub fn sessions(runtime: &Runtime, home: &Home, table: &mut Table) {
    let way = Way::Proxy(home.socket());
    let mut open = 0;
    let work = "call in the newest of so many sessions, p50";
    table.curve(work, "µs", "", &[1, 16, 256, 1_024, 4_096], |many| {
        let time = runtime.block_on(async {
            let mut client = Client::connect(&way).await;
            let mut session = String::new();
            for _ in open..many {
                session = client.session().await;
            }
            p50(&mut Client::connect(&way).await.within(&session), CALLS).await
        });
        open = many;
        in_short(micros(time))
    });
}

/// A token while so many streams listen, and something that they hear of changes all the time.
pub fn streams(home: &Home, table: &mut Table) {
    let work = "token while so many streams of events listen, p50; p99";
    table.curve(work, "µs", "", &[1, 10, 100, 1_000], |many| {
        let listeners: Vec<_> =
            (0..many_of(many)).map(|number| begin(home, number, many.min(EACH))).collect();
        let (p50, p99) = tokens(home);
        for mut listener in listeners {
            listener.kill().unwrap();
            listener.wait().unwrap();
        }
        format!("{p50:.0}; {p99:.0}")
    });
}

fn many_of(streams: usize) -> usize {
    streams.div_ceil(EACH)
}

/// A program of its own that listens so often.
fn begin(home: &Home, number: usize, streams: usize) -> std::process::Child {
    let program = home.programs().join(format!("listener-{number}"));
    if !program.exists() {
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    }
    let mut command = home.command(&program);
    command.arg(LISTENS).arg(home.socket()).arg(streams.to_string());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    child
}

/// Opens so many streams and reads them.
pub fn listen(socket: &Path, streams: usize) {
    let mut threads = Vec::new();
    for _ in 0..streams {
        let mut stream = UnixStream::connect(socket).unwrap();
        stream.write_all(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut piece = vec![0; 64 << 10];
        assert!(stream.read(&mut piece).unwrap() > 0);
        threads.push(std::thread::spawn(
            move || while stream.read(&mut piece).is_ok_and(|length| length > 0) {},
        ));
    }
    std::io::stdout().write_all(b".").unwrap();
    std::io::stdout().flush().unwrap();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// The middle and the 99th percentile of the times of a token, while uses are shown to all who listen.
fn tokens(home: &Home) -> (f64, f64) {
    const BODY: &str = r#"{"server":"bare"}"#;
    let request = format!(
        "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut stream = UnixStream::connect(home.socket()).unwrap();
    let (mut times, begun) = (Vec::new(), Instant::now());
    let mut piece = vec![0; 64 << 10];
    while begun.elapsed().as_secs() < 3 {
        let asked = Instant::now();
        stream.write_all(request.as_bytes()).unwrap();
        assert!(stream.read(&mut piece).unwrap() > 0);
        times.push(micros(asked.elapsed()));
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}
