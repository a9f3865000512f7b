//! A server that sends without end what nobody asked for: it costs next to nothing, and comes to an end.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Home, HttpResponse, Valet, curl, figure};
use serde_json::json;

/// Seconds of a processor that one call may cost.
const MOST: f64 = 1.0;
/// Longer than a call with such a server may take.
const LIMIT: Duration = Duration::from_secs(12);

/// A server that reads a request and then does what `flood` does, on each connection. Where it stands.
fn server(flood: fn(&mut TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            thread::spawn(move || {
                let _ = stream.set_write_timeout(Some(LIMIT));
                let _ = stream.read(&mut [0; 4096]);
                flood(&mut stream);
            });
        }
    });
    format!("http://{address}/mcp")
}

const INTERIM: &[u8] = b"HTTP/1.1 103 Early Hints\r\n\r\n";

/// A server and its issuer, which says interim answers without end to whoever asks for what begins with
/// `path`. Where the server stands.
fn issuer(path: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let mcp = format!("{origin}/mcp");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let origin = origin.clone();
            thread::spawn(move || {
                let _ = stream.set_write_timeout(Some(LIMIT));
                let mut request = [0; 8192];
                let length = stream.read(&mut request).unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let asked = request.split(' ').nth(1).unwrap_or_default();
                if asked.starts_with(path) {
                    return say(&mut stream, INTERIM);
                }
                let (status, body) = document(&origin, asked);
                let head =
                    format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n");
                let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
            });
        }
    });
    mcp
}

fn document(origin: &str, asked: &str) -> (u16, String) {
    let at = |path: &str| format!("{origin}{path}");
    if asked.starts_with("/.well-known/oauth-protected-resource") {
        return (200, json!({ "resource": at("/mcp"), "authorization_servers": [origin] }).to_string());
    }
    if asked.starts_with("/.well-known/") {
        let metadata = json!({
            "issuer": origin, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
            "registration_endpoint": at("/register"), "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["none"],
        });
        return (200, metadata.to_string());
    }
    match asked {
        "/register" => (201, json!({ "client_id": "ours" }).to_string()),
        _ => (401, "{}".to_owned()),
    }
}

/// Says this over and over, as long as somebody reads and the test goes on.
fn say(stream: &mut TcpStream, piece: &[u8]) {
    let begun = Instant::now();
    let many = piece.repeat(64_000 / piece.len() + 1);
    while begun.elapsed() < 2 * LIMIT && stream.write_all(&many).is_ok() {}
}

/// Processor seconds that a process has used: proc_pid_stat(5), `utime` and `stime`, in hundredths.
fn used(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u32 = fields[11].parse::<u32>().unwrap() + fields[12].parse::<u32>().unwrap();
    f64::from(ticks) / 100.0
}

/// The call ends with an error, soon and at little cost.
#[track_caller]
fn costs_little(what: &str, flood: fn(&mut TcpStream)) {
    let home = Home::new();
    home.lists(&[("flood", &server(flood))], "memory");
    let valet = Valet::start(&home);
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let answer = cheaply(what, &valet, || valet.proxy("flood", &message, &["--max-time", "10"]));
    assert!(answer.body.contains("error"), "{answer:?}");
}

#[track_caller]
fn cheaply(what: &str, valet: &Valet<'_>, ask: impl FnOnce() -> HttpResponse) -> HttpResponse {
    let (begun, before) = (Instant::now(), used(valet.id()));
    let answer = ask();
    let (took, cost) = (begun.elapsed(), used(valet.id()) - before);
    figure(format!("{what}: {cost:.2} s of a processor, over in {took:.1?}"));
    assert!(took < LIMIT && cost < MOST, "{what}: {took:?}, of which {cost} s of a processor");
    answer
}

/// A sign-in that meets endless interim answers at `path` fails, soon and at little cost.
#[track_caller]
fn signing_in_costs_little(path: &'static str) {
    let home = Home::new();
    home.lists(&[("flood", &issuer(path))], "memory");
    let valet = Valet::start(&home);
    let begin = || valet.post("/v1/servers/flood/authorize", &json!({}));
    let refused = cheaply(path, &valet, begin);
    assert!(refused.status >= 400 && refused.body.contains("interim answers"), "{refused:?}");
}

#[test]
fn interim_answers_without_end_end_every_step_of_a_sign_in() {
    for path in ["/mcp", "/.well-known/oauth-protected-resource", "/.well-known/oauth-auth", "/register"] {
        signing_in_costs_little(path);
    }
}

#[test]
fn interim_answers_without_end_end_the_exchange_of_a_code() {
    let home = Home::new();
    home.lists(&[("flood", &issuer("/token"))], "memory");
    let valet = Valet::start(&home);
    let page = valet.begin("flood");
    let asked = |name: &str| page.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let callback = format!("{}?code=abc&state={}", asked("redirect_uri"), asked("state"));
    let shown = cheaply("the exchange", &valet, || curl(&[&callback]));
    assert!(shown.status >= 400, "{shown:?}");
    assert_eq!(valet.server("flood")["attempt"], "failed");
}

#[test]
fn interim_answers_without_end_end_the_call() {
    costs_little("interim answers", |stream| say(stream, INTERIM));
}

#[test]
fn a_header_without_end_ends_the_call() {
    costs_little("headers", |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        say(stream, b"x-a: b\r\n");
    });
}

#[test]
fn one_line_without_end_ends_the_call() {
    costs_little("one line", |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx-a: ");
        say(stream, b"aaaaaaaaaaaaaaaa");
    });
}

#[test]
fn frames_of_http_2_are_not_http_1_and_end_the_call() {
    costs_little("HTTP/2 frames", |stream| {
        let _ = stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]);
        // PING frames (RFC 9113 §6.7), each of which would have to be answered.
        say(stream, &[0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });
}
