//! Requests whose body comes later than their head: nobody's answer is lost in a broken pipe.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use mcp_valet_tests::{Home, Rogue, Valet};

/// Every call of the agents' socket, and what is turned away.
const CALLS: &[(&str, &str)] = &[
    ("POST", "/v1/token"),
    ("GET", "/v1/servers"),
    ("POST", "/v1/servers"),
    ("GET", "/v1/servers/rogue"),
    ("POST", "/v1/servers/rogue/authorize"),
    ("POST", "/v1/servers/rogue/callback"),
    ("POST", "/v1/servers/rogue/decline"),
    ("POST", "/v1/servers/rogue/revoke"),
    ("GET", "/v1/audit"),
    ("GET", "/v1/audit/verify"),
    ("POST", "/v1/doctor"),
    ("POST", "/v1/show"),
    ("GET", "/v1/health"),
    ("POST", "/mcp/rogue"),
    ("GET", "/mcp/nobody"),
    ("DELETE", "/mcp/nobody"),
    ("POST", "/mcp/rogue?query"),
    ("PUT", "/mcp/rogue"),
    ("POST", "/v1/nothing"),
    ("PUT", "/v1/token"),
    ("DELETE", "/v1/servers/nobody"),
    ("POST", "/v1/revoke"),
    ("POST", "/v1/lock"),
];

/// Sends `head`, pauses, sends `body`; answers the status.
#[track_caller]
fn says(mut stream: impl Read + Write, what: &str, head: &str, body: &[u8]) -> u16 {
    stream.write_all(head.as_bytes()).unwrap();
    stream.flush().unwrap();
    std::thread::sleep(Duration::from_millis(60));
    for piece in body.chunks(64 << 10) {
        stream.write_all(piece).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap_or_else(|error| panic!("{what}: {error}"));
    let text = String::from_utf8_lossy(&answer);
    let text = text.trim_start_matches("HTTP/1.1 100 Continue\r\n\r\n");
    text.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("{what}: {text:?}"))
}

fn connect(socket: &Path) -> UnixStream {
    let stream = UnixStream::connect(socket).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

fn head(method: &str, path: &str, more: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n{more}\r\n"
    )
}

#[test]
fn every_call_answers_a_head_and_a_body_that_come_apart() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let _valet = Valet::start(&home);
    let forms: [(&str, &[u8]); 3] = [
        ("Content-Length: 2\r\n", b"{}"),
        ("Transfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n"),
        ("Expect: 100-continue\r\nContent-Length: 2\r\n", b"{}"),
    ];
    for (method, path) in CALLS {
        for (more, body) in forms {
            let what = format!("{method} {path} {more:?}");
            let status = says(connect(&home.socket()), &what, &head(method, path, more), body);
            assert!((200..600).contains(&status), "{what}: {status}");
        }
    }
}

#[test]
fn locking_declining_and_revoking_are_done_whatever_the_body() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let call = |path: &str| {
        let more = "Content-Length: 2\r\n";
        says(connect(&home.socket()), path, &head("POST", path, more), b"{}")
    };
    assert_eq!(call("/v1/servers/rogue/decline"), 200);
    assert_eq!(valet.server("rogue")["declined"], true);
    assert_eq!(call("/v1/servers/rogue/revoke"), 200);
    assert_eq!(call("/v1/lock"), 204);
    assert_eq!(valet.get("/v1/health").json()["locked"], true);
}

#[test]
fn a_body_that_is_too_large_is_refused_with_an_answer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let _valet = Valet::start(&home);
    let body = vec![b' '; 4 << 20];
    let more = format!("Content-Length: {}\r\n", body.len());
    for (path, expected) in [("/v1/token", 400), ("/v1/servers/rogue/decline", 200), ("/v1/nothing", 404)] {
        let status = says(connect(&home.socket()), path, &head("POST", path, &more), &body);
        assert_eq!(status, expected, "{path}");
    }
}

#[test]
fn a_message_too_long_to_hold_is_answered_whoever_refuses_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp()), ("declined", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":"{}"}}"#, "a".repeat(9 << 20));
    let call = |server: &str| {
        let path = format!("/mcp/{server}");
        let more = format!("Mcp-Valet-Wait: 0\r\nContent-Length: {}\r\n", body.len());
        says(connect(&home.socket()), &path, &head("POST", &path, &more), body.as_bytes())
    };
    assert_eq!(call("nobody"), 404);
    assert_eq!(valet.post("/v1/servers/declined/decline", &serde_json::json!({})).status, 200);
    assert!((400..500).contains(&call("declined")));
    assert!((400..500).contains(&call("rogue")), "nobody is signed in");
    valet.sign_in("rogue");
    rogue.go_down();
    assert!((400..600).contains(&call("rogue")), "it is not there");
    valet.post("/v1/lock", &serde_json::json!({}));
    assert!((400..500).contains(&call("rogue")), "it is locked");
}

#[test]
fn whoever_is_turned_away_is_answered_as_well() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let _valet = Valet::start(&home);
    let more = "Origin: https://page.example\r\nContent-Length: 2\r\n";
    assert_eq!(says(connect(&home.socket()), "origin", &head("POST", "/v1/lock", more), b"{}"), 400);
}

#[test]
fn the_callback_server_answers_a_body_that_comes_later() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    let port = callback.port().unwrap();
    let at = |method: &str, path: &str, more: &str, body: &[u8]| {
        let stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n");
        says(stream, path, &head, body)
    };
    assert_eq!(at("POST", "/callback", "Content-Length: 2\r\n", b"{}"), 405);
    assert_eq!(at("POST", "/callback", "Transfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n"), 405);
    let large = vec![b' '; 4 << 20];
    assert_eq!(at("POST", "/callback", &format!("Content-Length: {}\r\n", large.len()), &large), 405);
    let path = format!("{}?{}", callback.path(), callback.query().unwrap());
    assert_eq!(at("GET", &path, "Content-Length: 2\r\n", b"{}"), 200);
    valet.token("rogue").expect_status(200);
}
