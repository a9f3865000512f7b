//! Starting, ending, limits and the log.

#![allow(clippy::unwrap_used, reason = "test code fails by panicking")]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use common::{ALL, Demo, VERIFIER, text};

fn refuses_to_start(arguments: &[&str]) -> String {
    let binary = env!("CARGO_BIN_EXE_mcp-valet-demo");
    let Output { status, stdout, stderr } = Command::new(binary).args(arguments).output().unwrap();
    assert!(!status.success() && stdout.is_empty(), "{arguments:?}");
    String::from_utf8(stderr).unwrap()
}

#[tokio::test]
async fn it_ends_cleanly_when_told_to_even_with_a_connection_open() {
    let demo = Demo::start();
    let idle = TcpStream::connect(demo.base.trim_start_matches("http://")).unwrap();
    let (code, log) = demo.end();
    assert_eq!(code, Some(0), "{log}");
    drop(idle);
}

#[test]
fn it_ends_with_its_input_where_that_is_wanted() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mcp-valet-demo"))
        .args(["--port", "0", "--ends-with-input"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    TcpStream::connect(&address).unwrap();
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn it_listens_on_loopback_only() {
    for host in ["0.0.0.0", "192.168.0.1", "::", "example.com"] {
        assert!(refuses_to_start(&["--host", host]).contains("loopback"), "{host}");
    }
}

#[test]
fn what_is_missing_or_wrong_is_said_at_the_start() {
    let taken = Demo::start();
    let port = taken.base.rsplit(':').next().unwrap();
    assert!(refuses_to_start(&["--port", port]).contains("--port 0"));
    assert!(refuses_to_start(&["--no-registration"]).contains("--client-id"));
    let bad = ["--port", "0", "--client-id", "x", "--redirect-uri", "http://a.example/"];
    assert!(refuses_to_start(&bad).contains("not a redirect URI"));
    let no_file = ["--port", "0", "--client-id", "x", "--client-secret-file", "/nonexistent"];
    assert!(refuses_to_start(&no_file).contains("/nonexistent"));
}

#[tokio::test]
async fn the_issuer_is_spelt_like_the_host() {
    let demo = Demo::with(&["--host", "localhost"]);
    assert!(demo.base.starts_with("http://localhost:"));
    let metadata = demo.get_json("/.well-known/oauth-authorization-server").await;
    assert_eq!(metadata["issuer"], demo.base);
}

#[tokio::test]
async fn slow_clients_do_not_hold_up_the_others() {
    let demo = Demo::start();
    let address = demo.base.trim_start_matches("http://").to_owned();
    let slow: Vec<_> = (0..100)
        .map(|n| {
            let mut stream = TcpStream::connect(&address).unwrap();
            let start = match n % 3 {
                0 => String::new(),
                1 => "GET / HTTP/1.1\r\nHos".to_owned(),
                _ => format!("POST /token HTTP/1.1\r\nHost: {address}\r\nContent-Length: 100\r\n\r\nabc"),
            };
            stream.write_all(start.as_bytes()).unwrap();
            stream
        })
        .collect();
    let quick = tokio::time::timeout(Duration::from_secs(2), demo.get("/")).await.unwrap();
    assert_eq!(quick.status(), 200);

    for mut stream in slow {
        stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("closed by the demo in time");
    }
}

#[tokio::test]
async fn what_is_too_long_is_not_read() {
    let demo = Demo::start();
    let long = "x".repeat(64 * 1024 + 1);
    for path in ["/token", "/register", "/mcp", "/authorize/consent"] {
        let response = demo.http.post(demo.url(path)).body(long.clone()).send().await.unwrap();
        assert_eq!(response.status(), 413, "{path}");
    }
    let response = demo.http.get(demo.url(&format!("/?{}", "x".repeat(70_000)))).send().await;
    assert!(response.is_err() || response.is_ok_and(|response| response.status().is_client_error()));
}

#[tokio::test]
async fn the_log_never_has_a_secret_in_it() {
    let demo = Demo::start();
    let app = demo.app_with("client_secret_post").await;
    let secret = text(&app.registration, "client_secret").to_owned();
    let page = demo.page(demo.authorization(&app.id, &[("scope", ALL)])).await;
    let location = common::location(&demo.answer(&page, "allow").await);
    let code = common::parameter(&location, "code").unwrap();
    let proof = [("client_secret", secret.as_str())];
    let (_, first) = demo.exchange(&app.id, &code, &proof).await;
    let (_, second) = demo.refresh(&app.id, text(&first, "refresh_token"), &proof).await;
    demo.status_of(text(&second, "access_token")).await;
    demo.refresh(&app.id, text(&first, "refresh_token"), &proof).await;

    let (_, log) = demo.end();
    assert!(log.contains("tokens issued") && log.contains("its grant is revoked"), "{log}");
    let management = text(&app.registration, "registration_access_token");
    let cookie = page.cookie.split_once('=').unwrap().1;
    let tokens = [&first, &second].map(|t| [text(t, "access_token"), text(t, "refresh_token")]);
    for known in
        tokens.iter().flatten().copied().chain([&*secret, &code, management, cookie, &page.csrf, VERIFIER])
    {
        assert!(!log.contains(known));
    }
}
