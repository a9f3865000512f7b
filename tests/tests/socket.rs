//! The agents' socket: who may speak, and what happens to those who do not.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::{Duration, Instant};

use mcp_valet_tests::{Home, RawClient, Rogue, Valet, files_in, until};
use serde_json::json;

fn mode(path: &std::path::Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o777
}

#[test]
fn the_socket_and_its_folder_are_ours_alone() {
    let home = Home::new();
    home.lists(&[], "memory");
    let _valet = Valet::start(&home);
    assert_eq!(mode(home.socket().parent().unwrap()), 0o700);
    assert_eq!(mode(&home.socket()), 0o600);
}

#[test]
fn what_it_writes_down_is_ours_alone_even_in_a_folder_that_was_open() {
    let home = Home::new();
    home.lists(&[], "memory");
    let folder = home.path().join("state/mcp-valet");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    let _valet = Valet::start(&home);
    assert_eq!(mode(&folder), 0o700);
    for (path, file, _) in files_in(&folder) {
        assert_eq!(file.mode() & 0o777, 0o600, "{}", path.display());
    }
    assert!(folder.join("lock").exists());
}

#[test]
fn clients_that_connect_and_say_nothing_hold_up_nobody() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let _silent: Vec<_> = (0..200).map(|_| RawClient::connect(&home.socket())).collect();
    let mut half = RawClient::connect(&home.socket());
    half.send(b"POST /v1/token HTTP/1.1\r\nHost: local");
    let start = Instant::now();
    valet.token("rogue").expect_status(200);
    assert!(start.elapsed() < Duration::from_secs(2), "it took {:?}", start.elapsed());
}

#[test]
fn a_foreign_host_is_refused() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let answer = valet.curl(&["-H", "Host: rebound.example", "http://localhost/v1/servers"]);
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert!(!answer.body.contains(&rogue.mcp()), "{answer:?}");
}

#[test]
fn a_web_page_is_refused() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    for origin in ["https://evil.example", "null", "http://localhost:3000"] {
        let header = format!("Origin: {origin}");
        let answer = valet.curl(&["-H", &header, "-d", r#"{"server":"rogue"}"#, "http://localhost/v1/token"]);
        assert!((400..500).contains(&answer.status), "{answer:?}");
        assert!(!answer.body.contains("access_token"), "{answer:?}");
    }
}

#[test]
fn another_users_process_is_refused_even_where_the_files_let_it_in() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return; // only root can become somebody else
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let socket = home.socket();
    for folder in [home.path(), &home.runtime(), socket.parent().unwrap()] {
        fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(&socket, Permissions::from_mode(0o666)).unwrap();
    let mut command = home.command("setpriv");
    command.args([
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "curl",
        "--silent",
        "--show-error",
        "--max-time",
    ]);
    command.args(["10", "--unix-socket", socket.to_str().unwrap(), "-d", r#"{"server":"rogue"}"#]);
    let said = home.run(command.arg("http://localhost/v1/token"));
    assert!(!said.stdout.contains("access_token"), "{said:?}");
    assert!(
        said.code != 0 || said.stdout.contains("problem") || said.stdout.contains("\"code\""),
        "{said:?}"
    );
    valet.token("rogue").expect_status(200);
}

#[test]
fn every_error_is_a_problem_document() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let cases = [
        (valet.token("nobody"), 404, "unknown_server"),
        (valet.post("/v1/token", &json!({})), 400, "invalid_request"),
        (valet.post("/v1/token", &json!({ "server": "rogue", "sever": 1 })), 400, "invalid_request"),
        (valet.post("/v1/token", &json!({ "server": 7 })), 400, "invalid_request"),
        (valet.curl(&["-d", "not json", "http://localhost/v1/token"]), 400, "invalid_request"),
        (valet.get("/v1/servers/nobody"), 404, "unknown_server"),
        (valet.post("/v1/servers/nobody/authorize", &json!({})), 404, "unknown_server"),
        (valet.delete("/v1/servers/nobody"), 404, "unknown_server"),
        (valet.get("/v1/servers/rogue?wait=x"), 400, "invalid_request"),
        (valet.get("/v1/servers/rogue?wait=-1"), 400, "invalid_request"),
    ];
    for (answer, status, code) in cases {
        let answer = answer.expect_status(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        for member in ["type", "title", "detail", "advice"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {problem}");
        }
    }
}

#[test]
fn a_request_without_end_is_cut_off() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let body = home.path().join("large");
    fs::File::create(&body).unwrap().set_len(64 << 20).unwrap();
    let file = format!("@{}", body.display());
    let answer = valet.curl(&["--data-binary", &file, "http://localhost/v1/token"]);
    assert!(answer.status == 413 || answer.status == 400 || answer.status == 0, "{}", answer.head);
    valet.get("/v1/health").expect_status(200);
}

#[test]
fn what_an_agent_must_not_do_has_no_address() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    for path in
        ["/v1/consents", "/v1/questions", "/v1/answer", "/v1/grants", "/v1/servers/rogue/grant", "/v1/unlock"]
    {
        let answer = valet.post(path, &json!({ "answer": "always" }));
        assert!(answer.status == 404 || answer.status == 405, "{path}: {answer:?}");
    }
}

#[test]
fn a_server_is_found_by_its_url_too() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let token = valet.token(&rogue.mcp()).expect_status(200);
    assert_eq!(token.text("server"), "rogue");
}

#[test]
fn two_servers_with_one_url_need_a_name() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("work", &rogue.mcp()), ("home", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    assert_eq!(valet.token(&rogue.mcp()).expect_status(409).text("code"), "ambiguous_server");
    valet.sign_in("work");
    valet.token("work").expect_status(200);
    valet.token("home").expect_status(401);
}

#[test]
fn a_token_that_is_held_takes_two_looks_at_the_servers() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let mut curl = home.command("curl");
    curl.arg("--silent").arg("--unix-socket").arg(home.socket()).args(["--json", r#"{"server":"rogue"}"#]);
    curl.args(["http://localhost/v1/token"; 4]);
    assert_eq!(home.run(&mut curl).expect_code(0).stdout.matches("access_token").count(), 4);
    let counted = until("the locks are counted", || {
        let log = valet.log();
        let counted = log.lines().filter(|line| line.contains("locks taken for a hand-out"));
        let counted: Vec<String> = counted.map(str::to_owned).collect();
        (counted.len() == 4).then_some(counted)
    });
    // Amid the first one others have a turn, and what they look at is counted as well. Whoever asks again
    // leaves none.
    for line in counted.iter().skip(1) {
        assert!(line.ends_with("book 2, consents 3"), "{counted:?}");
    }
}

#[test]
fn a_token_is_written_to_the_audit_before_it_goes_out() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    valet.token("rogue").expect_status(200);
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    let last = audit.lines().last().unwrap();
    assert!(last.contains("hand_out") && last.contains("rogue") && last.contains("curl"), "{last}");
    assert_eq!(mode(&home.path().join("state/mcp-valet/audit")), 0o600);
}
